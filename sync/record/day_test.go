package record

import (
	"testing"
	"time"
)

func TestDayIsThatOfTheZone(t *testing.T) {
	east := time.FixedZone("", 10*3600)
	for _, c := range []struct {
		kind Kind
		rec  Record
		want string
	}{
		{Event, Record{When: "2026-01-19T20:00:00Z/2026-01-19T21:00:00Z"}, "2026-01-20"},
		{Event, Record{When: "2026-01-19/2026-01-20"}, "2026-01-19"},
		{Task, Record{Due: "2026-01-19"}, "2026-01-19"},
		{Task, Record{}, ""},
		{Contact, Record{LastName: "A"}, ""},
	} {
		if got := c.rec.Day(c.kind, east); got != c.want {
			t.Errorf("%v: %q, want %q", c.rec, got, c.want)
		}
		if got := c.rec.Day(c.kind, time.FixedZone("", -5*3600)); c.want != "" && got != "2026-01-19" {
			t.Errorf("%v in the west: %q", c.rec, got)
		}
	}
}
