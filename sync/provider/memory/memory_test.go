package memory

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// sink remembers what it hears.
type sink struct {
	calls []string
	raw   []byte
	done  map[int]provider.Result
}

func (k *sink) Before(i int, raw []byte) error {
	k.calls = append(k.calls, fmt.Sprint("before ", i))
	k.raw = raw
	return nil
}

func (k *sink) Done(i int, r provider.Result) error {
	k.calls = append(k.calls, fmt.Sprint("done ", i))
	if k.done == nil {
		k.done = map[int]provider.Result{}
	}
	k.done[i] = r
	return nil
}

func open(t *testing.T, s *Service, ref string, k record.Kind) provider.Collection {
	t.Helper()
	c, err := s.Provider().Open(t.Context(), ref, k, record.FieldsOf(k))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// list reads all pages from a cursor on.
func list(t *testing.T, c provider.Collection, since provider.Cursor, w record.Window) (items map[record.ID]record.Item, last provider.Page) {
	t.Helper()
	items = map[record.ID]record.Item{}
	for {
		page, err := c.Changes(t.Context(), since, w)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Changed {
			items[it.ID] = it
		}
		if !page.More {
			return items, page
		}
		since = page.Next
	}
}

func contact(name string) record.Record { return record.Record{record.LastName: name} }

// create creates contacts and returns what Apply and the sink said.
func create(t *testing.T, c provider.Collection, names ...string) (*sink, error) {
	t.Helper()
	var writes []record.Write
	for _, n := range names {
		writes = append(writes, record.Write{Op: record.Create, Key: n, Mark: record.Mark("mark " + n), Patch: record.Patch{record.LastName: n}})
	}
	k := &sink{}
	return k, c.Apply(t.Context(), writes, k)
}

func TestFaultsOfWrites(t *testing.T) {
	var retry *provider.RetryError
	var refused *provider.ItemError
	for _, c := range []struct {
		fault   Fault
		written int  // of three creates
		done    int  // how many of them the sink hears of
		ends    bool // Apply returns an error
		first   func(error) bool
	}{
		{LostAnswer, 3, 2, false, nil},
		{LostConnection, 1, 2, true, nil},
		{LostRequest, 0, 2, true, nil},
		{Unsent, 2, 3, false, func(err error) bool { return errors.As(err, &retry) && !retry.Sent }},
		{Refused, 2, 3, false, func(err error) bool { return errors.As(err, &refused) }},
		{NoResult, 3, 3, false, func(err error) bool { return err == nil }},
		{RateLimited, 0, 3, true, func(err error) bool { return errors.As(err, &retry) && !retry.Sent }},
		{SignedOut, 0, 3, true, func(err error) bool { return errors.Is(err, provider.ErrAuth) }},
		{Gone, 0, 3, true, func(err error) bool { return errors.Is(err, provider.ErrGone) }},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			s := New(Options{})
			coll := open(t, s, "contact", record.Contact)
			s.Fail(c.fault, 1)
			k, err := create(t, coll, "A", "B", "C")
			if len(s.Items("contact")) != c.written || s.Writes() != c.written || len(k.done) != c.done || (err != nil) != c.ends {
				t.Errorf("%d items, %d writes, %d done, error %v", len(s.Items("contact")), s.Writes(), len(k.done), err)
			}
			first, told := k.done[0]
			if told != (c.first != nil) || told && !c.first(first.Err) {
				t.Errorf("the first write ended with %v (told %v)", first.Err, told)
			}
			if c.fault == NoResult && first.Item.ID != "" {
				t.Error("the result is not empty")
			}
			if c.fault == LostConnection && (!errors.As(err, &retry) || !retry.Sent) {
				t.Errorf("Apply ended with %v, want RetryError{Sent: true}", err)
			}
		})
	}
}

func TestFaultsOfPages(t *testing.T) {
	s := New(Options{PageSize: 2})
	for i := range 5 {
		s.Put("contact", contact(fmt.Sprint("Name ", i)))
	}
	c := open(t, s, "contact", record.Contact)
	all, last := list(t, c, "", record.Window{})
	if len(all) != 5 {
		t.Fatalf("%d items listed, want 5", len(all))
	}
	first, err := c.Changes(t.Context(), "", record.Window{})
	if err != nil || !first.More || !first.Full || len(first.Changed) != 2 {
		t.Fatalf("first page: %d items, More %v, Full %v, %v", len(first.Changed), first.More, first.Full, err)
	}

	s.Fail(BrokenListing, 1)
	var retry *provider.RetryError
	if _, err := c.Changes(t.Context(), first.Next, record.Window{}); !errors.As(err, &retry) {
		t.Errorf("broken listing: %v", err)
	}
	if rest, _ := list(t, c, first.Next, record.Window{}); len(rest) != 3 {
		t.Errorf("the broken listing goes on with %d items, want 3", len(rest))
	}
	s.Fail(ExpiredCursor, 1)
	if _, err := c.Changes(t.Context(), last.Next, record.Window{}); !errors.Is(err, provider.ErrCursor) {
		t.Errorf("expired cursor: %v", err)
	}
	s.Fail(EmptyListing, 1)
	if none, page := list(t, c, "", record.Window{}); len(none) != 0 || !page.Full {
		t.Errorf("empty listing: %d items, full %v", len(none), page.Full)
	}
	s.Chance(OtherOrder, 1)
	a, _ := c.Changes(t.Context(), "", record.Window{})
	b, _ := c.Changes(t.Context(), "", record.Window{})
	again, _ := list(t, c, "", record.Window{})
	if len(again) != 5 || slices.Equal(a.Whole, b.Whole) {
		t.Errorf("in another order %d items are listed, pages begin %v and %v", len(again), a.Whole, b.Whole)
	}
	s.Calm()
	s.Fail(FlakyRevisions, 5)
	flaky, _ := list(t, c, "", record.Window{})
	for id, it := range flaky {
		if it.Revision == all[id].Revision {
			t.Error("a flaky revision is the true one")
		}
	}
	s.ExpireCursors("contact")
	if _, err := c.Changes(t.Context(), last.Next, record.Window{}); !errors.Is(err, provider.ErrCursor) {
		t.Errorf("forgotten cursor: %v", err)
	}
}

// Repeats lists an item twice, and the same news again.
func TestRepeats(t *testing.T) {
	s := New(Options{})
	c := open(t, s, "contact", record.Contact)
	_, last := list(t, c, "", record.Window{})
	s.Put("contact", contact("A"))
	s.Fail(Repeats, 2)
	for i, want := range []int{2, 1, 0} {
		page, err := c.Changes(t.Context(), last.Next, record.Window{})
		if err != nil || len(page.Changed) != want {
			t.Fatalf("page %d: %d items, want %d, %v", i, len(page.Changed), want, err)
		}
		last = page
	}
}

// A person who edits between Before and the write is never overwritten.
func TestRaceIsAConflict(t *testing.T) {
	for _, c := range []struct {
		op   record.Op
		race func(s *Service, id record.ID)
		want error
	}{
		{record.Update, func(s *Service, id record.ID) { s.Edit("contact", id, record.Patch{record.Phone: "1"}) }, provider.ErrConflict},
		{record.Delete, func(s *Service, id record.ID) { s.Edit("contact", id, record.Patch{record.Phone: "1"}) }, provider.ErrConflict},
		{record.Update, func(s *Service, id record.ID) { s.Remove("contact", id) }, provider.ErrNotFound},
		{record.Delete, func(s *Service, id record.ID) { s.Remove("contact", id) }, nil},
	} {
		var s *Service
		s = New(Options{OnApply: func(w record.Write) { c.race(s, w.ID) }})
		id := s.Put("contact", contact("A"))
		coll := open(t, s, "contact", record.Contact)
		it, _ := s.Item("contact", id)
		k := &sink{}
		err := coll.Apply(t.Context(), []record.Write{{Op: c.op, ID: id, Revision: it.Revision, Seen: it.Record, Patch: record.Patch{record.Mobile: "2"}}}, k)
		if err != nil || !errors.Is(k.done[0].Err, c.want) || s.Writes() != 0 {
			t.Errorf("%s: %v, want %v (%v, %d writes)", c.op, k.done[0].Err, c.want, err, s.Writes())
		}
		if c.want == provider.ErrConflict && k.done[0].Item.Record[record.Phone] != "1" {
			t.Error("the conflict does not tell the item as it now is")
		}
	}
}
