package engine

import (
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// Occurrences of a series have one title: problems, plans and questions tell their days.
func TestOccurrencesAreToldByTheirDay(t *testing.T) {
	w := newWorld(t, record.Event, func(p *state.Pair) { p.Delete = [2]plan.Deletion{plan.Ask, plan.Ask} })
	for _, day := range []string{"2026-01-12", "2026-01-19"} {
		at := day + "/" + day[:9] + string(day[9]+1)
		w.right.PutSlot(w.ref(), "series", at, record.Record{record.Title: "Weekly", record.When: at})
	}
	dry, err := w.try(RunOptions{DryRun: true, Confirm: confirmAll})
	w.must(err)
	days := map[string]bool{}
	for _, c := range dry.Plan {
		days[Dated(c.Title, c.Day)] = true
	}
	if len(dry.Plan) != 2 || !days["Weekly (2026-01-12)"] || !days["Weekly (2026-01-19)"] {
		t.Fatalf("plan %+v", dry.Plan)
	}
	w.sync()
	for _, it := range w.left.Items(w.ref()) {
		if it.Record.Day(record.Event, nil) == "2026-01-19" {
			w.left.Remove(w.ref(), it.ID)
		}
	}
	r := w.sync()
	if len(r.Items) != 1 || r.Items[0].Title != "Weekly" || r.Items[0].Day != "2026-01-19" {
		t.Fatalf("items %+v", r.Items)
	}
	all, err := w.engine().Questions(t.Context())
	w.must(err)
	if len(all) != 1 || len(all[0].Names) != 1 || all[0].Names[0] != "Weekly (2026-01-19)" {
		t.Fatalf("questions %+v", all)
	}
}

// What undo --created could not remove is told with its day, too.
func TestWhatAnUndoLeavesIsToldByItsDay(t *testing.T) {
	w := newWorld(t, record.Event, nil)
	w.left.Put(w.ref(), record.Record{record.Title: "Weekly", record.When: "2026-01-19/2026-01-20"})
	w.sync()
	w.hook = func(_ plan.Side, wr record.Write) {
		w.hook = nil
		w.right.Edit(w.ref(), wr.ID, record.Patch{record.Venue: "elsewhere"})
	}
	r := w.uncreate(plan.Right, RunOptions{})
	if len(r.Items) != 1 || Dated(r.Items[0].Title, r.Items[0].Day) != "Weekly (2026-01-19)" {
		t.Fatalf("items %+v", r.Items)
	}
	if Dated("", "2026-01-19") != "" || Dated("Ada", "") != "Ada" {
		t.Error("a day without a name, or a name without a day")
	}
}

// What was sent and did not go back has no step any more: its name and day are those of what the journal holds.
func TestWhatDidNotGoBackIsToldByItsDay(t *testing.T) {
	r := &run{undo: newUndo(), pair: state.Pair{Kind: record.Event}}
	weekly := record.Record{record.Title: "Weekly", record.When: "2026-01-19/2026-01-20"}
	r.undo.removed[plan.Place{Side: plan.Right, ID: "a"}] = weekly
	r.undo.done = []plan.Done{{Side: plan.Left, Item: "b", Before: weekly}}
	for _, p := range []plan.Place{{Side: plan.Right, ID: "a"}, {Side: plan.Left, ID: "b"}} {
		r.undo.leftover(p, plan.Problem{Code: plan.CodeEdited, Side: p.Side})
	}
	r.tellLeft()
	for _, it := range r.report.Items {
		if it.Title != "Weekly" || it.Day != "2026-01-19" {
			t.Errorf("item %+v", it)
		}
	}
	if len(r.report.Items) != 2 {
		t.Fatalf("items %+v", r.report.Items)
	}
}
