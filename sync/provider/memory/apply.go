package memory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Apply carries out the writes one after the other.
func (o *opened) Apply(ctx context.Context, writes []record.Write, sink provider.Sink) error {
	for i, w := range writes {
		err := o.s.call(ctx, fmt.Sprintf("%s %s", w.Op, w.ID))
		if err == nil {
			err = o.gone()
		}
		if err != nil {
			return unsent(writes, i, sink, err)
		}
		err = o.write(i, w, sink)
		var lost *provider.RetryError
		if errors.As(err, &lost) && lost.Sent {
			return unsent(writes, i+1, sink, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unsent tells the sink that the writes from the given one on were not sent, and returns why.
func unsent(writes []record.Write, from int, sink provider.Sink, why error) error {
	for i := from; i < len(writes); i++ {
		if err := sink.Done(i, provider.Result{Err: &provider.RetryError{Err: why}}); err != nil {
			return err
		}
	}
	return why
}

func (o *opened) gone() error {
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	_, err := o.s.find(o.ref)
	return err
}

// write carries out one write. Its error stops the others.
func (o *opened) write(i int, w record.Write, sink provider.Sink) error {
	var err error
	o.s.mu.Lock()
	switch {
	case o.s.colls[o.ref].readOnly:
		err = &provider.ItemError{Code: provider.CodeForbidden, Err: provider.ErrReadOnly}
	case o.s.happens(Unsent):
		err = &provider.RetryError{Err: errUnsent}
	case o.s.happens(Refused):
		err = &provider.ItemError{Code: provider.CodeRefused, Err: errRefused}
	}
	o.s.mu.Unlock()
	if err != nil {
		return sink.Done(i, provider.Result{Err: err})
	}
	// The item is read right before it is written; the plan may be old.
	seen, done := o.look(w)
	if done != nil {
		return sink.Done(i, *done)
	}
	if seen != nil {
		raw, err := seen.raw()
		if err != nil {
			return err
		}
		if err := sink.Before(i, raw); err != nil {
			return err
		}
	}
	if o.s.opts.OnApply != nil {
		o.s.opts.OnApply(w)
	}
	r, err := o.send(w, seen)
	if r == nil || err != nil {
		return err
	}
	return sink.Done(i, *r)
}

// look reads the item of a write, and says how the write ends where it need not be sent.
func (o *opened) look(w record.Write) (*item, *provider.Result) {
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	c := o.s.colls[o.ref]
	it := c.present(w.ID)
	switch {
	case w.Op == record.Create:
		if it = c.byKey(w.Key); it != nil && o.s.opts.Marks {
			return nil, &provider.Result{Item: o.s.out(it, o.fields)}
		}
		return nil, nil
	case it == nil:
		return nil, o.missing(w)
	case it.bad != nil:
		return nil, &provider.Result{Err: it.bad}
	case w.Op == record.Restore && w.Revision == "":
		// It is there again: whoever brought it back may have edited it.
		r := provider.Result{Item: o.s.out(it, o.fields)}
		if len(record.Diff(it.record, it.record.With(w.Patch))) > 0 {
			r.Err = provider.ErrConflict
		}
		return nil, &r
	case o.s.happens(FalseConflict) || conflicts(it, w):
		return nil, o.conflict(it)
	}
	return it, nil
}

// missing says how a write to what is not there ends; nil: it has to be sent.
func (o *opened) missing(w record.Write) *provider.Result {
	switch {
	case w.Op == record.Delete:
		return &provider.Result{}
	case w.Op == record.Restore && !o.s.opts.NoRestore && len(w.Raw) > 0 && o.s.colls[o.ref].items[w.ID] == nil:
		return nil
	}
	return &provider.Result{Err: provider.ErrNotFound}
}

func (o *opened) conflict(it *item) *provider.Result {
	return &provider.Result{Item: o.s.out(it, o.fields), Err: provider.ErrConflict}
}

// conflicts says whether the item changed in a way that forbids the write.
func conflicts(it *item, w record.Write) bool {
	if w.Revision == "" || w.Revision == it.revision {
		return false
	}
	if w.Op == record.Delete {
		return true
	}
	for f := range w.Patch {
		if it.record[f] != w.Seen[f] {
			return true
		}
	}
	return false
}

// send carries a write out under the condition that the item is still as it was seen. No result means that the answer
// got lost.
func (o *opened) send(w record.Write, seen *item) (*provider.Result, error) {
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	c := o.s.colls[o.ref]
	if o.s.happens(LostRequest) {
		return nil, &provider.RetryError{Sent: true, Err: errBroken}
	}
	if now := c.present(w.ID); w.Op != record.Create && now != seen {
		switch {
		case now == nil:
			return o.missing(w), nil
		case !o.s.happens(Unconditional):
			return o.conflict(now), nil
		}
	}
	var r provider.Result
	var it *item
	var refused *provider.ItemError
	switch {
	case w.Op == record.Delete:
		o.s.erase(c, seen)
	case w.Op == record.Create:
		it = &item{id: o.s.newID(o.ref), kind: o.kind, record: record.Record{}}
		it.group = it.id
		if o.s.opts.Marks {
			it.key, it.mark = w.Key, w.Mark
		}
		if o.s.opts.Owner != "" {
			it.record[record.Owner] = o.s.opts.Owner
		}
	default:
		var err error
		if it, err = o.version(w, seen); err != nil {
			return nil, err
		}
	}
	if it != nil {
		if r.Left, refused = o.s.fill(it, w); refused != nil {
			return &provider.Result{Err: refused}, nil
		}
		o.s.store(c, it)
		r.Item = o.s.out(it, o.fields)
	}
	o.s.writes++
	return o.answer(r)
}

// answer returns the result of a write that was carried out, unless it gets lost.
func (o *opened) answer(r provider.Result) (*provider.Result, error) {
	switch {
	case o.s.happens(LostAnswer):
		return nil, nil
	case o.s.happens(LostConnection):
		return nil, &provider.RetryError{Sent: true, Err: errBroken}
	case o.s.happens(NoResult):
		r.Item = record.Item{}
	}
	return &r, nil
}

// version makes the next version of an item from the one seen and, for a Restore, the before-image.
func (o *opened) version(w record.Write, seen *item) (*item, error) {
	if w.Op == record.Update {
		it := *seen
		it.own = it.slot != ""
		return &it, nil
	}
	var img image
	if len(w.Raw) > 0 {
		if err := json.Unmarshal(w.Raw, &img); err != nil {
			return nil, fmt.Errorf("read a before-image: %w", err)
		}
	}
	if seen == nil {
		return &item{id: w.ID, group: img.Group, slot: img.Slot, kind: img.Kind, record: img.Record, extra: img.Extra, mark: img.Mark, key: img.Key}, nil
	}
	it := *seen
	// What changed since the plan was made is never replaced by the old image.
	if len(w.Raw) > 0 && w.Revision == seen.revision {
		it.extra, it.mark = img.Extra, img.Mark
	}
	return &it, nil
}

// fill puts the values of a write into the item. Left are the fields that it cannot hold and can do without.
func (s *Service) fill(it *item, w record.Write) (left []*provider.ItemError, refused *provider.ItemError) {
	limits := s.opts.Limits[it.kind]
	patch := record.Patch{}
	for _, f := range slices.Sorted(maps.Keys(w.Patch)) {
		limit, held := limits[f]
		if !held {
			continue
		}
		t := record.Lookup(it.kind, f).Type
		v := record.Canonical(t, w.Patch[f])
		if v == it.record[f] {
			continue
		}
		if v != "" && !limit.Fits(t, v) && s.happens(Cuts) {
			v = limit.Held(t, v)
		}
		if code := problem(f, t, v, limit); code != "" {
			err := &provider.ItemError{Code: code, Field: f}
			if limit.Mandatory {
				return nil, err
			}
			left = append(left, err)
			continue
		}
		patch[f] = rounded(t, v, limit)
	}
	it.record = it.record.With(patch)
	for _, f := range slices.Sorted(maps.Keys(limits)) {
		if limits[f].Mandatory && it.record[f] == "" {
			return nil, &provider.ItemError{Code: provider.CodeMandatory, Field: f}
		}
	}
	return left, nil
}

// problem says why the service does not take a value, "" when it does.
func problem(f record.Field, t record.Type, v string, l record.Limit) string {
	switch {
	case l.ReadOnly:
		return provider.CodeForbidden
	case v == "" || l.Fits(t, v):
		return ""
	case f == record.Account:
		return provider.CodeUnknownAccount
	case f == record.ReportsTo:
		return provider.CodeUnknownContact
	case len(l.Choices) > 0 && !slices.Contains(l.Choices, v):
		return provider.CodeNoChoice
	}
	return provider.CodeTooLong
}

// rounded is a value as the service stores it: times lose what it cannot hold.
func rounded(t record.Type, v string, l record.Limit) string {
	if t == record.Span || t == record.Instant {
		return l.Held(t, v)
	}
	return v
}
