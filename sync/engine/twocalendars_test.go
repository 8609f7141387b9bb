package engine

import (
	"context"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// twoCalendars is a world with two pairs on one module of the CRM: "p", and "q" with the calendar "second". The CRM tells
// of a change only after some time.
func twoCalendars(t *testing.T, o memory.Options) *world {
	t.Helper()
	w := newWorld(t, record.Event, nil)
	o.Name, o.Owner, o.Limits, o.OnApply = "crm", owner, crmLimits(), w.onApply(plan.Left)
	w.left = memory.New(o)
	w.right.Add("second", record.Event)
	other := w.pair
	other.ID, other.Ends[plan.Right].Ref = "q", "second"
	w.must(w.state.StorePair(context.Background(), other))
	return w
}

// round runs both pairs, in the order in which Serve does, or in the other one.
func (w *world) round(pairs ...string) {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	for _, p := range pairs {
		_, err := w.engine().Sync(context.Background(), p, RunOptions{})
		w.must(err)
	}
}

// A meeting that a person moves from one calendar to another, both of which are kept in step with the CRM, is in the other
// calendar and once in the CRM, whichever pair runs first and however late the CRM tells of what was done. C-2, C-64
func TestAMeetingThatMovesToAnotherCalendarIsNeitherLostNorDoubled(t *testing.T) {
	for _, marks := range []bool{false, true} {
		for _, order := range [][]string{{"p", "q"}, {"q", "p"}} {
			for _, lag := range []time.Duration{0, time.Hour} {
				w := twoCalendars(t, memory.Options{Lag: lag, Marks: marks})
				was := w.right.Put(w.ref(), meeting(1, 0))
				w.round(order...)
				w.left.Advance(2 * lag)
				w.round(order...)
				w.count(1, 1)
				w.right.Remove(w.ref(), was)
				w.right.Put("second", meeting(1, 0))
				for range 4 {
					w.round(order...)
					w.left.Advance(40 * time.Minute)
				}
				left, other := len(w.left.Items(w.ref())), len(w.right.Items("second"))
				if left != 1 || other != 1 {
					t.Errorf("marks %v, order %v, lag %v: %d in the CRM, %d in the other calendar", marks, order, lag, left, other)
				}
				before := w.left.Writes() + w.right.Writes()
				w.round(order...)
				if w.left.Writes()+w.right.Writes() != before {
					t.Errorf("marks %v, order %v, lag %v: no rest", marks, order, lag)
				}
			}
		}
	}
}

// What another pair brought into the CRM is not what an unanswered create of this one made, however alike they are.
func TestARecordOfAnotherPairIsNotTakenForAnUnansweredCreate(t *testing.T) {
	w := twoCalendars(t, memory.Options{})
	w.right.Put(w.ref(), meeting(1, 0))
	w.left.Fail(memory.LostRequest, 1)
	_, err := w.try(RunOptions{})
	if err == nil {
		t.Fatal("nothing was lost")
	}
	// The same meeting is in the other calendar, and comes into the CRM from there.
	w.right.Put("second", meeting(1, 0))
	w.now = w.now.Add(time.Minute)
	_, err = w.engine().Sync(context.Background(), "q", RunOptions{})
	w.must(err)
	for range 3 {
		w.round("p", "q")
	}
	claimed := map[record.ID]string{}
	for _, p := range []string{"p", "q"} {
		links, err := w.state.ListLinks(context.Background(), p)
		w.must(err)
		for _, l := range links {
			if o, taken := claimed[l.IDs[plan.Left]]; taken {
				t.Fatalf("pairs %s and %s share one record", o, p)
			}
			claimed[l.IDs[plan.Left]] = p
		}
	}
}

// One meeting in two calendars, each with its own title, in an organisation that names records after their partner: the
// record of one is not given to the other, whose title would be lost.
func TestARecordOfAnotherPairIsNotTheAnswerToACreate(t *testing.T) {
	w := twoCalendars(t, memory.Options{Lag: time.Hour})
	w.right.Put(w.ref(), meeting(1, 0))
	w.round("p")
	w.right.Put("second", meeting(1, 0).With(record.Patch{record.Title: "mine"}))
	w.wrap = func(p provider.Provider) provider.Provider { return duplicates{p, w.one(w.left)} }
	w.round("q")
	w.wrap = nil
	for range 3 {
		w.left.Advance(time.Hour)
		w.round("q", "p")
	}
	for ref, want := range map[string]string{"second": "mine", w.ref(): "m1"} {
		if got := w.right.Items(ref)[0].Record[record.Title]; got != want {
			t.Errorf("title %q, want %q", got, want)
		}
	}
}

// duplicates answers every create with a record that is there already.
type duplicates struct {
	provider.Provider
	it record.Item
}

func (d duplicates) Open(ctx context.Context, ref string, k record.Kind, fields []record.Field) (provider.Collection, error) {
	c, err := d.Provider.Open(ctx, ref, k, fields)
	return duplicatesOnly{c, d.it}, err
}

type duplicatesOnly struct {
	provider.Collection
	it record.Item
}

func (d duplicatesOnly) Apply(ctx context.Context, writes []record.Write, sink provider.Sink) error {
	for i, w := range writes {
		if w.Op != record.Create {
			return d.Collection.Apply(ctx, writes, sink)
		}
		if err := sink.Done(i, provider.Result{Item: d.it}); err != nil {
			return err
		}
	}
	return nil
}

// In an organisation that names records after their partner, the records of one calendar name nobody in the other. Nobody is
// asked about them there: whoever answered would delete what the first pair keeps in step. C-56
func TestWhatAnotherPairBroughtInIsNotAskedAbout(t *testing.T) {
	w := twoCalendars(t, memory.Options{Marks: true})
	for i := range 3 {
		w.right.Put(w.ref(), meeting(i, 0))
	}
	w.round("p", "q")
	w.round("q", "p")
	w.count(3, 3)
	w.nothingAsked()
	if n := len(w.right.Items("second")); n != 0 {
		t.Fatalf("calendar A flowed into calendar B: %d items", n)
	}
}
