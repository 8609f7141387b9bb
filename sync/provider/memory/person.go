package memory

import (
	"slices"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// The methods of this file are what people and other programs do to the service, past the contract.

// Add makes a collection. One that is there already is left as it is.
func (s *Service) Add(ref string, kinds ...record.Kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.colls[ref] == nil {
		s.refs = append(s.refs, ref)
		s.colls[ref] = newCollection(ref, kinds)
	}
}

// Put creates an item of the collection's first kind. "" when there is no such collection.
func (s *Service) Put(ref string, r record.Record) record.ID { return s.put(ref, "", "", r) }

// PutSlot creates an occurrence in a group.
func (s *Service) PutSlot(ref string, group record.ID, slot string, r record.Record) record.ID {
	return s.put(ref, group, slot, r)
}

func (s *Service) put(ref string, group record.ID, slot string, r record.Record) record.ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.colls[ref]
	if c == nil {
		return ""
	}
	it := &item{id: nameOf(group, slot), group: group, slot: slot, kind: c.kinds[0]}
	if group == "" {
		it.id = s.newID(ref)
		it.group = it.id
	}
	if s.opts.Owner != "" {
		it.record = record.Record{record.Owner: s.opts.Owner}
	}
	it.record = it.record.With(s.typed(it.kind, record.Patch(r)))
	s.store(c, it)
	return it.id
}

// typed is what a person can type: what the limits leave of it.
func (s *Service) typed(k record.Kind, p record.Patch) record.Patch {
	out := record.Patch{}
	for f, v := range p {
		if limit, held := s.opts.Limits[k][f]; held {
			t := record.Lookup(k, f).Type
			out[f] = limit.Held(t, record.Canonical(t, v))
		}
	}
	return out
}

// change lets f make another version of an item; false when there is no such item.
func (s *Service) change(ref string, id record.ID, f func(*item)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.colls[ref]
	if c == nil || c.items[id] == nil {
		return false
	}
	it := *c.items[id]
	it.own = it.slot != ""
	f(&it)
	s.store(c, &it)
	return true
}

// Edit changes fields of an item. Like the other methods here it says whether there is such an item.
func (s *Service) Edit(ref string, id record.ID, p record.Patch) bool {
	return s.change(ref, id, func(it *item) { it.record = it.record.With(s.typed(it.kind, p)) })
}

// Adorn gives an item content that no field maps; Extra reads it.
func (s *Service) Adorn(ref string, id record.ID, extra string) bool {
	return s.change(ref, id, func(it *item) { it.extra = extra })
}

// SetMark changes what an item says of its partner; "" wipes it.
func (s *Service) SetMark(ref string, id record.ID, m record.Mark) bool {
	return s.change(ref, id, func(it *item) { it.mark = m })
}

// Spoil makes an item unreadable: it is listed as skipped, with this code. "" makes it readable again.
func (s *Service) Spoil(ref string, id record.ID, code string) bool {
	return s.change(ref, id, func(it *item) {
		if it.bad = nil; code != "" {
			it.bad = &provider.ItemError{Code: code}
		}
	})
}

// Hide takes away the account's access to an item: it is neither listed nor named as deleted, and cannot be written.
func (s *Service) Hide(ref string, id record.ID) bool {
	return s.change(ref, id, func(it *item) { it.hidden = true })
}

// Show gives the access back.
func (s *Service) Show(ref string, id record.ID) bool {
	return s.change(ref, id, func(it *item) { it.hidden = false })
}

// Remove deletes an item.
func (s *Service) Remove(ref string, id record.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.colls[ref]
	if c == nil || c.items[id] == nil {
		return false
	}
	s.erase(c, c.items[id])
	return true
}

// Items lists what the collection holds now, with all fields, whatever listings show: hidden and spoilt items too.
func (s *Service) Items(ref string) []record.Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.colls[ref]
	if c == nil {
		return nil
	}
	var out []record.Item
	for _, it := range c.sorted() {
		shown := s.out(it, nil)
		shown.Record = it.record.With(nil)
		out = append(out, shown)
	}
	return out
}

// Item returns one item as Items lists it.
func (s *Service) Item(ref string, id record.ID) (record.Item, bool) {
	items := s.Items(ref)
	if i := slices.IndexFunc(items, func(it record.Item) bool { return it.ID == id }); i >= 0 {
		return items[i], true
	}
	return record.Item{}, false
}

// Extra returns the content of an item that no field maps.
func (s *Service) Extra(ref string, id record.ID) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.colls[ref]; c != nil && c.items[id] != nil {
		return c.items[id].extra
	}
	return ""
}

// Drop makes the collection missing, with all it holds; Return brings it back.
func (s *Service) Drop(ref string) { s.set(ref, func(c *collection) { c.dropped = true }) }

// Return brings a dropped collection back.
func (s *Service) Return(ref string) { s.set(ref, func(c *collection) { c.dropped = false }) }

// SetReadOnly says whether the account may write to the collection.
func (s *Service) SetReadOnly(ref string, readOnly bool) {
	s.set(ref, func(c *collection) { c.readOnly = readOnly })
}

// ExpireCursors makes the service forget every cursor that it gave for the collection.
func (s *Service) ExpireCursors(ref string) { s.set(ref, func(c *collection) { c.epoch++ }) }

func (s *Service) set(ref string, f func(*collection)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.colls[ref]; c != nil {
		f(c)
	}
}

// Advance moves the service's own clock.
func (s *Service) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// Writes returns how many writes of the program were carried out.
func (s *Service) Writes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

// Log lists the calls and faults so far, for a test that failed.
func (s *Service) Log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}
