package local

import (
	"encoding/xml"
	"strings"
	"time"

	"zohosync/sync/contentline"
)

// timeRange is that of RFC 4791 section 9.9; a side that is not given is open.
type timeRange struct{ start, end time.Time }

// UnmarshalXML implements xml.Unmarshaler.
func (r *timeRange) UnmarshalXML(d *xml.Decoder, e xml.StartElement) error {
	for _, a := range e.Attr {
		at, err := time.Parse(utcForm, a.Value)
		switch {
		case a.Name.Local != "start" && a.Name.Local != "end":
		case err != nil:
			return err
		case a.Name.Local == "start":
			r.start = at
		default:
			r.end = at
		}
	}
	return d.Skip()
}

const (
	utcForm   = "20060102T150405Z"
	localForm = "20060102T150405"
	dateForm  = "20060102"
)

// span is a time from its beginning to its end, and how far both may be off because their zone is not known.
type span struct {
	from, to time.Time
	slack    time.Duration
}

// overlaps says whether a span may have a moment in the range. The end of a span is not part of it, unless it has no
// length.
func (r timeRange) overlaps(s span) bool {
	from, to := s.from.Add(-s.slack), s.to.Add(s.slack)
	begins := r.end.IsZero() || from.Before(r.end)
	ends := r.start.IsZero() || to.After(r.start) || to.Equal(from) && to.Equal(r.start)
	return begins && ends
}

// component says whether a component, or one of its occurrences, lies in the range.
func (r timeRange) component(c *contentline.Component, m moments) bool {
	switch c.Name {
	case "VEVENT", "VTODO", "VJOURNAL":
	default:
		return true
	}
	first, known := m.span(c)
	if !known || r.overlaps(first) {
		return true
	}
	if l := c.First("RECURRENCE-ID"); l != nil && len(l.Param("RANGE")) > 0 {
		return true // it moves all that follow, too
	}
	if c.First("RRULE") == nil && c.First("RDATE") == nil {
		return false
	}
	return m.recurs(c, first, r)
}

// line says whether the moment of a line lies in the range.
func (r timeRange) line(l *contentline.Line, m moments) bool {
	at, known := m.at(l)
	return !known || r.overlaps(at)
}

// moments reads times. Those without a zone are in the person's own.
type moments struct{ zone *time.Location }

const (
	widest = 15 * time.Hour // how far a time in an unknown zone can be off
	touch  = time.Second    // a task belongs to the ranges that it only touches
)

// at reads the moment of a line; a date is a whole day.
func (m moments) at(l *contentline.Line) (s span, known bool) {
	v := strings.TrimSpace(l.Value)
	if at, err := time.ParseInLocation(dateForm, v, m.zone); err == nil {
		return span{from: at, to: at.AddDate(0, 0, 1)}, true
	}
	if at, err := time.Parse(utcForm, v); err == nil {
		return span{from: at, to: at}, true
	}
	zone, slack := m.zoneOf(l)
	at, err := time.ParseInLocation(localForm, v, zone)
	return span{at, at, slack}, err == nil
}

// zoneOf finds the zone of a line, and how far its times can be off when only the name of the zone is known.
func (m moments) zoneOf(l *contentline.Line) (*time.Location, time.Duration) {
	id := strings.Join(l.Param("TZID"), "")
	if id == "" {
		return m.zone, 0
	}
	// Some programs put a path of their own before the name.
	parts := strings.Split(strings.Trim(id, "/"), "/")
	for n := range parts {
		if zone, err := time.LoadLocation(strings.Join(parts[n:], "/")); err == nil && parts[n] != "" {
			return zone, 0
		}
	}
	return time.UTC, widest
}

// span is when the first occurrence of a component is. known is false when the component does not tell.
func (m moments) span(c *contentline.Component) (s span, known bool) {
	start, begins := m.first(c, "DTSTART")
	end, ends := m.first(c, "DTEND", "DUE")
	if d := c.First("DURATION"); d != nil && begins && !ends {
		length, ok := duration(d.Value)
		if !ok {
			return span{}, false
		}
		end, ends = span{start.from.Add(length), start.from.Add(length), start.slack}, true
	}
	switch {
	case begins && ends:
		s = span{start.from, end.from, max(start.slack, end.slack)}
		if c.Name == "VTODO" {
			s.to = end.to // a task may be done on its last day
		}
		if !s.to.After(s.from) {
			s = start
		}
	case begins:
		s = start
	case ends:
		s = end
	}
	if c.Name == "VTODO" {
		s.slack = max(s.slack, touch)
	}
	return s, begins || ends
}

func (m moments) first(c *contentline.Component, names ...string) (span, bool) {
	for _, name := range names {
		if l := c.First(name); l != nil {
			return m.at(l)
		}
	}
	return span{}, false
}

// duration reads a positive value of RFC 5545 section 3.3.6.
func duration(v string) (time.Duration, bool) {
	units := map[rune]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	v, found := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(v), "+"), "P")
	var sum, n time.Duration
	for _, r := range v {
		unit, ends := units[r]
		switch {
		case r >= '0' && r <= '9' && n < 1_000_000:
			n = n*10 + time.Duration(r-'0')
		case ends && (n < 10_000 || unit < 24*time.Hour):
			sum, n = sum+n*unit, 0
		case r != 'T':
			return 0, false
		}
	}
	return sum, found && sum >= 0
}
