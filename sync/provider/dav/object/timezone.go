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
	yearly   *yearly   // nil without a rule
}

// yearly is a rule such as FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU, the only kind that zones have.
type yearly struct {
	month   time.Month
	days    []int // BYMONTHDAY
	weekday time.Weekday
	nth     int // BYDAY with a number; 0: any such weekday, or none asked for
	byDay   bool
	until   time.Time // the last onset, as an instant; zero: for ever
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
	first := slices.MinFunc(all, func(a, b observance) int { return a.start.Compare(b.start) })
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
		for _, v := range strings.Split(l.Value, ",") {
			at, err := time.Parse(wallLayout, strings.TrimSpace(v))
			if err != nil {
				return ob, false
			}
			ob.onsets = append(ob.onsets, at.Add(-ob.from))
		}
	}
	slices.SortFunc(ob.onsets, time.Time.Compare)
	if rule := value("RRULE"); rule != "" {
		var ok bool
		ob.yearly, ok = parseYearly(rule, ob)
		return ob, ok && len(c.All("RRULE")) == 1
	}
	return ob, true
}

func parseOffset(s string) (time.Duration, bool) {
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
	var latest time.Time
	for _, at := range ob.onsets {
		if !at.After(t) {
			latest = at
		}
	}
	if ob.yearly == nil || latest.IsZero() {
		return latest, !latest.IsZero()
	}
	last := t
	if u := ob.yearly.until; !u.IsZero() && u.Before(last) {
		last = u
	}
	// A fifth Sunday is missing in most years, never in eight in a row.
	year := last.Add(ob.from).Year()
	for y := year; y > year-8; y-- {
		wall, ok := ob.yearly.in(y, ob.start)
		if at := wall.Add(-ob.from); ok && !at.After(last) {
			if at.After(latest) {
				return at, true
			}
			break
		}
	}
	return latest, true
}

var weekdays = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func parseYearly(rule string, ob observance) (*yearly, bool) {
	y := &yearly{month: ob.start.Month()}
	count := 0
	for _, part := range strings.Split(strings.ToUpper(rule), ";") {
		name, v, _ := strings.Cut(part, "=")
		ok := true
		switch strings.TrimSpace(name) {
		case "FREQ":
			ok = v == "YEARLY"
		case "INTERVAL":
			ok = v == "1"
		case "WKST", "":
		case "COUNT":
			n, err := strconv.Atoi(v)
			count, ok = n, err == nil && n > 0 && n < 10_000
		case "UNTIL":
			ok = y.parseUntil(v, ob.from)
		case "BYMONTH":
			n, err := strconv.Atoi(v)
			y.month, ok = time.Month(n), err == nil && n >= 1 && n <= 12
		case "BYMONTHDAY":
			ok = y.parseDays(v)
		case "BYDAY":
			ok = y.parseByDay(v)
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
	}
	if count > 0 {
		y.until = time.Date(ob.start.Year()+count, 1, 1, 0, 0, -1, 0, time.UTC)
	}
	if !y.byDay && len(y.days) == 0 {
		y.days = []int{ob.start.Day()}
	}
	return y, true
}

func (y *yearly) parseUntil(v string, from time.Duration) bool {
	if t, err := time.Parse(utcLayout, v); err == nil {
		y.until = t
		return true
	}
	t, err := time.Parse(wallLayout, v)
	if err != nil {
		if t, err = time.Parse(dayLayout, v); err != nil {
			return false
		}
		t = t.Add(24*time.Hour - time.Second)
	}
	y.until = t.Add(-from)
	return true
}

func (y *yearly) parseDays(v string) bool {
	for _, d := range strings.Split(v, ",") {
		n, err := strconv.Atoi(d)
		if err != nil || n == 0 || n < -31 || n > 31 {
			return false
		}
		y.days = append(y.days, n)
	}
	return true
}

func (y *yearly) parseByDay(v string) bool {
	if len(v) < 2 || strings.Contains(v, ",") {
		return false
	}
	i := slices.Index(weekdays, v[len(v)-2:])
	if i < 0 {
		return false
	}
	y.byDay, y.weekday = true, time.Weekday(i)
	if n := v[:len(v)-2]; n != "" {
		var err error
		y.nth, err = strconv.Atoi(n)
		return err == nil && y.nth != 0 && y.nth >= -5 && y.nth <= 5
	}
	return true
}

// in returns the onset of a year, at start's time of day.
func (y *yearly) in(year int, start time.Time) (time.Time, bool) {
	clock := start.Sub(start.Truncate(24 * time.Hour))
	length := time.Date(year, y.month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	nth := 0
	for i := 1; i <= length; i++ {
		d := i
		if y.nth < 0 {
			d = length + 1 - i // count from the end
		}
		t := time.Date(year, y.month, d, 0, 0, 0, 0, time.UTC)
		if y.byDay && t.Weekday() != y.weekday {
			continue
		}
		if len(y.days) > 0 && !slices.Contains(y.days, d) && !slices.Contains(y.days, d-length-1) {
			continue
		}
		if nth++; y.nth == 0 || nth == max(y.nth, -y.nth) {
			return t.Add(clock), true
		}
	}
	return time.Time{}, false
}
