package object

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"zohosync/sync/record"
)

// C-14: in every zone of a person an all-day event is composed, read and moved as dates with an exclusive end: leap days,
// days that the clocks of a zone skip, and years from 1900 to 2200.
func TestDaysInEveryZone(t *testing.T) {
	spans := []string{"2026-03-29/2026-03-30", "2026-10-25/2026-10-27", "2028-02-29/2028-03-01", "1900-02-28/1900-03-01", "2000-02-28/2000-03-02",
		"2011-12-30/2011-12-31", "2199-12-31/2200-01-01", "2026-12-31/2027-01-02"}
	zones := tzdb(t)
	for _, z := range zones {
		c := codec(t, record.Event)
		c.Zone = z.loc
		body, err := c.Compose("u1", record.Write{Patch: record.Patch{record.Title: "x", record.When: "2026-07-01/2026-07-02"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, when := range spans {
			start, end, _, _ := record.ParseSpan(when)
			out, err := c.Edit(body, record.Patch{record.When: when})
			if err != nil {
				t.Fatal(err)
			}
			wantLines(t, string(out), "DTSTART;VALUE=DATE:"+start.Format(dayLayout))
			if end.Sub(start) > 24*time.Hour {
				wantLines(t, string(out), "DTEND;VALUE=DATE:"+end.Format(dayLayout))
			}
			if got := read(t, c, string(out)).Record[record.When]; got != when {
				t.Errorf("in %s %s is %s", z.name, when, got)
			}
		}
	}
	t.Logf("%d spans of days in %d zones", len(spans), len(zones))
}

// C-13: a birthday is the same date in every zone, before 1956, before 1900, on a leap day and without a year.
func TestBirthdaysInEveryZone(t *testing.T) {
	zones := tzdb(t)
	days := []string{"1815-12-10", "1899-12-31", "1900-01-01", "1955-02-03", "1956-01-01", "1969-12-31", "2000-02-29", "2026-03-29", "--02-29", "--12-31"}
	for _, z := range zones {
		for _, version := range []string{"3.0", "4.0"} {
			c := codec(t, record.Contact)
			c.Zone = z.loc
			body := []byte(vcard(version, "N:x;;;;", "FN:x"))
			for _, day := range days {
				out, err := c.Edit(body, record.Patch{record.Birthday: day})
				if err != nil {
					t.Fatal(err)
				}
				if got := read(t, c, string(out)).Record[record.Birthday]; got != day {
					t.Errorf("in %s a card %s says %s for %s", z.name, version, got, day)
				}
			}
		}
	}
	t.Logf("%d birthdays in %d zones", len(days), len(zones))
}

// A time without a zone is one of the person's own zone, stays without one when it is moved, and is written in UTC only
// where its digits would mean another instant.
func TestFloatingTimesInEveryZone(t *testing.T) {
	zones, moves := tzdb(t), 0
	for _, z := range zones {
		c := codec(t, record.Event)
		c.Zone = z.loc
		in := event("DTSTART:20260715T100000", "DTEND:20260715T110000")
		want := z.instant(time.Date(2026, 7, 15, 10, 0, 0, 0, time.UTC))
		if got := read(t, c, in).Record[record.When]; got != record.FormatSpan(want, want.Add(time.Hour)) {
			t.Errorf("in %s: %s", z.name, got)
		}
		for _, start := range z.moves() {
			end := start.Add(15 * time.Minute)
			out, err := c.Edit([]byte(in), record.Patch{record.When: record.FormatSpan(start, end)})
			if err != nil {
				t.Fatal(err)
			}
			moves++
			if got := read(t, c, string(out)).Record[record.When]; got != record.FormatSpan(start, end) {
				t.Errorf("in %s %s became %s", z.name, start, got)
			}
			if z.says(start) && z.says(end) {
				wantLines(t, string(out), "DTSTART:"+start.In(z.loc).Format(wallLayout), "DTEND:"+end.In(z.loc).Format(wallLayout))
			} else {
				wantLines(t, string(out), "DTSTART:"+start.UTC().Format(utcLayout), "DTEND:"+end.UTC().Format(utcLayout))
			}
		}
	}
	t.Logf("%d moves in %d zones", moves, len(zones))
}

// C-11, C-12: an event that begins in one zone and ends in another keeps both, and one with a DURATION keeps that, also
// over a change of the clock: its hours are counted by the clock, its days by the calendar.
func TestMovesKeepTheForm(t *testing.T) {
	span := func(start, end string) string { return "2026-" + start + ":00Z/2026-" + end + ":00Z" }
	for _, c := range []struct {
		name, when string
		lines      []string
		want       []string
	}{
		{"a flight", span("12-01T09:00", "12-01T18:00"), []string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DTEND;TZID=America/New_York:20260701T130000"},
			[]string{"DTSTART;TZID=Europe/Berlin:20261201T100000", "DTEND;TZID=America/New_York:20261201T130000"}},
		{"a flight between the changes of the clock", span("10-28T09:00", "10-28T18:00"), []string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DTEND;TZID=America/New_York:20260701T130000"},
			[]string{"DTSTART;TZID=Europe/Berlin:20261028T100000", "DTEND;TZID=America/New_York:20261028T140000"}},
		{"from Windows to UTC", span("12-01T09:00", "12-01T10:00"), []string{`DTSTART;TZID="W. Europe Standard Time":20260701T100000`, "DTEND:20260701T090000Z"},
			[]string{`DTSTART;TZID="W. Europe Standard Time":20261201T100000`, "DTEND:20261201T100000Z"}},
		{"hours over the change", span("10-25T00:00", "10-25T03:00"), []string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DURATION:PT3H"},
			[]string{"DTSTART;TZID=Europe/Berlin:20261025T020000", "DURATION:PT3H"}},
		{"a day over the change", span("10-24T10:00", "10-25T11:00"), []string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DURATION:P1D"},
			[]string{"DTSTART;TZID=Europe/Berlin:20261024T120000", "DURATION:P1D"}},
		{"24 hours over the change", span("10-24T10:00", "10-25T10:00"), []string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DURATION:P1D"},
			[]string{"DTSTART;TZID=Europe/Berlin:20261024T120000", "DURATION:PT24H"}},
		{"begins in the second of a doubled hour", span("10-25T01:30", "10-25T04:00"), []string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DURATION:PT1H"},
			[]string{"DTSTART:20261025T013000Z", "DURATION:PT2H30M"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := edited(t, codec(t, record.Event), event(c.lines...), record.Patch{record.When: c.when})
			wantLines(t, out, c.want...)
		})
	}
}

// C-31: whatever forms and zones DTSTART and DUE have, a task is due on the day that the CRM says, keeps its form and
// time of day, and never begins after it is due, as servers refuse that.
func TestTasksNeverBeginAfterTheyAreDue(t *testing.T) {
	forms := []string{";VALUE=DATE:%s", ":%sT%sZ", ":%sT%s", ";TZID=Europe/Berlin:%sT%s", ";TZID=America/Los_Angeles:%sT%s", ";TZID=Pacific/Kiritimati:%sT%s"}
	rnd := rand.New(rand.NewPCG(3, 1))
	c := codec(t, record.Task)
	day := func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rnd.IntN(400)) }
	line := func(name, form string) string {
		clock := fmt.Sprintf("%02d%02d00", rnd.IntN(24), rnd.IntN(60))
		if strings.Count(form, "%s") == 1 {
			return name + fmt.Sprintf(form, day().Format(dayLayout))
		}
		return name + fmt.Sprintf(form, day().Format(dayLayout), clock)
	}
	edits := 0
	for _, first := range forms {
		for _, last := range forms {
			for range 20 {
				in := task(line("DTSTART", first), line("DUE", last))
				due := day().Format(record.DateLayout)
				if read(t, c, in).Record[record.Due] == due {
					continue
				}
				out := edited(t, c, in, record.Patch{record.Due: due})
				edits++
				o, refusal := c.open([]byte(out))
				if refusal != nil {
					t.Fatal(refusal)
				}
				start, err1 := o.moment(o.main.First("DTSTART"))
				end, err2 := o.moment(o.main.First("DUE"))
				if err1 != nil || err2 != nil || start.instant().After(end.instant()) {
					t.Errorf("begins after it is due: %v %v\n%s", err1, err2, out)
				}
				wantParams(t, in, out, "DTSTART")
				wantParams(t, in, out, "DUE")
			}
		}
	}
	t.Logf("%d due dates moved", edits)
}

// wantParams checks that a line says its time as it did, apart from the digits.
func wantParams(t testing.TB, in, out, name string) {
	t.Helper()
	form := func(body string) string {
		_, rest, _ := strings.Cut(body, "\r\n"+name)
		rest, _, _ = strings.Cut(rest, "\r\n")
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '0'
			}
			return r
		}, rest)
	}
	if a, b := form(in), form(out); a != b {
		t.Errorf("%s%s became %s", name, a, b)
	}
}
