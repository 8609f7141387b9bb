package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// shift changes the phone of every contact of a side, as a program that runs wild does.
func (w *world) shift(s *memory.Service) {
	for i, it := range s.Items(w.ref()) {
		s.Edit(w.ref(), it.ID, record.Patch{record.Phone: fmt.Sprint("wild ", i)})
	}
}

func phones(w *world, s *memory.Service) (n int) {
	for _, it := range s.Items(w.ref()) {
		if strings.HasPrefix(it.Record[record.Phone], "wild") {
			n++
		}
	}
	return n
}

// R2: what changed all at once is written, put back, or left until somebody decides.
func TestAnswersToAllChangedAtOnce(t *testing.T) {
	for _, side := range plan.Sides {
		for _, c := range []struct {
			answer      plan.Choice
			here, there int // wild phones afterwards
		}{{plan.ChoiceGoOn, 12, 12}, {plan.ChoicePutBack, 0, 0}} {
			t.Run(fmt.Sprint(side, " ", c.answer), func(t *testing.T) {
				w := crowd(t, 12, nil)
				w.shift(w.service(side))
				w.stopped()
				if q := w.asked(plan.CodeAll); q.Side != side || q.Number != 12 || q.Linked != 12 {
					t.Fatalf("%+v", q)
				}
				w.answer(plan.CodeAll, plan.ChoiceLater)
				w.stopped()
				w.answer(plan.CodeAll, c.answer)
				w.sync()
				if here, there := phones(w, w.service(side)), phones(w, w.service(side.Other())); here != c.here || there != c.there {
					t.Fatalf("%d wild phones on the %s and %d on the other side", here, side, there)
				}
				w.same()
				w.nothingAsked()
				w.quiet()
			})
		}
	}
}

// What was put back is in the journal, and what somebody edited after the question is not put back unasked.
func TestOnlyWhatWasAskedAboutIsPutBack(t *testing.T) {
	w := crowd(t, 12, nil)
	w.shift(w.right)
	w.stopped()
	q := w.answer(plan.CodeAll, plan.ChoicePutBack)
	edited := q.Items[plan.Right][0]
	w.right.Edit(w.ref(), edited, record.Patch{record.Phone: "edited"})
	w.stopped()
	again := w.asked(plan.CodeAll)
	if again.Number != 1 || !slices.Equal(again.Items[plan.Right], []record.ID{edited}) {
		t.Fatalf("%+v", again)
	}
	w.answer(plan.CodeAll, plan.ChoiceGoOn)
	r := w.sync()
	if it, _ := w.right.Item(w.ref(), edited); it.Record[record.Phone] != "edited" || phones(w, w.right) != 0 {
		t.Fatalf("%v, %d wild phones", it.Record, phones(w, w.right))
	}
	if r.Conflicts != 11 {
		t.Fatalf("%d losing values in the journal, want 11", r.Conflicts)
	}
	w.same()
	w.quiet()
}

// C-4: creates that fail alike stop the pair until a person goes on without them.
func TestAnswersToCreatesThatFail(t *testing.T) {
	w := crowd(t, 4, nil)
	for i := range 4 {
		w.left.Put(w.ref(), person(fmt.Sprint(i+20)))
	}
	w.remove(w.left, 1)
	for range 2 {
		w.right.Fail(memory.Refused, 4)
		if _, err := w.try(RunOptions{}); !errors.Is(err, ErrGuard) {
			t.Fatalf("error %v", err)
		}
		if q := w.asked(plan.CodeFailing); q.Side != plan.Right || q.Number != 4 || len(q.Names) != 4 {
			t.Fatalf("%+v", q)
		}
	}
	w.answer(plan.CodeFailing, plan.ChoiceLater)
	w.right.Fail(memory.Refused, 4)
	if _, err := w.try(RunOptions{}); !errors.Is(err, ErrGuard) {
		t.Fatalf("error %v", err)
	}
	if n := len(w.right.Items(w.ref())); n != 4 {
		t.Fatalf("%d items on the right: something was deleted", n)
	}
	w.answer(plan.CodeFailing, plan.ChoiceGoOn)
	w.right.Fail(memory.Refused, 4)
	r := w.sync()
	wantCode(t, r, provider.CodeRefused, 4)
	w.count(7, 3)
	w.nothingAsked()
}

// C-4: the cause went away, and so did the question.
func TestAGuardWhoseCauseWentAwayIsAskedNoMore(t *testing.T) {
	w := crowd(t, 4, nil)
	for i := range 4 {
		w.left.Put(w.ref(), person(fmt.Sprint(i+20)))
	}
	w.right.Fail(memory.Refused, 4)
	if _, err := w.try(RunOptions{}); !errors.Is(err, ErrGuard) {
		t.Fatalf("error %v", err)
	}
	w.sync()
	w.count(8, 8)
	w.nothingAsked()
	if p, err := w.state.GetPair(context.Background(), "p"); err != nil || p.Stop != nil {
		t.Fatalf("%+v, %v", p.Stop, err)
	}
}

// C-3: a folder that is missing is a matter of the pair, never of its items.
func TestAMissingFolderIsAsked(t *testing.T) {
	for _, side := range plan.Sides {
		t.Run(side.String(), func(t *testing.T) {
			w := crowd(t, 8, nil)
			w.service(side).Drop(w.ref())
			for range 3 {
				if _, err := w.try(RunOptions{}); !errors.Is(err, provider.ErrGone) {
					t.Fatalf("error %v", err)
				}
			}
			if q := w.asked(plan.CodeGone); q.Side != side {
				t.Fatalf("%+v", q)
			}
			w.answer(plan.CodeGone, plan.ChoiceLook)
			if _, err := w.try(RunOptions{}); !errors.Is(err, provider.ErrGone) {
				t.Fatalf("error %v", err)
			}
			w.asked(plan.CodeGone)
			w.service(side).Return(w.ref())
			if r := w.sync(); r.Wrote() != 0 {
				t.Fatalf("report %+v", r)
			}
			w.count(8, 8)
			w.nothingAsked()
			w.service(side).Drop(w.ref())
			_, _ = w.try(RunOptions{})
			w.answer(plan.CodeGone, plan.ChoiceRemove)
			if pairs, err := w.state.ListPairs(context.Background()); err != nil || len(pairs) != 0 {
				t.Fatalf("%v, %v", pairs, err)
			}
			if n := len(w.service(side.Other()).Items(w.ref())); n != 8 {
				t.Fatalf("%d items on the other side", n)
			}
		})
	}
}

// C-62: one pair waits, the others go on.
func TestTheOtherPairsGoOn(t *testing.T) {
	w := crowd(t, 12, nil)
	other := w.pair
	other.ID, other.Kind, other.Mapping = "q", record.Task, plan.DefaultMapping(record.Task, false)
	other.Ends[plan.Left].Ref, other.Ends[plan.Right].Ref = "task", "task"
	w.must(w.state.StorePair(context.Background(), other))
	w.remove(w.right, 6)
	w.left.Put("task", record.Record{record.Subject: "call"})
	e := w.engine()
	w.must(e.round(context.Background(), &RunOptions{}, nil))
	w.asked(plan.CodeMany)
	w.count(12, 6)
	if n := len(w.right.Items("task")); n != 1 {
		t.Fatalf("%d tasks on the right", n)
	}
	s, err := e.Status(context.Background())
	w.must(err)
	states := map[string]string{}
	for _, p := range s.Pairs {
		states[p.ID] = p.State
	}
	if want := map[string]string{"p": StateAttention, "q": StateInStep}; !maps.Equal(states, want) || s.State != StateAttention {
		t.Fatalf("%v, %s", states, s.State)
	}
}
