package engine

import (
	"context"
	"errors"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// What a person confirmed is exactly what is done.
func TestAConfirmedPlanIsCarriedOutExactly(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Put(w.ref(), person("2"))
	w.left.Edit(w.ref(), w.left.Items(w.ref())[0].ID, record.Patch{record.Phone: "7"})
	dry, err := w.try(RunOptions{DryRun: true})
	w.must(err)
	if dry.PlanID == "" || len(dry.Plan) != 2 || dry.Right.Created != 1 || dry.Right.Updated != 1 || dry.Run != 0 {
		t.Fatalf("preview %+v", dry)
	}
	again, err := w.try(RunOptions{DryRun: true})
	w.must(err)
	if again.PlanID != dry.PlanID {
		t.Fatal("the same plan has two names")
	}
	r, err := w.try(RunOptions{Plan: dry.PlanID})
	w.must(err)
	if r.Right.Created != 1 || r.Right.Updated != 1 || r.Wrote() != 2 || r.Run == 0 {
		t.Fatalf("report %+v", r)
	}
	w.same()
	w.quiet()
}

func TestAPreviewTellsEachFieldBeforeAndAfter(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1"}))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "2", record.Mobile: "3"})
	dry, err := w.try(RunOptions{DryRun: true})
	w.must(err)
	want := []Value{{record.Mobile, "", "3"}, {record.Phone, "1", "2"}}
	if len(dry.Plan) != 1 || len(dry.Plan[0].Values) != 2 || dry.Plan[0].Values[0] != want[0] || dry.Plan[0].Values[1] != want[1] {
		t.Fatalf("plan %+v", dry.Plan)
	}
	if c := dry.Plan[0]; c.Op != record.Update || c.Side != "right" || c.Title == "" {
		t.Fatalf("change %+v", c)
	}
}

// Whatever moved between the preview and the word of the person: nothing at all is written.
func TestAPlanThatMovedWritesNothing(t *testing.T) {
	moves := map[string]func(*world){
		"another edit":           func(w *world) { w.left.Edit(w.ref(), w.left.Items(w.ref())[0].ID, record.Patch{record.Phone: "8"}) },
		"one write more":         func(w *world) { w.left.Put(w.ref(), person("3")) },
		"one write less":         func(w *world) { w.left.Remove(w.ref(), w.left.Items(w.ref())[1].ID) },
		"the written item moved": func(w *world) { w.right.Adorn(w.ref(), w.one(w.right).ID, "x") },
		"a link more": func(w *world) {
			w.left.Put(w.ref(), person("4"))
			w.right.Put(w.ref(), person("4"))
		},
	}
	for name, move := range moves {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, record.Contact, nil)
			w.left.Put(w.ref(), person("1"))
			w.sync()
			w.left.Put(w.ref(), person("2"))
			w.left.Edit(w.ref(), w.left.Items(w.ref())[0].ID, record.Patch{record.Phone: "7"})
			dry, err := w.try(RunOptions{DryRun: true})
			w.must(err)
			move(w)
			writes := w.left.Writes() + w.right.Writes()
			links, err := w.state.ListLinks(context.Background(), "p")
			w.must(err)
			r, err := w.try(RunOptions{Plan: dry.PlanID})
			if !errors.Is(err, ErrMoved) || r.PlanID == "" || r.PlanID == dry.PlanID || len(r.Plan) == 0 || r.Wrote() != 0 {
				t.Fatalf("error %v, report %+v", err, r)
			}
			after, err := w.state.ListLinks(context.Background(), "p")
			w.must(err)
			if w.left.Writes()+w.right.Writes() != writes || len(after) != len(links) {
				t.Fatal("something was written or linked")
			}
			if now, err := w.try(RunOptions{DryRun: true}); err != nil || now.PlanID != r.PlanID {
				t.Fatalf("the new name is not that of the new plan: %v", err)
			}
			w.must(errorOf(w.try(RunOptions{Plan: r.PlanID})))
		})
	}
}

func errorOf(_ Report, err error) error { return err }

// What changes while the plan is carried out waits for the next run: no second pass writes what nobody saw.
func TestAConfirmedPlanIsOnePass(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.left.Put(w.ref(), person("2"))
	dry, err := w.try(RunOptions{DryRun: true})
	w.must(err)
	w.hook = func(side plan.Side, _ record.Write) {
		w.hook = nil
		w.right.Put(w.ref(), person("3"))
	}
	r, err := w.try(RunOptions{Plan: dry.PlanID})
	w.must(err)
	if r.Wrote() != 2 {
		t.Fatalf("report %+v", r)
	}
	w.count(2, 3)
	w.sync()
	w.count(3, 3)
	w.quiet()
}

// A guard is part of what the name stands for, and still wants its number.
func TestAConfirmedPlanStillStopsAtAGuard(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 8 {
		w.left.Put(w.ref(), person(string(rune('a'+i))))
	}
	w.sync()
	for _, it := range w.left.Items(w.ref())[:7] {
		w.left.Remove(w.ref(), it.ID)
	}
	dry, err := w.try(RunOptions{DryRun: true})
	if !errors.Is(err, ErrGuard) || dry.PlanID == "" {
		t.Fatalf("error %v, preview %+v", err, dry)
	}
	if _, err := w.try(RunOptions{Plan: dry.PlanID}); !errors.Is(err, ErrGuard) {
		t.Fatalf("error %v", err)
	}
	w.count(1, 8)
	w.must(errorOf(w.try(RunOptions{Plan: dry.PlanID, Confirm: []int{7}})))
	w.count(1, 1)
}
