package plan

import (
	"slices"
	"testing"

	"zohosync/sync/record"
)

// C-27: an item with values that only one side can hold says so, and is in step.
func TestExtraValuesAreANote(t *testing.T) {
	if !Noted(CodeExtra) || !Excluded(CodeExtra) || Noted(CodeHeld) {
		t.Error("a note is no failure")
	}
	r := Rules{Kind: record.Contact, Mapping: DefaultMapping(record.Contact, false), Direction: Both}
	for _, s := range Sides {
		r.Limits[s] = map[record.Field]record.Limit{record.LastName: {}, record.Extra: {ReadOnly: true}}
	}
	if !slices.Contains(Fields(record.Contact, r.Mapping, "", Right), record.Extra) {
		t.Error("the field is not asked for")
	}
	rich := &Seen{Item: record.Item{ID: "r", Self: "r", Record: record.Record{record.LastName: "Doe", record.Extra: "2"}}, Presence: Present}
	poor := &Seen{Item: record.Item{ID: "l", Self: "l", Record: record.Record{record.LastName: "Doe"}}, Presence: Present}
	base := [2]record.Record{{record.LastName: "Doe"}, {record.LastName: "Doe"}}
	for name, c := range map[string]struct {
		triple Triple
		want   int
		idle   bool
	}{
		"linked":     {Triple{Link: 1, Items: [2]*Seen{poor, rich}, Base: base}, 1, true},
		"new":        {Triple{Items: [2]*Seen{nil, rich}}, 1, false},
		"left alone": {Triple{Items: [2]*Seen{nil, {Item: rich.Item, Presence: Present, Foreign: true}}}, 0, true},
		"poor":       {Triple{Link: 1, Items: [2]*Seen{poor, poor}, Base: base}, 0, true},
	} {
		st := Make(c.triple, r)
		n := 0
		for _, p := range st.Problems {
			if p.Code == CodeExtra && p.Side == Right {
				n++
			}
		}
		if n != c.want || st.Idle() != c.idle {
			t.Errorf("%s: %d notes, idle %v: %+v", name, n, st.Idle(), st.Problems)
		}
		for _, a := range st.Acts {
			if a != nil && a.Write.Patch[record.Extra] != "" {
				t.Errorf("%s: the note is written", name)
			}
		}
	}
}
