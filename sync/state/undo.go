package state

import (
	"context"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// was is what the journal keeps of the items of a write, as JSON.
type was struct {
	Items  [2]record.Item
	Origin string `json:",omitempty"` // of their link
}

// origin returns where the item of a link came from: "" when there is no link.
func (t *tx) origin(in Intent) string {
	origin := in.Origin
	if in.Link != 0 {
		t.one("link-origin", []any{in.Link}, &origin)
	}
	return origin
}

// revive makes the link of an item that is to come back, with both sides gone. It rests from here on: whatever becomes of
// the write, the side that is missing is nobody's deletion. It returns 0 when the partner has another link by now, or was
// never known.
func (t *tx) revive(in Intent) int64 {
	other := in.Side.Other()
	ids := [2]record.ID{}
	ids[in.Side], ids[other] = in.Was[in.Side].ID, in.Was[other].ID
	if ids[other] == "" || ids[in.Side] == "" {
		return 0
	}
	var link int64
	for _, side := range plan.Sides {
		if t.one("link-of-"+side.String(), []any{in.Pair, ids[side]}, &link) {
			return 0
		}
	}
	var bases [2]record.Record
	for _, side := range plan.Sides {
		it := in.Was[side]
		if side == in.Side {
			it.Record = record.Record{}.With(in.Write.Patch)
		}
		bases[side] = t.known(in.Pair, side, it)
	}
	return t.insert("insert-resting-link", in.Pair, ids[0], ids[1], toJSON(bases[0]), toJSON(bases[1]), in.Origin, plan.CodeUndone)
}

// join makes the link of two items of which one is about to be removed, so that the one that stays is nobody's new item. As long
// as the other one is there nothing is agreed on: should it stay, both are planned like two that were just found.
func (t *tx) join(in Intent) int64 {
	ids := [2]record.ID{}
	for _, side := range plan.Sides {
		var link int64
		ids[side] = in.Was[side].ID
		if ids[side] == "" || t.one("link-of-"+side.String(), []any{in.Pair, ids[side]}, &link) {
			return 0
		}
		t.run("dirty-item", in.Pair, side, ids[side])
	}
	return t.insert("insert-link", in.Pair, ids[0], ids[1], "{}", "{}", in.Origin)
}

// known returns the record of an item as the state holds it; an item that it does not hold is stored as one that is gone.
func (t *tx) known(pair string, side plan.Side, it record.Item) record.Record {
	var rec string
	if t.one("get-record", []any{pair, side, it.ID}, &rec) {
		now := record.Record{}
		if err := fromJSON(rec, &now); err != nil && t.err == nil {
			t.err = err
		}
		return now
	}
	t.storeItem(Found{Pair: pair, Side: side}, it, plan.Gone, "")
	t.run("clean-item", pair, side, it.ID)
	return it.Record
}

// undid stores a write of an undo that was carried out.
func (t *tx) undid(in Intent, it record.Item, at time.Time) {
	if in.Op == record.Delete {
		t.run("item-rests", plan.Gone, in.Pair, in.Side, in.Item)
		t.run("gone-elsewhere", in.Pair, in.Side, in.Item)
	} else {
		t.storeItem(Found{Pair: in.Pair, Side: in.Side, At: at, Cursor: Cursor{Generation: t.generation(in)}}, it, plan.Present, "")
		t.relink(in, it.ID)
	}
	t.run("dirty-item", in.Pair, in.Side, it.ID)
	t.settleUndo(in)
}

// relink gives the link to the item that was brought back, which may have another name now.
func (t *tx) relink(in Intent, id record.ID) {
	var ids [2]record.ID
	var a, b, held string
	if in.Link == 0 || !t.one("get-link", []any{in.Link}, &ids[0], &ids[1], &a, &b, &held) || ids[in.Side] == id {
		return
	}
	t.run("move-link-"+in.Side.String(), id, in.Link)
	t.run("delete-item", in.Pair, in.Side, ids[in.Side])
	t.run("clear-problems", in.Pair, in.Side, ids[in.Side])
}

// settleUndo sets both bases to what an undo left, so that the next sync finds nothing to do. The link rests as long as a
// side is missing.
func (t *tx) settleUndo(in Intent) {
	var ids [2]record.ID
	var a, b, held string
	if in.Link == 0 || !t.one("get-link", []any{in.Link}, &ids[0], &ids[1], &a, &b, &held) {
		return
	}
	t.agree(in.Link, in.Agree)
	if in.Op != record.Update {
		held = t.rest(in.Pair, ids)
	}
	t.run("hold-link", held, in.Link)
	t.run("dirty-item", in.Pair, in.Side.Other(), ids[in.Side.Other()])
}

// rest returns why a link rests: CodeUndone while a side is missing, else "".
func (t *tx) rest(pair string, ids [2]record.ID) string {
	for _, side := range plan.Sides {
		here := false
		if t.one("here", []any{pair, side, ids[side]}, &here); !here {
			return plan.CodeUndone
		}
	}
	return ""
}

// Around returns how an item of a side stands now: the triple of its link, or one without a link. An item that the state
// does not know is nil in it.
func (s *State) Around(ctx context.Context, pair string, side plan.Side, id record.ID) (plan.Triple, error) {
	var t plan.Triple
	link, err := s.LinkOf(ctx, pair, side, id)
	if err != nil {
		return t, err
	}
	ids := [2]record.ID{}
	ids[side] = id
	if link != 0 {
		t.Link = link
		err = s.each(ctx, "get-link", []any{link}, func(scan func(...any) error) error {
			var base [2]string
			if err := scan(&ids[0], &ids[1], &base[0], &base[1], &t.Held); err != nil {
				return err
			}
			return readBases(base, &t.Base)
		})
		if err != nil {
			return t, err
		}
	}
	for _, s2 := range plan.Sides {
		if ids[s2] == "" {
			continue
		}
		if t.Items[s2], err = s.GetItem(ctx, pair, s2, ids[s2]); err != nil {
			return t, err
		}
	}
	return t, nil
}

// SyncAgain lets the links of a pair that rest since an undo live again: what is left on one side is created anew on the
// other by the next run.
func (s *State) SyncAgain(ctx context.Context, pair string) error {
	return s.write(ctx, func(t *tx) {
		t.run("dirty-held", pair, plan.CodeUndone)
		t.run("link-again", pair, plan.CodeUndone)
	})
}

// Unrestored ends an intent of which a person said that it did not bring its item back. What is left on the other side is
// taken for an edit, so that the item is made anew.
func (s *State) Unrestored(ctx context.Context, in Intent) error {
	return s.write(ctx, func(t *tx) {
		t.run("delete-intent", in.ID)
		t.run("forget-bases", in.Link)
		t.run("dirty-item", in.Pair, in.Side.Other(), in.Source)
		t.releaseItem(in.Pair, in.Side, in.Item)
	})
}

// Unseen keeps an intent open of which only a person can tell what became of it: q asks, and the partner of its item is listed.
func (s *State) Unseen(ctx context.Context, in Intent, q plan.Question) error {
	return s.write(ctx, func(t *tx) {
		t.ask(in.Pair, q, false)
		side, item := in.Side.Other(), in.Source
		if item == "" {
			side, item = in.Side, in.Item
		}
		t.run("store-problem", in.Pair, side, item, plan.CodeUnsure, "")
	})
}

// Origins returns where the items of a pair's links came from: "left", "right", or "both" where they were found on both sides.
func (s *State) Origins(ctx context.Context, pair string) (map[int64]string, error) {
	out := map[int64]string{}
	err := s.each(ctx, "list-origins", []any{pair}, func(scan func(...any) error) error {
		var link int64
		var origin string
		err := scan(&link, &origin)
		out[link] = origin
		return err
	})
	return out, err
}
