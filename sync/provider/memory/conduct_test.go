package memory

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// What is written is there at once, and is listed when the lag has passed.
func TestLag(t *testing.T) {
	s := New(Options{Lag: time.Hour})
	id := s.Put("contact", contact("A"))
	c := open(t, s, "contact", record.Contact)
	items, last := list(t, c, "", record.Window{})
	if len(items) != 0 || len(s.Items("contact")) != 1 {
		t.Fatalf("%d listed and %d there, want 0 and 1", len(items), len(s.Items("contact")))
	}
	s.Advance(time.Hour)
	s.Edit("contact", id, record.Patch{record.LastName: "B"})
	items, last = list(t, c, last.Next, record.Window{})
	if items[id].Record[record.LastName] != "A" {
		t.Errorf("listed %q, want the version of an hour ago", items[id].Record[record.LastName])
	}
	s.Advance(time.Hour)
	if items, _ = list(t, c, last.Next, record.Window{}); items[id].Record[record.LastName] != "B" {
		t.Errorf("listed %q, want the newest version", items[id].Record[record.LastName])
	}
}

// Lost access is neither a listed item nor a deletion, and a write finds nothing.
func TestLostAccess(t *testing.T) {
	s := New(Options{})
	id := s.Put("contact", contact("A"))
	c := open(t, s, "contact", record.Contact)
	before, last := list(t, c, "", record.Window{})
	s.Hide("contact", id)
	items, page := list(t, c, last.Next, record.Window{})
	all, _ := list(t, c, "", record.Window{})
	if len(items)+len(page.Deleted)+len(all) != 0 {
		t.Errorf("delta %d, deleted %d, listed %d, want none", len(items), len(page.Deleted), len(all))
	}
	k := &sink{}
	if err := c.Apply(t.Context(), []record.Write{{Op: record.Update, ID: id, Seen: before[id].Record, Patch: record.Patch{record.Phone: "1"}}}, k); err != nil || !errors.Is(k.done[0].Err, provider.ErrNotFound) {
		t.Errorf("update: %v, %v", err, k.done[0].Err)
	}
	// Nor does a before-image make another item beside the one that cannot be seen.
	if err := c.Apply(t.Context(), []record.Write{{Op: record.Restore, ID: id, Raw: []byte("{}")}}, k); err != nil || !errors.Is(k.done[0].Err, provider.ErrNotFound) {
		t.Errorf("restore: %v, %v", err, k.done[0].Err)
	}
	s.Show("contact", id)
	if items, _ := list(t, c, page.Next, record.Window{}); len(items) != 1 {
		t.Error("the item is not listed again")
	}
}

// An item that cannot be read counts as present, and is not written.
func TestUnreadable(t *testing.T) {
	s := New(Options{})
	id := s.Put("contact", contact("A"))
	s.Spoil("contact", id, provider.CodeUnreadable)
	c := open(t, s, "contact", record.Contact)
	items, page := list(t, c, "", record.Window{})
	if len(items) != 0 || len(page.Skipped) != 1 || page.Skipped[0].ID != id || page.Skipped[0].Err.Code != provider.CodeUnreadable {
		t.Errorf("%d listed, skipped %v", len(items), page.Skipped)
	}
	k := &sink{}
	var refused *provider.ItemError
	if err := c.Apply(t.Context(), []record.Write{{Op: record.Delete, ID: id}}, k); err != nil || !errors.As(k.done[0].Err, &refused) || len(s.Items("contact")) != 1 {
		t.Errorf("delete: %v, %v", err, k.done[0].Err)
	}
	s.Spoil("contact", id, "")
	if items, _ := list(t, c, page.Next, record.Window{}); len(items) != 1 {
		t.Error("the mended item is not listed")
	}
}

// A group is listed whole; only occurrences inside the window are listed, and a wider window brings the others.
func TestGroups(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 5, d, 0, 0, 0, 0, time.UTC) }
	s := New(Options{})
	var ids []record.ID
	for _, d := range []int{1, 8, 15} {
		ids = append(ids, s.PutSlot("event", "series", record.FormatInstant(day(d)), record.Record{record.Title: "Weekly"}))
	}
	single := s.Put("event", record.Record{record.Title: "Once"})
	c := open(t, s, "event", record.Event)
	narrow := record.Window{From: day(1), Until: day(10)}
	items, page := list(t, c, "", narrow)
	if len(items) != 3 || !slices.Equal(page.Whole, []record.ID{single, "series"}) || page.Slice != narrow {
		t.Errorf("%d listed, whole %v, slice %v", len(items), page.Whole, page.Slice)
	}
	s.Remove("event", ids[0])
	items, page = list(t, c, page.Next, narrow)
	if _, there := items[ids[1]]; len(items) != 1 || !there || len(page.Deleted) != 0 || !slices.Equal(page.Whole, []record.ID{"series"}) {
		t.Errorf("after one occurrence went: %d listed, deleted %v, whole %v", len(items), page.Deleted, page.Whole)
	}
	wide := record.Window{From: day(1), Until: day(20)}
	items, page = list(t, c, page.Next, wide)
	if _, there := items[ids[2]]; len(items) != 2 || !there {
		t.Errorf("in a wider window %d are listed, want 2", len(items))
	}
	if items, page = list(t, c, page.Next, wide); len(items)+len(page.Whole) != 0 {
		t.Errorf("in the same window again %d are listed, whole %v", len(items), page.Whole)
	}
	s.Remove("event", ids[1])
	s.Remove("event", ids[2])
	if _, page = list(t, c, page.Next, wide); !slices.Equal(page.Deleted, []record.ID{"series"}) {
		t.Errorf("the last occurrence went, deleted %v", page.Deleted)
	}
}

func TestLimits(t *testing.T) {
	limits := map[record.Kind]map[record.Field]record.Limit{record.Contact: {
		record.LastName:   {Max: 5, Mandatory: true},
		record.FirstName:  {Max: 5},
		record.Account:    {Choices: []string{"Acme"}},
		record.Department: {ReadOnly: true},
	}}
	codes := func(r provider.Result) (out []string) {
		for _, e := range r.Left {
			out = append(out, e.Code)
		}
		return out
	}
	s := New(Options{Limits: limits})
	c := open(t, s, "contact", record.Contact)
	apply := func(p record.Patch) provider.Result {
		k := &sink{}
		if err := c.Apply(t.Context(), []record.Write{{Op: record.Create, Patch: p}}, k); err != nil {
			t.Fatal(err)
		}
		return k.done[0]
	}
	r := apply(record.Patch{record.LastName: "A", record.FirstName: "Maximilian", record.Account: "Other", record.Department: "X", record.Phone: "1"})
	if want := []string{provider.CodeUnknownAccount, provider.CodeForbidden, provider.CodeTooLong}; r.Err != nil || !slices.Equal(codes(r), want) || len(r.Item.Record) != 1 {
		t.Errorf("left %v, want %v; item %v, %v", codes(r), want, r.Item.Record, r.Err)
	}
	for code, p := range map[string]record.Patch{
		provider.CodeMandatory: {record.FirstName: "A"},
		provider.CodeTooLong:   {record.LastName: "Longer than five"},
	} {
		var refused *provider.ItemError
		if r := apply(p); !errors.As(r.Err, &refused) || refused.Code != code {
			t.Errorf("got %v, want %s", r.Err, code)
		}
	}
	s.Fail(Cuts, 1)
	if r := apply(record.Patch{record.LastName: "Longer than five"}); r.Err != nil || r.Item.Record[record.LastName] != "Longe" {
		t.Errorf("cut to %q, %v", r.Item.Record[record.LastName], r.Err)
	}
}

func TestStatesOfACollection(t *testing.T) {
	s := New(Options{Marks: true, NoMake: true})
	c := open(t, s, "contact", record.Contact)
	s.SetReadOnly("contact", true)
	k, err := create(t, c, "A")
	if err != nil || !errors.Is(k.done[0].Err, provider.ErrReadOnly) {
		t.Errorf("read-only: %v, %v", err, k.done[0].Err)
	}
	s.SetReadOnly("contact", false)
	s.Drop("contact")
	if _, err := c.Changes(t.Context(), "", record.Window{}); !errors.Is(err, provider.ErrGone) {
		t.Errorf("dropped: %v", err)
	}
	all, err := s.Provider().Collections(t.Context())
	if err != nil || len(all) != 2 {
		t.Errorf("%d collections, want 2, %v", len(all), err)
	}
	s.Return("contact")
	if _, err := c.Changes(t.Context(), "", record.Window{}); err != nil {
		t.Errorf("returned: %v", err)
	}
	if _, err := s.Provider().Make(t.Context(), "New", record.Contact); !errors.Is(err, provider.ErrReadOnly) {
		t.Errorf("make: %v", err)
	}
}

// A restore brings back the item under its ID with what no field maps, and leaves later edits alone.
func TestRestore(t *testing.T) {
	s := New(Options{Marks: true})
	id := s.Put("contact", contact("A"))
	s.Adorn("contact", id, "photo")
	s.SetMark("contact", id, "partner")
	c := open(t, s, "contact", record.Contact)
	before, _ := s.Item("contact", id)
	k := &sink{}
	if err := c.Apply(t.Context(), []record.Write{{Op: record.Delete, ID: id, Revision: before.Revision}}, k); err != nil {
		t.Fatal(err)
	}
	if want := []string{"before 0", "done 0"}; !slices.Equal(k.calls, want) {
		t.Errorf("the sink heard %v, want %v", k.calls, want)
	}
	restore := record.Write{Op: record.Restore, ID: id, Raw: k.raw, Seen: before.Record, Patch: record.Patch(before.Record)}
	if err := c.Apply(t.Context(), []record.Write{restore}, k); err != nil || k.done[0].Err != nil {
		t.Fatal(err, k.done[0].Err)
	}
	if now, _ := s.Item("contact", id); now.Revision != before.Revision || s.Extra("contact", id) != "photo" || now.Mark != "partner" {
		t.Errorf("restored %v with %q", now, s.Extra("contact", id))
	}
	s.Adorn("contact", id, "other photo")
	restore.Revision = before.Revision
	if err := c.Apply(t.Context(), []record.Write{restore}, k); err != nil || k.done[0].Err != nil || s.Extra("contact", id) != "other photo" {
		t.Errorf("an older image replaced what was changed since: %v, %v, %q", err, k.done[0].Err, s.Extra("contact", id))
	}
}

// The same seed gives the same history.
func TestSeed(t *testing.T) {
	run := func(seed uint64) []string {
		s := New(Options{Seed: seed, Chances: map[Fault]float64{LostAnswer: 0.3, Refused: 0.3, RateLimited: 0.1}})
		for range 20 {
			if c, err := s.Provider().Open(t.Context(), "contact", record.Contact, nil); err == nil {
				_ = c.Apply(context.Background(), []record.Write{{Op: record.Create}}, &sink{})
			}
		}
		return s.Log()
	}
	if !slices.Equal(run(1), run(1)) || slices.Equal(run(1), run(2)) {
		t.Error("histories do not follow the seed")
	}
}

// A conflict that nobody caused still tells the item, and writes nothing.
func TestFalseConflict(t *testing.T) {
	s := New(Options{Owner: "user-1"})
	id := s.Put("contact", contact("A"))
	c := open(t, s, "contact", record.Contact)
	it, _ := s.Item("contact", id)
	s.Fail(FalseConflict, 1)
	k := &sink{}
	w := record.Write{Op: record.Update, ID: id, Revision: it.Revision, Seen: it.Record, Patch: record.Patch{record.Phone: "1"}}
	if err := c.Apply(t.Context(), []record.Write{w}, k); err != nil || !errors.Is(k.done[0].Err, provider.ErrConflict) || k.done[0].Item.Revision != it.Revision || s.Writes() != 0 {
		t.Errorf("%v, %v, %d writes", err, k.done[0].Err, s.Writes())
	}
	if it.Record[record.Owner] != "user-1" {
		t.Errorf("owner %q", it.Record[record.Owner])
	}
}

// An edit that keeps the revision is what a service with re-used revisions shows.
func TestSameRevision(t *testing.T) {
	s := New(Options{})
	id := s.Put("contact", contact("A"))
	before, _ := s.Item("contact", id)
	s.Fail(SameRevision, 1)
	s.Edit("contact", id, record.Patch{record.Phone: "1"})
	if now, _ := s.Item("contact", id); now.Revision != before.Revision || now.Record[record.Phone] != "1" {
		t.Errorf("revision moved %v, phone %q", now.Revision != before.Revision, now.Record[record.Phone])
	}
}

// Without marks a key is worth nothing: a repeated create makes two.
func TestKeys(t *testing.T) {
	for marks, want := range map[bool]int{true: 1, false: 2} {
		s := New(Options{Marks: marks})
		c := open(t, s, "contact", record.Contact)
		for range 2 {
			if k, err := create(t, c, "A"); err != nil || k.done[0].Err != nil {
				t.Fatal(err, k.done[0].Err)
			}
		}
		items := s.Items("contact")
		if len(items) != want || (items[0].Mark != "") != marks {
			t.Errorf("with marks %v: %d items, the first with mark %q", marks, len(items), items[0].Mark)
		}
	}
}
