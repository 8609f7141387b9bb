package object

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

func eventFields() []field {
	return []field{
		textField(record.Title, "SUMMARY"),
		{record.When, getWhen, setWhen},
		textField(record.Venue, "LOCATION"),
		detailsField(),
		{record.Participants, getParticipants, setParticipants},
		{record.Reminders, getReminders, setReminders},
		categoriesField(),
	}
}

func getWhen(o *object) (string, error) {
	start, err := o.moment(o.main.First("DTSTART"))
	if err != nil {
		return "", err
	}
	end, err := o.end(start)
	if err != nil {
		return "", err
	}
	if start.form == day {
		return record.FormatDays(start.wall, end), nil
	}
	from := start.instant()
	if end.Before(from) {
		end = from
	}
	if y := end.UTC().Year(); y > 9998 || from.UTC().Year() < 1 {
		return "", errNoTime
	}
	return record.FormatSpan(from, end), nil
}

// end returns when an event is over: an instant, or the day after its last one.
func (o *object) end(start moment) (time.Time, error) {
	if l := o.main.First("DTEND"); l != nil {
		end, err := o.moment(l)
		switch {
		case err != nil:
			return time.Time{}, err
		case (end.form == day) != (start.form == day):
			return time.Time{}, errors.New("begins as a date and ends as a time, or the reverse")
		case end.form == day:
			return end.wall, nil
		}
		return end.instant(), nil
	}
	if l := o.main.First("DURATION"); l != nil {
		d, err := parseDuration(l.Value)
		switch {
		case err != nil:
			return time.Time{}, err
		case start.form == day:
			return start.wall.AddDate(0, 0, d.days+int(d.clock/(24*time.Hour))), nil
		}
		return start.plus(d), nil
	}
	if start.form == day {
		return start.wall.AddDate(0, 0, 1), nil
	}
	return start.instant(), nil
}

// setWhen moves an event inside its own zone, and only the lines that then say something else.
func setWhen(o *object, v string) error {
	if v == "" {
		return refuse(provider.CodeMandatory, record.When, "an event has a time")
	}
	start, end, allDay, ok := record.ParseSpan(v)
	if !ok || end.Before(start) {
		return refuse(provider.CodeInvalid, record.When, "not a span of time")
	}
	if allDay && end.Equal(start) {
		end = start.AddDate(0, 0, 1)
	}
	first, last := o.main.First("DTSTART"), o.main.First("DTEND")
	was, _ := o.moment(first) // what cannot be read is replaced
	wasEnd, err := o.moment(last)
	if err != nil || wasEnd.form == day {
		wasEnd = was
	}
	from, to := was.at(start, allDay), wasEnd.at(end, allDay)
	if from.form != was.form && from.form == utc || to.form != wasEnd.form && to.form == utc {
		from, to = moment{}.at(start, allDay), moment{}.at(end, allDay) // both in one form (RFC 5545 section 3.8.2.2)
	}
	first = o.write("DTSTART", first, was, from)
	o.writeEnd(first, last, wasEnd, from, to)
	o.bumpSequence()
	return nil
}

// write says a moment in its line, or in a new one, unless the line says it already.
func (o *object) write(name string, l *contentline.Line, was, m moment) *contentline.Line {
	switch {
	case l == nil:
		return o.main.Add(m.write(contentline.Content{Name: name}, unset))
	case was.form == m.form && was.wall.Equal(m.wall):
		return l
	}
	return o.main.Replace(l, m.write(l.Content, was.form))
}

// writeEnd says when an event is over by the line that said so before: DTEND, DURATION, or none.
func (o *object) writeEnd(first, last *contentline.Line, was, from, to moment) {
	length := to.instant().Sub(from.instant())
	if from.form == day {
		length = to.wall.Sub(from.wall)
	}
	span := o.main.First("DURATION")
	switch {
	case last != nil && length == 0, last == nil && span != nil && length == 0:
		o.drop("DTEND", "DURATION") // an end must be later than the start
	case last != nil:
		o.write("DTEND", last, was, to)
		o.drop("DURATION")
	case span != nil:
		if d, err := parseDuration(span.Value); err != nil || !sameEnd(from, d, to) {
			o.main.Replace(span, span.WithValue(formatDuration(length, from.form == day)))
		}
	case from.form == day && length == 24*time.Hour, length == 0:
	default:
		n := first.Content // with its TZID
		n.Name = "DTEND"
		o.main.AddAfter(first, to.write(n, from.form))
	}
}

func sameEnd(from moment, d duration, to moment) bool {
	if from.form == day {
		return from.wall.AddDate(0, 0, d.days).Equal(to.wall) && d.clock == 0
	}
	return from.plus(d).Equal(to.instant())
}

// formatDuration writes a duration of whole days, or one by the clock.
func formatDuration(d time.Duration, days bool) string {
	if days {
		return fmt.Sprintf("P%dD", d/(24*time.Hour))
	}
	s := "PT"
	if h := d / time.Hour; h > 0 {
		s += strconv.Itoa(int(h)) + "H"
	}
	if m := d % time.Hour / time.Minute; m > 0 {
		s += strconv.Itoa(int(m)) + "M"
	}
	if sec := d % time.Minute / time.Second; sec > 0 || d == 0 {
		s += strconv.Itoa(int(sec)) + "S"
	}
	return s
}

// bumpSequence says that the event moved (RFC 5546 section 2.1.4).
func (o *object) bumpSequence() {
	n, err := strconv.Atoi(o.line("SEQUENCE"))
	if err != nil || n < 0 || n > 1<<30 {
		n = 0
	}
	o.put("SEQUENCE", strconv.Itoa(n+1))
}

func getParticipants(o *object) (string, error) {
	var all []string
	for _, l := range o.main.All("ATTENDEE") {
		all = append(all, attendee(l))
	}
	return record.Join(all...), nil
}

// attendee returns the address of an ATTENDEE line, or "" where it is no mail address.
func attendee(l *contentline.Line) string {
	v := strings.TrimSpace(l.Value)
	if len(v) < 7 || !strings.EqualFold(v[:7], "mailto:") {
		return strings.ToLower(strings.TrimSpace(strings.Join(l.Param("EMAIL"), "")))
	}
	v = v[7:]
	if plain, err := url.PathUnescape(v); err == nil {
		v = plain
	}
	return strings.ToLower(strings.TrimSpace(v))
}

// setParticipants takes away the lines of those who left and adds those who came. A server must not invite anyone in
// our name: the new lines say that the client does that (RFC 6638 section 7.1).
func setParticipants(o *object, v string) error {
	wanted := map[string]bool{}
	for _, a := range record.Split(v) {
		wanted[a] = true
	}
	for _, l := range o.main.All("ATTENDEE") {
		a := attendee(l)
		if a != "" && !wanted[a] {
			o.main.Remove(l)
		}
	}
	for _, l := range o.main.All("ATTENDEE") {
		delete(wanted, attendee(l))
	}
	for _, a := range record.Split(v) {
		if !wanted[a] {
			continue
		}
		n := contentline.Content{Name: "ATTENDEE", Value: "mailto:" + mailto(a)}
		o.main.Add(n.With("SCHEDULE-AGENT", "CLIENT").With("PARTSTAT", "NEEDS-ACTION"))
	}
	return nil
}

// mailto escapes what may not stand in an address of RFC 6068.
func mailto(a string) string {
	var b strings.Builder
	for i := 0; i < len(a); i++ {
		if c := a[i]; c <= ' ' || c == 0x7f || strings.IndexByte(`%"<>?[]\^{}|`+"`", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
