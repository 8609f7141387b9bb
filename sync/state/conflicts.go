package state

import (
	"context"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// copies returns the versions that became items of their own, or are about to, by the link that they were made for.
func (s *State) copies(ctx context.Context, pair string) (map[int64][]plan.Copy, error) {
	out := map[int64][]plan.Copy{}
	err := s.each(ctx, "list-copies", []any{pair}, func(scan func(...any) error) error {
		var c plan.Copy
		var link int64
		var held string
		err := scan(&link, &c.Key, &c.Item, &c.Both, &held)
		if err == nil && held != "" {
			err = fromJSON(held, &c.Record)
		}
		out[link] = append(out[link], c)
		return err
	})
	return out, err
}

// markCopies marks those of the items that were made of a version.
func (s *State) markCopies(ctx context.Context, pair string, items []*plan.Seen) error {
	all, err := s.copies(ctx, pair)
	made := map[record.ID]bool{}
	for _, copies := range all {
		for _, c := range copies {
			made[c.Item] = true
		}
	}
	for _, it := range items {
		it.Copy = made[it.ID]
	}
	return err
}

// GetTriple returns a link with its items; the zero Triple when there is none of this number.
func (s *State) GetTriple(ctx context.Context, pair string, link int64) (plan.Triple, error) {
	var t plan.Triple
	var ids [2]record.ID
	var base [2]string
	err := s.each(ctx, "get-link", []any{link}, func(scan func(...any) error) error {
		t.Link = link
		return scan(&ids[0], &ids[1], &base[0], &base[1], &t.Held)
	})
	if err != nil || t.Link == 0 {
		return t, err
	}
	for _, side := range plan.Sides {
		if t.Items[side], err = s.GetItem(ctx, pair, side, ids[side]); err != nil {
			return t, err
		}
	}
	return t, readBases(base, &t.Base)
}

// settleCopies remembers a version that is about to be made, before anything is sent, and forgets those whose conflict is
// over. One that still waits for its partner is kept in mind.
func (t *tx) settleCopies(pair string, link int64, st plan.Step) {
	if st.Copy != nil {
		t.run("store-copy", pair, link, st.Copy.Key)
	}
	if st.Over {
		t.run("delete-copies", link)
	}
}

// keepTimes runs do, which stores what we wrote, without taking it for an edit of a person.
func (t *tx) keepTimes(in Intent, it record.Item, do func()) {
	var edited, noticed string
	ours := in.Op == record.Update && toJSON(it.Record.With(nil)) == toJSON(in.Write.Seen.With(in.Write.Patch)) &&
		t.one("get-times", []any{in.Pair, in.Side, it.ID}, &edited, &noticed)
	do()
	if ours {
		t.run("keep-times", edited, noticed, in.Pair, in.Side, it.ID)
	}
}

// journalConflicts stores what the losing side of an intent loses. It counts once the write is known to be carried out.
func (t *tx) journalConflicts(in Intent) {
	for _, c := range in.Conflicts {
		t.run("insert-conflict", in.Run, in.Side, in.Item, toJSON(record.Record{c.Field: c.Lost}), toJSON(record.Patch{c.Field: c.Won}), in.ID)
	}
}

// Conflict is a field that both sides had changed differently, and that was decided.
type Conflict struct {
	ID       int64
	Pair     string
	Run      int64
	At       time.Time // when the run began
	Loser    plan.Side
	Item     record.ID    // of the loser
	Title    string       // its name, for the screen; "" when it is no longer there
	Field    record.Field // the left side's name of it
	Lost     string       // the losing value, as its side held it
	Won      string       // the winning value, as the losing side came to hold it
	Restored time.Time    // when the losing value was written back; zero: it was not
}

// ListConflicts returns what lost in runs that began at since or later, of one pair or with "" of all, the latest first.
func (s *State) ListConflicts(ctx context.Context, pair string, since time.Time) ([]Conflict, error) {
	pairs, err := s.ListPairs(ctx)
	if err != nil {
		return nil, err
	}
	kinds := map[string]record.Kind{}
	for _, p := range pairs {
		kinds[p.ID] = p.Kind
	}
	var out []Conflict
	err = s.each(ctx, "list-conflicts", []any{pair, stamp(since)}, func(scan func(...any) error) error {
		var c Conflict
		var at, before, patch, restored, rec string
		if err := scan(&c.ID, &c.Pair, &c.Run, &at, &c.Loser, &c.Item, &before, &patch, &restored, &c.Title, &rec); err != nil {
			return err
		}
		c.At, c.Restored = unstamp(at), unstamp(restored)
		var lost, held record.Record
		var won record.Patch
		for text, into := range map[string]any{before: &lost, rec: &held, patch: &won} {
			if err := fromJSON(text, into); err != nil {
				return err
			}
		}
		for f, v := range lost {
			c.Field, c.Lost, c.Won = f, v, won[f]
		}
		if c.Title == "" {
			c.Title = held.Name(kinds[c.Pair])
		}
		out = append(out, c)
		return nil
	})
	return out, err
}

// RestoredConflict remembers that a losing value was written back.
func (s *State) RestoredConflict(ctx context.Context, id int64, at time.Time) error {
	return s.write(ctx, func(t *tx) { t.run("restored-conflict", stamp(at), id) })
}
