package object

import (
	"maps"
	"slices"
	"strings"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Delete takes an item away: an occurrence by an EXDATE in the form and the zone of the series' start (row C-17 of what goes
// wrong), and without the component that it may have had. One that is not there is no error.
func (g *Group) Delete(id record.ID) error {
	if g.series == nil {
		g.cut = g.cut || id == g.id
		return nil
	}
	i, err := g.instance(id)
	if err == provider.ErrNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	g.cut = true
	if err := g.series.exclude(i); err != nil {
		return problem(err)
	}
	return nil
}

// Bytes returns the object as it is after the writes so far; nil when its last item was deleted, so that the object is to
// be deleted too.
func (g *Group) Bytes() ([]byte, error) {
	switch {
	case !g.cut:
	case g.series == nil:
		return nil, nil
	default:
		empty, err := g.series.empty()
		if err != nil {
			return nil, problem(err)
		}
		if empty {
			return nil, nil
		}
	}
	return g.object.file.Bytes(), nil
}

// Restore brings an item back to what it was in the object before, a body that the group once had, or nil where none is
// known; p holds its fields as they were. Of an occurrence only its own lines come back. provider.ErrNotFound: the series no
// longer has a place for it.
func (g *Group) Restore(id record.ID, before []byte, p record.Patch) error {
	if g.series == nil {
		if _, err := g.Item(id); err != nil {
			return err
		}
		if before == nil {
			return g.Edit(id, p, "")
		}
		body, err := g.codec.Put(g.object.file.Bytes(), before)
		if err != nil {
			return err
		}
		return g.replace(body)
	}
	group, slot, _ := strings.Cut(string(id), separator)
	if record.ID(group) != g.id || slot == "" {
		return provider.ErrNotFound
	}
	if err := g.series.restore(slot, g.then(before), p); err != nil {
		return asItem(err)
	}
	return nil
}

// replace opens another body in the place of the one at hand.
func (g *Group) replace(body []byte) error {
	other, skip := g.codec.Open(g.id, body)
	if skip != nil {
		return skip.Err
	}
	*g = *other
	return nil
}

// then opens a before-image; nil where it is not one of this series.
func (g *Group) then(before []byte) *series {
	o, refusal := g.codec.open(before)
	if !repeats(refusal) || o.uid() != g.object.uid() {
		return nil
	}
	s, refusal := o.openSeries()
	if refusal != nil {
		return nil
	}
	return s
}

// restore brings one occurrence back.
func (s *series) restore(slot string, before *series, p record.Patch) error {
	var own *contentline.Component
	i, there, err := s.member(slot)
	if before != nil && before.overrides[slot] != nil {
		own = before.overrides[slot].main
		if s.master == nil {
			i, there = before.overrides[slot].instance, true
		}
	}
	switch {
	case err != nil:
		return err
	case !there:
		return provider.ErrNotFound
	case s.overrides[slot] != nil && s.overrides[slot].twice:
		return errTwice
	}
	s.include(slot)
	s.attach(slot)
	if own != nil {
		s.overrides[slot] = &override{instance: i, main: s.root.AddCopy(own)}
	}
	// What the occurrence inherits may have changed since.
	return s.edit(i, p, "")
}

// include takes back what excludes an occurrence.
func (s *series) include(slot string) {
	if s.master == nil || !s.excluded[slot] {
		return
	}
	delete(s.excluded, slot)
	for _, l := range s.master.All("EXDATE") {
		values := strings.Split(l.Value, ",")
		kept := slices.DeleteFunc(slices.Clone(values), func(v string) bool {
			m, err := s.moment(&contentline.Line{Content: l.WithValue(strings.TrimSpace(v))})
			return err == nil && s.instance(m).slot == slot
		})
		switch {
		case len(kept) == len(values):
		case len(kept) == 0:
			s.master.Remove(l)
		default:
			s.master.Replace(l, l.WithValue(strings.Join(kept, ",")))
		}
	}
}

// BringBack returns what to write where an object is gone and some of its occurrences are to come back: the body before,
// when those were all that it had, else an object with these occurrences alone. provider.ErrNotFound: the body before has
// none of them.
func (c Codec) BringBack(group record.ID, before []byte, ids []record.ID) ([]byte, error) {
	o, refusal := c.open(before)
	if !repeats(refusal) {
		return before, nil
	}
	s, refusal := o.openSeries()
	if refusal != nil {
		return nil, refusal
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		_, slot, _ := strings.Cut(string(id), separator)
		wanted[slot] = true
	}
	all, err := s.only(wanted)
	if err != nil {
		return nil, asItem(err)
	}
	if all {
		return before, nil
	}
	found := false
	for _, slot := range slices.Sorted(maps.Keys(wanted)) {
		i, there, err := s.find(slot)
		switch {
		case err != nil:
			return nil, asItem(err)
		case !there:
			continue
		}
		found = true
		if s.overrides[slot] == nil {
			if _, err := s.detach(i); err != nil {
				return nil, asItem(err)
			}
		}
	}
	if !found {
		return nil, provider.ErrNotFound
	}
	s.keep(wanted)
	return s.file.Bytes(), nil
}

// only says whether the series has no other occurrences than these.
func (s *series) only(slots map[string]bool) (bool, error) {
	for slot := range s.overrides {
		if !slots[slot] {
			return false, nil
		}
	}
	if s.master == nil {
		return true, nil
	}
	last := s.first.instant()
	for slot := range slots {
		if at, ok := parseSlot(slot); ok && at.After(last) {
			last = at
		}
	}
	if err := s.expand(last.Add(skew)); err != nil {
		return false, err
	}
	for _, i := range s.known {
		if !slots[i.slot] && !s.out(i) {
			return false, nil
		}
	}
	return true, nil
}

// keep takes away every component but those of these occurrences.
func (s *series) keep(slots map[string]bool) {
	mine := map[*contentline.Component]bool{}
	for slot, v := range s.overrides {
		mine[v.main] = slots[slot]
	}
	for _, c := range s.root.Children(s.main.Name) {
		if !mine[c] {
			s.root.RemoveComponent(c)
		}
	}
}
