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
	r, err := w.try(RunOptions{Deep: true})
	w.must(err)
	wantCode(t, r, plan.CodeDrift, 1)
	if r.Wrote() != 0 {
		t.Fatalf("a comparison wrote: %+v", r)
	}
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
