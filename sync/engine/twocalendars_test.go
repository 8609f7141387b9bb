package engine

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
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

// TestHostileMoves: people make meetings in two calendars of one CRM, edit them and move them from one calendar to the other,
// between runs of both pairs in any order, while the CRM lags, loses answers, and names records after their partner or not.
// Nobody deletes anything: each meeting is in one calendar, as it was written last, and never twice in the CRM.
func TestHostileMoves(t *testing.T) {
	check(t, func(rt *rapid.T) {
		lag := time.Duration(rapid.SampledFrom([]int{0, 5}).Draw(rt, "lag")) * time.Minute
		w := newWorldIn(t, inMemory, state.Options{}, record.Event, nil)
		defer w.state.Close()
		w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), Lag: lag, Marks: rapid.Bool().Draw(rt, "marks")})
		w.right.Add("second", record.Event)
		other := w.pair
		other.ID, other.Ends[plan.Right].Ref = "q", "second"
		w.must(w.state.StorePair(context.Background(), other))
		refs := []string{w.ref(), "second"}
		edited := map[string]string{}
		for n := range rapid.IntRange(3, 12).Draw(rt, "rounds") {
			at := rapid.IntRange(0, 1).Draw(rt, "at")
			items := w.right.Items(refs[at])
			deed := rapid.IntRange(0, 3).Draw(rt, "deed")
			switch {
			case deed == 0 || len(items) == 0:
				w.right.Put(refs[at], meeting(n, 0))
				edited[fmt.Sprint("m", n)] = ""
			case deed == 1:
				it := items[rapid.IntRange(0, len(items)-1).Draw(rt, "edited")]
				edited[it.Record[record.Title]] = fmt.Sprint("room ", n)
				w.right.Edit(refs[at], it.ID, record.Patch{record.Venue: fmt.Sprint("room ", n)})
			default:
				it := items[rapid.IntRange(0, len(items)-1).Draw(rt, "moved")]
				w.right.Remove(refs[at], it.ID)
				w.right.SetMark(refs[1-at], w.right.Put(refs[1-at], it.Record), it.Mark)
			}
			if rapid.IntRange(0, 3).Draw(rt, "fault") == 0 {
				w.left.Fail(rapid.SampledFrom([]memory.Fault{memory.LostAnswer, memory.LostRequest, memory.Unsent}).Draw(rt, "kind"), 1)
			}
			order := rapid.SampledFrom([][]string{{"p", "q"}, {"q", "p"}, {"p"}, {"q"}, {}}).Draw(rt, "order")
			w.turn(order...)
			// What the pairs of one round do is not told to the other one of them; what they did before is.
			w.left.Advance(lag)
			w.now = w.now.Add(lag)
		}
		w.left.Calm()
		for range 5 {
			w.turn("p", "q")
			w.left.Advance(time.Hour)
			w.now = w.now.Add(time.Hour)
		}
		w.eachOnce(rt, refs, edited)
	})
}

// turn runs pairs that may fail.
func (w *world) turn(pairs ...string) {
	for _, p := range pairs {
		w.now = w.now.Add(time.Minute)
		w.left.Advance(time.Minute)
		_, _ = w.engine().Sync(context.Background(), p, RunOptions{Confirm: confirmAll})
	}
}

// eachOnce wants each meeting in one calendar with its last edit, and no meeting twice in the CRM.
func (w *world) eachOnce(rt *rapid.T, refs []string, edited map[string]string) {
	there, records := map[string]int{}, map[string]int{}
	for _, ref := range refs {
		for _, it := range w.right.Items(ref) {
			title := it.Record[record.Title]
			there[title]++
			if it.Record[record.Venue] != edited[title] {
				rt.Fatalf("%s takes place in %q, not in %q", title, it.Record[record.Venue], edited[title])
			}
		}
	}
	for _, it := range w.left.Items(w.ref()) {
		records[it.Record[record.Title]]++
	}
	for title := range edited {
		if there[title] == 0 {
			rt.Fatalf("%s is lost", title)
		}
	}
	for title, n := range there {
		if n != 1 || records[title] > 1 {
			rt.Fatalf("%s is %d times in the calendars, %d times in the CRM", title, n, records[title])
		}
	}
}
