package main

import (
	"strings"
	"testing"
)

// checked is what check prints as JSON.
type checked struct {
	Pairs            []syncedPair
	Drift, Questions int
}

// C-65: check compares and writes nothing on either side; what it found is carried out by check --fix.
func TestCheckWritesNothing(t *testing.T) {
	s, server := smallStage(t)
	const same = "Everything that is linked is the same on both sides."
	if out := s.do("", "check"); !strings.Contains(out, same) {
		t.Fatalf("printed\n%s", out)
	}
	server.Edit("Contacts", server.Records("Contacts")[0]["id"].(string), map[string]any{"Title": "Chief"})
	runs := len(decode[[]ranRun](t, s.do("", "history", "--json")))
	for range 2 {
		code, out, _ := s.try("", "check")
		if code != attention || strings.Contains(out, same) || !strings.Contains(out, "Chief") || !strings.Contains(out, "(nothing is written)") || !strings.Contains(out, "--plan contacts-") {
			t.Errorf("exit %d\n%s", code, out)
		}
		code, out, _ = s.try("", "check", "--json")
		if got := decode[checked](t, out); code != attention || len(got.Pairs) != 1 || len(got.Pairs[0].Plan) != 1 || got.Drift != 0 {
			t.Errorf("exit %d\n%s", code, out)
		}
	}
	if n := len(decode[[]ranRun](t, s.do("", "history", "--json"))); n != runs {
		t.Errorf("the history holds %d runs more", n-runs)
	}
	if got := decode[checked](t, s.do("", "check", "--fix", "--json")); got.Pairs[0].Right.Updated != 1 {
		t.Errorf("check --fix: %+v", got.Pairs[0].Report)
	}
	if out := s.do("", "check"); !strings.Contains(out, same) {
		t.Errorf("afterwards:\n%s", out)
	}
}

// While a question waits, nobody is told that everything is the same.
func TestCheckTellsThatAQuestionWaits(t *testing.T) {
	s, server := smallStage(t, "--delete-right", "ask")
	server.Delete("Contacts", server.Records("Contacts")[0]["id"].(string))
	if code, out, errOut := s.try("", "sync"); code != attention {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	for _, args := range [][]string{{"check"}, {"check", "--fix"}} {
		code, out, _ := s.try("", args...)
		if code != attention || strings.Contains(out, "Everything that is linked") || !strings.Contains(out, "1 question waits for you") {
			t.Errorf("%v: exit %d\n%s", args, code, out)
		}
	}
	code, out, _ := s.try("", "check", "--json")
	if got := decode[checked](t, out); code != attention || got.Questions != 1 {
		t.Errorf("exit %d\n%s", code, out)
	}
}
