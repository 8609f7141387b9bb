package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/sandbox"
)

// guardedStage is a stage whose pair "contacts" a guard stopped: eight of twelve contacts were deleted in the CRM.
func guardedStage(t *testing.T, rules ...string) (*stage, *sandbox.Server) {
	t.Helper()
	s := newStage(t)
	return s, s.losesContacts(rules...)
}

// losesContacts syncs twelve contacts and then deletes eight of them in the CRM.
func (s *stage) losesContacts(rules ...string) *sandbox.Server {
	t := s.t
	t.Helper()
	server, info := crm(t, sandbox.Options{Contacts: 12, Seed: 3})
	s.addCRM(info)
	s.addServer()
	made := decode[[]listed](t, s.do("", "collections", "home", "--create", "People", "--kind", "contact", "--json"))
	s.do("", append([]string{"pair", "add", "--left", "crm:Contacts", "--right", "home:" + made[0].Ref, "--delete-right", "propagate", "--any-owner"}, rules...)...)
	if code, out, errOut := s.try("", "sync"); code > attention {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	for _, r := range server.Records("Contacts")[:8] {
		server.Delete("Contacts", r["id"].(string))
	}
	return server
}

// waitingQuestion wants one question to wait, and returns it.
func (s *stage) waitingQuestion() askedQuestion {
	s.t.Helper()
	code, out, errOut := s.try("", "questions", "--json")
	got := decode[struct{ Questions []askedQuestion }](s.t, out)
	if code != attention || len(got.Questions) != 1 {
		s.t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	return got.Questions[0]
}

// C-62: a guard stops the pair, says number and side, and each answer is typed as it is shown.
func TestGuardsStopAndAreAnswered(t *testing.T) {
	for _, c := range []struct {
		choice string
		left   int
	}{{"delete", 4}, {"bring-back", 12}} {
		t.Run(c.choice, func(t *testing.T) {
			s, server := guardedStage(t)
			code, out, errOut := s.try("", "sync", "contacts")
			q := s.waitingQuestion()
			for _, want := range []string{
				"8 contacts are gone from Zoho CRM", "instead of 12", "zohosync answer " + q.ID + " " + c.choice,
				"Delete 8 in home", "Bring 8 back to Zoho CRM", "Decide later",
			} {
				if code != guarded || !strings.Contains(out, want) {
					t.Fatalf("exit %d, no %q\n%s%s", code, want, out, errOut)
				}
			}
			s.do("", "answer", q.ID, c.choice)
			if code, out, _ := s.try("", "questions"); code != inStep || !strings.Contains(out, "Nothing waits") {
				t.Errorf("exit %d\n%s", code, out)
			}
			if code, out, errOut := s.try("", "sync", "contacts"); code != inStep {
				t.Fatalf("exit %d\n%s%s", code, out, errOut)
			}
			if n := len(server.Records("Contacts")); n != c.left {
				t.Errorf("%d contacts in the CRM, want %d", n, c.left)
			}
			s.do("", "sync")
		})
	}
}

// C-58: the first sync of a pair whose sides know hardly anybody in common says how many it would make, and waits.
func TestAFirstSyncAsksInWords(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 8, Seed: 3})
	s.addCRM(info)
	home := s.addServer()
	made := decode[[]listed](t, s.do("", "collections", "home", "--create", "People", "--kind", "contact", "--json"))
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:"+made[0].Ref, "--any-owner")
	elsewhere(t, home, made[0].Ref, "text/vcard").put("else.vcf", lines("BEGIN:VCARD", "VERSION:3.0", "UID:else", "FN:Nobody Knows", "N:Knows;Nobody;;;", "END:VCARD"))
	code, out, errOut := s.try("", "sync")
	q := s.waitingQuestion()
	for _, want := range []string{"The first sync would create 9 contacts", "0 were recognised on both", "zohosync answer " + q.ID + " go-on", "Create 9"} {
		if code != guarded || !strings.Contains(out, want) {
			t.Fatalf("exit %d, no %q\n%s%s", code, want, out, errOut)
		}
	}
	if n := len(server.Records("Contacts")); n != 8 {
		t.Errorf("%d contacts in the CRM before anybody answered", n)
	}
	s.do("", "answer", q.ID, "go-on")
	if code, out, errOut := s.try("", "sync"); code > attention {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	if n := len(server.Records("Contacts")); n != 9 {
		t.Errorf("%d contacts in the CRM, want 9", n)
	}
}

func TestTheNumberOfAGuardIsAShortAnswer(t *testing.T) {
	s, server := guardedStage(t)
	if code, _, _ := s.try("", "sync", "contacts", "--confirm", "7"); code != guarded {
		t.Errorf("another number: exit %d", code)
	}
	if code, out, errOut := s.try("", "sync", "contacts", "--confirm", "8"); code > attention {
		t.Errorf("confirmed: exit %d\n%s%s", code, out, errOut)
	}
	if n := len(server.Records("Contacts")); n != 4 {
		t.Errorf("%d contacts in the CRM", n)
	}
	s.fails(failed, "bad-input", "", "sync", "--confirm", "8")
}

func TestQuestionsAsJSON(t *testing.T) {
	s, _ := guardedStage(t)
	s.try("", "sync")
	q := s.waitingQuestion()
	if q.Pair != "contacts" || q.Code != plan.CodeMany || q.Side != plan.Right || q.Number != 8 || q.Linked != 12 || !q.Stops || q.Later || q.Asked == nil || len(q.Items) != 8 {
		t.Errorf("%+v", q)
	}
	if !strings.HasPrefix(q.Sentence, "8 contacts") || q.Details == "" {
		t.Errorf("%q, %q", q.Sentence, q.Details)
	}
	var choices []string
	for _, c := range q.Choices {
		choices = append(choices, string(c.Choice))
		if c.Sentence == "" || c.Meaning == "" {
			t.Errorf("%+v is not explained", c)
		}
	}
	if !slices.Equal(choices, []string{"bring-back", "delete", "later"}) {
		t.Errorf("choices %q", choices)
	}
	// Who decides later is not asked anew, and finds the question again.
	s.do("", "answer", q.ID, "later", "--json")
	if code, _, _ := s.try("", "sync"); code != guarded {
		t.Errorf("exit %d", code)
	}
	if again := s.waitingQuestion(); again.ID != q.ID || !again.Later {
		t.Errorf("%+v", again)
	}
	// Another pair's questions are its own.
	s.fails(failed, "no-such", "", "questions", "nothing")
}

func TestAnAnswerThatDoesNotFitIsExplained(t *testing.T) {
	s, server := guardedStage(t)
	s.try("", "sync")
	q := s.waitingQuestion()
	s.fails(failed, "no-question", "", "answer", "0000000000", "delete")
	s.fails(failed, "no-answer", "", "answer", q.ID, "put-back")
	_, _, errOut := s.try("", "answer", q.ID, "put-back")
	for _, want := range []string{"bring-back (Bring 8 back to Zoho CRM)", "delete (Delete 8 in home)", "later (Decide later)"} {
		if !strings.Contains(errOut, want) {
			t.Errorf("no %q in %s", want, errOut)
		}
	}
	if n := len(server.Records("Contacts")); n != 4 {
		t.Errorf("%d contacts in the CRM", n)
	}
}

// C-7: what waits item by item is exit code 1, and is answered item by item.
func TestADeletionThatWaitsIsAnswered(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 12, Seed: 3})
	s.addCRM(info)
	s.addServer()
	made := decode[[]listed](t, s.do("", "collections", "home", "--create", "People", "--kind", "contact", "--json"))
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:"+made[0].Ref, "--any-owner")
	s.do("", "sync")
	gone := server.Records("Contacts")[0]
	server.Delete("Contacts", gone["id"].(string))
	code, out, errOut := s.try("", "sync")
	if code != attention || !strings.Contains(out, "1 question waits for you: zohosync questions") {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	q := s.waitingQuestion()
	if want := fmt.Sprintf("“%s %s” is gone from Zoho CRM", gone["First_Name"], gone["Last_Name"]); q.Stops || q.Sentence != want {
		t.Errorf("%q, want %q", q.Sentence, want)
	}
	s.do("", "answer", q.ID, "bring-back")
	s.do("", "sync")
	if n := len(server.Records("Contacts")); n != 12 {
		t.Errorf("%d contacts in the CRM", n)
	}
}

func TestThePolicyForMeetingsWithParticipantsIsARuleOfThePair(t *testing.T) {
	s, _ := guardedStage(t)
	if got := decode[shownPair](t, s.do("", "pair", "set", "contacts", "--guests", "propagate", "--json")); got.Guests != plan.Propagate {
		t.Errorf("%+v", got)
	}
	if got := decode[[]shownPair](t, s.do("", "pair", "list", "--json")); got[0].Guests != plan.Propagate {
		t.Errorf("%+v", got)
	}
	s.fails(failed, "bad-input", "", "pair", "set", "contacts", "--guests", "maybe")
}
