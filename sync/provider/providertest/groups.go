package providertest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// series is a series of days as the service lists it.
type series struct {
	items  []record.Item // by slot
	group  record.ID
	since  provider.Cursor // behind the listing
	remove func()
}

// firstDay is when the series of these checks begin.
var firstDay = time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)

// days is a window of so many days, beginning so many days after the first.
func days(from, n int) record.Window {
	return record.Window{From: firstDay.AddDate(0, 0, from), Until: firstDay.AddDate(0, 0, from+n)}
}

// newSeries makes a series of n days and lists it.
func (s *suite) newSeries(n int) (record.Record, series) {
	s.Helper()
	if s.Series == nil {
		s.Skip("the service holds no series")
	}
	r := s.sample()
	if s.Kind == record.Task {
		r[record.Due] = firstDay.Format(record.DateLayout)
	}
	out := series{remove: s.Series(s.TB, r, n)}
	s.series = append(s.series, out.remove)
	s.tick()
	c := s.open()
	l := s.list(c, "")
	out.items, out.since = bySlot(l.named(s.name(), r[s.name()])), l.next
	if len(out.items) != n {
		s.Fatalf("%d of %d occurrences are listed", len(out.items), n)
	}
	out.group = out.items[0].Group
	return r, out
}

func bySlot(items []record.Item) []record.Item {
	slices.SortFunc(items, func(a, b record.Item) int { return cmp.Compare(a.Slot, b.Slot) })
	return items
}

// members lists everything anew and returns the occurrences of a group by their slots.
func (s *suite) members(group record.ID) []record.Item {
	s.Helper()
	s.tick()
	var out []record.Item
	for _, it := range s.list(s.open(), "").items {
		if it.Group == group {
			out = append(out, it)
		}
	}
	return bySlot(out)
}

// unchanged reports an occurrence that is not what it was.
func (s *suite) unchanged(was record.Item, now []record.Item) {
	s.Helper()
	i := slices.IndexFunc(now, func(it record.Item) bool { return it.ID == was.ID })
	switch {
	case i < 0:
		s.Errorf("the sibling %s is gone", was.Slot)
	case now[i].Revision != was.Revision || now[i].Slot != was.Slot || now[i].Self != was.Self || !maps.Equal(now[i].Record, was.Record):
		s.Errorf("the sibling %s is listed as another one", was.Slot)
	}
}

// A series is one item per occurrence: each with an ID, a slot and a name of its own, all of one group, which is listed whole.
func seriesIsListedWhole(s *suite) {
	r, sr := s.newSeries(4)
	ids, slots, names := map[record.ID]bool{}, map[string]bool{}, map[record.Mark]bool{}
	start, _ := r.Times(s.Kind)
	for n, it := range sr.items {
		if it.Group != sr.group || it.Slot == "" || it.Self == "" || it.Revision == "" {
			s.Errorf("occurrence %d: group %q, slot %q, name %q, revision %q", n, it.Group, it.Slot, it.Self, it.Revision)
		}
		ids[it.ID], slots[it.Slot], names[it.Self] = true, true, true
		if at, _ := it.Record.Times(s.Kind); !at.Equal(start.AddDate(0, 0, n)) {
			s.Errorf("occurrence %d takes place %v, want %d days after %v", n, at, n, start)
		}
		if s.Kind == record.Event && it.Slot != record.FormatInstant(start.AddDate(0, 0, n)) {
			s.Errorf("occurrence %d has the slot %q", n, it.Slot)
		}
	}
	if len(ids) != 4 || len(slots) != 4 || len(names) != 4 {
		s.Errorf("4 occurrences have %d ids, %d slots and %d names", len(ids), len(slots), len(names))
	}
	if _, whole := s.list(s.open(), "").whole[sr.group]; !whole {
		s.Error("the group is not listed whole")
	}
}

// Who changes one occurrence changes no other, and it stays the occurrence that it is, also when it is moved (RFC 5545, 3.8.4.4).
func changingOneLeavesItsSiblings(s *suite) {
	_, sr := s.newSeries(4)
	f, _ := s.two()
	patch := record.Patch{f: s.values(f)[1]}
	if start, end := sr.items[1].Record.Times(s.Kind); s.Kind == record.Event {
		patch[record.When] = record.FormatSpan(start.Add(time.Hour), end.Add(2*time.Hour))
	}
	r := s.must(s.c, update(sr.items[1], patch))
	now := s.members(sr.group)
	for _, i := range []int{0, 2, 3} {
		s.unchanged(sr.items[i], now)
	}
	if len(now) != 4 {
		s.Fatalf("%d occurrences, want 4", len(now))
	}
	it := now[1]
	if it.ID != sr.items[1].ID || it.Slot != sr.items[1].Slot || it.Self != sr.items[1].Self || it.Revision == sr.items[1].Revision {
		s.Error("the changed occurrence became another one, or its revision did not change")
	}
	if r.Item.ID != "" && (r.Item.ID != it.ID || r.Item.Group != it.Group || r.Item.Slot != it.Slot || r.Item.Revision != it.Revision) {
		s.Error("the result is not the occurrence as it is listed")
	}
	for g, v := range patch {
		s.same("the changed occurrence", it.Record, record.Record{g: s.held(g, v)}, []record.Field{g})
	}
}

// Who deletes one occurrence deletes no other. It is missing from the group, which is listed whole.
func deletingOneLeavesItsSiblings(s *suite) {
	_, sr := s.newSeries(4)
	s.must(s.c, remove(sr.items[1]))
	s.tick()
	d := s.list(s.open(), sr.since)
	if _, there := d.items[sr.items[1].ID]; there || !d.left(sr.items[1]) {
		s.Error("the deleted occurrence is not told as gone")
	}
	now := s.members(sr.group)
	if len(now) != 3 {
		s.Errorf("%d occurrences, want 3", len(now))
	}
	for _, i := range []int{0, 2, 3} {
		s.unchanged(sr.items[i], now)
	}
	if r := s.apply(s.open(), remove(sr.items[1]))[0]; r.Err != nil {
		s.Errorf("delete of an occurrence that is gone: %v", r.Err)
	}
}

// left says whether the listing tells that an occurrence is gone: by name, or by a group that is listed whole without it.
func (l listing) left(it record.Item) bool {
	_, whole := l.whole[it.Group]
	return l.deleted[it.ID] || l.deleted[it.Group] || whole && !l.skipped[it.ID]
}

// What somebody else did to one occurrence stands in the way of no write to another, although both live in one object.
func siblingsDoNotConflict(s *suite) {
	_, sr := s.newSeries(4)
	f, g := s.two()
	s.outside().Edit(s.TB, sr.items[0].ID, record.Patch{f: s.values(f)[1]})
	s.tick()
	results := s.apply(s.c, update(sr.items[1], record.Patch{f: s.values(f)[0]}), remove(sr.items[2]))
	for i, r := range results {
		if r.Err != nil {
			s.Errorf("write %d: %v", i, r.Err)
		}
	}
	if r := s.apply(s.c, update(sr.items[0], record.Patch{f: s.values(f)[0]}))[0]; r.Err == nil {
		s.Error("the edit of the occurrence itself was overwritten")
	}
	now := s.members(sr.group)
	if len(now) != 3 {
		s.Fatalf("%d occurrences, want 3", len(now))
	}
	s.same("the sibling", now[0].Record, record.Record{f: s.held(f, s.values(f)[1])}, []record.Field{f, g})
	s.unchanged(sr.items[3], now)
}

// Several writes of one group in one Apply are all carried out.
func writesOfOneGroup(s *suite) {
	_, sr := s.newSeries(4)
	f, _ := s.two()
	want := s.held(f, s.values(f)[1])
	results := s.apply(s.c, update(sr.items[0], record.Patch{f: s.values(f)[1]}), update(sr.items[1], record.Patch{f: s.values(f)[1]}), remove(sr.items[2]))
	for i, r := range results {
		if r.Err != nil {
			s.Errorf("write %d: %v", i, r.Err)
		}
	}
	now := s.members(sr.group)
	if len(now) != 3 {
		s.Fatalf("%d occurrences, want 3", len(now))
	}
	for i := range 2 {
		s.same("a changed occurrence", now[i].Record, record.Record{f: want}, []record.Field{f})
		if r := results[i].Item; r.ID != "" && r.Revision != now[i].Revision {
			s.Error("the revision of the result is not the one listed afterwards")
		}
	}
	s.unchanged(sr.items[3], now)
}

// A listing for a window brings every occurrence in it, and its slice holds none that it does not bring. The group is listed
// whole also where none of its occurrences lies in the window.
func sliceIsHonoured(s *suite) {
	_, sr := s.newSeries(4)
	for name, w := range map[string]record.Window{"two days": days(1, 2), "later": days(40, 2), "earlier": days(-9, 2)} {
		l := s.within("", w, s.open)
		slice, whole := l.whole[sr.group]
		if !whole {
			s.Errorf("%s: the group is not listed whole", name)
		}
		for n, it := range sr.items {
			day := firstDay.AddDate(0, 0, n)
			_, listed := l.items[it.ID]
			if inside := w.Holds(day, day); inside && !listed {
				s.Errorf("%s: occurrence %d lies in the window and is not listed", name, n)
			}
			if slice.Holds(day, day) && !listed {
				s.Errorf("%s: occurrence %d lies in the slice and is not listed", name, n)
			}
		}
	}
}

// When the window grows, or moves on, the groups with an occurrence that comes into it are listed whole although nothing changed.
func windowGrows(s *suite) {
	_, sr := s.newSeries(4)
	since := s.within("", days(0, 2), s.open).next
	for _, w := range []record.Window{days(0, 3), days(1, 3)} {
		l := s.within(since, w, s.open)
		since = l.next
		if _, whole := l.whole[sr.group]; !whole {
			s.Error("the group is not listed whole")
		}
		for n, it := range sr.items {
			day := firstDay.AddDate(0, 0, n)
			if _, listed := l.items[it.ID]; w.Holds(day, day) && !listed {
				s.Errorf("occurrence %d is not listed", n)
			}
		}
	}
}

// A series that was deleted as a whole is named, or none of it is listed where everything is.
func seriesDeletedIsListed(s *suite) {
	_, sr := s.newSeries(4)
	sr.remove()
	s.tick()
	c := s.open()
	d := s.list(c, sr.since)
	for n, it := range sr.items {
		if _, listed := d.items[it.ID]; listed || !d.gone(it, c.Info()) {
			s.Errorf("occurrence %d is not told as gone", n)
		}
	}
	if now := s.members(sr.group); len(now) != 0 {
		s.Errorf("%d occurrences are still listed", len(now))
	}
}
