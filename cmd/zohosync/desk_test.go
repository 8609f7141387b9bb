//go:build cgo

package main

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zohosync/app/ui"
	"zohosync/sync/auth"
	"zohosync/sync/engine"
	"zohosync/sync/provider"
	"zohosync/sync/provider/all"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
	"zohosync/sync/state"
)

// deskStage is a person at the windows of a home. The commands of its stage work in the same home when the desk is closed.
type deskStage struct {
	*stage
	desk *desk
}

func newDeskStage(t *testing.T) *deskStage {
	t.Helper()
	d := &deskStage{stage: newStage(t)}
	t.Cleanup(d.close)
	d.open()
	return d
}

// open starts the program.
func (s *deskStage) open() {
	s.t.Helper()
	term, _, _ := testTerminal("")
	term.env = func(name string) string { return s.env[name] }
	term.specs = all.Specs()
	term.browse = func(page string) error { return accept(s.t, page) }
	h, err := openHome(&commands{Home: s.home, Vault: s.vault}, term)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.desk, err = newDesk(s.t.Context(), h, term, engine.Options{}); err != nil {
		s.t.Fatal(err)
	}
	s.desk.refresh(s.t.Context())
}

// close ends it.
func (s *deskStage) close() {
	if s.desk != nil {
		if err := s.desk.home.Close(); err != nil {
			s.t.Error(err)
		}
		s.desk = nil
	}
}

func (s *deskStage) restart() {
	s.t.Helper()
	s.close()
	s.open()
}

// signIn signs in through the browser of a person who accepts.
func (s *deskStage) signIn(info sandbox.Info, keep bool) ui.Account {
	s.t.Helper()
	a, err := s.desk.SignIn(s.t.Context(), ui.SignIn{
		Email: "ann@example.com", Keep: keep, ClientID: info.ClientID, ClientSecret: sandbox.MainSecret, AccountsURL: info.AccountsURL,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// only returns the one account.
func (s *deskStage) only() ui.Account {
	s.t.Helper()
	all, err := s.desk.Accounts(s.t.Context())
	if err != nil || len(all) != 1 {
		s.t.Fatalf("accounts %+v, %v", all, err)
	}
	return all[0]
}

func TestSignInIsKeptOverARestart(t *testing.T) {
	s := newDeskStage(t)
	_, info := crm(t, sandbox.Options{Redirects: auth.RedirectURIs()})
	var shown atomic.Value
	a, err := s.desk.SignIn(t.Context(), ui.SignIn{
		Keep: true, ClientID: info.ClientID, ClientSecret: sandbox.MainSecret, AccountsURL: info.AccountsURL,
		Waiting: func(url string) { shown.Store(url) },
	})
	if err != nil || a.Name != "crm" || !a.SignedIn || !a.KeptSignedIn || a.Problem != "" || a.Title != "Zoho CRM" {
		t.Fatalf("%+v, %v", a, err)
	}
	if url, _ := shown.Load().(string); !strings.HasPrefix(url, info.AccountsURL) {
		t.Errorf("the address to copy is %q", url)
	}
	s.restart()
	if a := s.only(); !a.SignedIn || !a.KeptSignedIn || a.Where == "" {
		t.Errorf("after a restart: %+v", a)
	}
	if folders, err := s.desk.Folders(t.Context(), "crm"); err != nil || len(folders) == 0 {
		t.Errorf("folders %v, %v", folders, err)
	}
	if st, err := s.desk.Status(t.Context()); err != nil || st.State == engine.StateSignedOut {
		t.Errorf("status %+v, %v", st, err)
	}
}

func TestSignInThatIsNotKeptEndsWithTheProgram(t *testing.T) {
	s := newDeskStage(t)
	_, info := crm(t, sandbox.Options{Redirects: auth.RedirectURIs()})
	if a := s.signIn(info, false); !a.SignedIn || a.KeptSignedIn || a.Who != "ann@example.com" {
		t.Fatalf("%+v", a)
	}
	if _, err := s.desk.Folders(t.Context(), "crm"); err != nil {
		t.Fatal(err)
	}
	s.restart()
	if a := s.only(); a.SignedIn || a.Problem != auth.CodeSignedOut {
		t.Errorf("after a restart: %+v", a)
	}
	if st, err := s.desk.Status(t.Context()); err != nil || st.State != engine.StateSignedOut {
		t.Errorf("status %+v, %v", st, err)
	}
	// The same person gets the same account again, whose client is still known but for its secret.
	if a := s.signIn(info, true); a.Name != "crm" || !a.KeptSignedIn {
		t.Errorf("%+v", a)
	}
	s.only()
}

func TestLogOutRevokesAndKeepsPairs(t *testing.T) {
	s := newDeskStage(t)
	_, info := crm(t, sandbox.Options{Redirects: auth.RedirectURIs()})
	s.signIn(info, true)
	token, err := s.desk.home.vault.Get(t.Context(), "crm/refresh-token")
	if err != nil {
		t.Fatal(err)
	}
	p := s.desk.Defaults(record.Contact)
	p.Ends = [2]state.End{{Account: "crm", Ref: "Contacts", Title: "Contacts"}, {Account: "crm", Ref: "Leads", Title: "Leads"}}
	if err := s.desk.StorePairs(t.Context(), []state.Pair{p}, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.desk.SignOut(t.Context(), "crm"); err != nil {
		t.Fatal(err)
	}
	again := auth.SignIn{Credentials: auth.Credentials{ClientID: info.ClientID, ClientSecret: sandbox.MainSecret, AccountsURL: info.AccountsURL}}
	if _, err := again.FromRefreshToken(t.Context(), token); s.desk.Explain(err).Code != auth.CodeRevoked {
		t.Errorf("the token still opens the account: %v", err)
	}
	if a := s.only(); a.SignedIn || a.Pairs != 1 {
		t.Errorf("%+v", a)
	}
	if st, _ := s.desk.Status(t.Context()); st.State != engine.StateSignedOut || len(st.Pairs) != 1 {
		t.Errorf("status %+v", st)
	}
	// Nothing that was remembered lets it in.
	if _, err := s.desk.Folders(t.Context(), "crm"); !errors.Is(err, provider.ErrAuth) || s.desk.Explain(err).Code != auth.CodeSignedOut {
		t.Errorf("folders: %v", err)
	}
	if err := s.desk.RemoveAccount(t.Context(), "crm"); s.desk.Explain(err).Code != "in-use" {
		t.Errorf("remove: %v", err)
	}
	if err := s.desk.StorePairs(t.Context(), nil, []string{"contacts"}); err != nil {
		t.Fatal(err)
	}
	if err := s.desk.RemoveAccount(t.Context(), "crm"); err != nil {
		t.Fatal(err)
	}
	if err := s.desk.SignOut(t.Context(), "crm"); s.desk.Explain(err).Code != "no-such" {
		t.Errorf("sign out of nothing: %v", err)
	}
}

func TestWithoutAClientSignInSaysSo(t *testing.T) {
	s := newDeskStage(t)
	_, err := s.desk.SignIn(t.Context(), ui.SignIn{Keep: true})
	if e := s.desk.Explain(err); e.Code != "no-client" || e.Next == "" {
		t.Errorf("%+v", e)
	}
	if all, err := s.desk.Accounts(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("%v, %v", all, err)
	}
}

func TestGivingUpASignInLeavesNothing(t *testing.T) {
	s := newDeskStage(t)
	_, info := crm(t, sandbox.Options{Redirects: auth.RedirectURIs()})
	ctx, cancel := context.WithCancel(t.Context())
	s.desk.t.browse = func(string) error { cancel(); return nil } // closes the page
	_, err := s.desk.SignIn(ctx, ui.SignIn{Keep: true, ClientID: info.ClientID, AccountsURL: info.AccountsURL})
	if s.desk.Explain(err).Code != "stopped" {
		t.Errorf("%v", err)
	}
	if all, err := s.desk.Accounts(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("%v, %v", all, err)
	}
}

func TestOtherWaysToSignIn(t *testing.T) {
	s := newDeskStage(t)
	server, info := crm(t, sandbox.Options{})
	if err := s.desk.StoreSettings(t.Context(), ui.Settings{Interval: time.Minute, ClientID: info.ClientID, ClientSecret: sandbox.MainSecret}); err != nil {
		t.Fatal(err)
	}
	s.env[envAccountsURL] = info.AccountsURL
	_, err := s.desk.SignIn(t.Context(), ui.SignIn{Keep: true, SelfCode: " 1000.no-such-code "})
	if s.desk.Explain(err).Code != auth.CodeExpired {
		t.Errorf("a wrong code: %v", err)
	}
	code := server.SelfClientCode(auth.Scopes(), time.Minute)
	if a, err := s.desk.SignIn(t.Context(), ui.SignIn{Keep: true, SelfCode: " " + code + "\n"}); err != nil || !a.SignedIn {
		t.Errorf("a good code: %+v, %v", a, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = s.desk.SignIn(ctx, ui.SignIn{Keep: true, Device: true, DeviceWaiting: func(url, code string) {
		if url == "" || code == "" {
			t.Errorf("shown %q and %q", url, code)
		}
		cancel()
	}})
	if s.desk.Explain(err).Code != "stopped" {
		t.Errorf("a device: %v", err)
	}
}

func TestWatchersAreToldUntilTheyStop(t *testing.T) {
	s := newDeskStage(t)
	var first, second int
	stop := s.desk.Watch(func() { first++ })
	s.desk.Watch(func() { second++ })
	s.desk.Pause(time.Now().Add(time.Hour))
	if first == 0 || second == 0 {
		t.Errorf("told %d and %d times", first, second)
	}
	stop()
	before := first
	s.desk.Pause(time.Time{})
	if first != before || second < 2 {
		t.Errorf("told %d and %d times", first, second)
	}
}

func TestAPauseOutlivesTheProgram(t *testing.T) {
	s := newDeskStage(t)
	until := time.Now().Add(time.Hour).Truncate(time.Second)
	s.desk.Pause(until)
	s.restart()
	if got := s.desk.PausedUntil(); !got.Equal(until) {
		t.Errorf("paused until %v, want %v", got, until)
	}
	s.desk.Pause(ui.Forever)
	s.restart()
	if got := s.desk.PausedUntil(); !got.Equal(ui.Forever) {
		t.Errorf("paused until %v", got)
	}
	s.desk.Pause(time.Time{})
	s.restart()
	if got := s.desk.PausedUntil(); !got.IsZero() {
		t.Errorf("paused until %v although it was resumed", got)
	}
}

func TestSettings(t *testing.T) {
	s := newDeskStage(t)
	got, err := s.desk.Settings(t.Context())
	if want := (ui.Settings{Interval: usualInterval, CloseKeeps: true, Vault: "keychain", VaultWorks: true}); err != nil || got != want {
		t.Errorf("at first %+v, %v", got, err)
	}
	changed := ui.Settings{Language: "fr", Interval: time.Hour, Panel: "dark", ClientID: "1000.X", ClientSecret: "s3cret"}
	if err := s.desk.StoreSettings(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	if e := s.desk.Explain(provider.ErrGone); !strings.HasPrefix(e.Sentence, "Le dossier") || s.desk.panel() != "dark" {
		t.Errorf("not in force at once: %+v, %q", e, s.desk.panel())
	}
	s.restart()
	got, err = s.desk.Settings(t.Context())
	want := ui.Settings{Language: "fr", Interval: time.Hour, Panel: "dark", ClientID: "1000.X", HasSecret: true, Vault: "keychain", VaultWorks: true}
	if err != nil || got != want {
		t.Errorf("after a restart %+v, %v", got, err)
	}
	if e := s.desk.Explain(provider.ErrGone); !strings.HasPrefix(e.Sentence, "Le dossier") {
		t.Errorf("after a restart it says %q", e.Sentence)
	}
	// Stored as it is, the secret stays; it belongs to its client, not to another.
	want.HasSecret = false
	if err := s.desk.StoreSettings(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.desk.Settings(t.Context()); !got.HasSecret {
		t.Error("the secret was lost")
	}
	want.ClientID = "1000.Y"
	if err := s.desk.StoreSettings(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.desk.Settings(t.Context()); got.HasSecret {
		t.Error("another client has the secret of the old one")
	}
	for _, bad := range []ui.Settings{{Interval: time.Second}, {Interval: time.Hour, Language: "tlh"}, {Interval: time.Hour, Panel: "pink"}} {
		if err := s.desk.StoreSettings(t.Context(), bad); s.desk.Explain(err).Code != "bad-input" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestReasonSpeaks(t *testing.T) {
	s := newDeskStage(t)
	if sentence, next := s.desk.Reason("too-long"); !strings.Contains(sentence, "longer") || next == "" {
		t.Errorf("%q, %q", sentence, next)
	}
}

func TestThisComputerIsAddedOnce(t *testing.T) {
	s := newDeskStage(t)
	first, err := s.desk.AddThisComputer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.desk.AddThisComputer(t.Context())
	if err != nil || again.Name != first.Name {
		t.Errorf("%+v, %v", again, err)
	}
	folders, err := s.desk.Folders(t.Context(), first.Name)
	if err != nil || len(folders) != 3 {
		t.Errorf("%d folders, %v", len(folders), err)
	}
	if err := s.desk.RemoveAccount(t.Context(), first.Name); err != nil {
		t.Error(err)
	}
}
