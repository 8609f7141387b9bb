package dav

import (
	"bytes"
	"errors"
	"net/http"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/object"
	"zohosync/sync/record"
)

// send writes the body, or deletes the object. again is a refusal after which the object must be looked at once more.
func (e *edits) send(condition string) (again, err error) {
	got, err := e.run.send(e.id, e.body, withCondition(e.hush, condition))
	switch s := status(err); {
	case err == nil:
		return nil, e.written(got)
	case s == http.StatusPreconditionFailed, s == http.StatusNotFound, s == http.StatusGone, s == http.StatusConflict:
		return err, nil
	}
	return nil, e.settle(err)
}

// settle ends writes that were answered by an error, or not at all. Where the server may have carried them out, one look
// tells.
func (e *edits) settle(err error) error {
	g := general(err)
	var retry *provider.RetryError
	unsure := errors.As(g, &retry) && retry.Sent
	if g != nil && !unsure {
		return g
	}
	if unsure || status(err) >= 500 {
		now, looked := e.get(e.sending, e.id)
		gone := errors.Is(looked, provider.ErrNotFound)
		switch {
		case e.body == nil && gone, e.body != nil && looked == nil && e.holds(now.body):
			e.succeed(e.open)
			return nil
		case looked != nil && !gone && !unsure:
			return &provider.RetryError{Sent: true, Err: err}
		}
	}
	if unsure {
		return g
	}
	e.finish(refusedItem(err))
	return nil
}

// holds says whether an object holds what was to be written.
func (e *edits) holds(body []byte) bool {
	there, skip := e.codec.Open(e.id, body)
	if skip != nil {
		return false
	}
	for i := range e.was {
		want, err1 := e.open.Item(e.writes[i].ID)
		got, err2 := there.Item(e.writes[i].ID)
		if want.Revision != got.Revision || (err1 == nil) != (err2 == nil) {
			return false
		}
	}
	return true
}

func (e *edits) succeed(g *object.Group) {
	for i := range e.was {
		e.ends[i] = result(e.writes[i], g)
	}
}

// written ends writes that were answered by a yes. One without an ETag may be of a server that changed the bytes, or of
// somebody else, so the object is read again; as it is where it holds an escape that some servers spoil. Its error is a
// RetryError with Sent.
func (e *edits) written(got answer) error {
	if e.body == nil {
		err := e.run.deleted(e.id, e.now, got)
		if err == nil {
			e.succeed(e.open)
		}
		return err
	}
	tag := got.header.Get("ETag")
	if written(got) && !delicate(e.body) {
		e.succeed(e.open)
		return nil
	}
	now, err := e.get(e.sending, e.id)
	switch {
	case errors.Is(err, provider.ErrNotFound) && e.now.body != nil:
		// It took our change, and then somebody deleted it.
		e.succeed(nil)
		return nil
	case err == nil && now.etag == e.now.etag && bytes.Equal(now.body, e.now.body):
		err = errUntrue
	}
	if err != nil {
		return &provider.RetryError{Sent: true, Err: err}
	}
	there, skip := e.codec.Open(e.id, now.body)
	switch {
	case skip != nil:
		e.succeed(nil)
	case tag == "":
		e.succeed(there)
	case short(now.etag) != short(tag):
		e.succeed(e.open) // somebody else has been there
	default:
		e.faithful(there, now)
	}
	return nil
}

// faithful gives a field that the server spoilt what it held before, and names it as left behind.
func (e *edits) faithful(there *object.Group, now reply) {
	e.succeed(there)
	spoilt := false
	for i, old := range e.was {
		w := e.writes[i]
		if w.Op != record.Update {
			continue
		}
		want, err := e.open.Item(w.ID)
		res := e.ends[i]
		if err != nil || res.Item.ID == "" {
			continue
		}
		back := record.Patch{}
		for f := range w.Patch {
			if want.Record[f] != res.Item.Record[f] {
				back[f] = old[f]
				res.Left = append(res.Left, &provider.ItemError{Code: provider.CodeInvalid, Field: f, Err: errSpoilt})
			}
		}
		e.ends[i] = res
		spoilt = spoilt || len(back) > 0 && there.Edit(w.ID, back, "") == nil
	}
	if !spoilt {
		return
	}
	body, err := there.Bytes()
	if err != nil {
		return
	}
	if _, err = e.run.send(e.id, body, map[string]string{"If-Match": conditions(now.etag)[0]}); err != nil {
		return
	}
	for i, res := range e.ends {
		if len(res.Left) > 0 {
			res.Item = result(e.writes[i], there).Item
			e.ends[i] = res
		}
	}
}

// gone ends the writes to an object that is not there. What is to be restored comes back from a before-image: the whole
// object where it held nothing else, else an object with these occurrences alone.
func (e *edits) gone() error {
	var ids []record.ID
	e.was = map[int]record.Record{}
	clear(e.ends)
	for _, i := range e.job {
		switch w := e.writes[i]; w.Op {
		case record.Delete:
			e.ends[i] = provider.Result{}
		case record.Restore:
			ids = append(ids, w.ID)
			e.was[i] = nil
		default:
			e.ends[i] = provider.Result{Err: provider.ErrNotFound}
		}
	}
	body := e.before(ids)
	if e.body = body; body == nil {
		e.finish(provider.Result{Err: provider.ErrNotFound})
		return nil
	}
	if mails, _ := e.mayMail(nil, body); mails {
		e.finish(noMail())
		return nil
	}
	var skip *provider.Skip
	if e.open, skip = e.codec.Open(e.id, body); skip != nil {
		e.finish(provider.Result{Err: skip.Err})
		return nil
	}
	for i := range e.was {
		if _, err := e.open.Item(e.writes[i].ID); err != nil {
			e.ends[i] = itemOr(err)
			delete(e.was, i)
		}
	}
	got, err := e.run.send(e.id, body, map[string]string{"If-None-Match": "*"})
	switch s := status(err); {
	case err == nil:
		return e.written(got)
	case s == http.StatusPreconditionFailed || s == http.StatusConflict:
		e.taken(err)
	default:
		return e.settle(err)
	}
	return nil
}

// before returns the body to bring back: one that holds nothing but these occurrences, if there is such a before-image.
func (e *edits) before(ids []record.ID) []byte {
	var some []byte
	for _, i := range e.job {
		w := e.writes[i]
		if w.Op != record.Restore || len(w.Raw) == 0 {
			continue
		}
		body, err := e.codec.BringBack(e.id, w.Raw, ids)
		switch {
		case err != nil:
		case len(body) == len(w.Raw):
			return body
		case some == nil:
			some = body
		}
	}
	return some
}

// taken ends writes that were to bring an object back where another one has come meanwhile.
func (e *edits) taken(why error) {
	now, err := e.get(e.sending, e.id)
	for i := range e.was {
		res := refusedItem(why)
		if it, skip := e.codec.Read(e.writes[i].ID, now.body); err == nil && skip == nil {
			res = provider.Result{Item: it, Err: provider.ErrConflict}
		}
		e.ends[i] = res
	}
}
