package engine

import (
	"context"
	"fmt"
	"testing"

	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// BenchmarkNothingChanged measures a sync in which nothing changed. It has to cost the same whatever is linked.
func BenchmarkNothingChanged(b *testing.B) {
	for _, n := range []int{50, 5000} {
		b.Run(fmt.Sprint(n, " links"), func(b *testing.B) {
			w := withLinks(b, n)
			for b.Loop() {
				w.run(b)
			}
		})
	}
}

// BenchmarkFiftyChanges measures fifty edits among five thousand links.
func BenchmarkFiftyChanges(b *testing.B) {
	w := withLinks(b, 5000)
	round := 0
	for b.Loop() {
		round++
		for _, it := range w.left.Items(w.ref())[:50] {
			w.left.Edit(w.ref(), it.ID, record.Patch{record.Phone: fmt.Sprint(round)})
		}
		w.run(b)
	}
}

// BenchmarkFirstSync measures the first sync of a thousand contacts.
func BenchmarkFirstSync(b *testing.B) {
	for b.Loop() {
		withLinks(b, 1000)
	}
}

func withLinks(b *testing.B, n int) *world {
	b.Helper()
	w := newWorld(b, record.Contact, nil)
	w.right = memory.New(memory.Options{Name: "dav", Marks: true, AbsentIsDeleted: true, Terse: true})
	for i := range n {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.run(b)
	w.run(b) // hears of its own writes
	return w
}

func (w *world) run(b *testing.B) {
	b.Helper()
	if _, err := w.engine().Sync(context.Background(), w.pair.ID, RunOptions{}); err != nil {
		b.Fatal(err)
	}
}
