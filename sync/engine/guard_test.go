package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

func TestEmptyListingStopsThePair(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 8 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	w.right.ExpireCursors(w.ref())
	w.right.Fail(memory.EmptyListing, 1)
	r, err := w.try(RunOptions{})
	wantGuard(t, r, err, plan.CodeEmptied, plan.Right, 8)
	w.count(8, 8)
	w.quiet()
	w.count(8, 8)
}

func TestManyDeletionsStopThePairUntilTheNumberIsConfirmed(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 12 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	for _, it := range w.left.Items(w.ref())[:6] {
		w.left.Remove(w.ref(), it.ID)
	}
	r, err := w.try(RunOptions{})
	wantGuard(t, r, err, plan.CodeMany, plan.Right, 6)
	w.count(6, 12)
	if r, err = w.try(RunOptions{Confirm: []int{5}}); err == nil {
		t.Fatalf("the wrong number went through: %+v", r)
	}
	p, err := w.state.GetPair(context.Background(), "p")
	w.must(err)
	if p.Stop == nil || p.Stop.Number != 6 {
		t.Fatalf("stop %v", p.Stop)
	}
	if _, err = w.try(RunOptions{Confirm: []int{6}}); err != nil {
		t.Fatal(err)
	}
	w.count(6, 6)
	w.quiet()
	if p, _ = w.state.GetPair(context.Background(), "p"); p.Stop != nil {
		t.Fatal("the guard still waits")
	}
}

func TestAllChangedAtOnceStopsThePair(t *testing.T) {
	w := newWorld(t, record.Event, nil)
	for i := range 6 {
		w.left.Put(w.ref(), meeting(i, 0))
	}
	w.sync()
	for i, it := range w.left.Items(w.ref()) {
		w.left.Edit(w.ref(), it.ID, record.Patch{record.When: meeting(i, 1)[record.When]})
	}
	r, err := w.try(RunOptions{})
	wantGuard(t, r, err, plan.CodeAll, plan.Left, 6)
	if r.Wrote() != 0 {
		t.Fatalf("report %+v", r)
	}
}

func meeting(day, shift int) record.Record {
	start := time.Date(2026, 1, 10+day, 9+shift, 0, 0, 0, time.UTC)
	return record.Record{record.Title: fmt.Sprint("m", day), record.When: record.FormatSpan(start, start.Add(time.Hour))}
}

func TestOverlongValueStaysAndIsListed(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	long := strings.Repeat("x", 41)
	w.right.Put(w.ref(), person("1").With(record.Patch{record.FirstName: long, record.Phone: "1"}))
	r := w.sync()
	wantCode(t, r, provider.CodeTooLong, 1)
	if got := w.one(w.left).Record; got[record.FirstName] != "" || got[record.Phone] != "1" {
		t.Fatalf("record %v", got)
	}
	if w.one(w.right).Record[record.FirstName] != long {
		t.Fatal("the long value was cut on its own side")
	}
	w.quiet()
	wantCode(t, w.sync(), provider.CodeTooLong, 1)
}

func TestMissingMandatoryFieldIsListedAndStopsNobodyElse(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), record.Record{record.EmailMain: "a@example.com"})
	w.right.Put(w.ref(), person("1"))
	r := w.sync()
	wantCode(t, r, provider.CodeMandatory, 1)
	w.count(1, 2)
	w.quiet()
}

func TestUntitledEventGetsANameInTheCRMOnly(t *testing.T) {
	w := newWorld(t, record.Event, nil)
	w.right.Put(w.ref(), record.Record{record.When: meeting(1, 0)[record.When]})
	w.sync()
	if got := w.one(w.left).Record[record.Title]; got != plan.Untitled {
		t.Fatalf("title %q", got)
	}
	w.quiet()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Venue: "here"})
	w.sync()
	if got := w.one(w.right).Record[record.Title]; got != "" {
		t.Fatalf("title %q was written back", got)
	}
}

func TestRefusedFieldStaysAndTheOthersAreWritten(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Fail(memory.Refused, 1)
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "1"})
	r := w.sync()
	if !r.Waits() || w.one(w.left).Record[record.Phone] != "" {
		t.Fatalf("report %+v", r)
	}
	if r, err := w.try(RunOptions{Retry: true}); err != nil || r.Left.Updated != 1 || r.Waits() {
		t.Fatalf("report %+v, error %v", r, err)
	}
	w.same()
}

func TestRunsOfCreatesThatFailAlikeStopBeforeDeleting(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 3 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	w.left.Remove(w.ref(), w.left.Items(w.ref())[0].ID)
	for i := range 4 {
		w.left.Put(w.ref(), person(fmt.Sprint(i+20)))
	}
	w.right.Fail(memory.Refused, 4)
	r, err := w.try(RunOptions{})
	wantGuard(t, r, err, plan.CodeFailing, plan.Right, 4)
	if len(w.right.Items(w.ref())) != 3 {
		t.Fatal("something was deleted")
	}
}

// A dry run that a guard would stop shows what it would do and leaves the pair as it is.
func TestADryRunShowsWhatAGuardWouldStop(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 12 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	for _, it := range w.left.Items(w.ref())[:6] {
		w.left.Remove(w.ref(), it.ID)
	}
	r, err := w.try(RunOptions{DryRun: true})
	wantGuard(t, r, err, plan.CodeMany, plan.Right, 6)
	if len(r.Plan) != 6 {
		t.Fatalf("plan %+v", r.Plan)
	}
	p, err := w.state.GetPair(context.Background(), "p")
	w.must(err)
	if p.Stop != nil {
		t.Fatal("a dry run stopped the pair")
	}
	w.count(6, 12)
}
