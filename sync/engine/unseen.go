package engine

import (
	"context"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// deletedToo asks a service what became of items that it no longer shows and whose partners were deleted, where it can tell: who
// deleted one on both sides has nothing to wait for. What it does not name may come back, and its partner's deletion waits for it.
func (r *run) deletedToo(ctx context.Context, links []plan.Triple) error {
	for _, side := range plan.Sides {
		var ids []record.ID
		for _, t := range links {
			if halfGone(t, side) {
				ids = append(ids, t.Items[side].ID)
			}
		}
		deleted, err := r.deleted(ctx, side, ids)
		if err != nil {
			return err
		}
		for _, t := range links {
			if halfGone(t, side) && deleted[t.Items[side].ID] {
				t.Items[side].Presence = plan.Gone
			}
		}
	}
	return nil
}

// halfGone: the item of a side is out of sight, and its partner was deleted.
func halfGone(t plan.Triple, side plan.Side) bool {
	it, partner := t.Items[side], t.Items[side.Other()]
	return it != nil && partner != nil && it.Presence == plan.Missing && partner.Presence == plan.Gone
}
