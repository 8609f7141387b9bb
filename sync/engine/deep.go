package engine

import (
	"context"
	"slices"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// week is how long a pair goes by changes alone. Then both sides are listed wholly once: what a service forgot to tell, and
// what drifted apart unseen, comes to light (C-65).
const week = 7 * 24 * time.Hour

// deepen makes the run a deep one when the last complete listing is too long ago, or is of a time that is still to come.
func (r *run) deepen(ctx context.Context) error {
	if r.opt.Plan != "" {
		return nil
	}
	compared, err := r.e.state.GetSetting(ctx, r.comparedSetting())
	if err != nil {
		return err
	}
	if r.whole, err = r.e.state.GetSetting(ctx, r.deepSetting()); err != nil || r.whole == "" {
		return err
	}
	r.due = compared != r.whole
	last, err := time.Parse(time.RFC3339, r.whole)
	r.opt.Deep = r.opt.Deep || err != nil || r.began.Sub(last) >= week || last.After(r.began)
	return nil
}

func (r *run) deepSetting() string { return "deep:" + r.pair.ID }

func (r *run) comparedSetting() string { return "compared:" + r.pair.ID }

// listed remembers that both sides were listed wholly: the next time is in a week, whatever becomes of this run. Before its
// first time a pair has no cursors, so that its first run lists everything anyhow.
func (r *run) listed(ctx context.Context) error {
	if r.opt.Plan != "" || r.whole != "" && !r.opt.Deep {
		return nil
	}
	r.whole, r.due = r.began.UTC().Format(time.RFC3339), true
	return r.e.state.StoreSetting(ctx, r.deepSetting(), r.whole)
}

// compare ends a run. The first one that comes to its end after a complete listing lists what differs although neither side
// changed it.
func (r *run) compare(ctx context.Context) error {
	if !r.due {
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
	return r.e.state.StoreSetting(ctx, r.comparedSetting(), r.whole)
}

// differing adds to the report of a dry run that listed both sides wholly what compare would list.
func (r *run) differing(ctx context.Context) error {
	if !r.opt.DryRun || !r.opt.Deep || r.undo != nil {
		return nil
	}
	return r.drifting(ctx, func(t plan.Triple, fields [2][]record.Field) error {
		left := t.Items[plan.Left]
		for _, f := range fields[plan.Left] {
			known := func(it Item) bool { return it.Code == plan.CodeDrift && it.ID == left.ID && it.Field == f }
			if !slices.ContainsFunc(r.report.Items, known) {
				r.report.Items = append(r.report.Items, Item{ID: left.ID, Title: left.Record.Name(r.pair.Kind), Code: plan.CodeDrift, Side: plan.Left.String(), Field: f})
			}
		}
		return nil
	})
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
