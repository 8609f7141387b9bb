package providertest

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// suite is what one check works with.
type suite struct {
	testing.TB
	Setup
	c      provider.Collection
	limits map[record.Field]record.Limit
	token  string // begins the name of every item of this check
	n      int
	made   map[record.ID]bool
	series []func() // delete the series of this check
}

func newSuite(t testing.TB, setup Setup) *suite {
	t.Helper()
	s := &suite{TB: t, Setup: setup, token: strings.ToLower(rand.Text()[:8]), made: map[record.ID]bool{}}
	s.c = s.open()
	s.limits = s.c.Info().Limits[s.Kind]
	if len(s.limits) == 0 {
		s.Fatalf("Info tells no limits for the kind %q: then it holds no field at all", s.Kind)
	}
	return s
}

func (s *suite) open() provider.Collection {
	s.Helper()
	return s.Open(s.TB, record.FieldsOf(s.Kind))
}

// tidy deletes what the check made, so that collections do not grow from check to check.
func (s *suite) tidy() {
	var writes []record.Write
	for id := range s.made {
		writes = append(writes, record.Write{Op: record.Delete, ID: id})
	}
	for _, remove := range s.series {
		remove()
	}
	if len(writes) > 0 {
		// A check that failed may have left anything; what cannot be tidied is no failure of its own.
		_ = s.c.Apply(s.Context(), writes, &sink{})
	}
}

func (s *suite) tick() {
	if s.Tick != nil {
		s.Tick()
	}
}

// name is the field that names an item of the kind.
func (s *suite) name() record.Field {
	switch s.Kind {
	case record.Event:
		return record.Title
	case record.Task:
		return record.Subject
	}
	return record.LastName
}

// sample returns the least record that can be created, under a name of its own.
func (s *suite) sample() record.Record {
	s.n++
	r := record.Record{s.name(): fmt.Sprintf("%s-%03d", s.token, s.n)}
	if s.Kind == record.Event {
		r[record.When] = "2026-05-04T08:00:00Z/2026-05-04T09:00:00Z"
	}
	for f, l := range s.limits {
		if !l.Mandatory || r[f] != "" {
			continue
		}
		if v := s.values(f); len(v) > 0 {
			r[f] = s.held(f, v[0])
		}
	}
	return r
}

// rich is a sample with a value in every field that can be written.
func (s *suite) rich() record.Record {
	r := s.sample()
	for _, f := range s.writable() {
		if v := s.values(f); r[f] == "" && len(v) > 0 {
			r[f] = s.held(f, v[0])
		}
	}
	return r
}

// writable lists the fields that the service takes.
func (s *suite) writable() []record.Field {
	var out []record.Field
	for _, f := range record.FieldsOf(s.Kind) {
		if l, ok := s.limits[f]; ok && !l.ReadOnly {
			out = append(out, f)
		}
	}
	return out
}

// two returns two fields other than the name, each with two values, for checks that edit them independently.
func (s *suite) two() (f1, f2 record.Field) {
	s.Helper()
	var found []record.Field
	for _, f := range s.writable() {
		t := record.Lookup(s.Kind, f).Type
		plain := t == record.Line || t == record.Text || t == record.Date || t == record.Email
		if plain && f != s.name() && len(s.limits[f].Choices) == 0 && len(s.values(f)) > 1 {
			found = append(found, f)
		}
	}
	if len(found) < 2 {
		s.Fatal("the service has fewer than two plain fields that can be written")
	}
	return found[0], found[len(found)-1]
}

// held is the value as the service is to list it.
func (s *suite) held(f record.Field, v string) string {
	t := record.Lookup(s.Kind, f).Type
	return s.limits[f].Held(t, record.Canonical(t, v))
}

// creates makes one Create per record, with a key and a mark of its own.
func (s *suite) creates(records ...record.Record) []record.Write {
	var writes []record.Write
	for _, r := range records {
		s.n++
		id := fmt.Sprintf("%s%04d", s.token, s.n)
		writes = append(writes, record.Write{Op: record.Create, Key: id, Mark: record.Mark("mark-" + id), Patch: record.Patch(r)})
	}
	return writes
}

// create makes items and returns them as the service lists them afterwards.
func (s *suite) create(records ...record.Record) []record.Item {
	s.Helper()
	for i, r := range s.apply(s.c, s.creates(records...)...) {
		if r.Err != nil {
			s.Fatalf("create %d of %d: %v", i+1, len(records), r.Err)
		}
	}
	s.tick()
	l := s.list(s.open(), "")
	out := make([]record.Item, len(records))
	for i, r := range records {
		found := l.named(s.name(), r[s.name()])
		if len(found) != 1 {
			s.Fatalf("item %d of %d was created and is listed %d times", i+1, len(records), len(found))
		}
		out[i] = found[0]
		s.made[found[0].ID] = true
	}
	return out
}

// apply carries writes out and returns what the sink heard of each, exactly once.
func (s *suite) apply(c provider.Collection, writes ...record.Write) []provider.Result {
	s.Helper()
	k := &sink{}
	if err := c.Apply(s.Context(), writes, k); err != nil {
		s.Fatalf("apply: %v", err)
	}
	out := make([]provider.Result, len(writes))
	for i := range writes {
		heard := k.of(i)
		if len(heard) != 1 {
			s.Fatalf("Done was called %d times for write %d (%s)", len(heard), i, writes[i].Op)
		}
		out[i] = heard[0]
		if id := heard[0].Item.ID; writes[i].Op == record.Create && id != "" {
			s.made[id] = true
		}
	}
	return out
}

// must carries out one write that has to succeed.
func (s *suite) must(c provider.Collection, w record.Write) provider.Result {
	s.Helper()
	r := s.apply(c, w)[0]
	if r.Err != nil {
		s.Fatalf("%s: %v", w.Op, r.Err)
	}
	return r
}

// update makes the Update of an item as it was listed.
func update(it record.Item, p record.Patch) record.Write {
	return record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record, Patch: p}
}

// remove makes the Delete of an item as it was listed.
func remove(it record.Item) record.Write {
	return record.Write{Op: record.Delete, ID: it.ID, Revision: it.Revision, Seen: it.Record}
}

// again lists everything anew and returns this item.
func (s *suite) again(id record.ID) record.Item {
	s.Helper()
	s.tick()
	it, ok := s.list(s.open(), "").items[id]
	if !ok {
		s.Fatal("the item is no longer listed")
	}
	return it
}

// same reports fields that differ from what they should be.
func (s *suite) same(what string, got, want record.Record, fields []record.Field) {
	s.Helper()
	for _, f := range fields {
		if got[f] != want[f] {
			s.Errorf("%s: field %s is listed as %q, want %q", what, f, got[f], want[f])
		}
	}
}

// outside returns the other person or program.
func (s *suite) outside() Editor {
	if s.Outside != nil {
		return s.Outside(s.TB)
	}
	return client{s}
}

// client is an Editor that works through another opened collection.
type client struct{ s *suite }

func (e client) Put(t testing.TB, r record.Record) record.ID {
	t.Helper()
	return e.s.create(r)[0].ID
}

func (e client) Edit(t testing.TB, id record.ID, p record.Patch) {
	t.Helper()
	e.s.must(e.s.open(), record.Write{Op: record.Update, ID: id, Patch: p})
	e.s.tick()
}

func (e client) Delete(t testing.TB, id record.ID) {
	t.Helper()
	e.s.must(e.s.open(), record.Write{Op: record.Delete, ID: id})
	e.s.tick()
}

// without returns the fields except some.
func without(fields []record.Field, out ...record.Field) []record.Field {
	return slices.DeleteFunc(slices.Clone(fields), func(f record.Field) bool { return slices.Contains(out, f) })
}
