package engine

import (
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// apart returns a world whose only contact has another phone number on either side, both changed since the last run.
func apart(t *testing.T, policy plan.Policy, change func(*world)) *world {
	t.Helper()
	w := newWorldIn(t, inMemory, state.Options{}, record.Contact, func(p *state.Pair) { p.Conflict = policy })
	t.Cleanup(func() { _ = w.state.Close() })
	if change != nil {
		change(w)
	}
	w.part()
	return w
}

// part has people edit both sides of a contact that was in step.
func (w *world) part() {
	w.t.Helper()
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "before"}))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "left", record.Fax: "l"})
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "right", record.Mobile: "r"})
}

// phones returns the phone numbers of a side, and how many items have each.
func (w *world) phones(s *memory.Service) map[string]int {
	out := map[string]int{}
	for _, it := range s.Items(w.ref()) {
		out[it.Record[record.Phone]]++
	}
	return out
}

// C-6: keep both loses nothing: the version of the right becomes an item of its own on both sides, and the left wins in the
// old one.
func TestKeepBothMakesAnItemOfTheOtherVersion(t *testing.T) {
	w := apart(t, plan.KeepBoth, nil)
	old := w.one(w.right).ID
	r := w.sync()
	w.count(2, 2)
	w.same()
	for _, s := range []*memory.Service{w.left, w.right} {
		if got := w.phones(s); got["left"] != 1 || got["right"] != 1 {
			t.Fatalf("phones %v", got)
		}
	}
	if it, _ := w.right.Item(w.ref(), old); it.Record[record.Phone] != "left" || it.Record[record.Fax] != "l" || it.Record[record.Mobile] != "r" {
		t.Fatalf("the old item holds %v", it.Record)
	}
	if r.Conflicts != 1 || r.Left.Created != 1 || r.Right.Created != 1 || r.Waits() {
		t.Fatalf("report %+v", r)
	}
	w.quiet()
	w.quiet()
	// Each goes its own way from now on.
	w.right.Edit(w.ref(), old, record.Patch{record.Phone: "later"})
	w.sync()
	w.same()
	if got := w.phones(w.left); got["later"] != 1 || got["right"] != 1 {
		t.Fatalf("phones %v", got)
	}
}

// A version belongs to the pair wherever its time lies, as the item does that it is a version of.
func TestKeepBothOutsideTheWindow(t *testing.T) {
	w := newWorld(t, record.Event, func(p *state.Pair) { p.Conflict, p.FromDays, p.UntilDays = plan.KeepBoth, 30, 30 })
	start := w.now.Add(time.Hour)
	w.left.Put(w.ref(), record.Record{record.Title: "Fair", record.When: record.FormatSpan(start, start.Add(time.Hour))})
	w.sync()
	far := func(days int) record.Patch {
		at := start.AddDate(0, 0, days)
		return record.Patch{record.When: record.FormatSpan(at, at.Add(time.Hour))}
	}
	w.left.Edit(w.ref(), w.one(w.left).ID, far(100))
	w.right.Edit(w.ref(), w.one(w.right).ID, far(200))
	w.sync()
	w.count(2, 2)
	w.same()
	w.quiet()
}

// Killed at any transaction, the program makes one copy and no more, and the left wins only where the other version is safe.
func TestKeepBothSurvivesAKillAnywhere(t *testing.T) {
	for fuse := 1; ; fuse++ {
		left := 0
		w := newWorldIn(t, inMemory, state.Options{Gate: func() error {
			if left--; left == 0 {
				panic(errKilled)
			}
			return nil
		}}, record.Contact, func(p *state.Pair) { p.Conflict = plan.KeepBoth })
		t.Cleanup(func() { _ = w.state.Close() })
		w.part()
		left = fuse
		killed := w.killed()
		left = 0
		w.now = w.now.Add(time.Hour)
		w.sync()
		w.sync()
		for _, s := range []*memory.Service{w.left, w.right} {
			if got := w.phones(s); len(got) != 2 || got["left"] != 1 || got["right"] != 1 {
				t.Fatalf("killed at transaction %d: phones %v", fuse, got)
			}
		}
		w.same()
		w.quiet()
		if !killed {
			if fuse < 15 {
				t.Fatalf("the run has %d transactions only", fuse)
			}
			return
		}
	}
}

// killed runs the pair and returns whether the program was killed.
func (w *world) killed() (killed bool) {
	defer func() {
		if p := recover(); p != nil {
			if p != any(errKilled) {
				panic(p)
			}
			killed = true
		}
	}()
	_, _ = w.try(RunOptions{})
	return false
}

// An answer that gets lost while the copy is made makes no second one, whether the service did it or not.
func TestKeepBothWithLostAnswers(t *testing.T) {
	for _, f := range []memory.Fault{memory.LostAnswer, memory.LostConnection, memory.LostRequest, memory.Refused, memory.Unsent, memory.FalseConflict} {
		for _, side := range plan.Sides {
			for times := 1; times <= 2; times++ {
				w := apart(t, plan.KeepBoth, nil)
				w.service(side).Fail(f, times)
				_, _ = w.try(RunOptions{})
				w.service(side).Calm()
				for range 3 {
					w.now = w.now.Add(time.Hour)
					_, err := w.try(RunOptions{Retry: true})
					w.must(err)
				}
				w.same()
				if got := w.phones(w.left); len(got) != 2 || got["left"] != 1 || got["right"] != 1 {
					t.Fatalf("%v on the %s: phones %v", f, side, got)
				}
				w.quiet()
			}
		}
	}
}

// Whoever deletes the version that won, while it is not known yet whether the other one is an item of its own, leaves that one
// behind, and once.
func TestTheWinnerIsDeletedWhileItsVersionIsMade(t *testing.T) {
	for _, f := range []memory.Fault{memory.LostAnswer, memory.LostConnection, memory.LostRequest, memory.Unsent} {
		for _, side := range plan.Sides {
			w := apart(t, plan.KeepBoth, nil)
			old := w.one(w.left).ID
			w.hook = func(s plan.Side, wr record.Write) {
				if s == side && wr.Op == record.Create {
					w.service(s).Fail(f, 1)
				}
			}
			_, _ = w.try(RunOptions{})
			w.hook = nil
			w.left.Remove(w.ref(), old)
			for range 3 {
				w.now = w.now.Add(time.Hour)
				w.must(second(w.try(RunOptions{Retry: true})))
			}
			w.same()
			if got := w.phones(w.left); len(got) != 1 || got["right"] != 1 {
				t.Errorf("%v on the %s: phones %v", f, side, got)
			}
			w.quiet()
		}
	}
}

// The fields that nobody contests flow while the other version becomes an item.
func TestKeepBothWaitsForTheCopy(t *testing.T) {
	w := apart(t, plan.KeepBoth, nil)
	old := w.one(w.right).ID
	refuse := func(side plan.Side, wr record.Write) {
		if side == plan.Left && wr.Op == record.Create {
			w.left.Fail(memory.LostRequest, 1)
		}
	}
	w.hook = refuse
	_, err := w.try(RunOptions{})
	w.hook = nil
	if err == nil {
		t.Fatal("the connection was lost")
	}
	it, _ := w.right.Item(w.ref(), old)
	if it.Record[record.Phone] != "right" || it.Record[record.Fax] != "l" {
		t.Fatalf("while its copy is on one side only, the item holds %v", it.Record)
	}
	w.now = w.now.Add(time.Hour)
	w.sync()
	w.count(2, 2)
	w.same()
}

// A version is new, whatever it looks like: it is neither linked to another item nor taken for one of several.
func TestAVersionIsNoOtherItemsPartner(t *testing.T) {
	w := apart(t, plan.KeepBoth, nil)
	w.hook = func(side plan.Side, wr record.Write) {
		if side == plan.Left && wr.Op == record.Update {
			w.left.Fail(memory.Refused, 1)
		}
	}
	w.sync()
	w.hook = nil
	w.count(1, 2)
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "somebody else"}))
	w.must(second(w.try(RunOptions{Retry: true})))
	w.nothingAsked()
	w.count(3, 3)
	w.same()
	if got := w.phones(w.left); got["left"] != 1 || got["right"] != 1 || got["somebody else"] != 1 {
		t.Fatalf("phones %v", got)
	}
	w.quiet()
}

// A version that was made and not answered is not made again because another field is in question by then.
func TestAVersionIsMadeOnceHoweverTheConflictGrows(t *testing.T) {
	w := apart(t, plan.KeepBoth, nil)
	old := w.one(w.left).ID
	w.hook = func(s plan.Side, wr record.Write) {
		if s == plan.Right && wr.Op == record.Create {
			w.right.Fail(memory.LostConnection, 1)
		}
	}
	_, _ = w.try(RunOptions{})
	w.hook = nil
	w.left.Edit(w.ref(), old, record.Patch{record.Mobile: "also left"})
	for range 3 {
		w.now = w.now.Add(time.Hour)
		w.sync()
	}
	w.count(2, 2)
	w.same()
	w.quiet()
}
