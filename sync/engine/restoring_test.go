package engine

import (
	"context"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// unseen is a record that an undo was to bring back, without an answer, and that the account may no longer see. It returns the
// record, and the run that is to be taken back.
func unseen(t *testing.T, fault memory.Fault, noBin bool) (w *world, id record.ID, run int64) {
	w = newWorld(t, record.Contact, nil)
	w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), NoBin: noBin, OnApply: w.onApply(plan.Left)})
	w.right.Put(w.ref(), person("1"))
	run = w.undo(w.sync().Run).Run
	w.count(0, 1)
	w.left.Fail(fault, 1)
	_, _ = w.engine().Undo(context.Background(), run, RunOptions{})
	w.left.Calm()
	for _, it := range w.left.Items(w.ref()) {
		id = it.ID
		w.left.Hide(w.ref(), id)
	}
	w.now = w.now.Add(time.Hour)
	return w, id, run
}

// A record was brought back, the answer was lost, and then the access to it. Its partner is edited meanwhile, and the run taken
// back once more: it is never there twice, and in step again once it can be seen.
func TestARestoredRecordOutOfSightIsNotMadeTwice(t *testing.T) {
	for _, noBin := range []bool{false, true} {
		w, id, run := unseen(t, memory.LostConnection, noBin)
		w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "9"})
		for range 3 {
			wantCode(t, w.sync(), plan.CodeUnsure, 1)
			w.count(1, 1)
		}
		open, err := w.engine().Questions(context.Background())
		w.must(err)
		if len(open) != 1 || open[0].Code != plan.CodeUnsure || open[0].Side != plan.Right || len(open[0].Names) != 1 {
			t.Fatalf("questions %+v", open)
		}
		wantCode(t, w.undo(run), plan.CodeUnsure, 1)
		w.count(1, 1)
		// The question outlives the journal.
		w.now = w.now.Add(state.Keeping + time.Hour)
		w.sync()
		wantCode(t, w.sync(), plan.CodeUnsure, 1)
		w.count(1, 1)
		w.left.Show(w.ref(), id)
		w.sync()
		w.count(1, 1)
		w.same()
		w.stays()
		if w.one(w.left).Record[record.Phone] != "9" {
			t.Fatalf("record %v", w.one(w.left).Record)
		}
		if open, err := w.engine().Questions(context.Background()); err != nil || len(open) != 0 {
			t.Fatalf("questions %+v, %v", open, err)
		}
	}
}

// What never arrived and is known to be deleted still waits for nobody: an edit makes it anew.
func TestARestoreThatNeverArrivedLeavesNoQuestion(t *testing.T) {
	w, _, run := unseen(t, memory.LostRequest, false)
	wantCode(t, w.sync(), plan.CodeUnsure, 0)
	w.count(0, 1)
	w.undo(run)
	w.count(1, 1)
	w.stays()
	w.same()
}

// A service that does not tell whether it is deleted leaves it to a person, who may say that it is not there.
func TestAPersonSaysThatARestoreDidNotArrive(t *testing.T) {
	w, _, _ := unseen(t, memory.LostRequest, true)
	ctx := context.Background()
	wantCode(t, w.sync(), plan.CodeUnsure, 1)
	w.count(0, 1)
	open, err := w.engine().Questions(ctx)
	w.must(err)
	if len(open) != 1 || !open[0].Takes(plan.ChoiceAgain) || open[0].Takes(plan.ChoiceNew) {
		t.Fatalf("questions %+v", open)
	}
	w.must(w.engine().Answer(ctx, open[0].ID, plan.ChoiceLater))
	w.stays()
	w.count(0, 1)
	w.must(w.engine().Answer(ctx, open[0].ID, plan.ChoiceAgain))
	w.sync()
	w.count(1, 1)
	w.same()
	w.stays()
	if open, err := w.engine().Questions(ctx); err != nil || len(open) != 0 {
		t.Fatalf("questions %+v, %v", open, err)
	}
}

// The same request twice: whoever takes the run back once more before the first attempt is settled is not given a second one.
func TestARestoreIsSentAgainWhileTheFirstWaits(t *testing.T) {
	w, _, run := unseen(t, memory.LostRequest, true)
	w.sync()
	w.undo(run)
	w.count(1, 1)
	w.sync()
	w.stays()
	w.count(1, 1)
	w.same()
	if open, err := w.state.OpenIntents(context.Background(), "p"); err != nil || len(open) != 0 {
		t.Fatalf("%d intents are open, %v", len(open), err)
	}
}
