package engine

import (
	"errors"
	"fmt"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// strangers is a pair before its first sync: people whom both sides know, and others whom one side knows.
func strangers(t *testing.T, both, left, right int) *world {
	t.Helper()
	w := newWorld(t, record.Contact, nil)
	w.wary = true
	put := func(from, n int, services ...*memory.Service) {
		for i := range n {
			for _, s := range services {
				s.Put(w.ref(), person(fmt.Sprint(from+i)))
			}
		}
	}
	put(0, both, w.left, w.right)
	put(1000, left, w.left)
	put(2000, right, w.right)
	return w
}

// C-58: a first sync of two sides that hold items already asks when one of them would grow by more than a tenth.
func TestAFirstSyncThatRecognisesLittleAsks(t *testing.T) {
	for _, c := range []struct {
		both, left, right int
		asks              bool
		side              plan.Side
		number            int
	}{
		{20, 7, 0, true, plan.Right, 7},
		{20, 0, 7, true, plan.Left, 7},
		{20, 3, 4, true, plan.Left, 7},
		{0, 3, 3, true, plan.Right, 6},
		{20, 5, 0, false, 0, 0}, // a few
		{60, 6, 0, false, 0, 0}, // a tenth
		{60, 0, 6, false, 0, 0},
		{59, 6, 0, true, 1, 6},   // more than a tenth
		{0, 40, 0, false, 0, 0},  // an empty folder is to be filled
		{0, 0, 40, false, 0, 0},  // in both directions
		{60, 3, 3, false, 0, 0},  // little for either
		{9, 10, 80, true, 0, 90}, // the number is that of both
	} {
		w := strangers(t, c.both, c.left, c.right)
		r, err := w.try(RunOptions{})
		if !c.asks {
			w.must(err)
			w.count(c.both+c.left+c.right, c.both+c.left+c.right)
			continue
		}
		wantGuard(t, r, err, plan.CodeFirst, c.side, c.number)
		if q := w.asked(plan.CodeFirst); q.Linked != c.both || len(q.Items[plan.Left]) != c.left || len(q.Items[plan.Right]) != c.right {
			t.Errorf("%+v: asked about %d and %d, %d recognised", c, len(q.Items[plan.Left]), len(q.Items[plan.Right]), q.Linked)
		}
		if f := r.First; f == nil || f.Matched != c.both || f.New != [2]int{c.left, c.right} {
			t.Errorf("%+v: told of %+v", c, f)
		}
		w.count(c.both+c.left, c.both+c.right)
	}
}

// C-58: nothing is written until somebody answers, with a restart before and after; the answer is for who was there when it
// was asked.
func TestAnswersToAFirstSync(t *testing.T) {
	w := strangers(t, 3, 8, 0)
	w.stopped()
	w.answer(plan.CodeFirst, plan.ChoiceLater)
	w.stopped()
	w.right.Put(w.ref(), person("1000")) // Somebody enters one of them by hand.
	w.stopped()
	if q := w.asked(plan.CodeFirst); q.Number != 7 {
		t.Fatalf("asked about %d, want 7", q.Number)
	}
	w.answer(plan.CodeFirst, plan.ChoiceGoOn)
	w.left.Put(w.ref(), person("3000"))
	w.sync()
	w.count(12, 12)
	w.nothingAsked()
	for i := range 10 {
		w.left.Put(w.ref(), person(fmt.Sprint(4000+i)))
		w.right.Put(w.ref(), person(fmt.Sprint(5000+i)))
	}
	w.sync() // Not the first one any more.
	w.count(32, 32)
	w.quiet()
}

// C-58: what was not seen when it was answered is asked about if it is much.
func TestAnAnswerToAFirstSyncIsForWhatWasAsked(t *testing.T) {
	w := strangers(t, 3, 8, 0)
	w.stopped()
	w.answer(plan.CodeFirst, plan.ChoiceGoOn)
	for i := range 9 {
		w.left.Put(w.ref(), person(fmt.Sprint(4000+i)))
	}
	w.stopped()
	if q := w.asked(plan.CodeFirst); q.Number != 9 {
		t.Fatalf("asked about %d, want 9", q.Number)
	}
	w.answer(plan.CodeFirst, plan.ChoiceGoOn)
	w.sync()
	w.count(20, 20)
}

// C-58: who confirms the plan of a first sync has seen every item that it makes.
func TestTheConfirmedPlanOfAFirstSyncIsNotAskedAbout(t *testing.T) {
	w := strangers(t, 3, 8, 9)
	dry, err := w.try(RunOptions{DryRun: true})
	if !errors.Is(err, ErrGuard) || len(dry.Plan) != 17 {
		t.Fatalf("%d in the plan, error %v", len(dry.Plan), err)
	}
	w.must(errorOf(w.try(RunOptions{Plan: dry.PlanID})))
	w.count(20, 20)
	w.quiet()
}
