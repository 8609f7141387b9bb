package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// storePairs stores the given pairs, new ones without an ID, and removes the named ones: all of it or nothing.
func (h *home) storePairs(ctx context.Context, keep []state.Pair, remove []string) error {
	return h.quietly(func() error {
		others, err := h.others(ctx, keep, remove)
		if err != nil {
			return err
		}
		stored := make([]state.Pair, 0, len(keep))
		for i, p := range keep {
			beside := slices.Concat(others, stored, slices.DeleteFunc(slices.Clone(keep[i+1:]), func(p state.Pair) bool { return p.ID == "" }))
			if p, err = h.checked(ctx, p, beside); err != nil {
				return err
			}
			stored = append(stored, p)
		}
		if err := h.state.StorePairs(ctx, stored, remove); !errors.Is(err, state.ErrNotFound) {
			return err
		}
		return fmt.Errorf("%w: a pair to remove", errNoSuch)
	})
}

// others lists the pairs that stay as they are.
func (h *home) others(ctx context.Context, keep []state.Pair, remove []string) ([]state.Pair, error) {
	all, err := h.state.ListPairs(ctx)
	return slices.DeleteFunc(all, func(p state.Pair) bool {
		return slices.Contains(remove, p.ID) || slices.ContainsFunc(keep, func(k state.Pair) bool { return k.ID == p.ID })
	}), err
}

// checked returns a pair that may be stored beside the others: with a name, two collections of accounts that are there,
// and a mapping that fits its filter.
func (h *home) checked(ctx context.Context, p state.Pair, others []state.Pair) (state.Pair, error) {
	for _, e := range p.Ends {
		if e.Ref == "" {
			return p, badInput("a pair needs two folders")
		}
		if _, err := h.account(ctx, e.Account); err != nil {
			return p, err
		}
	}
	if !slices.Contains([]record.Kind{record.Contact, record.Task, record.Event}, p.Kind) {
		return p, badInput("a pair is of contacts, tasks or events")
	}
	if p.FromDays < 0 || p.UntilDays < 0 {
		return p, badInput("a time range is in days, 0 or more")
	}
	id, err := newID(p, others)
	if err != nil {
		return p, err
	}
	if p.ID == "" {
		p.ID = id
	}
	old, err := h.state.GetPair(ctx, p.ID)
	if err != nil && !errors.Is(err, state.ErrNotFound) {
		return p, err
	}
	fitMapping(&p, len(old.Categories) > 0)
	return p, nil
}

// fitMapping takes categories out of the mapping of a pair that filters by them: there they say what belongs to the pair
// and are not content. A pair that no longer filters keeps them in step again.
func fitMapping(p *state.Pair, filtered bool) {
	mapped := slices.ContainsFunc(p.Mapping, ofCategories)
	switch filters := len(p.Categories) > 0; {
	case filters && mapped:
		p.Mapping = slices.DeleteFunc(slices.Clone(p.Mapping), ofCategories)
	case filtered && !filters && !mapped:
		for _, row := range plan.DefaultMapping(p.Kind, false) {
			if ofCategories(row) {
				p.Mapping = append(slices.Clone(p.Mapping), row)
			}
		}
	}
}

func ofCategories(r plan.Row) bool {
	return r.Left == record.Categories || r.Right == record.Categories
}

// pairCounts tells how a pair stands, in items.
type pairCounts struct{ inStep, excluded, failing int }

// count counts the items of a pair. An item with several problems counts once.
func (h *home) count(ctx context.Context, id string) (c pairCounts, err error) {
	p, err := h.pair(ctx, id)
	if err != nil {
		return c, err
	}
	problems, err := h.state.ListProblems(ctx, p)
	if err != nil {
		return c, err
	}
	links, err := h.state.ListLinks(ctx, p.ID)
	if err != nil {
		return c, err
	}
	excluded, failing := byItem(problems)
	for item := range excluded {
		if !failing[item] {
			c.excluded++
		}
	}
	c.failing = len(failing)
	for _, l := range links {
		out := l.Held != ""
		for _, side := range plan.Sides {
			item := sideItem{side, l.IDs[side]}
			out = out || failing[item] || excluded[item]
		}
		if !out {
			c.inStep++
		}
	}
	return c, nil
}

type sideItem struct {
	side plan.Side
	id   record.ID
}

func byItem(problems []state.Problem) (excluded, failing map[sideItem]bool) {
	excluded, failing = map[sideItem]bool{}, map[sideItem]bool{}
	for _, pr := range problems {
		to := failing
		if plan.Noted(pr.Code) {
			continue
		}
		if plan.Excluded(pr.Code) {
			to = excluded
		}
		to[sideItem{pr.Side, pr.Item}] = true
	}
	return excluded, failing
}
