package dav

import (
	"fmt"
	"strings"
	"testing"

	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/record"
)

// The same exception is edited again and again: there is one component of it, and every write ends well.
func TestSameExceptionThreeTimes(t *testing.T) { // C-20
	onEach(t, func(t *testing.T, s davtest.Server) {
		c := calendarOf(t, s, "Thrice")
		w := days(t, "2026-01-01", "2026-02-01")
		place(t, c, "thrice.ics", series("thrice", "FREQ=WEEKLY;COUNT=4"))
		for n := range 3 {
			it := bySlot(changes(t, c, "", w).Changed)["2026-01-12T09:00:00Z"]
			k := &sink{}
			title := fmt.Sprintf("Edit %d", n)
			if err := c.Apply(t.Context(), []record.Write{rename(it, title)}, k); err != nil {
				t.Fatal(err)
			}
			if r, _ := k.result(t, 0); r.Err != nil || r.Item.Record[record.Title] != title {
				t.Fatalf("edit %d: %v", n, r.Err)
			}
		}
		now, err := c.get(t.Context(), "thrice.ics")
		if n := strings.Count(string(now.body), "BEGIN:VEVENT"); err != nil || n != 2 {
			t.Errorf("%d components, %v", n, err)
		}
	})
}

// calendarOf makes a calendar and opens it.
func calendarOf(t testing.TB, s davtest.Server, title string) *collection {
	t.Helper()
	a := accountOf(t, s, s.URL)
	made, err := a.Make(t.Context(), title, record.Event)
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.Open(t.Context(), made.Ref, record.Event, record.FieldsOf(record.Event))
	if err != nil {
		t.Fatal(err)
	}
	return c.(*collection)
}

// place puts an object as another program does.
func place(t testing.TB, c *collection, name, body string) {
	t.Helper()
	r := &run{collection: c, sending: t.Context()}
	if _, err := r.send(record.ID(name), []byte(body), map[string]string{}); err != nil {
		t.Fatal(err)
	}
}

// A series with everything in it, on every server: listed, changed, deleted, and three listings that find nothing new.
func TestSeriesOnRealServers(t *testing.T) { // C-16, C-17, C-19, C-64
	onEach(t, func(t *testing.T, s davtest.Server) {
		c := calendarOf(t, s, "Series")
		w := days(t, "2026-01-01", "2026-04-01")
		body := strings.Replace(series("full", "FREQ=WEEKLY;COUNT=6", "EXDATE:20260112T090000Z", "RDATE:20260220T150000Z",
			"BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT5M", "END:VALARM"), "END:VCALENDAR", strings.Join([]string{
			"BEGIN:VEVENT", "UID:full", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260126T090000Z", "DTSTART:20260127T110000Z",
			"DTEND:20260127T120000Z", "SUMMARY:Moved", "END:VEVENT", "END:VCALENDAR"}, "\r\n"), 1)
		place(t, c, "full.ics", body)
		first := changes(t, c, "", w)
		got := bySlot(first.Changed)
		want := []string{"2026-01-05T09:00:00Z", "2026-01-19T09:00:00Z", "2026-01-26T09:00:00Z", "2026-02-02T09:00:00Z", "2026-02-09T09:00:00Z", "2026-02-20T15:00:00Z"}
		if len(got) != len(want) {
			t.Fatalf("listed %v", got)
		}
		for _, slot := range want {
			if got[slot].ID == "" {
				t.Errorf("%s is missing", slot)
			}
		}
		if when := got["2026-01-26T09:00:00Z"].Record[record.When]; when != "2026-01-27T11:00:00Z/2026-01-27T12:00:00Z" {
			t.Errorf("the exception takes place at %s", when)
		}
		k := &sink{}
		move := record.Write{Op: record.Update, ID: got["2026-02-02T09:00:00Z"].ID, Seen: got["2026-02-02T09:00:00Z"].Record,
			Patch: record.Patch{record.When: "2026-02-03T13:00:00Z/2026-02-03T14:00:00Z"}}
		writes := []record.Write{move, removal(got["2026-01-26T09:00:00Z"]), removal(got["2026-02-20T15:00:00Z"]), rename(got["2026-01-05T09:00:00Z"], "First")}
		if err := c.Apply(t.Context(), writes, k); err != nil {
			t.Fatal(err)
		}
		for i := range writes {
			if r, ok := k.result(t, i); !ok || r.Err != nil {
				t.Fatalf("write %d: %v", i, r.Err)
			}
		}
		second := changes(t, c, first.Next, w)
		left := bySlot(second.Changed)
		if len(left) != 4 || left["2026-02-02T09:00:00Z"].Record[record.When] != "2026-02-03T13:00:00Z/2026-02-03T14:00:00Z" ||
			left["2026-01-05T09:00:00Z"].Record[record.Title] != "First" {
			t.Errorf("after the writes there are %v", left)
		}
		r, _ := k.result(t, 0)
		if again := left["2026-02-02T09:00:00Z"]; r.Item.Revision != again.Revision {
			t.Errorf("the answer to the write and the listing are two revisions")
		}
		for range 2 {
			third := changes(t, c, second.Next, w)
			for _, it := range third.Changed {
				if left[it.Slot].Revision != it.Revision {
					t.Errorf("%s changed by itself", it.Slot)
				}
			}
			second.Next = third.Next
		}
	})
}
