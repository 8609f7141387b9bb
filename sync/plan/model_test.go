package plan

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"zohosync/sync/record"
)

// modelFields are few, and so are their values: whatever can meet does meet.
var modelFields = []record.Field{record.LastName, record.Phone, record.Details}

func drawRecord(rt *rapid.T, label string) record.Record {
	r := record.Record{record.LastName: "L"}
	for _, f := range modelFields {
		if v := rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(rt, label+" "+string(f)); v != "" {
			r[f] = v
		}
	}
	return r
}

func drawTriple(rt *rapid.T) Triple {
	presences := []Presence{Present, Present, Present, Gone, Gone, Missing, Skipped}
	base := drawRecord(rt, "base")
	t := Triple{Link: 1}
	for _, s := range Sides {
		it := item(s.String(), drawRecord(rt, s.String()))
		if rapid.Bool().Draw(rt, s.String()+" unchanged") {
			it.Record = base
		}
		it.Presence = rapid.SampledFrom(presences).Draw(rt, s.String()+" presence")
		t.Items[s], t.Base[s] = it, base
	}
	if rapid.IntRange(0, 5).Draw(rt, "alone") == 0 {
		alone := Side(rapid.IntRange(0, 1).Draw(rt, "which"))
		t.Link, t.Items[alone.Other()], t.Base = 0, nil, [2]record.Record{}
	}
	t.Held = rapid.SampledFrom([]string{"", "", CodeUndone, CodeOutOfReach}).Draw(rt, "held")
	t.Contested = rapid.IntRange(0, 9).Draw(rt, "contested") == 0
	t.Adopted = rapid.IntRange(0, 9).Draw(rt, "adopted") == 0
	return t
}

func drawRules(rt *rapid.T) Rules {
	r := rules()
	r.Direction = rapid.SampledFrom([]Direction{Both, Both, ToLeft, ToRight}).Draw(rt, "direction")
	r.Conflict = rapid.SampledFrom([]Policy{LeftWins, RightWins}).Draw(rt, "conflict")
	for _, s := range Sides {
		r.ReadOnly[s] = rapid.IntRange(0, 4).Draw(rt, "read only") == 0
		r.Delete[s] = rapid.SampledFrom([]Deletion{Propagate, Never, Ask}).Draw(rt, "delete")
	}
	r.Mapping = slices.DeleteFunc(r.Mapping, func(row Row) bool { return row.Left == record.Details })
	return r
}

// Whatever two sides hold and whatever the rules are: no step deletes what nobody deleted, what somebody changed, or against
// the rule; none writes on a side that may not be written, to what cannot be read, to a field outside the mapping, or a value
// that the other side does not hold (R5, C-5, C-26, C.11).
func TestMakeKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		for range 50 {
			promises(rt, drawTriple(rt), drawRules(rt))
		}
	})
}

func promises(rt *rapid.T, tr Triple, r Rules) {
	st := Make(tr, r)
	for _, s := range Sides {
		a, it, other := st.Acts[s], tr.Items[s], tr.Items[s.Other()]
		if a == nil {
			continue
		}
		if r.ReadOnly[s] || r.Direction == ToLeft && s == Right || r.Direction == ToRight && s == Left {
			rt.Fatalf("writes on the %s, which may not be written: %s", s, sketch(st))
		}
		for _, one := range tr.Items {
			if one != nil && (one.Presence == Missing || one.Presence == Skipped) && tr.Link != 0 {
				rt.Fatalf("writes although nothing is known of a side: %s", sketch(st))
			}
		}
		if a.Write.Op == record.Delete {
			deleted(rt, tr, r, st, s)
			continue
		}
		for f, v := range a.Write.Patch {
			if f == record.Details || other == nil || other.Record[f] != v {
				rt.Fatalf("writes %s %q, which the other side does not hold or the pair does not map: %s", f, v, sketch(st))
			}
			if a.Write.Op == record.Update && it.Record[f] == v {
				rt.Fatalf("writes %s as it is: %s", f, sketch(st))
			}
		}
	}
}

func deleted(rt *rapid.T, tr Triple, r Rules, st Step, s Side) {
	other := tr.Items[s.Other()]
	if other == nil || other.Presence != Gone || r.Delete[s] != Propagate {
		rt.Fatalf("deletes on the %s what nobody deleted, or against the rule %s: %s", s, r.Delete[s], sketch(st))
	}
	for _, f := range modelFields {
		if f != record.Details && tr.Items[s].Record[f] != tr.Base[s][f] {
			rt.Fatalf("deletes on the %s what somebody changed: %s", s, sketch(st))
		}
	}
}
