package local

import (
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"zohosync/sync/contentline"
)

// Limits of what is counted through; a series beyond them fits.
const (
	maxOccurrences = 20_000
	maxInterval    = 1_000
)

// recurs says whether an occurrence of a series may lie in the range.
func (m moments) recurs(c *contentline.Component, first span, r timeRange) (fits bool) {
	// A rule that its reader stumbles over is one that cannot be excluded.
	defer func() { fits = fits || recover() != nil }()
	length := first.to.Sub(first.from)
	var skip []time.Time
	if first.slack < widest {
		skip = m.all(c, "EXDATE")
	}
	hit := func(at time.Time) bool {
		return r.overlaps(span{at, at.Add(length), first.slack}) && !slices.ContainsFunc(skip, at.Equal)
	}
	if slices.ContainsFunc(m.all(c, "RDATE"), hit) {
		return true
	}
	if m.periods(c, r) {
		return true
	}
	start := c.First("DTSTART")
	return slices.ContainsFunc(c.All("RRULE"), func(l *contentline.Line) bool {
		return start == nil || m.rule(l.Value, start, first, r, hit)
	})
}

// rule says whether an occurrence that a rule makes is a hit.
func (m moments) rule(text string, start *contentline.Line, first span, r timeRange, hit func(time.Time) bool) bool {
	zone, _ := m.zoneOf(start)
	if strings.HasSuffix(strings.TrimSpace(start.Value), "Z") {
		zone = time.UTC
	}
	opt, err := rrule.StrToROptionInLocation(strings.ToUpper(text), zone)
	if err != nil || opt.Freq > rrule.DAILY || opt.Interval > maxInterval {
		return true
	}
	opt.Dtstart = first.from.In(zone)
	if opt.Until.IsZero() {
		// The library would stop after 292 years, and some programs have birthdays without a year begin in 1604.
		opt.Until = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	} else {
		if h, min, s := opt.Until.Clock(); h+min+s == 0 {
			opt.Until = opt.Until.Add(24*time.Hour - time.Second) // a day that ends a series belongs to it
		}
		opt.Until = opt.Until.Add(first.slack)
	}
	rule, err := rrule.NewRRule(*opt)
	if err != nil {
		return true
	}
	next := rule.Iterator()
	for range maxOccurrences {
		at, more := next()
		if !more || !r.end.IsZero() && !at.Add(-first.slack).Before(r.end) {
			return false
		}
		if hit(at) {
			return true
		}
	}
	return true
}

// all reads a property that holds lists of times.
func (m moments) all(c *contentline.Component, name string) (out []time.Time) {
	for _, l := range c.All(name) {
		for _, v := range strings.Split(l.Value, ",") {
			v, _, _ = strings.Cut(v, "/") // the beginning of a period
			one := contentline.Line{Content: l.WithValue(v)}
			if at, known := m.at(&one); known {
				out = append(out, at.from)
			}
		}
	}
	return out
}

// periods says whether an RDATE that is a period, with a length of its own, may lie in the range.
func (m moments) periods(c *contentline.Component, r timeRange) bool {
	for _, l := range c.All("RDATE") {
		for _, v := range strings.Split(l.Value, ",") {
			from, to, period := strings.Cut(v, "/")
			if !period {
				continue
			}
			s, known := m.at(&contentline.Line{Content: l.WithValue(from)})
			end, ends := m.at(&contentline.Line{Content: l.WithValue(to)})
			if length, ok := duration(to); ok {
				end, ends = span{from: s.from.Add(length)}, true
			}
			s.to = end.from
			if !known || !ends || r.overlaps(s) {
				return true
			}
		}
	}
	return false
}
