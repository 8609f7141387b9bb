package providertest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Every value of every field is listed as it was written: once from a create and once from an update, in canonical form.
func everyFieldRoundTrips(s *suite) {
	fields := s.writable()
	rows := 0
	for _, f := range fields {
		rows = max(rows, len(s.values(f)))
	}
	want := make([]record.Record, rows)
	sent := make([]record.Record, rows)
	for i := range rows {
		sent[i], want[i] = s.row(fields, i)
	}
	items := s.create(sent...)
	for i, it := range items {
		s.same(fmt.Sprintf("created with values %d", i), it.Record, want[i], fields)
	}
	var writes []record.Write
	for i, it := range items {
		next := sent[(i+1)%rows].With(record.Patch{s.name(): it.Record[s.name()]})
		writes = append(writes, update(it, record.Diff(it.Record, next)))
	}
	for i, r := range s.apply(s.c, writes...) {
		if r.Err != nil {
			s.Errorf("update to values %d: %v", (i+1)%rows, r.Err)
		}
	}
	s.tick()
	l := s.list(s.open(), "")
	for i, it := range items {
		s.same(fmt.Sprintf("updated to values %d", (i+1)%rows), l.items[it.ID].Record, want[(i+1)%rows], without(fields, s.name()))
	}
}

// row makes the record of the i-th value of every field, as sent and as it is to be listed.
func (s *suite) row(fields []record.Field, i int) (sent, want record.Record) {
	sent = s.sample()
	token := sent[s.name()]
	for _, f := range fields {
		if v := s.values(f); len(v) > 0 {
			sent[f] = v[i%len(v)]
		}
	}
	// The name is tried too, but keeps what tells the items apart. It is looked for as it is listed.
	sent[s.name()] = token
	if v := s.values(s.name()); len(v) > 0 {
		if long := s.held(s.name(), v[i%len(v)]) + " " + token; s.limits[s.name()].Fits(record.Line, long) {
			sent[s.name()] = long
		}
	}
	want = record.Record{}
	for f, v := range sent {
		want[f] = s.held(f, v)
	}
	return sent, want
}

// A value that the service cannot hold is refused, or left with a word about it; it is never spoilt.
func rareValues(s *suite) {
	var together, alone []record.Patch
	for i := 0; ; i++ {
		p := record.Patch{}
		for _, f := range s.writable() {
			if v := s.rare(f); i < len(v) {
				p[f] = v[i]
			}
		}
		if len(p) == 0 {
			break
		}
		together = append(together, p)
	}
	for _, p := range s.tryRare(together) {
		for f, v := range p {
			alone = append(alone, record.Patch{f: v})
		}
	}
	s.tryRare(alone)
}

// tryRare creates an item with each patch and returns the patches that were refused, as services are free to do.
func (s *suite) tryRare(patches []record.Patch) (refused []record.Patch) {
	s.Helper()
	if len(patches) == 0 {
		return nil
	}
	var records []record.Record
	for _, p := range patches {
		records = append(records, s.sample().With(p))
	}
	results := s.apply(s.c, s.creates(records...)...)
	s.tick()
	l := s.list(s.open(), "")
	for i, p := range patches {
		found := l.named(s.name(), records[i][s.name()])
		for _, it := range found {
			s.made[it.ID] = true
		}
		var no *provider.ItemError
		switch {
		case errors.As(results[i].Err, &no):
			refused = append(refused, p)
			if len(found) > 0 {
				s.Errorf("%q was refused, and the item is listed", p)
			}
		case results[i].Err != nil:
			s.Errorf("%q: %v", p, results[i].Err)
		case len(found) != 1:
			s.Errorf("%q: the item is listed %d times", p, len(found))
		default:
			for f, v := range p {
				if !leaves(results[i], f) {
					s.same("rare value", found[0].Record, record.Record{f: s.held(f, v)}, []record.Field{f})
				}
			}
		}
	}
	return refused
}

func leaves(r provider.Result, f record.Field) bool {
	return slices.ContainsFunc(r.Left, func(e *provider.ItemError) bool { return e.Field == f })
}

// A value longer than the field is refused or left where it is; the service's own cut never comes as a surprise.
func tooLongIsToldNotCut(s *suite) {
	var f record.Field
	for _, g := range s.writable() {
		t := record.Lookup(s.Kind, g).Type
		if l := s.limits[g]; l.Max > 0 && len(l.Choices) == 0 && !l.Mandatory && g != s.name() && (t == record.Line || t == record.Text) {
			f = g
			break
		}
	}
	if f == "" {
		s.Skip("no line or text of this service has a limit")
	}
	r := s.sample().With(record.Patch{f: strings.Repeat("x", s.limits[f].Max+1)})
	result := s.apply(s.c, s.creates(r)...)[0]
	s.tick()
	found := s.list(s.open(), "").named(s.name(), r[s.name()])
	var refused *provider.ItemError
	switch {
	case errors.As(result.Err, &refused):
	case result.Err != nil:
		s.Errorf("a value that is too long: %v", result.Err)
	case len(found) != 1:
		s.Errorf("the item is listed %d times", len(found))
	case !leaves(result, f):
		s.Errorf("field %s was cut from %d to %d without a word", f, len(r[f]), len(found[0].Record[f]))
	}
	for _, it := range found {
		s.made[it.ID] = true
	}
}

// An item without a mandatory field is refused, and nothing is created.
func mandatoryIsRefused(s *suite) {
	refusedAny := false
	for _, f := range s.writable() {
		if !s.limits[f].Mandatory {
			continue
		}
		refusedAny = true
		r := s.sample()
		delete(r, f)
		result := s.apply(s.c, s.creates(r)...)[0]
		var refused *provider.ItemError
		if !errors.As(result.Err, &refused) || refused.Code != provider.CodeMandatory {
			s.Errorf("create without %s: got %v, want an ItemError with code %q", f, result.Err, provider.CodeMandatory)
		}
	}
	if !refusedAny {
		s.Skip("no field of this service is mandatory")
	}
}

// A patch of one field leaves the other fields as they were.
func patchKeepsTheRest(s *suite) {
	f, _ := s.two()
	it := s.create(s.rich())[0]
	s.must(s.c, update(it, record.Patch{f: s.values(f)[1]}))
	now := s.again(it.ID)
	s.same("patched field", now.Record, record.Record{f: s.held(f, s.values(f)[1])}, []record.Field{f})
	s.same("other field", now.Record, it.Record, without(record.FieldsOf(s.Kind), f))
}

// An empty value clears a field, and a cleared field is absent.
func clearField(s *suite) {
	it := s.create(s.rich())[0]
	patch := record.Patch{}
	for _, f := range s.writable() {
		if !s.limits[f].Mandatory && f != s.name() && f != record.When && it.Record[f] != "" {
			patch[f] = ""
		}
	}
	s.must(s.c, update(it, patch))
	now := s.again(it.ID)
	for f := range patch {
		v, there := now.Record[f]
		// A service may fall back to a choice of its own, but not keep the one that was cleared.
		if own := record.Lookup(s.Kind, f).Type == record.Choice && v != it.Record[f]; there && !own {
			s.Errorf("field %s was cleared and is listed as %q", f, v)
		}
	}
	s.same("field that was not cleared", now.Record, it.Record, []record.Field{s.name(), record.When})
}

// What no field maps is still there after an update.
func unmappedContentSurvives(s *suite) {
	if s.Adorn == nil || s.Extra == nil {
		s.Skip("the set-up cannot see unmapped content")
	}
	f, g := s.two()
	id := s.create(s.rich())[0].ID
	s.Adorn(s.TB, id)
	before := s.Extra(s.TB, id)
	if before == "" {
		s.Fatal("Adorn left no content behind that Extra can see")
	}
	s.must(s.c, update(s.again(id), record.Patch{f: s.values(f)[1]}))
	s.must(s.c, update(s.again(id), record.Patch{f: "", g: s.values(g)[1]}))
	if after := s.Extra(s.TB, id); after != before {
		s.Errorf("unmapped content changed from %q to %q", before, after)
	}
}
