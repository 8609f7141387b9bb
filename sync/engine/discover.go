package engine

import (
	"context"
	"errors"
	"slices"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// discover brings into the state what changed on one side, and in a deep run all that there is.
func (r *run) discover(ctx context.Context, side plan.Side) error {
	ctx = r.metered(ctx, side)
	c, err := r.e.state.GetCursor(ctx, r.pair.ID, side, r.fields(side))
	if err != nil {
		return err
	}
	r.known[side] = !c.Began.IsZero()
	if !r.opt.Deep {
		return r.walk(ctx, side, c)
	}
	if c.Value != "" && !r.ends[side].Info().AbsentIsDeleted {
		// What a complete listing does not bring may be deleted or out of sight: which of them is told by the changes alone.
		if err := r.walk(ctx, side, c); err != nil {
			return err
		}
		if c, err = r.e.state.GetCursor(ctx, r.pair.ID, side, r.fields(side)); err != nil {
			return err
		}
	}
	c.Value, c.Listing = "", false
	return r.walk(ctx, side, c)
}

// walk goes on from a cursor page by page. A page and its cursor are stored together, so that a discovery which was cut short
// goes on where it was.
func (r *run) walk(ctx context.Context, side plan.Side, c state.Cursor) error {
	began, changed, lost := r.now(), 0, 0
	heard, err := r.expect(ctx, side, &c)
	if err != nil {
		return err
	}
	for {
		page, err := r.ends[side].Changes(ctx, c.Value, r.slots())
		if errors.Is(err, provider.ErrCursor) && c.Value != "" {
			if lost++; lost > patience {
				return r.at(side, &provider.RetryError{Err: err})
			}
			// The service forgot where we were: everything is listed again, and nothing counts as deleted before that.
			c.Value, c.Listing = "", false
			continue
		}
		if err != nil {
			return r.at(side, err)
		}
		if page.Full && !c.Listing {
			c.Generation, c.Listing = c.Generation+1, true
		}
		found := state.Found{Pair: r.pair.ID, Side: side, Page: page, At: r.now(), Run: r.began}
		c.Value = page.Next
		if !page.More {
			if err := r.complete(ctx, side, &c, &found); err != nil {
				return err
			}
			c.Began = began
		}
		found.Cursor = c
		if err := r.e.state.Discovered(ctx, found); err != nil {
			return err
		}
		changed += len(page.Changed)
		r.progress(Discovering, side, changed, 0)
		if !page.More {
			r.e.opt.Log.Info("Changes listed", "pair", r.pair.ID, "side", side.String(), "changed", changed)
			if heard == "" || r.opt.DryRun {
				return nil
			}
			return r.e.state.StoreSetting(ctx, heardSetting(r.pair.ID, side), heard)
		}
	}
}

// fields lists what a side is read with: the fields that the pair wants and that the service shows now. What was listed while
// one was hidden says nothing of it, so that a field which comes or goes has everything listed again (C-26).
func (r *run) fields(side plan.Side) []record.Field {
	held := r.rules.Limits[side]
	return slices.DeleteFunc(r.pair.Fields(side), func(f record.Field) bool {
		_, shown := held[f]
		_, view := record.ViewID(f)
		return !shown && !view
	})
}

// complete ends a complete listing: what it did not bring is absent. A side that suddenly lists nothing stops the pair
// before that is believed (R1).
func (r *run) complete(ctx context.Context, side plan.Side, c *state.Cursor, found *state.Found) error {
	if !c.Listing {
		return nil
	}
	had, listed, err := r.e.state.CountItems(ctx, r.pair.ID, side, c.Generation)
	if err != nil {
		return err
	}
	has := listed + len(found.Page.Changed) + len(found.Page.Skipped) + len(found.Page.Whole)
	found.Absent, err = r.emptied(ctx, side, had, has)
	c.Listing = false
	return err
}
