package engine

import (
	"context"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

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

// C-65: a first run that breaks off, as with many items it does, does not keep the weekly comparison away for ever.
func TestTheWeeklyComparisonOutlivesABrokenFirstRun(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.left.Put(w.ref(), person("2"))
	n := 0
	w.hook = func(plan.Side, record.Write) {
		if n++; n == 2 {
			w.right.Fail(memory.LostConnection, 1)
		}
	}
	if _, err := w.try(RunOptions{}); err == nil {
		t.Fatal("nothing broke")
	}
	w.hook = nil
	w.sync()
	w.left.Edit(w.ref(), w.left.Items(w.ref())[0].ID, record.Patch{record.Phone: "7"})
	w.wrap = func(p provider.Provider) provider.Provider { return forgetful{p} }
	w.quiet()
	w.now = w.now.Add(8 * 24 * time.Hour)
	if r := w.sync(); r.Right.Updated != 1 {
		t.Fatalf("report %+v", r)
	}
	w.same()
}

// A pair that waits for a person lists both sides wholly once a week, and not at every run: that would cost a fortune.
func TestAPairThatWaitsIsListedWhollyOnceAWeek(t *testing.T) {
	w := crowd(t, 12, nil)
	w.remove(w.right, 8)
	w.stopped()
	w.now = w.now.Add(8 * 24 * time.Hour)
	whole := 0
	w.wrap = func(p provider.Provider) provider.Provider { return counting{p, &whole} }
	for range 4 {
		w.stopped()
	}
	if whole != 2 {
		t.Fatalf("%d complete listings, want one of each side", whole)
	}
	// What they were to be compared for is done when the pair goes on.
	drift(t, w)
	w.answer(plan.CodeMany, plan.ChoiceDelete)
	wantCode(t, w.sync(), plan.CodeDrift, 1)
}

// drift has one contact differ on both sides, as if both had agreed on that.
func drift(t *testing.T, w *world) {
	t.Helper()
	linked, err := w.state.Linked(context.Background(), w.pair)
	w.must(err)
	for _, l := range linked {
		if l.Items[plan.Right].Presence == plan.Present {
			w.must(w.state.Disagree(context.Background(), l, w.pair.ID, [2][]record.Field{}))
			w.left.Edit(w.ref(), l.Items[plan.Left].ID, record.Patch{record.Phone: "drift"})
			_, err := w.try(RunOptions{DryRun: true})
			_ = err
			it, err := w.state.GetItem(context.Background(), w.pair.ID, plan.Left, l.Items[plan.Left].ID)
			w.must(err)
			l.Items[plan.Left] = it
			_, err = w.state.Settle(context.Background(), w.pair, plan.Step{Triple: l, Agree: [2]record.Patch{{record.Phone: "drift"}, {}}})
			w.must(err)
			return
		}
	}
	t.Fatal("nothing is linked")
}

// counting counts the listings that begin anew.
type counting struct {
	provider.Provider
	whole *int
}

func (c counting) Open(ctx context.Context, ref string, k record.Kind, fields []record.Field) (provider.Collection, error) {
	in, err := c.Provider.Open(ctx, ref, k, fields)
	return countingPages{in, c.whole}, err
}

type countingPages struct {
	provider.Collection
	whole *int
}

func (c countingPages) Changes(ctx context.Context, since provider.Cursor, w record.Window) (provider.Page, error) {
	if since == "" {
		*c.whole++
	}
	return c.Collection.Changes(ctx, since, w)
}
