package object

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"zohosync/sync/contentline"
)

// observance is one STANDARD or DAYLIGHT of a VTIMEZONE.
type observance struct {
	onsets   []time.Time // single ones, as instants, rising
	from, to time.Duration
	start    time.Time // DTSTART, by the clock before the change
	rule     *onsetRule
}

// definedZone reads a VTIMEZONE. It returns nil for one that says more than we understand: a wrong time is worse than
// none.
func definedZone(c *contentline.Component) zone {
	var all []observance
	for _, k := range c.Children("") {
		ob, ok := parseObservance(k)
		if !ok {
			return nil
		}
		all = append(all, ob)
	}
	if len(all) == 0 {
		return nil
	}
	first := slices.MinFunc(all, func(a, b observance) int { return a.onsets[0].Compare(b.onsets[0]) })
	return func(t time.Time) time.Duration {
		var latest time.Time
		offset := first.from
		for _, ob := range all {
			if at, ok := ob.before(t); ok && (latest.IsZero() || at.After(latest)) {
				latest, offset = at, ob.to
			}
		}
		return offset
	}
}

func parseObservance(c *contentline.Component) (observance, bool) {
	var ob observance
	value := func(name string) string {
		if l := c.First(name); l != nil {
			return strings.TrimSpace(l.Value)
		}
		return ""
	}
	var ok1, ok2 bool
	ob.from, ok1 = parseOffset(value("TZOFFSETFROM"))
	ob.to, ok2 = parseOffset(value("TZOFFSETTO"))
	start, err := time.Parse(wallLayout, value("DTSTART"))
	if !ok1 || !ok2 || err != nil {
		return ob, false
	}
	ob.start = start
	ob.onsets = []time.Time{start.Add(-ob.from)}
	for _, l := range c.All("RDATE") {
		for v := range strings.SplitSeq(l.Value, ",") {
			at, err := time.Parse(wallLayout, strings.TrimSpace(v))
			if err != nil {
				return ob, false
			}
			ob.onsets = append(ob.onsets, at.Add(-ob.from))
		}
	}
	slices.SortFunc(ob.onsets, time.Time.Compare)
	switch rules := c.All("RRULE"); len(rules) {
	case 0:
		return ob, true
	case 1:
		var ok bool
		ob.rule, ok = parseOnsetRule(strings.TrimSpace(rules[0].Value), ob)
		return ob, ok
	}
	return ob, false
}

// parseOffset reads +0100, +01:00, -001530 or -00:15:30.
func parseOffset(s string) (time.Duration, bool) {
	s = strings.ReplaceAll(s, ":", "")
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	var n [3]int
	for i := 0; i < len(s)/2; i++ {
		v, err := strconv.Atoi(s[1+2*i : 3+2*i])
		if err != nil || v < 0 || v > 59 {
			return 0, false
		}
		n[i] = v
	}
	d := time.Duration(n[0])*time.Hour + time.Duration(n[1])*time.Minute + time.Duration(n[2])*time.Second
	if s[0] == '-' {
		d = -d
	}
	return d, d.Abs() < 24*time.Hour
}

// before returns the last onset not after t.
func (ob observance) before(t time.Time) (time.Time, bool) {
	i, found := slices.BinarySearchFunc(ob.onsets, t, time.Time.Compare)
	if found {
		return t, true
	}
	if i == 0 {
		return time.Time{}, false
	}
	latest := ob.onsets[i-1]
	if ob.rule == nil {
		return latest, true
	}
	last := t
	if u := ob.rule.until; !u.IsZero() && u.Before(last) {
		last = u
	}
	if wall, ok := ob.rule.before(last.Add(ob.from)); ok && wall.Add(-ob.from).After(latest) {
		return wall.Add(-ob.from), true
	}
	return latest, true
}
