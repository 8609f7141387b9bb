package engine

import (
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// other is what an item is edited to be that is to resemble none any more.
var other = record.Patch{record.FirstName: "Grace", record.LastName: "Hopper", record.EmailMain: "grace@example.com"}

// A person who edits one of several items that may belong together does not say that it is a new one.
func TestAnEditOfOneOfSeveralDecidesNoDoubt(t *testing.T) {
	for _, many := range plan.Sides {
		w := newWorld(t, record.Contact, nil)
		edited := w.service(many).Put(w.ref(), person("1").With(record.Patch{record.Phone: "1"}))
		w.service(many).Put(w.ref(), person("1").With(record.Patch{record.Phone: "2"}))
		w.service(many.Other()).Put(w.ref(), person("1").With(record.Patch{record.Phone: "3"}))
		w.sync()
		held := [2]int{len(w.left.Items(w.ref())), len(w.right.Items(w.ref()))}
		w.service(many).Edit(w.ref(), edited, other)
		wantCode(t, w.sync(), plan.CodeAmbiguous, 3)
		w.count(held[0], held[1])
		w.left.Put(w.ref(), person("7"))
		wantCode(t, w.sync(), plan.CodeAmbiguous, 3)
		w.count(held[0]+1, held[1]+1)
		w.quiet()
	}
}

// What cannot be read or seen for a while is there all the same: the other one that was asked about is not made anew.
func TestWhatIsOutOfSightDecidesNoDoubt(t *testing.T) {
	for _, side := range plan.Sides {
		for _, hidden := range []bool{false, true} {
			if hidden && side == plan.Right {
				continue // What a calendar server does not list is deleted.
			}
			w := newWorld(t, record.Contact, nil)
			w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1"}))
			w.right.Put(w.ref(), person("1").With(record.Patch{record.Phone: "2"}))
			w.sync()
			before := w.asked(plan.CodeAmbiguous).ID
			id := w.one(w.service(side)).ID
			if hidden {
				w.service(side).Hide(w.ref(), id)
			} else {
				w.service(side).Spoil(w.ref(), id, "unreadable")
			}
			w.must(second(w.try(RunOptions{Deep: true})))
			w.count(1, 1)
			w.sync()
			w.count(1, 1)
			w.service(side).Show(w.ref(), id)
			w.service(side).Spoil(w.ref(), id, "")
			w.sync()
			w.count(1, 1)
			if q := w.asked(plan.CodeAmbiguous); q.ID != before {
				t.Errorf("%s: asked anew: %+v", side, q)
			}
			w.quiet()
		}
	}
}

// Who says that two are one is heard, although one of them was edited before the next sync.
func TestAnAnswerOutlivesAnEdit(t *testing.T) {
	for _, edited := range plan.Sides {
		w := newWorld(t, record.Contact, nil)
		w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1"}))
		right := w.right.Put(w.ref(), person("1").With(record.Patch{record.Phone: "2"}))
		w.sync()
		w.answer(plan.CodeAmbiguous, plan.Linking(right))
		w.service(edited).Edit(w.ref(), w.one(w.service(edited)).ID, other)
		w.sync()
		w.count(1, 1)
		w.nothingAsked()
		w.same()
		w.quiet()
	}
}

// Who makes one of several fit exactly says which one it is. Only what became of the others is asked then.
func TestMakingOneFitExactlyDecidesADoubt(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	right := w.right.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1"}))
	w.right.Put(w.ref(), person("1").With(record.Patch{record.Phone: "2"}))
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "3"}))
	w.sync()
	w.right.Edit(w.ref(), right, record.Patch{record.Phone: "3"})
	wantCode(t, w.sync(), plan.CodeAmbiguous, 1)
	w.count(1, 2)
	w.answer(plan.CodeAmbiguous, plan.ChoiceNew)
	w.sync()
	w.count(2, 2)
	w.nothingAsked()
	w.same()
	w.quiet()
}
