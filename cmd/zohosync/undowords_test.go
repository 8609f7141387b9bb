package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
)

// A second guard names the first one's number again: without it the command would stop there.
func TestTheSecondGuardKeepsTheFirstNumber(t *testing.T) {
	r := engine.Report{ID: "contacts", CreatedOn: "right", Stop: &plan.Guard{Code: plan.CodeMany, Side: plan.Right, Number: 8}}
	for want, u := range map[string]undoCmd{
		"zohosync undo --created contacts --side right --edited --confirm 3 --confirm 5 --confirm 8\n": {Created: "contacts", Side: "home", Edited: true, Confirm: []int{3, 5}},
		"zohosync undo 7 --confirm 3 --confirm 8\n":                                                    {Number: 7, Confirm: []int{3}},
		"zohosync undo 7 --confirm 8\n":                                                                {Number: 7},
	} {
		term, out, _ := testTerminal("")
		u.words(term, somePair(), term.judge(somePair(), r, nil))
		if !strings.Contains(out.String(), want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}
}

// No sync goes on with an undo that was stopped.
func TestAStoppedUndoSaysHowToGoOn(t *testing.T) {
	stopped := stoppedUndo(fmt.Errorf("write: %w", context.Canceled))
	term, out, errOut := testTerminal("")
	u := undoCmd{Number: 7}
	if err := u.tell(term, nil, engine.Report{ID: "contacts", Run: 9}, stopped); err != failed {
		t.Errorf("ended with %v", err)
	}
	if said := errOut.String(); !strings.Contains(said, "(undo-stopped: ") || !strings.Contains(said, "zohosync undo 7") || strings.Contains(said+out.String(), "the next sync goes on") {
		t.Errorf("said\n%s%s", out, said)
	}
	if got := codeOf(stoppedUndo(engine.ErrGuard)); got == "undo-stopped" {
		t.Error("a guard is taken for a stop")
	}
}
