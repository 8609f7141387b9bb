package engine

import (
	"context"
	"errors"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

func (w *world) conflicts() []Conflict {
	w.t.Helper()
	all, err := w.engine().Conflicts(context.Background(), "")
	w.must(err)
	return all
}

// restore gives back the value that lost in the only conflict.
func (w *world) restore() error {
	w.t.Helper()
	all := w.conflicts()
	if len(all) != 1 {
		w.t.Fatalf("conflicts %+v", all)
	}
	_, err := w.engine().RestoreConflict(context.Background(), all[0].ID)
	return err
}

// C-6: what lost is listed with its item, its field and both values, and can be had back on both sides.
func TestALosingValueIsShownAndRestored(t *testing.T) {
	for _, policy := range []plan.Policy{plan.LeftWins, plan.RightWins} {
		w := apart(t, policy, nil)
		w.sync()
		winner := map[plan.Policy]plan.Side{plan.LeftWins: plan.Left, plan.RightWins: plan.Right}[policy]
		loser := winner.Other()
		c := w.conflicts()[0]
		if c.Loser != loser || c.Field != record.Phone || c.Lost != loser.String() || c.Won != winner.String() || c.Title != "Ada L1" || c.Item != w.one(w.service(loser)).ID || c.Run == 0 || !c.Restored.IsZero() {
			t.Fatalf("conflict %+v", c)
		}
		w.must(w.restore())
		w.same()
		if got := w.one(w.left).Record[record.Phone]; got != loser.String() {
			t.Fatalf("phone %q", got)
		}
		if w.conflicts()[0].Restored.IsZero() {
			t.Fatal("nothing says that it was restored")
		}
		if !w.journalled(record.Phone, winner.String()) {
			t.Fatal("the value that won is not in the journal")
		}
		if err := w.restore(); !errors.Is(err, plan.ErrEdited) {
			t.Fatalf("restored twice: %v", err)
		}
		w.quiet()
	}
}

// A value is given back only while the field holds what won over it.
func TestWhatWasEditedSinceIsNotRestored(t *testing.T) {
	for _, side := range plan.Sides {
		w := apart(t, plan.LeftWins, nil)
		w.sync()
		s := w.service(side)
		w.hook = nil
		s.Edit(w.ref(), w.one(s).ID, record.Patch{record.Phone: "later"})
		if err := w.restore(); !errors.Is(err, plan.ErrEdited) {
			t.Fatalf("error %v", err)
		}
		w.same()
		if got := w.one(w.left).Record[record.Phone]; got != "later" {
			t.Fatalf("phone %q", got)
		}
	}
}

func TestWhatCannotBeRestored(t *testing.T) {
	cases := []struct {
		name  string
		since func(w *world)
		want  error
	}{
		{"the items were deleted", func(w *world) { w.left.Remove(w.ref(), w.one(w.left).ID) }, plan.ErrApart},
		{"it belongs to somebody else", func(w *world) { w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Owner: "you"}) }, plan.ErrApart},
		{"that side is no longer written", func(w *world) {
			w.pair.Direction = plan.ToLeft
			w.must(w.state.StorePair(context.Background(), w.pair))
		}, plan.ErrOneSide},
		{"the service refuses", func(w *world) { w.right.Fail(memory.Refused, 1) }, ErrNotTaken},
		{"it is edited in the same moment", func(w *world) {
			w.hook = func(side plan.Side, wr record.Write) {
				if side == plan.Right {
					w.right.Edit(w.ref(), wr.ID, record.Patch{record.Phone: "meanwhile"})
				}
			}
		}, ErrNotTaken},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := apart(t, plan.LeftWins, nil)
			w.sync()
			c.since(w)
			if err := w.restore(); !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if all := w.conflicts(); !all[0].Restored.IsZero() {
				t.Fatal("it says that the value was restored")
			}
		})
	}
	w := newWorld(t, record.Contact, nil)
	if _, err := w.engine().RestoreConflict(context.Background(), 7); !errors.Is(err, ErrNoConflict) {
		t.Fatalf("error %v", err)
	}
}

// A write that was refused, or that turned out to be unsent, lost nothing to anybody.
func TestOnlyWhatWasReplacedIsListed(t *testing.T) {
	for _, f := range []memory.Fault{memory.FalseConflict, memory.Refused, memory.Unsent, memory.LostRequest, memory.LostAnswer, memory.LostConnection} {
		w := apart(t, plan.LeftWins, nil)
		w.right.Fail(f, 1)
		_, _ = w.try(RunOptions{})
		w.right.Calm()
		w.must(second(w.try(RunOptions{Retry: true})))
		w.same()
		if all := w.conflicts(); len(all) != 1 || all[0].Lost != "right" {
			t.Fatalf("%s: conflicts %+v", f, all)
		}
		w.must(w.restore())
		w.same()
	}
}

// Conflicts are kept for 30 days.
func TestConflictsAreForgottenAfterTheirTime(t *testing.T) {
	w := apart(t, plan.LeftWins, nil)
	w.sync()
	w.now = w.now.Add(state.Keeping - 2*time.Hour)
	if len(w.conflicts()) != 1 {
		t.Fatal("forgotten too early")
	}
	w.now = w.now.AddDate(0, 0, 1)
	if len(w.conflicts()) != 0 {
		t.Fatal("kept too long")
	}
}

// One way: what the target lost is listed, and can be had back there as long as the source does not change it again.
func TestOneWayTheTargetsValueIsRestoredThere(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Direction = plan.ToRight })
	w.part()
	w.sync()
	w.must(w.restore())
	if l, r := w.one(w.left).Record[record.Phone], w.one(w.right).Record[record.Phone]; l != "left" || r != "right" {
		t.Fatalf("phones %q and %q", l, r)
	}
	w.quiet()
}
