package engine

import (
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// What was deleted on one side while nobody can see it on the other is listed for as long as it may come back, and no longer:
// once its service says that it is deleted, it is forgotten.
func TestWhatIsDeletedOnBothSidesIsNotListedForEver(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	id := w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Remove(w.ref(), id)
	w.left.ExpireCursors(w.ref()) // What was deleted since is told no more.
	wantCode(t, w.sync(), plan.CodeLostAccess, 1)
	w.right.Remove(w.ref(), w.one(w.right).ID)
	w.now = w.now.Add(time.Hour)
	wantCode(t, w.sync(), plan.CodeUnseen, 0)
	w.count(0, 0)
	links, err := w.state.ListLinks(t.Context(), w.pair.ID)
	w.must(err)
	if len(links) != 0 {
		t.Errorf("%+v", links)
	}
	w.quiet()
}
