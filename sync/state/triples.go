package state

import (
	"context"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// Dirty is what has to be planned: links of which a side changed, and items without a link.
type Dirty struct {
	Links    []plan.Triple
	Unlinked [2][]*plan.Seen // all of them, if any of them changed
}

// Triples returns what changed since it was last planned.
func (s *State) Triples(ctx context.Context, p Pair) (Dirty, error) {
	var d Dirty
	var err error
	if d.Links, err = s.linked(ctx, p, "dirty-links"); err != nil {
		return d, err
	}
	var news bool
	err = s.each(ctx, "any-unlinked-dirty", []any{p.ID}, func(scan func(...any) error) error { return scan(&news) })
	if err != nil || !news {
		return d, err
	}
	d.Unlinked, err = s.Unlinked(ctx, p)
	return d, err
}

// Linked returns all links of a pair with their items, whatever changed.
func (s *State) Linked(ctx context.Context, p Pair) ([]plan.Triple, error) {
	return s.linked(ctx, p, "all-links")
}

func (s *State) linked(ctx context.Context, p Pair, query string) ([]plan.Triple, error) {
	rows, err := s.links(ctx, query, p.ID)
	if err != nil {
		return nil, err
	}
	copies, err := s.copies(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	var out []plan.Triple
	for _, r := range rows {
		t := plan.Triple{Link: r.id, Held: r.held, Base: r.base, Copies: copies[r.id]}
		for _, side := range plan.Sides {
			if t.Items[side], err = s.GetItem(ctx, p.ID, side, r.ids[side]); err != nil {
				return nil, err
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// Disagree forgets what both sides of a link agreed on of some fields, so that they are planned as if both had changed.
func (s *State) Disagree(ctx context.Context, t plan.Triple, pair string, fields [2][]record.Field) error {
	return s.write(ctx, func(x *tx) {
		var forget [2]record.Patch
		for _, side := range plan.Sides {
			forget[side] = record.Patch{}
			for _, f := range fields[side] {
				forget[side][f] = ""
			}
			x.run("dirty-item", pair, side, t.Items[side].ID)
		}
		x.agree(t.Link, forget)
	})
}

// Unlinked returns all items of a pair that have no link.
func (s *State) Unlinked(ctx context.Context, p Pair) (out [2][]*plan.Seen, err error) {
	foreign, err := s.foreign(ctx, p)
	if err != nil {
		return out, err
	}
	for _, side := range plan.Sides {
		if out[side], err = s.unlinked(ctx, p.ID, side, foreign); err != nil {
			return out, err
		}
		replaced, err := s.replaced(ctx, p.ID, side)
		if err != nil {
			return out, err
		}
		for _, it := range out[side] {
			it.Replaced = replaced[it.ID]
		}
	}
	return out, s.markCopies(ctx, p.ID, out[plan.Right])
}

type linkRow struct {
	id   int64
	ids  [2]record.ID
	base [2]record.Record
	held string
}

func (s *State) links(ctx context.Context, query, pair string) ([]linkRow, error) {
	var out []linkRow
	err := s.each(ctx, query, []any{pair}, func(scan func(...any) error) error {
		var r linkRow
		var base [2]string
		if err := scan(&r.id, &r.ids[0], &r.ids[1], &base[0], &base[1], &r.held); err != nil {
			return err
		}
		out = append(out, r)
		return readBases(base, &out[len(out)-1].base)
	})
	return out, err
}

func readBases(text [2]string, into *[2]record.Record) error {
	for _, side := range plan.Sides {
		into[side] = record.Record{}
		if err := fromJSON(text[side], &into[side]); err != nil {
			return err
		}
	}
	return nil
}

// GetItem returns one item as the state knows it; nil when it does not.
func (s *State) GetItem(ctx context.Context, pair string, side plan.Side, id record.ID) (*plan.Seen, error) {
	var out *plan.Seen
	err := s.each(ctx, "get-item", []any{pair, side, id}, func(scan func(...any) error) error {
		it, err := scanItem(scan)
		out = it
		return err
	})
	return out, err
}

func (s *State) unlinked(ctx context.Context, pair string, side plan.Side, foreign map[record.ID]bool) ([]*plan.Seen, error) {
	var out []*plan.Seen
	err := s.each(ctx, "unlinked-"+side.String(), []any{pair}, func(scan func(...any) error) error {
		it, err := scanItem(scan)
		if err == nil {
			it.Foreign = side == plan.Left && foreign[it.ID]
			out = append(out, it)
		}
		return err
	})
	return out, err
}

func scanItem(scan func(...any) error) (*plan.Seen, error) {
	it := &plan.Seen{}
	var modified, rec, seen, edited, noticed string
	err := scan(&it.ID, &it.Group, &it.Slot, &it.Revision, &it.Self, &it.Mark, &modified, &rec, &it.Presence, &seen, &it.News, &edited, &noticed)
	if err != nil {
		return nil, err
	}
	it.Modified, it.FirstSeen = unstamp(modified), unstamp(seen)
	it.Edited, it.Noticed = unstamp(edited), unstamp(noticed)
	return it, fromJSON(rec, &it.Record)
}

// foreign lists what other pairs brought into the CRM module of this one.
func (s *State) foreign(ctx context.Context, p Pair) (map[record.ID]bool, error) {
	out := map[record.ID]bool{}
	args := []any{p.ID, p.Ends[plan.Left].Account, p.Ends[plan.Left].Ref}
	err := s.each(ctx, "foreign", args, func(scan func(...any) error) error {
		var id record.ID
		err := scan(&id)
		out[id] = true
		return err
	})
	return out, err
}

// Standing tells what is known of the item that calls itself self.
func (s *State) Standing(ctx context.Context, pair string, side plan.Side, self record.Mark) (plan.Standing, error) {
	standing := plan.Unknown
	err := s.each(ctx, "standing-"+side.String(), []any{pair, self}, func(scan func(...any) error) error {
		var presence plan.Presence
		var linked bool
		if err := scan(&presence, &linked); err != nil {
			return err
		}
		switch {
		case linked:
			standing = plan.Linked
		case standing == plan.Unknown && presence != plan.Gone:
			standing = plan.There
		}
		return nil
	})
	return standing, err
}

// CountLinks returns how many objects of each side have living links. The occurrences of a series are one object.
func (s *State) CountLinks(ctx context.Context, pair string) (objects [2]int, err error) {
	err = s.each(ctx, "count-links", []any{pair}, func(scan func(...any) error) error { return scan(&objects[0], &objects[1]) })
	return objects, err
}

// LinkOf returns the link of an item, 0 when it has none.
func (s *State) LinkOf(ctx context.Context, pair string, side plan.Side, id record.ID) (int64, error) {
	var link int64
	err := s.each(ctx, "link-of-"+side.String(), []any{pair, id}, func(scan func(...any) error) error { return scan(&link) })
	return link, err
}

// LinkedElsewhere says whether another pair of the same collection has linked an item of a side.
func (s *State) LinkedElsewhere(ctx context.Context, pair string, side plan.Side, id record.ID) (bool, error) {
	var linked bool
	err := s.each(ctx, "linked-elsewhere", []any{pair, side, id}, func(scan func(...any) error) error { return scan(&linked) })
	return linked, err
}

// JustDeleted lists the items of a side that runs of any pair of its collection deleted which ended at since or later, or did
// not end. What was brought back is not among them.
func (s *State) JustDeleted(ctx context.Context, pair string, side plan.Side, since time.Time) (map[record.ID]bool, error) {
	out := map[record.ID]bool{}
	err := s.each(ctx, "just-deleted", []any{pair, side, stamp(since)}, func(scan func(...any) error) error {
		var id record.ID
		err := scan(&id)
		out[id] = true
		return err
	})
	return out, err
}

// Settle stores what a step decides without writing to a service: new links, bases on which both sides agree, links that
// rest or end, and the problems of its items. It returns the link's number. A step with nothing to write leaves the dirty
// set; the others leave it when they are planned again after their writes.
func (s *State) Settle(ctx context.Context, p Pair, st plan.Step) (int64, error) {
	link := st.Triple.Link
	err := s.write(ctx, func(t *tx) {
		items := st.Triple.Items
		for _, side := range plan.Sides {
			if was := st.Triple.Was[side]; was != "" {
				t.run("move-link-"+side.String(), items[side].ID, link)
				t.run("delete-item", p.ID, side, was)
				t.run("clear-problems", p.ID, side, was)
				t.releaseItem(p.ID, side, was)
			}
		}
		switch {
		case st.Fate == plan.Drop:
			t.drop(p.ID, link, items)
			return
		case link == 0 && items[plan.Left] != nil && items[plan.Right] != nil:
			base := [2]record.Record{st.Triple.Base[0].With(st.Agree[0]), st.Triple.Base[1].With(st.Agree[1])}
			link = t.insert("insert-link", p.ID, items[0].ID, items[1].ID, toJSON(base[0]), toJSON(base[1]), "both")
		case link != 0 && st.Fate == plan.Keep:
			t.run("hold-link", st.Hold, link)
		case link != 0 && (len(st.Agree[0]) > 0 || len(st.Agree[1]) > 0 || st.Triple.Held != ""):
			t.agree(link, st.Agree)
		}
		t.settleItems(p.ID, st)
		t.settleCopies(p.ID, link, st)
		t.settleQuestions(p.ID, st)
	})
	return link, err
}

// drop forgets a link of which both sides are gone, or a gone item that had none.
func (t *tx) drop(pair string, link int64, items [2]*plan.Seen) {
	t.run("delete-link", link)
	for _, side := range plan.Sides {
		if items[side] != nil {
			t.run("delete-item", pair, side, items[side].ID)
			t.run("clear-problems", pair, side, items[side].ID)
			t.releaseItem(pair, side, items[side].ID)
		}
	}
}

func (t *tx) settleItems(pair string, st plan.Step) {
	for _, side := range plan.Sides {
		it := st.Triple.Items[side]
		if it == nil {
			continue
		}
		if it.Presence != plan.Skipped {
			t.run("clear-problems", pair, side, it.ID)
		}
		// What is to be written may have rested before: until it is written it has to be planned again.
		name := "dirty-item"
		if st.Idle() && !st.Wait {
			name = "clean-item"
		}
		t.run(name, pair, side, it.ID)
		for _, pr := range st.Problems {
			if pr.Side == side {
				t.run("store-problem", pair, side, it.ID, pr.Code, pr.Field)
			}
		}
	}
}

// agree moves both bases of a link by the given fields, and lets it live again if it rested.
func (t *tx) agree(link int64, fields [2]record.Patch) {
	var ids [2]record.ID
	var text [2]string
	var held string
	if !t.one("get-link", []any{link}, &ids[0], &ids[1], &text[0], &text[1], &held) {
		return
	}
	var base [2]record.Record
	if err := readBases(text, &base); err != nil {
		t.err = err
		return
	}
	t.run("store-link", ids[0], ids[1], toJSON(base[0].With(fields[0])), toJSON(base[1].With(fields[1])), link)
}
