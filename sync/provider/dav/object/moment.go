package object

import (
	"errors"
	"strings"
	"time"

	"zohosync/sync/contentline"
)

// Layouts of RFC 5545 section 3.3.
const (
	dayLayout  = "20060102"
	wallLayout = "20060102T150405"
	utcLayout  = wallLayout + "Z"
)

// form is how a line says a time.
type form int

const (
	unset    form = iota
	day           // a date
	utc           // with a Z
	floating      // in the zone of whoever looks
	zoned         // in the zone of its TZID
)

// moment is what a line such as DTSTART says.
type moment struct {
	form form
	wall time.Time // the digits, as if they were UTC
	zone zone      // nil where a TZID is not known
}

var (
	errNoTime = errors.New("not a date or date-time")
	errNoZone = errors.New("a time zone that is neither known nor defined in the object")
)

// moment reads a line. With errNoZone the digits are there all the same.
func (o *object) moment(l *contentline.Line) (moment, error) {
	if l == nil {
		return moment{}, errNoTime
	}
	v := strings.TrimSpace(l.Value)
	if t, err := time.Parse(dayLayout, v); err == nil {
		return o.inRange(moment{form: day, wall: t, zone: locationZone(o.zone())})
	}
	if len(v) >= len(wallLayout) && v[13:15] == "60" {
		v = v[:13] + "59" + v[15:] // a leap second counts as the second before it
	}
	if t, err := time.Parse(utcLayout, v); err == nil {
		return o.inRange(moment{form: utc, wall: t, zone: locationZone(time.UTC)})
	}
	t, err := time.Parse(wallLayout, v)
	if err != nil {
		return moment{}, errNoTime
	}
	id := strings.TrimSpace(strings.Join(l.Param("TZID"), ","))
	if id == "" {
		return o.inRange(moment{form: floating, wall: t, zone: locationZone(o.zone())})
	}
	m := moment{form: zoned, wall: t, zone: o.findZone(id)}
	if m.zone == nil {
		return m, errNoZone
	}
	return o.inRange(m)
}

// inRange refuses years that canonical text cannot hold.
func (o *object) inRange(m moment) (moment, error) {
	if y := m.wall.Year(); y < 2 || y > 9998 {
		return moment{}, errNoTime
	}
	return m, nil
}

// instant returns the point in time; a day begins at midnight in the person's own zone.
func (m moment) instant() time.Time { return m.zone.instant(m.wall) }

// plus adds a duration of RFC 5545 section 3.3.6: its days by the calendar, the rest by the clock.
func (m moment) plus(d duration) time.Time {
	return m.zone.instant(m.wall.AddDate(0, 0, d.days)).Add(d.clock)
}

// at returns the moment for another time, in the same form where that can say it: an hour that comes twice in autumn
// is written in UTC.
func (m moment) at(t time.Time, allDay bool) moment {
	if allDay {
		return moment{form: day, wall: t, zone: locationZone(time.UTC)}
	}
	if m.form == zoned && m.zone != nil || m.form == floating {
		wall := t.Add(m.zone(t))
		if m.zone.instant(wall).Equal(t) {
			return moment{form: m.form, wall: wall, zone: m.zone}
		}
	}
	return moment{form: utc, wall: t, zone: locationZone(time.UTC)}
}

// text writes the digits.
func (m moment) text() string {
	switch m.form {
	case day:
		return m.wall.Format(dayLayout)
	case utc:
		return m.wall.Format(utcLayout)
	}
	return m.wall.Format(wallLayout)
}

// write returns the content that says m, where it said was before.
func (m moment) write(n contentline.Content, was form) contentline.Content {
	if m.form != was {
		n = n.Without("VALUE")
		if m.form == day {
			n = n.With("VALUE", "DATE")
		}
		if m.form != zoned {
			n = n.Without("TZID")
		}
	}
	return n.WithValue(m.text())
}

// duration is a value of type DURATION.
type duration struct {
	days  int
	clock time.Duration
}

// parseDuration reads [+-]P1W or [+-]P1DT2H3M4S.
func parseDuration(s string) (duration, error) {
	var d duration
	bad := errors.New("not a duration")
	s = strings.ToUpper(strings.TrimSpace(s))
	sign := 1
	if strings.HasPrefix(s, "-") {
		sign = -1
	}
	s = strings.TrimLeft(s, "+-")
	if !strings.HasPrefix(s, "P") || len(s) < 3 {
		return d, bad
	}
	n, digits, clock, seconds := 0, 0, false, 0
	for _, r := range s[1:] {
		switch {
		case r >= '0' && r <= '9' && digits < 7:
			n, digits = n*10+int(r-'0'), digits+1
			continue
		case r == 'T' && digits == 0:
			clock = true
			continue
		case digits == 0:
			return d, bad
		case r == 'W' && !clock:
			d.days += sign * n * 7
		case r == 'D' && !clock:
			d.days += sign * n
		case r == 'H' && clock:
			seconds += sign * n * 3600
		case r == 'M' && clock:
			seconds += sign * n * 60
		case r == 'S' && clock:
			seconds += sign * n
		default:
			return d, bad
		}
		n, digits = 0, 0
	}
	const most = 40_000 * 24 * 3600 // longer ones are mistakes, and would not fit into a time.Duration
	if digits > 0 || max(d.days, -d.days) > 400_000 || max(seconds, -seconds) > most {
		return d, bad
	}
	d.clock = time.Duration(seconds) * time.Second
	return d, nil
}
