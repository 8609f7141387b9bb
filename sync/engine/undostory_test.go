package engine

import (
	"context"
	"errors"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// An undo that could not reach a service took nothing back, and the history does not say that it did. It is done when the
// service answers again. C-48
func TestAnUndoThatCameToNothingIsNoUndo(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	r := w.sync()
	w.left.Fail(memory.RateLimited, 1)
	_, err := w.engine().Undo(context.Background(), r.Run, RunOptions{})
	var retry *provider.RetryError
	if !errors.As(err, &retry) {
		t.Fatalf("error %v", err)
	}
	w.count(1, 1)
	if got, err := w.state.GetRun(context.Background(), r.Run); err != nil || got.Undone != 0 {
		t.Fatalf("run %+v, %v", got, err)
	}
	w.now = w.now.Add(longest)
	u := w.undo(r.Run)
	w.count(1, 0)
	if got, err := w.state.GetRun(context.Background(), r.Run); err != nil || got.Undone != u.Run {
		t.Fatalf("run %+v, %v", got, err)
	}
	w.stays()
}

// Keep both, taken back: the second item is gone from both sides, each side has its own version again, and nothing of it is
// started anew by the next sync. The value that lost in between cannot be given back, since nobody lost it.
func TestUndoOfARunThatKeptBoth(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.KeepBoth })
	w.part()
	before := w.everything()
	r := w.sync()
	w.count(2, 2)
	u := w.undo(r.Run)
	w.count(1, 1)
	if got := w.everything(); len(u.Items) != 0 || got[string(w.one(w.right).ID)] != before[string(w.one(w.right).ID)] {
		t.Fatalf("after the undo %v, want %v; %+v", got, before, u.Items)
	}
	w.stays()
	w.count(1, 1)
	if err := w.restore(); !errors.Is(err, plan.ErrEdited) {
		t.Fatalf("error %v", err)
	}
	w.count(1, 1)
	// What both sides edit after that is a conflict of its own, and keeps both again.
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "left again"})
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "right again"})
	w.sync()
	w.count(2, 2)
	for _, s := range []*memory.Service{w.left, w.right} {
		if got := w.phones(s); got["left again"] != 1 || got["right again"] != 1 {
			t.Fatalf("phones %v", got)
		}
	}
	w.quiet()
}

// The state is lost in the middle of an undo: what came back and what did not is neither lost nor there twice.
func TestTheStateIsLostInTheMiddleOfAnUndo(t *testing.T) {
	for n := 1; n <= 6; n++ {
		w := newWorld(t, record.Contact, nil)
		for _, name := range []string{"1", "2", "3", "4", "5", "6"} {
			w.left.Put(w.ref(), person(name))
		}
		w.sync()
		left, right := w.left.Items(w.ref()), w.right.Items(w.ref())
		w.left.Remove(w.ref(), left[0].ID)
		w.right.Remove(w.ref(), right[1].ID)
		w.left.Edit(w.ref(), left[2].ID, record.Patch{record.Phone: "1"})
		w.right.Edit(w.ref(), right[3].ID, record.Patch{record.Phone: "2"})
		w.left.Put(w.ref(), person("new"))
		r := w.sync()
		writes := 0
		w.hook = func(side plan.Side, _ record.Write) {
			if writes++; writes == n {
				w.service(side).Fail(memory.LostConnection, 1)
			}
		}
		_, _ = w.engine().Undo(context.Background(), r.Run, RunOptions{})
		w.hook = nil
		w.forget()
		for range 3 {
			w.now = w.now.Add(longest)
			_, err := w.try(RunOptions{})
			w.must(err)
		}
		for _, s := range []*memory.Service{w.left, w.right} {
			names := map[string]int{}
			for _, it := range s.Items(w.ref()) {
				names[it.Record[record.LastName]]++
			}
			for name, many := range names {
				if many != 1 {
					t.Errorf("broken at write %d: %s is there %d times", n, name, many)
				}
			}
			for _, name := range []string{"L3", "L4", "L5", "L6", "Lnew"} {
				if names[name] != 1 {
					t.Errorf("broken at write %d: %s is lost", n, name)
				}
			}
		}
	}
}

// An undo in a pair that goes one way takes away what the run made on the target. An edit of the source, or "sync again",
// makes it anew: nobody deleted it there.
func TestOneWayWhatAnUndoTookAwayComesBack(t *testing.T) {
	for _, direction := range []plan.Direction{plan.ToRight, plan.ToLeft} {
		for name, way := range map[string]func(*world, *memory.Service){
			"an edit": func(w *world, s *memory.Service) {
				s.Edit(w.ref(), w.one(s).ID, record.Patch{record.Phone: "9"})
				w.sync()
			},
			"sync again": func(w *world, _ *memory.Service) { w.must(errorOf(w.try(RunOptions{Again: true}))) },
		} {
			w := newWorld(t, record.Contact, func(p *state.Pair) { p.Direction = direction })
			source, target := w.left, w.right
			if direction == plan.ToLeft {
				source, target = w.right, w.left
			}
			source.Put(w.ref(), person("1"))
			r := w.sync()
			w.undo(r.Run)
			w.stays()
			if n := len(target.Items(w.ref())); n != 0 {
				t.Fatalf("%s, %s: %d items", direction, name, n)
			}
			way(w, source)
			if n := len(target.Items(w.ref())); n != 1 {
				t.Errorf("%s, %s: %d items on the target", direction, name, n)
				continue
			}
			w.same()
			w.quiet()
		}
	}
}

// The item came back to the CRM module as what it was: no other pair takes it for new.
func TestUndoKeepsWhatOnePairBroughtInOutOfAnother(t *testing.T) {
	w := newWorld(t, record.Event, nil)
	w.right.Add("second", record.Event)
	other := w.pair
	other.ID, other.Ends[plan.Right].Ref = "q", "second"
	w.must(w.state.StorePair(context.Background(), other))
	id := w.right.Put(w.ref(), meeting(1, 0))
	w.sync()
	w.right.Remove(w.ref(), id)
	r := w.sync()
	w.undo(r.Run)
	w.count(1, 0)
	_, err := w.engine().Sync(context.Background(), "q", RunOptions{})
	w.must(err)
	if n := len(w.right.Items("second")); n != 0 {
		t.Fatalf("calendar A flowed into calendar B: %d items", n)
	}
}

// A side that the rules no longer let us write is left alone.
func TestUndoKeepsToTheRulesOfTheDay(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	r := w.sync()
	w.pair.Direction = plan.ToLeft
	w.must(w.state.StorePair(context.Background(), w.pair))
	wantCode(t, w.undo(r.Run), plan.CodeReadOnly, 1)
	w.count(1, 1)
}

// A service that refuses one item says so, and the others go back.
func TestUndoGoesOnAfterARefusal(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.left.Put(w.ref(), person("2"))
	r := w.sync()
	w.right.Fail(memory.Refused, 1)
	wantCode(t, w.undo(r.Run), provider.CodeRefused, 1)
	w.count(2, 1)
	w.stays()
	w.count(2, 1)
	if n, err := w.state.CountLinks(context.Background(), "p"); err != nil || n != [2]int{1, 1} {
		t.Fatalf("%v living links, %v", n, err)
	}
	w.left.Edit(w.ref(), w.left.Items(w.ref())[0].ID, record.Patch{record.Phone: "9"})
	w.left.Edit(w.ref(), w.left.Items(w.ref())[1].ID, record.Patch{record.Phone: "9"})
	w.sync()
	w.count(2, 2)
	w.same()
}

// An item that the account may no longer see is not deleted, and not taken for deleted.
func TestUndoDeletesNothingThatIsOutOfSight(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), person("1"))
	r := w.sync()
	id := w.one(w.left).ID
	w.left.Hide(w.ref(), id)
	wantCode(t, w.undo(r.Run), plan.CodeLostAccess, 1)
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "9"})
	w.sync()
	w.count(1, 1)
	w.left.Show(w.ref(), id)
	w.sync()
	w.count(1, 1)
	w.same()
}

// An item was taken away by an undo, made anew for an edit, and taken away again: what comes back then takes its old place,
// and is nobody's new item.
func TestUndoPutsAnItemBackInItsPlace(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), person("1"))
	first := w.undo(w.sync().Run)
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "9"})
	w.undo(w.sync().Run)
	w.count(0, 1)
	w.undo(first.Run)
	w.count(1, 1)
	w.stays()
	w.count(1, 1)
}

// A run that changed, deleted and made occurrences of one series is taken back, after somebody edited one of them: that one
// stays, the others go back, and the next syncs leave all of it alone. C-20
func TestUndoOfASeriesThatWasPartlyEdited(t *testing.T) {
	w := newSeriesWorld(t, 2, 30)
	g := w.right.PutSeries(w.ref(), standup(0), 7, 5)
	w.sync()
	for _, day := range []int{0, 7, 14} {
		w.left.Edit(w.ref(), w.leftAt(day, 9), record.Patch{record.Venue: "Room 1"})
	}
	w.left.Remove(w.ref(), w.leftAt(21, 9))
	r := w.sync()
	w.right.Edit(w.ref(), w.occurrence(g, 7), record.Patch{record.Venue: "Room 2", record.Details: "mine"})
	u := w.undo(r.Run)
	wantCode(t, u, plan.CodeEdited, 1)
	if u.Items[0].Field != record.Venue || u.Items[0].Side != "right" {
		t.Fatalf("items %+v", u.Items)
	}
	want := "00:09  , 07:09 Room 2 mine, 14:09  , 21:09  , 28:09  "
	if got := w.times(w.right, record.Venue, record.Details); got != want {
		t.Fatalf("the calendar holds %s\nwant %s", got, want)
	}
	w.sync()
	if got := w.times(w.right, record.Venue, record.Details); got != want {
		t.Fatalf("after a sync the calendar holds %s\nwant %s", got, want)
	}
	w.inStep("00:09 Room 1 , 07:09 Room 2 mine, 14:09 Room 1 , 28:09  ", record.Venue, record.Details)
}

// What an undo removed and a person's edit brings over again is not restored as well, while nobody knows yet whether it came.
func TestUndoOfAnUndoWaitsForAWriteWithoutAnAnswer(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), person("1"))
	made := w.sync().Run
	back, err := w.engine().Undo(context.Background(), made, RunOptions{Confirm: confirmAll})
	w.must(err)
	w.count(0, 1)
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "1"})
	w.hook = func(side plan.Side, wr record.Write) {
		if wr.Op == record.Create {
			w.service(side).Fail(memory.LostConnection, 1)
		}
	}
	_, _ = w.try(RunOptions{})
	w.hook = nil
	w.now = w.now.Add(-time.Hour) // The clock was set back: what was sent in the future is not looked for.
	_, err = w.engine().Undo(context.Background(), back.Run, RunOptions{Confirm: confirmAll})
	w.must(err)
	w.count(1, 1)
}
