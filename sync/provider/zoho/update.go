package zoho

import (
	"context"
	"encoding/json"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// update changes records.
func (a *applying) update(ctx context.Context, idx []int) error {
	if err := a.resolve(ctx, idx); err != nil {
		return err
	}
	b, err := a.fresh(ctx, idx)
	if err != nil {
		return err
	}
	return a.send(ctx, b)
}

// fresh reads the records right before they are written, settles those that cannot be written, and returns the others
// with the time of reading by the server's clock: what was modified after it, nobody has seen.
func (a *applying) fresh(ctx context.Context, idx []int) (batch, error) {
	found, read, err := a.current(ctx, idx)
	if err != nil {
		return batch{}, err
	}
	var b batch
	seen := read.date
	for _, i := range idx {
		s, err := a.prepare(i, found[string(a.writes[i].ID)])
		if err != nil {
			return batch{}, err
		}
		if s == nil {
			continue
		}
		b.list = append(b.list, *s)
		// Where Zoho's servers disagree about the time, a record may be younger than its reading.
		if s.item.Modified.After(seen) {
			seen = s.item.Modified
		}
	}
	b.read = seen.Format(timeLayout)
	return b, nil
}

func (a *applying) current(ctx context.Context, idx []int) (map[string]object, answer, error) {
	return a.byID(ctx, a.ids(idx))
}

// prepare decides about one update; nil when it is settled without a request.
func (a *applying) prepare(i int, o object) (*sending, error) {
	w := a.writes[i]
	if o == nil {
		return nil, a.done(i, provider.Result{Err: provider.ErrNotFound})
	}
	it, skip := a.now(i, o)
	if skip != nil {
		return nil, a.done(i, provider.Result{Err: skip.Err})
	}
	// What already has the value that is to be written needs no write, and nobody loses anything.
	patch := record.Diff(it.Record, it.Record.With(a.canonical(w.Patch)))
	if w.Revision != "" && w.Revision != it.Revision {
		for f := range patch {
			if it.Record[f] != w.Seen[f] {
				return nil, a.done(i, provider.Result{Item: it, Err: provider.ErrConflict})
			}
		}
	}
	d := a.draftOf(patch, o, it.Record)
	if len(d.sent) == 0 {
		r := provider.Result{Item: it, Left: d.left}
		if len(d.left) > 0 {
			r = provider.Result{Item: it, Err: d.left[0]}
		}
		return nil, a.done(i, r)
	}
	d.out["id"] = string(w.ID)
	if err := a.before(i, o); err != nil {
		return nil, err
	}
	return &sending{i: i, d: d, item: it}, nil
}

// before tells the sink what the record looks like before it changes.
func (a *applying) before(i int, o object) error {
	raw, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := a.sink.Before(i, raw); err != nil {
		return sinkError{err}
	}
	return nil
}

// retry settles updates that lost a race, each on its own: it is read again, and sent once more if nothing that it
// changes was touched.
func (a *applying) retry(ctx context.Context, idx []int) error {
	for _, i := range idx {
		b, err := a.fresh(ctx, []int{i})
		if err != nil {
			return err
		}
		b.last = true
		if err := a.send(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// conflict ends updates that lost the race twice, with the items as they now are.
func (a *applying) conflict(ctx context.Context, idx []int) error {
	found, _, err := a.current(ctx, idx)
	if err != nil {
		return err
	}
	for _, i := range idx {
		r := provider.Result{Err: provider.ErrNotFound}
		if o := found[string(a.writes[i].ID)]; o != nil {
			r.Err = provider.ErrConflict
			r.Item, _ = a.now(i, o)
		}
		if err := a.done(i, r); err != nil {
			return err
		}
	}
	return nil
}

// verify looks whether updates took place whose answer was lost. A create cannot be looked up by anything but its mark,
// which is the engine's business.
func (a *applying) verify(ctx context.Context, b batch, why error) error {
	idx := b.indexes()
	if b.creates() {
		return a.doubt(idx, why)
	}
	found, _, err := a.current(ctx, idx)
	if err != nil {
		return a.doubt(idx, why)
	}
	var open []int
	for _, s := range b.list {
		o := found[string(s.item.ID)]
		it, skip := a.now(s.i, o)
		// What is not there holds no value, also none that was to be cleared.
		if o == nil || skip != nil || len(record.Diff(it.Record, it.Record.With(s.d.sent))) > 0 {
			open = append(open, s.i)
			continue
		}
		if err := a.done(s.i, provider.Result{Item: it, Left: s.d.left}); err != nil {
			return err
		}
	}
	return a.doubt(open, why)
}
