package engine

import (
	"context"
	"fmt"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

func TestLostAnswersLoseAndDoubleNothing(t *testing.T) {
	for _, fault := range []memory.Fault{memory.LostAnswer, memory.LostConnection, memory.LostRequest, memory.Unsent, memory.NoResult, memory.FalseConflict} {
		for _, side := range plan.Sides {
			t.Run(string(fault)+" "+side.String(), func(t *testing.T) {
				w := newWorld(t, record.Contact, nil)
				for i := range 4 {
					w.left.Put(w.ref(), person(fmt.Sprint(i)))
					w.right.Put(w.ref(), person(fmt.Sprint(i+10)))
				}
				[2]*memory.Service{w.left, w.right}[side].Fail(fault, 2)
				_, _ = w.try(RunOptions{})
				w.left.Calm()
				w.right.Calm()
				w.now = w.now.Add(time.Hour)
				_, _ = w.try(RunOptions{})
				_, _ = w.try(RunOptions{Retry: true})
				w.count(8, 8)
				w.same()
				w.quiet()
			})
		}
	}
}

func TestUnansweredCreateIsNotRepeatedInTheSameRun(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), person("1"))
	w.left.Fail(memory.LostRequest, 1)
	r, err := w.try(RunOptions{})
	if err == nil {
		t.Fatal("a lost connection ends the run")
	}
	wantCode(t, r, plan.CodeUnsure, 1)
	w.count(0, 1)
	w.sync()
	w.count(1, 1)
	w.quiet()
}

func TestLostStateCreatesNothing(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 5 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
		w.right.Put(w.ref(), person(fmt.Sprint(i+10)))
	}
	w.sync()
	w.forget()
	w.quiet()
	w.count(10, 10)
}

func TestEditWhileTheStateWasLostIsFoundByTheMark(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.LastName: "Changed", record.EmailMain: "new@example.com"})
	w.forget()
	w.sync()
	w.count(1, 1)
	w.same()
	w.quiet()
}

// R10: what can no longer be read is lost, not deleted: its link is frozen, shown, and goes on when it is there again.
func TestLostAccessIsNoDeletion(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 3 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	hidden := w.left.Items(w.ref())[0].ID
	w.left.Hide(w.ref(), hidden)
	w.left.ExpireCursors(w.ref())
	r := w.sync()
	wantCode(t, r, plan.CodeLostAccess, 1)
	if n := len(w.right.Items(w.ref())); n != 3 {
		t.Fatalf("%d items on the right", n)
	}
	w.left.Show(w.ref(), hidden)
	w.left.ExpireCursors(w.ref())
	if r = w.sync(); r.Waits() {
		t.Fatalf("report %+v", r)
	}
}

func TestUnreadableItemIsNeverDeleted(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Spoil(w.ref(), w.one(w.right).ID, provider.CodeUnreadable)
	for range 5 {
		wantCode(t, w.sync(), provider.CodeUnreadable, 1)
	}
	if len(w.left.Items(w.ref())) != 1 {
		t.Fatal("its partner was deleted")
	}
}

func TestMissingCollectionIsAStateOfThePair(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Drop(w.ref())
	if _, err := w.try(RunOptions{}); err == nil {
		t.Fatal("want an error")
	}
	if len(w.left.Items(w.ref())) != 1 {
		t.Fatal("a missing collection deleted an item")
	}
	w.right.Return(w.ref())
	w.quiet()
	w.count(1, 1)
}

// An edit went over, but its answer was lost; then the item was deleted where it had been edited. What stands on the other
// side is our own write and nobody's edit: the deletion counts.
func TestDeletionAfterAnUnansweredWriteCounts(t *testing.T) {
	for _, side := range plan.Sides {
		for _, fault := range []memory.Fault{memory.LostAnswer, memory.LostConnection} {
			t.Run(side.String()+" "+string(fault), func(t *testing.T) {
				w := newWorld(t, record.Contact, nil)
				w.left.Put(w.ref(), person("1"))
				w.left.Put(w.ref(), person("2"))
				w.sync()
				from, to := w.service(side), w.service(side.Other())
				id := from.Items(w.ref())[0].ID
				from.Edit(w.ref(), id, record.Patch{record.Phone: "77"})
				to.Fail(fault, 1)
				_, _ = w.try(RunOptions{})
				from.Remove(w.ref(), id)
				w.sync()
				w.count(1, 1)
				w.quiet()
			})
		}
	}
}

// The same, and somebody edited the other side after our write: the edit wins over the deletion.
func TestEditAfterAnUnansweredWriteSurvivesTheDeletion(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	id := w.one(w.left).ID
	w.left.Edit(w.ref(), id, record.Patch{record.Phone: "77"})
	w.right.Fail(memory.LostConnection, 1)
	_, _ = w.try(RunOptions{})
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Title: "Countess"})
	w.left.Remove(w.ref(), id)
	w.sync()
	w.count(1, 1)
	if it := w.one(w.left); it.Record[record.Title] != "Countess" || it.Record[record.Phone] != "77" {
		t.Fatalf("record %v", it.Record)
	}
	w.quiet()
}

// Who lost access to an item did not delete it: a deletion that finds nothing waits until the item is seen again, and an undo
// makes no second one beside it.
func TestADeletionThatFindsNothingWaits(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	id := w.left.Put(w.ref(), person("1"))
	w.sync()
	w.sync()
	w.left.Hide(w.ref(), id)
	w.right.Remove(w.ref(), w.one(w.right).ID)
	r := w.sync()
	wantCode(t, r, plan.CodeUnseen, 1)
	if r.Waits() {
		t.Errorf("somebody is bothered with it: %+v", r.Items)
	}
	if r.Left.Deleted != 0 {
		t.Errorf("%d deleted of what nobody sees", r.Left.Deleted)
	}
	if _, err := w.engine().Undo(context.Background(), r.Run, RunOptions{Confirm: confirmAll}); err != nil {
		t.Fatal(err)
	}
	w.count(1, 0)
	w.left.Show(w.ref(), id)
	w.sync()
	w.count(0, 0)
	w.quiet()
}

// After the state was lost, a service that knows a create again answers it with what it made then. That one is no new item on
// its own side, however little both are alike by now.
func TestWhatACreateFindsAgainIsNotCreatedOnTheOtherSide(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.forget()
	made := w.one(w.right).ID
	w.right.SetMark(w.ref(), made, "")
	w.right.Edit(w.ref(), made, record.Patch{record.FirstName: "Grace", record.LastName: "Hopper", record.EmailMain: "grace@example.com"})
	w.sync()
	w.count(1, 1)
	w.sync()
	w.count(1, 1)
}

// A create that went out long after it was noted, since the computer slept meanwhile, is waited for as if it had been noted then:
// the feed of a CRM that lags does not tell of it yet.
func TestACreateThatWentOutLateIsNotSentAgain(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), OnApply: w.onApply(plan.Left), Lag: 10 * time.Minute})
	sleep := func(d time.Duration) {
		w.now = w.now.Add(d)
		w.left.Advance(d)
	}
	w.right.Put(w.ref(), person("1"))
	w.hook = func(side plan.Side, wr record.Write) {
		sleep(time.Hour)
		w.left.Fail(memory.LostAnswer, 1)
	}
	_, _ = w.try(RunOptions{})
	w.hook = nil
	for range 3 {
		sleep(5 * time.Minute)
		_, _ = w.try(RunOptions{})
	}
	w.count(1, 1)
	w.same()
	sleep(time.Hour)
	w.quiet()
}
