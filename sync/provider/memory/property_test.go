package memory

import (
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// hostile draws a service with everything that may happen to its calls.
func hostile(t *rapid.T) *Service {
	chances := map[Fault]float64{}
	for _, f := range []Fault{
		LostAnswer, LostConnection, LostRequest, Unsent, Refused, FalseConflict, NoResult, RateLimited, SignedOut, Gone,
		BrokenListing, ExpiredCursor, OtherOrder, Repeats, FlakyRevisions,
	} {
		chances[f] = rapid.SampledFrom([]float64{0, 0, 0.1, 0.4}).Draw(t, string(f))
	}
	return New(Options{
		AbsentIsDeleted: true, Marks: rapid.Bool().Draw(t, "marks"), PageSize: rapid.IntRange(1, 4).Draw(t, "page"),
		Lag:  time.Duration(rapid.IntRange(0, 5).Draw(t, "lag")) * time.Second,
		Seed: rapid.Uint64().Draw(t, "seed"), Chances: chances,
	})
}

// anyone lets a person do something.
func anyone(t *rapid.T, s *Service, n int) {
	items := s.Items("contact")
	if len(items) == 0 || rapid.IntRange(0, 2).Draw(t, "new") == 0 {
		s.Put("contact", contact(fmt.Sprint("Name ", n)))
		return
	}
	id := rapid.SampledFrom(items).Draw(t, "item").ID
	switch rapid.SampledFrom([]string{"edit", "edit", "remove", "spoil"}).Draw(t, "deed") {
	case "edit":
		s.Edit("contact", id, record.Patch{record.Phone: fmt.Sprint(n)})
	case "remove":
		s.Remove("contact", id)
	case "spoil":
		s.Spoil("contact", id, rapid.SampledFrom([]string{"", provider.CodeUnreadable}).Draw(t, "code"))
	}
}

// replica is what a program knows that stores every page with its cursor.
type replica struct {
	items  map[record.ID]record.Record
	seen   map[record.ID]bool // by the full listing that is under way
	cursor provider.Cursor
}

// page reads one page; false when there is nothing more to read.
func (r *replica) page(t *rapid.T, s *Service) (bool, error) {
	c, err := s.Provider().Open(t.Context(), "contact", record.Contact, record.FieldsOf(record.Contact))
	if err != nil {
		return true, err
	}
	if r.cursor == "" {
		r.seen = map[record.ID]bool{}
	}
	p, err := c.Changes(t.Context(), r.cursor, record.Window{})
	if errors.Is(err, provider.ErrCursor) {
		r.cursor = ""
	}
	if err != nil {
		return true, err
	}
	for _, it := range p.Changed {
		r.items[it.ID], r.seen[it.ID] = it.Record, true
	}
	for _, sk := range p.Skipped {
		delete(r.items, sk.ID)
	}
	for _, id := range p.Deleted {
		delete(r.items, id)
	}
	if p.Full && !p.More {
		maps.DeleteFunc(r.items, func(id record.ID, _ record.Record) bool { return !r.seen[id] })
	}
	r.cursor = p.Next
	return p.More, nil
}

// However listings break off, repeat or begin anew while people work, in the end they have told everything.
func TestPagesTellEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := hostile(t)
		r := &replica{items: map[record.ID]record.Record{}}
		for n := range rapid.IntRange(0, 30).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "read") {
				_, _ = r.page(t, s)
			} else {
				anyone(t, s, n)
			}
		}
		s.Calm()
		s.Advance(time.Minute)
		// What changed while a full listing was under way is told by the delta after it.
		for last := 0; last < 2; {
			more, err := r.page(t, s)
			if err != nil && !errors.Is(err, provider.ErrCursor) {
				t.Fatal(err)
			}
			if !more {
				last++
			}
		}
		want := map[record.ID]record.Record{}
		for _, it := range s.Items("contact") {
			want[it.ID] = it.Record
		}
		for id := range maps.Clone(want) {
			if s.colls["contact"].items[id].bad != nil {
				delete(want, id)
			}
		}
		if !maps.EqualFunc(r.items, want, func(a, b record.Record) bool { return maps.Equal(a, b) }) {
			t.Fatalf("the listings tell %v, there is %v", r.items, want)
		}
	})
}

// What Done says is true, whatever happens: done is done, refused and unsent are not. Only silence is unsure.
func TestDoneIsTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := hostile(t)
		for n := range 5 {
			anyone(t, s, n)
		}
		var writes []record.Write
		for n := range rapid.IntRange(1, 5).Draw(t, "writes") {
			writes = append(writes, anyWrite(t, s, n))
		}
		c, err := s.Provider().Open(t.Context(), "contact", record.Contact, record.FieldsOf(record.Contact))
		if err != nil {
			return
		}
		before := map[record.ID]record.Item{}
		for _, it := range s.Items("contact") {
			before[it.ID] = it
		}
		k := &sink{}
		err = c.Apply(t.Context(), writes, k)
		if len(k.done) < len(writes) && err == nil && s.chances[LostAnswer] == 0 {
			t.Fatalf("%d of %d writes are unsure without a reason", len(writes)-len(k.done), len(writes))
		}
		for i, w := range writes {
			r, told := k.done[i]
			if !told {
				continue
			}
			now, there := s.Item("contact", w.ID)
			switch {
			case w.Op == record.Delete && r.Err == nil && there:
				t.Fatalf("write %d is told as deleted, and is there", i)
			case w.Op == record.Update && r.Err == nil && (!there || now.Record[record.Mobile] != w.Patch[record.Mobile]):
				t.Fatalf("write %d is told as done, and is not", i)
			case w.Op != record.Create && r.Err != nil && there && now.Revision != before[w.ID].Revision:
				t.Fatalf("write %d is told as %v, and the item changed", i, r.Err)
			case w.Op == record.Create && (r.Err == nil) != (named(s, w.Patch[record.LastName]) == 1):
				t.Fatalf("create %d is told as %v, and is there %d times", i, r.Err, named(s, w.Patch[record.LastName]))
			}
		}
	})
}

// anyWrite draws a write; no two of them are for one item.
func anyWrite(t *rapid.T, s *Service, n int) record.Write {
	items := s.Items("contact")
	if n >= len(items) || rapid.Bool().Draw(t, "create") {
		name := fmt.Sprint("Created ", n)
		return record.Write{Op: record.Create, Key: name, Patch: record.Patch{record.LastName: name}}
	}
	it := items[n]
	w := record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record, Patch: record.Patch{record.Mobile: fmt.Sprint(n)}}
	if rapid.Bool().Draw(t, "delete") {
		w.Op, w.Patch = record.Delete, nil
	}
	if rapid.Bool().Draw(t, "stale") {
		w.Revision = "stale"
	}
	return w
}

func named(s *Service, name string) (n int) {
	for _, it := range s.Items("contact") {
		if it.Record[record.LastName] == name {
			n++
		}
	}
	return n
}
