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
	"zohosync/sync/state"
)

// broken is a world in which a run wrote six things, and what it was before. The fuse kills the program at a transaction
// of the state.
type broken struct {
	*world
	fuse          int
	before, after map[string]string
	run           int64
}

func newBroken(t *testing.T) *broken {
	t.Helper()
	b := &broken{}
	gate := func() error {
		if b.fuse > 0 {
			if b.fuse--; b.fuse == 0 {
				panic(errKilled)
			}
		}
		return nil
	}
	b.world = newWorldIn(t, inMemory, state.Options{Gate: gate}, record.Contact, nil)
	t.Cleanup(func() { _ = b.state.Close() })
	b.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), Marks: true, OnApply: b.onApply(plan.Left)})
	for i := range 6 {
		b.left.Put(b.ref(), person(fmt.Sprint(i)))
	}
	b.sync()
	return b
}

// change lets people edit both sides, so that the next run creates, changes and deletes on both.
func (b *broken) change() {
	left, right := b.left.Items(b.ref()), b.right.Items(b.ref())
	b.left.Edit(b.ref(), left[0].ID, record.Patch{record.Phone: "1"})
	b.right.Edit(b.ref(), right[1].ID, record.Patch{record.Phone: "2"})
	b.left.Remove(b.ref(), left[2].ID)
	b.right.Remove(b.ref(), right[3].ID)
	b.left.Put(b.ref(), person("new left"))
	b.right.Put(b.ref(), person("new right"))
	b.before = b.everything()
}

// killed runs do until the program is killed at the n-th transaction, and says whether it was.
func (b *broken) killed(n int, do func()) (killed bool) {
	defer func() {
		b.fuse = 0
		if p := recover(); p != nil {
			if p != any(errKilled) {
				panic(p)
			}
			killed = true
		}
	}()
	b.fuse = n
	do()
	return false
}

func (b *broken) last() int64 {
	runs, err := b.state.ListRuns(context.Background(), 1)
	b.must(err)
	return runs[0].ID
}

// The undo is killed at each of its transactions in turn. Done once more it brings everything back; not done again, the
// next syncs delete nothing and take nothing back that is back. C-2
func TestUndoKilledAnywhere(t *testing.T) {
	for n := 1; ; n++ {
		for _, again := range []bool{true, false} {
			b := newBroken(t)
			b.change()
			b.run = b.sync().Run
			b.after = b.everything()
			killed := b.killed(n, func() { b.undo(b.run) })
			b.now = b.now.Add(time.Hour)
			if again {
				b.undo(b.run)
				if got := b.everything(); !maps.Equal(got, b.before) {
					t.Fatalf("killed at %d, then undone again:\n%v\nwant\n%v", n, got, b.before)
				}
				b.stays()
				if got := b.everything(); !maps.Equal(got, b.before) {
					t.Fatalf("killed at %d: a later sync took it back", n)
				}
			} else {
				at := b.everything()
				b.sync()
				b.stays()
				b.nothingElse(n, at)
			}
			if !killed {
				t.Logf("%d transactions", n-1)
				return
			}
		}
	}
}

// nothingElse: what was there when the program was killed is there after the next syncs.
func (b *broken) nothingElse(n int, at map[string]string) {
	b.t.Helper()
	now := b.everything()
	for id, v := range at {
		if now[id] == "" {
			b.t.Fatalf("killed at %d: a later sync deleted %s", n, id)
		}
		if now[id] != v {
			b.t.Fatalf("killed at %d: a later sync changed %s", n, id)
		}
	}
}

// A run that was killed in the middle is taken back as far as it came.
func TestUndoOfARunThatWasKilled(t *testing.T) {
	for n := 1; ; n++ {
		b := newBroken(t)
		b.change()
		first := b.last()
		if !b.killed(n, func() { b.sync() }) {
			t.Logf("%d transactions", n-1)
			return
		}
		b.now = b.now.Add(time.Hour)
		if b.last() == first {
			continue // It was killed before it began.
		}
		u := b.undo(b.last())
		if got := b.everything(); !maps.Equal(got, b.before) {
			t.Fatalf("killed at %d, then undone:\n%v\nwant\n%v\nreport %+v", n, got, b.before, u)
		}
	}
}

// Answers of an undo get lost on either side: nothing is lost, nothing is there twice, and it ends once it is done again.
func TestUndoWithLostAnswers(t *testing.T) {
	for _, fault := range []memory.Fault{memory.LostAnswer, memory.LostConnection, memory.LostRequest, memory.Unsent, memory.NoResult,
		memory.FalseConflict, memory.RateLimited, memory.SignedOut, memory.BrokenListing, memory.ExpiredCursor} {
		for _, side := range plan.Sides {
			for times := 1; times < 4; times++ {
				t.Run(fmt.Sprint(fault, " ", side, " ", times), func(t *testing.T) {
					b := newBroken(t)
					b.change()
					b.run = b.sync().Run
					b.service(side).Fail(fault, times)
					_, _ = b.engine().Undo(context.Background(), b.run, RunOptions{})
					b.left.Calm()
					b.right.Calm()
					b.now = b.now.Add(time.Hour)
					b.undo(b.run)
					if got := b.everything(); !maps.Equal(got, b.before) {
						t.Fatalf("undone\n%v\nwant\n%v", got, b.before)
					}
					b.stays()
					if got := b.everything(); !maps.Equal(got, b.before) {
						t.Fatal("a later sync took it back")
					}
				})
			}
		}
	}
}

// Lost answers, and nobody takes the run back again: the next syncs delete nothing.
func TestASyncAfterABrokenUndoDeletesNothing(t *testing.T) {
	for _, fault := range []memory.Fault{memory.LostAnswer, memory.LostConnection, memory.LostRequest, memory.Unsent, memory.RateLimited} {
		for _, side := range plan.Sides {
			for _, lag := range []time.Duration{0, time.Minute} {
				t.Run(fmt.Sprint(fault, " ", side, " ", lag), func(t *testing.T) {
					b := newBroken(t)
					b.change()
					b.run = b.sync().Run
					b.service(side).Fail(fault, 1)
					_, _ = b.engine().Undo(context.Background(), b.run, RunOptions{})
					b.left.Calm()
					b.right.Calm()
					at := b.everything()
					b.now = b.now.Add(lag)
					b.sync()
					b.sync()
					b.stays()
					b.nothingElse(0, at)
				})
			}
		}
	}
}
