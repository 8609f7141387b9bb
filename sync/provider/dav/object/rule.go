package object

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// Limits of what is worked through for one series.
const (
	maxInstances = 100_000 // instances of a series, counted from its beginning: a daily one for 270 years
	maxInterval  = 100_000
	maxRule      = 4_000 // bytes of a rule
	maxClocks    = 200   // times of a day that one rule names
)

var (
	errRule       = errors.New("a repetition rule that cannot be read")
	errTooOften   = errors.New("repeats too often to be followed")
	errNoInstance = errors.New("a series without any occurrence")
)

// rule is one RRULE or EXRULE (RFC 5545 section 3.3.10). It counts in the digits that clocks show, as the standard has it:
// what they mean as an instant is settled for each occurrence by itself.
type rule struct {
	options rrule.ROption
	start   time.Time // digits of the first occurrence
	until   *limit    // nil: for ever, or by COUNT
}

// limit is the UNTIL of a rule: as an instant, or as the digits of the last day or moment.
type limit struct {
	instant time.Time
	wall    time.Time
}

// passed says whether an occurrence comes after the limit.
func (l *limit) passed(wall, at time.Time) bool {
	switch {
	case l == nil:
		return false
	case l.instant.IsZero():
		return wall.After(l.wall)
	}
	return at.After(l.instant)
}

// parseRule reads a rule of a series whose first occurrence is first.
func (o *object) parseRule(text string, first moment) (rule, error) {
	r := rule{start: first.wall}
	if len(text) > maxRule {
		return r, errTooOften
	}
	var parts []string
	zero := false
	for _, part := range strings.Split(strings.ToUpper(text), ";") {
		name, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		v = strings.ReplaceAll(v, " ", "")
		switch name = strings.TrimSpace(name); {
		case name == "", name == "RSCALE" && v == "GREGORIAN", name == "SKIP" && v == "OMIT": // RFC 7529: what is meant anyway
		case name == "BYEASTER", name == "DTSTART":
			return r, errRule // of the library, not of the standard
		case name == "UNTIL":
			l, ok := o.parseUntil(v, first)
			if !ok {
				return r, errRule
			}
			r.until = &l
		default:
			zero = zero || name == "COUNT" && strings.Trim(v, "0") == ""
			if name == "INTERVAL" && strings.Trim(v, "0") == "" {
				return r, errRule
			}
			parts = append(parts, name+"="+v)
		}
	}
	options, err := rrule.StrToROption(strings.Join(parts, ";"))
	switch {
	case err != nil, options.Interval < 0, options.Count < 0:
		return r, errRule
	case zero:
		return r, errNoInstance
	}
	r.options = *options
	return r, r.tame()
}

// parseUntil reads UNTIL. A date in a series of times holds the whole day, as most programs mean it; an instant in a
// series of days stands for its day.
func (o *object) parseUntil(v string, first moment) (limit, bool) {
	if t, err := time.Parse(dayLayout, v); err == nil {
		return limit{wall: t.Add(24*time.Hour - time.Second)}, true
	}
	if t, err := time.Parse(wallLayout, v); err == nil {
		return limit{wall: t}, true
	}
	t, err := time.Parse(utcLayout, v)
	switch {
	case err != nil:
		return limit{}, false
	case first.form == day:
		return limit{wall: o.dayOf(t)}, true
	}
	return limit{instant: t}, true
}

// dayOf returns the day that programs mean when they write one as an instant: midnight in UTC, else in the person's zone.
func (o *object) dayOf(t time.Time) time.Time {
	if h, m, s := t.Clock(); h+m+s == 0 {
		return t
	}
	return t.Add(locationZone(o.zone())(t)).Truncate(24 * time.Hour)
}

// tame refuses what would keep the library busy for ever or fill the memory, and settles what it leaves open.
func (r *rule) tame() error {
	p := &r.options
	for _, list := range []*[]int{&p.Byhour, &p.Byminute, &p.Bysecond} {
		slices.Sort(*list)
		*list = slices.Compact(*list) // the library counts what is named twice as two
	}
	clocks := max(1, len(p.Byhour)) * max(1, len(p.Byminute)) * max(1, len(p.Bysecond))
	limited := len(p.Bymonth)+len(p.Bymonthday)+len(p.Byyearday)+len(p.Byweekno)+len(p.Byweekday)+len(p.Byhour)+len(p.Byminute)+len(p.Bysecond) > 0
	switch {
	case p.Interval > maxInterval, clocks > maxClocks, p.Freq > rrule.HOURLY && limited:
		return errTooOften
	case p.Freq == rrule.HOURLY && len(p.Byhour) > 0 && !r.reaches(p.Byhour):
		return errNoInstance // the library would look for it for ever
	case len(p.Bysetpos) > 0 && !limited:
		return errRule
	}
	if len(p.Byweekno) > 0 && len(p.Byweekday)+len(p.Bymonthday)+len(p.Byyearday) == 0 {
		// The day of the week is that of the first occurrence; the library would take all seven.
		days := []rrule.Weekday{rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA}
		p.Byweekday = days[r.start.Weekday() : r.start.Weekday()+1]
	}
	return nil
}

// reaches says whether an hourly rule ever comes to one of these hours.
func (r *rule) reaches(hours []int) bool {
	h := r.start.Hour()
	for range 24 {
		if h = (h + max(1, r.options.Interval)) % 24; slices.Contains(hours, h) {
			return true
		}
	}
	return false
}

// walk yields the digits of the occurrences in order, from the first one, until yield says enough. horizon is the latest
// year that matters. A rule that the library cannot carry out is an error.
func (r rule) walk(horizon int, yield func(wall time.Time) bool) (err error) {
	// The library panics at some rules that it takes: FREQ=MONTHLY;BYDAY=-8FR.
	defer func() {
		if recover() != nil {
			err = errRule
		}
	}()
	// Without an occurrence it would go through every year up to 9999. The calendar repeats itself every 400 years, so
	// that we count near the end of that time.
	const cycle, last = 400, 9599
	years := max(0, last-max(horizon, r.start.Year())) / cycle * cycle
	p := r.options
	p.Dtstart = r.start.AddDate(years, 0, 0)
	p.Until = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	count := p.Count
	p.Count = 0
	made, err := rrule.NewRRule(p)
	if err != nil {
		return errRule
	}
	next := made.Iterator()
	wall, more := next()
	if !more {
		return errNoInstance
	}
	// The first occurrence is that of DTSTART, whether the rule says so or not (RFC 5545 section 3.8.5.3).
	n := 1
	if wall.Equal(p.Dtstart) {
		wall, more = next()
	}
	if !yield(r.start) {
		return nil
	}
	for ; more; wall, more = next() {
		if n++; count > 0 && n > count {
			return nil
		}
		if n > maxInstances {
			return errTooOften
		}
		if !yield(wall.AddDate(-years, 0, 0)) {
			return nil
		}
	}
	return nil
}
