package plan

import (
	"testing"

	"zohosync/sync/record"
)

// Several writes of one run to one item are taken back as one.
func TestUndoTakesBackWhatARunDidInAll(t *testing.T) {
	base := record.Record{record.LastName: "A", record.Phone: "1"}
	first := base.With(record.Patch{record.Phone: "2"})
	second := first.With(record.Patch{record.Phone: "3", record.Mobile: "4"})
	update := func(before, after record.Record) Done {
		return Done{Side: Right, Op: record.Update, Item: "r", Before: before, Patch: record.Diff(before, after), After: after, Revision: "r"}
	}
	created := Done{Side: Right, Op: record.Create, Item: "r", Patch: record.Patch(base), After: base, Revision: "r0", Was: [2]record.Item{{ID: "l"}, {}}}
	deleted := Done{Side: Right, Op: record.Delete, Item: "r", Before: second, Was: [2]record.Item{{ID: "l"}, {ID: "r"}}}
	gone := func(rec record.Record) *Seen { it := item("r", rec); it.Presence = Gone; return it }
	missing := item("r", second)
	missing.Presence = Missing
	cases := []struct {
		name string
		run  []Done
		now  *Seen
		want string
	}{
		{"two updates", []Done{update(base, first), update(first, second)}, item("r", second), "update right map[mobile: phone:1]; "},
		{"one field was edited since", []Done{update(base, second)}, item("r", second.With(record.Patch{record.Mobile: "9"})), "update right map[phone:1]; edited-since on the right; "},
		{"it is as before already", []Done{update(base, second)}, item("r", base), ""},
		{"it is gone since", []Done{update(base, second)}, nil, "gone-since on the right; "},
		{"access is lost", []Done{update(base, second)}, missing, "lost-access on the right; "},
		{"created and changed", []Done{created, update(base, first)}, item("r", first), "delete right; "},
		{"created, and edited since", []Done{created}, item("r", base), "edited-since on the right; "},
		{"created, and gone since", []Done{created}, nil, ""},
		{"created and deleted", []Done{created, deleted}, nil, ""},
		{"changed and deleted", []Done{update(base, first), deleted}, gone(second), "restore right map[last_name:A phone:1]; "},
		{"deleted, and back already", []Done{deleted}, item("r", second), ""},
		{"deleted, and access is lost", []Done{deleted}, missing, "lost-access on the right; "},
		{"sent without an answer", []Done{{Side: Right, Op: record.Create, Patch: record.Patch(base), Was: [2]record.Item{{ID: "l"}, {}}}}, nil, "unsure on the left; "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			around := func(p Place) Triple {
				tr := Triple{Link: 1, Base: [2]record.Record{base, base}}
				tr.Items[Left], tr.Items[Right] = item("l", base), c.now
				return tr
			}
			got := ""
			for _, st := range Undo(c.run, rules(), Undoing{Around: around}) {
				got += sketch(st)
			}
			if got != c.want {
				t.Fatalf("%q, want %q", got, c.want)
			}
		})
	}
}

// An item that has a new partner by now is not brought back beside it.
func TestUndoBringsNothingBackTwice(t *testing.T) {
	base := record.Record{record.LastName: "A"}
	run := []Done{{Side: Right, Op: record.Delete, Item: "r", Before: base, Was: [2]record.Item{{ID: "l"}, {ID: "r"}}}}
	for presence, want := range map[Presence]string{
		Present: "replaced-since on the right; ", Missing: "replaced-since on the right; ", Skipped: "replaced-since on the right; ",
		Gone: "restore right map[last_name:A]; ",
	} {
		around := func(p Place) Triple {
			if p.Side == Left {
				other := item("r2", base)
				other.Presence = presence
				return Triple{Link: 2, Items: [2]*Seen{item("l", base), other}}
			}
			return Triple{}
		}
		steps := Undo(run, rules(), Undoing{Around: around})
		if len(steps) != 1 || sketch(steps[0]) != want {
			t.Fatalf("%s: %+v", presence, steps)
		}
	}
}

// Where it is not known what a create left, nobody knows whether it was touched since: it is not deleted, whatever the service
// calls its version.
func TestUndoDeletesNothingThatMayHaveBeenTouched(t *testing.T) {
	now := item("r", record.Record{record.LastName: "A"})
	now.Revision = ""
	around := func(Place) Triple { return Triple{Items: [2]*Seen{nil, now}} }
	run := []Done{{Side: Right, Op: record.Create, Item: "r", Patch: record.Patch{record.LastName: "A"}}}
	if steps := Undo(run, rules(), Undoing{Around: around}); len(steps) != 1 || sketch(steps[0]) != "edited-since on the right; " {
		t.Fatalf("%+v", steps)
	}
}

// The name of a plan is that of what it does: not of the order, and not of what does nothing.
func TestDigestStandsForWhatIsDone(t *testing.T) {
	base := record.Record{record.LastName: "A"}
	one := Make(linked(base, base.With(record.Patch{record.Phone: "1"}), base), rules())
	two := Make(linked(base, base, base.With(record.Patch{record.Phone: "2"})), rules())
	idle := Make(linked(base, base, base), rules())
	name := Digest([]Step{one, two, idle}, nil)
	if Digest([]Step{two, one}, nil) != name {
		t.Error("the order, or a step that does nothing, changes the name")
	}
	other := Make(linked(base, base, base.With(record.Patch{record.Phone: "3"})), rules())
	for what, d := range map[string]string{
		"a write less":   Digest([]Step{one}, nil),
		"another value":  Digest([]Step{one, other}, nil),
		"a guard":        Digest([]Step{one, two}, []Guard{{Code: CodeMany, Number: 7}}),
		"another number": Digest([]Step{one, two}, []Guard{{Code: CodeMany, Number: 8}}),
	} {
		if d == name {
			t.Errorf("%s has the same name", what)
		}
	}
	if Digest(nil, []Guard{{Code: CodeMany, Number: 7}}) == Digest(nil, []Guard{{Code: CodeMany, Number: 8}}) {
		t.Error("the number of a guard is no part of the name")
	}
}
