package zoho

import (
	"context"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// create makes new records. Fields of a patch that stay behind do not hold up the rest; mandatory ones do.
func (a *applying) create(ctx context.Context, idx []int) error {
	if err := a.resolve(ctx, idx); err != nil {
		return err
	}
	var b batch
	for _, i := range idx {
		w := a.writes[i]
		d := a.draftOf(a.canonical(w.Patch), nil, nil)
		if e := d.missing(); e != nil {
			if err := a.done(i, provider.Result{Err: e}); err != nil {
				return err
			}
			continue
		}
		if m := a.mark(w.Mark); m != "" {
			d.out[markName] = m
		}
		b.list = append(b.list, sending{i: i, d: d})
	}
	return a.send(ctx, b)
}

// mark returns the mark as the record will bear it, "" where the organisation has no field for it.
func (c *collection) mark(m record.Mark) record.Mark {
	if !c.m.hasMark {
		return ""
	}
	return m.Short()
}

// adopt ends a create whose mark another record already bears: our own earlier create, whose answer was lost.
func (a *applying) adopt(ctx context.Context, s sending, r result) error {
	d := r.details()
	id := d.Duplicate.ID
	if id == "" {
		id = d.ID
	}
	refusal := &provider.ItemError{Code: provider.CodeDuplicate, Err: r.itemError().Err}
	if id == "" {
		return a.done(s.i, provider.Result{Err: refusal})
	}
	found, _, err := a.byID(ctx, []string{id})
	if err != nil {
		return err
	}
	o, ok := found[id]
	if !ok {
		return a.done(s.i, provider.Result{Err: refusal})
	}
	it, skip := a.now(s.i, o)
	if skip != nil || it.Mark != a.mark(a.writes[s.i].Mark) {
		return a.done(s.i, provider.Result{Err: refusal})
	}
	return a.done(s.i, provider.Result{Item: it, Left: s.d.left})
}
