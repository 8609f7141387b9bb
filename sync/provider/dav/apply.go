package dav

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/object"
	"zohosync/sync/record"
)

// Apply carries out writes, a few at a time, deletions after all others. After ctx ended nothing new is sent, and what is
// under way comes to its end.
func (c *collection) Apply(ctx context.Context, writes []record.Write, sink provider.Sink) error {
	sending, end := provider.Graceful(ctx)
	defer end()
	r := &run{collection: c, writes: writes, sink: sink, sending: sending}
	for _, jobs := range r.phases() {
		var g errgroup.Group
		g.SetLimit(inFlight)
		for _, job := range jobs {
			g.Go(func() error {
				r.carryOut(ctx, job)
				return nil
			})
		}
		_ = g.Wait() // The functions return nothing: each write tells the sink.
	}
	return r.stopped(ctx)
}

// run is one call of Apply.
type run struct {
	*collection
	writes  []record.Write
	sink    provider.Sink
	sending context.Context // for requests that write, and for those that find out what a write did

	mu      sync.Mutex
	failed  error // why nothing more is sent
	checked bool  // the collection was looked for, because an object was missing
}

// phases sorts the writes into jobs that may run side by side: those of one object stay together and in order.
func (r *run) phases() [][][]int {
	var jobs [][]int
	byID := map[record.ID]int{}
	for i, w := range r.writes {
		id := object.GroupOf(w.ID)
		if w.Op == record.Create {
			id = record.ID(nameOf(uidOf(w.Key), r.kind))
		}
		if at, ok := byID[id]; ok {
			jobs[at] = append(jobs[at], i)
			continue
		}
		byID[id] = len(jobs)
		jobs = append(jobs, []int{i})
	}
	deletes := func(job []int) bool {
		return slices.ContainsFunc(job, func(i int) bool { return r.writes[i].Op == record.Delete })
	}
	var first, last [][]int
	for _, job := range jobs {
		if deletes(job) {
			last = append(last, job)
		} else {
			first = append(first, job)
		}
	}
	return [][][]int{first, last}
}

// stopped returns why nothing more may be sent, nil when all is well.
func (r *run) stopped(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil {
		return ctx.Err()
	}
	return r.failed
}

func (r *run) stop(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil {
		r.failed = err
	}
}

// one carries out one write and tells the sink how it ended. The error of a write that may have been carried out ends the
// sending and leaves the write without an end.
func (r *run) one(ctx context.Context, i int) {
	if err := r.stopped(ctx); err != nil {
		r.done(i, provider.Result{Err: unsent(err)})
		return
	}
	res, err := r.write(ctx, i)
	var retry *provider.RetryError
	switch {
	case err == nil:
		r.done(i, res)
	case errors.As(err, &retry) && retry.Sent:
		r.stop(err)
	default:
		r.stop(err)
		r.done(i, provider.Result{Err: unsent(err)})
	}
}

func (r *run) done(i int, res provider.Result) {
	if err := r.sink.Done(i, res); err != nil {
		r.stop(err)
	}
}

func (r *run) write(ctx context.Context, i int) (provider.Result, error) {
	switch w := r.writes[i]; w.Op {
	case record.Create:
		return r.create(w)
	case record.Update:
		return r.update(ctx, i)
	case record.Delete:
		return r.delete(ctx, i)
	case record.Restore:
		return r.restore(ctx, i)
	default:
		return refuse(provider.CodeRefused, fmt.Errorf("unknown operation %q", w.Op)), nil
	}
}

// missing makes sure that the collection is still there when an object is not, once per Apply.
func (r *run) missing(ctx context.Context) error {
	r.mu.Lock()
	checked := r.checked
	r.mu.Unlock()
	if checked {
		return nil
	}
	if err := r.exists(ctx); err != nil {
		return unsent(err)
	}
	r.mu.Lock()
	r.checked = true
	r.mu.Unlock()
	return nil
}

// unsent says of a write that it was not carried out, whatever kept it from being sent.
func unsent(err error) error {
	var retry *provider.RetryError
	if errors.As(err, &retry) {
		return &provider.RetryError{After: retry.After, Err: retry.Err}
	}
	return &provider.RetryError{Err: err}
}

func refuse(code string, err error) provider.Result {
	return provider.Result{Err: &provider.ItemError{Code: code, Err: err}}
}

// itemResult ends a write that the codec refuses.
func itemResult(err error) provider.Result {
	var item *provider.ItemError
	if errors.As(err, &item) {
		return provider.Result{Err: item}
	}
	return refuse(provider.CodeRefused, err)
}
