package plan

import (
	"testing"

	"zohosync/sync/record"
)

// What is known of an item decides whether it is removed: who made it, whether its partner is there, whether it was touched. C-8
func TestCreatedRemovesOnlyWhatIsCertain(t *testing.T) {
	base := record.Record{record.LastName: "A", record.Phone: "1"}
	more := base.With(record.Patch{record.Mobile: "2"})
	less := base.With(record.Patch{record.Phone: ""})
	const gone, edited, untold, copied, last = "delete right; ", "edited-since on the right; ", "delete right; untold on the right; ", "maybe-copy on the right; ", "last-copy on the right; "
	marked := func(it *Seen) *Seen { it.Mark = "l"; return it }
	with := func(change func(*Seen)) *Seen { it := marked(item("r", base)); change(it); return it }
	undone := func(tr *Triple, m *Making, _ *Rules) {
		tr.Base = [2]record.Record{tr.Items[Left].Record, tr.Items[Right].Record}
		m.Wrote["r"] = Trace{Revision: "r", Undone: true}
	}
	cases := []struct {
		name   string
		origin string // "": no link
		right  *Seen
		change func(*Triple, *Making, *Rules)
		want   string
	}{
		{"made and untouched", "left", marked(item("r", base)), nil, gone},
		{"its mark was wiped", "left", item("r", base), nil, gone},
		{"it came from here", "right", marked(item("r", base)), nil, ""},
		{"found on both, and marked", "both", marked(item("r", base)), nil, gone},
		{"found on both, no mark", "both", item("r", base), nil, ""},
		{"not linked, and marked", "", marked(item("r", base)), nil, gone},
		{"not linked, no mark", "", item("r", base), nil, ""},
		{"another pair made it", "", with(func(it *Seen) { it.Foreign = true }), nil, ""},
		{"a copy took its place", "left", with(func(it *Seen) { it.Self = "copy" }), nil, copied},
		{"a copy", "", with(func(it *Seen) { it.Self = "copy" }), nil, copied},
		{"its mark names another", "both", with(func(it *Seen) { it.Mark = "other" }), nil, copied},
		{"its mark names nobody", "", with(func(it *Seen) { it.Mark = "other" }), nil, last},
		{"edited", "left", marked(item("r", base)), func(_ *Triple, m *Making, _ *Rules) { m.Wrote["r"] = Trace{Revision: "before"} }, edited},
		{"edited, and wanted", "left", marked(item("r", base)), func(_ *Triple, m *Making, _ *Rules) { m.Wrote["r"], m.Edited = Trace{Revision: "before"}, true }, gone},
		{"edited here alone, and wanted", "left", marked(item("r", more)), func(_ *Triple, m *Making, _ *Rules) { m.Wrote["r"], m.Edited = Trace{Revision: "before"}, true }, "holds-more on the right; "},
		{"its service added to it", "left", marked(item("r", more)), func(tr *Triple, _ *Making, _ *Rules) { tr.Base = [2]record.Record{base, more} }, gone},
		{"an undo wrote it, and both hold it", "left", marked(item("r", base)), undone, gone},
		{"an undo wrote it, and it alone holds it", "left", marked(item("r", more)), undone, "holds-more on the right; "},
		{"its partner was edited since", "left", marked(item("r", base)), func(tr *Triple, _ *Making, _ *Rules) {
			tr.Base = [2]record.Record{base, base}
			tr.Items[Left].Record = less
		}, "holds-more on the right; "},
		{"nobody knows how it was left", "left", marked(item("r", base)), func(_ *Triple, m *Making, _ *Rules) { m.Wrote["r"] = Trace{} }, untold},
		{"nobody knows, and it holds less", "left", marked(item("r", less)), func(_ *Triple, m *Making, _ *Rules) { m.Wrote["r"] = Trace{} }, untold},
		{"nobody knows, and it holds more", "left", marked(item("r", more)), func(_ *Triple, m *Making, _ *Rules) { m.Wrote["r"] = Trace{} }, "holds-more on the right; "},
		{"it holds what no field stands for", "left", marked(item("r", base.With(record.Patch{record.Extra: "1"}))), func(_ *Triple, m *Making, _ *Rules) { m.Wrote["r"] = Trace{} }, "holds-more on the right; "},
		{"a person made a series of it", "left", with(func(it *Seen) { it.Slot = "2026-01-05" }), nil, edited},
		{"its partner is gone", "left", marked(item("r", base)), func(tr *Triple, _ *Making, _ *Rules) { tr.Items[Left].Presence = Gone }, last},
		{"its partner is out of sight", "left", marked(item("r", base)), func(tr *Triple, _ *Making, _ *Rules) { tr.Items[Left].Presence = Missing }, last},
		{"its partner cannot be read", "left", marked(item("r", base)), func(tr *Triple, _ *Making, _ *Rules) { tr.Items[Left].Presence = Skipped }, last},
		{"it is out of sight", "left", with(func(it *Seen) { it.Presence = Missing }), nil, "lost-access on the right; "},
		{"it is gone", "left", with(func(it *Seen) { it.Presence = Gone }), nil, ""},
		{"a write to it was not answered", "left", marked(item("r", base)), func(_ *Triple, m *Making, _ *Rules) { m.Open[1] = true }, "unsure on the right; "},
		{"a version of it waits", "left", marked(item("r", base)), func(tr *Triple, _ *Making, _ *Rules) { tr.Copies = []Copy{{}} }, "keeps-both on the right; "},
		{"its service refused", "left", marked(item("r", base)), func(_ *Triple, m *Making, _ *Rules) {
			m.Barred = map[Place]Problem{{Right, "r"}: {Code: "locked", Side: Right}}
		}, "locked on the right; "},
		{"the side is not written", "left", marked(item("r", base)), func(_ *Triple, _ *Making, r *Rules) { r.Direction = ToLeft }, "read-only on the right; "},
		{"items do not tell, the state does", "left", item("r", base), func(_ *Triple, m *Making, _ *Rules) { m.Made = nil }, gone},
		{"items do not tell, nor does the state", "both", marked(item("r", base)), func(_ *Triple, m *Making, _ *Rules) { m.Made = nil }, copied},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := rules()
			key := Key(r.Scope[Left], "l")
			tr := Triple{Items: [2]*Seen{item("l", base), c.right}}
			m := Making{
				Origins: map[int64]string{1: c.origin}, Wrote: map[record.ID]Trace{"r": {Revision: "r"}}, Open: map[int64]bool{},
				Made: func(it record.Item, k string) bool { return it.Self == "r" && k == key },
			}
			if c.change != nil {
				c.change(&tr, &m, &r)
			}
			var links []Triple
			var unlinked [2][]*Seen
			if c.origin != "" {
				tr.Link = 1
				links = append(links, tr)
			} else {
				unlinked = [2][]*Seen{{tr.Items[Left]}, {c.right}}
			}
			steps, _ := Created(links, unlinked, r, Right, m)
			got := ""
			for _, st := range steps {
				got += sketch(st)
			}
			if got != c.want {
				t.Fatalf("%q, want %q", got, c.want)
			}
		})
	}
}

// Two items with one mark are both uncertain, and so is one whose partner has another.
func TestCreatedDoubtsWhatIsThereTwice(t *testing.T) {
	base := record.Record{record.LastName: "A"}
	one, two := item("r1", base), item("r2", base)
	one.Mark, two.Mark = "l", "l"
	m := Making{Made: func(record.Item, string) bool { return true }}
	if steps, _ := Created(nil, [2][]*Seen{{item("l", base)}, {one, two}}, rules(), Right, m); len(steps) != 2 || !steps[0].Idle() || !steps[1].Idle() {
		t.Errorf("two with one mark: %+v", steps)
	}
	linked := Triple{Link: 1, Items: [2]*Seen{item("l", base), item("r", base)}}
	if steps, _ := Created([]Triple{linked}, [2][]*Seen{nil, {one}}, rules(), Right, m); len(steps) != 1 || !steps[0].Idle() {
		t.Errorf("its partner has another: %+v", steps)
	}
	if _, unknown := Created([]Triple{linked}, [2][]*Seen{}, rules(), Right, Making{}); unknown != 1 {
		t.Errorf("%d are unknown, want 1", unknown)
	}
}
