package engine

import (
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// What was deleted on one side while nobody can see it on the other is remembered: other pairs of the CRM have to know whose it
// was. But nobody is asked to do anything about it.
func TestADeletionOfWhatIsOutOfSightBothersNobody(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	id := w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Remove(w.ref(), id)
	w.left.ExpireCursors(w.ref()) // What was deleted since is told no more.
	if r := w.sync(); !r.Waits() {
		t.Errorf("nobody is told: %+v", r.Items)
	}
	w.right.Remove(w.ref(), w.one(w.right).ID)
	w.now = w.now.Add(time.Hour)
	r := w.sync()
	wantCode(t, r, plan.CodeUnseen, 1)
	if r.Waits() {
		t.Errorf("somebody is bothered with it: %+v", r.Items)
	}
	w.count(0, 0)
	w.quiet()
}
