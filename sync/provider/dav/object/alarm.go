package object

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// alarms lists the alarms that remind a person at a time: not those of a place, and not those that say nothing.
func (o *object) alarms() []*contentline.Component {
	return slices.DeleteFunc(o.main.Children("VALARM"), func(c *contentline.Component) bool {
		if l := c.First("ACTION"); l != nil && strings.EqualFold(strings.TrimSpace(l.Value), "NONE") {
			return true
		}
		return c.First("X-APPLE-PROXIMITY") != nil || c.First("PROXIMITY") != nil
	})
}

// minutesBefore returns how many whole minutes before the start an alarm rings; false for every other alarm.
func minutesBefore(c *contentline.Component) (int, bool) {
	l := c.First("TRIGGER")
	if l == nil || strings.EqualFold(strings.Join(l.Param("RELATED"), ""), "END") {
		return 0, false
	}
	d, err := parseDuration(l.Value)
	if err != nil {
		return 0, false
	}
	before := -(time.Duration(d.days)*24*time.Hour + d.clock)
	if before < 0 || before%time.Minute != 0 {
		return 0, false
	}
	return int(before / time.Minute), true
}

func getReminders(o *object) (string, error) {
	var all []string
	for _, c := range o.alarms() {
		if n, ok := minutesBefore(c); ok {
			all = append(all, strconv.Itoa(n))
		}
	}
	return record.Join(all...), nil
}

// setReminders takes away the alarms of the minutes that left and adds those that came. Every other alarm stays.
func setReminders(o *object, v string) error {
	missing := record.Split(v)
	wanted := map[string]bool{}
	for _, m := range missing {
		wanted[m] = true
	}
	for _, c := range o.alarms() {
		n, ok := minutesBefore(c)
		switch m := strconv.Itoa(n); {
		case !ok:
		case wanted[m]:
			missing = slices.DeleteFunc(missing, func(have string) bool { return have == m })
		default:
			o.main.RemoveComponent(c)
		}
	}
	for _, m := range missing {
		n, err := strconv.Atoi(m)
		if err != nil || n > 40_000*24*60 {
			return refuse(provider.CodeInvalid, record.Reminders, "not a number of minutes")
		}
		trigger := contentline.Content{Name: "TRIGGER", Value: "-PT" + m + "M"}
		if n > 0 && n%1440 == 0 {
			trigger.Value = "-P" + strconv.Itoa(n/1440) + "D"
		}
		start, err := o.moment(o.main.First("DTSTART"))
		rings := time.Time{}
		if err == nil {
			rings = start.instant().Add(-time.Duration(n) * time.Minute)
		}
		o.addAlarm(trigger, rings)
	}
	return nil
}

// addAlarm adds an alarm that rings at that time, or at a time not known. One in the past is marked as seen (RFC 9074
// section 6.1), or a first sync would make every old meeting ring.
func (o *object) addAlarm(trigger contentline.Content, rings time.Time) {
	lines := []contentline.Content{{Name: "ACTION", Value: "DISPLAY"}, trigger, {Name: "DESCRIPTION", Value: "Reminder"}}
	if now := o.now(); !rings.IsZero() && rings.Before(now) {
		lines = append(lines, contentline.Content{Name: "ACKNOWLEDGED", Value: now.Format(utcLayout)})
	}
	o.main.AddComponent("VALARM", lines...)
}

// bases are the moments that alarms of a task count from; one without a zone is none.
type bases struct{ start, due moment }

func (o *object) bases() bases {
	var b bases
	if m, err := o.moment(o.main.First("DTSTART")); err == nil {
		b.start = m
	}
	if m, err := o.dueMoment(); err == nil {
		b.due = m
	}
	return b
}

// rings returns when an alarm of a task rings, by itself or counted from the start or the due time.
func (o *object) rings(c *contentline.Component, from bases) (time.Time, bool) {
	l := c.First("TRIGGER")
	if l == nil {
		return time.Time{}, false
	}
	if m, err := o.moment(l); err == nil {
		return m.instant(), m.form == utc || m.form == floating
	}
	d, err := parseDuration(l.Value)
	if err != nil {
		return time.Time{}, false
	}
	base := from.start
	if base.form == unset || from.due.form != unset && strings.EqualFold(strings.Join(l.Param("RELATED"), ""), "END") {
		base = from.due
	}
	if base.form == unset {
		return time.Time{}, false
	}
	at := base.plus(d)
	return at, at.UTC().Year() > 1 && at.UTC().Year() < 9999
}

// reminder returns the alarm that the field stands for, and when it rings: the one that we set, else the earliest.
func (o *object) reminder() (*contentline.Component, time.Time) {
	var found *contentline.Component
	var earliest time.Time
	from := o.bases()
	for _, c := range o.alarms() {
		at, ok := o.rings(c, from)
		if ok && c.First(reminderLine) != nil {
			return c, at
		}
		if ok && (found == nil || at.Before(earliest)) {
			found, earliest = c, at
		}
	}
	return found, earliest
}

func getReminder(o *object) (string, error) {
	if c, at := o.reminder(); c != nil {
		return record.FormatInstant(at), nil
	}
	return "", nil
}

// setReminder moves one alarm; the others stay. Clearing takes away all that could be the reminder of the task.
func setReminder(o *object, v string) error {
	if v == "" {
		from := o.bases()
		for _, c := range o.alarms() {
			if _, ok := o.rings(c, from); ok {
				o.main.RemoveComponent(c)
			}
		}
		return nil
	}
	at, err := time.Parse(record.InstantLayout, v)
	if err != nil {
		return refuse(provider.CodeInvalid, record.Reminder, "not an instant")
	}
	c, _ := o.reminder()
	if c == nil {
		trigger := contentline.Content{Name: "TRIGGER", Value: at.Format(utcLayout)}
		o.addAlarm(trigger.With("VALUE", "DATE-TIME"), at)
		return nil
	}
	l := c.First("TRIGGER")
	n := l.Without("VALUE", "RELATED", "TZID").With("VALUE", "DATE-TIME")
	c.Replace(l, n.WithValue(at.Format(utcLayout)))
	if now, _ := o.reminder(); now != c {
		c.Add(contentline.Content{Name: reminderLine, Value: "TRUE"}) // another alarm rings earlier now
	}
	return nil
}
