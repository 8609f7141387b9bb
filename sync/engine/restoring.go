package engine

import (
	"context"
	"slices"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// restoring ends intents of items that were to be brought back, were not answered, and are not listed: of those that are known
// to be deleted still, or of which a person says that they are not there. Another one may be there, out of sight, and one made
// in its place would be a second one: its intent stays open, its partner waits, and a person is asked.
func (r *run) restoring(ctx context.Context, unsure []state.Intent) error {
	var ids [2][]record.ID
	for _, in := range unsure {
		ids[in.Side] = append(ids[in.Side], in.Item)
	}
	var deleted [2]map[record.ID]bool
	for _, side := range plan.Sides {
		var err error
		if deleted[side], err = r.deleted(ctx, side, ids[side]); err != nil {
			return err
		}
	}
	for _, in := range unsure {
		var err error
		q := plan.Unrestored(r.rules, in.Side, in.Item, in.Source, in.Sent)
		switch {
		case r.ends[in.Side].Info().AbsentIsDeleted || deleted[in.Side][in.Item]:
			err = r.e.state.Unproven(ctx, in)
		case r.rules.Answers.To(q.ID) == plan.ChoiceAgain:
			err = r.e.state.Unrestored(ctx, in)
		default:
			err = r.e.state.Unseen(ctx, in, q)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// margin is how much further back than the journal a deletion is looked for: no two clocks are the same.
const margin = 24 * time.Hour

// deleted says which items that are not listed are known to be deleted, where the service can tell.
func (r *run) deleted(ctx context.Context, side plan.Side, ids []record.ID) (map[record.ID]bool, error) {
	bin, tells := r.ends[side].(provider.Bin)
	if !tells || len(ids) == 0 {
		return nil, nil
	}
	found, err := bin.Deleted(r.metered(ctx, side), ids, r.began.Add(-state.Keeping-margin))
	return found, r.at(side, err)
}

// restores says whether an intent other than the one given still waits for an item to come back.
func (r *run) restores(ctx context.Context, side plan.Side, id record.ID, but int64) (bool, error) {
	open, err := r.e.state.OpenIntents(ctx, r.pair.ID)
	return slices.ContainsFunc(open, func(in state.Intent) bool {
		return in.Op == record.Restore && in.Side == side && in.Item == id && in.ID != but
	}), err
}
