package engine

import (
	"testing"

	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// What was made after a write that never arrived, and deleted before anybody listed it, is deleted on the other side, too:
// its line of the journal is a new one, and not the one of the write that never arrived, which was listed since.
func TestDeletionIsHeardAfterAWriteThatNeverArrived(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Put(w.ref(), person("2"))
	w.left.Fail(memory.LostRequest, 1)
	if _, err := w.try(RunOptions{}); err == nil {
		t.Fatal("the write arrived")
	}
	w.left.Put(w.ref(), person("3"))
	w.sync()
	w.count(3, 3)
	for _, it := range w.right.Items(w.ref()) {
		if it.Record[record.LastName] == person("3")[record.LastName] {
			w.right.Remove(w.ref(), it.ID)
		}
	}
	if r := w.sync(); r.Left.Deleted != 1 {
		t.Errorf("%+v", r)
	}
	w.count(2, 2)
}
