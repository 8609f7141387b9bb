package engine

import (
	"context"
	"fmt"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// open opens both collections and makes the rules from the pair and from what the services hold.
func (r *run) open(ctx context.Context) error {
	for _, side := range plan.Sides {
		end := r.pair.Ends[side]
		if err := r.patient(ctx, side); err != nil {
			return err
		}
		account, err := r.e.state.GetAccount(ctx, end.Account)
		if err != nil {
			return fmt.Errorf("account %s: %w", end.Account, err)
		}
		p, err := r.e.dial(ctx, account)
		if err != nil {
			return r.at(side, err)
		}
		fields := r.pair.Fields(side)
		if r.ends[side], err = p.Open(r.metered(ctx, side), end.Ref, r.pair.Kind, fields); err != nil {
			return r.at(side, err)
		}
	}
	r.rules = Rules(r.pair, [2]provider.Info{r.ends[0].Info(), r.ends[1].Info()}, r.began)
	answers, err := r.e.state.Answers(ctx, r.pair.ID)
	if err != nil {
		return err
	}
	r.rules.Answers = plan.NewAnswers(answers)
	if len(answers) == 0 || r.opt.DryRun {
		return nil
	}
	return r.e.state.Answered(ctx, r.pair.ID, r.id)
}

// Rules makes the rules of a pair from what was chosen, from what its collections hold, and from the time.
func Rules(p state.Pair, infos [2]provider.Info, now time.Time) plan.Rules {
	r := plan.Rules{
		Pair: p.ID, Kind: p.Kind, Mapping: p.Mapping, Direction: p.Direction, Conflict: p.Conflict, Delete: p.Delete,
		Categories: p.Categories, Uncategorised: p.Uncategorised, View: p.View, Window: window(p, now), Guests: p.Guests,
	}
	for _, side := range plan.Sides {
		r.Scope[side] = p.Ends[side].Ref
		r.Limits[side] = infos[side].Limits[p.Kind]
		r.ReadOnly[side] = infos[side].ReadOnly
	}
	if !p.AnyOwner {
		r.Owner = infos[plan.Left].Owner
	}
	return r
}

func window(p state.Pair, now time.Time) record.Window {
	if p.FromDays == 0 && p.UntilDays == 0 {
		return record.Window{}
	}
	day := now.UTC().Truncate(24 * time.Hour)
	return record.Window{From: day.AddDate(0, 0, -p.FromDays), Until: day.AddDate(0, 0, p.UntilDays+1)}
}

// around is how many days back and ahead occurrences of tasks are synced in a pair without a time range: a daily one with
// years of occurrences would fill anybody's list.
const around = 31

// slots is the stretch of days of which occurrences are listed. Tasks without a range of their own are synced whatever their
// day, but of one that repeats only what lies near.
func (r *run) slots() record.Window {
	if r.pair.Kind == record.Task && r.rules.Window == (record.Window{}) {
		return window(state.Pair{FromDays: around, UntilDays: around}, r.began)
	}
	return r.rules.Window
}

// EndError is an error of one side's service.
type EndError struct {
	Side    plan.Side
	Account string
	Title   string // of the collection
	Err     error
}

func (e *EndError) Error() string { return e.Account + ": " + e.Err.Error() }

// Unwrap returns the service's own error.
func (e *EndError) Unwrap() error { return e.Err }

func (r *run) at(side plan.Side, err error) error {
	if err == nil {
		return nil
	}
	return &EndError{Side: side, Account: r.pair.Ends[side].Account, Title: r.pair.Ends[side].Title, Err: err}
}

func (r *run) metered(ctx context.Context, side plan.Side) context.Context {
	return provider.WithMeter(ctx, r.meters[side])
}
