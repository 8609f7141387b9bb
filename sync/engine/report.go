package engine

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// Report tells what one run of one pair did, or in a dry run would do.
type Report struct {
	ID        string      `json:"id"`
	Left      Counts      `json:"left"`
	Right     Counts      `json:"right"`
	Conflicts int         `json:"conflicts"`
	Credits   int         `json:"credits"`
	Seconds   float64     `json:"seconds"`
	Items     []Item      `json:"items"`
	Plan      []Change    `json:"plan,omitempty"` // of a dry run
	Stop      *plan.Guard `json:"stop,omitempty"`
}

// Counts tells what happened on one side.
type Counts struct {
	Created  int `json:"created"`
	Updated  int `json:"updated"`
	Deleted  int `json:"deleted"`
	Skipped  int `json:"skipped"` // left out on purpose
	Requests int `json:"requests"`
}

// Item is one item that is not in step, and why.
type Item struct {
	ID     record.ID    `json:"id"`
	Title  string       `json:"title"`
	Code   string       `json:"code"`
	Reason string       `json:"reason"` // a sentence; filled in where people read it
	Side   string       `json:"side"`
	Field  record.Field `json:"field,omitempty"`
}

// Change is one write that a dry run found.
type Change struct {
	Side   string         `json:"side"`
	Op     record.Op      `json:"op"`
	ID     record.ID      `json:"id,omitempty"`
	Title  string         `json:"title"`
	Fields []record.Field `json:"fields,omitempty"`
}

// Waits says whether something failed or waits for a person. What was left out on purpose does not count.
func (r Report) Waits() bool {
	return r.Stop != nil || slices.ContainsFunc(r.Items, func(it Item) bool { return !plan.Excluded(it.Code) })
}

// Wrote returns how many writes the run carried out on both sides.
func (r Report) Wrote() int {
	return r.Left.Created + r.Left.Updated + r.Left.Deleted + r.Right.Created + r.Right.Updated + r.Right.Deleted
}

func (r *Report) side(s plan.Side) *Counts {
	if s == plan.Left {
		return &r.Left
	}
	return &r.Right
}

func (r *Report) count(s plan.Side, op record.Op) {
	switch c := r.side(s); op {
	case record.Create:
		c.Created++
	case record.Update, record.Restore:
		c.Updated++
	case record.Delete:
		c.Deleted++
	}
}

// preview fills in what the steps would do, and what would stay out of step.
func (r *Report) preview(steps []plan.Step, k record.Kind) {
	for _, st := range steps {
		r.Conflicts += len(st.Conflicts)
		if st.Copy != nil && st.Copy.Act != nil {
			r.previewCopy(st, k)
		}
		for _, side := range plan.Sides {
			if a := st.Acts[side]; a != nil {
				r.count(side, a.Write.Op)
				r.Plan = append(r.Plan, change(st, side, k))
			}
		}
		for _, p := range st.Problems {
			if it := st.Triple.Items[p.Side]; it != nil {
				r.Items = append(r.Items, Item{ID: it.ID, Title: it.Record.Name(k), Code: p.Code, Side: p.Side.String(), Field: p.Field})
			}
		}
	}
}

// previewCopy: a version that becomes an item of its own is made on the right, and from there on the left.
func (r *Report) previewCopy(st plan.Step, k record.Kind) {
	w := st.Copy.Act.Write
	for _, side := range []plan.Side{plan.Right, plan.Left} {
		r.count(side, w.Op)
		r.Plan = append(r.Plan, Change{Side: side.String(), Op: w.Op, Title: st.Triple.Items[plan.Right].Record.Name(k), Fields: slices.Sorted(maps.Keys(w.Patch))})
	}
}

func change(st plan.Step, side plan.Side, k record.Kind) Change {
	w := st.Acts[side].Write
	c := Change{Side: side.String(), Op: w.Op, ID: w.ID, Fields: slices.Sorted(maps.Keys(w.Patch))}
	for _, s := range []plan.Side{side, side.Other()} {
		if it := st.Triple.Items[s]; c.Title == "" && it != nil {
			c.Title = it.Record.Name(k)
		}
	}
	return c
}

// finish closes the run: what is not in step is listed, what it cost is counted.
func (r *run) finish(ctx context.Context, err error) (Report, error) {
	ctx = context.WithoutCancel(ctx)
	if listErr := r.list(ctx); listErr != nil {
		err = errors.Join(err, listErr)
	}
	for _, side := range plan.Sides {
		r.report.side(side).Requests = r.meters[side].Requests()
		r.report.Credits += r.meters[side].Credits()
	}
	now := r.e.opt.Clock()
	r.report.Seconds = float64(now.Sub(r.began).Round(time.Millisecond)) / float64(time.Second)
	if r.opt.DryRun {
		return r.report, err
	}
	inStep := err == nil && !r.report.Waits()
	if err == nil {
		err = r.goOn(ctx)
	}
	if err == nil && !inStep {
		if clear := r.e.state.StopPair(ctx, r.pair.ID, nil); clear != nil {
			err = clear
		}
	}
	if endErr := r.e.state.EndRun(ctx, r.id, r.pair.ID, outcome(err, inStep), r.summary(), inStep, now); endErr != nil && err == nil {
		err = endErr
	}
	return r.report, err
}

// list adds the problems that the state holds. Those of a dry run come from its steps, and replace older ones of the
// same items.
func (r *run) list(ctx context.Context) error {
	problems, err := r.e.state.ListProblems(ctx, r.pair)
	if err != nil {
		return err
	}
	fresh := map[record.ID]bool{}
	for _, it := range r.report.Items {
		fresh[it.ID] = true
	}
	skipped := [2]map[record.ID]bool{{}, {}}
	for _, p := range problems {
		if !fresh[p.Item] && !quiet(p.Code) {
			r.report.Items = append(r.report.Items, item(p))
		}
		if plan.Excluded(p.Code) {
			skipped[p.Side][p.Item] = true
		}
	}
	for _, side := range plan.Sides {
		r.report.side(side).Skipped = len(skipped[side])
	}
	if r.report.Items == nil {
		r.report.Items = []Item{}
	}
	return nil
}

// quiet: what a filter keeps out is counted, not listed one by one.
func quiet(code string) bool {
	switch code {
	case plan.OutOwner, plan.OutCategory, plan.OutWindow, plan.OutForeign:
		return true
	}
	return false
}

// Problems returns what of a pair is not in step, with its code. What was left out on purpose is in step.
func (e *Engine) Problems(ctx context.Context, p state.Pair) ([]Item, error) {
	problems, err := e.state.ListProblems(ctx, p)
	var out []Item
	for _, pr := range problems {
		if !plan.Excluded(pr.Code) {
			out = append(out, item(pr))
		}
	}
	return out, err
}

func item(p state.Problem) Item {
	return Item{ID: p.Item, Title: p.Title, Code: p.Code, Side: p.Side.String(), Field: p.Field}
}

// Outcomes of a run.
const (
	InStep  = "in-step"
	Waiting = "waiting"
	Stopped = "stopped"
	Failed  = "failed"
)

func outcome(err error, inStep bool) string {
	switch {
	case errors.Is(err, ErrGuard):
		return Stopped
	case err != nil:
		return Failed
	case inStep:
		return InStep
	}
	return Waiting
}

// summary is the report as the history keeps it: counts and codes, no titles.
func (r *run) summary() string {
	short := r.report
	short.Items, short.Plan = nil, nil
	b, err := json.Marshal(short)
	if err != nil {
		return ""
	}
	return string(b)
}
