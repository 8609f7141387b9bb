package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// undo takes a run back and wants it to end without an error.
func (w *world) undo(id int64) Report {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	r, err := w.engine().Undo(context.Background(), id, RunOptions{})
	w.must(err)
	return r
}

// everything is what both services hold, by id, with what no field maps.
func (w *world) everything() map[string]string {
	out := map[string]string{}
	for _, s := range []*memory.Service{w.left, w.right} {
		for _, it := range s.Items(w.ref()) {
			out[string(it.ID)] = string(record.Revise(it.Record, s.Extra(w.ref(), it.ID), string(it.Mark)))
		}
	}
	return out
}

// stays wants three syncs after an undo to write nothing.
func (w *world) stays() {
	w.t.Helper()
	for range 3 {
		w.quiet()
	}
}

// One run that creates, changes and deletes on both sides, taken back: every byte is as it was, and stays so. C-8
func TestUndoBringsBackWhatARunDid(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 8 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	left, right := w.left.Items(w.ref()), w.right.Items(w.ref())
	for i := range 8 {
		w.right.Adorn(w.ref(), right[i].ID, fmt.Sprint("X-LINE:", i))
		w.left.Adorn(w.ref(), left[i].ID, fmt.Sprint("custom ", i))
	}
	w.quiet()
	w.left.Edit(w.ref(), left[0].ID, record.Patch{record.Phone: "1"})
	w.right.Edit(w.ref(), right[1].ID, record.Patch{record.Phone: "2", record.FirstName: ""})
	w.left.Remove(w.ref(), left[2].ID)
	w.right.Remove(w.ref(), right[3].ID)
	w.left.Put(w.ref(), person("new left"))
	w.right.Put(w.ref(), person("new right"))
	before := w.everything()
	r := w.sync()
	if r.Wrote() != 6 {
		t.Fatalf("report %+v", r)
	}
	u := w.undo(r.Run)
	if got := w.everything(); !maps.Equal(got, before) {
		t.Fatalf("after the undo\n%v\nwant\n%v", got, before)
	}
	if len(u.Items) != 0 || u.Undoes != r.Run || u.Left.Deleted != 1 || u.Left.Restored != 1 || u.Left.Updated != 1 || u.Right.Restored != 1 {
		t.Fatalf("report %+v", u)
	}
	w.stays()
	if got := w.everything(); !maps.Equal(got, before) {
		t.Fatal("a later sync took the undo back")
	}
}

// An undo is a run, and can be taken back: the world is as the first run left it, and stays so.
func TestUndoOfAnUndo(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 6 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	left, right := w.left.Items(w.ref()), w.right.Items(w.ref())
	w.left.Edit(w.ref(), left[0].ID, record.Patch{record.Phone: "1"})
	w.left.Remove(w.ref(), left[2].ID)
	w.right.Remove(w.ref(), right[3].ID)
	w.left.Put(w.ref(), person("new"))
	before := w.everything()
	r := w.sync()
	after := w.everything()
	first := w.undo(r.Run)
	if got := w.everything(); !maps.Equal(got, before) {
		t.Fatalf("after the undo %v, want %v", got, before)
	}
	second := w.undo(first.Run)
	if got := w.everything(); !maps.Equal(got, after) || len(second.Items) != 0 {
		t.Fatalf("after the undo of the undo %v, want %v; %+v", got, after, second)
	}
	w.stays()
	w.same()
	w.undo(second.Run)
	if got := w.everything(); !maps.Equal(got, before) {
		t.Fatalf("after the third undo %v, want %v", got, before)
	}
	w.stays()
}

// What was edited since stays as it is, field by field, and is reported.
func TestUndoLeavesWhatWasEditedSince(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1", record.Mobile: "1"}))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "2", record.Mobile: "2"})
	r := w.sync()
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Mobile: "3"})
	u := w.undo(r.Run)
	it := w.one(w.right)
	if it.Record[record.Phone] != "1" || it.Record[record.Mobile] != "3" {
		t.Fatalf("record %v", it.Record)
	}
	wantCode(t, u, plan.CodeEdited, 1)
	if u.Items[0].Field != record.Mobile || u.Items[0].Side != "right" || !u.Waits() {
		t.Fatalf("items %+v", u.Items)
	}
	// The edit itself is news and flows; the field that went back does not.
	w.sync()
	if it := w.one(w.left); it.Record[record.Phone] != "2" || it.Record[record.Mobile] != "3" {
		t.Fatalf("record %v", it.Record)
	}
	w.stays()
}

// What the run created is deleted only if nobody touched it: not even content that no field maps.
func TestUndoLeavesCreatedItemsThatWereTouched(t *testing.T) {
	touch := map[string]func(*world, record.ID){
		"a field":        func(w *world, id record.ID) { w.right.Edit(w.ref(), id, record.Patch{record.Phone: "9"}) },
		"something else": func(w *world, id record.ID) { w.right.Adorn(w.ref(), id, "X-NOTE:mine") },
	}
	for name, edit := range touch {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, record.Contact, nil)
			w.left.Put(w.ref(), person("1"))
			w.left.Put(w.ref(), person("2"))
			r := w.sync()
			edit(w, w.right.Items(w.ref())[0].ID)
			u := w.undo(r.Run)
			w.count(2, 1)
			wantCode(t, u, plan.CodeEdited, 1)
			w.sync()
			w.stays()
			w.count(2, 1)
		})
	}
}

// Somebody edits the item in the very moment in which it is taken back.
func TestUndoLosesNoEditThatHappensMeanwhile(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	r := w.sync()
	w.hook = func(side plan.Side, wr record.Write) {
		w.hook = nil
		w.right.Edit(w.ref(), wr.ID, record.Patch{record.Phone: "meanwhile"})
	}
	u := w.undo(r.Run)
	wantCode(t, u, plan.CodeEdited, 1)
	if it := w.one(w.right); it.Record[record.Phone] != "meanwhile" {
		t.Fatalf("record %v", it.Record)
	}
	w.sync()
	w.same()
	w.stays()
}

// A link with one side missing rests until a person edits what is left, or says "sync again".
func TestWhatAnUndoLeftOnOneSideWaitsForAPerson(t *testing.T) {
	ways := map[string]func(*world, *memory.Service){
		"an edit": func(w *world, s *memory.Service) {
			w.must(errorOf(w.try(RunOptions{})))
			s.Edit(w.ref(), w.one(s).ID, record.Patch{record.Phone: "9"})
			w.must(errorOf(w.try(RunOptions{})))
		},
		"sync again": func(w *world, _ *memory.Service) { w.must(errorOf(w.try(RunOptions{Again: true}))) },
	}
	for name, way := range ways {
		for _, what := range []string{"created", "deleted"} {
			t.Run(what+", "+name, func(t *testing.T) {
				w := newWorld(t, record.Contact, nil)
				w.left.Put(w.ref(), person("1"))
				r := w.sync()
				if what == "deleted" {
					w.right.Remove(w.ref(), w.one(w.right).ID)
					r = w.sync()
					w.count(0, 0)
				}
				w.undo(r.Run)
				w.count(1, 0)
				got := w.sync()
				wantCode(t, got, plan.CodeUndone, 1)
				if got.Waits() {
					t.Fatal("what a person took back is not out of step")
				}
				w.stays()
				w.count(1, 0)
				way(w, w.left)
				w.count(1, 1)
				w.same()
				w.quiet()
			})
		}
	}
}

// The delete policy of a later day makes no deletion of what an undo left.
func TestWhatAnUndoLeftIsNeverDeleted(t *testing.T) {
	for _, policy := range []plan.Deletion{plan.Never, plan.Ask, plan.Propagate} {
		w := newWorld(t, record.Contact, nil)
		w.left.Put(w.ref(), person("1"))
		r := w.sync()
		w.undo(r.Run)
		w.pair.Delete = [2]plan.Deletion{policy, policy}
		w.must(w.state.StorePair(context.Background(), w.pair))
		w.stays()
		w.left.ExpireCursors(w.ref())
		w.right.ExpireCursors(w.ref())
		w.stays()
		w.count(1, 0)
	}
}

// A service that can no longer bring an item back gets it anew, with everything that the record says.
func TestUndoCreatesWhatCannotBeRestored(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	limits := crmLimits()
	limits[record.Contact][record.Department] = record.Limit{ReadOnly: true}
	w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: limits, NoRestore: true, Marks: true, OnApply: w.onApply(plan.Left)})
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1", record.Department: "computed"}))
	w.sync()
	was := w.one(w.left)
	w.right.Remove(w.ref(), w.one(w.right).ID)
	r := w.sync()
	w.count(0, 0)
	u := w.undo(r.Run)
	it := w.one(w.left)
	// What the service alone can write is not there any more, and is taken for nobody's edit.
	if want := was.Record.With(record.Patch{record.Department: ""}); !maps.Equal(it.Record, want) || it.ID == was.ID || u.Left.Created != 1 || len(u.Items) != 0 {
		t.Fatalf("record %v, report %+v", it.Record, u)
	}
	w.stays()
	w.count(1, 0)
	w.undo(u.Run)
	w.count(0, 0)
	w.stays()
}

// The value that lost a conflict comes back too.
func TestUndoBringsBackTheLosingValue(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "left"})
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "right"})
	r := w.sync()
	w.undo(r.Run)
	if w.one(w.left).Record[record.Phone] != "left" || w.one(w.right).Record[record.Phone] != "right" {
		t.Fatalf("left %v, right %v", w.one(w.left).Record, w.one(w.right).Record)
	}
	w.stays()
}

// What somebody else did since is left and told.
func TestUndoTellsWhatHappenedSince(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Delete = [2]plan.Deletion{plan.Never, plan.Never} })
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1"}))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "2"})
	r := w.sync()
	w.right.Remove(w.ref(), w.one(w.right).ID)
	wantCode(t, w.undo(r.Run), plan.CodeGoneSince, 1)
	w.count(1, 0)
	w.stays()
}

// An undo deletes what the run created, and many deletions ask first. It is no question of the pair: syncs go on.
func TestGuardsCountTheDeletionsOfAnUndo(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 9 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	r := w.sync()
	u, err := w.engine().Undo(context.Background(), r.Run, RunOptions{})
	wantGuard(t, u, err, plan.CodeMany, plan.Right, 9)
	w.count(9, 9)
	if p, err := w.state.GetPair(context.Background(), "p"); err != nil || p.Stop != nil {
		t.Fatalf("the pair waits for an answer: %+v, %v", p.Stop, err)
	}
	_, err = w.engine().Undo(context.Background(), r.Run, RunOptions{Confirm: []int{9}})
	w.must(err)
	w.count(9, 0)
	w.stays()
}

func TestUndoIsPreviewedAndConfirmed(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1"}))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "2"})
	r := w.sync()
	ctx, writes := context.Background(), w.right.Writes()
	dry, err := w.engine().Undo(ctx, r.Run, RunOptions{DryRun: true})
	w.must(err)
	if len(dry.Plan) != 1 || dry.Plan[0].Values[0] != (Value{record.Phone, "2", "1"}) || dry.Plan[0].Op != record.Update || w.right.Writes() != writes {
		t.Fatalf("preview %+v", dry)
	}
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Mobile: "5"})
	moved, err := w.engine().Undo(ctx, r.Run, RunOptions{Plan: dry.PlanID})
	if !errors.Is(err, ErrMoved) || w.right.Writes() != writes || moved.PlanID == dry.PlanID {
		t.Fatalf("error %v, report %+v", err, moved)
	}
	_, err = w.engine().Undo(ctx, r.Run, RunOptions{Plan: moved.PlanID})
	w.must(err)
	if it := w.one(w.right); it.Record[record.Phone] != "1" || it.Record[record.Mobile] != "5" {
		t.Fatalf("record %v", it.Record)
	}
}

func TestUndoOfARunThatNobodyKnows(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	r := w.sync()
	w.forget()
	if _, err := w.engine().Undo(context.Background(), r.Run, RunOptions{}); !errors.Is(err, ErrNoRun) {
		t.Fatalf("error %v, want ErrNoRun", err)
	}
	w.count(1, 1)
}

// Occurrences of one object come back with what the object held, however many batches they take.
func TestUndoBringsAWholeSeriesBack(t *testing.T) {
	w := newWorld(t, record.Event, nil)
	for i := range 150 {
		w.right.PutSlot(w.ref(), "series", meeting(i, 0)[record.When], meeting(i, 0))
	}
	w.sync()
	for i, it := range w.right.Items(w.ref()) {
		w.right.Adorn(w.ref(), it.ID, fmt.Sprint("X-LINE:", i))
	}
	w.sync()
	before := w.everything()
	for _, it := range w.left.Items(w.ref()) {
		w.left.Remove(w.ref(), it.ID)
	}
	r, err := w.try(RunOptions{Confirm: []int{150, 1}})
	w.must(err)
	w.count(0, 0)
	w.undo(r.Run)
	w.count(0, 150)
	after := w.everything()
	for id, v := range after {
		if before[id] != v {
			t.Fatalf("%s came back otherwise", id)
		}
	}
	w.stays()
	w.count(0, 150)
}
