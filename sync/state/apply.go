package state

import (
	"context"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// Intent is a write that is about to be sent, or that was sent and never answered.
type Intent struct {
	ID      int64
	Journal int64 // its line of the journal
	Pair    string
	Run     int64
	Side    plan.Side
	Op      record.Op
	Link    int64
	Item    record.ID // the item to change; "" for a create
	Source  record.ID // create: the item that it is made from
	Write   record.Write
	Agree   [2]record.Patch
	Sent    time.Time
	Was     [2]record.Item // both items before the write, the one to be written without its record
	Undo    bool           // of a run that takes another one back
	Origin  string         // Undo, of a link that has to be made again: where its item came from
	Copy    string         // create: the key of the version of an item that it makes; Link is that item's own

	Conflicts []plan.Conflict // what the side loses by this write; not read from the state
}

// Intend stores intents and before-images, in one transaction that reaches the disk before it returns, and numbers them.
func (s *State) Intend(ctx context.Context, intents []Intent) error {
	if _, err := s.db.ExecContext(ctx, "PRAGMA synchronous = FULL"); err != nil {
		return classify(err)
	}
	err := s.write(ctx, func(t *tx) {
		for i := range intents {
			in := &intents[i]
			if in.Undo && in.Link == 0 && (in.Op == record.Restore || in.Op == record.Create) {
				in.Link = t.revive(*in)
			}
			if in.Undo && in.Link == 0 && in.Op == record.Delete {
				in.Link = t.join(*in)
			}
			link := in.Link
			if in.Copy != "" {
				link = 0
			}
			in.Journal = t.insert("insert-journal", in.Run, in.Side, in.Item, in.Op, toJSON(in.Write.Seen), toJSON(in.Write.Patch), 0,
				link, toJSON(was{in.Was, t.origin(*in)}))
			in.ID = t.insert("insert-intent", in.Pair, in.Run, in.Side, in.Op, in.Item, in.Source, in.Link, in.Write.Mark,
				toJSON(in.Write.Patch), toJSON(in.Agree), stamp(in.Sent), in.Journal, in.Copy)
			t.journalConflicts(*in)
		}
	})
	if _, err2 := s.db.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous = NORMAL"); err == nil {
		err = classify(err2)
	}
	return err
}

// Before adds the object as the service holds it to the journal: once for all entries of a run that saw it like this.
func (s *State) Before(ctx context.Context, in Intent, raw []byte) error {
	if raw == nil {
		return nil
	}
	object := in.Was[in.Side].Group
	if object == "" {
		object = in.Item
	}
	return s.write(ctx, func(t *tx) {
		var image int64
		if !t.one("find-image", []any{in.Run, in.Side, object, raw}, &image) {
			image = t.insert("insert-image", in.Run, in.Side, object, raw)
		}
		t.run("image-journal", image, in.Journal)
	})
}

// Wrote stores that a write was carried out: the item as it now is, the link and its bases. The item stays dirty, so
// that it is planned once more.
func (s *State) Wrote(ctx context.Context, in Intent, it record.Item, at time.Time) error {
	return s.write(ctx, func(t *tx) {
		switch {
		case in.Undo:
			t.undid(in, it, at)
		case in.Op == record.Delete:
			t.run("gone-elsewhere", in.Pair, in.Side, in.Item)
			t.wroteDelete(in)
		default:
			t.keepTimes(in, it, func() {
				t.storeItem(Found{Pair: in.Pair, Side: in.Side, At: at, Cursor: Cursor{Generation: t.generation(in)}}, it, plan.Present, "")
			})
			t.run("dirty-item", in.Pair, in.Side, it.ID)
			t.wroteLink(in, it.ID)
		}
		t.run("delete-intent", in.ID)
		t.run("done-conflicts", in.ID)
		after := toJSON(it.Record)
		if in.Op == record.Delete {
			after = ""
		}
		t.run("done-journal", it.ID, after, it.Revision, in.Journal)
	})
}

// generation is that of the side's current listing, so that what we wrote in the middle of one is not taken for absent.
func (t *tx) generation(in Intent) int {
	var value, fields, began string
	var generation int
	var listing bool
	t.one("get-cursor", []any{in.Pair, in.Side}, &value, &fields, &generation, &listing, &began)
	return generation
}

func (t *tx) wroteDelete(in Intent) {
	var ids [2]record.ID
	var a, b, held string
	if t.one("get-link", []any{in.Link}, &ids[0], &ids[1], &a, &b, &held) {
		t.drop(in.Pair, in.Link, [2]*plan.Seen{{Item: record.Item{ID: ids[0]}}, {Item: record.Item{ID: ids[1]}}})
		return
	}
	alone := [2]*plan.Seen{}
	alone[in.Side] = &plan.Seen{Item: record.Item{ID: in.Item}}
	t.drop(in.Pair, 0, alone)
}

// wroteLink makes the link of a created item, or moves the bases of a changed one.
func (t *tx) wroteLink(in Intent, id record.ID) {
	if in.Copy != "" {
		t.run("made-copy", id, in.Link, in.Copy)
		return
	}
	if in.Op != record.Create {
		t.agree(in.Link, in.Agree)
		return
	}
	ids := [2]record.ID{}
	ids[in.Side], ids[in.Side.Other()] = id, in.Source
	base := [2]string{toJSON(record.Record{}.With(in.Agree[0])), toJSON(record.Record{}.With(in.Agree[1]))}
	if in.Link == 0 {
		t.insert("insert-link", in.Pair, ids[0], ids[1], base[0], base[1], in.Side.Other().String())
		return
	}
	var old [2]record.ID
	var a, b, held string
	if t.one("get-link", []any{in.Link}, &old[0], &old[1], &a, &b, &held) && old[in.Side] != id {
		t.run("delete-item", in.Pair, in.Side, old[in.Side])
		t.run("clear-problems", in.Pair, in.Side, old[in.Side])
		t.releaseItem(in.Pair, in.Side, old[in.Side])
		t.run("store-replaced", in.Pair, in.Side, old[in.Side], in.Link)
	}
	t.run("store-link", ids[0], ids[1], base[0], base[1], in.Link)
}

// AddProblem adds a problem to those of an item.
func (s *State) AddProblem(ctx context.Context, pair string, item record.ID, p plan.Problem) error {
	return s.write(ctx, func(t *tx) { t.run("store-problem", pair, p.Side, item, p.Code, p.Field) })
}

// Refused stores that a write was refused for sure, and why. With fresh, the item as its service now holds it, it is news
// to be planned again. presence, unless "", is how the item now stands.
func (s *State) Refused(ctx context.Context, in Intent, fresh *record.Item, presence plan.Presence, problems []plan.Problem, at time.Time) error {
	return s.write(ctx, func(t *tx) {
		if fresh != nil {
			t.storeItem(Found{Pair: in.Pair, Side: in.Side, At: at, Cursor: Cursor{Generation: t.generation(in)}}, *fresh, plan.Present, "")
		}
		if presence != "" {
			t.run("item-gone", presence, in.Pair, in.Side, in.Item, in.Item)
		}
		for _, pr := range problems {
			t.run("store-problem", in.Pair, pr.Side, in.on(pr.Side), pr.Code, pr.Field)
		}
		t.unsent(in)
	})
}

// on returns the item of the intent on a side.
func (in Intent) on(s plan.Side) record.ID {
	if s == in.Side {
		return in.Item
	}
	return in.Source
}

// Unsent forgets an intent that was never sent; its items stay dirty.
func (s *State) Unsent(ctx context.Context, in Intent) error {
	return s.write(ctx, func(t *tx) { t.unsent(in) })
}

func (t *tx) unsent(in Intent) {
	t.run("delete-intent", in.ID)
	t.run("delete-journal", in.Journal)
	t.run("delete-conflicts", in.ID)
}

// Unproven ends an intent of which nobody knows whether it was carried out; it is planned anew from what is there. The
// journal keeps it with its before-image: it may have been.
func (s *State) Unproven(ctx context.Context, in Intent) error {
	return s.write(ctx, func(t *tx) {
		t.run("delete-intent", in.ID)
		t.run("delete-conflicts", in.ID)
	})
}

// Late stores that an intent without an answer may have been carried out as late as at a moment: until its service tells of
// what happened then, nobody knows.
func (s *State) Late(ctx context.Context, in Intent, at time.Time) error {
	return s.write(ctx, func(t *tx) { t.run("late-intent", stamp(at), in.ID) })
}

// Rewind takes intents of all pairs that seem to come from the future for intents of this moment: the clock was set back
// since, and what they made will be first seen from now on.
func (s *State) Rewind(ctx context.Context, now time.Time) error {
	return s.write(ctx, func(t *tx) { t.run("rewind-intents", stamp(now)) })
}

// OpenIntents returns the intents that have no answer.
func (s *State) OpenIntents(ctx context.Context, pair string) ([]Intent, error) {
	return s.intents(ctx, "open-intents", pair)
}

// OpenElsewhere returns the creates without an answer that other pairs sent to the CRM module of this one.
func (s *State) OpenElsewhere(ctx context.Context, p Pair) ([]Intent, error) {
	return s.intents(ctx, "open-elsewhere", p.ID, p.Ends[plan.Left].Account, p.Ends[plan.Left].Ref)
}

func (s *State) intents(ctx context.Context, query string, args ...any) ([]Intent, error) {
	var out []Intent
	err := s.each(ctx, query, args, func(scan func(...any) error) error {
		var in Intent
		var patch, agree, sent string
		err := scan(&in.ID, &in.Pair, &in.Side, &in.Op, &in.Item, &in.Source, &in.Link, &in.Write.Mark, &patch, &agree, &sent, &in.Journal, &in.Undo, &in.Copy)
		if err != nil {
			return err
		}
		in.Sent = unstamp(sent)
		if err := fromJSON(patch, &in.Write.Patch); err != nil {
			return err
		}
		err = fromJSON(agree, &in.Agree)
		out = append(out, in)
		return err
	})
	return out, err
}

// Adopt ends the intent of a create that turned out to be carried out: the item found is linked as if it had answered.
func (s *State) Adopt(ctx context.Context, in Intent, found *plan.Seen) error {
	return s.write(ctx, func(t *tx) {
		if in.Undo {
			t.relink(in, found.ID)
			t.settleUndo(in)
		} else {
			t.wroteLink(in, found.ID)
		}
		t.run("dirty-item", in.Pair, in.Side, found.ID)
		t.run("delete-intent", in.ID)
		revision := found.Revision
		for f, sent := range in.Write.Patch {
			if found.Record[f] != sent {
				revision = "" // Somebody may have edited it since: it is not known as we made it.
			}
		}
		t.run("done-journal", found.ID, toJSON(found.Record), revision, in.Journal)
	})
}

// Arrived ends the intent of a change that turned out to be carried out: both sides agree on what it wrote.
func (s *State) Arrived(ctx context.Context, in Intent) error {
	return s.write(ctx, func(t *tx) {
		if in.Op == record.Restore {
			t.relink(in, in.Item)
		}
		if in.Undo {
			t.settleUndo(in)
		} else {
			t.agree(in.Link, in.Agree)
		}
		t.run("delete-intent", in.ID)
		t.run("arrived-journal", in.Journal)
		t.run("done-conflicts", in.ID)
	})
}
