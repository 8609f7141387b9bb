package object

import (
	"errors"
	"strings"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// view returns the component that says what an occurrence is, and whether it is its own.
func (s *series) view(i instance) (o *object, own bool, err error) {
	if v := s.overrides[i.slot]; v != nil {
		if v.twice {
			return nil, true, errTwice
		}
		o := *s.object
		o.main = v.main
		return &o, true, nil
	}
	t, err := s.inherits(i)
	if err != nil {
		return nil, false, err
	}
	return t.object, false, t.place(i)
}

// occurrence returns one occurrence as an item, or why it is none.
func (s *series) occurrence(group record.ID, i instance) (record.Item, *provider.Skip) {
	id := record.ID(string(group) + separator + i.slot)
	skip := func(err error) *provider.Skip {
		var item *provider.ItemError
		if !errors.As(err, &item) {
			item = problem(err)
		}
		return &provider.Skip{ID: id, Group: group, Title: s.title(), Err: item}
	}
	o, own, err := s.view(i)
	if err != nil {
		return record.Item{}, skip(err)
	}
	rec, refusal := o.record()
	if refusal != nil {
		return record.Item{}, skip(refusal)
	}
	it := record.Item{
		ID: id, Group: group, Slot: i.slot,
		Revision: record.Revise(rec, o.normalSet()...),
		Self:     s.self(group) + record.Mark(separator+i.slot),
		Modified: o.modified(),
		Record:   rec,
	}
	if own {
		it.Mark = record.Mark(o.line(markLine))
	}
	return it, nil
}

// detach gives an occurrence a component of its own: a copy of the one that it inherits from, with its RECURRENCE-ID in
// the form and the zone of the series' start (RFC 5545 section 3.8.4.4).
func (s *series) detach(i instance) (*object, error) {
	t, err := s.inherits(i)
	if err != nil {
		return nil, err
	}
	if err := t.place(i); err != nil {
		return nil, err
	}
	o := *s.object
	o.main = s.root.AddCopy(t.main)
	n := s.stands(i)
	n.Name = "RECURRENCE-ID"
	if uid := o.main.First("UID"); uid != nil {
		o.main.AddAfter(uid, n)
	} else {
		o.main.Add(n)
	}
	s.overrides[i.slot] = &override{instance: i, main: o.main}
	return &o, nil
}

// stands writes the place of an occurrence as the series writes its start.
func (s *series) stands(i instance) contentline.Content {
	m := moment{form: s.first.form, zone: s.first.zone, wall: i.wall}
	if m.form != day && !m.instant().Equal(i.at) {
		m = s.first.at(i.at, false)
	}
	n := contentline.Content{Name: s.anchor.Name}
	for _, p := range s.anchor.Params {
		if p.Name != "" && (strings.EqualFold(p.Name, "TZID") || strings.EqualFold(p.Name, "VALUE")) {
			n.Params = append(n.Params, p)
		}
	}
	return m.write(n.WithValue(m.text()), s.first.form)
}

// attach takes the component of an occurrence away.
func (s *series) attach(slot string) {
	if v := s.overrides[slot]; v != nil {
		s.root.RemoveComponent(v.main)
		delete(s.overrides, slot)
	}
}

// exclude takes an occurrence out of the series.
func (s *series) exclude(i instance) error {
	s.attach(i.slot)
	if s.master == nil {
		return nil
	}
	if _, still, err := s.find(i.slot); err != nil || !still {
		return err
	}
	at := s.anchor
	for l := range s.master.Lines() {
		if l.Is("RRULE") || l.Is("RDATE") || l.Is("EXDATE") {
			at = l
		}
	}
	n := s.stands(i)
	n.Name = "EXDATE"
	s.master.AddAfter(at, n)
	s.excluded[i.slot] = true
	return nil
}
