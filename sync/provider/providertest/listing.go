package providertest

import (
	"sync"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// listing is everything that the pages from one cursor to the last page said.
type listing struct {
	items   map[record.ID]record.Item
	deleted map[record.ID]bool
	skipped map[record.ID]bool
	whole   map[record.ID]record.Window // groups listed completely, with the slice that their page spoke for
	pages   int
	full    int // pages marked Full
	next    provider.Cursor
}

// mostPages ends a listing that never ends.
const mostPages = 10_000

// list reads pages until the last one.
func (s *suite) list(c provider.Collection, since provider.Cursor) listing {
	s.Helper()
	return s.pages(since, func() provider.Collection { return c })
}

// pages reads pages until the last one, each through the collection that open returns.
func (s *suite) pages(since provider.Cursor, open func() provider.Collection) listing {
	s.Helper()
	return s.within(since, record.Window{}, open)
}

// within is pages for a window.
func (s *suite) within(since provider.Cursor, w record.Window, open func() provider.Collection) listing {
	s.Helper()
	l := listing{
		items: map[record.ID]record.Item{}, deleted: map[record.ID]bool{}, skipped: map[record.ID]bool{},
		whole: map[record.ID]record.Window{}, next: since,
	}
	for {
		page, err := open().Changes(s.Context(), l.next, w)
		if err != nil {
			s.Fatalf("list changes, page %d: %v", l.pages+1, err)
		}
		l.add(page)
		switch {
		case !page.More:
			return l
		case page.Next == l.next || l.pages == mostPages:
			s.Fatalf("the listing does not end: More after %d pages", l.pages)
		}
		l.next = page.Next
	}
}

func (l *listing) add(p provider.Page) {
	l.pages++
	if p.Full {
		l.full++
	}
	for _, it := range p.Changed {
		l.items[it.ID] = it
		delete(l.deleted, it.ID)
	}
	for _, id := range p.Deleted {
		l.deleted[id] = true
		delete(l.items, id)
	}
	for _, sk := range p.Skipped {
		l.skipped[sk.ID] = true
	}
	for _, g := range p.Whole {
		l.whole[g] = p.Slice
	}
	if !p.More {
		l.next = p.Next
	}
}

// named returns the items with this value in a field.
func (l listing) named(f record.Field, v string) []record.Item {
	var out []record.Item
	for _, it := range l.items {
		if it.Record[f] == v {
			out = append(out, it)
		}
	}
	return out
}

// gone says whether the listing tells that the item was deleted.
func (l listing) gone(it record.Item, info provider.Info) bool {
	if l.deleted[it.ID] || l.deleted[it.Group] {
		return true
	}
	_, there := l.items[it.ID]
	return l.full == l.pages && info.AbsentIsDeleted && !there && !l.skipped[it.ID]
}

// sink remembers what it hears.
type sink struct {
	onBefore func(i int) error
	onDone   func(i int, r provider.Result) error

	mu     sync.Mutex
	raws   map[int][]byte
	heard  map[int][]provider.Result
	events map[int][]string
}

func (k *sink) Before(i int, raw []byte) error {
	k.mu.Lock()
	if k.raws == nil {
		k.raws = map[int][]byte{}
	}
	k.raws[i] = raw
	k.event(i, "before")
	k.mu.Unlock()
	if k.onBefore != nil {
		return k.onBefore(i)
	}
	return nil
}

func (k *sink) Done(i int, r provider.Result) error {
	k.mu.Lock()
	if k.heard == nil {
		k.heard = map[int][]provider.Result{}
	}
	k.heard[i] = append(k.heard[i], r)
	k.event(i, "done")
	k.mu.Unlock()
	if k.onDone != nil {
		return k.onDone(i, r)
	}
	return nil
}

func (k *sink) event(i int, what string) {
	if k.events == nil {
		k.events = map[int][]string{}
	}
	k.events[i] = append(k.events[i], what)
}

// of returns what was told of one write.
func (k *sink) of(i int) []provider.Result {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.heard[i]
}

// told returns the calls for one write, in their order.
func (k *sink) told(i int) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.events[i]
}

// raw returns the before-image of one write.
func (k *sink) raw(i int) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.raws[i]
}
