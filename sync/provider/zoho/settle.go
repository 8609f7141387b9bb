package zoho

import (
	"context"
	"slices"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// settle ends a write that was carried out, with the item as it now must be.
func (a *applying) settle(s sending, d details) error {
	it := s.item
	if s.d.now == nil {
		// Whether the new record belongs to the view is not known yet; taken for one that does, it stays linked until told.
		it = a.within(record.Item{ID: record.ID(d.ID), Group: record.ID(d.ID), Self: record.Mark(d.ID), Mark: a.mark(a.writes[s.i].Mark)}, true)
	}
	it.Record = it.Record.With(s.d.sent)
	if slices.ContainsFunc(a.columns, func(c column) bool { return c.field == record.Owner }) && s.d.now == nil {
		it.Record = it.Record.With(record.Patch{record.Owner: a.m.owner})
	}
	if t, err := parseTime(d.Modified); err == nil {
		it.Modified = t.UTC()
	}
	it.Revision = revision(it)
	return a.done(s.i, provider.Result{Item: it, Left: s.d.left})
}

// without takes out the one optional field that a record was refused for; the rest is worth sending again. A new
// record with a value that another one already has is most likely the same person: it is not made without that value.
func (a *applying) without(s sending, r result) bool {
	if r.Code == "DUPLICATE_DATA" && s.d.now == nil {
		return false
	}
	if n := r.apiName(); n != "" && n != markName && !r.forbidden() {
		if c, ok := a.m.owning(n); ok {
			return s.d.drop(c, r.itemError()) && len(s.d.sent) > 0
		}
	}
	return false
}

// refused ends a write that Zoho refused for sure.
func (a *applying) refused(ctx context.Context, s sending, r result) error {
	if r.missing() && s.d.now != nil {
		return a.done(s.i, provider.Result{Err: provider.ErrNotFound})
	}
	if r.Code == "DUPLICATE_DATA" && r.apiName() == markName && s.d.now == nil {
		return a.adopt(ctx, s, r)
	}
	e := r.itemError()
	if c, ok := a.m.owning(r.apiName()); ok {
		e.Field = c.field
	}
	return a.done(s.i, provider.Result{Err: e})
}
