package main

import (
	"encoding/json"
	"strings"
	"testing"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

func somePair() state.Pair {
	return state.Pair{ID: "contacts", Kind: record.Contact, Ends: [2]state.End{
		{Account: "crm", Ref: "Contacts", Title: "Contacts"}, {Account: "home", Ref: "/people/", Title: "People"},
	}}
}

func TestTheReportForPeople(t *testing.T) {
	term, out, _ := testTerminal("")
	p := somePair()
	r := engine.Report{
		Left: engine.Counts{Updated: 2, Requests: 7}, Right: engine.Counts{Created: 12, Skipped: 3, Requests: 15}, Conflicts: 1,
		Items: []engine.Item{
			{Title: "Ada Lovelace", Code: provider.CodeTooLong, Side: plan.Right.String(), Field: record.Department},
			{Title: "Weekly", Code: provider.CodeRecurring, Side: plan.Right.String()},
		},
	}
	term.reportPair(p, term.judge(p, r, nil), false)
	want := `contacts: crm:Contacts – home:People
        CREATED  UPDATED  DELETED  LEFT OUT  REQUESTS
  crm   0        2        0        0         7
  home  12       0        0        3         15
  1 field was changed differently on both sides; the rule of the pair decided.
  WHERE  ITEM          FIELD       REASON
  home   Ada Lovelace  Department  A value is longer than the other side can hold. It was not cut and nothing was lost. Shorten the value, then sync again.
  home   Weekly                    This item repeats, so it is left out of sync for now. Nothing to do: it stays as it is on its own side.
  1 item is not in step.
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}

// C-45: a first run over nothing says so, with what each side holds, which folder was looked at and how far.
func TestAFirstRunOverNothingSaysSo(t *testing.T) {
	p := somePair()
	p.FromDays, p.UntilDays = 30, 180
	tell := func(listed [2]int) string {
		term, out, _ := testTerminal("")
		term.reportPair(p, term.judge(p, engine.Report{First: &engine.First{New: listed, Listed: listed}}, nil), false)
		return out.String()
	}
	said := tell([2]int{5, 0})
	for _, want := range []string{"5 items are on the side of crm only.", "0 items are on the side of home only.",
		"home:People holds nothing of this kind. If that is a surprise, look whether it is the right folder.", "Looked at: 30 days back and 180 days ahead."} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	if strings.Contains(said, "crm:Contacts holds nothing") || strings.Contains(tell([2]int{1, 1}), "nothing of this kind") {
		t.Error("a side that holds something is called empty")
	}
}

func TestADryRunForPeople(t *testing.T) {
	term, out, _ := testTerminal("")
	p := somePair()
	r := engine.Report{Plan: []engine.Change{
		{Side: plan.Right.String(), Op: record.Create, Title: "Ada Lovelace", Fields: []record.Field{record.LastName, record.Phone},
			Values: []engine.Value{{Field: record.LastName, To: "Lovelace"}, {Field: record.Phone, To: "1"}}},
		{Side: plan.Left.String(), Op: record.Update, Title: "Alan Turing", Fields: []record.Field{"zoho:Badge"}, Values: []engine.Value{{Field: "zoho:Badge", From: "7", To: "8"}}},
		{Side: plan.Left.String(), Op: record.Delete, Title: "Nobody"},
	}}
	term.reportPair(p, term.judge(p, r, nil), true)
	for _, want := range []string{"(nothing is written)", "home, create (1):\n    Ada Lovelace\n      Last name: Lovelace\n      Phone: 1\n",
		"crm, change (1):\n    Alan Turing\n      zoho:Badge: 7 → 8\n", "crm, delete (1):\n    Nobody\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}
}

func TestAGuardForPeople(t *testing.T) {
	term, out, _ := testTerminal("")
	p := somePair()
	r := engine.Report{Stop: &plan.Guard{Code: plan.CodeMany, Side: plan.Right, Number: 1212}}
	term.reportPair(p, term.judge(p, r, engine.ErrGuard), true)
	for _, want := range []string{"Many items would be deleted at once.", "Number: 1,212, on the side of home:People."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}
}

func TestTheReportForScripts(t *testing.T) {
	term, _, _ := testTerminal("")
	p := somePair()
	text, err := json.Marshal(term.judge(p, engine.Report{Credits: 4, Seconds: 1.5}, &engine.EndError{Account: "crm", Err: provider.ErrGone}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"id":"contacts"`, `"left":{"created":0,"updated":0,"deleted":0,"skipped":0,"requests":0}`, `"conflicts":0`,
		`"credits":4`, `"seconds":1.5`, `"items":[]`, `"error":{"code":"gone","sentence":"The folder is missing.`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("lacks %s: %s", want, text)
		}
	}
}

func TestProgressIsForPeopleOnly(t *testing.T) {
	steps := []engine.Progress{
		{Pair: "contacts", Stage: engine.Discovering, Side: plan.Left, Done: 40},
		{Pair: "contacts", Stage: engine.Planning},
		{Pair: "contacts", Stage: engine.Applying, Side: plan.Right, Done: 20, Total: 40},
	}
	draw := func(live, asJSON bool) string {
		term, out, errOut := testTerminal("")
		term.live, term.json = live, asJSON
		w := newWatcher(term, []state.Pair{somePair()})
		for _, s := range steps {
			w.show(s)
		}
		w.clear()
		if out.Len() > 0 {
			t.Errorf("progress among the results: %q", out)
		}
		return errOut.String()
	}
	drawn := draw(true, false)
	for _, want := range []string{"contacts: listing crm", "contacts: planning", "contacts: writing to home", "(20/40)"} {
		if !strings.Contains(drawn, want) {
			t.Errorf("lacks %q: %q", want, drawn)
		}
	}
	if quiet := draw(false, false) + draw(true, true); quiet != "" {
		t.Errorf("nobody watches, yet %q was drawn", quiet)
	}
}
