package engine

import (
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// The weekly listing speaks for the window alone: what lies outside, was followed out of it, or left the pair is neither
// deleted nor frozen nor made anew, week after week. R3, S1-53
func TestTheWeeklyListingTakesNothingOutsideForDeleted(t *testing.T) {
	w := newWorld(t, record.Event, func(p *state.Pair) { p.FromDays, p.UntilDays = 2, 15 })
	g := w.right.PutSeries(w.ref(), standup(0), 1, 60)
	followed := w.left.Put(w.ref(), meeting(1, 0))
	theirs := w.left.Put(w.ref(), meeting(2, 0))
	w.sync()
	w.left.Edit(w.ref(), followed, record.Patch{record.When: meeting(200, 0)[record.When]})
	w.right.Edit(w.ref(), w.occurrence(g, 3), record.Patch{record.When: standup(300)[record.When]})
	w.sync()
	w.left.Edit(w.ref(), theirs, record.Patch{record.Owner: "you"})
	w.sync()
	deleted, records := 0, len(w.left.Items(w.ref()))
	for range 5 {
		w.now = w.now.Add(8 * 24 * time.Hour)
		r := w.sync()
		deleted += r.Left.Deleted + r.Right.Deleted
		if now := len(w.left.Items(w.ref())); now < records || now-records > 9 {
			t.Fatalf("%d records, %d before", now, records)
		} else {
			records = now
		}
		wantCode(t, r, plan.CodeLostAccess, 0)
		w.quiet()
	}
	if deleted != 0 {
		t.Fatalf("%d deletions", deleted)
	}
	if it, there := w.left.Item(w.ref(), followed); !there || it.Record[record.When] != meeting(200, 0)[record.When] {
		t.Fatalf("record %v", it.Record)
	}
	w.left.Edit(w.ref(), theirs, record.Patch{record.Owner: owner, record.Venue: "Room 1"})
	if r := w.sync(); r.Right.Updated != 1 || r.Right.Created != 0 {
		t.Fatalf("report %+v", r)
	}
}
