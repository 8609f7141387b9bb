package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
)

// monday is the day on which the story of a series begins.
var monday = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// TestRecurringStory plays a series of the calendar against this computer's server and each real one: its occurrences are in
// the CRM inside the window, are changed and deleted one by one from both sides, edited, moved and split as a whole, followed
// for forty days, and deleted. The CRM's own series come to the calendar as singles.
func TestRecurringStory(t *testing.T) {
	for _, name := range append(davtest.All(), serviceLocal) {
		t.Run(name, func(t *testing.T) {
			s := newRecurringStory(t, name)
			for _, part := range []struct {
				name string
				play func(*testing.T)
			}{
				{"inside the window", s.insideTheWindow}, {"one occurrence from the CRM", s.oneFromTheCRM},
				{"one occurrence in the calendar", s.oneInTheCalendar}, {"the whole series", s.wholeSeries}, {"forty days", s.fortyDays},
				{"this and all following", s.thisAndFollowing}, {"the series is deleted", s.seriesDeleted}, {"the CRM's own series", s.ownSeries},
			} {
				if !t.Run(part.name, part.play) {
					return
				}
			}
			if n := s.crm.Mails(); n != 0 {
				t.Errorf("%d mails were sent to attendees", n)
			}
			if n, err := s.server.Mails(); n != 0 || err != nil {
				t.Errorf("the server sent %d mails to attendees, %v", n, err)
			}
		})
	}
}

// recurringStory is one server, one CRM, and a clock of its own.
type recurringStory struct {
	*story
	href string
}

func newRecurringStory(t *testing.T, server string) *recurringStory {
	s := &story{stage: newStage(t)}
	now := monday
	s.clock = func() time.Time { return now }
	s.pass = func(d time.Duration) { now = now.Add(d) }
	crm, info := checkedCRM(t, sandbox.Options{Seed: 1, MarkField: true})
	s.crm = crm
	s.addCRM(info)
	if server == serviceLocal {
		s.server = s.addLocal()
		s.client = &http.Client{Transport: &atHome{home: s.home, server: s.server}}
	} else {
		s.server = realServer(t, server)
		s.do(s.server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", s.server.URL, "--user", s.server.User, "--password-stdin")
	}
	s.calendar = s.pair("Events", "event", "text/calendar", "--from", "7", "--to", "28")
	return &recurringStory{story: s}
}

// wrote wants these numbers of writes, as written does, and two further runs that write nothing (C-64).
func (s *recurringStory) wrote(t *testing.T, want [6]int) {
	t.Helper()
	written(t, s.sync(t, "events"), want)
	for range 2 {
		written(t, s.sync(t, "events"), [6]int{})
	}
}

// times lists the meetings of the CRM by their start, as "01-05 09:00 title venue".
func (s *recurringStory) times() []string {
	var out []string
	for _, r := range s.crm.Records("Events") {
		at, _ := time.Parse(time.RFC3339, r["Start_DateTime"].(string))
		venue, _ := r["Venue"].(string)
		out = append(out, strings.TrimSpace(at.UTC().Format("01-02 15:04")+" "+r["Event_Title"].(string)+" "+venue))
	}
	slices.Sort(out)
	return out
}

func (s *recurringStory) holdsTimes(t *testing.T, want ...string) {
	t.Helper()
	if got := s.times(); !slices.Equal(got, want) {
		t.Fatalf("the CRM holds\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// ids lists the records of the CRM by day.
func (s *recurringStory) ids() map[string]string {
	out := map[string]string{}
	for _, r := range s.crm.Records("Events") {
		at, _ := time.Parse(time.RFC3339, r["Start_DateTime"].(string))
		out[at.UTC().Format("01-02")] = r["id"].(string)
	}
	return out
}

// change rewrites the object of the series.
func (s *recurringStory) change(pairs ...string) {
	s.calendar.put(s.href, strings.NewReplacer(pairs...).Replace(s.calendar.get(s.href)))
}

func (s *recurringStory) insideTheWindow(t *testing.T) {
	s.href = s.calendar.put("weekly.ics", lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Other//EN", "BEGIN:VEVENT", "UID:weekly-1", "DTSTAMP:20260101T000000Z",
		"DTSTART:20251222T090000Z", "DTEND:20251222T100000Z", "RRULE:FREQ=WEEKLY;COUNT=40", "SUMMARY:Weekly", "X-OTHER:kept", "END:VEVENT", "END:VCALENDAR"))
	s.wrote(t, [6]int{6, 0, 0, 0, 0, 0})
	s.holdsTimes(t, "01-05 09:00 Weekly", "01-12 09:00 Weekly", "01-19 09:00 Weekly", "01-26 09:00 Weekly", "02-02 09:00 Weekly", "12-29 09:00 Weekly")
}

func (s *recurringStory) oneFromTheCRM(t *testing.T) {
	before := s.calendar.get(s.href)
	ids := s.ids()
	s.crm.Edit("Events", ids["01-12"], map[string]any{"Start_DateTime": "2026-01-12T11:00:00+01:00", "End_DateTime": "2026-01-12T12:00:00+01:00", "Venue": "Garden"})
	s.crm.Delete("Events", ids["01-19"])
	s.wrote(t, [6]int{0, 0, 0, 0, 1, 1})
	after := s.calendar.get(s.href)
	holds(t, after, "RECURRENCE-ID:20260112T090000Z", "DTSTART:20260112T100000Z", "DTEND:20260112T110000Z", "LOCATION:Garden", "EXDATE:20260119T090000Z",
		"X-OTHER:kept", "RRULE:FREQ=WEEKLY;COUNT=40", "DTSTART:20251222T090000Z")
	if gone, _ := moved(before, after); len(stampless(gone)) != 0 {
		t.Errorf("lines of the series are gone: %q", gone)
	}
	s.holdsTimes(t, "01-05 09:00 Weekly", "01-12 10:00 Weekly Garden", "01-26 09:00 Weekly", "02-02 09:00 Weekly", "12-29 09:00 Weekly")
}

func (s *recurringStory) oneInTheCalendar(t *testing.T) {
	s.change("END:VCALENDAR", lines("BEGIN:VEVENT", "UID:weekly-1", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260126T090000Z",
		"DTSTART:20260126T090000Z", "DTEND:20260126T100000Z", "SUMMARY:Weekly", "LOCATION:Hall", "END:VEVENT")+"END:VCALENDAR",
		"EXDATE:20260119T090000Z", "EXDATE:20260119T090000Z,20260202T090000Z")
	s.wrote(t, [6]int{0, 1, 1, 0, 0, 0})
	s.holdsTimes(t, "01-05 09:00 Weekly", "01-12 10:00 Weekly Garden", "01-26 09:00 Weekly Hall", "12-29 09:00 Weekly")
}

// wholeSeries renames the series and then moves it by an hour: its records stay the same records.
func (s *recurringStory) wholeSeries(t *testing.T) {
	before := s.ids()
	s.change("SUMMARY:Weekly", "SUMMARY:Every week")
	s.wrote(t, [6]int{0, 4, 0, 0, 0, 0})
	s.change("T100000Z", "T110000Z", "T090000Z", "T100000Z", "T110000Z", "T120000Z")
	s.wrote(t, [6]int{0, 4, 0, 0, 0, 0})
	s.holdsTimes(t, "01-05 10:00 Every week", "01-12 11:00 Every week Garden", "01-26 10:00 Every week Hall", "12-29 10:00 Every week")
	if after := s.ids(); !maps.Equal(after, before) {
		t.Errorf("records became others: %v, were %v", after, before)
	}
}

// fortyDays lets the window move: what comes into it is created, what leaves it is kept and followed.
func (s *recurringStory) fortyDays(t *testing.T) {
	created := 0
	for range 8 {
		s.pass(5 * 24 * time.Hour)
		r := s.sync(t, "events")
		created += r.Left.Created
		written(t, r, [6]int{r.Left.Created, 0, 0, 0, 0, 0})
		written(t, s.sync(t, "events"), [6]int{})
	}
	if created != 5 || len(s.times()) != 9 {
		t.Fatalf("%d came into the window, the CRM holds %q", created, s.times())
	}
	s.crm.Edit("Events", s.ids()["12-29"], map[string]any{"Venue": "Archive"})
	s.wrote(t, [6]int{0, 0, 0, 0, 1, 0})
	holds(t, s.calendar.get(s.href), "RECURRENCE-ID:20251229T100000Z", "LOCATION:Archive")
}

// thisAndFollowing ends the series and begins another one, as calendar programs do: no record is made or lost for it.
func (s *recurringStory) thisAndFollowing(t *testing.T) {
	before := s.ids()
	s.change("RRULE:FREQ=WEEKLY;COUNT=40", "RRULE:FREQ=WEEKLY;UNTIL=20260220T000000Z")
	s.calendar.put("following.ics", lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Other//EN", "BEGIN:VEVENT", "UID:weekly-2", "DTSTAMP:20260101T000000Z",
		"DTSTART:20260223T120000Z", "DTEND:20260223T130000Z", "RRULE:FREQ=WEEKLY;COUNT=20", "SUMMARY:Every week", "END:VEVENT", "END:VCALENDAR"))
	s.wrote(t, [6]int{0, 3, 0, 0, 0, 0})
	if after := s.ids(); !maps.Equal(after, before) {
		t.Errorf("records became others: %v, were %v", after, before)
	}
	var late []string
	for _, at := range s.times() {
		if strings.Contains(at, "12:00") {
			late = append(late, at[:5])
		}
	}
	if fmt.Sprint(late) != "[02-23 03-02 03-09]" {
		t.Errorf("at noon are %v", late)
	}
}

func (s *recurringStory) seriesDeleted(t *testing.T) {
	s.calendar.remove(s.href)
	s.calendar.remove("following.ics")
	s.wrote(t, [6]int{0, 0, 9, 0, 0, 0})
	s.holdsTimes(t)
}

// ownSeries: a meeting that repeats in the CRM is one record per occurrence, and one event per record.
func (s *recurringStory) ownSeries(t *testing.T) {
	ids := s.crm.PutSeries("Events", map[string]any{"Event_Title": "Review", "Start_DateTime": "2026-02-17T15:00:00Z", "End_DateTime": "2026-02-17T16:00:00Z"},
		"FREQ=WEEKLY;INTERVAL=1;COUNT=3")
	s.wrote(t, [6]int{0, 0, 0, 3, 0, 0})
	for _, text := range s.calendar.all() {
		if strings.Contains(text, "RRULE") || strings.Contains(text, "RECURRENCE-ID") {
			t.Errorf("a rule came along in\n%s", text)
		}
	}
	for _, id := range ids {
		s.crm.Edit("Events", id, map[string]any{"Event_Title": "Long review"})
	}
	s.wrote(t, [6]int{0, 0, 0, 0, 3, 0})
	s.crm.Delete("Events", ids[1])
	s.wrote(t, [6]int{0, 0, 0, 0, 0, 1})
	href, _ := s.calendar.find("DTSTART:20260303T150000Z")
	s.calendar.remove(href)
	s.wrote(t, [6]int{0, 0, 1, 0, 0, 0})
	s.holdsTimes(t, "02-17 15:00 Long review")
}
