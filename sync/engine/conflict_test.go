package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

func TestNewestWins(t *testing.T) {
	cases := []struct {
		name   string
		noTime bool
		edits  func(w *world, away *bool, left, right func())
		want   string // the phone number of both; "": it stays open
	}{
		{"the left told a later time", false, func(w *world, _ *bool, left, right func()) { right(); w.left.Advance(time.Hour); left() }, "left"},
		{"the right told a later time", false, func(w *world, _ *bool, left, right func()) { left(); w.right.Advance(time.Hour); right() }, "right"},
		{"the right was edited while it could not be reached", true, func(w *world, away *bool, left, right func()) {
			left()
			*away = true
			if _, err := w.try(RunOptions{}); err == nil {
				w.t.Fatal("the right was reached")
			}
			*away = false
			right()
		}, "right"},
		{"both were first seen in one run", true, func(_ *world, _ *bool, left, right func()) { left(); right() }, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.Newest })
			away := false
			if c.noTime {
				w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), NoTimes: true, OnPage: func(string) {
					if away {
						w.right.Fail(memory.RateLimited, 1)
					}
				}})
			}
			w.now = w.now.AddDate(0, 0, 1)
			w.left.Put(w.ref(), person("1"))
			w.sync()
			l, r := w.one(w.left).ID, w.one(w.right).ID
			c.edits(w, &away,
				func() { w.left.Edit(w.ref(), l, record.Patch{record.Phone: "left"}) },
				func() { w.right.Edit(w.ref(), r, record.Patch{record.Phone: "right"}) })
			w.sync()
			left, right := w.one(w.left).Record[record.Phone], w.one(w.right).Record[record.Phone]
			if c.want == "" && (left != "left" || right != "right") || c.want != "" && (left != c.want || right != c.want) {
				t.Fatalf("phones %q and %q", left, right)
			}
			w.quiet()
		})
	}
}

// What we wrote is no edit: the other fields of an item that flow meanwhile decide nothing about the one in question.
func TestNewestIsNotFooledByOurOwnWrites(t *testing.T) {
	w := apart(t, plan.Newest, func(w *world) {
		w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), NoTimes: true})
	})
	w.sync()
	left, right := w.one(w.left).Record, w.one(w.right).Record
	if left[record.Phone] != "left" || right[record.Phone] != "right" || left[record.Mobile] != "r" || right[record.Fax] != "l" {
		t.Fatalf("left %v, right %v", left, right)
	}
	w.quiet()
}

// C-6: one question for all fields of an item that both sides changed differently; the others flow meanwhile.
func TestAskMeAsksOncePerItem(t *testing.T) {
	w := apart(t, plan.AskMe, nil)
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Department: "left"})
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Department: "right"})
	r := w.sync()
	left, right := w.one(w.left).Record, w.one(w.right).Record
	if left[record.Phone] != "left" || right[record.Phone] != "right" || left[record.Mobile] != "r" || right[record.Fax] != "l" {
		t.Fatalf("left %v, right %v", left, right)
	}
	wantCode(t, r, plan.CodeConflict, 2)
	q := w.asked(plan.CodeConflict)
	want := map[record.Field][2]string{record.Phone: {"left", "right"}, record.Department: {"left", "right"}}
	if q.Code != plan.CodeConflict || !maps.Equal(q.Values, want) || !slices.Equal(q.Choices, []plan.Choice{plan.ChoiceLeft, plan.ChoiceRight, plan.ChoiceBoth, plan.ChoiceLater}) {
		t.Fatalf("question %+v", q)
	}
	w.quiet()
	// Another field is edited: the question is the same one.
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Assistant: "a"})
	w.sync()
	if again := w.asked(plan.CodeConflict); again.ID != q.ID || w.one(w.right).Record[record.Assistant] != "a" {
		t.Fatalf("question %+v, the right holds %v", again, w.one(w.right).Record)
	}
}

// Every answer does what it says, also when the program was started anew since the question.
func TestAnswersToAConflict(t *testing.T) {
	for _, c := range []plan.Choice{plan.ChoiceLeft, plan.ChoiceRight, plan.ChoiceBoth, plan.ChoiceLater} {
		t.Run(string(c), func(t *testing.T) {
			w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.AskMe })
			w.part()
			w.sync()
			w.answer(plan.CodeConflict, c)
			r := w.sync()
			want := map[plan.Choice]map[string]int{plan.ChoiceLeft: {"left": 1}, plan.ChoiceRight: {"right": 1}, plan.ChoiceBoth: {"left": 1, "right": 1}}
			if c == plan.ChoiceLater {
				if w.one(w.left).Record[record.Phone] != "left" || w.one(w.right).Record[record.Phone] != "right" {
					t.Fatal("who decides later decided nothing")
				}
				w.quiet()
				return
			}
			if got := w.phones(w.left); !maps.Equal(got, want[c]) || r.Conflicts != 1 || r.Waits() {
				t.Fatalf("phones %v, report %+v", got, r)
			}
			w.same()
			w.nothingAsked()
			w.quiet()
		})
	}
}

// An answer holds for exactly the values that were asked about.
func TestAnAnswerHoldsForTheValuesAskedAbout(t *testing.T) {
	for _, side := range plan.Sides {
		w := apart(t, plan.AskMe, nil)
		w.sync()
		q := w.asked(plan.CodeConflict)
		s := w.service(side)
		s.Edit(w.ref(), w.one(s).ID, record.Patch{record.Phone: "edited since"})
		w.must(w.engine().Answer(context.Background(), q.ID, plan.ChoiceLeft))
		w.sync()
		if again := w.asked(plan.CodeConflict); again.ID == q.ID {
			t.Fatal("the old answer was taken for an answer to new values")
		}
		if l, r := w.one(w.left).Record[record.Phone], w.one(w.right).Record[record.Phone]; l == r {
			t.Fatalf("the %s was edited since, and both hold %q", side, l)
		}
	}
}

// R4: who makes both values equal has answered.
func TestAConflictThatEndsByItselfClosesItsQuestion(t *testing.T) {
	for _, side := range plan.Sides {
		w := apart(t, plan.AskMe, nil)
		w.sync()
		w.asked(plan.CodeConflict)
		s := w.service(side)
		s.Edit(w.ref(), w.one(s).ID, record.Patch{record.Phone: side.Other().String()})
		w.sync()
		w.nothingAsked()
		w.same()
		w.quiet()
	}
}

// Two edits of which nobody can say which is newer are asked about.
func TestNewestAsksWhereItCannotTell(t *testing.T) {
	w := apart(t, plan.Newest, func(w *world) {
		w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), NoTimes: true})
	})
	w.sync()
	w.must(w.engine().Answer(context.Background(), w.asked(plan.CodeConflict).ID, plan.ChoiceRight))
	w.sync()
	w.same()
	if got := w.one(w.left).Record[record.Phone]; got != "right" {
		t.Fatalf("phone %q", got)
	}
	w.nothingAsked()
}

// Both sides add a category: both have both in the end, also when the program is killed between the two writes.
func TestCategoriesOfBothSidesSurviveAKill(t *testing.T) {
	for fuse := 1; ; fuse++ {
		left := 0
		w := newWorldIn(t, inMemory, state.Options{Gate: func() error {
			if left--; left == 0 {
				panic(errKilled)
			}
			return nil
		}}, record.Contact, func(p *state.Pair) { p.Conflict = plan.AskMe })
		t.Cleanup(func() { _ = w.state.Close() })
		w.left.Put(w.ref(), person("1").With(record.Patch{record.Categories: "A;Z"}))
		w.sync()
		w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Categories: "A;B;Z"})
		w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Categories: "A;C"})
		left = fuse
		killed := w.killed()
		left = 0
		w.now = w.now.Add(time.Hour)
		w.sync()
		w.same()
		if got := w.one(w.left).Record[record.Categories]; got != "A;B;C" {
			t.Fatalf("killed at transaction %d: categories %q", fuse, got)
		}
		w.nothingAsked()
		w.quiet()
		if !killed {
			return
		}
	}
}

// Who changes their mind before the next sync is heard.
func TestAnAnswerCanBeReplacedUntilItIsCarriedOut(t *testing.T) {
	w := apart(t, plan.AskMe, nil)
	w.sync()
	id := w.asked(plan.CodeConflict).ID
	for _, c := range []plan.Choice{plan.ChoiceLeft, plan.ChoiceLater, plan.ChoiceRight} {
		w.must(w.engine().Answer(context.Background(), id, c))
	}
	w.sync()
	if got := w.phones(w.left); got["right"] != 1 {
		t.Errorf("phones %v", got)
	}
	if err := w.engine().Answer(context.Background(), id, plan.ChoiceLeft); !errors.Is(err, ErrNoQuestion) {
		t.Errorf("what was carried out is answered again: %v", err)
	}
}
