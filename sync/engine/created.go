package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// ErrNoMarks: nothing tells what this program made on a side. The state does not know it, and the items there bear no marks.
var ErrNoMarks = errors.New("nothing tells what was made here")

// UndoCreated removes what this program made on a side of a pair, whatever run did it, and also after the state was lost: then
// the marks on the items tell (C-8). Their partners stay, and the links rest, so that no later sync makes the items anew or
// deletes the partners. It is a run with a journal of its own, so that it can be taken back. Report.Items lists what stays, and
// why. ErrNoMarks when nothing can be known, ErrGuard and ErrMoved as Sync: guards ask for more than a few deletions, and for
// items of which nobody knows whether they were edited since.
func (e *Engine) UndoCreated(ctx context.Context, pairID string, side plan.Side, o RunOptions) (Report, error) {
	e.busy.Lock()
	defer e.busy.Unlock()
	ctx, end := e.asks.running(ctx)
	defer end()
	pair, err := e.state.GetPair(ctx, pairID)
	if err != nil {
		return Report{ID: pairID}, fmt.Errorf("pair %s: %w", pairID, err)
	}
	// Whether a partner is there is not taken from what was known of it once.
	o.Deep = true
	r := e.begin(pair, o)
	r.undo = newUndo()
	r.undo.created = &side
	r.report.CreatedOn = side.String()
	if !o.DryRun {
		if r.id, err = e.state.BeginUndo(ctx, pairID, state.Everything, r.began); err != nil {
			return r.report, err
		}
	}
	report, err := r.finish(ctx, r.takeBack(ctx))
	e.board.ended(pairID, err)
	return report, err
}

// planCreated plans the removal of what was made on a side, from all that the state holds.
func (r *run) planCreated(ctx context.Context, side plan.Side) ([]plan.Step, error) {
	links, err := r.e.state.Linked(ctx, r.pair)
	if err != nil {
		return nil, err
	}
	items, err := r.e.state.Unlinked(ctx, r.pair)
	if err != nil {
		return nil, err
	}
	m, err := r.making(ctx, side)
	if err != nil {
		return nil, err
	}
	if items, err = r.settled(ctx, items); err != nil {
		return nil, err
	}
	if m.Made == nil && !knows(m) {
		return nil, ErrNoMarks
	}
	steps, unknown := plan.Created(links, items, r.rules, side, m)
	r.report.Unknown = unknown
	for _, st := range steps {
		if it := st.Triple.Items[side]; st.Acts[side] != nil {
			place := plan.Place{Side: side, ID: it.ID}
			r.undo.origins[place], r.undo.removed[place] = side.Other().String(), it.Record
		}
	}
	return steps, nil
}

// settled leaves out what a create was sent for that has no answer yet: what it made would be taken for deleted by a person once
// the answer is known.
func (r *run) settled(ctx context.Context, items [2][]*plan.Seen) ([2][]*plan.Seen, error) {
	open, err := r.e.state.OpenIntents(ctx, r.pair.ID)
	for _, s := range plan.Sides {
		items[s] = slices.DeleteFunc(items[s], func(it *plan.Seen) bool {
			return slices.ContainsFunc(open, func(in state.Intent) bool {
				return in.Op == record.Create && in.Link == 0 && in.Side == s.Other() && in.Source == it.ID
			})
		})
	}
	return items, err
}

// making gathers what is known of how the items of a side came to be there.
func (r *run) making(ctx context.Context, side plan.Side) (m plan.Making, err error) {
	m = plan.Making{Open: map[int64]bool{}, Barred: r.undo.barred, Edited: r.opt.Edited}
	if m.Origins, err = r.e.state.Origins(ctx, r.pair.ID); err != nil {
		return m, err
	}
	if m.Wrote, err = r.e.state.Left(ctx, r.pair.ID, side); err != nil {
		return m, err
	}
	for id, wrote := range m.Wrote {
		if wrote.Revision == unheard {
			wrote.Revision = ""
			m.Wrote[id] = wrote
		}
	}
	open, err := r.e.state.OpenIntents(ctx, r.pair.ID)
	for _, in := range open {
		if in.Link != 0 {
			m.Open[in.Link] = true
		}
	}
	if maker, tells := r.ends[side].(provider.Maker); tells && maker.Marks() {
		m.Made = func(it record.Item, key string) bool { return maker.Made(it, key) }
	}
	return m, err
}

// knows says whether the state knows of any link where its item came from.
func knows(m plan.Making) bool {
	for _, origin := range m.Origins {
		if origin == plan.Left.String() || origin == plan.Right.String() {
			return true
		}
	}
	return false
}

// edited: somebody edited an item in the moment in which it was to be removed. What it was before is not always known, so that
// it stays.
func (u *undo) edited(p plan.Place) {
	if u != nil && u.created != nil {
		u.barred[p] = plan.Problem{Code: plan.CodeEdited, Side: p.Side}
	}
}
