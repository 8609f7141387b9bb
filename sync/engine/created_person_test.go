package engine

import (
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// What a person wrote into an item that we made stays, also after writes of ours went over it: a conflict that was taken back, an
// undo of that, a value that lost and was given back. What only this side holds stays even then when a person says so. C-8
func TestWhatAPersonWroteStaysWhateverWasWrittenSince(t *testing.T) {
	lost := func(w *world) int64 { return w.sync().Run }
	for name, c := range map[string]struct {
		policy plan.Policy
		since  func(*world)
		wanted string // why it stays although a person wants to remove what was edited; "": it goes then
	}{
		"the sync was taken back":                      {plan.LeftWins, func(w *world) { w.undo(lost(w)) }, plan.CodeHoldsMore},
		"the other side lost, and that was taken back": {plan.RightWins, func(w *world) { w.undo(lost(w)) }, plan.CodeHoldsMore},
		"the undo was taken back":                      {plan.LeftWins, func(w *world) { w.undo(w.undo(lost(w)).Run) }, ""},
		"taken back three times":                       {plan.LeftWins, func(w *world) { w.undo(w.undo(w.undo(lost(w)).Run).Run) }, plan.CodeHoldsMore},
		"what lost was given back":                     {plan.LeftWins, func(w *world) { lost(w); w.must(w.restore()) }, ""},
		"it lost, and the partner went on": {plan.LeftWins, func(w *world) {
			lost(w)
			w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Title: "later"})
			w.sync()
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := apart(t, c.policy, nil)
			c.since(w)
			w.stays()
			before := w.one(w.right)
			r := w.uncreate(plan.Right, RunOptions{})
			w.count(1, 1)
			wantCode(t, r, plan.CodeEdited, 1)
			if got := w.one(w.right); got.Revision != before.Revision {
				t.Fatalf("it became %v", got.Record)
			}
			r = w.uncreate(plan.Right, RunOptions{Edited: true})
			if c.wanted == "" {
				w.count(1, 0)
				return
			}
			w.count(1, 1)
			wantCode(t, r, c.wanted, 1)
		})
	}
}

// The version that became an item of its own is on both sides: removing it takes nothing away. The old item was edited.
func TestRemovingWhatKeptBothLosesNoVersion(t *testing.T) {
	w := apart(t, plan.KeepBoth, nil)
	w.sync()
	w.stays()
	w.uncreate(plan.Right, RunOptions{Edited: true})
	if got := w.phones(w.left); got["left"] != 1 || got["right"] != 1 {
		t.Fatalf("phones %v", got)
	}
}

// Nobody edited the item on this side, but the undo of an update put a value back that its partner does not hold any more.
func TestWhatAnUndoPutBackStaysWhereOnlyOneSideHoldsIt(t *testing.T) {
	for _, direction := range []plan.Direction{plan.Both, plan.ToRight} {
		w := furnished(t, true)
		w.pair.Direction = direction
		w.must(w.state.StorePair(t.Context(), w.pair))
		first := w.left.Items(w.ref())[0]
		w.left.Edit(w.ref(), first.ID, record.Patch{record.FirstName: "Grace"})
		r := w.sync()
		w.undo(r.Run)
		w.stays()
		// A later write of ours makes no difference.
		w.left.Edit(w.ref(), first.ID, record.Patch{record.Phone: "9"})
		w.sync()
		for _, edited := range []bool{false, true} {
			wantCode(t, w.uncreate(plan.Right, RunOptions{Edited: edited}), plan.CodeHoldsMore, 1)
			w.count(5, 3)
		}
		// What a sync wrote and an undo brought back as it was goes.
		w.left.Edit(w.ref(), first.ID, record.Patch{record.FirstName: "Ada"})
		w.sync()
		w.uncreate(plan.Right, RunOptions{})
		w.count(5, 2)
	}
}

// A line that no field stands for is a person's, although an update of ours went over the item since.
func TestWhatNoFieldStandsForIsAPersonsToo(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Adorn(w.ref(), w.one(w.right).ID, "X-NOTE:mine")
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "9"})
	w.sync()
	wantCode(t, w.uncreate(plan.Right, RunOptions{}), plan.CodeEdited, 1)
	w.count(1, 1)
}

// What was removed and brought back by an undo is removed again unasked: nobody edited it, and both sides hold it.
func TestWhatCameBackIsRemovedAgain(t *testing.T) {
	w := furnished(t, true)
	w.undo(w.uncreate(plan.Right, RunOptions{}).Run)
	w.count(5, 5)
	if r := w.uncreate(plan.Right, RunOptions{}); r.Right.Deleted != 3 || len(r.Items) != 0 {
		t.Fatalf("report %+v", r)
	}
	w.count(5, 2)
}
