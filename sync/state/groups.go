package state

import (
	"context"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// listedWhole takes for gone what a page does not bring of the groups that it lists completely. A page speaks for its
// slice only: a linked occurrence that lies outside is left as it is, and a complete listing that never reaches it does not
// make it absent. One that is neither linked nor about to be is forgotten: if it is there still, it is listed when the
// window reaches it. A group that cannot be read says nothing of its occurrences.
func (t *tx) listedWhole(f Found) {
	here, unread := map[record.ID][]record.ID{}, map[record.ID]bool{}
	for _, it := range f.Page.Changed {
		here[group(it)] = append(here[group(it)], it.ID)
	}
	for _, sk := range f.Page.Skipped {
		here[sk.Group] = append(here[sk.Group], sk.ID)
		unread[sk.ID] = sk.Group == sk.ID
	}
	from, until := day(f.Page.Slice.From), day(f.Page.Slice.Until)
	for _, g := range f.Page.Whole {
		if unread[g] {
			continue
		}
		t.run("group-gone", plan.Gone, f.Pair, f.Side, g, from, until, toJSON(append([]record.ID{}, here[g]...)))
		if f.Page.Full && f.Page.Slice != (record.Window{}) {
			t.run("group-beyond", f.Cursor.Generation, f.Pair, f.Side, g, from, until)
		}
	}
}

// day writes the edge of a slice as text that sorts with slots, which are dates or instants; "" where it has no edge.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(record.DateLayout)
}

// Stayed returns the items of a group that are linked and not gone: where they take place, and no more of them.
func (s *State) Stayed(ctx context.Context, pair string, side plan.Side, group record.ID) ([]record.Item, error) {
	var out []record.Item
	err := s.each(ctx, "group-stayed", []any{pair, side, group}, func(scan func(...any) error) error {
		it, text := record.Item{Group: group}, ""
		if err := scan(&it.Slot, &text); err != nil {
			return err
		}
		err := fromJSON(text, &it.Record)
		out = append(out, it)
		return err
	})
	return out, err
}
