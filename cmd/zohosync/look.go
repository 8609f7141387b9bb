package main

import (
	"context"
	"slices"
	"time"

	"zohosync/sync/engine"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// sample tells what a collection holds.
type sample struct {
	count      int
	more       bool // counting was given up
	names      []string
	categories []string
}

const (
	sampled  = 3    // how many names a sample gives
	mostSeen = 5000 // a sample costs API credits: beyond so many items it says "more than"
)

// look lists a collection once and only reads.
func look(ctx context.Context, p provider.Provider, ref string, k record.Kind) (sample, error) {
	return lookAt(ctx, p, ref, k, mostSeen)
}

// lookAt is look that goes on to further pages only until it saw so many items.
func lookAt(ctx context.Context, p provider.Provider, ref string, k record.Kind, most int) (sample, error) {
	c, err := p.Open(ctx, ref, k, []record.Field{
		record.Categories, record.EmailMain, record.FirstName, record.LastName, record.Subject, record.Title,
	})
	if err != nil {
		return sample{}, err
	}
	// Meetings are looked at as far as a new pair would reach.
	window := engine.Rules(defaults(k), [2]provider.Info{}, time.Now()).Window
	var s sample
	groups, categories := map[record.ID]bool{}, map[string]bool{}
	for cursor := provider.Cursor(""); ; {
		page, err := c.Changes(ctx, cursor, window)
		if err != nil {
			return s, err
		}
		for _, it := range page.Changed {
			s.add(it, k, groups)
			for _, name := range record.Split(it.Record[record.Categories]) {
				categories[name] = true
			}
		}
		for _, sk := range page.Skipped {
			groups[groupOf(sk.Group, sk.ID)] = true
		}
		cursor = page.Next
		if !page.More || len(groups) >= most {
			s.count, s.more = len(groups), page.More
			break
		}
	}
	for name := range categories {
		s.categories = append(s.categories, name)
	}
	slices.Sort(s.categories)
	return s, nil
}

// add counts an item once, with all its occurrences.
func (s *sample) add(it record.Item, k record.Kind, groups map[record.ID]bool) {
	group := groupOf(it.Group, it.ID)
	if groups[group] {
		return
	}
	groups[group] = true
	if name := it.Record.Name(k); name != "" && len(s.names) < sampled {
		s.names = append(s.names, name)
	}
}

// groupOf returns the object that an item lives in; a single is its own.
func groupOf(group, id record.ID) record.ID {
	if group == "" {
		return id
	}
	return group
}
