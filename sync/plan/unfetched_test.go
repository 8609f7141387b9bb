package plan

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"zohosync/sync/record"
)

// C-26: what a side does not hold, was not asked for, or cannot be read is no field of the pair: it is never sent, and its
// absence clears nothing. A field is cleared only where it was agreed on and its side then lost it.
func TestUnfetchedFieldsAreNeverSentAsEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(record.Kinds).Draw(t, "kind")
		fields := record.FieldsOf(kind)
		r := Rules{Kind: kind, Mapping: DefaultMapping(kind, false), Direction: rapid.SampledFrom([]Direction{Both, ToLeft, ToRight}).Draw(t, "direction"), Conflict: LeftWins}
		var items [2]*Seen
		var base [2]record.Record
		for _, s := range Sides {
			r.Limits[s] = map[record.Field]record.Limit{}
			items[s] = &Seen{Item: record.Item{ID: "i", Self: "i", Record: record.Record{}}, Presence: Present}
			base[s] = record.Record{}
			for _, f := range fields {
				held := rapid.IntRange(0, 3).Draw(t, "held") > 0
				if held {
					r.Limits[s][f] = record.Limit{ReadOnly: rapid.IntRange(0, 5).Draw(t, "fixed") == 0}
				}
				value := rapid.SampledFrom([]string{"", "one", "two"})
				// A field that was held once may have a base that nobody looks at any more.
				if v := value.Draw(t, "base"); v != "" {
					base[s][f] = v
				}
				if v := value.Draw(t, "value"); v != "" && held {
					items[s].Record[f] = v
				}
			}
		}
		triple := Triple{Link: 1, Items: items, Base: base}
		if rapid.Bool().Draw(t, "new") {
			triple = Triple{Items: [2]*Seen{nil, items[Right]}}
		}
		st := Make(triple, r)
		for _, to := range Sides {
			if st.Acts[to] == nil {
				continue
			}
			from := to.Other()
			for f, v := range st.Acts[to].Write.Patch {
				_, here := r.Limits[from][f]
				limit, there := r.Limits[to][f]
				switch {
				case !slices.Contains(fields, f) || !here || !there || limit.ReadOnly:
					t.Fatalf("%s is sent as %q: held here %v, there %v", f, v, here, there)
				case triple.Link != 0 && record.Lookup(kind, f).Type == record.List && v == joinLabels(base[from][f], triple.Items[Left].Record[f], triple.Items[Right].Record[f]):
					// Categories that both sides changed go over together.
				case v != triple.Items[from].Record[f]:
					t.Fatalf("%s is sent as %q, its side holds %q", f, v, triple.Items[from].Record[f])
				case v == "" && base[from][f] == "":
					t.Fatalf("%s is cleared, and never had a value", f)
				}
			}
		}
	})
}
