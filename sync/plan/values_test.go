package plan

import (
	"testing"

	"pgregory.net/rapid"

	"zohosync/sync/record"
)

// C-28: whatever the table of words, also one that cannot be turned round, each edit is carried over once: a second plan
// has nothing to write, in either direction.
func TestValueTablesAreIdempotent(t *testing.T) {
	words := []string{"a", "b", "c", "Blue; or so", "d"}
	rapid.Check(t, func(t *rapid.T) {
		row := Row{Left: record.Categories, Right: record.Categories, Values: map[string]string{}}
		for _, w := range words {
			if rapid.Bool().Draw(t, "mapped") {
				row.Values[w] = rapid.SampledFrom(words).Draw(t, "to")
			}
		}
		r := Rules{Kind: record.Task, Mapping: []Row{row}, Direction: Both, Conflict: LeftWins}
		for _, s := range Sides {
			r.Limits[s] = map[record.Field]record.Limit{record.Categories: {}}
		}
		list := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(words), 0, 4), func(w []string) string { return record.Canonical(record.List, record.Join(w...)) })
		var items [2]*Seen
		var base [2]record.Record
		for _, s := range Sides {
			items[s] = &Seen{Item: record.Item{ID: "i", Self: "i", Record: record.Record{record.Categories: list.Draw(t, "value")}}, Presence: Present}
			base[s] = record.Record{record.Categories: list.Draw(t, "base")}
		}
		// What both sides added to a list is joined in two rounds, the left's first; from then on nothing is written.
		for round := range 4 {
			st := Make(Triple{Link: 1, Items: items, Base: base}, r)
			if round > 1 && !st.Idle() {
				t.Fatalf("round %d writes %+v %+v; items %v %v", round, st.Acts[Left], st.Acts[Right], items[Left].Record, items[Right].Record)
			}
			for _, s := range Sides {
				base[s] = base[s].With(st.Agree[s])
				if a := st.Acts[s]; a != nil {
					items[s].Record = items[s].Record.With(a.Write.Patch)
					for _, of := range Sides {
						base[of] = base[of].With(a.Agree[of])
					}
				}
			}
		}
	})
}

func TestWordsAreTranslatedOneByOne(t *testing.T) {
	row := Row{Left: record.Categories, Right: record.Categories, Values: map[string]string{"VIP": "Important", "Key": "Important"}}
	for range 20 {
		if got := row.translate("Other;VIP", Left); got != "Important;Other" {
			t.Fatalf("to the right: %q", got)
		}
		if got := row.translate("Important;Other", Right); got != "Key;Other" {
			t.Fatalf("to the left: %q", got)
		}
	}
}
