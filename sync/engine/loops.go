package engine

import (
	"context"

	"zohosync/sync/plan"
)

// loop looks in the journal whether the step would write what others changed back again and again (C-57).
func (r *run) loop(ctx context.Context, st *plan.Step) error {
	var written []plan.Written
	now := r.now()
	if st.Updates() {
		for _, s := range plan.Sides {
			some, err := r.e.state.Written(ctx, r.pair.ID, s, st.Triple.Items[s].ID, now.Add(-plan.Day))
			if err != nil {
				return err
			}
			written = append(written, some...)
		}
	}
	st.Loop(r.rules, written, now)
	return nil
}
