package engine

import (
	"context"
	"errors"
	"maps"
	"slices"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// ErrMoved: what a person confirmed is no longer what would be done, so nothing was written. Report.PlanID and Plan tell
// what would be done now.
var ErrMoved = errors.New("the world moved since the plan was made")

// preview fills in what the steps would do, what would stay out of step, and the name of the plan. ErrMoved when another
// plan was confirmed.
func (r *run) preview(ctx context.Context, steps []plan.Step) error {
	links, err := r.e.state.CountLinks(ctx, r.pair.ID)
	if err != nil {
		return err
	}
	var guards []plan.Guard
	for _, q := range r.check(steps, links) {
		guards = append(guards, q.Guard())
	}
	r.report.PlanID = r.pair.ID + "-" + plan.Digest(steps, guards)
	if !r.opt.DryRun && r.report.PlanID == r.opt.Plan {
		r.report.PlanID = ""
		return nil
	}
	r.report.preview(steps, r.pair.Kind)
	if r.opt.DryRun {
		r.anew = map[record.ID]bool{}
		for _, st := range steps {
			for _, it := range st.Triple.Items {
				if it != nil {
					r.anew[it.ID] = true
				}
			}
		}
		return nil
	}
	// The plan is told, but nothing of it was done.
	r.report.Left, r.report.Right, r.report.Conflicts = Counts{}, Counts{}, 0
	return ErrMoved
}

// check returns the questions for which the steps have to wait, those too that were confirmed with the number.
func (r *run) check(steps []plan.Step, links [2]int) []plan.Question {
	if r.undo != nil && r.undo.created != nil {
		return plan.CheckCreated(steps, r.rules, *r.undo.created)
	}
	if r.undo != nil {
		return plan.CheckUndo(steps, r.rules, links)
	}
	out := plan.Check(steps, r.rules, links)
	if q, asks := plan.FirstSync(steps, r.rules); asks && r.first {
		out = append(out, q)
	}
	return out
}

func (r *Report) preview(steps []plan.Step, k record.Kind) {
	for _, st := range steps {
		r.Conflicts += len(st.Conflicts)
		if st.Triple.Link == 0 && st.Triple.Items[plan.Left].Here() && st.Triple.Items[plan.Right].Here() {
			r.Links++
		}
		for _, side := range plan.Sides {
			if st.Acts[side] != nil {
				c := change(st, side, k)
				r.Plan = append(r.Plan, c)
				r.count(side, c.Op)
			}
		}
		if c := st.Copy; c != nil && c.Act != nil {
			r.previewCopy(c.Act.Write, k)
		}
		r.Items = append(r.Items, problemsOf(st, k)...)
	}
}

// previewCopy: a version that becomes an item of its own is made on the right, and from there on the left.
func (r *Report) previewCopy(w record.Write, k record.Kind) {
	for _, side := range []plan.Side{plan.Right, plan.Left} {
		made := record.Record(w.Patch)
		c := Change{Side: side.String(), Op: w.Op, Title: made.Name(k), Day: dayOf(made, k), Fields: slices.Sorted(maps.Keys(w.Patch))}
		for _, f := range c.Fields {
			c.Values = append(c.Values, Value{Field: f, To: w.Patch[f]})
		}
		r.Plan = append(r.Plan, c)
		r.count(side, c.Op)
	}
}

// problemsOf lists what a step leaves out of step.
func problemsOf(st plan.Step, k record.Kind) (out []Item) {
	for _, p := range st.Problems {
		if it := st.Triple.Items[p.Side]; it != nil {
			out = append(out, item(state.Problem{Problem: p, Item: it.ID, Title: it.Record.Name(k), Day: dayOf(it.Record, k), Extra: it.Record[record.Extra]}))
		}
	}
	return out
}

// change tells one write field by field.
func change(st plan.Step, side plan.Side, k record.Kind) Change {
	w := st.Acts[side].Write
	c := Change{Side: side.String(), Op: w.Op, ID: w.ID, Fields: slices.Sorted(maps.Keys(w.Patch))}
	was := w.Seen
	if it := st.Triple.Items[side]; it.Here() && w.Op == record.Restore {
		c.Op, was = record.Update, it.Record
	}
	for _, f := range c.Fields {
		c.Values = append(c.Values, Value{Field: f, From: was[f], To: w.Patch[f]})
	}
	for _, s := range []plan.Side{side, side.Other()} {
		if it := st.Triple.Items[s]; c.Title == "" && it != nil {
			c.Title, c.Day = it.Record.Name(k), dayOf(it.Record, k)
		}
	}
	return c
}
