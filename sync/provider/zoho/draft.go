package zoho

import (
	"errors"
	"maps"
	"slices"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// draft is one record on its way to the CRM.
type draft struct {
	m     *module
	now   object        // as the CRM holds it; nil for a new one
	whole record.Record // as it will be, for values that hang on others
	links links
	out   map[string]any        // what is sent, by API name
	sent  record.Patch          // the same in our own terms
	left  []*provider.ItemError // what stays behind
}

// put adds one field. What the CRM cannot hold is not cut: it stays behind.
func (d *draft) put(f record.Field, v string) {
	c, ok := d.m.column(f)
	if !ok {
		return
	}
	if e := d.misfit(c, v); e != nil {
		d.leave(f, e)
		return
	}
	if err := c.form.write(d, c.names, v); err != nil {
		var e *provider.ItemError
		if !errors.As(err, &e) {
			e = &provider.ItemError{Code: provider.CodeInvalid, Err: err}
		}
		d.leave(f, e)
		return
	}
	d.sent[f] = v
}

func (d *draft) leave(f record.Field, e *provider.ItemError) {
	e.Field = f
	d.left = append(d.left, e)
}

// misfit says why a value cannot be held, nil when it can.
func (d *draft) misfit(c column, v string) *provider.ItemError {
	l := d.m.limit(c)
	switch {
	case l.ReadOnly:
		return &provider.ItemError{Code: provider.CodeForbidden, Err: provider.ErrReadOnly}
	case v == "" && l.Mandatory:
		return &provider.ItemError{Code: provider.CodeMandatory}
	case l.Fits(record.Lookup(c.kind, c.field).Type, v):
		return nil
	case len(l.Choices) > 0:
		return &provider.ItemError{Code: provider.CodeNoChoice}
	}
	return &provider.ItemError{Code: provider.CodeTooLong}
}

// drop takes a field out again that the CRM refused, if the record can go without it.
func (d *draft) drop(c column, e *provider.ItemError) bool {
	if _, sent := d.sent[c.field]; !sent || d.now == nil && d.m.limit(c).Mandatory {
		return false
	}
	delete(d.sent, c.field)
	for _, n := range c.names {
		delete(d.out, n)
	}
	d.leave(c.field, e)
	return true
}

// missing returns why a new record cannot be made: a mandatory field without a value, or one whose value stays behind.
func (d *draft) missing() *provider.ItemError {
	for _, c := range columns {
		if _, held := d.m.column(c.field); c.kind != d.m.kind || !held || !d.m.limit(c).Mandatory || d.sent[c.field] != "" {
			continue
		}
		for _, e := range d.left {
			if e.Field == c.field {
				return e
			}
		}
		return &provider.ItemError{Code: provider.CodeMandatory, Field: c.field}
	}
	return nil
}

// canonical returns the part of a patch that the module holds, as it will be listed.
func (c *collection) canonical(p record.Patch) record.Patch {
	out := record.Patch{}
	for f, v := range p {
		if _, ok := c.m.column(f); ok {
			out[f] = record.Canonical(record.Lookup(c.m.kind, f).Type, v)
		}
	}
	return out
}

// draftOf fills a draft with a patch. now is nil for a new record.
func (a *applying) draftOf(p record.Patch, now object, before record.Record) *draft {
	d := &draft{m: a.m, now: now, whole: before.With(p), links: a.links, out: map[string]any{}, sent: record.Patch{}}
	if c, ok := a.m.column(record.When); ok && d.whole[record.When] == "" && now != nil {
		d.whole[record.When], _ = c.form.read(a.m, now, c.names)
	}
	for _, f := range slices.Sorted(maps.Keys(p)) {
		if now == nil && p[f] == "" {
			continue
		}
		d.put(f, p[f])
	}
	return d
}
