package engine

import (
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// One side refuses its part of a merge while a person edits the other: that edit is still brought over.
func TestARefusalHidesNoEditThatItsRunBroughtToLight(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	right := w.one(w.right).ID
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "1"})
	w.right.Edit(w.ref(), right, record.Patch{record.Fax: "2"})
	edited := false
	w.hook = func(side plan.Side, _ record.Write) {
		if side == plan.Right && !edited {
			edited = w.right.Edit(w.ref(), right, record.Patch{record.Title: "new"})
		}
	}
	w.left.Fail(memory.Refused, 1)
	w.sync()
	w.sync()
	if got := w.one(w.left).Record[record.Title]; got != "new" {
		t.Fatalf("title %q: an edit is lost on the way", got)
	}
	w.same()
	w.quiet()
}

// A refused delete, create or update rests with its reason, and is tried again when something changes.
func TestARefusedWriteRestsUntilSomethingChanges(t *testing.T) {
	for _, op := range []record.Op{record.Create, record.Update, record.Delete} {
		t.Run(string(op), func(t *testing.T) {
			w := newWorld(t, record.Contact, nil)
			id := w.left.Put(w.ref(), person("1"))
			switch op {
			case record.Update:
				w.sync()
				w.left.Edit(w.ref(), id, record.Patch{record.Phone: "1"})
			case record.Delete:
				w.sync()
				w.left.Remove(w.ref(), id)
			}
			w.right.Fail(memory.Refused, 1)
			wantCode(t, w.sync(), "refused", 1)
			w.quiet()
			wantCode(t, w.sync(), "refused", 1)
			r, err := w.try(RunOptions{Retry: true})
			w.must(err)
			if r.Right.Created+r.Right.Updated+r.Right.Deleted != 1 || r.Waits() {
				t.Fatalf("report %+v", r)
			}
			w.same()
		})
	}
}

// A create that was refused before is planned again along with a new item. When the run ends in between, it is still known
// that it has no partner.
func TestARefusedCreateIsNotForgottenWhenARunBreaksOff(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), person("1"))
	w.left.Fail(memory.Refused, 1)
	wantCode(t, w.sync(), "refused", 1)
	w.left.Put(w.ref(), person("2"))
	w.right.Fail(memory.LostConnection, 1)
	if _, err := w.try(RunOptions{}); err == nil {
		t.Fatal("a lost connection ends the run")
	}
	w.sync()
	w.sync()
	w.count(2, 2)
	w.same()
}
