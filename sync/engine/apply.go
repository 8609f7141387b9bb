package engine

import (
	"context"
	"errors"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// batch is how many writes are intended and sent at a time, where no object holds more: as many as Zoho takes in one call.
const batch = 100

// alike is how many creates in a row may fail for the same reason before nothing more is deleted (C-4).
const alike = 3

// apply settles the steps: what needs no write first, then creates and updates of both sides, deletes last. It returns
// whether anything was sent.
func (r *run) apply(ctx context.Context, steps []plan.Step) (bool, error) {
	var queues [2][2][]job // by phase, by side
	for i := range steps {
		st := &steps[i]
		if r.undo == nil {
			link, err := r.e.state.Settle(ctx, r.pair, *st)
			if err != nil {
				return false, err
			}
			st.Triple.Link = link
		}
		r.report.Conflicts += len(st.Conflicts)
		if c := st.Copy; c != nil && c.Act != nil {
			queues[0][plan.Right] = append(queues[0][plan.Right], job{step: st, side: plan.Right, act: c.Act, copy: c.Key})
		}
		for _, side := range plan.Sides {
			if act := st.Acts[side]; act != nil {
				phase := 0
				if act.Write.Op == record.Delete {
					phase = 1
				}
				queues[phase][side] = append(queues[phase][side], job{step: st, side: side, act: act})
			}
		}
	}
	r.done, r.total = 0, len(queues[0][0])+len(queues[0][1])+len(queues[1][0])+len(queues[1][1])
	for phase := range queues {
		for _, side := range []plan.Side{plan.Right, plan.Left} {
			if err := r.send(ctx, side, queues[phase][side]); err != nil {
				return true, err
			}
		}
	}
	return r.total > 0, nil
}

// unheard is the revision of an item whose service did not tell the new one. It equals no other, so that the next write
// looks at the item first.
const unheard record.Revision = "unheard"

// job is one act of one step.
type job struct {
	step *plan.Step
	side plan.Side
	act  *plan.Act
	copy string // the key of the version that it makes
}

// loses lists what a side loses by a job.
func (j job) loses() (out []plan.Conflict) {
	for _, c := range j.step.Conflicts {
		if j.copy == "" && c.Winner.Other() == j.side {
			out = append(out, c)
		}
	}
	return out
}

// send carries out jobs of one side in batches.
func (r *run) send(ctx context.Context, side plan.Side, jobs []job) error {
	for _, part := range batches(jobs) {
		if err := ctx.Err(); err != nil {
			return err
		}
		part, err := r.lone(ctx, part)
		if err != nil {
			return err
		}
		if len(part) == 0 {
			continue
		}
		s := &sink{r: r, ctx: context.WithoutCancel(ctx), side: side, jobs: part, ended: make([]bool, len(part)), there: make([]bool, len(part))}
		if err := s.intend(); err != nil {
			return err
		}
		writes := make([]record.Write, len(part))
		for i, j := range part {
			writes[i] = j.act.Write
		}
		err = r.ends[side].Apply(r.metered(ctx, side), writes, s)
		if err := errors.Join(s.err, s.unanswered()); err != nil {
			return err
		}
		if err != nil {
			return r.at(side, err)
		}
		if s.later != nil {
			return r.at(side, s.later)
		}
		if len(s.failing) >= alike && !r.rules.Accepted(side, s.failing) {
			if q := plan.Failing(r.rules, side, s.failing, s.code); !r.confirmed(q) {
				return r.stop(ctx, q)
			}
		}
	}
	return nil
}

// lone leaves out the creates whose source found its partner since they were planned: a service answers a create with the item
// that it made of the same one before, and that may be the source of a create on the other side.
func (r *run) lone(ctx context.Context, jobs []job) ([]job, error) {
	var out []job
	for _, j := range jobs {
		from := j.step.Triple.Items[j.side.Other()]
		if j.act.Write.Op == record.Create && j.step.Triple.Link == 0 && from != nil {
			link, err := r.e.state.LinkOf(ctx, r.pair.ID, j.side.Other(), from.ID)
			if err != nil {
				return nil, err
			}
			if link != 0 {
				r.done++
				continue
			}
		}
		out = append(out, j)
	}
	return out, nil
}
