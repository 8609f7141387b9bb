package object

import (
	"strings"
	"time"
	"unicode"
)

// findZone returns the zone of a TZID, or nil where nobody knows it.
//
// A name that says a place (Europe/Berlin) is looked up in the tz database, whatever the object says of it: definitions
// are often old or cut short, and the person means the clocks of that place. So is the name of a place that stands
// behind a prefix, and the name of a zone in Windows, unless the object's definition is never that place's time. Every
// other name (GMT, EST, "My zone") means what the object defines, and only without a definition what the database makes
// of it, or the offset that it spells out.
func (o *object) findZone(id string) zone {
	if z, ok := o.zones[id]; ok {
		return z
	}
	z := placeZone(id)
	if z == nil {
		z = o.otherZone(id)
	}
	if o.zones == nil {
		o.zones = map[string]zone{}
	}
	o.zones[id] = z
	return z
}

func (o *object) otherZone(id string) zone {
	hinted, defined := hintedZone(id), o.definedZone(id)
	switch {
	case hinted != nil && (defined == nil || meet(hinted, defined)):
		return hinted
	case defined != nil:
		return defined
	}
	if z := databaseZone(id); z != nil {
		return z
	}
	return offsetZone(id)
}

// definedZone returns the zone that the object itself defines under a name.
func (o *object) definedZone(id string) zone {
	for _, c := range o.root.Children("VTIMEZONE") {
		l := c.First("TZID")
		if l == nil || strings.TrimSpace(o.text(l)) != id && strings.TrimSpace(l.Value) != id {
			continue
		}
		if z := definedZone(c); z != nil {
			return z
		}
	}
	return nil
}

// placeZone returns the zone of a place, by its name in the tz database with spaces or in capitals too. The names in
// Etc are none: their signs are the reverse of what people expect, and programs get them wrong.
func placeZone(name string) zone {
	if !strings.Contains(name, "/") || strings.HasPrefix(name, "Etc/") {
		return nil
	}
	name = strings.ReplaceAll(name, " ", "_")
	if z := databaseZone(name); z != nil {
		return z
	}
	return databaseZone(capitals(name))
}

// capitals spells a name as most of the tz database's are, each word with one capital.
func capitals(name string) string {
	first := true
	return strings.Map(func(r rune) rune {
		upper := first
		first = r == '/' || r == '_' || r == '-'
		if upper {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, name)
}

// hintedZone returns the zone of a name in Windows, or of a place behind what programs put before it
// (/freeassociation.sourceforge.net/Europe/Paris, tzone://Microsoft/Utc).
func hintedZone(id string) zone {
	if z := databaseZone(windowsZone(id)); z != nil {
		return z
	}
	words := strings.Split(strings.Trim(id, "/"), "/")
	for n := min(3, len(words)-1); n > 1; n-- {
		if z := placeZone(strings.Join(words[len(words)-n:], "/")); z != nil {
			return z
		}
	}
	if len(words) > 1 {
		return databaseZone(windowsZone(words[len(words)-1]))
	}
	return nil
}

// meet says whether two zones ever show the same time, in either season of a few years. Two that do are the same place,
// as older and newer rules see it.
func meet(a, b zone) bool {
	for _, year := range []int{2000, 2010, 2020, 2026} {
		for _, month := range []time.Month{time.January, time.July} {
			t := time.Date(year, month, 15, 12, 0, 0, 0, time.UTC)
			if a(t) == b(t) {
				return true
			}
		}
	}
	return false
}

// databaseZone returns a zone of the tz database: that of the machine, or the one in the program.
func databaseZone(name string) zone {
	switch name {
	case "", "Local", "localtime", "posixrules", "Factory":
		return nil // what the machine has there says nothing of the object
	}
	if strings.HasPrefix(name, "right/") {
		return nil // counts leap seconds
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return locationZone(loc)
}

// offsetZone returns the zone of a name that is nothing but an offset: GMT+0100, UTC-03:30, +02:00, UTC+1.
func offsetZone(id string) zone {
	v := strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(id), "UTC"), "GMT")
	switch len(v) {
	case 2:
		v = v[:1] + "0" + v[1:] + "00"
	case 3:
		v += "00"
	}
	offset, ok := parseOffset(v)
	if !ok || offset.Abs() > 15*time.Hour {
		return nil
	}
	return fixedZone(offset)
}
