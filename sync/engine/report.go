package engine

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// Report tells what one run of one pair did, or in a dry run would do.
type Report struct {
	ID        string      `json:"id"`
	Run       int64       `json:"run,omitempty"`        // its number in the history; 0 of a dry run
	Undoes    int64       `json:"undoes,omitempty"`     // the run that it took back
	CreatedOn string      `json:"created_on,omitempty"` // it removed what was created on this side
	Unknown   int         `json:"unknown,omitempty"`    // with CreatedOn: items of which nothing tells who made them; they stay
	Left      Counts      `json:"left"`
	Right     Counts      `json:"right"`
	Conflicts int         `json:"conflicts"`
	Credits   int         `json:"credits"`
	Seconds   float64     `json:"seconds"`
	Items     []Item      `json:"items"`
	PlanID    string      `json:"plan_id,omitempty"` // of a dry run: stands for exactly these writes, links and guards
	Links     int         `json:"links,omitempty"`   // of a dry run: items that belong together from now on
	Plan      []Change    `json:"plan,omitempty"`    // of a dry run
	Stop      *plan.Guard `json:"stop,omitempty"`
	First     *First      `json:"first,omitempty"`              // of a run that began without a link
	Others    int         `json:"other_installation,omitempty"` // items that another installation linked since the last run
	Failure   *Failure    `json:"failure,omitempty"`            // in the history only: why it failed
}

// Counts tells what happened on one side.
type Counts struct {
	Created  int `json:"created"`
	Updated  int `json:"updated"`
	Deleted  int `json:"deleted"`
	Restored int `json:"restored,omitempty"` // by an undo: brought back
	Skipped  int `json:"skipped"`            // left out on purpose
	Requests int `json:"requests"`
}

// Item is one item that is not in step, and why.
type Item struct {
	ID     record.ID    `json:"id"`
	Title  string       `json:"title"`
	Day    string       `json:"day,omitempty"` // 2006-01-02, in the zone of this computer: many occurrences have one title
	Code   string       `json:"code"`
	Reason string       `json:"reason"` // a sentence; filled in where people read it
	Side   string       `json:"side"`
	Field  record.Field `json:"field,omitempty"`
	Values int          `json:"values,omitempty"` // with plan.CodeExtra: how many stay on their side
}

// Change is one write that a dry run found.
type Change struct {
	Side   string         `json:"side"`
	Op     record.Op      `json:"op"`
	ID     record.ID      `json:"id,omitempty"`
	Title  string         `json:"title"`
	Day    string         `json:"day,omitempty"` // as Item.Day
	Fields []record.Field `json:"fields,omitempty"`
	Values []Value        `json:"values,omitempty"` // by field, in the order of Fields
}

// Value is what a field held and what it would hold.
type Value struct {
	Field record.Field `json:"field"`
	From  string       `json:"from,omitempty"`
	To    string       `json:"to,omitempty"`
}

// Waits says whether something failed or waits for a person. What was left out on purpose does not count.
func (r Report) Waits() bool {
	return r.Stop != nil || slices.ContainsFunc(r.Items, func(it Item) bool { return !plan.Excluded(it.Code) })
}

// Wrote returns how many writes the run carried out on both sides.
func (r Report) Wrote() int {
	return r.Left.wrote() + r.Right.wrote()
}

func (c Counts) wrote() int { return c.Created + c.Updated + c.Deleted + c.Restored }

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
	case record.Update:
		c.Updated++
	case record.Restore:
		c.Restored++
	case record.Delete:
		c.Deleted++
	}
}

// finish closes the run: what is not in step is listed, what it cost is counted.
func (r *run) finish(ctx context.Context, err error) (Report, error) {
	ctx = context.WithoutCancel(ctx)
	r.report.Run = r.id
	if listErr := r.list(ctx); listErr != nil {
		err = errors.Join(err, listErr)
	}
	if err == nil || errors.Is(err, ErrGuard) {
		if listErr := r.differing(ctx); listErr != nil {
			err = errors.Join(err, listErr)
		}
	}
	for _, side := range plan.Sides {
		r.report.side(side).Requests = r.meters[side].Requests()
		r.report.Credits += r.meters[side].Credits()
	}
	r.remember(ctx, err)
	now := r.e.opt.Clock()
	r.report.Seconds = float64(now.Sub(r.began).Round(time.Millisecond)) / float64(time.Second)
	if r.opt.DryRun {
		return r.report, err
	}
	inStep := err == nil && !r.report.Waits() && r.undo == nil
	if err == nil && r.undo != nil {
		// Whether the pair is in step is for the next sync to say.
		return r.report, r.e.state.EndRun(ctx, r.id, r.pair.ID, Undid, r.summary(nil), false, now)
	}
	if err == nil {
		err = r.goOn(ctx)
	}
	if err == nil && !inStep {
		if clear := r.e.state.StopPair(ctx, r.pair.ID, nil); clear != nil {
			err = clear
		}
	}
	if endErr := r.e.state.EndRun(ctx, r.id, r.pair.ID, outcome(err, inStep), r.summary(err), inStep, now); endErr != nil && err == nil {
		err = endErr
	}
	return r.report, err
}

// list adds the problems that the state holds. Those of a dry run come from its steps, and replace older ones of the
// same items.
func (r *run) list(ctx context.Context) error {
	if r.undo != nil {
		r.report.Items = nonNil(r.report.Items)
		return nil
	}
	problems, err := r.e.state.ListProblems(ctx, r.pair)
	if err != nil {
		return err
	}
	fresh := map[record.ID]bool{}
	for _, it := range r.report.Items {
		fresh[it.ID] = true
	}
	skipped := r.leaveOut()
	for _, p := range problems {
		if r.anew[p.Item] {
			continue
		}
		if !fresh[p.Item] && !quiet(p.Code) {
			r.report.Items = append(r.report.Items, item(p))
		}
		if plan.Excluded(p.Code) && !plan.Noted(p.Code) {
			skipped[p.Side][p.Item] = true
		}
	}
	for _, side := range plan.Sides {
		r.report.side(side).Skipped = len(skipped[side])
	}
	r.report.Items = nonNil(r.report.Items)
	return nil
}

// leaveOut takes out of the list what a filter keeps out, of which a dry run knows by its steps alone, and returns it by side:
// how many items a first run leaves out is known before it (C-59).
func (r *run) leaveOut() [2]map[record.ID]bool {
	out := [2]map[record.ID]bool{{}, {}}
	r.report.Items = slices.DeleteFunc(r.report.Items, func(it Item) bool {
		for _, side := range plan.Sides {
			if quiet(it.Code) && it.Side == side.String() {
				out[side][it.ID] = true
			}
		}
		return quiet(it.Code)
	})
	return out
}

// nonNil: JSON shows an empty list as one.
func nonNil(items []Item) []Item {
	if items == nil {
		return []Item{}
	}
	return items
}

// quiet: what a filter keeps out is counted, not listed one by one.
func quiet(code string) bool {
	switch code {
	case plan.OutOwner, plan.OutCategory, plan.OutWindow, plan.OutForeign, plan.OutView:
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
	it := Item{ID: p.Item, Title: p.Title, Day: p.Day, Code: p.Code, Side: p.Side.String(), Field: p.Field}
	if plan.Noted(p.Code) {
		it.Values, _ = strconv.Atoi(p.Extra)
	}
	return it
}

// Outcomes of a run.
const (
	InStep  = "in-step"
	Waiting = "waiting"
	Stopped = "stopped"
	Failed  = "failed"
	Undid   = "undid" // it took another run back
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
func (r *run) summary(err error) string {
	short := r.report
	short.Failure = r.failure(err)
	short.Items, short.Plan, short.PlanID = nil, nil, ""
	short.First = short.First.counts()
	b, err := json.Marshal(short)
	if err != nil {
		return ""
	}
	return string(b)
}
