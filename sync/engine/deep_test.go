package engine

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// C-65: neither side changed, yet the contents differ. A complete comparison lists it, and settles it on request.
func TestWhatDriftedApartIsListedAndMended(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.RightWins })
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "7"})
	// The edit is taken for what both agreed on, as after an error of ours or of a service.
	_, err := w.try(RunOptions{DryRun: true})
	w.must(err)
	pretend(t, w)
	w.quiet()
	if r := w.sync(); len(r.Items) != 0 {
		t.Fatalf("an ordinary run looks at everything: %+v", r.Items)
	}
	for range 2 {
		// A comparison that writes nothing lists it too, every time.
		r, err := w.try(RunOptions{Deep: true, DryRun: true})
		w.must(err)
		wantCode(t, r, plan.CodeDrift, 1)
	}
	r, err := w.try(RunOptions{Deep: true})
	w.must(err)
	wantCode(t, r, plan.CodeDrift, 1)
	if r.Wrote() != 0 {
		t.Fatalf("a comparison wrote: %+v", r)
	}
	r, err = w.try(RunOptions{Deep: true, DryRun: true})
	w.must(err)
	wantCode(t, r, plan.CodeDrift, 1)
	r, err = w.try(RunOptions{Deep: true, Mend: true})
	w.must(err)
	if r.Wrote() != 1 || len(r.Items) != 0 {
		t.Fatalf("report %+v", r)
	}
	w.same()
	w.quiet()
}

// pretend makes what both sides hold now what they agreed on.
func pretend(t *testing.T, w *world) {
	t.Helper()
	linked, err := w.state.Linked(context.Background(), w.pair)
	w.must(err)
	for _, l := range linked {
		agree := [2]record.Patch{}
		for _, side := range plan.Sides {
			agree[side] = record.Diff(l.Base[side], l.Items[side].Record)
		}
		_, err := w.state.Settle(context.Background(), w.pair, plan.Step{Triple: l, Agree: agree})
		w.must(err)
	}
}

// A service that forgot to tell of a change is found out within a week.
func TestOnceAWeekEverythingIsListed(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "7"})
	w.wrap = func(p provider.Provider) provider.Provider { return forgetful{p} }
	w.quiet()
	w.now = w.now.Add(6 * 24 * time.Hour)
	w.quiet()
	w.now = w.now.Add(24 * time.Hour)
	if r := w.sync(); r.Right.Updated != 1 {
		t.Fatalf("report %+v", r)
	}
	w.same()
}

// forgetful never tells of a change; its complete listings are right.
type forgetful struct{ provider.Provider }

func (f forgetful) Open(ctx context.Context, ref string, k record.Kind, fields []record.Field) (provider.Collection, error) {
	c, err := f.Provider.Open(ctx, ref, k, fields)
	return forgetfulPages{c}, err
}

type forgetfulPages struct{ provider.Collection }

func (f forgetfulPages) Changes(ctx context.Context, since provider.Cursor, w record.Window) (provider.Page, error) {
	if since != "" {
		return provider.Page{Next: since}, nil
	}
	return f.Collection.Changes(ctx, since, w)
}

// C-48, R9: a service that asked to be left alone is left alone by the next start of the program too, and no longer than it
// asked for.
func TestAPauseThatAServiceAskedForOutlivesTheProcess(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), person("1"))
	w.left.Fail(memory.RateLimited, 1)
	var retry *provider.RetryError
	if _, err := w.try(RunOptions{}); !errors.As(err, &retry) || retry.After != 30*time.Second {
		t.Fatalf("error %v", err)
	}
	dialled := false
	w.wrap = func(p provider.Provider) provider.Provider { dialled = true; return p }
	w.now = w.now.Add(-50 * time.Second) // ten seconds later
	if _, err := w.try(RunOptions{}); !errors.As(err, &retry) || retry.After <= 0 || retry.After > 30*time.Second {
		t.Fatalf("error %v", err)
	}
	if dialled {
		t.Error("the service was asked all the same")
	}
	w.sync()
	w.count(1, 1)
	// A clock that is set back makes no long pause of a short one.
	w.left.Fail(memory.RateLimited, 1)
	_, _ = w.try(RunOptions{})
	w.now = w.now.Add(-48 * time.Hour)
	w.sync()
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

// drift has the first contact that is on both sides differ, as if both had agreed on that.
func drift(t *testing.T, w *world) {
	t.Helper()
	linked, err := w.state.Linked(context.Background(), w.pair)
	w.must(err)
	at := slices.IndexFunc(linked, func(l plan.Triple) bool { return l.Items[plan.Right].Here() })
	l := linked[at]
	w.left.Edit(w.ref(), l.Items[plan.Left].ID, record.Patch{record.Phone: "drift"})
	if _, err := w.try(RunOptions{DryRun: true}); !errors.Is(err, ErrGuard) {
		t.Fatalf("error %v", err)
	}
	l.Items[plan.Left], err = w.state.GetItem(context.Background(), w.pair.ID, plan.Left, l.Items[plan.Left].ID)
	w.must(err)
	_, err = w.state.Settle(context.Background(), w.pair, plan.Step{Triple: l, Agree: [2]record.Patch{{record.Phone: "drift"}, {}}})
	w.must(err)
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

// A complete listing of a CRM does not tell what was deleted: in a deep run too a deletion is one, and no lost access.
func TestADeepRunKnowsWhatWasDeleted(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.left.Put(w.ref(), person("2"))
	w.sync()
	items := w.left.Items(w.ref())
	w.left.Remove(w.ref(), items[0].ID)
	w.left.Hide(w.ref(), items[1].ID)
	r, err := w.try(RunOptions{Deep: true})
	w.must(err)
	wantCode(t, r, plan.CodeLostAccess, 1)
	w.count(1, 1)
	if n := w.one(w.right).Record[record.LastName]; n != "L2" {
		t.Fatalf("%s is left", n)
	}
}
