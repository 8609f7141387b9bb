package engine

import (
	"context"
	"errors"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// A person duplicates a card in their address book, mark and all, and edits the copy: both are contacts of their own, also
// when the state is lost afterwards. Nothing is made a third time.
func TestACopyThatBearsTheMarkOfAnotherIsAnItemOfItsOwn(t *testing.T) {
	for _, patch := range []record.Patch{{}, {record.Phone: "1"}, {record.FirstName: "Eve", record.EmailMain: "eve@example.com"}} {
		for _, marks := range []bool{false, true} {
			w := newWorld(t, record.Contact, nil)
			w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), Marks: marks})
			w.left.Put(w.ref(), person("1"))
			w.sync()
			original := w.one(w.right)
			w.right.SetMark(w.ref(), w.right.Put(w.ref(), original.Record.With(patch)), original.Mark)
			w.sync()
			w.count(2, 2)
			w.same()
			w.quiet()
			w.forget()
			w.sync()
			w.sync()
			w.count(2, 2)
			w.same()
		}
	}
}

// The original of such a copy is deleted: the contact of the original goes, and that of the copy stays.
func TestTheOriginalOfACopyIsDeleted(t *testing.T) {
	for _, together := range []bool{false, true} {
		w := newWorld(t, record.Contact, nil)
		w.left.Put(w.ref(), person("1"))
		w.sync()
		original := w.one(w.right)
		twin := w.right.Put(w.ref(), original.Record.With(record.Patch{record.Phone: "1"}))
		w.right.SetMark(w.ref(), twin, original.Mark)
		if !together {
			w.sync()
		}
		w.right.Remove(w.ref(), original.ID)
		w.sync()
		w.count(1, 1)
		w.same()
		if w.one(w.right).ID != twin {
			t.Fatal("the copy is gone")
		}
		w.quiet()
	}
}

// A deletion that waits for an answer, of an occurrence whose series is moved before the answer comes: the occurrence is there
// again, and the answer deletes nothing.
func TestAnAnswerAboutAnOccurrenceThatMovedDeletesNothing(t *testing.T) {
	for _, choice := range []plan.Choice{plan.ChoiceDelete, plan.ChoiceBringBack} {
		w := newWorld(t, record.Event, func(p *state.Pair) {
			asking(p)
			p.FromDays, p.UntilDays = 2, 30
		})
		g := w.right.PutSeries(w.ref(), standup(0), 7, 4)
		w.sync()
		w.right.Remove(w.ref(), w.occurrence(g, 14))
		w.sync()
		w.answer(plan.CodeDeletion, choice)
		// Before the next run somebody puts the day back, on another hour.
		start := standup(14)[record.When]
		w.right.PutSlot(w.ref(), g, string(w.occurrence(g, 14))[len(g)+1:], record.Record{record.Title: "Stand-up", record.When: start, record.Venue: "again"})
		w.sync()
		w.count(4, 4)
		w.same()
		w.nothingAsked()
		w.quiet()
	}
}

// The rules change between a question and its answer: what the rules of the day do not allow is not done, and what is left
// stays.
func TestRulesThatChangeBetweenAQuestionAndItsAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		change      func(*state.Pair)
		left, right int
	}{
		"never":    {func(p *state.Pair) { p.Delete = [2]plan.Deletion{plan.Never, plan.Never} }, 4, 3},
		"one way":  {func(p *state.Pair) { p.Direction = plan.ToRight }, 4, 3},
		"other":    {func(p *state.Pair) { p.Ends[plan.Right].Title = "Renamed" }, 3, 3},
		"anybody":  {func(p *state.Pair) { p.AnyOwner = true }, 3, 3},
		"conflict": {func(p *state.Pair) { p.Conflict = plan.KeepBoth }, 3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := crowd(t, 4, asking)
			w.remove(w.right, 1)
			w.sync()
			q := w.asked(plan.CodeDeletion)
			c.change(&w.pair)
			w.must(w.state.StorePair(context.Background(), w.pair))
			w.must(w.engine().Answer(context.Background(), q.ID, plan.ChoiceDelete))
			w.sync()
			w.count(c.left, c.right)
			w.nothingAsked()
			w.quiet()
		})
	}
}

// A question whose item is deleted before the answer comes is closed, and the answer finds nothing to do.
func TestAnAnswerAboutWhatIsGone(t *testing.T) {
	for _, choice := range []plan.Choice{plan.ChoiceLeft, plan.ChoiceRight, plan.ChoiceBoth} {
		for _, sides := range [][]plan.Side{{plan.Left}, {plan.Right}, {plan.Left, plan.Right}} {
			w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.AskMe })
			w.part()
			w.sync()
			q := w.asked(plan.CodeConflict)
			for _, s := range sides {
				w.remove(w.service(s), 1)
			}
			w.must(w.engine().Answer(context.Background(), q.ID, choice))
			w.sync()
			// What was edited beats what was deleted.
			if n := 1 - len(sides)/2; len(w.left.Items(w.ref())) != n || len(w.right.Items(w.ref())) != n {
				t.Fatalf("%s, %v: %d and %d items", choice, sides, len(w.left.Items(w.ref())), len(w.right.Items(w.ref())))
			}
			w.same()
			w.nothingAsked()
			w.quiet()
		}
	}
}

// "Sync again" while a question is open: what the undo left is made anew, and the question stays what it was.
func TestSyncAgainWithAnOpenQuestion(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.AskMe })
	w.part()
	w.sync()
	q := w.asked(plan.CodeConflict)
	w.left.Put(w.ref(), person("2"))
	w.undo(w.sync().Run)
	w.count(2, 1)
	w.must(errorOf(w.try(RunOptions{Again: true})))
	w.count(2, 2)
	if got := w.asked(plan.CodeConflict); got.ID != q.ID {
		t.Fatalf("%+v", got)
	}
	w.answer(plan.CodeConflict, plan.ChoiceRight)
	w.sync()
	w.same()
	w.quiet()
}

// An undo in a pair that a guard stopped: what was undone stays, and the guard asks as before.
func TestAnUndoWhileAGuardWaits(t *testing.T) {
	w := crowd(t, 12, nil)
	w.left.Edit(w.ref(), w.left.Items(w.ref())[11].ID, record.Patch{record.Phone: "1"})
	r := w.sync()
	w.remove(w.right, 6)
	w.stopped()
	q := w.asked(plan.CodeMany)
	w.undo(r.Run)
	w.count(12, 6)
	if got := w.right.Items(w.ref())[5].Record[record.Phone]; got != "" {
		t.Fatalf("phone %q", got)
	}
	w.stopped()
	if got := w.asked(plan.CodeMany); got.ID != q.ID {
		t.Fatalf("%+v", got)
	}
	w.answer(plan.CodeMany, plan.ChoiceDelete)
	w.sync()
	w.count(6, 6)
	w.quiet()
}

// A plan that was confirmed before its guard was answered is another plan afterwards: nothing is done, and told anew.
func TestAPlanThatWasConfirmedBeforeItsGuardWasAnswered(t *testing.T) {
	for _, choice := range []plan.Choice{plan.ChoiceDelete, plan.ChoiceBringBack} {
		w := crowd(t, 12, nil)
		w.remove(w.right, 6)
		r, err := w.try(RunOptions{DryRun: true})
		if !errors.Is(err, ErrGuard) || r.PlanID == "" {
			t.Fatalf("%v, %+v", err, r)
		}
		if _, err = w.try(RunOptions{Plan: r.PlanID}); !errors.Is(err, ErrGuard) {
			t.Fatalf("error %v", err)
		}
		w.count(12, 6)
		w.answer(plan.CodeMany, choice)
		moved, err := w.try(RunOptions{Plan: r.PlanID})
		if !errors.Is(err, ErrMoved) {
			t.Fatalf("error %v", err)
		}
		w.count(12, 6)
		_, err = w.try(RunOptions{Plan: moved.PlanID})
		w.must(err)
		n := map[plan.Choice]int{plan.ChoiceDelete: 6, plan.ChoiceBringBack: 12}[choice]
		w.count(n, n)
		w.same()
		w.sync()
		w.nothingAsked()
	}
}

// A pair is switched between everybody's records and one's own: a record of somebody else stays on both sides, whatever is
// deleted while it does not belong to the pair, and follows again when it does.
func TestSwitchingBetweenEverybodysAndOnesOwn(t *testing.T) {
	for _, removed := range []bool{false, true} {
		w := newWorld(t, record.Contact, func(p *state.Pair) { p.AnyOwner = true })
		theirs := w.left.Put(w.ref(), person("1").With(record.Patch{record.Owner: "you"}))
		w.sync()
		w.count(1, 1)
		set := func(any bool) {
			w.pair.AnyOwner = any
			w.must(w.state.StorePair(context.Background(), w.pair))
			w.sync()
		}
		set(false)
		if removed {
			w.remove(w.right, 1)
		}
		w.left.Edit(w.ref(), theirs, record.Patch{record.Phone: "1"})
		w.sync()
		set(true)
		if removed {
			w.count(1, 0)
		} else {
			w.count(1, 1)
			w.same()
		}
		w.quiet()
		w.left.Edit(w.ref(), theirs, record.Patch{record.Phone: "2"})
		w.sync()
		w.count(1, 1)
		w.same()
	}
}
