package memory

import (
	"slices"
	"testing"
	"time"

	"zohosync/sync/record"
)

func weekly() record.Record {
	start := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	return record.Record{record.Title: "Weekly", record.When: record.FormatSpan(start, start.Add(time.Hour))}
}

// times lists where the occurrences of a group take place.
func times(s *Service, group record.ID) (out []string) {
	for _, it := range s.Items("event") {
		if it.Group == group {
			out = append(out, it.Record[record.When][5:13])
		}
	}
	return out
}

// What a person does to a series is listed at once, also where listings lag: never half of it.
func TestASeriesIsDoneAtOnce(t *testing.T) {
	s := New(Options{Lag: time.Minute})
	c := open(t, s, "event", record.Event)
	group := s.PutSeries("event", weekly(), 7, 3)
	s.Advance(58 * time.Second)
	if items, _ := list(t, c, "", record.Window{}); len(items) != 0 {
		t.Fatalf("%d of 3 are listed early", len(items))
	}
	s.Advance(2 * time.Second)
	items, page := list(t, c, "", record.Window{})
	if len(items) != 3 {
		t.Fatalf("%d of 3 are listed", len(items))
	}
	s.MoveSeries("event", group, 24*time.Hour)
	s.Advance(time.Minute)
	items, page = list(t, c, page.Next, record.Window{})
	if len(items) != 3 || !slices.Equal(page.Whole, []record.ID{group}) {
		t.Fatalf("%d are listed, whole %v", len(items), page.Whole)
	}
	if got := times(s, group); !slices.Equal(got, []string{"05-05T09", "05-12T09", "05-19T09"}) {
		t.Fatal(got)
	}
	tail := s.SplitSeries("event", group, "2026-05-12", record.Patch{record.Title: "New"})
	if len(times(s, group)) != 1 || len(times(s, tail)) != 2 {
		t.Fatal("split into", times(s, group), times(s, tail))
	}
	s.RemoveSeries("event", tail)
	s.EditSeries("event", group, record.Patch{record.Venue: "Room 1"})
	s.RemoveSeries("event", group)
	s.Advance(time.Minute)
	if _, page = list(t, c, page.Next, record.Window{}); !slices.Contains(page.Deleted, group) {
		t.Fatalf("deleted %v, want the series", page.Deleted)
	}
}

// An occurrence that was changed by itself is listed whatever the window, and keeps its name.
func TestAChangedOccurrenceIsAlwaysListed(t *testing.T) {
	s := New(Options{})
	group := s.PutSeries("event", weekly(), 7, 5)
	first := nameOf(group, "2026-05-04T09:00:00Z")
	if !s.Edit("event", first, record.Patch{record.Venue: "Room 1"}) {
		t.Fatal("no such occurrence")
	}
	c := open(t, s, "event", record.Event)
	window := record.Window{From: time.Date(2026, 5, 18, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 5, 20, 0, 0, 0, 0, time.UTC)}
	items, _ := list(t, c, "", window)
	if _, there := items[first]; !there || len(items) != 2 {
		t.Fatalf("%d are listed, the changed one %v", len(items), there)
	}
}

func TestATaskThatRepeats(t *testing.T) {
	s := New(Options{})
	group := s.PutSeries("task", record.Record{record.Subject: "Report", record.Due: "2026-05-29"}, 7, 3)
	s.MoveSeries("task", group, 48*time.Hour)
	var got []string
	for _, it := range s.Items("task") {
		got = append(got, it.Slot+" "+it.Record[record.Due])
	}
	if !slices.Equal(got, []string{"2026-05-31 2026-05-31", "2026-06-07 2026-06-07", "2026-06-14 2026-06-14"}) {
		t.Fatal(got)
	}
	if s.PutSeries("task", record.Record{record.Subject: "Some time"}, 1, 2) != "" {
		t.Fatal("a series without a time")
	}
}

// A listing that was broken off and goes on when the window moved misses nothing: what comes into the window is listed next.
func TestAListingOfManyPagesOverAMovingWindow(t *testing.T) {
	s := New(Options{PageSize: 1})
	first, second := s.PutSeries("event", weekly(), 7, 3), s.PutSeries("event", weekly(), 7, 3)
	c := open(t, s, "event", record.Event)
	window := func(days int) record.Window {
		from := time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)
		return record.Window{From: from, Until: from.AddDate(0, 0, days)}
	}
	page, err := c.Changes(t.Context(), "", window(7))
	if err != nil || !page.More || !slices.Equal(page.Whole, []record.ID{first}) {
		t.Fatalf("%v, %+v", err, page)
	}
	_, page = list(t, c, page.Next, window(8))
	items, _ := list(t, c, page.Next, window(8))
	for _, g := range []record.ID{first, second} {
		if _, listed := items[nameOf(g, "2026-05-11T09:00:00Z")]; !listed {
			t.Errorf("what came into the window is not listed of %s", g)
		}
	}
}
