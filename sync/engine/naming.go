package engine

import (
	"time"

	"zohosync/sync/record"
)

// Dated returns the name of an item with its day, as people read it: all occurrences of a series have one title. A day of "" is
// left out, and so is that of an item without a name.
func Dated(title, day string) string {
	if title == "" || day == "" {
		return title
	}
	return title + " (" + day + ")"
}

// dayOf is the day of a record on this computer.
func dayOf(r record.Record, k record.Kind) string { return r.Day(k, time.Local) }
