//go:build cgo

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zohosync/app/instance"
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/sandbox"
)

// answering is a desk that answers later processes, as the tray icon's does.
func answering(t *testing.T) (*deskStage, chan struct{}) {
	t.Helper()
	s := newDeskStage(t)
	raised := make(chan struct{}, 8)
	own := s.desk.home
	l, err := instance.Listen(own.dir, instance.Handler{
		Raise: func() { raised <- struct{}{} },
		Run:   func(ctx context.Context, c instance.Command) int { return int(s.desk.t.carryOut(ctx, own, c)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return s, raised
}

func TestCommandsAreCarriedOutByTheProcessThatOwnsTheHome(t *testing.T) {
	s, _ := answering(t)
	_, info := crm(t, sandbox.Options{Contacts: 3, Seed: 7})
	// The token comes through standard input, the client's secret from the environment of the person who types.
	s.addCRM(info)
	s.addServer()
	s.do("", "collections", "home", "--create", "People", "--kind", "contact")
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:People", "--any-owner")
	if pairs, err := s.desk.Pairs(t.Context()); err != nil || len(pairs) != 1 {
		t.Fatalf("the owner knows of %v, %v", pairs, err)
	}
	code, out, errOut := s.try("", "sync", "--json")
	got := decode[struct{ Pairs []syncedPair }](t, out)
	if code > attention || len(got.Pairs) != 1 || got.Pairs[0].Right.Created != 3 {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	if c, err := s.desk.Counts(t.Context(), "contacts"); err != nil || c.InStep != 3 {
		t.Errorf("counts %+v, %v", c, err)
	}
	_, status, _ := s.try("", "status", "--json")
	if st := decode[shownStatus](t, status); st.State != engine.StateInStep {
		t.Errorf("status %+v", st)
	}
	s.fails(failed, "no-such", "", "sync", "nothing")
	s.fails(failed, "bad-input", "", "sync", "--frobnicate")
	// The owner decides where secrets lie.
	s.vault = "file"
	s.fails(failed, "bad-input", "", "account", "list")
	s.vault = ""
	s.do("", "account", "list")
}

func TestASecondStartRaisesTheFirst(t *testing.T) {
	s, raised := answering(t)
	term, out, errOut := testTerminal("")
	if code := run(t.Context(), []string{"--home", s.home}, term); code != inStep || out.Len()+errOut.Len() > 0 {
		t.Errorf("exit %d\n%s%s", code, out, errOut)
	}
	<-raised
}

func TestAStartWaitsForOneThatIsFaster(t *testing.T) {
	s := newDeskStage(t)
	own := s.desk.home
	began := make(chan struct{})
	result := make(chan error, 1)
	go func() {
		term, _, _ := testTerminal("")
		close(began)
		h, err := firstHome(t.Context(), term, &commands{Home: s.home})
		if h != nil {
			_ = h.Close()
			t.Error("two processes own the home")
		}
		result <- err
	}()
	<-began
	raised := make(chan struct{}, 1)
	l, err := instance.Listen(own.dir, instance.Handler{Raise: func() { raised <- struct{}{} }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := <-result; err != nil {
		t.Fatal(err)
	}
	<-raised
}

func TestALockWithoutAnAnswerIsExplained(t *testing.T) {
	s := newDeskStage(t)
	s.fails(failed, "locked-home", "", "status")
	// One that was killed leaves its socket behind.
	if err := os.WriteFile(filepath.Join(s.home, "instance.at"), []byte("/nowhere/instance.sock\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.fails(failed, "locked-home", "", "status")
	s.close()
	s.do("", "status")
}

func TestTheAnswerIsInTheLanguageOfWhoAsks(t *testing.T) {
	s, _ := answering(t)
	code := 0
	var out, errOut strings.Builder
	code, err := instance.Run(t.Context(), s.desk.home.dir, instance.Command{Args: []string{"account", "list"}, Language: "fr", Out: &out, Err: &errOut})
	if code != 0 || err != nil || !strings.Contains(out.String(), "Aucun compte") {
		t.Errorf("exit %d, %v\n%s%s", code, err, &out, &errOut)
	}
}

// With the tray icon running, questions and answers go to its process, and its windows show the same.
func TestQuestionsAreAnsweredByTheProcessThatOwnsTheHome(t *testing.T) {
	s, _ := answering(t)
	server := s.losesContacts()
	if code, out, errOut := s.try("", "sync"); code != guarded {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	q := s.waitingQuestion()
	shown, err := s.desk.Questions(t.Context())
	if err != nil || len(shown) != 1 || shown[0].ID != q.ID {
		t.Fatalf("the windows ask %+v, %v", shown, err)
	}
	s.do("", "answer", q.ID, "later")
	if st, err := s.desk.Status(t.Context()); err != nil || !st.Pairs[0].Later {
		t.Errorf("status %+v, %v", st, err)
	}
	if err := s.desk.Answer(t.Context(), q.ID, plan.ChoiceBringBack); err != nil {
		t.Fatal(err)
	}
	s.do("", "sync")
	if n := len(server.Records("Contacts")); n != 12 {
		t.Errorf("%d contacts in the CRM", n)
	}
}
