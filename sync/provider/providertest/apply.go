package providertest

import (
	"context"
	"errors"
	"slices"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// A field that someone else changed since it was read is not overwritten; the result tells what is there now.
func staleRevisionConflicts(s *suite) {
	f, _ := s.two()
	it := s.create(s.sample().With(record.Patch{f: s.held(f, s.values(f)[0])}))[0]
	s.outside().Edit(s.TB, it.ID, record.Patch{f: s.values(f)[1]})
	s.tick()
	theirs := s.held(f, s.values(f)[1])
	r := s.apply(s.c, update(it, record.Patch{f: ""}))[0]
	if !errors.Is(r.Err, provider.ErrConflict) {
		s.Errorf("update of a field that changed: got %v, want ErrConflict", r.Err)
	}
	now := s.again(it.ID)
	s.same("after the conflict", now.Record, record.Record{f: theirs}, []record.Field{f})
	if r.Item.ID != it.ID || r.Item.Record[f] != theirs || r.Item.Revision != now.Revision {
		s.Error("the result does not tell the item as it now is")
	}
}

// An edit of another field does not stand in the way, and both edits are there afterwards.
func staleButOtherFieldGoesOn(s *suite) {
	f, g := s.two()
	it := s.create(s.sample())[0]
	s.outside().Edit(s.TB, it.ID, record.Patch{f: s.values(f)[1]})
	s.tick()
	r := s.apply(s.c, update(it, record.Patch{g: s.values(g)[1]}))[0]
	if r.Err != nil {
		s.Errorf("update of a field that nobody else changed: %v", r.Err)
	}
	want := record.Record{f: s.held(f, s.values(f)[1]), g: s.held(g, s.values(g)[1])}
	s.same("after both edits", s.again(it.ID).Record, want, []record.Field{f, g})
}

// A write without a revision is carried out whatever the item is now.
func anyRevisionWillDo(s *suite) {
	f, _ := s.two()
	it := s.create(s.sample())[0]
	s.outside().Edit(s.TB, it.ID, record.Patch{f: s.values(f)[1]})
	s.tick()
	s.must(s.c, record.Write{Op: record.Update, ID: it.ID, Patch: record.Patch{f: s.values(f)[0]}})
	s.same("after the update", s.again(it.ID).Record, record.Record{f: s.held(f, s.values(f)[0])}, []record.Field{f})
	s.must(s.c, record.Write{Op: record.Delete, ID: it.ID})
	s.tick()
	if _, there := s.list(s.open(), "").items[it.ID]; there {
		s.Error("the deleted item is still listed")
	}
}

// An update of what is gone is ErrNotFound, and makes nothing.
func updateMissingIsNotFound(s *suite) {
	f, _ := s.two()
	it := s.create(s.sample())[0]
	s.outside().Delete(s.TB, it.ID)
	s.tick()
	r := s.apply(s.c, update(it, record.Patch{f: s.values(f)[1]}))[0]
	if !errors.Is(r.Err, provider.ErrNotFound) {
		s.Errorf("update of what is gone: got %v, want ErrNotFound", r.Err)
	}
	s.tick()
	if _, there := s.list(s.open(), "").items[it.ID]; there {
		s.Error("the update brought back what was deleted")
	}
}

// A delete of what is gone is done without an error, and without an image of what was there.
func deleteTwice(s *suite) {
	it := s.create(s.sample())[0]
	s.must(s.c, remove(it))
	s.tick()
	if _, there := s.list(s.open(), "").items[it.ID]; there {
		s.Error("the deleted item is still listed")
	}
	k := &sink{}
	if err := s.open().Apply(s.Context(), []record.Write{remove(it)}, k); err != nil || len(k.of(0)) != 1 || k.of(0)[0].Err != nil {
		s.Errorf("delete of what is gone: %v, %v", err, k.of(0))
	}
	if _, there := k.raws[0]; there {
		s.Error("the deleted item is taken for one that is there")
	}
}

// What changed since it was read is not deleted.
func deleteStaleConflicts(s *suite) {
	f, _ := s.two()
	it := s.create(s.sample())[0]
	s.outside().Edit(s.TB, it.ID, record.Patch{f: s.values(f)[1]})
	s.tick()
	r := s.apply(s.c, remove(it))[0]
	if !errors.Is(r.Err, provider.ErrConflict) {
		s.Errorf("delete of what changed: got %v, want ErrConflict", r.Err)
	}
	now := s.again(it.ID)
	if r.Item.ID != it.ID || r.Item.Revision != now.Revision {
		s.Error("the result does not tell the item as it now is")
	}
	s.must(s.c, remove(now))
}

// A Restore with the before-image brings back what was deleted, with every field.
func restoreBringsBack(s *suite) {
	if !s.Can.Restore {
		s.Skip("the service cannot restore")
	}
	r := s.rich()
	it := s.create(r)[0]
	k := &sink{}
	if err := s.c.Apply(s.Context(), []record.Write{remove(it)}, k); err != nil || len(k.of(0)) != 1 || k.of(0)[0].Err != nil {
		s.Fatalf("delete: %v, %v", err, k.of(0))
	}
	s.tick()
	back := record.Write{Op: record.Restore, ID: it.ID, Raw: k.raw(0), Seen: it.Record, Patch: record.Patch(it.Record), Mark: it.Mark}
	s.must(s.open(), back)
	s.tick()
	found := s.list(s.open(), "").named(s.name(), r[s.name()])
	if len(found) != 1 {
		s.Fatalf("the restored item is listed %d times", len(found))
	}
	s.made[found[0].ID] = true
	s.same("restored", found[0].Record, it.Record, record.FieldsOf(s.Kind))
}

// One write that fails is told as such; the others are carried out.
func oneBadWriteDoesNotStopTheRest(s *suite) {
	f, _ := s.two()
	items := s.create(s.sample(), s.sample(), s.sample())
	s.outside().Delete(s.TB, items[0].ID)
	s.tick()
	created := s.sample()
	writes := []record.Write{
		update(items[0], record.Patch{f: s.values(f)[1]}),
		update(items[1], record.Patch{f: s.values(f)[1]}),
		remove(items[2]),
	}
	results := s.apply(s.c, append(writes, s.creates(created)...)...)
	if results[0].Err == nil {
		s.Error("the write to what is gone has no error")
	}
	for i, r := range results[1:] {
		if r.Err != nil {
			s.Errorf("write %d after one that failed: %v", i+1, r.Err)
		}
	}
	s.tick()
	l := s.list(s.open(), "")
	found := l.named(s.name(), created[s.name()])
	for _, it := range found {
		s.made[it.ID] = true
	}
	_, there := l.items[items[2].ID]
	if l.items[items[1].ID].Record[f] != s.held(f, s.values(f)[1]) || there || len(found) != 1 {
		s.Error("a write after one that failed was not carried out")
	}
}

// Before is called while the item is still as it was, for updates and deletes but not for creates, and Done after it.
func beforeComesBeforeTheWrite(s *suite) {
	f, _ := s.two()
	items := s.create(s.sample(), s.sample())
	writes := append(s.creates(s.sample()), update(items[0], record.Patch{f: s.values(f)[1]}), remove(items[1]))
	other := s.open()
	k := &sink{}
	k.onBefore = func(i int) error {
		if i == 0 {
			return nil
		}
		s.tick()
		return s.untouched(other, items[i-1])
	}
	k.onDone = func(i int, r provider.Result) error {
		if r.Item.ID != "" && i == 0 {
			s.made[r.Item.ID] = true
		}
		return nil
	}
	if err := s.c.Apply(s.Context(), writes, k); err != nil {
		s.Errorf("apply: %v", err)
	}
	for i, want := range [][]string{{"done"}, {"before", "done"}, {"before", "done"}} {
		if got := k.told(i); !slices.Equal(got, want) {
			s.Errorf("%s: the sink heard %v, want %v", writes[i].Op, got, want)
		}
	}
}

// untouched reads the listing and says whether the item is still what it was. It may run on any goroutine.
func (s *suite) untouched(c provider.Collection, it record.Item) error {
	var next provider.Cursor
	for range mostPages {
		page, err := c.Changes(s.Context(), next, record.Window{})
		if err != nil {
			return err
		}
		for _, now := range page.Changed {
			if now.ID == it.ID && now.Revision == it.Revision {
				return nil
			}
		}
		if !page.More {
			break
		}
		next = page.Next
	}
	return errors.New("Before was called after the write")
}

// An error of the sink in Before keeps the write from being sent, and Apply returns it.
func sinkErrorStops(s *suite) {
	f, _ := s.two()
	items := s.create(s.sample(), s.sample(), s.sample())
	stop := errors.New("the disk is full")
	var writes []record.Write
	for _, it := range items {
		writes = append(writes, update(it, record.Patch{f: s.values(f)[1]}))
	}
	k := &sink{onBefore: func(int) error { return stop }}
	if err := s.c.Apply(s.Context(), writes, k); !errors.Is(err, stop) {
		s.Errorf("Before failed: Apply returned %v, want its error", err)
	}
	s.tick()
	l := s.list(s.open(), "")
	for i, it := range items {
		if l.items[it.ID].Record[f] != it.Record[f] {
			s.Errorf("Before failed, and write %d was sent", i)
		}
	}
	k = &sink{onDone: func(int, provider.Result) error { return stop }}
	if err := s.c.Apply(s.Context(), []record.Write{update(items[0], record.Patch{f: s.values(f)[1]})}, k); !errors.Is(err, stop) {
		s.Errorf("Done failed: Apply returned %v, want its error", err)
	}
}

// With a context that has ended nothing is sent, and the sink hears so of every write.
func cancelledContextSendsNothing(s *suite) {
	f, _ := s.two()
	it := s.create(s.sample())[0]
	created := s.sample()
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	writes := append(s.creates(created), update(it, record.Patch{f: s.values(f)[1]}), remove(it))
	k := &sink{}
	if err := s.c.Apply(ctx, writes, k); !errors.Is(err, context.Canceled) {
		s.Errorf("apply with a cancelled context: got %v, want context.Canceled", err)
	}
	for i := range writes {
		if !unsent(k.of(i)) {
			s.Errorf("%s: the sink heard %d results, want one RetryError{Sent: false}", writes[i].Op, len(k.of(i)))
		}
	}
	s.tick()
	l := s.list(s.open(), "")
	if now, there := l.items[it.ID]; !there || now.Record[f] != it.Record[f] || len(l.named(s.name(), created[s.name()])) > 0 {
		s.Error("something was sent with a cancelled context")
	}
	if _, err := s.c.Changes(ctx, "", record.Window{}); !errors.Is(err, context.Canceled) {
		s.Errorf("list with a cancelled context: got %v, want context.Canceled", err)
	}
}

func unsent(heard []provider.Result) bool {
	var retry *provider.RetryError
	return len(heard) == 1 && errors.As(heard[0].Err, &retry) && !retry.Sent
}

// When the context ends in the middle, what the sink heard of each write is true.
func cancelMidwayIsTruthful(s *suite) {
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	var records []record.Record
	for range 12 {
		records = append(records, s.sample())
	}
	k := &sink{onDone: func(int, provider.Result) error { cancel(); return nil }}
	if err := s.c.Apply(ctx, s.creates(records...), k); err != nil && !errors.Is(err, context.Canceled) {
		s.Errorf("apply: %v", err)
	}
	s.tick()
	l := s.list(s.open(), "")
	for i, r := range records {
		found := l.named(s.name(), r[s.name()])
		for _, it := range found {
			s.made[it.ID] = true
		}
		heard := k.of(i)
		switch {
		case len(heard) > 1:
			s.Errorf("Done was called %d times for write %d", len(heard), i)
		case len(heard) == 1 && heard[0].Err == nil && len(found) != 1:
			s.Errorf("write %d was told as done and is listed %d times", i, len(found))
		case unsent(heard) && len(found) > 0:
			s.Errorf("write %d was told as not sent and is listed", i)
		}
	}
}
