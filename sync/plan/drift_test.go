package plan

import (
	"testing"

	"zohosync/sync/record"
)

// C-65: what neither side changed and yet differs is listed; what one of them cannot hold, or changed, is not.
func TestDrift(t *testing.T) {
	one, two := record.Record{record.Phone: "1"}, record.Record{record.Phone: "2"}
	bases := func(left, right record.Record) [2]record.Record { return [2]record.Record{left, right} }
	for _, c := range []struct {
		name string
		base [2]record.Record
		held string
		want int
	}{
		{"both as agreed", bases(one, two), "", 1},
		{"the left changed", bases(two, two), "", 0},
		{"the right changed", bases(one, one), "", 0},
		{"it stays on the left", bases(one.With(record.Patch{stays(record.Phone): "1"}), two), "", 0},
		{"it stays on the right", bases(one, two.With(record.Patch{stays(record.Phone): "2"})), "", 0},
		{"the link rests", bases(one, two), CodeHeld, 0},
	} {
		tr := linked(nil, one, two)
		tr.Base, tr.Held = c.base, c.held
		if got := Drift(tr, rules()); len(got[Left]) != c.want || len(got[Right]) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
