package engine

import (
	"context"

	"zohosync/sync/plan"
)

// echoes takes out of planning what we deleted a moment ago and a listing that lags still shows, or shows for the first time:
// whatever were linked to it would be deleted with it when the listing comes to the deletion. The steps wait until then.
func (r *run) echoes(ctx context.Context, items [2][]*plan.Seen) (free [2][]*plan.Seen, steps []plan.Step, err error) {
	for _, side := range plan.Sides {
		// Who only counts what waits opened nothing.
		if r.ends[side] == nil || r.ends[side].Info().Lag <= 0 || len(items[side]) == 0 {
			free[side] = items[side]
			continue
		}
		deleted, err := r.e.state.JustDeleted(ctx, r.pair.ID, side, r.began.Add(-r.ends[side].Info().Lag))
		if err != nil {
			return free, nil, err
		}
		for _, it := range items[side] {
			if !it.Here() || !deleted[it.ID] {
				free[side] = append(free[side], it)
				continue
			}
			st := plan.Step{Wait: true}
			st.Triple.Items[side] = it
			steps = append(steps, st)
		}
	}
	return free, steps, nil
}
