package dav

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/object"
	"zohosync/sync/record"
)

// carryOut carries out the writes of one job: those to occurrences of a series all at once, others one after the other.
func (r *run) carryOut(ctx context.Context, job []int) {
	for _, i := range job {
		if w := r.writes[i]; w.Op != record.Create && object.GroupOf(w.ID) != w.ID {
			r.group(ctx, object.GroupOf(w.ID), job)
			return
		}
	}
	for _, i := range job {
		r.one(ctx, i)
	}
}

// edits are the writes to the occurrences of one object, on their way into one body.
type edits struct {
	*run
	id   record.ID
	job  []int
	ends map[int]provider.Result // of those that are decided without the server
	was  map[int]record.Record   // before, of those that are to be written
	open *object.Group
	now  reply
	body []byte            // nil: to be deleted
	hush map[string]string // what to send along so that the server mails nobody
}

// group carries out writes to one object with one GET and one conditional PUT or DELETE, and tells the sink how each of
// them ended. As in one, an error that leaves it open whether they were carried out leaves them without an end.
func (r *run) group(ctx context.Context, id record.ID, job []int) {
	e := &edits{run: r, id: id, job: job, ends: map[int]provider.Result{}}
	err := r.stopped(ctx)
	if err == nil {
		err = e.carryOut(ctx)
	}
	unsure := false
	if err != nil {
		var retry *provider.RetryError
		unsure = errors.As(err, &retry) && retry.Sent
		r.stop(err)
	}
	for _, i := range job {
		res, ended := e.ends[i]
		switch {
		case ended:
			r.done(i, res)
		case err != nil && !unsure:
			r.done(i, provider.Result{Err: unsent(err)})
		}
	}
}

// carryOut reads, decides and writes until the object stays the same in between. An error means that what has no end yet was
// not sent, or as a RetryError with Sent that it is unsure.
func (e *edits) carryOut(ctx context.Context) error {
	var last reply
	var why error
	refused := 0
	for try := range maxTries {
		now, err := e.get(ctx, e.id)
		if errors.Is(err, provider.ErrNotFound) {
			if err := e.missing(ctx); err != nil {
				return err
			}
			return e.gone()
		}
		if err != nil {
			res, err := e.unread(err)
			if err == nil {
				e.finish(res)
			}
			return err
		}
		fresh := try == 0 || now.etag != last.etag || !bytes.Equal(now.body, last.body)
		if last = now; fresh {
			refused = 0
		} else if refused++; refused >= len(conditions(now.etag)) {
			e.finish(refusedItem(why))
			return nil
		}
		if e.now = now; !e.decide() {
			return nil
		}
		if err := e.announce(ctx, fresh); err != nil {
			return err
		}
		again, err := e.send(conditions(now.etag)[refused])
		if again == nil {
			return err
		}
		why = again
	}
	e.conflict()
	return nil
}

// finish ends every write that has no end yet in the same way.
func (e *edits) finish(res provider.Result) {
	for _, i := range e.job {
		if _, ended := e.ends[i]; !ended {
			e.ends[i] = res
		}
	}
}

// decide makes the new body out of all writes that the object as it now is allows. It returns false when there is nothing to
// send.
func (e *edits) decide() bool {
	var skip *provider.Skip
	clear(e.ends)
	if e.open, skip = e.codec.Open(e.id, e.now.body); skip != nil {
		e.finish(provider.Result{Err: skip.Err})
		return false
	}
	e.was = map[int]record.Record{}
	for _, i := range e.job {
		e.one(i)
	}
	if len(e.was) == 0 {
		return false
	}
	body, err := e.open.Bytes()
	switch {
	case err != nil:
		e.finish(itemResult(err))
		return false
	case bytes.Equal(body, e.now.body):
		for i := range e.was {
			e.ends[i] = result(e.writes[i], e.open)
		}
		return false
	}
	mails, hush := e.mayMail(e.now.body, body)
	if mails {
		e.finish(noMail())
		return false
	}
	e.body, e.hush = body, hush
	return true
}

// one carries out one write on the open object, or ends it where it cannot be.
func (e *edits) one(i int) {
	w := e.writes[i]
	it, err := e.open.Item(w.ID)
	gone := errors.Is(err, provider.ErrNotFound)
	switch {
	case w.Op == record.Delete && gone:
		e.ends[i] = provider.Result{}
		return
	case w.Op == record.Restore && err == nil && w.Revision == "":
		// It is there again: whoever brought it back may have edited it.
		e.ends[i] = provider.Result{Item: it}
		if len(record.Diff(it.Record, it.Record.With(w.Patch))) > 0 {
			e.ends[i] = provider.Result{Item: it, Err: provider.ErrConflict}
		}
		return
	case w.Op == record.Restore && (gone || err == nil):
	case err != nil:
		e.ends[i] = itemOr(err)
		return
	}
	if !gone && w.Revision != "" && it.Revision != w.Revision && contradicts(w, it) {
		e.ends[i] = provider.Result{Item: it, Err: provider.ErrConflict}
		return
	}
	switch w.Op {
	case record.Update:
		err = e.open.Edit(w.ID, w.Patch, w.Mark)
	case record.Delete:
		err = e.open.Delete(w.ID)
	case record.Restore:
		err = e.open.Restore(w.ID, e.raw(w), w.Patch)
	default:
		err = fmt.Errorf("unknown operation %q", w.Op)
	}
	if err != nil {
		e.ends[i] = itemOr(err)
		return
	}
	e.was[i] = it.Record
}

// itemOr ends a write with what the object says of its item.
func itemOr(err error) provider.Result {
	if errors.Is(err, provider.ErrNotFound) {
		return provider.Result{Err: provider.ErrNotFound}
	}
	return itemResult(err)
}

// contradicts says whether an item that is another than the plan saw is so in a way that concerns the write.
func contradicts(w record.Write, it record.Item) bool {
	if w.Op != record.Update {
		return true
	}
	for f := range w.Patch {
		if it.Record[f] != w.Seen[f] {
			return true
		}
	}
	return false
}

// raw is the before-image for a write: its own, else that of another write to the same object, which came along with only
// one of them.
func (e *edits) raw(w record.Write) []byte {
	if len(w.Raw) > 0 {
		return w.Raw
	}
	for _, i := range e.job {
		if raw := e.writes[i].Raw; len(raw) > 0 {
			return raw
		}
	}
	return nil
}

// announce tells the sink what is about to change: the object comes with the first of its writes, and not again with each.
func (e *edits) announce(ctx context.Context, fresh bool) error {
	raw := e.now.body
	for _, i := range e.job {
		if _, written := e.was[i]; !written || !fresh {
			continue
		}
		if err := e.sink.Before(i, raw); err != nil {
			return err
		}
		raw = nil
	}
	if err := e.stopped(ctx); err != nil {
		return unsent(err)
	}
	return nil
}

// conflict ends the writes to an object that changed each time before it could be written.
func (e *edits) conflict() {
	for i := range e.was {
		it, _ := e.codec.Read(e.writes[i].ID, e.now.body)
		e.ends[i] = provider.Result{Item: it, Err: provider.ErrConflict}
	}
}

// result is how a write ended that an object holds now.
func result(w record.Write, g *object.Group) provider.Result {
	if w.Op == record.Delete || g == nil {
		return provider.Result{}
	}
	it, err := g.Item(w.ID)
	if err != nil {
		return provider.Result{}
	}
	return provider.Result{Item: it}
}
