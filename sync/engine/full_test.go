package engine

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// TestNoSpaceAtAnyWrite lets the disk be full at one write of the state after the other, page by page: in a first sync
// and in a later one with changes and deletions on both sides. The run says so, and when there is space again everything
// ends in step: nothing is lost, nothing is doubled, nothing is written twice.
func TestNoSpaceAtAnyWrite(t *testing.T) {
	items, step := 4, 3
	if os.Getenv("ZOHOSYNC_SOAK") != "" {
		items, step = 12, 1
	}
	for name, later := range map[string]bool{"first sync": false, "later sync": true} {
		t.Run(name, func(t *testing.T) {
			failed := 0
			for room := 0; ; room += step {
				w := crammed(t, items, later)
				w.limit(w.used() + room)
				_, err := w.try(RunOptions{})
				if err == nil {
					break
				}
				if !errors.Is(err, state.ErrFull) {
					t.Fatalf("room for %d pages: %v", room, err)
				}
				failed++
				w.limit(0)
				w.now = w.now.Add(time.Hour)
				for range 2 {
					if _, err := w.try(RunOptions{}); err != nil {
						t.Fatalf("room for %d pages, and then for all: %v", room, err)
					}
				}
				w.complete(items, later)
			}
			if failed < 5 {
				t.Fatalf("the disk was full at %d places only", failed)
			}
			t.Logf("the disk was full at %d places", failed)
		})
	}
}

// full is a description that fills a page of its own, so that every write of an item asks for space.
func full(n string) record.Record {
	return person(n).With(record.Patch{record.Details: strings.Repeat("words of "+n+" ", 400)})
}

// crammed is a world with something to do: items on both sides that the other one lacks and, later, edits and deletions.
func crammed(t *testing.T, items int, later bool) *world {
	t.Helper()
	w := newWorld(t, record.Contact, nil)
	for i := range items {
		w.left.Put(w.ref(), full(fmt.Sprint("l", i)))
		w.right.Put(w.ref(), full(fmt.Sprint("r", i)))
	}
	if !later {
		return w
	}
	w.sync()
	for _, side := range plan.Sides {
		s := w.service(side)
		for _, it := range s.Items(w.ref()) {
			switch it.Record[record.LastName] {
			case "Ll" + fmt.Sprint(int(side)):
				s.Remove(w.ref(), it.ID)
			case "Lr" + fmt.Sprint(int(side)):
				s.Edit(w.ref(), it.ID, record.Patch{record.Details: strings.Repeat("edited ", 900+int(side))})
			}
		}
		s.Put(w.ref(), full(fmt.Sprint("new", int(side))))
	}
	return w
}

// complete wants both sides to hold what people left, and a further run to write nothing.
func (w *world) complete(items int, later bool) {
	w.t.Helper()
	want := 2 * items // later: two deleted, two new
	w.count(want, want)
	w.same()
	edited, names := 0, map[string]bool{}
	for _, it := range w.left.Items(w.ref()) {
		names[it.Record[record.LastName]] = true
		if strings.HasPrefix(it.Record[record.Details], "edited") {
			edited++
		}
	}
	if len(names) != want || later && (edited != 2 || names["Ll0"] || names["Ll1"]) {
		w.t.Fatalf("%d names, %d edited", len(names), edited)
	}
	w.quiet()
	open, err := w.state.OpenIntents(w.t.Context(), w.pair.ID)
	if err != nil || len(open) > 0 {
		w.t.Fatalf("%d intents stay open, %v", len(open), err)
	}
}
