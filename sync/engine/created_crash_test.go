package engine

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// removing is a broken world in which six items were made on the right and two on the left, with the state lost or not.
func removing(t *testing.T, lost bool) *broken {
	b := newBroken(t)
	b.right.Put(b.ref(), person("right1"))
	b.right.Put(b.ref(), person("right2"))
	b.sync()
	b.count(8, 8)
	if lost {
		b.forget()
	}
	return b
}

// tryUncreate removes what was created on the right, as much of it as goes.
func (b *broken) tryUncreate(side plan.Side) (Report, error) {
	b.now = b.now.Add(time.Minute)
	return b.engine().UndoCreated(context.Background(), "p", side, RunOptions{Confirm: confirmAll})
}

// partners wants all items of the other side to be as they were, and the given number on the side itself, for good.
func (b *broken) partners(what string, side plan.Side, before map[string]string, n int) {
	b.t.Helper()
	for range 3 {
		now := b.everything()
		for _, it := range b.service(side.Other()).Items(b.ref()) {
			if now[string(it.ID)] != before[string(it.ID)] {
				b.t.Fatalf("%s: a partner changed, or is new: %s", what, it.ID)
			}
		}
		if got := len(b.service(side.Other()).Items(b.ref())); got != 8 {
			b.t.Fatalf("%s: %d partners are left", what, got)
		}
		if got := len(b.service(side).Items(b.ref())); got != n {
			b.t.Fatalf("%s: %d items on the %s, want %d", what, got, side, n)
		}
		b.sync()
	}
}

// The removal is killed at each of its transactions in turn. Done once more it is complete; not done again, the next syncs delete
// no partner and make nothing anew. C-2
func TestRemovingKilledAnywhere(t *testing.T) {
	for _, lost := range []bool{false, true} {
		for _, side := range plan.Sides {
			for n := 1; ; n++ {
				left := map[plan.Side]int{plan.Left: 6, plan.Right: 2}[side]
				what := fmt.Sprintf("lost %v, killed at %d", lost, n)
				var killed bool
				for _, again := range []bool{true, false} {
					b := removing(t, lost)
					before := b.everything()
					killed = b.killed(n, func() { _, _ = b.tryUncreate(side) })
					b.now = b.now.Add(time.Hour)
					if again {
						_, err := b.tryUncreate(side)
						b.must(err)
					} else {
						left = len(b.service(side).Items(b.ref()))
						b.sync()
					}
					b.partners(what, side, before, left)
				}
				if !killed {
					t.Logf("%d transactions", n-1)
					break
				}
			}
		}
	}
}

// Answers get lost on either side: no partner is touched, nothing is made anew, and it ends once it is done again.
func TestRemovingWithLostAnswers(t *testing.T) {
	for _, fault := range []memory.Fault{memory.LostAnswer, memory.LostConnection, memory.LostRequest, memory.Unsent, memory.NoResult,
		memory.FalseConflict, memory.RateLimited, memory.SignedOut, memory.BrokenListing, memory.ExpiredCursor, memory.Refused} {
		for _, lost := range []bool{false, true} {
			for _, side := range plan.Sides {
				for _, again := range []bool{false, true} {
					t.Run(fmt.Sprint(fault, " lost ", lost, " ", side, " again ", again), func(t *testing.T) {
						b := removing(t, lost)
						before := b.everything()
						b.service(side).Fail(fault, 2)
						_, _ = b.tryUncreate(side)
						b.left.Calm()
						b.right.Calm()
						left := len(b.service(side).Items(b.ref()))
						if again {
							b.now = b.now.Add(time.Hour)
							_, err := b.tryUncreate(side)
							b.must(err)
							left = map[plan.Side]int{plan.Left: 6, plan.Right: 2}[side]
						}
						b.partners(string(fault), side, before, left)
					})
				}
			}
		}
	}
}

// A CRM whose listings lag, and an answer that is lost: the deletion is found out about later, and nobody's partner goes. The
// program is not started again for so long that the journal would be forgotten.
func TestRemovingWithAFeedThatLags(t *testing.T) {
	for _, wait := range []time.Duration{time.Minute, time.Hour, 40 * 24 * time.Hour} {
		for _, fault := range []memory.Fault{memory.LostAnswer, memory.LostConnection, memory.LostRequest} {
			b := newBroken(t)
			b.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), Marks: true, Lag: 10 * time.Minute, OnApply: b.onApply(plan.Left)})
			b.ticks = b.left.Advance
			b.forget()
			for i := range 8 {
				b.right.Put(b.ref(), person(fmt.Sprint("right", i)))
			}
			b.sync()
			pass := func(d time.Duration) { b.now = b.now.Add(d); b.left.Advance(d) }
			pass(time.Hour)
			b.sync()
			before := b.right.Items(b.ref())
			b.left.Fail(fault, 1)
			_, _ = b.tryUncreate(plan.Left)
			b.left.Calm()
			for range 4 {
				pass(wait)
				b.sync()
			}
			if after := b.right.Items(b.ref()); !maps.Equal(contents(before), contents(after)) {
				t.Fatalf("%s, %s: partners %v became %v", fault, wait, contents(before), contents(after))
			}
			pass(time.Hour)
			_, err := b.tryUncreate(plan.Left)
			b.must(err)
			pass(time.Hour)
			b.sync()
			for _, it := range b.left.Items(b.ref()) {
				if it.Record[record.LastName][:2] == "Lr" {
					t.Fatalf("%s, %s: %s is left", fault, wait, it.ID)
				}
			}
		}
	}
}

// What a create made that has no answer yet is not removed: its partner would follow once the answer is known.
func TestWhatAnUnansweredCreateMadeIsNotRemoved(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), Marks: true, OnApply: w.onApply(plan.Left)})
	w.left.Put(w.ref(), person("1"))
	w.sync() // Something is linked, so that there is something to know.
	w.right.Put(w.ref(), person("2"))
	w.left.Fail(memory.LostAnswer, 1)
	_, _ = w.try(RunOptions{})
	w.now = w.now.Add(-time.Hour) // The clock was set back: nobody looks for what was sent in the future.
	_, err := w.engine().UndoCreated(context.Background(), w.pair.ID, plan.Left, RunOptions{Confirm: confirmAll})
	w.must(err)
	for range 3 {
		w.now = w.now.Add(time.Hour)
		_, err := w.try(RunOptions{Confirm: confirmAll})
		w.must(err)
	}
	w.count(2, 2)
	w.same()
}
