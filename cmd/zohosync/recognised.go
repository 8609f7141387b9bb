package main

import (
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// otherInstallation warns of a second program on one pair.
const otherInstallation = "Another installation keeps the same two folders in step. Switch one of them off: what both do at the same moment may be doubled."

// recognised tells how the items of both sides were recognised in a first run, and warns of another installation.
func (t *terminal) recognised(p state.Pair, r engine.Report) {
	w := t.words
	if f := r.First; f != nil {
		left, right := p.Ends[plan.Left].Account, p.Ends[plan.Right].Account
		t.say("  " + w.N("{{.n}} items are on both sides already.", f.Matched))
		t.say("  " + w.N("{{.n}} items are on the side of {{.name}} only.", f.New[plan.Left], "name", left))
		t.say("  " + w.N("{{.n}} items are on the side of {{.name}} only.", f.New[plan.Right], "name", right))
		queried := false
		for side, n := range f.Listed {
			if n == 0 {
				// A green tick over nothing is no success (C-45): it may be the wrong folder.
				queried = true
				t.say("  " + w.T("{{.name}} holds nothing of this kind. If that is a surprise, look whether it is the right folder.", "name", endName(p.Ends[side])))
			}
		}
		if queried && p.FromDays+p.UntilDays > 0 {
			t.say("  " + w.T("Looked at: {{.from}} days back and {{.until}} days ahead.", "from", p.FromDays, "until", p.UntilDays))
		}
		if f.Ambiguous > 0 {
			t.say("  " + w.N("{{.n}} items are ambiguous: nothing is done with them before you decide.", f.Ambiguous))
		}
	}
	if r.Others > 0 {
		t.say("  " + w.T(otherInstallation))
	}
}
