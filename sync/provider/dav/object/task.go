package object

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

func taskFields() []field {
	return []field{
		textField(record.Subject, "SUMMARY"),
		{record.Due, getDue, setDue},
		{record.Priority, getPriority, setPriority},
		{record.Status, getStatus, setStatus},
		detailsField(),
		{record.Reminder, getReminder, setReminder},
		categoriesField(),
	}
}

// dueMoment returns when a task is due: DUE, or DTSTART and DURATION. Its digits are good even with errNoZone.
func (o *object) dueMoment() (moment, error) {
	if l := o.main.First("DUE"); l != nil {
		return o.moment(l)
	}
	l := o.main.First("DURATION")
	if l == nil {
		return moment{}, errNoTime
	}
	m, err := o.moment(o.main.First("DTSTART"))
	d, bad := parseDuration(l.Value)
	if m.form == unset || bad != nil {
		return moment{}, errors.Join(err, bad)
	}
	m.wall = m.wall.AddDate(0, 0, d.days).Add(d.clock)
	if m.form == day {
		m.wall = m.wall.Truncate(24 * time.Hour)
	}
	return m, err
}

// getDue returns the day in the task's own zone, so that it is the same day on every computer.
func getDue(o *object) (string, error) {
	m, _ := o.dueMoment()
	if m.form == unset {
		return "", nil
	}
	return m.wall.Format(record.DateLayout), nil
}

// setDue moves a task to another day and keeps its time of day and zone.
func setDue(o *object, v string) error {
	if v == "" {
		o.drop("DUE", "DURATION")
		return nil
	}
	date, err := time.Parse(record.DateLayout, v)
	if err != nil {
		return refuse(provider.CodeInvalid, record.Due, "not a date")
	}
	line, first := o.main.First("DUE"), o.main.First("DTSTART")
	start, _ := o.moment(first)
	was, _ := o.dueMoment()
	like := line
	if line == nil {
		like = first // DUE is a date where DTSTART is one, and a time in the same zone where it is that
		if was.form == unset {
			was = start
		}
	}
	due := moment{form: day, wall: date}
	if was.form != unset {
		due = moment{form: was.form, zone: was.zone, wall: date.Add(clock(was))}
	}
	switch {
	case line != nil:
		o.write("DUE", line, was, due)
	case like != nil && was.form != unset:
		n := like.Content
		n.Name = "DUE"
		o.main.AddAfter(like, due.write(n, was.form))
	default:
		o.write("DUE", nil, moment{}, due)
	}
	o.drop("DURATION")
	if start.form != unset && later(start, due) {
		o.startBy(first, start, due)
	}
	return nil
}

func clock(m moment) time.Duration { return m.wall.Sub(m.wall.Truncate(24 * time.Hour)) }

// later compares two moments, by their digits where a zone is not known.
func later(a, b moment) bool {
	if a.zone == nil || b.zone == nil {
		return a.wall.After(b.wall)
	}
	return a.instant().After(b.instant())
}

// startBy moves DTSTART to the day on which the task is due: servers refuse a DUE before it.
func (o *object) startBy(first *contentline.Line, start, due moment) {
	moved := start
	moved.wall = due.wall.Truncate(24 * time.Hour).Add(clock(start))
	if later(moved, due) && start.form == due.form {
		moved.wall = due.wall
	}
	for later(moved, due) { // in another form or zone: at most two days
		moved.wall = moved.wall.AddDate(0, 0, -1)
	}
	o.write("DTSTART", first, start, moved)
}

// priorities says which number each priority is written as (RFC 5545 section 3.8.1.9).
func priorities(code string) string {
	switch code {
	case record.Highest, record.High:
		return "1"
	case record.Normal:
		return "5"
	case record.Low, record.Lowest:
		return "9"
	}
	return ""
}

func getPriority(o *object) (string, error) {
	n, err := strconv.Atoi(o.line("PRIORITY"))
	if err != nil || n < 0 || n > 9 {
		n = 0
	}
	// Our own line counts only while PRIORITY is what we wrote with it: else somebody changed the priority since.
	if own := o.line(priorityLine); own != "" && (priorities(own) == strconv.Itoa(n) || priorities(own) == "" && n == 0) {
		return own, nil
	}
	switch {
	case n == 0:
		return "", nil
	case n < 5:
		return record.High, nil
	case n == 5:
		return record.Normal, nil
	}
	return record.Low, nil
}

func setPriority(o *object, v string) error {
	o.drop(priorityLine)
	if v == "" || priorities(v) == "" {
		o.drop("PRIORITY")
	} else if was, _ := getPriority(o); was != v {
		o.put("PRIORITY", priorities(v))
	}
	if !slices.Contains([]string{"", record.High, record.Normal, record.Low}, v) {
		o.main.Add(o.say(contentline.Content{Name: priorityLine}, v))
	}
	return nil
}

// statuses says which STATUS each of our codes is written as; every other word is a kind of NEEDS-ACTION.
func statuses(code string) string {
	switch code {
	case record.InProgress:
		return "IN-PROCESS"
	case record.Completed:
		return "COMPLETED"
	case record.Cancelled:
		return "CANCELLED"
	}
	return "NEEDS-ACTION"
}

func getStatus(o *object) (string, error) {
	own := o.line(statusLine)
	switch strings.ToUpper(o.line("STATUS")) {
	case "NEEDS-ACTION":
		if own != "" {
			return own, nil
		}
		return record.NotStarted, nil
	case "IN-PROCESS":
		return record.InProgress, nil
	case "COMPLETED":
		return record.Completed, nil
	case "CANCELLED":
		return record.Cancelled, nil
	}
	if o.main.First("COMPLETED") != nil || o.line("PERCENT-COMPLETE") == "100" {
		return record.Completed, nil
	}
	return own, nil
}

func setStatus(o *object, v string) error {
	o.drop(statusLine)
	if v == "" {
		o.drop("STATUS")
	} else {
		o.put("STATUS", statuses(v))
	}
	if v == record.Completed {
		if o.main.First("COMPLETED") == nil {
			o.put("COMPLETED", o.now().Format(utcLayout))
		}
		o.put("PERCENT-COMPLETE", "100")
		return nil
	}
	o.drop("COMPLETED")
	if o.line("PERCENT-COMPLETE") == "100" {
		o.drop("PERCENT-COMPLETE")
	}
	if statuses(v) == "NEEDS-ACTION" && v != "" && v != record.NotStarted {
		o.main.Add(o.say(contentline.Content{Name: statusLine}, v))
	}
	return nil
}
