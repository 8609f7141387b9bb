package plan

import "zohosync/sync/record"

// Reattach looks at links of which one side is gone for the item that took its place: an object that was moved or brought
// back under another name is listed as one that is gone and one that is new. It is known by its mark, which names the
// partner, or by its own name. Such a link goes on with it, and nothing counts as deleted. Where several items claim one
// place nothing is decided. It returns the links and the items that stay without one.
func Reattach(links []Triple, items [2][]*Seen) ([]Triple, [2][]*Seen) {
	items = ownMarks(items)
	out, taken := make([]Triple, len(links)), map[*Seen]bool{}
	for i, t := range links {
		for _, gone := range Sides {
			was, partner := t.Items[gone], t.Items[gone.Other()]
			if was == nil || was.Presence != Gone || !partner.Here() {
				continue
			}
			heirs := heirs(was, partner, items[gone])
			switch {
			case len(heirs) == 1 && !taken[heirs[0]]:
				taken[heirs[0]] = true
				t.Was[gone], t.Items[gone] = was.ID, heirs[0]
			case len(heirs) > 0:
				t.Contested = true
			}
		}
		out[i] = t
	}
	var rest [2][]*Seen
	for _, s := range Sides {
		for _, it := range items[s] {
			if !taken[it] {
				rest[s] = append(rest[s], it)
			}
		}
	}
	return out, rest
}

// heirs lists the items that claim the place of one that is gone.
func heirs(was, partner *Seen, items []*Seen) (out []*Seen) {
	for _, it := range items {
		named := it.Mark != "" && it.Mark.Short() == partner.Self.Short()
		if it.Here() && !it.Foreign && (named || it.Self != "" && it.Self == was.Self) {
			out = append(out, it)
		}
	}
	return out
}

// ownMarks returns the items without marks that several occurrences of one series bear: that one is the object's, which was
// a single before, and names the partner of none of them.
func ownMarks(items [2][]*Seen) [2][]*Seen {
	type bearer struct {
		group record.ID
		mark  record.Mark
	}
	var out [2][]*Seen
	for _, s := range Sides {
		bearers := map[bearer]int{}
		for _, it := range items[s] {
			if it.Slot != "" {
				bearers[bearer{it.Group, it.Mark.Short()}]++
			}
		}
		for _, it := range items[s] {
			if it.Mark != "" && it.Slot != "" && bearers[bearer{it.Group, it.Mark.Short()}] > 1 {
				unmarked := *it
				unmarked.Mark, it = "", &unmarked
			}
			out[s] = append(out[s], it)
		}
	}
	return out
}
