package providertest

import (
	"errors"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// changed creates an item with everything in it, changes one field of it, and returns it as it was and as it is, with the
// before-image of the change.
func (s *suite) changed(f record.Field) (was, now record.Item, raw []byte) {
	s.Helper()
	if !s.Can.Restore {
		s.Skip("the service cannot restore")
	}
	was = s.create(s.rich())[0]
	if s.Adorn != nil {
		s.Adorn(s.TB, was.ID)
		was = s.again(was.ID)
	}
	k := &sink{}
	if err := s.c.Apply(s.Context(), []record.Write{update(was, record.Patch{f: s.values(f)[1]})}, k); err != nil || len(k.of(0)) != 1 || k.of(0)[0].Err != nil {
		s.Fatalf("update: %v, %v", err, k.of(0))
	}
	return was, s.again(was.ID), k.raw(0)
}

// back makes the Restore of an item to what it was.
func back(was, now record.Item, f record.Field, raw []byte) record.Write {
	return record.Write{Op: record.Restore, ID: now.ID, Revision: now.Revision, Seen: now.Record, Patch: record.Patch{f: was.Record[f]}, Raw: raw}
}

// A Restore of what still lives, and that nobody changed since, makes it what it was: also where no field maps it.
func restorePutsBackWhatLives(s *suite) {
	f, _ := s.two()
	was, now, raw := s.changed(f)
	extra := ""
	if s.Extra != nil {
		extra = s.Extra(s.TB, was.ID)
	}
	s.must(s.open(), back(was, now, f, raw))
	after := s.again(was.ID)
	s.same("restored", after.Record, was.Record, record.FieldsOf(s.Kind))
	if after.Mark != was.Mark {
		s.Errorf("the restored item says %q of its partner, want %q", after.Mark, was.Mark)
	}
	if s.Extra != nil && s.Extra(s.TB, was.ID) != extra {
		s.Error("content that no field maps was lost")
	}
}

// A Restore never replaces what somebody changed since: it is ErrConflict, with the item as it now is.
func restoreOfChangedConflicts(s *suite) {
	f, g := s.two()
	was, now, raw := s.changed(f)
	s.outside().Edit(s.TB, was.ID, record.Patch{f: s.values(f)[0], g: ""})
	s.tick()
	edited := s.again(was.ID)
	w := back(was, now, f, raw)
	w.Patch[g] = was.Record[g]
	r := s.apply(s.open(), w)[0]
	if !errors.Is(r.Err, provider.ErrConflict) {
		s.Errorf("restore of what changed: got %v, want ErrConflict", r.Err)
	}
	if after := s.again(was.ID); r.Item.Revision != after.Revision || after.Record[g] != edited.Record[g] {
		s.Error("an edit was replaced, or the result does not tell the item as it now is")
	}
}

// A Restore of what is back already makes no second one, and keeps what was edited since.
func restoreTwiceMakesOne(s *suite) {
	if !s.Can.Restore {
		s.Skip("the service cannot restore")
	}
	f, _ := s.two()
	r := s.rich()
	it := s.create(r)[0]
	k := &sink{}
	if err := s.c.Apply(s.Context(), []record.Write{remove(it)}, k); err != nil || len(k.of(0)) != 1 || k.of(0)[0].Err != nil {
		s.Fatalf("delete: %v, %v", err, k.of(0))
	}
	s.tick()
	again := record.Write{Op: record.Restore, ID: it.ID, Raw: k.raw(0), Patch: record.Patch(it.Record), Mark: it.Mark}
	for n := range 2 {
		if r := s.apply(s.open(), again)[0]; r.Err != nil && !(n == 1 && errors.Is(r.Err, provider.ErrConflict)) {
			s.Errorf("restore %d: %v", n+1, r.Err)
		}
		s.tick()
		if there := s.list(s.open(), "").named(s.name(), r[s.name()]); n == 0 && len(there) == 1 {
			s.outside().Edit(s.TB, there[0].ID, record.Patch{f: s.values(f)[1]})
			s.tick()
		}
	}
	found := s.list(s.open(), "").named(s.name(), r[s.name()])
	for _, it := range found {
		s.made[it.ID] = true
	}
	if len(found) != 1 {
		s.Fatalf("an item that was restored twice is listed %d times", len(found))
	}
	want := it.Record.With(record.Patch{f: s.held(f, s.values(f)[1])})
	s.same("restored twice", found[0].Record, want, record.FieldsOf(s.Kind))
}
