package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// errShared says that a collection belongs to somebody else, and that nobody can say whether it is meant.
var errShared = errors.New("a collection of somebody else")

// ofSomebodyElse warns of such a collection.
const ofSomebodyElse = "This folder belongs to somebody else. What you sync is written there, too."

// mayPair shows both sides of a new pair and asks whether they are the right ones (C-61). It returns whether to go on. Where
// nobody can answer, only a collection of somebody else stops it, with errShared: nothing is written before the first sync.
func (t *terminal) mayPair(ctx context.Context, h *home, p state.Pair, infos [2]provider.Info, yes bool) (bool, error) {
	if yes {
		t.whose(p, infos)
		return true, nil
	}
	if t.json || !t.asks {
		for side, i := range infos {
			if i.Shared {
				return false, fmt.Errorf("%w: %s, owner %s", errShared, endName(p.Ends[side]), i.OwnedBy)
			}
		}
		return true, nil
	}
	var meter provider.Meter
	for side, i := range infos {
		names, err := h.glance(provider.WithMeter(ctx, &meter), p.Ends[side], p.Kind)
		if err != nil {
			return false, err
		}
		lines, err := t.target(ctx, h, p.Ends[side], i, names)
		if err != nil {
			return false, err
		}
		for _, l := range lines {
			t.note(oneLine([]string{l})[0])
		}
	}
	if n := meter.Credits(); n > 0 {
		t.note(t.words.N("Looking cost {{.n}} API credits.", n))
	}
	return t.ask(t.words.T("Keep these two in step?"))
}

// target tells what one side of a pair is: account, collection, owner and a few items.
func (t *terminal) target(ctx context.Context, h *home, end state.End, i provider.Info, names []string) ([]string, error) {
	acc, err := h.account(ctx, end.Account)
	if err != nil {
		return nil, err
	}
	w, who := t.words, i.OwnedBy
	if !i.Shared && acc.Service != serviceZoho {
		// Servers may know a person by a number; the account has the name that the person typed.
		who = acc.Settings[settingUser]
	}
	lines := []string{endName(end) + " (" + where(acc) + ")"}
	if who != "" {
		lines = append(lines, "  "+w.T("Owner: {{.name}}", "name", who))
	}
	if i.Shared {
		lines = append(lines, "  "+w.T(ofSomebodyElse))
	}
	if len(names) == 0 {
		return append(lines, "  "+w.T("It seems to hold nothing of this kind.")), nil
	}
	return append(lines, "  "+w.T("For example: {{.names}}", "names", strings.Join(names, "; "))), nil
}

// glance names a few items of a collection. It reads no more pages than it takes: of the CRM the first one, for one credit.
func (h *home) glance(ctx context.Context, end state.End, k record.Kind) ([]string, error) {
	acc, err := h.account(ctx, end.Account)
	if err != nil {
		return nil, err
	}
	p, err := h.dialer.dial(ctx, acc)
	if err != nil {
		return nil, err
	}
	s, err := lookAt(ctx, p, end.Ref, k, sampled)
	return s.names, err
}

// whose warns of folders that belong to somebody else, although nobody is asked.
func (t *terminal) whose(p state.Pair, infos [2]provider.Info) {
	for _, side := range plan.Sides {
		if infos[side].Shared {
			t.note(oneLine([]string{endName(p.Ends[side]) + ": " + t.words.T(ofSomebodyElse)})[0])
		}
	}
}
