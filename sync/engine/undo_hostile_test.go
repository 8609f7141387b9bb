package engine

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestHostileUndo plays histories in which runs are taken back at random, undos too, while services misbehave and the
// program is killed. Nothing that a person wrote is lost, nothing is there twice, and no sync deletes on one side what an
// undo took away on the other.
func TestHostileUndo(t *testing.T) {
	check(t, func(rt *rapid.T) {
		h := begin(t, rt)
		defer h.state.Close()
		for range rapid.IntRange(2, 7).Draw(rt, "rounds") {
			h.round()
			if rapid.Bool().Draw(rt, "undo") {
				h.undoSome()
			}
		}
		h.left.Calm()
		h.right.Calm()
		for range 4 {
			h.pass(4 * time.Hour)
			before := h.census()
			if _, err := h.run(RunOptions{Confirm: confirmAll, Retry: true}); err != nil {
				rt.Fatalf("a calm run ended in %v%s", err, h.logs())
			}
			h.compare(before, h.census())
		}
		writes := h.left.Writes() + h.right.Writes()
		if r, err := h.run(RunOptions{}); err != nil || h.left.Writes()+h.right.Writes() != writes {
			rt.Fatalf("a further run wrote: %+v, error %v%s", r, err, h.logs())
		}
	})
}

// undoSome takes a run back, as much of it as comes before the program is killed.
func (h *history) undoSome() {
	runs, err := h.state.ListRuns(context.Background(), 20)
	h.must(err)
	if len(runs) == 0 {
		return
	}
	run := runs[rapid.IntRange(0, len(runs)-1).Draw(h.rt, "run")].ID
	if rapid.IntRange(0, 2).Draw(h.rt, "kill the undo") == 0 {
		h.fuse = rapid.IntRange(1, 40).Draw(h.rt, "undo killed after")
	}
	defer func() { h.fuse = 0 }()
	var r Report
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(errKilled) {
				panic(p)
			}
		}()
		h.pass(time.Minute)
		r, err = h.engine().Undo(context.Background(), run, RunOptions{Confirm: confirmAll})
	}()
	h.heard()
	h.tell("undo of %d: error %v, wrote %d, items %v", run, err, r.Wrote(), r.Items)
	for i, side := range h.census() {
		for family, n := range side {
			if n > 1+h.versions(family) {
				h.rt.Fatalf("%s is there %d times on side %d after an undo%s", family, n, i, h.logs())
			}
		}
	}
	if !h.forgot {
		h.nothingLost()
	}
}
