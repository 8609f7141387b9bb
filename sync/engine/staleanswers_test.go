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

// orphaned is a world with one contact in the address book that names a partner which is not there, and a person who said
// that it is to be deleted.
func orphaned(t *testing.T) (*world, record.ID) {
	t.Helper()
	w := newWorld(t, record.Contact, nil)
	id := w.right.Put(w.ref(), person("1"))
	w.right.SetMark(w.ref(), id, "nobody")
	w.sync()
	w.answer(plan.CodeOrphan, plan.ChoiceDelete)
	return w, id
}

// C-7, R5: who said that an item without a partner is to be deleted meant it as it was. An edit before the answer is carried
// out, or in the very moment of it, is not deleted with it.
func TestAnOrphanThatWasEditedSinceIsNotDeleted(t *testing.T) {
	edits := map[string]func(*world, record.ID){
		"before": func(w *world, id record.ID) { w.right.Edit(w.ref(), id, record.Patch{record.Phone: "1"}) },
		"meanwhile": func(w *world, id record.ID) {
			w.hook = func(plan.Side, record.Write) {
				w.hook = nil
				w.right.Edit(w.ref(), id, record.Patch{record.Phone: "1"})
			}
		},
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			w, id := orphaned(t)
			edit(w, id)
			w.sync()
			w.sync()
			w.count(0, 1)
			// It is asked about as it is now, and deleted when that is what is wanted.
			w.answer(plan.CodeOrphan, plan.ChoiceDelete)
			w.sync()
			w.count(0, 0)
			w.nothingAsked()
			w.quiet()
		})
	}
}

// An orphan that is left alone stays so, whoever edits it.
func TestAnOrphanThatIsLeftAloneIsAskedAboutOnce(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	id := w.right.Put(w.ref(), person("1"))
	w.right.SetMark(w.ref(), id, "nobody")
	w.sync()
	w.answer(plan.CodeOrphan, plan.ChoiceLeave)
	w.sync()
	w.right.Edit(w.ref(), id, record.Patch{record.Phone: "1"})
	w.sync()
	w.nothingAsked()
	w.count(0, 1)
}

// Who decided about exactly this conflict is not overruled by a policy that is changed afterwards.
func TestAnAnswerToAConflictOutlivesAChangeOfThePolicy(t *testing.T) {
	for _, policy := range plan.Policies {
		for choice, want := range map[plan.Choice]map[string]int{plan.ChoiceRight: {"right": 1}, plan.ChoiceBoth: {"left": 1, "right": 1}} {
			w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.AskMe })
			w.part()
			w.sync()
			w.answer(plan.CodeConflict, choice)
			w.pair.Conflict = policy
			w.must(w.state.StorePair(context.Background(), w.pair))
			w.sync()
			w.same()
			if got := w.phones(w.left); !maps.Equal(got, want) {
				t.Errorf("%s, %s: phones %v", choice, policy, got)
			}
			w.nothingAsked()
			w.quiet()
		}
	}
}

// C-62: of many orphans that one answer deletes, the one that was edited since is kept and asked about by itself.
func TestOfManyOrphansTheEditedOneIsNotDeleted(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 8 {
		w.right.SetMark(w.ref(), w.right.Put(w.ref(), person(fmt.Sprint(i))), "nobody")
	}
	w.sync()
	q := w.answer(plan.CodeOrphan, plan.ChoiceDelete)
	if q.Number != 8 {
		t.Fatalf("%+v", q)
	}
	kept := q.Items[plan.Right][3]
	w.right.Edit(w.ref(), kept, record.Patch{record.Phone: "1"})
	w.sync()
	if it := w.one(w.right); it.ID != kept {
		t.Fatalf("%s is left, not %s", it.ID, kept)
	}
	if q := w.asked(plan.CodeOrphan); q.Number != 1 {
		t.Fatalf("%+v", q)
	}
	w.answer(plan.CodeOrphan, plan.ChoiceLeave)
	w.sync()
	w.nothingAsked()
	w.count(0, 1)
}

// C-7: where all of them were edited since, the old answer is for none, however often they are looked at.
func TestAnAnswerAboutManyOrphansIsForNoneThatWasEdited(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 8 {
		w.right.SetMark(w.ref(), w.right.Put(w.ref(), person(fmt.Sprint(i))), "nobody")
	}
	w.sync()
	w.answer(plan.CodeOrphan, plan.ChoiceDelete)
	for _, it := range w.right.Items(w.ref()) {
		w.right.Edit(w.ref(), it.ID, record.Patch{record.Phone: "1"})
	}
	for range 3 {
		w.sync()
		w.now = w.now.Add(7 * 24 * time.Hour)
		w.must(errorOf(w.try(RunOptions{Retry: true})))
	}
	w.count(0, 8)
	w.asked(plan.CodeOrphan)
}

// Two creates without an answer may have made one and the same contact, and a person says so of both: one of them did. The
// other one is asked about again, and the pair goes on.
func TestTwoAnswersThatNameOneItem(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), Lag: 24 * time.Hour})
	a := person("1").With(record.Patch{record.Phone: "1", record.Fax: "a"})
	w.right.Put(w.ref(), a)
	w.right.Put(w.ref(), a.With(record.Patch{record.Fax: "b"}))
	w.left.Fail(memory.LostRequest, 2)
	for range 2 {
		w.now = w.now.Add(time.Hour)
		_, _ = w.try(RunOptions{})
	}
	w.left.Put(w.ref(), a.With(record.Patch{record.Fax: "other"}))
	w.now = w.now.Add(30 * time.Hour)
	w.left.Advance(30 * time.Hour)
	w.sync()
	all := w.questions()
	if len(all) != 2 || all[0].Code != plan.CodeUnsure || all[1].Code != plan.CodeUnsure {
		t.Fatalf("%+v", all)
	}
	for _, q := range all {
		w.must(w.engine().Answer(context.Background(), q.ID, q.Choices[0]))
	}
	w.sync()
	w.sync()
	for _, q := range w.questions() {
		if q.Code == plan.CodeUnsure {
			w.must(w.engine().Answer(context.Background(), q.ID, plan.ChoiceAgain))
		}
	}
	w.sync()
	w.count(2, 2)
	w.quiet()
}
