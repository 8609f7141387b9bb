package engine

import (
	"fmt"
	"testing"

	"zohosync/sync/record"
)

// C-20: a task that repeats every day is not two years of tasks in the CRM, in a pair that syncs all tasks; one far away that
// does not repeat is synced.
func TestOfARepeatingTaskWhatLiesNearIsSynced(t *testing.T) {
	w := newWorld(t, record.Task, nil)
	began := january5.AddDate(0, 0, -400).Format(record.DateLayout)
	w.right.PutSeries(w.ref(), record.Record{record.Subject: "Water", record.Due: began}, 1, 800)
	w.right.Put(w.ref(), record.Record{record.Subject: "Far", record.Due: "2031-01-01"})
	w.sync()
	w.count(1+31+1+31, 801)
	w.quiet()
	for range 40 {
		w.now = w.now.AddDate(0, 0, 1)
	}
	w.sync()
	if got := len(w.left.Items(w.ref())); got < 64+40 {
		t.Fatalf("%d tasks, although time went on: %s", got, fmt.Sprint(w.now))
	}
	w.quiet()
}
