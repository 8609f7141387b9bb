package dav

import (
	"slices"
	"time"

	"zohosync/sync/provider/dav/object"
	"zohosync/sync/record"
)

// ahead is how far series are listed where the window has no end: most of them have none either.
const ahead = 2 * 366

// slice is the stretch of days that series are listed for, as a cursor keeps it.
type slice struct {
	From  string `json:"f,omitempty"` // a date; "": everything before, too
	Until string `json:"u,omitempty"`
}

// edge says where a series goes on outside of the slice that it was listed for; "": not at all.
type edge struct {
	Earlier string `json:"b,omitempty"` // date of the last occurrence before it
	Later   string `json:"a,omitempty"` // date of the first one behind it
}

// sliceOf returns the slice to list for a window; contacts have none.
func (c *collection) sliceOf(w record.Window) slice {
	if c.kind == record.Contact {
		return slice{}
	}
	if w.Until.IsZero() {
		w.Until = c.codec.Now().AddDate(0, 0, ahead)
	}
	return slice{From: date(w.From), Until: date(w.Until)}
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(record.DateLayout)
}

func (s slice) zero() bool { return s == slice{} }

// window is the slice as a page tells it.
func (s slice) window() record.Window {
	from, _ := time.Parse(record.DateLayout, s.From) // "" is no edge
	until, _ := time.Parse(record.DateLayout, s.Until)
	return record.Window{From: from, Until: until}
}

// note keeps what a listing says of a series that goes on outside of its slice.
func note(edges map[record.ID]edge, id record.ID, l object.Listing) {
	edges[id] = edge{Earlier: date(l.Earlier), Later: date(l.Later)}
	if edges[id] == (edge{}) {
		delete(edges, id)
	}
}

// moved asks for every series that has an occurrence between the slice that it was read with and that of now. Objects that
// are gone are forgotten.
func (p *point) moved(was slice, gone []record.ID) {
	for _, id := range gone {
		delete(p.Edges, id)
	}
	for _, id := range sorted(p.Edges) {
		e := p.Edges[id]
		later := e.Later != "" && p.Slice.Until > was.Until && e.Later < p.Slice.Until
		earlier := e.Earlier != "" && p.Slice.From < was.From && e.Earlier >= p.Slice.From
		if (later || earlier) && !slices.Contains(p.Todo, id) {
			p.Todo = append(p.Todo, id)
		}
	}
}
