package zoho

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"zohosync/sync/record"
)

// allDayEndIncluded says how the end of an all-day meeting is encoded: as the last day itself (true), or as the day
// after it. Zoho documents neither. Everything that depends on it is in readWhen and writeWhen.
const allDayEndIncluded = true

func readWhen(_ *module, o object, names []string) (string, error) {
	start, err1 := o.time(names[0])
	end, err2 := o.time(names[1])
	if err := errors.Join(err1, err2); err != nil {
		return "", errUnreadable
	}
	if start.IsZero() || end.IsZero() {
		return "", nil
	}
	if o.text(names[2]) != "true" {
		return record.FormatSpan(start, end), nil
	}
	return record.FormatDays(daysOf(start, end)), nil
}

func writeWhen(d *draft, names []string, v string) error {
	start, end, allDay, ok := record.ParseSpan(v)
	if !ok || end.Before(start) {
		return invalid("no span")
	}
	if allDay {
		if allDayEndIncluded {
			end = end.AddDate(0, 0, -1)
		}
		first, last := midnight(start, d.m.zone), midnight(end, d.m.zone)
		if !dayOf(first).Equal(start) || !dayOf(last).Equal(end) {
			return invalid("a day that the zone of the CRM never had")
		}
		start, end = first, last
	}
	d.out[names[0]] = stamp(start, d.m.zone)
	d.out[names[1]] = stamp(end, d.m.zone)
	d.out[names[2]] = allDay
	return nil
}

// dayOf returns the UTC midnight of the date that t shows in its own offset.
func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// readAlarm reads the reminder of a task: an object with an ALARM, its bare text, or a date-time. ALARM holds either a
// moment (TRIGGER=DATE-TIME:...) or, for a recurring task, days or weeks before the due date (TRIGGER=-P1D) and a time.
func readAlarm(m *module, o object, names []string) (string, error) {
	rule, err := alarmOf(o, names[0])
	if rule == "" || err != nil {
		return "", err
	}
	if t, err := parseTime(rule); err == nil {
		return record.FormatInstant(t), nil
	}
	trigger := rulePart(rule, "TRIGGER")
	if moment, ok := strings.CutPrefix(trigger, "DATE-TIME:"); ok {
		t, err := parseTime(moment)
		if err != nil {
			return "", err
		}
		return record.FormatInstant(t), nil
	}
	before := relative.FindStringSubmatch(trigger)
	due, err := time.Parse(record.DateLayout, o.text("Due_Date"))
	if before == nil {
		return "", errUnreadable
	}
	if err != nil {
		return "", nil // days before nothing: there is no reminder
	}
	days, _ := strconv.Atoi(before[1])
	if before[2] == "W" {
		days *= 7
	}
	t, ok := at(due.AddDate(0, 0, -days), rulePart(rule, "TRIGGER_TIME"), m.zone)
	if !ok {
		return "", errUnreadable
	}
	return record.FormatInstant(t), nil
}

var relative = regexp.MustCompile(`^-?P(\d{1,3})([DW])$`)

func alarmOf(o object, name string) (string, error) {
	if raw := o[name]; len(raw) == 0 || raw[0] != '{' {
		return o.text(name), nil
	}
	var a struct{ ALARM string }
	if err := o.into(name, &a); err != nil {
		return "", errUnreadable
	}
	return a.ALARM, nil
}

// rulePart returns one part of FREQ=NONE;ACTION=POPUP;TRIGGER=....
func rulePart(rule, key string) string {
	for part := range strings.SplitSeq(rule, ";") {
		if v, ok := strings.CutPrefix(part, key+"="); ok {
			return v
		}
	}
	return ""
}

// writeAlarm keeps the way in which the task reminds. A new reminder pops up: it must not send mail that nobody asked for.
func writeAlarm(d *draft, names []string, v string) error {
	if v == "" {
		return writeText(d, names, "")
	}
	t, err := time.Parse(record.InstantLayout, v)
	if err != nil {
		return invalid("no instant")
	}
	action := "POPUP"
	if rule, err := alarmOf(d.now, names[0]); err == nil && rulePart(rule, "ACTION") != "" {
		action = rulePart(rule, "ACTION")
	}
	if recurs(d.now) {
		return writeRelativeAlarm(d, names, action, t.In(d.m.zone))
	}
	d.out[names[0]] = map[string]string{
		"ALARM": "FREQ=NONE;ACTION=" + action + ";TRIGGER=DATE-TIME:" + stamp(t, d.m.zone),
	}
	return nil
}

// writeRelativeAlarm keeps the reminder of a task that repeats, which Zoho holds as one to six days or one to three weeks
// before the due date, and a time of day. Another one cannot be held and stays behind.
func writeRelativeAlarm(d *draft, names []string, action string, t time.Time) error {
	due, err := time.Parse(record.DateLayout, cmp.Or(d.whole[record.Due], d.now.text("Due_Date")))
	if err != nil || t.Second() != 0 {
		return invalid("no reminder of a task that repeats")
	}
	days := int(due.Sub(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)).Hours() / 24)
	trigger := ""
	switch {
	case days >= 1 && days <= 6:
		trigger = fmt.Sprintf("-P%dD", days)
	case days == 7 || days == 14 || days == 21:
		trigger = fmt.Sprintf("-P%dW", days/7)
	default:
		return invalid("no reminder of a task that repeats")
	}
	d.out[names[0]] = map[string]string{"ALARM": "ACTION=" + action + ";TRIGGER=" + trigger + ";TRIGGER_TIME=" + t.Format("15:04")}
	return nil
}

// before is one reminder of a meeting; Time is the time of day for those that are days or weeks before.
type before struct {
	Unit   int    `json:"unit"`
	Period string `json:"period"`
	Time   string `json:"time,omitempty"`
}

const maxUnit = 60 // of a reminder, in whatever period

// readReminders reads the list that Zoho sends now, the words of older answers ("15 mins"), or a moment.
func readReminders(m *module, o object, names []string) (string, error) {
	start, err := o.time("Start_DateTime")
	if err != nil {
		return "", err
	}
	var list []before
	switch raw := o[names[0]]; {
	case len(raw) > 0 && raw[0] == '[':
		if json.Unmarshal(raw, &list) != nil {
			return "", errUnreadable
		}
	case len(raw) > 0 && raw[0] == '{':
		list = make([]before, 1)
		if json.Unmarshal(raw, &list[0]) != nil {
			return "", errUnreadable
		}
	default:
		return readOldReminder(o.text(names[0]), start)
	}
	var out []string
	for _, b := range list {
		n, ok := b.minutes(start, m.zone)
		if !ok {
			return "", errUnreadable
		}
		out = append(out, strconv.Itoa(n))
	}
	return record.Join(out...), nil
}

func readOldReminder(s string, start time.Time) (string, error) {
	if s == "" || strings.EqualFold(s, "none") {
		return "", nil
	}
	if t, err := parseTime(s); err == nil {
		return strconv.Itoa(max(0, int(start.Sub(t)/time.Minute))), nil
	}
	words := strings.Fields(s)
	n, err := strconv.Atoi(words[0])
	if err != nil || len(words) < 2 {
		return "", errUnreadable
	}
	minutes, ok := before{Unit: n, Period: words[1]}.minutes(start, time.UTC)
	if !ok {
		return "", errUnreadable
	}
	return strconv.Itoa(minutes), nil
}

// minutes returns how long before the start the reminder comes; one that comes after it comes with it.
func (b before) minutes(start time.Time, zone *time.Location) (int, bool) {
	size := map[byte]int{'m': 1, 'h': 60, 'd': 24 * 60, 'w': 7 * 24 * 60}
	p := strings.ToLower(b.Period)
	if p == "" || size[p[0]] == 0 || b.Unit < 0 {
		return 0, false
	}
	n := b.Unit * size[p[0]]
	if b.Time == "" || size[p[0]] < 24*60 || start.IsZero() {
		return n, true
	}
	t, ok := at(start.In(zone).AddDate(0, 0, -n/(24*60)), b.Time, zone)
	return max(0, int(start.Sub(t)/time.Minute)), ok
}

func writeReminders(d *draft, names []string, v string) error {
	start, _, _, _ := record.ParseSpan(d.whole[record.When])
	if _, _, allDay, ok := record.ParseSpan(d.whole[record.When]); ok && allDay {
		start = midnight(start, d.m.zone)
	}
	list := []before{}
	for _, s := range record.Split(v) {
		n, err := strconv.Atoi(s)
		b, ok := toBefore(n, start.In(d.m.zone))
		if err != nil || !ok {
			return invalid("no reminder of Zoho's comes at this time")
		}
		list = append(list, b)
	}
	d.out[names[0]] = list
	return nil
}

// toBefore prefers minutes and hours, which mean the same in every zone, to days at a time of day.
func toBefore(minutes int, start time.Time) (before, bool) {
	switch {
	case minutes < 0:
		return before{}, false
	case minutes <= maxUnit:
		return before{Unit: minutes, Period: "minutes"}, true
	case minutes%60 == 0 && minutes/60 <= maxUnit:
		return before{Unit: minutes / 60, Period: "hours"}, true
	}
	t := start.Add(-time.Duration(minutes) * time.Minute)
	days := int(dayOf(start).Sub(dayOf(t)) / (24 * time.Hour))
	b := before{Unit: days, Period: "days", Time: t.Format("15:04")}
	if days < 1 || days > maxUnit || start.IsZero() {
		return before{}, false
	}
	// The second reading of an hour that comes twice cannot be said.
	back, ok := b.minutes(start, start.Location())
	return b, ok && back == minutes
}
