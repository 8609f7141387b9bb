package plan

import (
	"zohosync/sync/record"
)

// Standing says what is known of the partner that a mark names.
type Standing int

// The standings of a marked partner that is not among the items to match.
const (
	Unknown Standing = iota // nobody on that side has this name
	Linked                  // it lives, and it is linked to another living item
	There                   // it is there, but cannot be an item now
)

// Known tells the standing of the item on a side that calls itself self.
type Known func(s Side, self record.Mark) Standing

// Reason says by what two items were recognised as one.
type Reason string

// The reasons of a match, the strongest first.
const (
	ByMark  Reason = "mark"        // one of them names the other: they were linked before
	ByAll   Reason = "all-fields"  // no field differs
	ByEmail Reason = "email"       // contacts
	ByDue   Reason = "subject-due" // tasks: subject and due date
	ByStart Reason = "title-start" // events: title and start
	ByName  Reason = "name"        // contacts: first and last name
	ByHand  Reason = "chosen"      // a person said so
)

// Matched is what Match found: triples for Make, and steps that wait for a person or for a filter.
type Matched struct {
	Triples []Triple
	Asked   []Step
}

// Match finds partners among items that have none. It links by itself only one to one, by mark or where no field holds
// two different values. An item that could have several partners, or one with other values, is neither created nor
// merged. A fit with an item that does not belong to the pair keeps both as they are.
func Match(items [2][]*Seen, r Rules, known Known) Matched {
	items = ownMarks(items)
	m := matcher{rules: r, known: known, taken: map[*Seen]bool{}, unseen: map[string]Presence{}}
	for _, s := range Sides {
		for _, it := range items[s] {
			switch {
			case it.Here():
				m.open[s] = append(m.open[s], it)
			case !m.hides(it, s):
				m.alone(it, s)
			}
		}
	}
	m.again()
	m.returned()
	m.byMark()
	m.exact(m.strayed)
	m.orphans()
	m.exact(func(*Seen, *Seen) bool { return true })
	m.byKeys(strongKeys, strongReason(r.Kind), true)
	m.byKeys(weakKeys, ByName, false)
	for _, s := range Sides {
		for _, it := range m.rest(s) {
			if !m.left(it, s) && !m.twin(it, s) && !m.waits(it, s) {
				m.alone(it, s)
			}
		}
	}
	return m.out
}

type matcher struct {
	rules  Rules
	known  Known
	open   [2][]*Seen
	taken  map[*Seen]bool
	unseen map[string]Presence // the questions about items that may belong together of which one is out of sight, and why it is
	out    Matched
}

func (m *matcher) rest(s Side) []*Seen {
	var out []*Seen
	for _, it := range m.open[s] {
		if !m.taken[it] {
			out = append(out, it)
		}
	}
	return out
}

func (m *matcher) alone(it *Seen, s Side) {
	t := Triple{}
	t.Items[s] = it
	m.out.Triples = append(m.out.Triples, t)
}

func (m *matcher) ask(code string, it *Seen, s Side) {
	t := Triple{}
	t.Items[s] = it
	m.taken[it] = true
	m.out.Asked = append(m.out.Asked, Step{Triple: t, Problems: []Problem{{Code: code, Side: s}}})
}

func (m *matcher) link(left, right *Seen, by Reason) {
	m.taken[left], m.taken[right] = true, true
	for _, s := range Sides {
		it := [2]*Seen{left, right}[s]
		if m.rules.outside(it, s, by == ByMark) != "" {
			m.ask(CodeOutOfReach, left, Left)
			m.ask(CodeOutOfReach, right, Right)
			return
		}
	}
	t := Triple{Items: [2]*Seen{left, right}, Base: [2]record.Record{{}, {}}, Adopted: by == ByMark, By: by}
	m.out.Triples = append(m.out.Triples, t)
}

// byMark links items that name each other: whoever was linked once is found again, whatever changed since.
func (m *matcher) byMark() {
	for _, s := range Sides {
		bySelf := map[record.Mark][]*Seen{}
		for _, it := range m.rest(s.Other()) {
			if it.Self != "" {
				bySelf[it.Self.Short()] = append(bySelf[it.Self.Short()], it)
			}
		}
		claims := map[record.Mark]int{}
		for _, it := range m.rest(s) {
			claims[it.Mark.Short()]++
		}
		for _, it := range m.rest(s) {
			named := bySelf[it.Mark.Short()]
			switch {
			case m.taken[it] || it.Mark == "" || len(named) == 0:
			case len(named) == 1 && claims[it.Mark.Short()] == 1 && !m.taken[named[0]]:
				pair := [2]*Seen{}
				pair[s], pair[s.Other()] = it, named[0]
				m.link(pair[Left], pair[Right], ByMark)
			default:
				m.doubts(m.claim(it.Mark.Short(), s, named))
			}
		}
	}
}

// claim is the group of all items of a side that name the same partner, and of those that have this name.
func (m *matcher) claim(mark record.Mark, s Side, named []*Seen) (g [2][]*Seen) {
	for _, it := range m.rest(s) {
		if it.Mark.Short() == mark {
			g[s] = append(g[s], it)
		}
	}
	for _, it := range named {
		if !m.taken[it] {
			g[s.Other()] = append(g[s.Other()], it)
		}
	}
	return g
}

// orphans asks about items whose mark names a partner that is missing. A mark that names an item with another living
// partner was copied along with the item: that one is new. The mark of what does not belong to the pair says nothing here:
// it may name what another pair keeps it in step with.
func (m *matcher) orphans() {
	for _, s := range Sides {
		for _, it := range m.rest(s) {
			if it.Mark == "" || m.rules.outside(it, s, true) != "" {
				continue
			}
			switch m.known(s.Other(), it.Mark) {
			case Unknown:
				m.orphan(it, s)
			case There:
				m.ask(CodeOutOfReach, it, s)
			}
		}
	}
}

// strayed: one of them is an occurrence, and neither bears the mark of anybody who is known. A series that is moved takes
// other slots, and marks that name the old ones stay behind.
func (m *matcher) strayed(left, right *Seen) bool {
	if left.Slot == "" && right.Slot == "" {
		return false
	}
	for s, it := range [2]*Seen{left, right} {
		if it.Mark != "" && m.known(Side(s).Other(), it.Mark) != Unknown {
			return false
		}
	}
	return true
}

// exact links items that are alike in every field, one to one among those that may be looked at.
func (m *matcher) exact(may func(left, right *Seen) bool) {
	partners := map[*Seen][]*Seen{}
	index := m.index(m.rest(Right), strongKeys)
	for _, left := range m.rest(Left) {
		for _, right := range m.near(left, index, strongKeys) {
			if may(left, right) && m.rules.alike(left, right) {
				partners[left] = append(partners[left], right)
				partners[right] = append(partners[right], left)
			}
		}
	}
	for _, left := range m.rest(Left) {
		if p := partners[left]; len(p) == 1 && len(partners[p[0]]) == 1 {
			m.link(left, p[0], ByAll)
		}
	}
}

// alike: every mapped field is the same on both sides.
func (r Rules) alike(left, right *Seen) bool {
	for _, row := range r.rows() {
		if a, b := left.Record[row.Left], right.Record[row.Right]; !r.same(row, a, b) && !r.untitled(row, a, b) {
			return false
		}
	}
	return true
}

// fit: no mapped field holds two different values.
func (r Rules) fit(left, right *Seen) bool {
	for _, row := range r.rows() {
		a, b := left.Record[row.Left], right.Record[row.Right]
		if a != "" && b != "" && !r.same(row, a, b) {
			return false
		}
	}
	return true
}

func (m *matcher) index(items []*Seen, keys keyFunc) map[string][]*Seen {
	index := map[string][]*Seen{}
	for _, it := range items {
		for _, k := range m.keysOf(it, keys) {
			index[k] = append(index[k], it)
		}
	}
	return index
}

// near lists the indexed items that share a key, each once.
func (m *matcher) near(it *Seen, index map[string][]*Seen, keys keyFunc) []*Seen {
	var out []*Seen
	seen := map[*Seen]bool{}
	for _, k := range m.keysOf(it, keys) {
		for _, other := range index[k] {
			if !seen[other] {
				seen[other] = true
				out = append(out, other)
			}
		}
	}
	return out
}

// keysOf falls back on names for contacts that have no address.
func (m *matcher) keysOf(it *Seen, keys keyFunc) []string {
	if out := keys(m.rules, it.Record); len(out) > 0 {
		return out
	}
	return weakKeys(m.rules, it.Record)
}
