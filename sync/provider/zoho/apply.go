package zoho

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// applying is one Apply. Writes go in batches of 100, creates first and deletes last.
type applying struct {
	*collection
	writes []record.Write
	sink   provider.Sink
	links  links
	fates  []fate
	unsure error // why some writes are unsure, nil when none is
}

// fate says what is known of one write.
type fate int

const (
	waiting fate = iota
	ended
	unsure
)

// sinkError is an error of the sink, which stops everything.
type sinkError struct{ error }

// Apply carries out the writes. A new record belongs to the signed-in person: Zoho makes the owner of the token its
// owner when none is named. No write starts the organisation's automations, and none sends mail.
func (c *collection) Apply(ctx context.Context, writes []record.Write, sink provider.Sink) error {
	a := &applying{collection: c, writes: writes, sink: sink, links: links{}, fates: make([]fate, len(writes))}
	err := a.all(ctx)
	var stopped sinkError
	if errors.As(err, &stopped) {
		return stopped.error
	}
	for i, f := range a.fates {
		if f == waiting {
			if serr := sink.Done(i, provider.Result{Err: &provider.RetryError{Err: err}}); serr != nil {
				return serr
			}
		}
	}
	if err == nil {
		err = a.unsure
	}
	return err
}

func (a *applying) all(ctx context.Context) error {
	var creates, updates, restores, deletes []int
	for i, w := range a.writes {
		switch w.Op {
		case record.Create:
			creates = append(creates, i)
		case record.Delete:
			deletes = append(deletes, i)
		case record.Restore:
			restores = append(restores, i)
		default:
			updates = append(updates, i)
		}
	}
	steps := []struct {
		idx     []int
		allowed bool
		do      func(context.Context, []int) error
	}{
		{creates, yes(a.m.meta.Creatable), a.create},
		{updates, yes(a.m.meta.Editable), a.update},
		{restores, yes(a.m.meta.Editable), a.restore},
		{deletes, yes(a.m.meta.Deletable), a.remove},
	}
	for _, s := range steps {
		for batch := range slices.Chunk(s.idx, batchSize) {
			if err := ctx.Err(); err != nil {
				return err
			}
			if !s.allowed {
				if err := a.refuse(batch, &provider.ItemError{Code: provider.CodeForbidden, Err: provider.ErrReadOnly}); err != nil {
					return err
				}
				continue
			}
			if err := s.do(ctx, batch); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *applying) done(i int, r provider.Result) error {
	a.fates[i] = ended
	if err := a.sink.Done(i, r); err != nil {
		return sinkError{err}
	}
	return nil
}

func (a *applying) refuse(idx []int, why error) error {
	for _, i := range idx {
		if err := a.done(i, provider.Result{Err: why}); err != nil {
			return err
		}
	}
	return nil
}

// doubt leaves writes without a Done. A service that answers at all may manage the next batch: only an answer that
// never came stops the rest.
func (a *applying) doubt(idx []int, err error) error {
	if len(idx) == 0 {
		return nil
	}
	for _, i := range idx {
		a.fates[i] = unsure
	}
	a.unsure = err
	var refused *refusal
	if errors.As(err, &refused) && refused.Code == "INTERNAL_ERROR" {
		return nil
	}
	return err
}

// writing is a request that writes records without starting workflows, approvals, blueprints or mails.
func writing(method, path string, data []any) request {
	return request{
		method: method, path: path, credits: (len(data) + 9) / 10,
		body: map[string]any{"data": data, "trigger": []string{}},
	}
}

// sending is one write on its way.
type sending struct {
	i    int
	d    *draft
	item record.Item // as it was read right before; empty for a create
}

// batch is what goes in one request: creates only, or updates of what was read just now.
type batch struct {
	list []sending
	read string // when the updates were read
	last bool   // who loses a race now has lost it for good
}

func (b batch) creates() bool { return b.list[0].d.now == nil }

func (b batch) indexes() []int {
	out := make([]int, len(b.list))
	for n, s := range b.list {
		out[n] = s.i
	}
	return out
}

func (b batch) of(list []sending) batch { return batch{list: list, read: b.read, last: b.last} }

// request makes the request for a batch. Updates go under the condition that nothing was modified since the reading;
// one on its own goes to its own address, for which the condition is documented.
func (a *applying) request(b batch) request {
	data := make([]any, len(b.list))
	for n, s := range b.list {
		data[n] = s.d.out
	}
	r := writing(http.MethodPost, a.path(), data)
	if !b.creates() {
		r.method, r.unmodified = http.MethodPut, b.read
		if len(data) == 1 {
			r.path += "/" + string(b.list[0].item.ID)
		}
	}
	return r
}

// send sends a batch and settles each of its writes.
func (a *applying) send(ctx context.Context, b batch) error {
	if len(b.list) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	results, err := a.p.write(ctx, a.request(b), len(b.list))
	if err != nil {
		return a.failed(ctx, b, err)
	}
	// What was done is told first: nothing that goes wrong with the others may make it look unsent.
	for n, s := range b.list {
		if results[n].done() {
			if err := a.settle(s, results[n].details()); err != nil {
				return err
			}
		}
	}
	return a.unwritten(ctx, b, results)
}

// unwritten settles those of a batch that Zoho did not write, or sends them once more.
func (a *applying) unwritten(ctx context.Context, b batch, results []result) error {
	var again []sending
	var moved []int
	for n, s := range b.list {
		r := results[n]
		switch {
		case r.done():
		case r.modified():
			moved = append(moved, s.i)
		case a.without(s, r):
			again = append(again, s)
		default:
			if err := a.refused(ctx, s, r); err != nil {
				return err
			}
		}
	}
	if err := a.send(ctx, b.of(again)); err != nil {
		return err
	}
	return a.moved(ctx, b, moved)
}

// moved settles updates of records that were modified after they were read.
func (a *applying) moved(ctx context.Context, b batch, idx []int) error {
	if b.last && len(idx) > 0 {
		return a.conflict(ctx, idx)
	}
	return a.retry(ctx, idx)
}

// failed settles a batch that was not answered record by record.
func (a *applying) failed(ctx context.Context, b batch, err error) error {
	var refused *refusal
	var retry *provider.RetryError
	switch {
	case errors.As(err, &retry) && retry.Sent:
		return a.verify(ctx, b, err)
	case errors.As(err, &retry), errors.Is(err, provider.ErrAuth), errors.Is(err, provider.ErrGone), !errors.As(err, &refused):
		return err
	case refused.modified() || refused.status == http.StatusPreconditionFailed:
		return a.moved(ctx, b, b.indexes())
	case len(b.list) > 1 && !refused.forbidden():
		// One record may spoil a whole request: halves find it, and the others get through.
		half := len(b.list) / 2
		if err := a.send(ctx, b.of(b.list[:half])); err != nil {
			return err
		}
		return a.send(ctx, b.of(b.list[half:]))
	}
	for _, s := range b.list {
		if err := a.refused(ctx, s, refused.result); err != nil {
			return err
		}
	}
	return nil
}
