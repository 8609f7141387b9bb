package engine

import (
	"context"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// week is how long a pair goes by changes alone. Then both sides are listed wholly once: what a service forgot to tell, and
// what drifted apart unseen, comes to light (C-65).
const week = 7 * 24 * time.Hour

// deepen makes the run a deep one when the last one is too long ago.
func (r *run) deepen(ctx context.Context) error {
	text, err := r.e.state.GetSetting(ctx, r.deepSetting())
	if err != nil || text == "" || r.opt.Plan != "" {
		return err
	}
	last, err := time.Parse(time.RFC3339, text)
	r.opt.Deep = r.opt.Deep || err != nil || r.began.Sub(last) >= week
	return nil
}

func (r *run) deepSetting() string { return "deep:" + r.pair.ID }

// compare ends a run. A deep one lists what differs although neither side changed it; the first run of a pair listed
// everything anyhow.
func (r *run) compare(ctx context.Context) error {
	if !r.opt.Deep && !r.first {
		return nil
	}
	if err := r.drifting(ctx, func(t plan.Triple, fields [2][]record.Field) error {
		for _, f := range fields[plan.Left] {
			p := plan.Problem{Code: plan.CodeDrift, Side: plan.Left, Field: f}
			if err := r.e.state.AddProblem(ctx, r.pair.ID, t.Items[plan.Left].ID, p); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return r.e.state.StoreSetting(ctx, r.deepSetting(), r.began.UTC().Format(time.RFC3339))
}

// mend forgets what was agreed on of fields that drifted apart: they are planned as if both sides had just changed them, so
// that the rule of the pair for such fields settles them.
func (r *run) mend(ctx context.Context) error {
	return r.drifting(ctx, func(t plan.Triple, fields [2][]record.Field) error {
		return r.e.state.Disagree(ctx, t, r.pair.ID, fields)
	})
}

func (r *run) drifting(ctx context.Context, each func(plan.Triple, [2][]record.Field) error) error {
	linked, err := r.e.state.Linked(ctx, r.pair)
	if err != nil {
		return err
	}
	for _, t := range linked {
		if fields := plan.Drift(t, r.rules); len(fields[plan.Left]) > 0 {
			if err := each(t, fields); err != nil {
				return err
			}
		}
	}
	return nil
}
