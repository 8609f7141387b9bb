package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// find lists what a request asks for, rising.
func (s *Server) find(c *call, m *module, l listing) []*entry {
	base := m.byID
	if l.ids != nil {
		base = nil
		for _, id := range l.ids {
			if e := m.living(id); e != nil && !slices.Contains(base, e) {
				base = append(base, e)
			}
		}
		slices.SortFunc(base, compareID)
	}
	if l.sortBy == "Modified_Time" && l.ids == nil || !l.since.IsZero() && l.ids == nil {
		base = m.byTime
	}
	if !l.since.IsZero() && l.ids == nil {
		// Modified since: later than the time given, to the second.
		at, _ := slices.BinarySearchFunc(base, second(l.since), func(e *entry, t time.Time) int {
			if e.modified.After(t) {
				return 1
			}
			return -1
		})
		base = base[at:]
	}
	var out []*entry
	if m.hiddenCount == 0 && l.view == nil && (l.since.IsZero() || l.ids == nil) {
		out = base
	} else {
		for _, e := range base {
			if !e.hidden && (l.view == nil || l.view.holds(s, e, c.user)) && (l.since.IsZero() || e.modified.After(second(l.since))) {
				out = append(out, e)
			}
		}
	}
	return l.sorted(out)
}

func (l listing) compare() func(a, b *entry) int {
	switch l.sortBy {
	case "Modified_Time":
		return compareTime
	case "Created_Time":
		return func(a, b *entry) int { return cmp.Or(a.created.Compare(b.created), compareID(a, b)) }
	}
	return compareID
}

// sorted orders what find collected, which is by id or by time.
func (l listing) sorted(list []*entry) []*entry {
	if slices.IsSortedFunc(list, l.compare()) {
		return list
	}
	list = slices.Clone(list)
	slices.SortFunc(list, l.compare())
	return list
}

// after finds where a listing goes on, in the order asked for, also when records came and went since the last page.
func (l listing) after(list []*entry, last *entry) int {
	at, found := slices.BinarySearchFunc(list, last, l.compare())
	switch {
	case !l.ascending:
		return len(list) - at
	case found:
		return at + 1
	}
	return at
}
