package state

import (
	"context"
	"slices"
	"strings"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Cursor is where the discovery of one side stands.
type Cursor struct {
	Value      provider.Cursor
	Fields     []record.Field
	Generation int
	Listing    bool      // in the middle of a complete listing
	Began      time.Time // when the last discovery that ended began
}

// GetCursor returns where a side stands; the zero Cursor before its first discovery. A cursor made with other fields is
// given back without its value, so that everything is listed again.
func (s *State) GetCursor(ctx context.Context, pair string, side plan.Side, fields []record.Field) (Cursor, error) {
	var c Cursor
	err := s.each(ctx, "get-cursor", []any{pair, side}, func(scan func(...any) error) error {
		var names, began string
		if err := scan(&c.Value, &names, &c.Generation, &c.Listing, &began); err != nil {
			return err
		}
		c.Began = unstamp(began)
		for _, f := range strings.Fields(names) {
			c.Fields = append(c.Fields, record.Field(f))
		}
		return nil
	})
	if !slices.Equal(c.Fields, fields) {
		c.Value, c.Listing, c.Fields = "", false, fields
	}
	return c, err
}

// Found is one page of a discovery.
type Found struct {
	Pair   string
	Side   plan.Side
	Page   provider.Page
	Cursor Cursor // as it is after this page
	At     time.Time
	Run    time.Time     // when the run began that brought it; zero: At. Two edits that one run brought are of no known order
	Absent plan.Presence // what an item is that a complete listing did not bring: Gone or Missing; "" while it goes on
}

// Discovered stores a page and its cursor in one transaction. Only an item whose record or presence is another than
// before becomes dirty; a new revision alone is stored and that is all.
func (s *State) Discovered(ctx context.Context, f Found) error {
	return s.write(ctx, func(t *tx) {
		// What the same page brings is there, whatever else it says.
		for _, id := range f.Page.Deleted {
			t.run("item-gone", plan.Gone, f.Pair, f.Side, id, id)
		}
		t.listedWhole(f)
		for _, it := range f.Page.Changed {
			t.storeItem(f, it, plan.Present, "")
		}
		for _, sk := range f.Page.Skipped {
			t.storeSkip(f, sk)
		}
		if f.Absent != "" {
			t.run("absent", f.Absent, f.Pair, f.Side, f.Cursor.Generation)
		}
		t.storeCursor(f.Pair, f.Side, f.Cursor)
	})
}

func (t *tx) storeCursor(pair string, side plan.Side, c Cursor) {
	names := make([]string, len(c.Fields))
	for i, f := range c.Fields {
		names[i] = string(f)
	}
	t.run("store-cursor", pair, side, c.Value, strings.Join(names, " "), c.Generation, c.Listing, stamp(c.Began))
}

func (t *tx) storeItem(f Found, it record.Item, p plan.Presence, title string) {
	noticed := f.Run
	if noticed.IsZero() {
		noticed = f.At
	}
	t.run("store-item", f.Pair, f.Side, it.ID, group(it), it.Slot, it.Revision, it.Self, it.Mark, stamp(it.Modified),
		toJSON(it.Record.With(nil)), p, title, f.Cursor.Generation, stamp(f.At), stamp(noticed))
}

// storeSkip keeps what is known of an item that cannot be read now: it is there.
func (t *tx) storeSkip(f Found, sk provider.Skip) {
	if t.run("skip-item", plan.Skipped, sk.Title, f.Cursor.Generation, f.Pair, f.Side, sk.ID) == 0 {
		it := record.Item{ID: sk.ID, Group: sk.Group}
		t.storeItem(f, it, plan.Skipped, sk.Title)
	}
	// A series that cannot be read is there with all that is known of it.
	t.run("group-skipped", plan.Skipped, f.Cursor.Generation, f.Pair, f.Side, sk.ID)
	t.run("clear-problems", f.Pair, f.Side, sk.ID)
	if sk.Err != nil {
		t.run("store-problem", f.Pair, f.Side, sk.ID, sk.Err.Code, sk.Err.Field)
	}
}

func group(it record.Item) record.ID {
	if it.Group == "" {
		return it.ID
	}
	return it.Group
}

// ResetCursor forgets where a side stands, so that everything is listed again.
func (s *State) ResetCursor(ctx context.Context, pair string, side plan.Side) error {
	return s.write(ctx, func(t *tx) { t.run("reset-cursor", pair, side) })
}

// Made returns the objects that this program made or brought back on a side since the listing whose number is given, and that
// are taken to be there. The number is that of a listing which begins now.
func (s *State) Made(ctx context.Context, pair string, side plan.Side, since int64) (made []record.ID, number int64, err error) {
	err = s.each(ctx, "last-journal", nil, func(scan func(...any) error) error { return scan(&number) })
	if err != nil {
		return nil, 0, err
	}
	err = s.each(ctx, "list-made", []any{pair, side, since}, func(scan func(...any) error) error {
		var id record.ID
		err := scan(&id)
		made = append(made, id)
		return err
	})
	return made, number, err
}

// CountItems returns how many objects of a side are there, and how many items were brought by the given generation. The
// occurrences of a series are one object.
func (s *State) CountItems(ctx context.Context, pair string, side plan.Side, generation int) (all, listed int, err error) {
	err = s.each(ctx, "count-items", []any{generation, pair, side}, func(scan func(...any) error) error {
		return scan(&all, &listed)
	})
	return all, listed, err
}
