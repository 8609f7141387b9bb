package object

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// onsetRule is the RRULE of an observance, such as FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU (RFC 5545 section 3.3.10). Its times
// are what clocks show before the change.
type onsetRule struct {
	start    time.Time // DTSTART; nothing comes before it
	interval int       // years
	months   []time.Month
	days     []int // BYMONTHDAY
	yearDays []int // BYYEARDAY
	weekdays []weekday
	until    time.Time // the last onset, as an instant; zero: for ever
}

// weekday is one word of BYDAY: nth in the month, or in the year where no month is named; 0: each.
type weekday struct {
	day time.Weekday
	nth int
}

const (
	maxOnsets = 10_000 // that a COUNT may ask for
	maxGap    = 40     // years between two onsets: a 29th of February that is a Sunday
)

// parseOnsetRule reads a rule; false for one that is more than yearly dates.
func parseOnsetRule(rule string, ob observance) (*onsetRule, bool) {
	r := &onsetRule{start: ob.start, interval: 1}
	count, yearly := 0, false
	for part := range strings.SplitSeq(strings.ToUpper(rule), ";") {
		name, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		ok := true
		switch name {
		case "FREQ":
			yearly, ok = true, v == "YEARLY"
		case "INTERVAL":
			r.interval, ok = number(v, 1, 100)
		case "WKST", "":
		case "COUNT":
			count, ok = number(v, 1, maxOnsets)
		case "UNTIL":
			r.until, ok = parseUntil(v, ob.from)
		case "BYMONTH":
			var months []int
			months, ok = numbers(v, 1, 12)
			for _, m := range months {
				r.months = append(r.months, time.Month(m))
			}
		case "BYMONTHDAY":
			r.days, ok = numbers(v, -31, 31)
		case "BYYEARDAY":
			r.yearDays, ok = numbers(v, -366, 366)
		case "BYDAY":
			r.weekdays, ok = parseWeekdays(v)
		case "BYHOUR":
			ok = v == strconv.Itoa(r.start.Hour())
		case "BYMINUTE":
			ok = v == strconv.Itoa(r.start.Minute())
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
	}
	if !yearly {
		return nil, false
	}
	r.complete()
	if count > 0 {
		r.until = r.last(count).Add(-ob.from)
	}
	return r, true
}

// complete takes from DTSTART what the rule leaves out.
func (r *onsetRule) complete() {
	if len(r.weekdays)+len(r.days)+len(r.yearDays) > 0 {
		return
	}
	r.days = []int{r.start.Day()}
	if len(r.months) == 0 {
		r.months = []time.Month{r.start.Month()}
	}
}

func number(s string, low, high int) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= low && n <= high
}

// numbers reads a list in which no number is 0.
func numbers(s string, low, high int) ([]int, bool) {
	var out []int
	for v := range strings.SplitSeq(s, ",") {
		n, ok := number(v, low, high)
		if !ok || n == 0 {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

func parseWeekdays(s string) ([]weekday, bool) {
	var out []weekday
	for v := range strings.SplitSeq(s, ",") {
		if len(v) < 2 {
			return nil, false
		}
		i := slices.Index([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}, v[len(v)-2:])
		if i < 0 {
			return nil, false
		}
		w := weekday{day: time.Weekday(i)}
		if n := v[:len(v)-2]; n != "" {
			var ok bool
			if w.nth, ok = number(n, -53, 53); !ok || w.nth == 0 {
				return nil, false
			}
		}
		out = append(out, w)
	}
	return out, true
}

// parseUntil reads the last onset. It should be in UTC; the clock before the change is understood too.
func parseUntil(v string, from time.Duration) (time.Time, bool) {
	if t, err := time.Parse(utcLayout, v); err == nil {
		return t, true
	}
	if t, err := time.Parse(wallLayout, v); err == nil {
		return t.Add(-from), true
	}
	t, err := time.Parse(dayLayout, v)
	return t.Add(24*time.Hour - time.Second - from), err == nil
}

// before returns the last onset of the rule not after wall, by the clock before the change.
func (r *onsetRule) before(wall time.Time) (time.Time, bool) {
	year := wall.Year()
	year -= max(0, year-r.start.Year()) % r.interval
	for y := year; y >= max(r.start.Year(), year-maxGap*r.interval); y -= r.interval {
		for _, at := range slices.Backward(r.in(y)) {
			if !at.After(wall) {
				return at, !at.Before(r.start)
			}
		}
	}
	return time.Time{}, false
}

// last returns the onset with that number, counted from 1; the last there is within the years that a calendar has.
func (r *onsetRule) last(count int) time.Time {
	latest, empty := r.start, 0
	for y := r.start.Year(); y < 9999 && empty < maxGap; y += r.interval {
		empty++
		for _, at := range r.in(y) {
			if at.Before(r.start) {
				continue
			}
			latest, empty = at, 0
			if count--; count == 0 {
				return latest
			}
		}
	}
	return latest
}

// in lists the onsets of a year, rising, at DTSTART's time of day.
func (r *onsetRule) in(year int) []time.Time {
	clock := r.start.Sub(r.start.Truncate(24 * time.Hour))
	var out []time.Time
	for m := time.January; m <= time.December; m++ {
		if len(r.months) > 0 && !slices.Contains(r.months, m) {
			continue
		}
		length := time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
		for d := 1; d <= length; d++ {
			if t := time.Date(year, m, d, 0, 0, 0, 0, time.UTC); r.fits(t, length) {
				out = append(out, t.Add(clock))
			}
		}
	}
	return out
}

// fits says whether a day of a month of that length is one of the rule's.
func (r *onsetRule) fits(t time.Time, length int) bool {
	d, size := t.Day(), time.Date(t.Year(), time.December, 31, 0, 0, 0, 0, time.UTC).YearDay()
	if len(r.days) > 0 && !slices.Contains(r.days, d) && !slices.Contains(r.days, d-length-1) {
		return false
	}
	if len(r.yearDays) > 0 && !slices.Contains(r.yearDays, t.YearDay()) && !slices.Contains(r.yearDays, t.YearDay()-size-1) {
		return false
	}
	if len(r.months) == 0 {
		d, length = t.YearDay(), size
	}
	return len(r.weekdays) == 0 || slices.ContainsFunc(r.weekdays, func(w weekday) bool {
		return w.day == t.Weekday() && (w.nth == 0 || w.nth == (d-1)/7+1 || w.nth == -((length-d)/7+1))
	})
}
