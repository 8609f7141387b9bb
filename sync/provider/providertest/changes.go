package providertest

import (
	"errors"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Every page of a listing begun at the zero cursor is marked Full. A delta is not, unless it lists everything: an item
// absent from a listing marked Full may count as deleted.
func fullListingIsMarkedFull(s *suite) {
	items := s.create(s.sample(), s.sample(), s.sample())
	l := s.list(s.open(), "")
	if l.full != l.pages {
		s.Errorf("%d of %d pages from the zero cursor are marked Full", l.full, l.pages)
	}
	f, _ := s.two()
	s.outside().Edit(s.TB, items[0].ID, record.Patch{f: s.values(f)[0]})
	s.tick()
	d := s.list(s.open(), l.next)
	for _, it := range items {
		if _, there := d.items[it.ID]; d.full > 0 && !there {
			s.Error("a delta is marked Full and does not list everything")
		}
	}
}

// More items than a page holds are listed completely, even when the program starts anew between two pages.
func pagesAreComplete(s *suite) {
	n := max(s.Can.Many, 5)
	before := s.list(s.open(), "").next
	var records []record.Record
	for range n {
		records = append(records, s.sample())
	}
	for i, r := range s.apply(s.c, s.creates(records...)...) {
		if r.Err != nil {
			s.Fatalf("create %d of %d: %v", i+1, n, r.Err)
		}
	}
	s.tick()
	for _, since := range []provider.Cursor{"", before} {
		l := s.pages(since, s.open)
		for i, r := range records {
			found := l.named(s.name(), r[s.name()])
			if len(found) != 1 {
				s.Errorf("from cursor %q: item %d of %d is listed %d times", since, i+1, n, len(found))
			}
			for _, it := range found {
				s.made[it.ID] = true
			}
		}
		if s.Can.Many > 0 && since == "" && l.pages < 2 {
			s.Errorf("%d items were to need more than one page", n)
		}
	}
}

// A delta lists what was changed, made or deleted since its cursor, and nothing else.
func deltaListsOnlyChanges(s *suite) {
	f, _ := s.two()
	items := s.create(s.sample(), s.sample(), s.sample())
	since := s.list(s.open(), "").next
	s.outside().Edit(s.TB, items[1].ID, record.Patch{f: s.values(f)[1]})
	made := s.outside().Put(s.TB, s.sample())
	s.made[made] = true
	s.tick()
	d := s.list(s.open(), since)
	if got, want := d.items[items[1].ID].Record[f], s.held(f, s.values(f)[1]); got != want {
		s.Errorf("the changed item is listed with %q, want %q", got, want)
	}
	if _, there := d.items[made]; !there {
		s.Error("the new item is not listed")
	}
	for _, it := range []record.Item{items[0], items[2]} {
		if now, there := d.items[it.ID]; there && !(s.Can.Repeats && now.Revision == it.Revision) {
			s.Error("an item that nobody changed is listed")
		}
	}
	if len(d.deleted) > 0 {
		s.Errorf("%d items are named as deleted, and nobody deleted one", len(d.deleted))
	}
}

// A delta without news is one page without items, again and again.
func deltaEmptyIsCheap(s *suite) {
	s.create(s.sample())
	l := s.list(s.open(), "")
	next := l.next
	for range 2 {
		meter := &provider.Meter{}
		c := s.open()
		page, err := c.Changes(provider.WithMeter(s.Context(), meter), next, record.Window{})
		if err != nil {
			s.Fatalf("list changes: %v", err)
		}
		if page.More || len(page.Deleted) > 0 {
			s.Errorf("no news, and the page has More %v and %d deleted", page.More, len(page.Deleted))
		}
		for _, it := range page.Changed {
			if !s.Can.Repeats || l.items[it.ID].Revision != it.Revision {
				s.Error("no news, and an item is listed")
			}
		}
		if n := meter.Requests(); s.Can.Idle > 0 && n > s.Can.Idle {
			s.Errorf("no news cost %d requests, want at most %d", n, s.Can.Idle)
		}
		next = page.Next
	}
}

// A deletion is told by the next delta.
func deletionIsListed(s *suite) {
	items := s.create(s.sample(), s.sample())
	since := s.list(s.open(), "").next
	s.outside().Delete(s.TB, items[0].ID)
	s.tick()
	c := s.open()
	d := s.list(c, since)
	if !d.gone(items[0], c.Info()) {
		s.Error("the deleted item is not named")
	}
	if d.gone(items[1], c.Info()) {
		s.Error("an item that is still there is named as deleted")
	}
	if _, there := s.list(s.open(), "").items[items[0].ID]; there {
		s.Error("the deleted item is still listed")
	}
}

// What this program made and somebody deleted before the next listing is named as deleted, if it is expected.
func madeAndDeletedIsListed(s *suite) {
	s.create(s.sample())
	c := s.open()
	since := s.list(c, "").next
	made := s.apply(c, s.creates(s.sample())...)[0]
	if made.Err != nil {
		s.Fatalf("create: %v", made.Err)
	}
	if made.Item.ID == "" {
		return // Where the service does not say what it made, the next listing has to find it.
	}
	s.outside().Delete(s.TB, made.Item.ID)
	s.tick()
	c = s.open()
	if e, ok := c.(provider.Expecter); ok {
		var err error
		if since, err = e.Expect(since, []record.ID{made.Item.ID}); err != nil {
			s.Fatalf("expect: %v", err)
		}
	}
	if d := s.list(c, since); !d.gone(made.Item, c.Info()) {
		s.Error("what was made and deleted again is not named as deleted")
	}
}

// A cursor that the service does not know is ErrCursor, or begins a full listing; it never means that nothing changed.
func cursorExpires(s *suite) {
	s.create(s.sample())
	page, err := s.open().Changes(s.Context(), "no-cursor-of-this-service", record.Window{})
	switch {
	case errors.Is(err, provider.ErrCursor):
	case err != nil:
		s.Errorf("an unknown cursor: got %v, want ErrCursor", err)
	case !page.Full:
		s.Error("an unknown cursor was taken for a good one")
	}
}

// Two listings give the same revisions, and a write's result the one that is listed afterwards.
func revisionStable(s *suite) {
	f, _ := s.two()
	items := s.create(s.rich(), s.sample())
	l := s.list(s.open(), "")
	for _, it := range items {
		if l.items[it.ID].Revision != it.Revision {
			s.Error("nothing changed, and the revision is another one")
		}
	}
	r := s.must(s.c, update(items[0], record.Patch{f: s.values(f)[1]}))
	now := s.again(items[0].ID)
	if r.Item.ID != "" && r.Item.Revision != now.Revision {
		s.Error("the revision of the result is not the one listed afterwards")
	}
	created := s.sample()
	r = s.must(s.c, s.creates(created)[0])
	s.tick()
	for _, it := range s.list(s.open(), "").named(s.name(), created[s.name()]) {
		s.made[it.ID] = true
		if r.Item.ID != "" && r.Item.Revision != it.Revision {
			s.Error("the revision of the created item is not the one listed afterwards")
		}
	}
}

// Whoever changes an item changes its revision.
func revisionMoves(s *suite) {
	f, g := s.two()
	it := s.create(s.sample())[0]
	for _, h := range []record.Field{f, g} {
		s.outside().Edit(s.TB, it.ID, record.Patch{h: s.values(h)[1]})
		now := s.again(it.ID)
		if now.Revision == it.Revision {
			s.Errorf("field %s changed, and the revision did not", h)
		}
		it = now
	}
}
