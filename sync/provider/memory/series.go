package memory

import (
	"slices"
	"strings"
	"time"

	"zohosync/sync/record"
)

// What people do to series. A series is one group, as it is one object elsewhere: whatever is done to it is listed at once
// or not at all, and an occurrence is named by its group and its slot, so that one that returns is the one that it was.

// PutSeries begins a series: r is its first occurrence, and every so many days there is another one. It returns the group,
// "" when r has no time.
func (s *Service) PutSeries(ref string, r record.Record, every, count int) record.ID {
	var group record.ID
	s.atOnce(ref, func(c *collection) {
		start, _ := r.Times(c.kinds[0])
		if start.IsZero() {
			return
		}
		group = s.newID(ref)
		for n := range count {
			it := &item{group: group, kind: c.kinds[0], record: record.Record{}, slot: slotOf(c.kinds[0], r, n*every)}
			it.id = nameOf(group, it.slot)
			if s.opts.Owner != "" {
				it.record[record.Owner] = s.opts.Owner
			}
			it.record = it.record.With(s.typed(it.kind, record.Patch(later(c.kinds[0], r, time.Duration(n*every)*24*time.Hour))))
			s.store(c, it)
		}
	})
	return group
}

// Repeat makes a series of a single, which is its first occurrence. It says whether there is such a single.
func (s *Service) Repeat(ref string, id record.ID, every, count int) bool {
	there := false
	s.atOnce(ref, func(c *collection) {
		first := c.items[id]
		if there = first != nil && first.slot == ""; !there {
			return
		}
		s.erase(c, first)
		for n := range count {
			it := *first
			it.slot, it.key = slotOf(it.kind, it.record, n*every), ""
			it.id = nameOf(it.group, it.slot)
			it.record = later(it.kind, it.record, time.Duration(n*every)*24*time.Hour)
			s.store(c, &it)
		}
	})
	return there
}

// EditSeries changes fields of all occurrences. It says whether there is such a series.
func (s *Service) EditSeries(ref string, group record.ID, p record.Patch) bool {
	return s.each(ref, group, "", func(c *collection, it item) {
		it.record = it.record.With(s.typed(it.kind, p))
		s.store(c, &it)
	})
}

// MoveSeries moves all occurrences: those that there were disappear, and others appear. It says whether there is such a series.
func (s *Service) MoveSeries(ref string, group record.ID, by time.Duration) bool {
	var moved []*item
	there := s.each(ref, group, "", func(c *collection, it item) {
		s.erase(c, c.items[it.id])
		it.record = later(it.kind, it.record, by)
		it.slot, it.mark, it.key = shifted(it.slot, by), "", ""
		it.id = nameOf(group, it.slot)
		moved = append(moved, &it)
	}, func(c *collection) {
		for _, it := range moved {
			s.store(c, it)
		}
	})
	return there
}

// SplitSeries ends a series before a slot. What followed goes on as another one, with these changes; it returns its group, ""
// when nothing followed.
func (s *Service) SplitSeries(ref string, group record.ID, slot string, p record.Patch) record.ID {
	var tail record.ID
	s.each(ref, group, slot, func(c *collection, it item) {
		if tail == "" {
			tail = s.newID(ref)
		}
		s.erase(c, c.items[it.id])
		it.group, it.mark, it.key = tail, "", ""
		it.id = nameOf(tail, it.slot)
		it.record = it.record.With(s.typed(it.kind, p))
		s.store(c, &it)
	})
	return tail
}

// RemoveSeries deletes all occurrences. It says whether there was such a series.
func (s *Service) RemoveSeries(ref string, group record.ID) bool {
	return s.each(ref, group, "", func(c *collection, it item) { s.erase(c, c.items[it.id]) })
}

// each calls do for a copy of every occurrence from a slot on, in their order, and then the others.
func (s *Service) each(ref string, group record.ID, from string, do func(*collection, item), after ...func(*collection)) bool {
	there := false
	s.atOnce(ref, func(c *collection) {
		for _, it := range c.sorted() {
			if it.group == group && it.slot != "" && it.slot >= from {
				there = true
				do(c, *it)
			}
		}
		for _, f := range after {
			f(c)
		}
	})
	return there
}

// atOnce does several changes that listings show together.
func (s *Service) atOnce(ref string, do func(*collection)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.colls[ref]
	if c == nil {
		return
	}
	before := len(c.waiting)
	do(c)
	for i := before; i < len(c.waiting); i++ {
		c.waiting[i].at = s.time()
	}
}

func nameOf(group record.ID, slot string) record.ID { return group + "#" + record.ID(slot) }

// slotOf is the place of the occurrence some days after the first.
func slotOf(k record.Kind, first record.Record, days int) string {
	start, _ := first.Times(k)
	slot := start.AddDate(0, 0, days).Format(record.DateLayout)
	if begin, _, _ := strings.Cut(first[record.When], "/"); k == record.Event && strings.Contains(begin, "T") {
		slot = record.FormatInstant(start.AddDate(0, 0, days))
	}
	return slot
}

func shifted(slot string, by time.Duration) string {
	for _, layout := range []string{record.InstantLayout, record.DateLayout} {
		if at, err := time.Parse(layout, slot); err == nil {
			return at.Add(by).Format(layout)
		}
	}
	return slot
}

// later is a record that takes place later.
func later(k record.Kind, r record.Record, by time.Duration) record.Record {
	f := record.When
	if k == record.Task {
		f = record.Due
	}
	edges := strings.Split(r[f], "/")
	for i := range edges {
		edges[i] = shifted(edges[i], by)
	}
	if !slices.Contains(edges, "") {
		r = r.With(record.Patch{f: strings.Join(edges, "/")})
	}
	return r
}
