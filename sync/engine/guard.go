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

// guard stops the pair before its first write when too much would change at once.
func (r *run) guard(ctx context.Context, steps []plan.Step) error {
	if len(steps) <= plan.Few && r.rules.Answers.None() && r.undo == nil {
		return nil
	}
	linked, err := r.e.state.CountLinks(ctx, r.pair.ID)
	if err != nil {
		return err
	}
	for _, q := range r.check(steps, linked) {
		if !r.confirmed(q) {
			return r.stop(ctx, q)
		}
	}
	return nil
}

// confirmed says whether the run was started with the number that this question names, or with the plan that told every item
// which a first sync makes.
func (r *run) confirmed(q plan.Question) bool {
	return slices.Contains(r.opt.Confirm, q.Number) || q.Code == plan.CodeFirst && r.opt.Plan != ""
}

// stop makes the pair wait for an answer. A dry run and an undo only tell.
func (r *run) stop(ctx context.Context, q plan.Question) error {
	g := q.Guard()
	r.report.Stop = &g
	if r.opt.DryRun || r.undo != nil {
		return ErrGuard
	}
	if err := r.e.state.AskStop(ctx, r.pair.ID, q); err != nil {
		return err
	}
	if err := r.e.state.StopPair(ctx, r.pair.ID, &g); err != nil {
		return err
	}
	return ErrGuard
}

// emptied stops the pair when a side suddenly lists nothing (R1), until a person says what that means. It returns what
// the items are that are no longer listed.
func (r *run) emptied(ctx context.Context, side plan.Side, had, has int) (plan.Presence, error) {
	absent := plan.Missing
	if r.ends[side].Info().AbsentIsDeleted {
		absent = plan.Gone
	}
	if has > 0 || had <= plan.Few {
		return absent, nil
	}
	links, err := r.e.state.ListLinks(ctx, r.pair.ID)
	if err != nil {
		return "", err
	}
	q, stops := plan.Emptied(r.rules, side, had, has, linkedItems(links))
	choice := r.rules.Answers.To(q.ID)
	switch {
	case !stops || r.confirmed(q):
		return absent, nil
	case choice == "" || choice == plan.ChoiceLater:
		return "", r.stop(ctx, q)
	}
	// A person says that they are gone, whatever this service means by listing nothing.
	return plan.Gone, nil
}

func linkedItems(links []state.Link) (items [2][]record.ID) {
	for _, l := range links {
		if l.Held == "" {
			for _, s := range plan.Sides {
				items[s] = append(items[s], l.IDs[s])
			}
		}
	}
	return items
}

// missing asks what is to become of a pair whose collection is missing. Its error stays what it is.
func (r *run) missing(ctx context.Context, err error) error {
	var end *EndError
	if r.opt.DryRun || r.undo != nil || !errors.Is(err, provider.ErrGone) || !errors.As(err, &end) {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	return errors.Join(err, r.e.state.AskStop(ctx, r.pair.ID, plan.Vanished(r.pair.ID, end.Side)))
}

// goOn closes the questions that stopped the pair: it went through.
func (r *run) goOn(ctx context.Context) error {
	open, err := r.e.state.ListQuestions(ctx, r.pair.ID)
	if err != nil || !slices.ContainsFunc(open, func(q state.Question) bool { return q.Stops }) {
		return err
	}
	return r.e.state.CloseStops(ctx, r.pair.ID)
}
