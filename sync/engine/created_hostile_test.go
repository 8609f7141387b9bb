package engine

import (
	"context"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// TestHostileCreated plays histories in which what was created on a side is removed at random, with the state or after it was
// lost, while services misbehave, people edit and the program is killed. Nothing that a person made goes, nothing goes whose
// partner is not there, the other side is not written, and no later sync deletes a partner or makes anything twice.
func TestHostileCreated(t *testing.T) {
	check(t, func(rt *rapid.T) {
		h := begin(t, rt)
		defer func() { h.state.Close() }()
		lost := rapid.Bool().Draw(rt, "lost")
		if h.plain = lost; lost && h.pair.Conflict == plan.AskMe {
			// As in TestHostileOblivion: what waits for an answer cannot always be recognised.
			h.pair.Conflict = plan.LeftWins
			h.must(h.state.StorePair(context.Background(), h.pair))
		}
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			h.round()
		}
		if lost {
			h.calm()
			h.settle()
			h.calm()
			h.forget()
			h.forgot = true
			// Who edits what both items are recognised by before they are is not promised that they are.
			h.uncreateSome()
			h.rest()
		}
		for range rapid.IntRange(1, 3).Draw(rt, "removals") {
			h.uncreateSome()
			if rapid.Bool().Draw(rt, "another round") {
				h.round()
			}
		}
		h.rest()
		writes := h.left.Writes() + h.right.Writes()
		if r, err := h.run(RunOptions{}); err != nil || h.left.Writes()+h.right.Writes() != writes {
			rt.Fatalf("a further run wrote: %+v, error %v%s", r, err, h.logs())
		}
	})
}

// rest lets the program come to rest without faults.
func (h *history) rest() {
	h.left.Calm()
	h.right.Calm()
	for range 4 {
		h.pass(4 * time.Hour)
		before := h.census()
		if _, err := h.run(RunOptions{Confirm: confirmAll, Retry: true}); err != nil {
			h.rt.Fatalf("a calm run ended in %v%s", err, h.logs())
		}
		h.compare(before, h.census())
	}
}

// uncreateSome removes what was created on one side, as much of it as comes before the program is killed.
func (h *history) uncreateSome() {
	side := plan.Side(rapid.IntRange(0, 1).Draw(h.rt, "side of the removal"))
	o := RunOptions{Confirm: confirmAll, Edited: rapid.Bool().Draw(h.rt, "edited too"), DryRun: rapid.IntRange(0, 5).Draw(h.rt, "dry removal") == 0}
	if rapid.IntRange(0, 2).Draw(h.rt, "kill the removal") == 0 {
		h.fuse = rapid.IntRange(1, 40).Draw(h.rt, "removal killed after")
	}
	before, census := h.byID(side), h.census()
	partners, writes := h.byID(side.Other()), h.service(side).Writes()
	var r Report
	var err error
	func() {
		defer func() {
			h.fuse = 0
			if p := recover(); p != nil && p != any(errKilled) {
				panic(p)
			}
		}()
		h.pass(time.Minute)
		r, err = h.engine().UndoCreated(context.Background(), h.pair.ID, side, o)
	}()
	h.heard()
	h.tell("removal on the %s: error %v, wrote %d, items %v", side, err, r.Wrote(), r.Items)
	if o.DryRun && h.service(side).Writes() != writes {
		h.rt.Fatalf("a dry run wrote%s", h.logs())
	}
	if !maps.EqualFunc(partners, h.byID(side.Other()), func(a, b record.Item) bool { return maps.Equal(a.Record, b.Record) }) {
		h.rt.Fatalf("the removal touched the %s%s", side.Other(), h.logs())
	}
	now := h.byID(side)
	for id, it := range before {
		if _, there := now[id]; there {
			continue
		}
		if h.own[id] {
			h.rt.Fatalf("%s was removed, and a person had made it%s", id, h.logs())
		}
		// Behind a feed that lags a partner may be listed that a person deleted a moment ago.
		if family := it.Record[nameOf[h.pair.Kind]]; census[side.Other()][family] == 0 && !h.removed[family] {
			h.rt.Fatalf("%s of %s was the last one%s", id, family, h.logs())
		}
	}
	if !h.forgot {
		h.nothingLost()
	}
}

// byID is what a side holds.
func (h *history) byID(side plan.Side) map[record.ID]record.Item {
	out := map[record.ID]record.Item{}
	for _, it := range h.service(side).Items(h.ref()) {
		out[it.ID] = it
	}
	return out
}
