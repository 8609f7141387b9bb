package engine

import (
	"fmt"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// What lives in one object is written at once, however many others come in between; new items fill up the batches.
func TestBatchesKeepObjectsTogether(t *testing.T) {
	var jobs []job
	add := func(op record.Op, group string) {
		st := &plan.Step{}
		if group != "" {
			st.Triple.Items[plan.Right] = &plan.Seen{Item: record.Item{ID: record.ID(fmt.Sprint(group, "#", len(jobs))), Group: record.ID(group)}}
		}
		jobs = append(jobs, job{step: st, side: plan.Right, act: &plan.Act{Write: record.Write{Op: op}}})
	}
	for i := range 150 {
		add(record.Update, "long")
		add(record.Create, "")
		add(record.Delete, fmt.Sprint("single", i))
	}
	seen, in := 0, map[record.ID]int{}
	for n, part := range batches(jobs) {
		seen += len(part)
		objects := map[record.ID]bool{}
		for _, j := range part {
			id := j.object()
			if before, twice := in[id]; twice && before != n && id != "" {
				t.Fatalf("%s is in batches %d and %d", id, before, n)
			}
			in[id], objects[id] = n, true
		}
		if len(part) > batch && len(objects) > 1 {
			t.Fatalf("batch %d holds %d writes to %d objects", n, len(part), len(objects))
		}
	}
	if seen != len(jobs) {
		t.Fatalf("%d of %d writes are sent", seen, len(jobs))
	}
	if len(batches(nil)) != 0 {
		t.Fatal("nothing is a batch")
	}
}
