package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"zohosync/sync/record"
)

// Stayed lists the items of a group that are linked and not gone. Only where they take place is looked at.
type Stayed func(s Side, group record.ID) []record.Item

// Reschedule looks at occurrences that are gone for those that took their place, as Reattach does for objects. Moving a
// series makes all its occurrences disappear and as many others appear; their links go on with these, each with the one
// that is nearest, and nothing counts as deleted. Occurrences of one group are paired in their order and between two that
// stayed, so that one that was deleted does not pass for one that comes into the window far away. What is gone from the
// end of a series may go on in a new object: that is how programs keep "this and all following" (RFC 5545, 3.8.4.4). It
// returns the links and the items that stay without one.
func Reschedule(links []Triple, items [2][]*Seen, r Rules, stayed Stayed) ([]Triple, [2][]*Seen) {
	out := slices.Clone(links)
	for _, s := range Sides {
		m := mover{rules: r, side: s, stayed: stayed, links: out, taken: map[*Seen]bool{}}
		m.collect(items[s])
		for _, g := range m.order {
			m.within(g)
		}
		for _, g := range m.order {
			m.split(g)
		}
		items[s] = slices.DeleteFunc(slices.Clone(items[s]), func(it *Seen) bool { return m.taken[it] })
	}
	return out, items
}

// mover pairs what is gone from the groups of one side with what is new there.
type mover struct {
	rules  Rules
	side   Side
	stayed Stayed
	links  []Triple
	order  []record.ID           // groups from which something is gone
	gone   map[record.ID][]place // by group
	new    map[record.ID][]place // by group
	taken  map[*Seen]bool        // the new ones that have a place now
}

// place is one occurrence, or the single that a series was or becomes.
type place struct {
	at   time.Time
	link int   // gone: its index
	item *Seen // gone: as it was
}

func (m *mover) collect(items []*Seen) {
	m.gone, m.new = map[record.ID][]place{}, map[record.ID][]place{}
	for i, t := range m.links {
		was, partner := t.Items[m.side], t.Items[m.side.Other()]
		if was == nil || was.Presence != Gone || partner == nil || partner.Presence == Gone || t.Held != "" || t.Contested {
			continue
		}
		if len(m.gone[was.Group]) == 0 {
			m.order = append(m.order, was.Group)
		}
		m.gone[was.Group] = append(m.gone[was.Group], place{m.at(&was.Item), i, was})
	}
	for _, it := range items {
		if it.Here() && it.News && !it.Foreign {
			m.new[it.Group] = append(m.new[it.Group], place{at: m.at(&it.Item), item: it})
		}
	}
	for _, places := range []map[record.ID][]place{m.gone, m.new} {
		for _, list := range places {
			slices.SortStableFunc(list, func(a, b place) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.item.ID, b.item.ID)) })
		}
	}
}

// at is where an item stands in its series: what its slot says, not where an override moved it.
func (m *mover) at(it *record.Item) time.Time {
	for _, layout := range []string{record.InstantLayout, record.DateLayout} {
		if at, err := time.Parse(layout, it.Slot); err == nil {
			return at
		}
	}
	at, _ := it.Record.Times(m.rules.Kind)
	return at
}

// within pairs the occurrences of one group, in each gap between those that stayed.
func (m *mover) within(g record.ID) {
	if len(m.new[g]) == 0 {
		return
	}
	var fixed []time.Time
	for _, it := range m.stayed(m.side, g) {
		fixed = append(fixed, m.at(&it))
	}
	gap := func(p place) int {
		n := 0
		for _, at := range fixed {
			if at.Before(p.at) {
				n++
			}
		}
		return n
	}
	gone, fresh := map[int][]place{}, map[int][]place{}
	for _, p := range m.gone[g] {
		gone[gap(p)] = append(gone[gap(p)], p)
	}
	for _, p := range m.new[g] {
		fresh[gap(p)] = append(fresh[gap(p)], p)
	}
	for n := range len(fixed) + 1 {
		m.settle(align(gone[n], fresh[n], distance))
	}
}

// split pairs what is gone from the end of a series with a series that is new as a whole: on the same days, under the same
// name or at the same time.
func (m *mover) split(g record.ID) {
	var tail []place
	last := time.Time{}
	for _, it := range m.stayed(m.side, g) {
		if at := m.at(&it); at.After(last) {
			last = at
		}
	}
	for _, p := range m.gone[g] {
		if m.links[p.link].Was[m.side] == "" && p.item.Slot != "" && p.at.After(last) {
			tail = append(tail, p)
		}
	}
	if len(tail) == 0 {
		return
	}
	for _, h := range m.groups() {
		fresh := slices.DeleteFunc(slices.Clone(m.new[h]), func(p place) bool { return p.item.Slot == "" || m.taken[p.item] })
		if h != g && len(fresh) > 0 && len(m.stayed(m.side, h)) == 0 {
			m.settle(align(tail, fresh, m.continues))
			tail = slices.DeleteFunc(tail, func(p place) bool { return m.links[p.link].Was[m.side] != "" })
		}
	}
}

// groups lists those that have something new, in a fixed order.
func (m *mover) groups() []record.ID {
	var out []record.ID
	for g := range m.new {
		out = append(out, g)
	}
	slices.Sort(out)
	return out
}

func (m *mover) settle(pairs [][2]place) {
	for _, p := range pairs {
		t := &m.links[p[0].link]
		t.Was[m.side], t.Items[m.side] = p[0].item.ID, p[1].item
		m.taken[p[1].item] = true
	}
}

// far is how much further a few occurrences may move so that one more keeps its link.
const far = 60 * 24 * time.Hour

// distance is how far an occurrence moved; -1 when it is another one.
func distance(gone, fresh place) time.Duration { return gone.at.Sub(fresh.at).Abs() }

// continues is the distance to an occurrence of another object that may be the same meeting or task.
func (m *mover) continues(gone, fresh place) time.Duration {
	d, a, b := distance(gone, fresh), gone.item.Record, fresh.item.Record
	name := record.Title
	if m.rules.Kind == record.Task {
		name = record.Subject
	}
	if d >= 24*time.Hour || d != 0 && !strings.EqualFold(a[name], b[name]) {
		return -1
	}
	return d
}

// most is how many pairs are weighed against each other: two series of every day over five years.
const most = 2000 * 2000

// align pairs two lists in their order so that as many as possible keep their link and they move as little as possible.
// One more pair is worth moving the others by far in all; where nothing is as near as that, the first goes with the first.
func align(gone, fresh []place, cost func(gone, fresh place) time.Duration) [][2]place {
	var out [][2]place
	if len(gone)*len(fresh) <= most {
		out = nearest(gone, fresh, cost)
	}
	if len(out) > 0 {
		return out
	}
	for i := range min(len(gone), len(fresh)) {
		if cost(gone[i], fresh[i]) >= 0 {
			out = append(out, [2]place{gone[i], fresh[i]})
		}
	}
	return out
}

func nearest(gone, fresh []place, cost func(gone, fresh place) time.Duration) (out [][2]place) {
	n, m := len(gone), len(fresh)
	// best[i][j]: what the rest from i and j on is worth.
	best := make([][]time.Duration, n+1)
	for i := range best {
		best[i] = make([]time.Duration, m+1)
	}
	worth := func(i, j int) time.Duration {
		if d := cost(gone[i], fresh[j]); d >= 0 && d < far {
			return far - d + best[i+1][j+1]
		}
		return -1
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1], worth(i, j))
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch best[i][j] {
		case worth(i, j):
			out = append(out, [2]place{gone[i], fresh[j]})
			i, j = i+1, j+1
		case best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return out
}
