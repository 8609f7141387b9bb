package object

import (
	"errors"
	"strings"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// template makes the component of any occurrence of a series from the one that it inherits from: the master, or an
// exception that speaks of all that follow. Reading such a copy and writing it into the object are the same thing, so what
// a new exception says is what the occurrence said before.
type template struct {
	*object
	series *series
	from   instance // the occurrence that the component itself stands for
	master bool     // the component is the master
	start  moment   // what its DTSTART says, or the DUE of a task without one
	lines  map[string]contentline.Content
	was    map[string]moment // what DTSTART, DTEND and DUE say in the component itself
	alarms map[*contentline.Component]moment

	offset time.Duration // from the place of an occurrence in the series to when it begins
	length time.Duration
}

// ofSet are the lines that make a series out of a component, and our own that names the partner of one occurrence. None
// of them may stand in the exception that is made from it (row C-19 of what goes wrong).
func ofSet() []string {
	return []string{"RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", markLine}
}

// inherits returns the template of an occurrence that has no component of its own.
func (s *series) inherits(i instance) (*template, error) {
	source, from, master := s.master, instance{}, true
	for _, v := range s.ranges {
		if !v.at.After(i.at) {
			source, from, master = v.main, v.instance, false
		}
	}
	if master {
		if source == nil {
			return nil, provider.ErrNotFound
		}
		from = s.on(s.first.wall)
	}
	if t := s.copies[source]; t != nil && i.end == "" {
		return t, nil
	}
	t, err := s.copyOf(source)
	if err != nil {
		return nil, err
	}
	t.from, t.master = from, master
	t.measure()
	if i.end == "" {
		s.copies[source] = t // one with a length of its own is of use once
	}
	return t, nil
}

// copyOf copies a component out of the object and reads what moves with the occurrence.
func (s *series) copyOf(c *contentline.Component) (*template, error) {
	scratch := s.file.Empty("VCALENDAR")
	copied := *s.object
	copied.file, copied.main = scratch, scratch.Roots()[0].AddCopy(c)
	t := &template{
		object: &copied, series: s,
		lines: map[string]contentline.Content{}, was: map[string]moment{}, alarms: map[*contentline.Component]moment{},
	}
	t.drop(ofSet()...)
	for _, name := range []string{"DUE", "DTEND", "DTSTART"} {
		l := t.main.First(name)
		if l == nil {
			continue
		}
		m, err := t.moment(l)
		if err != nil {
			return nil, err
		}
		t.lines[name], t.was[name] = l.Content, m
		if name != "DTEND" {
			t.start = m
		}
	}
	if t.start.form == unset {
		return nil, errNoTime
	}
	for _, a := range t.main.Children("VALARM") {
		if m, err := t.moment(a.First("TRIGGER")); err == nil {
			t.alarms[a] = m
		}
	}
	return t, nil
}

// place makes the copy that of one occurrence.
func (t *template) place(i instance) error {
	by := t.digits(i).Sub(t.digits(t.from))
	start := moment{form: t.start.form, zone: t.start.zone, wall: t.start.wall.Add(by)}
	if t.master && start.form != day && !start.instant().Equal(i.at) {
		start = t.start.at(i.at, false) // an RDATE of an hour that comes twice
	}
	if y := start.wall.Year(); y < 2 || y > 9998 {
		return errNoTime
	}
	t.say("DTSTART", start)
	for _, name := range []string{"DTEND", "DUE"} {
		was, there := t.was[name]
		switch {
		case !there:
		case was.form == day || start.form == day:
			t.say(name, moment{form: was.form, zone: was.zone, wall: was.wall.Add(by / (24 * time.Hour) * (24 * time.Hour))})
		default:
			// It lasts exactly as long as the first one (RFC 5545 section 3.8.5.3).
			t.say(name, was.at(start.instant().Add(was.instant().Sub(t.start.instant())), false))
		}
	}
	for a, was := range t.alarms {
		l := a.First("TRIGGER")
		a.Replace(l, l.WithValue(t.later(was, by).text()))
	}
	if i.end != "" {
		return t.lasts(i.end, start)
	}
	return nil
}

// measure finds out how far from its place in the series an occurrence lies, and how long it is.
func (t *template) measure() {
	begins, ends := t.start.instant(), t.start.instant()
	switch {
	case t.main.First("DUE") != nil:
		ends = t.was["DUE"].instant()
	case t.main.Name == "VEVENT":
		if end, err := t.end(t.start); err == nil {
			ends = end
		}
	}
	if t.start.form == day {
		begins = t.start.wall
		if t.main.Name != "VEVENT" {
			ends = t.was["DUE"].wall
		}
	}
	t.offset, t.length = begins.Sub(t.from.at), max(0, ends.Sub(begins))
}

// digits are what clocks of the component's own zone show at an occurrence.
func (t *template) digits(i instance) time.Time {
	switch {
	case t.start.form == day:
		return i.wall.Truncate(24 * time.Hour)
	case len(i.slot) == len(record.DateLayout):
		return i.wall
	}
	return i.at.Add(t.start.zone(i.at))
}

// later moves the time of an alarm along with its occurrence.
func (t *template) later(m moment, by time.Duration) moment {
	if m.form == utc {
		m.wall = t.start.zone.instant(m.wall.Add(t.start.zone(m.wall) + by))
	} else {
		m.wall = m.wall.Add(by)
	}
	return m
}

// say writes a moment in the line of that name, if there is one.
func (t *template) say(name string, m moment) {
	if now := t.main.First(name); now != nil {
		t.main.Replace(now, m.write(t.lines[name], t.was[name].form))
	}
}

// lasts gives an occurrence the end that its own RDATE says: a moment, or how long after the start.
func (t *template) lasts(end string, start moment) error {
	l := contentline.Line{Content: t.lines["DTSTART"].WithValue(end)}
	m, err := t.moment(&l)
	if d, bad := parseDuration(end); bad == nil && start.form != day {
		m, err = start.at(start.plus(d), false), nil
	}
	if err != nil || t.main.Name != "VEVENT" || m.form == day {
		return errors.Join(errNoTime, err)
	}
	t.drop("DTEND", "DURATION")
	first := t.main.First("DTSTART")
	n := first.Content
	n.Name = "DTEND"
	t.main.AddAfter(first, m.write(n, start.form))
	return nil
}

// normalSet lists what an occurrence says, for its revision, without what makes the series: an exception that says what
// the series says is no news, nor is one more exception for the others.
func (o *object) normalSet() []string {
	out := o.own()
	kept := out[:0]
	for _, l := range out {
		name := l[:max(0, strings.IndexAny(l+";", ";:"))]
		switch strings.TrimPrefix(name, ".") {
		case "RECURRENCE-ID", "SEQUENCE", "DTSTART", "DTEND", "DUE", "DURATION":
		default:
			kept = append(kept, l)
		}
	}
	return append(kept, "takes place "+o.span())
}

// span says when the component takes place, however that is written.
func (o *object) span() string {
	var parts []string
	for _, name := range []string{"DTSTART", "DUE"} {
		m, err := o.moment(o.main.First(name))
		switch {
		case err != nil:
			parts = append(parts, o.line(name))
		case m.form == day:
			parts = append(parts, m.wall.Format(record.DateLayout))
		default:
			parts = append(parts, record.FormatInstant(m.instant()))
		}
	}
	if o.codec.Kind == record.Event {
		when, _ := getWhen(o) // what cannot be read is no item
		parts = append(parts, when)
	} else if m, err := o.dueMoment(); err == nil {
		parts = append(parts, m.text())
	}
	return strings.Join(parts, "/")
}
