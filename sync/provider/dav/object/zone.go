package object

import (
	"time"
	_ "time/tzdata" // Windows has no tz database of its own
)

// zone returns how far its clocks are ahead of UTC at an instant.
type zone func(time.Time) time.Duration

func locationZone(loc *time.Location) zone {
	return func(t time.Time) time.Duration {
		_, offset := t.In(loc).Zone()
		return time.Duration(offset) * time.Second
	}
}

func fixedZone(offset time.Duration) zone {
	return func(time.Time) time.Duration { return offset }
}

// instant returns when clocks show wall. Of an hour that comes twice it is the first; an hour that is left out counts
// with the offset before it (RFC 5545 section 3.3.5).
func (z zone) instant(wall time.Time) time.Time {
	before, after := z(wall.Add(-24*time.Hour)), z(wall.Add(24*time.Hour))
	first := wall.Add(-before)
	if z(first) == before {
		return first
	}
	if second := wall.Add(-after); z(second) == after {
		return second
	}
	return first
}
