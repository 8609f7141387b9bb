package engine

import (
	"context"
	"time"

	"testing"

	"pgregory.net/rapid"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// TestHostileRules changes the rules between runs, and people move items into the pair and out of it.
func TestHostileRules(t *testing.T) {
	check(t, func(rt *rapid.T) {
		h := begin(t, rt)
		defer h.state.Close()
		h.scoped = true
		h.pair.Mapping = plan.DefaultMapping(h.pair.Kind, true)
		h.must(h.state.StorePair(context.Background(), h.pair))
		for range rapid.IntRange(2, 8).Draw(rt, "rounds") {
			if rapid.Bool().Draw(rt, "change") {
				h.change()
			}
			h.pass(time.Duration(rapid.IntRange(0, 2).Draw(rt, "days")) * 24 * time.Hour)
			h.round()
		}
		h.calm()
	})
}

// change changes one rule, or whether a service lets us write.
func (h *history) change() {
	p := &h.pair
	side := plan.Side(rapid.IntRange(0, 1).Draw(h.rt, "of"))
	switch rapid.IntRange(0, 6).Draw(h.rt, "rule") {
	case 0:
		p.Conflict = rapid.SampledFrom(plan.Policies).Draw(h.rt, "conflict")
	case 1:
		p.Direction = rapid.SampledFrom([]plan.Direction{plan.Both, plan.ToLeft, plan.ToRight}).Draw(h.rt, "direction")
	case 2:
		p.Delete[side] = rapid.SampledFrom([]plan.Deletion{plan.Never, plan.Ask, plan.Propagate}).Draw(h.rt, "delete")
	case 3:
		p.Categories = rapid.SampledFrom([][]string{nil, {"Work"}, {"Work", "CRM"}}).Draw(h.rt, "categories")
	case 4:
		p.AnyOwner = rapid.Bool().Draw(h.rt, "anybody")
	case 5:
		p.UntilDays = rapid.SampledFrom([]int{0, 1, 10}).Draw(h.rt, "days ahead")
		p.FromDays = min(p.UntilDays, 1)
	case 6:
		h.readOnly[side] = rapid.Bool().Draw(h.rt, "readOnly")
		h.services()[side].SetReadOnly(h.ref(), h.readOnly[side])
	}
	h.tell("rules: %+v, read only %v", *p, h.readOnly)
	h.must(h.state.StorePair(context.Background(), *p))
}

// move lets a person give an item to somebody else, or put it into another category.
func (h *history) move(d deed) {
	patch := record.Patch{record.Categories: rapid.SampledFrom([]string{"", "Work", "Other"}).Draw(h.rt, "category")}
	if d.side == plan.Left {
		patch = record.Patch{record.Owner: rapid.SampledFrom([]string{owner, "you"}).Draw(h.rt, "owner")}
	}
	h.tell("move %s: %v", d.it.ID, patch)
	d.s.Edit(h.ref(), d.it.ID, patch)
}

// TestHostileOneWay plays under one direction from beginning to end: the source is never touched.
func TestHostileOneWay(t *testing.T) {
	check(t, func(rt *rapid.T) {
		h := begin(t, rt)
		defer h.state.Close()
		h.pair.Direction = rapid.SampledFrom([]plan.Direction{plan.ToLeft, plan.ToRight}).Draw(rt, "direction")
		h.must(h.state.StorePair(context.Background(), h.pair))
		for range rapid.IntRange(2, 8).Draw(rt, "rounds") {
			h.round()
		}
		h.calm()
	})
}

// TestHostileMoments: people work while the program lists and writes, and collections go missing and come back.
func TestHostileMoments(t *testing.T) {
	check(t, func(rt *rapid.T) {
		h := begin(t, rt)
		defer h.state.Close()
		h.hook = func(plan.Side, record.Write) {
			switch rapid.IntRange(0, 5).Draw(rt, "meanwhile") {
			case 0, 1:
				if !h.reckless { // Nobody can keep what is written between the last look and a write without a condition.
					h.act()
				}
			case 2:
				h.pass(time.Duration(rapid.IntRange(-2, 2).Draw(rt, "hours meanwhile")) * time.Hour)
			}
		}
		h.wrap = func(p provider.Provider) provider.Provider { return watched{p, h} }
		for range rapid.IntRange(2, 8).Draw(rt, "rounds") {
			missing := rapid.IntRange(0, 9).Draw(rt, "missing")
			if missing < 2 {
				h.services()[missing].Drop(h.ref())
			}
			h.round()
			h.left.Return(h.ref())
			h.right.Return(h.ref())
		}
		h.hook, h.wrap = nil, nil
		h.calm()
	})
}

// watched lets people work right before each page of a listing.
type watched struct {
	provider.Provider
	h *history
}

func (w watched) Open(ctx context.Context, ref string, kind record.Kind, fields []record.Field) (provider.Collection, error) {
	c, err := w.Provider.Open(ctx, ref, kind, fields)
	return watchedPages{c, w.h}, err
}

type watchedPages struct {
	provider.Collection
	h *history
}

func (w watchedPages) Changes(ctx context.Context, since provider.Cursor, win record.Window) (provider.Page, error) {
	switch rapid.IntRange(0, 7).Draw(w.h.rt, "at a page") {
	case 0, 1:
		w.h.act()
	case 2:
		w.h.now = w.h.now.Add(-time.Hour)
	}
	return w.Collection.Changes(ctx, since, win)
}

// Expect implements provider.Expecter, as the collection does.
func (w watchedPages) Expect(since provider.Cursor, made []record.ID) (provider.Cursor, error) {
	return w.Collection.(provider.Expecter).Expect(since, made)
}

// TestHostileEmptiness: services say that there is nothing, and nobody confirms that. Nothing is deleted.
func TestHostileEmptiness(t *testing.T) {
	check(t, func(rt *rapid.T) {
		h := begin(t, rt)
		defer h.state.Close()
		h.keeping, h.confirm = true, nil
		for range 8 {
			h.put(plan.Side(rapid.IntRange(0, 1).Draw(rt, "side")))
		}
		for range 2 {
			h.must(second(h.run(RunOptions{Confirm: confirmAll})))
		}
		for range rapid.IntRange(2, 6).Draw(rt, "rounds") {
			s := h.services()[rapid.IntRange(0, 1).Draw(rt, "empty side")]
			s.ExpireCursors(h.ref())
			s.Chance(memory.EmptyListing, rapid.SampledFrom([]float64{0, 1}).Draw(rt, "empty"))
			h.round()
			s.Chance(memory.EmptyListing, 0)
		}
		h.calm()
	})
}

func second(_ Report, err error) error { return err }

// TestHostileOblivion: the state is lost once everything is in step. Nothing is created again and nothing deleted, and what
// people do afterwards is brought over as before.
func TestHostileOblivion(t *testing.T) {
	check(t, func(rt *rapid.T) {
		h := begin(t, rt)
		defer func() { h.state.Close() }()
		h.plain = true
		if h.pair.Conflict == plan.AskMe {
			// A conflict that waits keeps both sides apart, maybe in the very fields by which items are recognised.
			h.pair.Conflict = plan.LeftWins
			h.must(h.state.StorePair(context.Background(), h.pair))
		}
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			h.round()
		}
		h.calm()
		// What both sides hold differently because nobody decided cannot be recognised where it is what items are known by.
		h.settle()
		h.calm()
		before := h.census()
		h.forget()
		h.forgot = true
		if rapid.Bool().Draw(rt, "wiped") {
			for _, it := range h.right.Items(h.ref()) {
				h.right.SetMark(h.ref(), it.ID, "")
			}
		}
		h.calm()
		after := h.census()
		for _, s := range plan.Sides {
			for family, n := range after[s] {
				if before[s][family] != n {
					rt.Fatalf("%s was there %d times on the %s, and after the state was lost %d times%s", family, before[s][family], s, n, h.logs())
				}
			}
		}
		for range rapid.IntRange(0, 3).Draw(rt, "rounds") {
			h.round()
		}
		h.calm()
	})
}

// TestHostileNeighbours: two calendars are kept in step with one module of the CRM. What came from one stays out of the other.
func TestHostileNeighbours(t *testing.T) {
	check(t, func(rt *rapid.T) {
		h := begin(t, rt)
		defer h.state.Close()
		h.plain = true
		first, second := h.pair, h.pair
		second.ID, second.Ends[plan.Right].Ref = "q", "second"
		h.right.Add("second", h.pair.Kind)
		h.must(h.state.StorePair(context.Background(), second))
		theirs := map[string]bool{}
		for range rapid.IntRange(2, 6).Draw(rt, "rounds") {
			if rapid.Bool().Draw(rt, "beside") {
				h.n++
				name := h.fresh()
				theirs[name[nameOf[h.pair.Kind]]] = true
				h.right.Put("second", name)
			}
			h.round()
			h.pair = second
			_, _ = h.run(RunOptions{Confirm: confirmAll})
			h.pair = first
		}
		h.calm()
		h.pair = second
		for range 2 {
			_, _ = h.run(RunOptions{Confirm: confirmAll})
		}
		h.pair = first
		h.calm()
		for _, it := range h.right.Items("second") {
			if f := it.Record[nameOf[h.pair.Kind]]; !theirs[f] && h.fromRight[f] {
				rt.Fatalf("%s flowed from one calendar into the other%s", f, h.logs())
			}
		}
		for _, it := range h.right.Items(h.ref()) {
			if f := it.Record[nameOf[h.pair.Kind]]; theirs[f] {
				rt.Fatalf("%s flowed back from the other calendar%s", f, h.logs())
			}
		}
	})
}

// fresh is an item of a family of its own.
func (h *history) fresh() record.Record {
	h.n++
	family := familyName(h.n)
	r := record.Record{nameOf[h.pair.Kind]: family}
	switch h.pair.Kind {
	case record.Contact:
		r[record.EmailMain] = family + "@example.com"
	case record.Event:
		start := time.Date(2026, 1, 6, 8, 0, 0, 0, time.UTC).Add(time.Duration(h.n) * 61 * time.Minute)
		r[record.When] = record.FormatSpan(start, start.Add(time.Hour))
	}
	return r
}
