package object

import (
	"slices"
	"time"

	"zohosync/sync/record"
)

// skew is how far the order of digits may differ from that of instants, where clocks are set back.
const skew = 26 * time.Hour

// expand makes the recurrence set known up to a time, and one instance of each rule beyond it.
func (s *series) expand(until time.Time) error {
	if s.master == nil || s.bySlot != nil && !until.After(s.horizon) {
		return nil
	}
	found := map[string]instance{}
	if len(s.rules) == 0 {
		i := s.on(s.first.wall)
		found[i.slot] = i
	}
	for _, r := range s.rules {
		if err := s.follow(r, until, func(i instance) { found[i.slot] = i }); err != nil {
			return err
		}
	}
	for _, i := range s.dates {
		found[i.slot] = i
	}
	for _, r := range s.against {
		if err := s.follow(r, until, func(i instance) { delete(found, i.slot) }); err != nil && err != errNoInstance {
			return err
		}
	}
	for _, v := range s.ranges {
		found[v.slot] = v.instance
	}
	s.known, s.bySlot, s.horizon = make([]instance, 0, len(found)), make(map[string]int, len(found)), until
	for _, i := range found {
		s.known = append(s.known, i)
	}
	slices.SortFunc(s.known, func(a, b instance) int { return a.at.Compare(b.at) })
	for n, i := range s.known {
		s.bySlot[i.slot] = n
	}
	return nil
}

// follow gives the instances of a rule up to a time, and one beyond it.
func (s *series) follow(r rule, until time.Time, give func(instance)) error {
	return r.walk(until.Year(), func(wall time.Time) bool {
		if y := wall.Year(); y > 9998 {
			return false
		}
		i := s.on(wall)
		if r.until.passed(wall, i.at) {
			return !r.until.instant.IsZero() && i.at.Before(r.until.instant.Add(skew))
		}
		give(i)
		return !i.at.After(until)
	})
}

// out says whether an exception takes an instance away (EXDATE). A component of its own brings it back, unless that one
// speaks of all that follow.
func (s *series) out(i instance) bool {
	return s.excluded[i.slot] || len(s.offDays) > 0 && s.offDays[i.wall.Format(record.DateLayout)]
}

// find returns the instance of a slot; ok is false where the series has none, or an exception took it away.
func (s *series) find(slot string) (i instance, ok bool, err error) {
	if v := s.overrides[slot]; v != nil {
		return v.instance, true, nil
	}
	i, ok, err = s.member(slot)
	return i, ok && !s.out(i), err
}

// member returns the instance of a slot even when an exception took it away, unless that one names a whole day.
func (s *series) member(slot string) (i instance, ok bool, err error) {
	at, ok := parseSlot(slot)
	if !ok || s.master == nil {
		v := s.overrides[slot]
		return instance{}, ok && v != nil, nil
	}
	if err := s.expand(at.Add(skew)); err != nil {
		return instance{}, false, err
	}
	n, ok := s.bySlot[slot]
	if !ok || s.offDays[s.known[n].wall.Format(record.DateLayout)] {
		if v := s.overrides[slot]; v != nil {
			return v.instance, true, nil
		}
		return instance{}, false, nil
	}
	return s.known[n], true, nil
}

// parseSlot reads a canonical instant or date.
func parseSlot(slot string) (time.Time, bool) {
	if t, err := time.Parse(record.DateLayout, slot); err == nil {
		return t, true
	}
	t, err := time.Parse(record.InstantLayout, slot)
	return t, err == nil
}

// empty says whether the series has no occurrence at all.
func (s *series) empty() (bool, error) {
	if len(s.overrides) > 0 {
		return false, nil
	}
	if s.master == nil {
		return true, nil
	}
	for _, i := range s.dates {
		if !s.out(i) {
			return false, nil
		}
	}
	// As many years as it has exceptions, and a few more: a rule that goes on has an occurrence that none of them names.
	for until := s.first.wall.AddDate(1, 0, 0); ; until = until.AddDate(50, 0, 0) {
		if err := s.expand(until); err != nil {
			return false, err
		}
		for _, i := range s.known {
			if !s.out(i) {
				return false, nil
			}
		}
		if len(s.known) == 0 || !s.known[len(s.known)-1].at.After(until) || until.Year() > 9000 {
			return true, nil
		}
	}
}
