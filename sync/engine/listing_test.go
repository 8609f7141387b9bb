package engine

import (
	"context"
	"errors"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// A service that forgets its own cursor in the middle of every listing ends the run, not the program's patience.
func TestACursorThatNeverHoldsEndsTheRun(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left = memory.New(memory.Options{Name: "crm", Limits: crmLimits(), PageSize: 1})
	w.left.Put(w.ref(), person("1"))
	w.left.Put(w.ref(), person("2"))
	w.left.Chance(memory.ExpiredCursor, 1)
	_, err := w.try(RunOptions{})
	var retry *provider.RetryError
	if !errors.As(err, &retry) || !errors.Is(err, provider.ErrCursor) {
		t.Fatalf("error %v, want one that says to try later", err)
	}
	w.left.Calm()
	w.sync()
	w.count(2, 2)
}

// contrary names an item as deleted on the very page that brings it.
type contrary struct{ provider.Provider }

func (c contrary) Open(ctx context.Context, ref string, kind record.Kind, fields []record.Field) (provider.Collection, error) {
	o, err := c.Provider.Open(ctx, ref, kind, fields)
	return contradicting{o}, err
}

type contradicting struct{ provider.Collection }

func (c contradicting) Changes(ctx context.Context, since provider.Cursor, w record.Window) (provider.Page, error) {
	p, err := c.Collection.Changes(ctx, since, w)
	for _, it := range p.Changed {
		p.Deleted = append(p.Deleted, it.ID)
	}
	return p, err
}

func TestWhatAPageBringsIsThere(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.wrap = func(p provider.Provider) provider.Provider { return contrary{p} }
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "1"})
	w.sync()
	w.count(1, 1)
	w.same()
}

// What could not be written while a collection was read-only is written when it no longer is.
func TestWhatWaitedForAReadOnlySideIsBroughtOver(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.SetReadOnly(w.ref(), true)
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "1"})
	w.left.Put(w.ref(), person("2"))
	w.sync()
	w.count(2, 1)
	w.quiet()
	w.right.SetReadOnly(w.ref(), false)
	w.sync()
	w.count(2, 2)
	w.same()
	w.quiet()
}

// A pair of items that lay outside the window is linked when the window reaches it.
func TestAPairOutsideTheWindowIsLinkedWhenTheWindowComes(t *testing.T) {
	w := newWorld(t, record.Event, func(p *state.Pair) { p.FromDays, p.UntilDays = 5, 10 })
	w.left.Put(w.ref(), meeting(60, 0))
	w.right.Put(w.ref(), meeting(60, 0))
	w.sync()
	w.now = w.now.AddDate(0, 0, 60)
	w.quiet()
	links, err := w.state.ListLinks(context.Background(), "p")
	w.must(err)
	if len(links) != 1 {
		t.Fatalf("%d links", len(links))
	}
}

// While the answer to a create of one pair is lost, its item is not taken for news by another pair of the same module.
func TestAnUnansweredCreateOfOnePairIsNoNewsForAnother(t *testing.T) {
	w := newWorld(t, record.Event, nil)
	w.right.Add("second", record.Event)
	other := w.pair
	other.ID, other.Ends[plan.Right].Ref = "q", "second"
	w.must(w.state.StorePair(context.Background(), other))
	w.right.Put(w.ref(), meeting(1, 0))
	w.left.Fail(memory.LostAnswer, 1)
	for range 3 {
		w.sync()
		_, err := w.engine().Sync(context.Background(), "q", RunOptions{})
		w.must(err)
	}
	if n := len(w.right.Items("second")); n != 0 {
		t.Fatalf("calendar A flowed into calendar B: %d items", n)
	}
	w.count(1, 1)
}

// A service that answers a create with an item that already has a partner ends in a question, not in a broken state.
func TestACreateAnsweredWithALinkedItemIsListed(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	right := w.one(w.right).ID
	// The copy in the address book is made to belong to somebody else, and then everything is forgotten.
	w.right.SetMark(w.ref(), right, "")
	w.right.Edit(w.ref(), right, record.Patch(person("2")))
	w.left.Put(w.ref(), person("2"))
	w.forget()
	w.sync()
	w.sync()
	r := w.sync()
	wantCode(t, r, provider.CodeDuplicate, 1)
	w.count(2, 1)
}
