package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// errUnsent says that changes wait in what is to be given up, and that nobody can say whether that is meant.
var errUnsent = errors.New("changes wait that were not carried out")

// mayLeave asks before pairs are given up in which changes wait (C-9), or whose runs could be taken back. It returns whether to go
// on: where nothing is lost, where the command line said so, or where the person did. Where nobody can answer, lost runs are
// only told. errUnsent when changes wait and there is nobody to ask.
func (t *terminal) mayLeave(ctx context.Context, h *home, pairs []state.Pair, yes bool) (bool, error) {
	if yes {
		return true, nil
	}
	var lost, lines, short []string
	e := h.engine(engine.Options{})
	for _, p := range pairs {
		written, err := h.wrote(ctx, p.ID)
		if err != nil {
			return false, err
		}
		if written {
			lost = append(lost, t.words.T("The runs of {{.name}} go with it: what they wrote can no longer be taken back.", "name", p.ID))
		}
		u, err := e.Unsent(ctx, p.ID)
		if err != nil {
			return false, err
		}
		if u.Any() {
			lines = append(lines, t.unsent(p, u)...)
			short = append(short, fmt.Sprintf("%s: %d left, %d right, %d questions", p.ID, u.Changes[plan.Left], u.Changes[plan.Right], u.Questions))
		}
	}
	silent := t.json || !t.asks
	if silent && len(lines) > 0 {
		return false, fmt.Errorf("%w: %s", errUnsent, strings.Join(short, "; "))
	}
	for _, l := range append(lost, lines...) {
		t.note(oneLine([]string{l})[0])
	}
	if silent || len(lost)+len(lines) == 0 {
		return true, nil
	}
	return t.ask(t.words.T("Go on all the same? Both sides keep what they hold."))
}

// unsent tells what waits in a pair, side by side.
func (t *terminal) unsent(p state.Pair, u engine.Unsent) (lines []string) {
	for _, side := range plan.Sides {
		if n := u.Changes[side]; n > 0 {
			lines = append(lines, p.ID+": "+t.words.N("{{.n}} changes on the side of {{.name}} were not carried out yet.", n, "name", endName(p.Ends[side])))
		}
	}
	if u.Questions > 0 {
		lines = append(lines, p.ID+": "+t.words.N("{{.n}} questions wait for you: zohosync questions", u.Questions))
	}
	return lines
}

// left says that a person chose to leave everything as it is.
func (t *terminal) left(err error) error {
	if err == nil {
		t.say(t.words.T("Nothing was changed."))
	}
	return err
}

// wrote tells whether the history holds a run of a pair that undo can take back.
func (h *home) wrote(ctx context.Context, pair string) (bool, error) {
	runs, err := h.state.ListRuns(ctx, -1)
	return slices.ContainsFunc(runs, func(r state.Run) bool { return r.Pair == pair && r.Writes }), err
}
