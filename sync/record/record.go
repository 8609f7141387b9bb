// Package record holds what the program calls an item: one event, task or contact as one side holds it, in our own
// field names and as canonical text. Its words follow RFC 5545 (iCalendar) and RFC 6350 (vCard); it knows no service.
package record

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"
)

// Kind says what an item is.
type Kind string

// The three kinds of item.
const (
	Event   Kind = "event"
	Task    Kind = "task"
	Contact Kind = "contact"
)

// Kinds lists every kind, in the order in which people meet them.
var Kinds = []Kind{Contact, Task, Event}

// Field names one field of a record. Fields of ours are listed in Fields; a custom field of the CRM is "zoho:API_Name".
type Field string

// Record is the content of an item: canonical text by field (see Canonical). An absent field and an empty one are equal.
type Record map[Field]string

// Patch holds the fields to change and their new values; "" clears a field.
type Patch map[Field]string

// ID names an item, or the object it lives in, to its service. It is opaque to everyone else.
type ID string

// Revision stands for the content of one item. Two equal revisions mean equal content; a different one means nothing
// more than "look again". It is made by Revise and never an ETag, which siblings share and servers re-use.
type Revision string

// Mark is how one side names an item of the other: a CRM id, a UID, or UID#slot.
type Mark string

// Item is one event, task or contact as one side holds it.
type Item struct {
	ID       ID        // opaque name of the item
	Group    ID        // the object it lives in; a single item is its own group
	Slot     string    // RECURRENCE-ID as canonical instant or date; "" for a single
	Revision Revision  // hash of the item's own content
	Self     Mark      // how a partner names this item
	Mark     Mark      // what this item says of its partner; "" when it says nothing
	Modified time.Time // zero where the service does not tell
	Record   Record    // the fields given to Open, and no others
}

// Op says what a Write does.
type Op string

// The operations of a Write.
const (
	Create  Op = "create"
	Update  Op = "update"
	Delete  Op = "delete"
	Restore Op = "restore"
)

// Write is one change to one item of one side.
type Write struct {
	Op       Op
	Key      string   // Create: names the intent; the same key never makes two items where the service can tell
	ID       ID       // Update, Delete, Restore
	Revision Revision // what the plan saw; "" means that any will do
	Seen     Record   // the record that the plan saw
	Patch    Patch    // Create: all fields; Update: the changed ones; Restore: the fields as they were
	Mark     Mark     // Create: what the new item is to say of its partner
	Raw      []byte   // Restore: the before-image
}

// Window is a stretch of time in whole UTC days. The zero Window holds everything.
type Window struct{ From, Until time.Time }

// Holds says whether some of the stretch from start to end lies in the window; neither end is included, but a moment is
// inside where the window begins (RFC 4791, 9.9). An item without a time is always inside.
func (w Window) Holds(start, end time.Time) bool {
	if start.IsZero() && end.IsZero() {
		return true
	}
	if end.IsZero() {
		end = start
	}
	if start.Before(w.From) && !end.After(w.From) {
		return false
	}
	return w.Until.IsZero() || start.Before(w.Until)
}

// Diff returns what turns from into to.
func Diff(from, to Record) Patch {
	p := Patch{}
	for f, v := range to {
		if from[f] != v {
			p[f] = v
		}
	}
	for f, v := range from {
		if _, there := to[f]; !there && v != "" {
			p[f] = ""
		}
	}
	return p
}

// With returns a copy of r with p carried out. Cleared fields are absent from it.
func (r Record) With(p Patch) Record {
	out := make(Record, len(r)+len(p))
	for f, v := range r {
		if v != "" {
			out[f] = v
		}
	}
	for f, v := range p {
		if v == "" {
			delete(out, f)
		} else {
			out[f] = v
		}
	}
	return out
}

// Only returns the part of r that the fields name.
func (r Record) Only(fields []Field) Record {
	out := Record{}
	for _, f := range fields {
		if v := r[f]; v != "" {
			out[f] = v
		}
	}
	return out
}

// Revise makes the revision of an item from its record and from whatever else of its content the service holds:
// lines that we do not map, or a time of change. The order of extra does not matter.
func Revise(r Record, extra ...string) Revision {
	h := sha256.New()
	// Every text is written with its length: no two contents may run together into the same bytes.
	write := func(s string) { fmt.Fprintf(h, "%d:%s", len(s), s) }
	for _, f := range slices.Sorted(maps.Keys(r)) {
		if r[f] != "" {
			write(string(f))
			write(r[f])
		}
	}
	h.Write([]byte("/"))
	for _, s := range slices.Sorted(slices.Values(extra)) {
		write(s)
	}
	return Revision(base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18]))
}

// maxMark is how long a mark may be where a service keeps it in a text field.
const maxMark = 255

// Short returns the mark as services keep it: itself, or a hash of it when it is longer than their text fields. Two
// marks are compared in this form.
func (m Mark) Short() Mark {
	if utf8.RuneCountInString(string(m)) <= maxMark {
		return m
	}
	h := sha256.Sum256([]byte(m))
	return Mark("sha256-" + base64.RawURLEncoding.EncodeToString(h[:]))
}
