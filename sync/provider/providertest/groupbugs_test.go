package providertest

import (
	"context"
	"slices"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// bugsOfGroups are ways to be wrong about series.
func bugsOfGroups() []bug {
	groups := []string{"SeriesIsListedWhole", "DeletingOneLeavesItsSiblings", "SliceIsHonoured", "WindowGrows"}
	return []bug{
		{name: "groups are not told whole", kind: record.Event, found: groups, spoil: onPage(
			func(_ *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) { p.Whole = nil })},
		{name: "siblings share a revision", kind: record.Event,
			found: []string{"ChangingOneLeavesItsSiblings", "DeletingOneLeavesItsSiblings", "SiblingsDoNotConflict", "WritesOfOneGroup"},
			spoil: onPage(func(_ *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) { shareRevisions(p) })},
		{name: "a delete takes the whole series", kind: record.Event,
			found: []string{"DeletingOneLeavesItsSiblings", "SiblingsDoNotConflict", "WritesOfOneGroup"},
			spoil: onResult(func(s *memory.Service, w record.Write, _ *provider.Result) {
				if group, _, series := strings.Cut(string(w.ID), "#"); series && w.Op == record.Delete {
					s.RemoveSeries("event", record.ID(group))
				}
			})},
		{name: "a changed occurrence gets the time of another", kind: record.Event, found: []string{"ChangingOneLeavesItsSiblings"},
			spoil: onWrite(func(_ *memory.Service, w *record.Write) {
				if strings.Contains(string(w.ID), "#") && w.Patch[record.When] != "" {
					w.Patch[record.When] = w.Seen[record.When]
				}
			})},
		{name: "one write of a group is enough", kind: record.Event, found: []string{"SiblingsDoNotConflict", "WritesOfOneGroup"}, spoil: oneWritePerGroup},
		{name: "the slice is all of time", kind: record.Event, found: []string{"SliceIsHonoured"}, spoil: onPage(
			func(_ *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) { p.Slice = record.Window{} })},
		{name: "a growing window brings nothing", kind: record.Event, found: []string{"WindowGrows"}, spoil: onPage(
			func(_ *memory.Service, since provider.Cursor, p *provider.Page, _ *error) {
				if since != "" && p.Slice != (record.Window{}) {
					p.Changed, p.Whole = nil, nil
				}
			})},
		{name: "a deleted series is not named", kind: record.Event, found: []string{"SeriesDeletedIsListed"}, spoil: forgetSeries},
	}
}

func shareRevisions(p *provider.Page) {
	all := map[record.ID][]string{}
	for _, it := range p.Changed {
		all[it.Group] = append(all[it.Group], string(it.Revision))
	}
	for i, it := range p.Changed {
		if it.Slot != "" {
			p.Changed[i].Revision = record.Revise(nil, all[it.Group]...)
		}
	}
}

// oneWritePerGroup says that every write to a series was carried out, and carries out the first.
func oneWritePerGroup(_ *memory.Service, setup *Setup) {
	setup.wrap(wrapped{apply: func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
		if !slices.ContainsFunc(writes, func(w record.Write) bool { return strings.Contains(string(w.ID), "#") }) {
			return c.Apply(ctx, writes, k)
		}
		first := map[string]bool{}
		for i, w := range writes {
			group, _, series := strings.Cut(string(w.ID), "#")
			if series && first[group] {
				if err := k.Done(i, provider.Result{}); err != nil {
					return err
				}
				continue
			}
			first[group] = true
			one := between{k, func(_ int, raw []byte) error { return k.Before(i, raw) }, func(_ int, r provider.Result) error { return k.Done(i, r) }}
			if err := c.Apply(ctx, []record.Write{w}, one); err != nil {
				return err
			}
		}
		return nil
	}})
}

// forgetSeries leaves out of what was deleted the groups that were series.
func forgetSeries(s *memory.Service, setup *Setup) {
	series := map[record.ID]bool{}
	onPage(func(_ *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) {
		for _, it := range p.Changed {
			series[it.Group] = series[it.Group] || it.Slot != ""
		}
		p.Deleted = slices.DeleteFunc(p.Deleted, func(id record.ID) bool { return series[id] })
	})(s, setup)
}
