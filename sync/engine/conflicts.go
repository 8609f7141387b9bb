package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// ErrNoConflict: no conflict of the last 30 days has this number.
var ErrNoConflict = errors.New("no such conflict")

// ErrNotTaken: a service did not take back a value that it had held.
var ErrNotTaken = errors.New("the value was not taken")

// Conflict is a field that both sides had changed differently, and that was decided. Title and values are for the screen,
// never for a log.
type Conflict struct {
	state.Conflict
	Kind record.Kind
	Ends [2]state.End
}

// Conflicts returns the conflicts of the last 30 days, of one pair or with "" of all, the latest first. Those about which
// somebody is still asked are questions.
func (e *Engine) Conflicts(ctx context.Context, pair string) ([]Conflict, error) {
	all, err := e.state.ListConflicts(ctx, pair, e.opt.Clock().Add(-state.Keeping))
	if err != nil {
		return nil, err
	}
	pairs, err := e.state.ListPairs(ctx)
	if err != nil {
		return nil, err
	}
	var out []Conflict
	for _, c := range all {
		at := slices.IndexFunc(pairs, func(p state.Pair) bool { return p.ID == c.Pair })
		if at >= 0 {
			out = append(out, Conflict{Conflict: c, Kind: pairs[at].Kind, Ends: pairs[at].Ends})
		}
	}
	return out, nil
}

// RestoreConflict brings the pair of a conflict in step and then gives back the value that lost, on both sides, as if a
// person had typed it again: in a run with a journal of its own. ErrNoConflict when there is none of this number,
// plan.ErrEdited when the field no longer holds what won, plan.ErrApart when the items are no longer linked,
// plan.ErrOneSide where nothing may be written, ErrNotTaken when the service refused; else as Sync.
func (e *Engine) RestoreConflict(ctx context.Context, id int64) (Report, error) {
	all, err := e.Conflicts(ctx, "")
	if err != nil {
		return Report{}, err
	}
	at := slices.IndexFunc(all, func(c Conflict) bool { return c.ID == id })
	if at < 0 {
		return Report{}, fmt.Errorf("%w: %d", ErrNoConflict, id)
	}
	return e.Sync(ctx, all[at].Pair, RunOptions{restore: &all[at].Conflict})
}

// giveBack writes a value that lost to the side that lost it.
func (r *run) giveBack(ctx context.Context, c state.Conflict) error {
	link, err := r.e.state.LinkOf(ctx, r.pair.ID, c.Loser, c.Item)
	if err != nil {
		return err
	}
	t, err := r.e.state.GetTriple(ctx, r.pair.ID, link)
	if err != nil {
		return err
	}
	st, err := plan.GiveBack(t, r.rules, c.Field, c.Loser, c.Lost, c.Won)
	if err != nil {
		return fmt.Errorf("conflict %d: %w", c.ID, err)
	}
	patch := st.Acts[c.Loser].Write.Patch
	if _, err := r.apply(ctx, []plan.Step{st}); err != nil {
		return err
	}
	it, err := r.e.state.GetItem(ctx, r.pair.ID, c.Loser, c.Item)
	if err != nil {
		return err
	}
	for f, v := range patch {
		if !it.Here() || it.Record[f] != v {
			return fmt.Errorf("conflict %d: %w", c.ID, ErrNotTaken)
		}
	}
	return r.e.state.RestoredConflict(ctx, c.ID, r.now())
}
