package object

import (
	"errors"
	"slices"
	"strings"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// series is an open object that repeats: a master with its rules, exceptions to it, or exceptions alone, as somebody has
// them who was asked to one occurrence only.
type series struct {
	*object
	master *contentline.Component // nil: there are exceptions only
	anchor *contentline.Line      // of the master: DTSTART, or DUE of a task that has no DTSTART
	first  moment                 // what the anchor says

	rules, against []rule               // RRULE, EXRULE
	dates          []instance           // RDATE
	excluded       map[string]bool      // EXDATE by slot
	offDays        map[string]bool      // EXDATE that names a whole day, by the day in the series' own zone
	overrides      map[string]*override // by slot
	ranges         []*override          // RANGE=THISANDFUTURE, in order

	known   []instance // the recurrence set up to horizon, exceptions not taken out
	bySlot  map[string]int
	horizon time.Time
	copies  map[*contentline.Component]*template
}

// instance is one member of a recurrence set.
type instance struct {
	slot string    // its RECURRENCE-ID as canonical instant or date
	at   time.Time // the same as a time; a date is midnight in UTC
	wall time.Time // the digits that clocks of the series' own zone show
	end  string    // of an RDATE that is a period: what stands behind its slash
}

// override is a component with a RECURRENCE-ID.
type override struct {
	instance
	main  *contentline.Component
	twice bool // another component claims the same occurrence
}

// errTwice says why an occurrence is not touched.
var errTwice = errors.New("one occurrence twice in one object")

// openSeries reads the parts of an object that repeats. What it cannot read of them is a refusal of the whole object: an
// occurrence must not count as deleted because an exception could not be understood.
func (o *object) openSeries() (*series, *provider.ItemError) {
	s := &series{
		object: o, excluded: map[string]bool{}, offDays: map[string]bool{}, overrides: map[string]*override{},
		copies: map[*contentline.Component]*template{},
	}
	var exceptions []*contentline.Component
	for _, c := range o.root.Children(o.main.Name) {
		switch {
		case c.First("RECURRENCE-ID") != nil:
			exceptions = append(exceptions, c)
		case s.master != nil:
			return nil, refuse(provider.CodeUnreadable, "", "one item twice in one object")
		default:
			s.master = c
		}
	}
	var err error
	if s.master != nil {
		o.main = s.master
		err = s.readMaster()
	}
	for _, c := range exceptions {
		if err == nil {
			err = s.readOverride(c)
		}
	}
	if err != nil {
		return nil, problem(err)
	}
	slices.SortFunc(s.ranges, func(a, b *override) int { return a.at.Compare(b.at) })
	return s, nil
}

// problem tells an error of a series to people.
func problem(err error) *provider.ItemError {
	code := provider.CodeUnreadable
	switch {
	case errors.Is(err, errTooOften):
		code = provider.CodeTooOften
	case errors.Is(err, errNoInstance):
		code = provider.CodeNoOccurrence
	}
	return &provider.ItemError{Code: code, Err: err}
}

func (s *series) readMaster() (err error) {
	s.anchor = s.master.First("DTSTART")
	if s.anchor == nil && s.master.Name == "VTODO" {
		s.anchor = s.master.First("DUE")
	}
	if s.first, err = s.moment(s.anchor); err != nil {
		return err
	}
	for _, l := range s.master.All("RRULE") {
		r, err := s.parseRule(l.Value, s.first)
		if err != nil {
			return err
		}
		s.rules = append(s.rules, r)
	}
	for _, l := range s.master.All("EXRULE") {
		r, err := s.parseRule(l.Value, s.first)
		switch {
		case errors.Is(err, errNoInstance): // takes nothing out
		case err != nil:
			return err
		default:
			s.against = append(s.against, r)
		}
	}
	return errors.Join(s.eachDate("RDATE", s.readDate), s.eachDate("EXDATE", s.readException))
}

// eachDate calls read with every value of a property that holds lists of times.
func (s *series) eachDate(name string, read func(m moment, end string)) error {
	for _, l := range s.master.All(name) {
		for _, v := range strings.Split(l.Value, ",") {
			start, end, _ := strings.Cut(strings.TrimSpace(v), "/")
			if start == "" {
				continue
			}
			m, err := s.moment(&contentline.Line{Content: l.WithValue(start)})
			if err != nil {
				return err
			}
			read(m, strings.TrimSpace(end))
		}
	}
	return nil
}

func (s *series) readDate(m moment, end string) {
	i := s.instance(m)
	i.end = end
	s.dates = append(s.dates, i)
}

func (s *series) readException(m moment, _ string) {
	if m.form == day && s.first.form != day {
		s.offDays[m.wall.Format(record.DateLayout)] = true
		return
	}
	s.excluded[s.instance(m).slot] = true
}

// readOverride reads an exception. One that is told twice is left alone: nobody can know which of them counts.
func (s *series) readOverride(c *contentline.Component) error {
	l := c.First("RECURRENCE-ID")
	m, err := s.moment(l)
	if err != nil {
		return err
	}
	v := &override{instance: s.instance(m), main: c}
	following := strings.EqualFold(strings.TrimSpace(strings.Join(l.Param("RANGE"), "")), "THISANDFUTURE")
	if following && s.master != nil { // without a master nothing follows
		s.ranges = append(s.ranges, v)
		return nil
	}
	if other := s.overrides[v.slot]; other != nil {
		other.twice = true
		return nil
	}
	s.overrides[v.slot] = v
	return nil
}

// instance finds the place in the series of a moment that may be written in another way than DTSTART (row C-17 of what
// goes wrong): as an instant, as a date, in another zone.
func (s *series) instance(m moment) instance {
	days := m.form == day
	if s.master != nil {
		days = s.first.form == day
	}
	switch {
	case days && m.form == utc:
		m.wall = s.dayOf(m.wall)
	case days:
		m.wall = m.wall.Truncate(24 * time.Hour)
	case m.form == day:
		return s.timed(m.wall.Add(clock(s.first)))
	default:
		at, wall := m.instant(), m.wall
		if s.master != nil {
			wall = at.Add(s.first.zone(at))
		}
		return instance{slot: record.FormatInstant(at), at: at.UTC(), wall: wall}
	}
	return instance{slot: m.wall.Format(record.DateLayout), at: m.wall, wall: m.wall}
}

// timed is the instance at these digits of a series of times.
func (s *series) timed(wall time.Time) instance {
	at := s.first.zone.instant(wall).UTC()
	return instance{slot: record.FormatInstant(at), at: at, wall: wall}
}

// on is the instance at these digits.
func (s *series) on(wall time.Time) instance {
	if s.first.form == day {
		return instance{slot: wall.Format(record.DateLayout), at: wall, wall: wall}
	}
	return s.timed(wall)
}
