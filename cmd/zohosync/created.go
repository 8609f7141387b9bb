package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// check refuses what does not go together.
func (u undoCmd) check() error {
	switch {
	case u.DryRun && (u.Plan != "" || u.Yes):
		return badInput("--dry-run writes nothing: leave --plan and --yes out")
	case (u.Number == 0) == (u.Created == ""):
		return badInput("name the run to take back, or --created and a pair")
	case u.Created != "" && u.Side == "":
		return badInput("--created needs --side: where to remove what was created")
	case u.Created == "" && (u.Side != "" || u.Edited):
		return badInput("--side and --edited belong to --created")
	}
	return nil
}

// carryOut returns the call that takes a run back, or removes what was created.
func (u undoCmd) carryOut(e *engine.Engine, pairs []state.Pair) (func(context.Context, engine.RunOptions) (engine.Report, error), error) {
	if u.Created == "" {
		return func(ctx context.Context, o engine.RunOptions) (engine.Report, error) { return e.Undo(ctx, u.Number, o) }, nil
	}
	for _, p := range pairs {
		if p.ID != u.Created {
			continue
		}
		side, err := sideOf(p, u.Side)
		return func(ctx context.Context, o engine.RunOptions) (engine.Report, error) {
			return e.UndoCreated(ctx, p.ID, side, o)
		}, err
	}
	return nil, fmt.Errorf("%w: pair %s", errNoSuch, u.Created)
}

// sideOf finds the side of a pair that a person names: left, right, or the account.
func sideOf(p state.Pair, name string) (side plan.Side, err error) {
	found := 0
	for _, s := range plan.Sides {
		if strings.EqualFold(name, s.String()) {
			return s, nil
		}
		if p.Ends[s].Account == name {
			side, found = s, found+1
		}
	}
	if found != 1 {
		return 0, badInput("--side is left (%s) or right (%s)", p.Ends[plan.Left].Account, p.Ends[plan.Right].Account)
	}
	return side, nil
}

// what is what to type behind zohosync undo to have the same again.
func (u undoCmd) what(r engine.Report) string {
	if u.Created == "" {
		return strconv.FormatInt(u.Number, 10)
	}
	words := "--created " + u.Created + " --side " + r.CreatedOn
	if u.Edited {
		words += " --edited"
	}
	return words
}

// confirmed are the numbers of guards that a plan was confirmed with.
func (u undoCmd) confirmed() (words string) {
	for _, n := range u.Confirm {
		words += " --confirm " + strconv.Itoa(n)
	}
	return words
}
