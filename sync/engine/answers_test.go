package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// restart closes the state and opens it again, as a new start of the program does.
func (w *world) restart() { w.limit(0) }

// asked wants one question to wait, with this code, and returns it.
func (w *world) asked(code string) Question {
	w.t.Helper()
	all := w.questions()
	if len(all) != 1 || all[0].Code != code {
		w.t.Fatalf("want one question %q, got %+v", code, all)
	}
	return all[0]
}

// nothingAsked wants no question to wait.
func (w *world) nothingAsked() {
	w.t.Helper()
	if all := w.questions(); len(all) != 0 {
		w.t.Fatalf("somebody is still asked: %+v", all)
	}
}

// answer restarts the program, gives the only question with this code its answer, and restarts it again.
func (w *world) answer(code string, c plan.Choice) Question {
	w.t.Helper()
	w.restart()
	q := w.asked(code)
	w.must(w.engine().Answer(context.Background(), q.ID, c))
	w.restart()
	return q
}

// stopped runs the pair and wants a guard to stop it before anything is written.
func (w *world) stopped() {
	w.t.Helper()
	before := w.left.Writes() + w.right.Writes()
	if _, err := w.try(RunOptions{}); !errors.Is(err, ErrGuard) {
		w.t.Fatalf("want a guard, got %v", err)
	}
	if w.left.Writes()+w.right.Writes() != before {
		w.t.Fatal("something was written before the guard stopped the pair")
	}
}

// crowd is a world with n contacts in step.
func crowd(t *testing.T, n int, change func(*state.Pair)) *world {
	t.Helper()
	w := newWorld(t, record.Contact, change)
	for i := range n {
		[2]*memory.Service{w.left, w.right}[i%2].Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	w.count(n, n)
	return w
}

// remove deletes the first n items of a side as a person does.
func (w *world) remove(s *memory.Service, n int) {
	for _, it := range s.Items(w.ref())[:n] {
		s.Remove(w.ref(), it.ID)
	}
}

func emptyOnce(w *world, side plan.Side, times int) {
	w.service(side).ExpireCursors(w.ref())
	w.service(side).Fail(memory.EmptyListing, times)
}

// C-1, R1: a server that answers with nothing, once or for days, and then with everything, deletes nothing anywhere, and
// nobody has to answer.
func TestAServerThatListsNothingAndThenAllDeletesNothing(t *testing.T) {
	for _, side := range plan.Sides {
		t.Run(side.String(), func(t *testing.T) {
			w := crowd(t, 12, nil)
			emptyOnce(w, side, 3)
			for range 3 {
				w.stopped()
				w.count(12, 12)
			}
			q := w.asked(plan.CodeEmptied)
			if q.Side != side || q.Number != 12 || len(q.Names) != names || q.Asked.IsZero() || !q.Stops {
				t.Fatalf("%+v", q)
			}
			if r := w.sync(); r.Wrote() != 0 {
				t.Fatalf("report %+v", r)
			}
			w.count(12, 12)
			w.nothingAsked()
			w.same()
		})
	}
}

// C-62, R1: each answer does what it says, whatever the rules say about deletions.
func TestAnswersToAnEmptyFolder(t *testing.T) {
	ask := func(p *state.Pair) { p.Delete = [2]plan.Deletion{plan.Ask, plan.Ask} }
	for _, c := range []struct {
		side        plan.Side
		rules       func(*state.Pair)
		answer      plan.Choice
		left, right int
	}{
		{plan.Right, nil, plan.ChoiceDelete, 0, 0},
		{plan.Right, nil, plan.ChoiceBringBack, 12, 12},
		{plan.Left, nil, plan.ChoiceDelete, 0, 0},
		{plan.Left, nil, plan.ChoiceBringBack, 12, 12},
		{plan.Right, ask, plan.ChoiceDelete, 0, 0},
		{plan.Right, ask, plan.ChoiceBringBack, 12, 12},
		{plan.Right, func(p *state.Pair) { p.Delete[plan.Left] = plan.Never }, plan.ChoiceKeep, 12, 0},
		{plan.Right, func(p *state.Pair) { p.Direction = plan.ToLeft }, plan.ChoiceKeep, 12, 0},
		{plan.Right, func(p *state.Pair) { p.Direction = plan.ToLeft }, plan.ChoiceDelete, 0, 0},
		{plan.Right, func(p *state.Pair) { p.Direction = plan.ToRight }, plan.ChoiceBringBack, 12, 12},
	} {
		t.Run(fmt.Sprint(c.side, " ", c.answer), func(t *testing.T) {
			w := crowd(t, 12, nil)
			if c.rules != nil {
				c.rules(&w.pair)
				w.must(w.state.StorePair(context.Background(), w.pair))
				w.sync()
			}
			w.remove(w.service(c.side), 12)
			w.service(c.side).ExpireCursors(w.ref())
			w.stopped()
			w.answer(plan.CodeEmptied, c.answer)
			w.sync()
			w.count(c.left, c.right)
			w.nothingAsked()
			w.quiet()
			w.count(c.left, c.right)
			if c.answer == plan.ChoiceBringBack {
				w.same()
				links, err := w.state.ListLinks(context.Background(), "p")
				w.must(err)
				if len(links) != 12 {
					t.Fatalf("%d links", len(links))
				}
			}
		})
	}
}

// C-7, R1: who decides later about an empty folder said nothing about its items, and nothing happened when it is full again.
func TestDecidingLaterAboutAnEmptyFolderIsNoAnswer(t *testing.T) {
	for _, side := range plan.Sides {
		w := crowd(t, 12, nil)
		emptyOnce(w, side, 1)
		w.stopped()
		q := w.answer(plan.CodeEmptied, plan.ChoiceLater)
		emptyOnce(w, side, 3)
		for range 3 {
			w.stopped()
			if got := w.asked(plan.CodeEmptied); got.ID != q.ID || got.Answer != plan.ChoiceLater {
				t.Fatalf("%+v", got)
			}
		}
		if r := w.sync(); r.Wrote() != 0 {
			t.Fatalf("report %+v", r)
		}
		w.count(12, 12)
		w.nothingAsked()
		w.same()
	}
}

// C-7: who decides later is not asked anew while nothing changes, and the pair goes on waiting.
func TestWhoDecidesLaterIsAskedOnce(t *testing.T) {
	w := crowd(t, 12, nil)
	w.remove(w.right, 6)
	w.stopped()
	q := w.answer(plan.CodeMany, plan.ChoiceLater)
	for range 3 {
		w.stopped()
		if got := w.asked(plan.CodeMany); got.ID != q.ID || got.Answer != plan.ChoiceLater || !got.Asked.Equal(q.Asked) {
			t.Fatalf("%+v", got)
		}
	}
	w.count(12, 6)
	// Something changes: this is another question.
	w.remove(w.right, 1)
	w.stopped()
	if got := w.asked(plan.CodeMany); got.ID == q.ID || got.Answer != "" || got.Number != 7 {
		t.Fatalf("%+v", got)
	}
	// The later decision counts.
	w.answer(plan.CodeMany, plan.ChoiceBringBack)
	w.sync()
	w.count(12, 12)
	w.same()
	w.nothingAsked()
	w.quiet()
}

// R2: the answer is carried out for exactly these items.
func TestOnlyWhatWasAskedAboutIsDeleted(t *testing.T) {
	w := crowd(t, 30, nil)
	w.remove(w.right, 8)
	w.stopped()
	if q := w.asked(plan.CodeMany); q.Side != plan.Left || q.Number != 8 || q.Linked != 30 || !slices.Equal(q.Choices, []plan.Choice{plan.ChoiceBringBack, plan.ChoiceDelete, plan.ChoiceLater}) {
		t.Fatalf("%+v", q)
	}
	w.answer(plan.CodeMany, plan.ChoiceDelete)
	// Before the next run more is deleted: that was not asked about.
	w.remove(w.right, 7)
	w.stopped()
	w.count(30, 15)
	q := w.asked(plan.CodeMany)
	if q.Number != 7 {
		t.Fatalf("%+v", q)
	}
	w.answer(plan.CodeMany, plan.ChoiceBringBack)
	w.sync()
	w.count(22, 22)
	w.same()
	w.nothingAsked()
	w.quiet()
}

// What was edited before the answer came is not deleted: the edit wins.
func TestAnEditBeforeTheAnswerIsKept(t *testing.T) {
	w := crowd(t, 12, nil)
	w.remove(w.right, 6)
	w.stopped()
	q := w.answer(plan.CodeMany, plan.ChoiceDelete)
	w.left.Edit(w.ref(), q.Items[plan.Left][0], record.Patch{record.Phone: "1"})
	w.sync()
	w.count(7, 7)
	w.same()
	w.quiet()
}

// The deletions are carried out once, also when the run breaks off in the middle.
func TestAnAnswerOutlivesARunThatBreaksOff(t *testing.T) {
	w := crowd(t, 20, nil)
	w.remove(w.right, 10)
	w.stopped()
	w.answer(plan.CodeMany, plan.ChoiceDelete)
	n := 0
	w.hook = func(_ plan.Side, wr record.Write) {
		if n++; n == 4 {
			w.left.Fail(memory.LostConnection, 1)
		}
	}
	if _, err := w.try(RunOptions{}); err == nil {
		t.Fatal("a lost connection ends the run")
	}
	w.restart()
	w.sync()
	w.count(10, 10)
	w.nothingAsked()
	w.quiet()
}
