package engine

import (
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// The clock of a computer may be set back between a create whose answer was lost and the run that finds what it made.
func TestAClockSetBackDoublesNothing(t *testing.T) {
	for _, first := range []RunOptions{{}, {DryRun: true}} {
		w := newWorld(t, record.Contact, nil)
		w.right.Put(w.ref(), person("1"))
		w.left.Fail(memory.LostAnswer, 1)
		w.sync()
		w.now = w.now.Add(-3 * time.Hour)
		_, err := w.try(first)
		w.must(err)
		w.sync()
		w.count(1, 1)
		if r := w.sync(); r.Waits() {
			t.Fatalf("report %+v", r)
		}
		w.count(1, 1)
		w.quiet()
	}
}

// Set back within a run it is still no proof that an item was there before.
func TestAClockSetBackWithinARunDoublesNothing(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), person("1"))
	w.left.Fail(memory.LostAnswer, 1)
	w.hook = func(side plan.Side, _ record.Write) { w.now = w.now.Add(-time.Hour) }
	w.sync()
	w.hook = nil
	w.sync()
	w.sync()
	w.count(1, 1)
	w.quiet()
}
