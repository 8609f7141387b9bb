package object

import (
	"strings"
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

// knownZone is findZone for objects that name one zone hundreds of times.
func (o *object) knownZone(id string) zone {
	z, ok := o.zones[id]
	if !ok {
		z = o.findZone(id)
		if o.zones != nil {
			o.zones[id] = z
		}
	}
	return z
}

// findZone returns the zone of a TZID, or nil: from the tz database, else as the object defines it, else by its name in
// Windows, else by what programs put before a name of the tz database (/freeassociation.sourceforge.net/Europe/Paris).
func (o *object) findZone(id string) zone {
	if z := databaseZone(id); z != nil {
		return z
	}
	for _, c := range o.root.Children("VTIMEZONE") {
		if l := c.First("TZID"); l == nil || strings.TrimSpace(o.text(l)) != id {
			continue
		}
		if z := definedZone(c); z != nil {
			return z
		}
	}
	if z := databaseZone(windowsZone(id)); z != nil {
		return z
	}
	words := strings.Split(strings.Trim(id, "/"), "/")
	for n := min(3, len(words)-1); n > 1; n-- {
		if z := databaseZone(strings.Join(words[len(words)-n:], "/")); z != nil {
			return z
		}
	}
	return nil
}

func databaseZone(name string) zone {
	if name == "" || name == "Local" {
		return nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return locationZone(loc)
}
