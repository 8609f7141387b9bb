package object

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// window is a slice of days.
func window(t testing.TB, from, until string) record.Window {
	t.Helper()
	a, err1 := time.Parse(record.DateLayout, from)
	b, err2 := time.Parse(record.DateLayout, until)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return record.Window{From: a, Until: b}
}

// year is the slice of most of these tests.
func year(t testing.TB) record.Window { return window(t, "2026-01-01", "2027-01-01") }

const group = record.ID("s.ics")

// slots lists a series and returns what it takes place at, by slot.
func listed(t testing.TB, c Codec, body string, w record.Window) map[string]record.Item {
	t.Helper()
	l := c.List(group, []byte(body), w)
	if len(l.Skipped) > 0 || !l.Whole || !l.Series {
		t.Fatalf("skipped %v, whole %v, series %v\n%s", l.Skipped[0].Err, l.Whole, l.Series, body)
	}
	out := map[string]record.Item{}
	for _, it := range l.Items {
		if it.Group != group || it.ID != group+"#"+record.ID(it.Slot) || it.Self != record.Mark("u1#"+it.Slot) || out[it.Slot].ID != "" {
			t.Errorf("odd item %+v", it)
		}
		out[it.Slot] = it
	}
	return out
}

func wantWhen(t testing.TB, got map[string]record.Item, want map[string]string) {
	t.Helper()
	when := map[string]string{}
	for slot, it := range got {
		when[slot] = it.Record[record.When]
	}
	if !maps.Equal(when, want) {
		for _, slot := range slices.Sorted(maps.Keys(when)) {
			t.Logf("%s: %s", slot, when[slot])
		}
		t.Errorf("want %v", want)
	}
}

// open opens a series for writing.
func open(t testing.TB, c Codec, body string) *Group {
	t.Helper()
	g, skip := c.Open(group, []byte(body))
	if skip != nil {
		t.Fatalf("%v\n%s", skip.Err, body)
	}
	return g
}

func bytesOf(t testing.TB, g *Group) string {
	t.Helper()
	b, err := g.Bytes()
	if err != nil || b == nil {
		t.Fatalf("%v, nothing left: %v", err, b == nil)
	}
	return string(b)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// weekly is a series of three meetings across the change of clocks.
func weekly(more ...string) string {
	return event(append([]string{
		"DTSTART;TZID=Europe/Berlin:20260316T100000", "DTEND;TZID=Europe/Berlin:20260316T113000",
		"RRULE:FREQ=WEEKLY;COUNT=4", "SUMMARY:Weekly",
	}, more...)...)
}

// with puts a component behind the last one of an object.
func with(body string, lines ...string) string {
	lines = append(append([]string{"BEGIN:VEVENT", "UID:u1", "DTSTAMP:20200101T000000Z"}, lines...), "END:VEVENT", "END:VCALENDAR")
	return strings.Replace(body, "END:VCALENDAR\r\n", text(lines...), 1)
}

func TestSeriesIsListedByOccurrence(t *testing.T) {
	c := codec(t, record.Event)
	body := with(weekly("EXDATE;TZID=Europe/Berlin:20260323T100000", "RDATE;TZID=Europe/Berlin:20260501T080000",
		"RDATE;VALUE=PERIOD:20260502T060000Z/PT3H,20260503T060000Z/20260503T063000Z"),
		"RECURRENCE-ID;TZID=Europe/Berlin:20260330T100000", "DTSTART:20260331T070000Z", "DTEND:20260331T080000Z", "SUMMARY:Moved", "X-ZOHO-CRM-ID:77")
	got := listed(t, c, body, year(t))
	wantWhen(t, got, map[string]string{
		"2026-03-16T09:00:00Z": "2026-03-16T09:00:00Z/2026-03-16T10:30:00Z",
		"2026-03-30T08:00:00Z": "2026-03-31T07:00:00Z/2026-03-31T08:00:00Z",
		"2026-04-06T08:00:00Z": "2026-04-06T08:00:00Z/2026-04-06T09:30:00Z",
		"2026-05-01T06:00:00Z": "2026-05-01T06:00:00Z/2026-05-01T07:30:00Z",
		"2026-05-02T06:00:00Z": "2026-05-02T06:00:00Z/2026-05-02T09:00:00Z",
		"2026-05-03T06:00:00Z": "2026-05-03T06:00:00Z/2026-05-03T06:30:00Z",
	})
	for slot, it := range got {
		title, mark := "Weekly", record.Mark("")
		if slot == "2026-03-30T08:00:00Z" {
			title, mark = "Moved", "77"
		}
		if it.Record[record.Title] != title || it.Mark != mark {
			t.Errorf("%s: %q, mark %q", slot, it.Record[record.Title], it.Mark)
		}
	}
}

func TestEditedOccurrenceGetsAComponentOfItsOwn(t *testing.T) {
	c := codec(t, record.Event)
	body := weekly("EXDATE;TZID=Europe/Berlin:20260323T100000", "X-ZOHO-CRM-ID:1", "BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM")
	before := listed(t, c, body, year(t))
	g := open(t, c, body)
	must(t, g.Edit("s.ics#2026-03-30T08:00:00Z", record.Patch{record.Title: "Other"}, "crm-1"))
	out := bytesOf(t, g)
	want := strings.Replace(body, "END:VCALENDAR\r\n", text("BEGIN:VEVENT", "UID:u1", "RECURRENCE-ID;TZID=Europe/Berlin:20260330T100000",
		"DTSTAMP:"+noonUTC, "DTSTART;TZID=Europe/Berlin:20260330T100000", "DTEND;TZID=Europe/Berlin:20260330T113000",
		"SUMMARY:Other", "LAST-MODIFIED:"+noonUTC, "X-ZOHO-CRM-ID:crm-1",
		"BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM", "END:VEVENT", "END:VCALENDAR"), 1)
	if out != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
	after := listed(t, c, out, year(t))
	for slot, it := range after {
		if slot == "2026-03-30T08:00:00Z" {
			if it.Record[record.Title] != "Other" || it.Mark != "crm-1" || it.Revision == before[slot].Revision {
				t.Errorf("%+v", it)
			}
		} else if it.Revision != before[slot].Revision || it.Modified != before[slot].Modified {
			t.Errorf("the edit of another occurrence changed %s", slot)
		}
	}
}

func TestDeletedOccurrenceIsExcluded(t *testing.T) { // C-17
	c := codec(t, record.Event)
	for name, x := range map[string]struct{ body, slot, line string }{
		"zone":     {weekly(), "2026-04-06T08:00:00Z", "EXDATE;TZID=Europe/Berlin:20260406T100000"},
		"utc":      {event("DTSTART:20260316T100000Z", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:x"), "2026-03-17T10:00:00Z", "EXDATE:20260317T100000Z"},
		"day":      {event("DTSTART;VALUE=DATE:20260316", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:x"), "2026-03-17", "EXDATE;VALUE=DATE:20260317"},
		"floating": {event("DTSTART:20260316T100000", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:x"), "2026-03-17T09:00:00Z", "EXDATE:20260317T100000"},
	} {
		t.Run(name, func(t *testing.T) {
			before := listed(t, c, x.body, year(t))
			g := open(t, c, x.body)
			must(t, g.Delete(group+"#"+record.ID(x.slot)))
			if _, err := g.Item(group + "#" + record.ID(x.slot)); err != provider.ErrNotFound {
				t.Errorf("still there: %v", err)
			}
			out := bytesOf(t, g)
			wantChanges(t, x.body, out, "+"+x.line)
			after := listed(t, c, out, year(t))
			if len(after) != len(before)-1 || after[x.slot].ID != "" {
				t.Errorf("%d of %d are left", len(after), len(before))
			}
			for slot, it := range after {
				if it.Revision != before[slot].Revision {
					t.Errorf("%s has another revision", slot)
				}
			}
			g = open(t, c, out)
			must(t, g.Restore(group+"#"+record.ID(x.slot), []byte(x.body), nil))
			if back := bytesOf(t, g); back != x.body {
				t.Errorf("restored as\n%s", back)
			}
		})
	}
}
