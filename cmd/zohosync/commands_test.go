package main

import (
	"strings"
	"testing"
)

// A script that asked for JSON gets the error as JSON, also where its command line cannot be understood.
func TestAWrongCommandLineAnswersInJSON(t *testing.T) {
	for _, args := range [][]string{{"frobnicate", "--json"}, {"--json", "sync", "--frob"}, {"pair", "set", "--json=true"}} {
		term, out, _ := testTerminal("")
		code := run(t.Context(), args, term)
		if got := decode[struct{ Error explained }](t, out.String()); code != failed || got.Error.Code != "bad-input" || got.Error.Sentence == "" {
			t.Errorf("%v: exit %d, printed %s", args, code, out)
		}
	}
	term, out, _ := testTerminal("")
	if run(t.Context(), []string{"frobnicate", "--", "--json"}, term); out.Len() > 0 {
		t.Errorf("behind -- it is no flag, yet %s", out)
	}
}

// What is the name of no plan starts nothing.
func TestANameOfNoPlanRunsNothing(t *testing.T) {
	s, _ := smallStage(t)
	runs := len(decode[[]ranRun](t, s.do("", "history", "--json")))
	for _, name := range []string{"x", "contacts", "contacts-x", "contacts-12", "nobody-0123456789abcdef", "-0123456789abcdef"} {
		s.fails(failed, "bad-input", "", "sync", "--plan="+name)
		s.fails(failed, "bad-input", "", "sync", "contacts", "--plan="+name+"!")
	}
	if n := len(decode[[]ranRun](t, s.do("", "history", "--json"))); n != runs {
		t.Errorf("the history holds %d runs more", n-runs)
	}
	s.fails(overtaken, "plan-moved", "", "sync", "--plan", "contacts-0123456789abcdef")
}

// Who asks for help with the rules of a pair reads what to type.
func TestTheRulesOfAPairNameTheirValues(t *testing.T) {
	for _, args := range [][]string{{"pair", "add", "--help"}, {"pair", "set", "--help"}} {
		term, out, _ := testTerminal("")
		var c commands
		parser, err := c.parser(t.Context(), term)
		if err != nil {
			t.Fatal(err)
		}
		parser.Exit = func(int) {}
		_, _ = parser.Parse(args)
		if said := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(said, "left|right|newest|ask|both") {
			t.Errorf("%v:\n%s", args, out)
		}
	}
}
