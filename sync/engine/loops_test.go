package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// pull changes the phone back and forth, as two other programs do that keep the sides apart, and syncs every hour until a
// run says that this is a loop. It returns how often they were synchronised.
func (w *world) pull(most int) int {
	for n := range most {
		s := w.service(plan.Side(n % 2))
		s.Edit(w.ref(), w.one(s).ID, record.Patch{record.Phone: fmt.Sprint(n % 2)})
		w.now = w.now.Add(time.Hour)
		if codes(w.sync())[plan.CodeLoop] > 0 {
			return n
		}
	}
	return most
}

// C-57: what others change back again and again is frozen, with the item and the field, until a person decides.
func TestALoopIsFrozen(t *testing.T) {
	for _, c := range []struct {
		answer plan.Choice
		again  int // how often it is synchronised after the answer
	}{{plan.ChoiceGoOn, plan.Returns + 1}, {plan.ChoiceLeave, 8}} {
		t.Run(string(c.answer), func(t *testing.T) {
			w := newWorld(t, record.Contact, nil)
			w.left.Put(w.ref(), person("1"))
			w.sync()
			if n := w.pull(20); n != plan.Returns+1 {
				t.Fatalf("frozen after %d times", n)
			}
			before := w.left.Writes() + w.right.Writes()
			w.sync()
			if q := w.asked(plan.CodeLoop); q.Names[0] != "Ada L1" || !slices.Equal(q.Fields, []record.Field{record.Phone}) {
				t.Fatalf("%+v", q)
			}
			w.answer(plan.CodeLoop, plan.ChoiceLater)
			w.sync()
			w.answer(plan.CodeLoop, c.answer)
			r := w.sync()
			if c.answer == plan.ChoiceLeave {
				w.nothingAsked()
				if r.Waits() || w.pull(c.again) != c.again || w.left.Writes()+w.right.Writes() != before {
					t.Fatalf("%+v: it was written", r)
				}
				return
			}
			w.same()
			w.nothingAsked()
			if n := w.pull(20); n != c.again {
				t.Fatalf("frozen again after %d times", n)
			}
		})
	}
}

// A person who edits one side often, or both now and then, is no loop.
func TestManyEditsAreNoLoop(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	for n := range 12 {
		w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: fmt.Sprint(n)})
		w.sync()
		w.same()
	}
	for n := range 12 {
		s := w.service(plan.Side(n % 2))
		s.Edit(w.ref(), w.one(s).ID, record.Patch{record.Fax: fmt.Sprint(n)})
		w.now = w.now.Add(5 * time.Hour)
		w.sync()
		w.same()
	}
	w.nothingAsked()
}
