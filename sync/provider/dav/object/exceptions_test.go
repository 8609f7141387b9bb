package object

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// RANGE=THISANDFUTURE moves and renames an occurrence and all that follow, until the next one that does.
func TestThisAndFuture(t *testing.T) {
	c := codec(t, record.Event)
	body := with(with(event("DTSTART;TZID=Europe/Berlin:20260316T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=6", "SUMMARY:First"),
		"RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260330T100000", "DTSTART;TZID=Europe/Berlin:20260331T120000", "DURATION:PT2H", "SUMMARY:Later"),
		"RECURRENCE-ID:20260413T080000Z", "DTSTART:20260413T100000Z", "DTEND:20260413T101500Z", "SUMMARY:Alone")
	got := listed(t, c, body, year(t))
	wantWhen(t, got, map[string]string{
		"2026-03-16T09:00:00Z": "2026-03-16T09:00:00Z/2026-03-16T10:00:00Z",
		"2026-03-23T09:00:00Z": "2026-03-23T09:00:00Z/2026-03-23T10:00:00Z",
		"2026-03-30T08:00:00Z": "2026-03-31T10:00:00Z/2026-03-31T12:00:00Z",
		"2026-04-06T08:00:00Z": "2026-04-07T10:00:00Z/2026-04-07T12:00:00Z",
		"2026-04-13T08:00:00Z": "2026-04-13T10:00:00Z/2026-04-13T10:15:00Z",
		"2026-04-20T08:00:00Z": "2026-04-21T10:00:00Z/2026-04-21T12:00:00Z",
	})
	if got["2026-04-20T08:00:00Z"].Record[record.Title] != "Later" || got["2026-03-23T09:00:00Z"].Record[record.Title] != "First" {
		t.Error("the title of those that follow")
	}
	// The occurrence that began the change is edited and deleted alone: the others go on as they were.
	for _, slot := range []string{"2026-03-30T08:00:00Z", "2026-04-06T08:00:00Z"} {
		g := open(t, c, body)
		must(t, g.Edit(group+"#"+record.ID(slot), record.Patch{record.Title: "Mine"}, ""))
		after := listed(t, c, bytesOf(t, g), year(t))
		g = open(t, c, body)
		must(t, g.Delete(group+"#"+record.ID(slot)))
		left := listed(t, c, bytesOf(t, g), year(t))
		for other, it := range got {
			switch {
			case other == slot:
				if after[slot].Record[record.Title] != "Mine" || after[slot].Record[record.When] != it.Record[record.When] || left[slot].ID != "" {
					t.Errorf("%s: %v, left %v", slot, after[slot].Record, left[slot])
				}
			case after[other].Revision != it.Revision || left[other].Revision != it.Revision:
				t.Errorf("a write to %s changed %s", slot, other)
			}
		}
	}
}

// Exceptions that are written in another way than the start are understood all the same.
func TestExceptionsInOtherForms(t *testing.T) { // C-17
	c := codec(t, record.Event)
	timed := []string{"DTSTART;TZID=Europe/Berlin:20260601T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:x"}
	allDay := []string{"DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:x"}
	for _, x := range []struct {
		lines []string
		line  string
	}{
		{timed, "EXDATE:20260602T080000Z"},
		{timed, "EXDATE;VALUE=DATE:20260602"},
		{timed, "EXDATE;TZID=America/New_York:20260602T040000"},
		{timed, "EXDATE;TZID=Europe/Berlin:20260602T100000,20260610T100000"},
		{allDay, "EXDATE:20260602T000000Z"},
		{allDay, "EXDATE:20260601T220000Z"},
		{allDay, "EXDATE;TZID=Europe/Berlin:20260602T000000"},
		{allDay, "EXDATE:20260602T000000"},
		{allDay, "EXDATE;VALUE=DATE:20260602"},
	} {
		got := listed(t, c, event(append(slices.Clone(x.lines), x.line)...), year(t))
		if len(got) != 2 {
			t.Errorf("%s leaves %v", x.line, slices.Sorted(maps.Keys(got)))
		}
		moved := strings.Replace(strings.Split(x.line, ",")[0], "EXDATE", "RECURRENCE-ID", 1)
		got = listed(t, c, with(event(x.lines...), moved, "DTSTART:20260701T100000Z", "SUMMARY:Moved"), year(t))
		titles := map[string]int{}
		for _, it := range got {
			titles[it.Record[record.Title]]++
		}
		if len(got) != 3 || titles["Moved"] != 1 {
			t.Errorf("%s replaces %v", moved, titles)
		}
	}
}

// What cannot be understood is told, and nothing counts as deleted.
func TestUnreadableExceptions(t *testing.T) { // C-15
	c := codec(t, record.Event)
	for name, body := range map[string]string{
		"EXDATE in no zone":        weekly("EXDATE;TZID=Nowhere:20260323T100000"),
		"RDATE is none":            weekly("RDATE:tomorrow"),
		"RECURRENCE-ID is none":    with(weekly(), "RECURRENCE-ID:tomorrow", "DTSTART:20260701T100000Z"),
		"DTSTART in no zone":       event("DTSTART;TZID=Nowhere:20260323T100000", "RRULE:FREQ=DAILY"),
		"no DTSTART":               event("RRULE:FREQ=DAILY"),
		"two masters":              with(weekly(), "DTSTART:20260701T100000Z"),
		"a rule that is none":      event("DTSTART:20260701T100000Z", "RRULE:FREQ=SOMETIMES"),
		"the library stumbles":     event("DTSTART:20260701T100000Z", "RRULE:FREQ=MONTHLY;BYDAY=-8FR"),
		"a calendar of other kind": event("DTSTART:20260701T100000Z", "RRULE:RSCALE=CHINESE;FREQ=YEARLY"),
		"Easter":                   event("DTSTART:20260701T100000Z", "RRULE:FREQ=YEARLY;BYEASTER=1"),
	} {
		l := c.List(group, []byte(body), year(t))
		if l.Whole || len(l.Items) > 0 || len(l.Skipped) != 1 || l.Skipped[0].ID != group || l.Skipped[0].Err.Code != provider.CodeUnreadable {
			t.Errorf("%s: whole %v, %d items, skipped %v", name, l.Whole, len(l.Items), l.Skipped)
		}
		if g, skip := c.Open(group, []byte(body)); skip == nil && g.Delete(group+"#2026-07-01T10:00:00Z") == nil {
			t.Errorf("%s: written to", name)
		}
	}
	// Only the occurrence itself cannot be read: the others go on.
	for name, body := range map[string]string{
		"no DTSTART":   with(weekly(), "RECURRENCE-ID:20260323T090000Z", "SUMMARY:Odd"),
		"DTSTART odd":  with(weekly(), "RECURRENCE-ID:20260323T090000Z", "DTSTART:soon"),
		"claimed by 2": with(with(weekly(), "RECURRENCE-ID:20260323T090000Z", "DTSTART:20260701T100000Z"), "RECURRENCE-ID:20260323T090000Z", "DTSTART:20260702T100000Z"),
	} {
		l := c.List(group, []byte(body), year(t))
		if !l.Whole || len(l.Items) != 3 || len(l.Skipped) != 1 || l.Skipped[0].ID != group+"#2026-03-23T09:00:00Z" || l.Skipped[0].Group != group {
			t.Errorf("%s: whole %v, %d items, skipped %v", name, l.Whole, len(l.Items), l.Skipped)
		}
	}
	g := open(t, c, with(with(weekly(), "RECURRENCE-ID:20260323T090000Z", "DTSTART:20260701T100000Z"), "RECURRENCE-ID:20260323T090000Z", "DTSTART:20260702T100000Z"))
	var item *provider.ItemError
	if err := g.Delete(group + "#2026-03-23T09:00:00Z"); !errors.As(err, &item) {
		t.Errorf("deleting what two claim: %v", err)
	}
}

// A rule without an occurrence is told; a series whose occurrences were all deleted is whole and has none.
func TestSeriesWithoutOccurrences(t *testing.T) { // C-18
	c := codec(t, record.Event)
	for _, rule := range []string{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;UNTIL=20200101", "FREQ=DAILY;COUNT=0", "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
		"FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=9,11", "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"} {
		l := c.List(group, []byte(event("DTSTART:20260701T100000Z", "RRULE:"+rule, "SUMMARY:x")), year(t))
		if l.Whole || len(l.Skipped) != 1 || l.Skipped[0].Err.Code != provider.CodeNoOccurrence {
			t.Errorf("%s: whole %v, %d items, skipped %v", rule, l.Whole, len(l.Items), l.Skipped)
		}
	}
	for _, rule := range []string{"FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY;BYMINUTE=1,2,3,4,5,6,7,8,9,10", "FREQ=MINUTELY;BYHOUR=3;BYSECOND=1",
		"FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15;BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14", "FREQ=DAILY;INTERVAL=9999999"} {
		l := c.List(group, []byte(event("DTSTART:20260101T000000Z", "RRULE:"+rule, "SUMMARY:x")), year(t))
		if l.Whole || len(l.Skipped) != 1 || l.Skipped[0].Err.Code != provider.CodeTooOften {
			t.Errorf("%s: whole %v, %d items, skipped %v", rule, l.Whole, len(l.Items), l.Skipped)
		}
	}
	l := c.List(group, []byte(event("DTSTART:20260701T100000Z", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20260701T100000Z,20260702T100000Z")), year(t))
	if !l.Whole || len(l.Items)+len(l.Skipped) > 0 {
		t.Errorf("all deleted: whole %v, %d items", l.Whole, len(l.Items))
	}
}

// Who was asked to one occurrence only has an exception without the series.
func TestExceptionsAlone(t *testing.T) {
	c := codec(t, record.Event)
	body := with(event("RECURRENCE-ID:20260323T090000Z", "DTSTART:20260323T090000Z", "SUMMARY:One"),
		"RECURRENCE-ID;TZID=Europe/Berlin:20260701T110000", "DTSTART:20260701T100000Z", "SUMMARY:Two")
	got := listed(t, c, body, window(t, "2020-01-01", "2020-02-01"))
	if len(got) != 2 || got["2026-07-01T09:00:00Z"].Record[record.Title] != "Two" {
		t.Fatalf("%v", got)
	}
	g := open(t, c, body)
	must(t, g.Edit(group+"#2026-07-01T09:00:00Z", record.Patch{record.Title: "Three"}, "9"))
	must(t, g.Delete(group+"#2026-03-23T09:00:00Z"))
	out := bytesOf(t, g)
	if left := listed(t, c, out, year(t)); len(left) != 1 || left["2026-07-01T09:00:00Z"].Record[record.Title] != "Three" || strings.Contains(out, "EXDATE") {
		t.Errorf("%v in\n%s", left, out)
	}
	must(t, g.Restore(group+"#2026-03-23T09:00:00Z", []byte(body), nil))
	if back := listed(t, c, bytesOf(t, g), year(t)); back["2026-03-23T09:00:00Z"].Revision != got["2026-03-23T09:00:00Z"].Revision {
		t.Error("restored as something else")
	}
	must(t, g.Delete(group+"#2026-03-23T09:00:00Z"))
	must(t, g.Delete(group+"#2026-07-01T09:00:00Z"))
	if b, err := g.Bytes(); b != nil || err != nil {
		t.Errorf("something is left: %v\n%s", err, b)
	}
}

// An undo brings back what an occurrence was, and nothing else: other edits since then stay.
func TestRestoreOfAnEdit(t *testing.T) {
	c := codec(t, record.Event)
	const slot = group + "#2026-03-23T09:00:00Z"
	for name, body := range map[string]string{
		"was inherited": weekly(),
		"had its own":   with(weekly(), "RECURRENCE-ID:20260323T090000Z", "DTSTART:20260324T090000Z", "DTEND:20260324T100000Z", "SUMMARY:Own", "X-ODD:a"),
	} {
		t.Run(name, func(t *testing.T) {
			was := listed(t, c, body, year(t))["2026-03-23T09:00:00Z"]
			g := open(t, c, body)
			must(t, g.Edit(slot, record.Patch{record.Title: "New", record.When: "2026-03-25T09:00:00Z/2026-03-25T10:00:00Z"}, ""))
			must(t, g.Edit(group+"#2026-03-16T09:00:00Z", record.Patch{record.Title: "By a person"}, ""))
			edited := bytesOf(t, g)
			must(t, g.Restore(slot, []byte(body), record.Patch(was.Record)))
			back := listed(t, c, bytesOf(t, g), year(t))
			if back["2026-03-23T09:00:00Z"].Revision != was.Revision || back["2026-03-16T09:00:00Z"].Record[record.Title] != "By a person" {
				t.Errorf("restored as\n%s", bytesOf(t, g))
			}
			// The series was renamed since: the occurrence gets its own name back.
			g = open(t, c, strings.Replace(edited, "SUMMARY:Weekly", "SUMMARY:Renamed", 1))
			must(t, g.Restore(slot, []byte(body), record.Patch(was.Record)))
			it, err := g.Item(slot)
			if err != nil || !maps.Equal(it.Record, was.Record) {
				t.Errorf("%v, %v", it.Record, err)
			}
			// The series moved away: there is no place for it any more.
			g = open(t, c, strings.Replace(weekly(), "20260316T1", "20260317T1", 2))
			if err := g.Restore(slot, []byte(body), record.Patch(was.Record)); !errors.Is(err, provider.ErrNotFound) {
				t.Errorf("in a series that moved: %v", err)
			}
		})
	}
}

// Three hundred exceptions in one series are as little trouble as one, and so are three hundred writes.
func TestThreeHundredExceptions(t *testing.T) { // C-20
	c := codec(t, record.Event)
	body := event("DTSTART;TZID=Europe/Berlin:20260101T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=1000", "SUMMARY:Daily")
	g := open(t, c, body)
	var ids []record.ID
	for n := range 300 {
		at := time.Date(2026, 1, 1+3*n, 10, 0, 0, 0, location(t, "Europe/Berlin"))
		id := group + "#" + record.ID(record.FormatInstant(at))
		ids = append(ids, id)
		must(t, g.Edit(id, record.Patch{record.Title: fmt.Sprint("Day ", n)}, ""))
		must(t, g.Delete(group+"#"+record.ID(record.FormatInstant(at.AddDate(0, 0, 1)))))
	}
	out := bytesOf(t, g)
	got := listed(t, c, out, window(t, "2026-01-01", "2030-01-01"))
	if len(got) != 700 || strings.Count(out, "RECURRENCE-ID") != 300 || strings.Count(out, "EXDATE") != 300 {
		t.Fatalf("%d occurrences", len(got))
	}
	g = open(t, c, out)
	for n, id := range ids {
		for range 3 {
			must(t, g.Edit(id, record.Patch{record.Title: fmt.Sprint("Again ", n)}, ""))
		}
		if it, err := g.Item(id); err != nil || it.Record[record.Title] != fmt.Sprint("Again ", n) {
			t.Fatalf("%s: %v", id, err)
		}
	}
	if n := strings.Count(bytesOf(t, g), "RECURRENCE-ID"); n != 300 {
		t.Errorf("%d exceptions after editing each of them again", n)
	}
}

// Occurrences of a task are due as far apart as it begins; one without a beginning repeats by its due time.
func TestTaskSeries(t *testing.T) {
	c := codec(t, record.Task)
	for name, body := range map[string]string{
		"begins": task("DTSTART;TZID=Europe/Berlin:20260327T100000", "DUE;TZID=Europe/Berlin:20260328T100000", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:x",
			"BEGIN:VALARM", "TRIGGER;VALUE=DATE-TIME:20260328T070000Z", "END:VALARM"),
		"due only": task("DUE;TZID=Europe/Berlin:20260328T100000", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:x",
			"BEGIN:VALARM", "TRIGGER;VALUE=DATE-TIME:20260328T070000Z", "END:VALARM"),
	} {
		got := listed(t, c, body, year(t))
		var due, reminders []string
		for _, slot := range slices.Sorted(maps.Keys(got)) {
			due = append(due, got[slot].Record[record.Due])
			reminders = append(reminders, got[slot].Record[record.Reminder])
		}
		// The alarm is at eight in the morning, on both sides of the change of clocks.
		if !slices.Equal(due, []string{"2026-03-28", "2026-03-29", "2026-03-30"}) ||
			!slices.Equal(reminders, []string{"2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z", "2026-03-30T06:00:00Z"}) {
			t.Errorf("%s: due %v, reminders %v", name, due, reminders)
		}
		slots := slices.Sorted(maps.Keys(got))
		g := open(t, c, body)
		id := group + "#" + record.ID(slots[1])
		must(t, g.Edit(id, record.Patch{record.Status: record.Completed}, ""))
		out := bytesOf(t, g)
		after := listed(t, c, out, year(t))
		for _, slot := range slots {
			want := got[slot].Record
			if slot == slots[1] {
				want = want.With(record.Patch{record.Status: record.Completed})
			}
			if !maps.Equal(after[slot].Record, want) {
				t.Errorf("%s: %s is %v, want %v", name, slot, after[slot].Record, want)
			}
		}
	}
}

// The clock on the wall is the same for all occurrences of a year, in every zone.
func TestWallClockOfASeriesStays(t *testing.T) { // C-11
	c := codec(t, record.Event)
	for _, name := range []string{"Europe/Berlin", "America/New_York", "America/Winnipeg", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Chatham"} {
		loc := location(t, name)
		got := listed(t, c, event("DTSTART;TZID="+name+":20260101T100000", "DTEND;TZID="+name+":20260101T113000", "RRULE:FREQ=DAILY;COUNT=365"), year(t))
		if len(got) < 364 {
			t.Errorf("%s: %d occurrences", name, len(got))
		}
		for slot, it := range got {
			start, end, _, ok := record.ParseSpan(it.Record[record.When])
			if h, m, _ := start.In(loc).Clock(); !ok || h != 10 || m != 0 || end.Sub(start) != 90*time.Minute {
				t.Errorf("%s: %s begins at %v", name, slot, start.In(loc))
			}
		}
	}
}
