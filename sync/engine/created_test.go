package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// furnished is a pair in step in which three people came from the left and two from the right. With marks both sides bear them.
func furnished(t *testing.T, marks bool) *world {
	w := newWorld(t, record.Contact, nil)
	w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), Marks: marks, OnApply: w.onApply(plan.Left)})
	for i := range 3 {
		w.left.Put(w.ref(), person(fmt.Sprint("left", i)))
	}
	for i := range 2 {
		w.right.Put(w.ref(), person(fmt.Sprint("right", i)))
	}
	w.sync()
	w.count(5, 5)
	return w
}

// uncreate removes what was created on a side and wants it to end without an error.
func (w *world) uncreate(side plan.Side, o RunOptions) Report {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	r, err := w.engine().UndoCreated(context.Background(), "p", side, o)
	w.must(err)
	return r
}

// names lists the last names that a side holds, sorted.
func (w *world) names(side plan.Side) (out []string) {
	for _, it := range w.service(side).Items(w.ref()) {
		out = append(out, it.Record[record.LastName])
	}
	slices.Sort(out)
	return out
}

func (w *world) wantNames(side plan.Side, want ...string) {
	w.t.Helper()
	if got := w.names(side); !slices.Equal(got, want) {
		w.t.Fatalf("on the %s: %v, want %v", side, got, want)
	}
}

var everybody = []string{"Lleft0", "Lleft1", "Lleft2", "Lright0", "Lright1"}

// What this program made on a side goes, whatever run made it, and whether or not the state knows it still; what people made
// stays, the partners stay, and no later sync makes it again. The removal can be taken back, byte for byte. C-8
func TestWhatWasCreatedIsRemoved(t *testing.T) {
	for _, lost := range []bool{false, true} {
		for _, side := range plan.Sides {
			t.Run(fmt.Sprint("lost ", lost, " on the ", side), func(t *testing.T) {
				w := furnished(t, true)
				n := 3
				own := everybody[3:]
				if side == plan.Left {
					n, own = 2, everybody[:3]
				}
				var o RunOptions
				if lost {
					w.forget()
					r, err := w.engine().UndoCreated(context.Background(), "p", side, RunOptions{})
					wantGuard(t, r, err, plan.CodeUntoldMany, side, n)
					o.Confirm = []int{n}
				}
				before := w.everything()
				dry := w.uncreate(side, RunOptions{DryRun: true, Confirm: o.Confirm})
				if len(dry.Plan) != n || dry.CreatedOn != side.String() || !maps.Equal(w.everything(), before) {
					t.Fatalf("preview %+v", dry)
				}
				o.Plan = dry.PlanID
				r := w.uncreate(side, o)
				if r.side(side).Deleted != n || len(r.Items) != 0 || r.Wrote() != n {
					t.Fatalf("report %+v", r)
				}
				w.wantNames(side, own...)
				w.wantNames(side.Other(), everybody...)
				w.stays()
				if again := w.uncreate(side, RunOptions{}); again.Wrote() != 0 || len(again.Items) != 0 {
					t.Fatalf("once more: %+v", again)
				}
				w.undo(r.Run)
				if got := w.everything(); !maps.Equal(got, before) {
					t.Fatalf("after the undo\n%v\nwant\n%v", got, before)
				}
				w.stays()
				w.same()
			})
		}
	}
}

// An edit of the partner, or a person's word, brings back what was removed: the pair goes on.
func TestWhatWasRemovedComesBackWithAnEdit(t *testing.T) {
	w := furnished(t, true)
	w.uncreate(plan.Right, RunOptions{})
	first := w.left.Items(w.ref())[0]
	w.left.Edit(w.ref(), first.ID, record.Patch{record.Phone: "9"})
	w.sync()
	w.count(5, 3)
	w.must(errorOf(w.try(RunOptions{Again: true})))
	w.count(5, 5)
	w.same()
	w.stays()
}

// Who edited an item since finds it again. A person may remove it all the same, by saying so, unless only it holds the edit.
func TestWhatWasEditedSinceStays(t *testing.T) {
	w := furnished(t, true)
	id := w.right.Items(w.ref())[2].ID
	w.right.Edit(w.ref(), id, record.Patch{record.Phone: "9"})
	w.sync()
	w.right.Adorn(w.ref(), w.right.Items(w.ref())[3].ID, "X-NOTE:mine")
	r := w.uncreate(plan.Right, RunOptions{})
	wantCode(t, r, plan.CodeEdited, 2)
	w.count(5, 4)
	if !r.Waits() || r.Items[0].Title == "" {
		t.Fatalf("items %+v", r.Items)
	}
	w.right.Edit(w.ref(), id, record.Patch{record.Mobile: "8"})
	wantCode(t, w.uncreate(plan.Right, RunOptions{Edited: true}), plan.CodeHoldsMore, 1)
	w.count(5, 3)
	w.sync()
	w.uncreate(plan.Right, RunOptions{Edited: true})
	w.count(5, 2)
	w.stays()
}

// With the state lost nobody knows who edited what. What holds more than its partner stays.
func TestWithoutAStateNothingIsRemovedThatOnlyOneSideHolds(t *testing.T) {
	w := furnished(t, true)
	w.right.Edit(w.ref(), w.right.Items(w.ref())[2].ID, record.Patch{record.Phone: "9"})
	w.forget()
	wantCode(t, w.uncreate(plan.Right, RunOptions{Confirm: []int{2}}), plan.CodeHoldsMore, 1)
	w.count(5, 3)
	w.sync()
	w.count(5, 3)
	w.stays()
}

// Somebody edits the item in the very moment in which it is to be removed, with the state and without.
func TestRemovingLosesNoEditThatHappensMeanwhile(t *testing.T) {
	for _, lost := range []bool{false, true} {
		w := furnished(t, true)
		if lost {
			w.forget()
		}
		w.hook = func(_ plan.Side, wr record.Write) {
			w.hook = nil
			w.right.Edit(w.ref(), wr.ID, record.Patch{record.FirstName: ""})
		}
		wantCode(t, w.uncreate(plan.Right, RunOptions{Confirm: []int{3}}), plan.CodeEdited, 1)
		w.count(5, 3)
		w.sync()
		w.stays()
		w.count(5, 3)
	}
}

// A copy that a person made bears the mark too: with the state lost neither of the two is certain, with it the copy stays.
func TestCopiesAreNotTakenForOurs(t *testing.T) {
	for _, lost := range []bool{false, true} {
		w := furnished(t, true)
		it := w.right.Items(w.ref())[2]
		copied := w.right.Put(w.ref(), it.Record.With(record.Patch{record.LastName: "Copy"}))
		w.right.SetMark(w.ref(), copied, it.Mark)
		want := 1
		if lost {
			want = 2
			w.forget()
		}
		wantCode(t, w.uncreate(plan.Right, RunOptions{Confirm: []int{2}}), plan.CodeCopied, want)
		w.count(5, 2+want)
	}
	// The original is gone, and the copy took its place.
	w := furnished(t, true)
	it := w.right.Items(w.ref())[2]
	w.right.Remove(w.ref(), it.ID)
	copied := w.right.Put(w.ref(), it.Record)
	w.right.SetMark(w.ref(), copied, it.Mark)
	w.sync()
	w.left.Edit(w.ref(), record.ID(it.Mark), record.Patch{record.Phone: "9"})
	w.sync()
	w.count(5, 5)
	wantCode(t, w.uncreate(plan.Right, RunOptions{}), plan.CodeCopied, 1)
	w.count(5, 3)
}

// The only copy that is left stays, with the state and without, whoever made it.
func TestTheLastCopyStays(t *testing.T) {
	for _, lost := range []bool{false, true} {
		w := furnished(t, true)
		w.left.Remove(w.ref(), w.left.Items(w.ref())[0].ID)
		w.left.Hide(w.ref(), w.left.Items(w.ref())[0].ID)
		if lost {
			w.forget()
		}
		wantCode(t, w.uncreate(plan.Right, RunOptions{Confirm: []int{1}}), plan.CodeLastCopy, 2)
		w.count(4, 4)
	}
}

// Removing on one side and then on the other leaves every item somewhere, even one that was made on both.
func TestRemovingOnBothSidesLosesNothing(t *testing.T) {
	for _, lost := range []bool{false, true} {
		w := furnished(t, true)
		first := w.left.Items(w.ref())[0]
		w.left.Remove(w.ref(), first.ID)
		for _, it := range w.right.Items(w.ref()) {
			if it.Mark == first.Self {
				w.right.Edit(w.ref(), it.ID, record.Patch{record.Phone: "9"})
			}
		}
		w.sync()
		w.count(5, 5)
		for _, side := range plan.Sides {
			if lost {
				w.forget()
			}
			w.uncreate(side, RunOptions{Edited: true, Confirm: []int{1, 2, 3}})
			if side == plan.Left && !lost {
				// It was made anew there for a person whose item it had been.
				w.wantNames(plan.Left, everybody[:3]...)
			}
		}
		all := append(w.names(plan.Left), w.names(plan.Right)...)
		slices.Sort(all)
		if all = slices.Compact(all); !slices.Equal(all, everybody) {
			t.Fatalf("left are %v, want %v", all, everybody)
		}
	}
}

// Where the items bear no marks, the state alone tells. When it is lost nothing is removed, and that is said.
func TestWithoutMarksTheStateTells(t *testing.T) {
	w := furnished(t, false)
	w.uncreate(plan.Left, RunOptions{})
	w.count(3, 5)
	w.stays()
	w = furnished(t, false)
	w.forget()
	for range 2 {
		if _, err := w.engine().UndoCreated(context.Background(), "p", plan.Left, RunOptions{Confirm: confirmAll}); !errors.Is(err, ErrNoMarks) {
			t.Fatalf("error %v", err)
		}
		w.count(5, 5)
		w.sync()
	}
	w.right.Put(w.ref(), person("later"))
	w.sync()
	if r := w.uncreate(plan.Left, RunOptions{}); r.Unknown != 5 || r.Left.Deleted != 1 {
		t.Fatalf("report %+v", r)
	}
	w.count(5, 6)
}

// More than a few are never removed without their number.
func TestGuardsCountWhatIsRemoved(t *testing.T) {
	w := furnished(t, true)
	for i := range 40 {
		w.right.Put(w.ref(), person(fmt.Sprint("more", i)))
		if i < 3 {
			w.left.Put(w.ref(), person(fmt.Sprint("new", i)))
		}
	}
	w.sync()
	r, err := w.engine().UndoCreated(context.Background(), "p", plan.Right, RunOptions{})
	wantGuard(t, r, err, plan.CodeMany, plan.Right, 6)
	w.count(48, 48)
	if p, err := w.state.GetPair(context.Background(), "p"); err != nil || p.Stop != nil {
		t.Fatalf("the pair waits for an answer: %+v, %v", p.Stop, err)
	}
	w.uncreate(plan.Right, RunOptions{Confirm: []int{6}})
	w.count(48, 42)
	w.stays()
}

// What another pair brought into the same CRM module is none of this pair's business, with the state and without.
func TestRemovingLeavesOtherPairsAlone(t *testing.T) {
	for _, lost := range []bool{false, true} {
		w := furnished(t, true)
		w.right.Add("second", record.Contact)
		other := w.pair
		other.ID, other.Ends[plan.Right].Ref = "q", "second"
		w.right.Put("second", person("second"))
		w.must(w.state.StorePair(context.Background(), other))
		_, err := w.engine().Sync(context.Background(), "q", RunOptions{})
		w.must(err)
		w.sync()
		if lost {
			w.forget()
		}
		r := w.uncreate(plan.Left, RunOptions{Confirm: []int{2}})
		if r.Left.Deleted != 2 || lost && codes(r)[plan.CodeLastCopy] != 1 || !lost && len(r.Items) != 0 {
			t.Fatalf("report %+v", r)
		}
	}
}

// A side that the rules no longer let us write is left alone.
func TestRemovingKeepsToTheRulesOfTheDay(t *testing.T) {
	w := furnished(t, true)
	w.pair.Direction = plan.ToLeft
	w.must(w.state.StorePair(context.Background(), w.pair))
	wantCode(t, w.uncreate(plan.Right, RunOptions{}), plan.CodeReadOnly, 3)
	w.count(5, 5)
}

// The journal forgets after 30 days how an item was left; then it counts as one of which nothing is known.
func TestRemovingAfterTheJournalIsForgotten(t *testing.T) {
	w := furnished(t, true)
	w.now = w.now.Add(state.Keeping + time.Hour)
	w.sync()
	r, err := w.engine().UndoCreated(context.Background(), "p", plan.Right, RunOptions{})
	wantGuard(t, r, err, plan.CodeUntoldMany, plan.Right, 3)
	w.uncreate(plan.Right, RunOptions{Confirm: []int{3}})
	w.count(5, 2)
	w.stays()
}
