package engine

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

func asking(p *state.Pair) { p.Delete = [2]plan.Deletion{plan.Ask, plan.Ask} }

// C-7: a deletion that waits for a person is decided once, and each decision does what it says.
func TestAnswersToADeletion(t *testing.T) {
	for _, side := range plan.Sides {
		for _, c := range []struct {
			answer plan.Choice
			n      int // contacts on both sides afterwards
			codes  int // of what still waits
		}{{plan.ChoiceDelete, 3, 0}, {plan.ChoiceBringBack, 4, 0}} {
			t.Run(fmt.Sprint(side, " ", c.answer), func(t *testing.T) {
				w := crowd(t, 4, asking)
				w.remove(w.service(side), 1)
				for range 2 {
					wantCode(t, w.sync(), plan.CodeDeletion, 1)
				}
				first := w.answer(plan.CodeDeletion, plan.ChoiceLater)
				w.sync()
				if q := w.answer(plan.CodeDeletion, c.answer); q.ID != first.ID || q.Side != side.Other() || len(q.Names) != 1 || q.Stops {
					t.Fatalf("%+v", q)
				}
				wantCode(t, w.sync(), plan.CodeDeletion, 0)
				w.count(c.n, c.n)
				w.same()
				w.nothingAsked()
				w.quiet()
				// The same once more is asked once more.
				w.remove(w.service(side), 1)
				w.sync()
				w.asked(plan.CodeDeletion)
			})
		}
	}
}

// A deletion whose item came back, or was edited, is asked no more.
func TestADeletionThatSettlesItselfIsAskedNoMore(t *testing.T) {
	w := crowd(t, 4, asking)
	w.remove(w.right, 1)
	w.sync()
	q := w.asked(plan.CodeDeletion)
	w.left.Edit(w.ref(), q.Items[plan.Left][0], record.Patch{record.Phone: "1"})
	w.sync()
	w.count(4, 4)
	w.same()
	w.nothingAsked()
}

// C-62: many deletions that wait are one question, not one each.
func TestManyDeletionsThatWaitAreOneQuestion(t *testing.T) {
	for _, c := range []struct {
		answer plan.Choice
		n      int
	}{{plan.ChoiceDelete, 13}, {plan.ChoiceBringBack, 20}} {
		w := crowd(t, 20, asking)
		w.remove(w.right, 7)
		w.sync()
		w.quiet()
		if q := w.answer(plan.CodeDeletion, c.answer); q.Number != 7 || len(q.Items[plan.Left]) != 7 {
			t.Fatalf("%+v", q)
		}
		w.sync()
		w.count(c.n, c.n)
		w.same()
		w.nothingAsked()
		w.quiet()
	}
}

// C-39: a meeting with participants is deleted with consent only, unless the pair is told otherwise.
func TestMeetingsWithGuestsAreDeletedWithConsent(t *testing.T) {
	for _, side := range plan.Sides {
		for _, c := range []struct {
			policy plan.Deletion
			answer plan.Choice
			n      int
		}{{"", plan.ChoiceDelete, 0}, {"", plan.ChoiceBringBack, 1}, {plan.Propagate, "", 0}} {
			t.Run(fmt.Sprint(side, " ", c.policy, c.answer), func(t *testing.T) {
				w := newWorld(t, record.Event, func(p *state.Pair) { p.Guests = c.policy })
				w.left.Put(w.ref(), meeting(1, 0).With(record.Patch{record.Participants: record.Join("bob@example.com")}))
				w.left.Put(w.ref(), meeting(2, 0))
				w.sync()
				for _, it := range w.service(side).Items(w.ref()) {
					w.service(side).Remove(w.ref(), it.ID)
				}
				w.sync()
				if c.answer != "" {
					w.count([2]int{1, 0}[1-side], [2]int{1, 0}[side])
					w.answer(plan.CodeGuests, c.answer)
					w.sync()
				}
				w.count(c.n, c.n)
				w.nothingAsked()
				w.quiet()
			})
		}
	}
}

// ambiguous is a world with one contact on the right that two on the left could be.
func ambiguous(t *testing.T) *world {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1"}))
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "2"}))
	w.right.Put(w.ref(), person("1"))
	wantCode(t, w.sync(), plan.CodeAmbiguous, 3)
	w.count(2, 1)
	return w
}

// S2-27: what could be the partner of several is linked, made anew or left as a person says.
func TestAnswersToWhatIsAmbiguous(t *testing.T) {
	type answers map[string]plan.Choice // by the phone of the left item
	link := plan.Choice("link")
	for name, c := range map[string]struct {
		answers     answers
		left, right int
		asked       int // questions that are left
	}{
		"one is linked, the other is new":  {answers{"1": link, "2": plan.ChoiceNew}, 2, 2, 0},
		"one is linked":                    {answers{"1": link}, 2, 1, 1},
		"both are new":                     {answers{"1": plan.ChoiceNew, "2": plan.ChoiceNew}, 3, 3, 0},
		"one is left alone":                {answers{"1": plan.ChoiceLeave, "2": link}, 2, 1, 0},
		"both are left, so the right asks": {answers{"1": plan.ChoiceLeave, "2": plan.ChoiceLeave}, 2, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := ambiguous(t)
			w.restart()
			partner := plan.Linking(w.one(w.right).ID)
			all := w.questions()
			if len(all) != 2 || all[0].Side != plan.Left || all[0].Partners[partner] != "Ada L1" {
				t.Fatalf("%+v", all)
			}
			for _, q := range all {
				it, _ := w.left.Item(w.ref(), q.Items[plan.Left][0])
				choice := c.answers[it.Record[record.Phone]]
				if choice == link {
					choice = partner
				}
				if choice != "" {
					w.must(w.engine().Answer(context.Background(), q.ID, choice))
				}
			}
			w.restart()
			w.sync()
			w.sync()
			w.count(c.left, c.right)
			w.quiet()
			if got := w.questions(); len(got) != c.asked {
				t.Fatalf("%d questions, want %d: %+v", len(got), c.asked, got)
			}
			for range 2 {
				// Something else happens, and what was decided or waits stays as it is.
				w.left.Put(w.ref(), person(fmt.Sprint("else", len(w.left.Items(w.ref())))))
				w.sync()
			}
			w.count(c.left+2, c.right+2)
			if got := w.questions(); len(got) != c.asked {
				t.Fatalf("%d questions, want %d: %+v", len(got), c.asked, got)
			}
		})
	}
}

// What was left with a person is never made a second time because its twin found the partner.
func TestTheTwinOfALinkedItemIsAsked(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "2"}))
	w.right.Put(w.ref(), person("1"))
	w.sync()
	w.left.Put(w.ref(), person("7"))
	w.sync()
	w.sync()
	w.count(3, 2)
	q := w.asked(plan.CodeAmbiguous)
	if !slices.Equal(q.Choices, []plan.Choice{plan.ChoiceNew, plan.ChoiceLeave, plan.ChoiceLater}) {
		t.Fatalf("%+v", q)
	}
	w.answer(plan.CodeAmbiguous, plan.ChoiceNew)
	w.sync()
	w.count(3, 3)
	w.nothingAsked()
	w.quiet()
}

// Two items that nobody decided about are not made twice because a person edits one of them: it is asked as before.
func TestAnEditDecidesNoDoubt(t *testing.T) {
	for _, edited := range plan.Sides {
		w := newWorld(t, record.Contact, nil)
		w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1"}))
		w.right.Put(w.ref(), person("1").With(record.Patch{record.Phone: "2"}))
		w.sync()
		before := w.asked(plan.CodeAmbiguous).ID
		it := w.one(w.service(edited))
		w.service(edited).Edit(w.ref(), it.ID, record.Patch{record.FirstName: "Grace", record.LastName: "Hopper", record.EmailMain: "grace@example.com"})
		wantCode(t, w.sync(), plan.CodeAmbiguous, 2)
		w.count(1, 1)
		if q := w.asked(plan.CodeAmbiguous); q.ID != before {
			t.Errorf("asked anew: %+v", q)
		}
		w.answer(plan.CodeAmbiguous, plan.ChoiceNew)
		w.sync()
		w.count(2, 2)
		w.nothingAsked()
		w.quiet()
	}
}

// An item that bears a mark whose partner is missing was linked once.
func TestAnswersToAnOrphan(t *testing.T) {
	for _, c := range []struct {
		answer      plan.Choice
		left, right int
	}{{plan.ChoiceNew, 1, 1}, {plan.ChoiceLeave, 0, 1}, {plan.ChoiceDelete, 0, 0}} {
		t.Run(string(c.answer), func(t *testing.T) {
			w := newWorld(t, record.Contact, nil)
			w.left.Put(w.ref(), person("1"))
			w.sync()
			w.left.Remove(w.ref(), w.one(w.left).ID)
			w.forget()
			wantCode(t, w.sync(), plan.CodeOrphan, 1)
			w.answer(plan.CodeOrphan, plan.ChoiceLater)
			w.sync()
			w.count(0, 1)
			w.answer(plan.CodeOrphan, c.answer)
			r := w.sync()
			w.count(c.left, c.right)
			w.nothingAsked()
			if r.Waits() || r.Right.Deleted != 1-c.right {
				t.Fatalf("report %+v", r)
			}
			w.quiet()
			w.count(c.left, c.right)
		})
	}
}

// A create whose answer was lost, and of which nobody can tell what it made, is asked: it is this one, or it is sent again.
func TestAnswersToACreateOfUnknownFate(t *testing.T) {
	for _, again := range []bool{false, true} {
		t.Run(fmt.Sprint(again), func(t *testing.T) {
			w := newWorld(t, record.Contact, nil)
			w.right.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1", record.Fax: "2"}))
			w.left.Fail(memory.LostRequest, 1)
			_, _ = w.try(RunOptions{})
			// Meanwhile two others came that it may have made: each differs in one field.
			w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1", record.Fax: "other"}))
			w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "other", record.Fax: "2"}))
			w.now = w.now.Add(time.Hour)
			for range 2 {
				w.sync()
				w.count(2, 1)
			}
			q := w.asked(plan.CodeUnsure)
			if len(q.Choices) != 4 || len(q.Partners) != 2 || q.Side != plan.Right {
				t.Fatalf("%+v", q)
			}
			choice, left := q.Choices[0], 2
			if again {
				choice, left = plan.ChoiceAgain, 3
			}
			w.answer(plan.CodeUnsure, choice)
			w.sync()
			w.sync()
			if n := len(w.left.Items(w.ref())); n != left {
				t.Fatalf("%d contacts on the left, want %d", n, left)
			}
			for _, q := range w.questions() {
				if q.Code == plan.CodeUnsure {
					t.Fatalf("asked again: %+v", q)
				}
			}
			link, err := w.state.LinkOf(context.Background(), "p", plan.Right, w.right.Items(w.ref())[0].ID)
			w.must(err)
			if link == 0 {
				t.Fatal("it has no partner")
			}
		})
	}
}

// C-1: what was brought back and then returns by itself is not there twice.
func TestWhatReturnsAfterItWasBroughtBackIsNoNewItem(t *testing.T) {
	for _, c := range []struct {
		answer      plan.Choice
		left, right int // how many more there are for each that returned
	}{{plan.ChoiceDelete, 0, -1}, {plan.ChoiceLeave, 0, 0}, {plan.ChoiceNew, 1, 0}} {
		for _, n := range []int{8, 2} {
			t.Run(fmt.Sprint(c.answer, n), func(t *testing.T) {
				w := newWorld(t, record.Contact, nil)
				for i := range 8 {
					w.right.Put(w.ref(), person(fmt.Sprint(i)))
				}
				w.sync()
				hidden := w.right.Items(w.ref())
				for _, it := range hidden {
					w.right.Hide(w.ref(), it.ID)
				}
				w.right.ExpireCursors(w.ref())
				w.stopped()
				w.answer(plan.CodeEmptied, plan.ChoiceBringBack)
				w.sync()
				w.count(8, 16) // those that are not listed are there all the same
				for _, it := range hidden[:n] {
					w.right.Show(w.ref(), it.ID)
				}
				w.sync()
				w.count(8, 16)
				w.restart()
				for _, q := range w.questions() {
					if q.Code != plan.CodeReturned || n == 8 && q.Number != 8 {
						t.Fatalf("%+v", q)
					}
					w.must(w.engine().Answer(context.Background(), q.ID, c.answer))
				}
				w.restart()
				r := w.sync()
				if r.Waits() {
					t.Fatalf("report %+v", r)
				}
				w.count(8+n*c.left, 16+n*c.right)
				w.nothingAsked()
				w.quiet()
			})
		}
	}
}
