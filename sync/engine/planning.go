package engine

import (
	"context"
	"errors"
	"slices"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// prepare makes the state ready for planning: answers that were lost are looked for, a window that moved and rules that
// changed are seen.
func (r *run) prepare(ctx context.Context) error {
	links, err := r.e.state.ListLinks(ctx, r.pair.ID)
	if err != nil {
		return err
	}
	r.first = len(links) == 0
	if r.opt.Retry {
		if err := r.e.state.Retry(ctx, r.pair.ID); err != nil {
			return err
		}
	}
	if err := r.e.state.MoveWindow(ctx, r.pair.ID, r.rules.Window); err != nil {
		return err
	}
	if err := r.e.state.ChangeRules(ctx, r.pair.ID, r.rules.Digest()); err != nil {
		return err
	}
	if r.opt.DryRun {
		return nil
	}
	if r.opt.Again {
		if err := r.e.state.SyncAgain(ctx, r.pair.ID); err != nil {
			return err
		}
	}
	return r.recover(ctx)
}

// recover ends the intents of earlier runs. An unanswered update or delete is planned anew from what was just discovered,
// where what arrived is known for our own; an unanswered create has to be found first, or proven missing, before it may
// be sent again.
func (r *run) recover(ctx context.Context) error {
	open, err := r.e.state.OpenIntents(ctx, r.pair.ID)
	if err != nil || len(open) == 0 {
		return err
	}
	byID := map[int64]state.Intent{}
	var creates []plan.Intent
	var restores []state.Intent
	for _, in := range open {
		byID[in.ID] = in
		lag := r.ends[in.Side].Info().Lag
		switch {
		case in.Op != record.Create:
			unsure, err := r.unanswered(ctx, in)
			if err != nil {
				return err
			}
			if unsure {
				restores = append(restores, in)
			}
		case r.began.After(in.Sent.Add(lag)):
			creates = append(creates, asked(in))
		}
	}
	if err := r.restoring(ctx, restores); err != nil {
		return err
	}
	items, err := r.e.state.Unlinked(ctx, r.pair)
	if err != nil {
		return err
	}
	if items, _, err = r.echoes(ctx, items); err != nil {
		return err
	}
	taken := map[*plan.Seen]bool{}
	for _, o := range plan.Recover(r.rules, creates, items) {
		q, asks := o.Settle(r.rules, items)
		if o.Found != nil && taken[o.Found] {
			continue // A person named one item twice. The next run asks who else it was.
		}
		taken[o.Found] = true
		if asks {
			if err := r.e.state.Ask(ctx, r.pair.ID, q); err != nil {
				return err
			}
		}
		switch in := byID[o.Intent.ID]; {
		case o.Found != nil:
			act := plan.Act{Write: in.Write, Agree: in.Agree}
			act.StayedBehind(r.rules, in.Side, act.Untaken(r.rules, in.Side, o.Found.Record))
			act.Landed(r.rules, in.Side, o.Found.Record)
			in.Agree = act.Agree
			err = r.e.state.Adopt(ctx, in, o.Found)
		case o.Again:
			err = r.e.state.Unsent(ctx, in)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unanswered ends the intent of an update or a delete. Fields that now stand there as they were sent are what both sides
// agree on: taken for somebody's edit they would outlive a deletion. It is unsure of an item that was to be brought back and is
// not listed, see restoring.
func (r *run) unanswered(ctx context.Context, in state.Intent) (unsure bool, err error) {
	now, err := r.e.state.GetItem(ctx, in.Pair, in.Side, in.Item)
	if err != nil {
		return false, err
	}
	if in.Undo && in.Op == record.Delete && (now == nil || now.Presence == plan.Gone) {
		return false, r.e.state.Arrived(ctx, in)
	}
	act := plan.Act{Agree: in.Agree}
	if in.Op != record.Delete && now != nil && now.Here() && (act.Arrived(r.rules, in.Side, now.Record) || in.Op == record.Restore) {
		in.Agree = act.Agree
		return false, r.e.state.Arrived(ctx, in)
	}
	switch {
	case in.Undo && !r.began.After(in.Sent.Add(r.ends[in.Side].Info().Lag)):
		return false, nil // A listing that lags does not tell yet what became of it.
	case in.Op == record.Restore:
		return true, nil
	}
	return false, r.e.state.Unproven(ctx, in)
}

func asked(in state.Intent) plan.Intent {
	return plan.Intent{ID: in.ID, Side: in.Side, Source: in.Source, Mark: in.Write.Mark, Patch: in.Write.Patch, Sent: in.Sent}
}

// plan turns what is dirty into steps. It only reads.
func (r *run) plan(ctx context.Context) ([]plan.Step, error) {
	dirty, err := r.e.state.Triples(ctx, r.pair)
	if err != nil {
		return nil, err
	}
	open, err := r.e.state.OpenIntents(ctx, r.pair.ID)
	if err != nil {
		return nil, err
	}
	elsewhere, err := r.e.state.OpenElsewhere(ctx, r.pair)
	if err != nil {
		return nil, err
	}
	alive, waiting, err := r.echoes(ctx, dirty.Unlinked)
	if err != nil {
		return nil, err
	}
	items, steps := withhold(r.rules, alive, open, elsewhere)
	steps = append(steps, waiting...)
	links := slices.DeleteFunc(dirty.Links, func(t plan.Triple) bool {
		return slices.ContainsFunc(open, func(in state.Intent) bool {
			return (in.Op == record.Create || in.Op == record.Restore || in.Undo) && in.Link == t.Link
		})
	})
	var failed error
	links, items = plan.Reattach(links, items)
	items[plan.Right], steps = r.copies(items[plan.Right], steps)
	links, items = plan.Reschedule(links, items, r.rules, func(side plan.Side, group record.ID) []record.Item {
		stayed, err := r.e.state.Stayed(ctx, r.pair.ID, side, group)
		failed = errors.Join(failed, err)
		return stayed
	})
	items, steps = successors(items, steps, r.rules.Kind)
	for _, t := range links {
		steps = append(steps, plan.Make(r.refuse(t), r.rules))
	}
	known := func(side plan.Side, self record.Mark) plan.Standing {
		standing, err := r.e.state.Standing(ctx, r.pair.ID, side, self)
		failed = errors.Join(failed, err)
		return standing
	}
	m := plan.Match(items, r.rules, known)
	if err := r.recognised(ctx, m); err != nil {
		return nil, err
	}
	for _, t := range m.Triples {
		steps = append(steps, plan.Make(r.refuse(t), r.rules))
	}
	steps = append(steps, m.Asked...)
	for i := range steps {
		if err := r.loop(ctx, &steps[i]); err != nil {
			return nil, err
		}
	}
	plan.Join(steps, r.rules)
	return steps, failed
}

// copies plans for versions that became items of their own on the right: they are new, whatever they look like.
func (r *run) copies(items []*plan.Seen, steps []plan.Step) ([]*plan.Seen, []plan.Step) {
	var rest []*plan.Seen
	for _, it := range items {
		if it.Copy {
			steps = append(steps, plan.Make(r.refuse(plan.Triple{Items: [2]*plan.Seen{plan.Right: it}}), r.rules))
		} else {
			rest = append(rest, it)
		}
	}
	return rest, steps
}

// withhold takes out of planning what an unanswered create was made from, and what it may have made. What one that another
// pair sent to the same module may have made is that pair's business.
func withhold(rules plan.Rules, items [2][]*plan.Seen, open, elsewhere []state.Intent) ([2][]*plan.Seen, []plan.Step) {
	held := map[*plan.Seen]plan.Side{}
	for _, in := range open {
		if in.Op != record.Create {
			continue
		}
		from := in.Side.Other()
		for _, it := range items[from] {
			if it.ID == in.Source {
				held[it] = from
			}
		}
		for _, it := range plan.Candidates(rules, asked(in), items[in.Side]) {
			held[it] = in.Side
		}
	}
	for _, in := range elsewhere {
		for _, it := range plan.Candidates(rules, asked(in), items[in.Side]) {
			held[it] = in.Side
		}
	}
	var free [2][]*plan.Seen
	var steps []plan.Step
	for _, side := range plan.Sides {
		for _, it := range items[side] {
			if _, wait := held[it]; !wait {
				free[side] = append(free[side], it)
				continue
			}
			steps = append(steps, waits(side, it))
		}
	}
	return free, steps
}

// refuse tells the planner which fields and which whole writes a service refused in this run.
func (r *run) refuse(t plan.Triple) plan.Triple {
	for key, code := range r.refused {
		from := t.Items[key.to.Other()]
		if from == nil || from.ID != key.item {
			continue
		}
		if t.Refused[key.to] == nil {
			t.Refused[key.to] = plan.Refused{}
		}
		t.Refused[key.to][key.field] = code
	}
	for _, to := range plan.Sides {
		if from := t.Items[to.Other()]; from != nil {
			if b, barred := r.barred[refusal{to, from.ID, ""}]; barred {
				t.Barred[to] = &b
			}
		}
	}
	return t
}
