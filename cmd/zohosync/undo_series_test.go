package main

import (
	"strings"
	"testing"
	"time"
)

// TestUndoOfASeries takes back what a sync did to occurrences of one object: deleted as a whole it has every byte again,
// and a deleted occurrence is there again.
func TestUndoOfASeries(t *testing.T) {
	for _, name := range []string{"radicale", serviceLocal} {
		t.Run(name, func(t *testing.T) {
			s := newStory(t, name)
			first := time.Now().UTC().AddDate(0, 0, 3).Format("20060102")
			href := s.calendar.put("series.ics", lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//elsewhere//EN", "BEGIN:VEVENT", "UID:weekly",
				"DTSTAMP:20260101T000000Z", "DTSTART:"+first+"T090000Z", "DTEND:"+first+"T100000Z", "RRULE:FREQ=WEEKLY;COUNT=4", "SUMMARY:Weekly",
				"X-ODD;X-P=\"a,b\":kept as it is", "END:VEVENT", "END:VCALENDAR"))
			written(t, s.sync(t, "events"), [6]int{4, 0, 0, 0, 0, 0})
			before := s.calendar.get(href)
			meetings := s.crm.Records("Events")
			s.crm.Delete("Events", meetings[1]["id"].(string))
			run := s.sync(t, "events")
			if text := s.calendar.get(href); !strings.Contains(text, "EXDATE") {
				t.Fatalf("nothing was taken out of\n%s", text)
			}
			s.undo(t, run.Run)
			if gone, come := moved(before, s.calendar.get(href)); len(stampless(gone))+len(stampless(come)) > 0 {
				t.Errorf("an occurrence came back: took %q and brought %q", gone, come)
			}
			for range 3 {
				written(t, s.sync(t, "events"), [6]int{})
			}
			before = s.calendar.get(href)
			for _, m := range s.crm.Records("Events") {
				s.crm.Delete("Events", m["id"].(string))
			}
			run = s.sync(t, "events")
			if n := len(s.calendar.hrefs()); n > 1 || n == 1 && run.Right.Deleted != 3 {
				t.Fatalf("%d objects are left, %+v", n, run)
			}
			s.undo(t, run.Run)
			if gone, come := moved(before, s.calendar.get(href)); len(stampless(gone))+len(stampless(come)) > 0 {
				t.Errorf("the series came back: took %q and brought %q", gone, come)
			}
			for range 3 {
				written(t, s.sync(t, "events"), [6]int{})
			}
			if n := s.crm.Mails(); n != 0 {
				t.Errorf("%d mails were sent", n)
			}
		})
	}
}
