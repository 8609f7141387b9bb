package dav

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// maxTries is how often a write is decided anew because the object changed under it.
const maxTries = 4

// update edits the lines of one object that the patch names.
func (r *run) update(ctx context.Context, i int) (provider.Result, error) {
	w := r.writes[i]
	gone := func() (provider.Result, error) { return provider.Result{Err: provider.ErrNotFound}, nil }
	return r.change(ctx, i, gone, func(item record.Item, now reply) ([]byte, *provider.Result) {
		if w.Revision != "" && item.Revision != w.Revision {
			for f := range w.Patch {
				if item.Record[f] != w.Seen[f] {
					return nil, &provider.Result{Item: item, Err: provider.ErrConflict}
				}
			}
		}
		body, err := r.codec.Edit(now.body, w.Patch)
		if err != nil {
			res := itemResult(err)
			return nil, &res
		}
		return body, nil
	})
}

// delete removes one object if it is what the plan saw.
func (r *run) delete(ctx context.Context, i int) (provider.Result, error) {
	w := r.writes[i]
	gone := func() (provider.Result, error) { return provider.Result{}, nil }
	return r.change(ctx, i, gone, func(item record.Item, _ reply) ([]byte, *provider.Result) {
		if w.Revision != "" && item.Revision != w.Revision {
			return nil, &provider.Result{Item: item, Err: provider.ErrConflict}
		}
		return nil, nil
	})
}

// decide looks at an object as it now is and returns what to put in its place, nil to delete it, or how the write ends.
type decide func(item record.Item, now reply) ([]byte, *provider.Result)

// change reads an object, decides, and writes under the condition that the object is still what was read; when it is not,
// it reads and decides again. An error means that the write was not sent, or as a RetryError with Sent that it is unsure.
func (r *run) change(ctx context.Context, i int, gone func() (provider.Result, error), d decide) (provider.Result, error) {
	id := r.writes[i].ID
	var last reply
	var why error
	var item record.Item
	refused := 0
	for try := range maxTries {
		now, err := r.get(ctx, id)
		if errors.Is(err, provider.ErrNotFound) {
			if err := r.missing(ctx); err != nil {
				return provider.Result{}, err
			}
			return gone()
		}
		if err != nil {
			return r.unread(err)
		}
		fresh := try == 0 || now.etag != last.etag || !bytes.Equal(now.body, last.body)
		if last = now; fresh {
			refused = 0
		} else if refused++; refused >= len(conditions(now.etag)) {
			// Nobody changed it, so the condition holds: DAViCal also answers 412 to content that it dislikes.
			return refusedItem(why), nil
		}
		var skip *provider.Skip
		if item, skip = r.codec.Read(id, now.body); skip != nil {
			return provider.Result{Err: skip.Err}, nil
		}
		body, end := d(item, now)
		if end != nil {
			return *end, nil
		}
		if body != nil && bytes.Equal(body, now.body) {
			return provider.Result{Item: item}, nil
		}
		mails, hush := r.mayMail(now.body, body)
		if mails {
			return noMail(), nil
		}
		if fresh {
			if err := r.sink.Before(i, now.body); err != nil {
				return provider.Result{}, err
			}
		}
		if err := r.stopped(ctx); err != nil {
			return provider.Result{}, unsent(err)
		}
		res, again, err := r.replace(r.writes[i], item.Record, now, body, withCondition(hush, conditions(now.etag)[refused]))
		if again == nil {
			return res, err
		}
		why = again
	}
	return provider.Result{Item: item, Err: provider.ErrConflict}, nil
}

// replace puts body in the place of an object, or deletes it when body is nil. again is a refusal after which the object
// must be looked at once more.
func (r *run) replace(w record.Write, old record.Record, was reply, body []byte, header map[string]string) (res provider.Result, again, err error) {
	id := w.ID
	got, err := r.send(id, body, header)
	switch s := status(err); {
	case err == nil:
		stored, err := r.stored(id, body, was, got)
		if err != nil {
			return provider.Result{}, nil, err
		}
		return r.faithful(w, old, body, got, stored), nil, nil
	case s == http.StatusPreconditionFailed, s == http.StatusNotFound, s == http.StatusGone, s == http.StatusConflict:
		return provider.Result{}, err, nil
	}
	res, err = r.settle(id, body, err)
	return res, nil, err
}

// settle ends a write that was answered by an error, or not at all. Where the server may have carried it out, one look
// tells: the object holds what was sent.
func (r *run) settle(id record.ID, body []byte, err error) (provider.Result, error) {
	g := general(err)
	var retry *provider.RetryError
	unsure := errors.As(g, &retry) && retry.Sent
	if g != nil && !unsure {
		return provider.Result{}, g
	}
	if unsure || status(err) >= 500 {
		item, there, looked := r.look(id)
		want, none := r.codec.Read(id, body)
		switch {
		case looked != nil && !unsure:
			return provider.Result{}, &provider.RetryError{Sent: true, Err: err}
		case looked != nil:
		case body == nil && !there, body != nil && there && none == nil && item.Revision == want.Revision:
			return provider.Result{Item: item}, nil
		}
	}
	if unsure {
		return provider.Result{}, g
	}
	return refusedItem(err), nil
}

// look reads an object once more to find out what a write did.
func (r *run) look(id record.ID) (item record.Item, there bool, err error) {
	now, err := r.get(r.sending, id)
	if errors.Is(err, provider.ErrNotFound) {
		return record.Item{}, false, nil
	}
	if err != nil {
		return record.Item{}, false, err
	}
	item, _ = r.codec.Read(id, now.body)
	return item, true, nil
}

// unread ends a write whose object could not be read: nothing was sent.
func (r *run) unread(err error) (provider.Result, error) {
	if g := general(err); g != nil && !errors.Is(err, errTooBig) {
		var retry *provider.RetryError
		if errors.As(g, &retry) {
			return provider.Result{}, unsent(g)
		}
		return provider.Result{}, g
	}
	return refusedItem(err), nil
}

// send sends one PUT, or a DELETE when body is nil. An inner refusal of a 207 is a refusal.
func (r *run) send(id record.ID, body []byte, header map[string]string) (answer, error) {
	u, err := r.address(id)
	if err != nil {
		return answer{}, &StatusError{Method: http.MethodPut, Status: http.StatusNotFound}
	}
	q := request{method: http.MethodDelete, url: u, header: header, body: body}
	if body != nil {
		q.method = http.MethodPut
		header["Content-Type"] = "text/calendar; charset=utf-8"
		if r.kind == record.Contact {
			header["Content-Type"] = "text/vcard; charset=utf-8"
		}
	}
	got, err := r.client.do(r.sending, q)
	if err != nil {
		return answer{}, mayBeSent(err)
	}
	return got, innerFailure(q.method, got)
}

// mayBeSent says of the error of a write whether it may have been carried out. An answer tells, and so do errors that
// know; an answer that could not be read, or for which we no longer wait, tells nothing.
func mayBeSent(err error) error {
	var retry *provider.RetryError
	var host *HostError
	var certificate *CertificateError
	if status(err) != 0 || errors.As(err, &retry) || errors.As(err, &host) || errors.As(err, &certificate) || errors.Is(err, provider.ErrAuth) {
		return err
	}
	return &provider.RetryError{Sent: true, Err: err}
}

// innerFailure looks inside a 207: Xandikos says in it that it refused the body.
func innerFailure(method string, got answer) error {
	if got.status != http.StatusMultiStatus {
		return nil
	}
	var failed error
	_, err := readMultistatus(bytes.NewReader(got.body), got.url, func(r response) error {
		if f := r.failure(method); failed == nil {
			failed = f
		}
		return nil
	})
	if failed == nil && err != nil {
		return &provider.RetryError{Sent: true, Err: err}
	}
	return failed
}

// withCondition returns the header of a write under a condition.
func withCondition(header map[string]string, match string) map[string]string {
	out := map[string]string{"If-Match": match}
	maps.Copy(out, header)
	return out
}

// conditions lists what to try as If-Match for an object with this ETag. A weak one never matches (RFC 9110 section
// 13.1.1), but it often is a strong one that a proxy weakened; an object without any must at least be there.
func conditions(etag string) []string {
	if strong, weak := strings.CutPrefix(etag, "W/"); weak {
		return []string{strong, etag}
	}
	if etag == "" {
		return []string{"*"}
	}
	return []string{etag}
}

// refusedItem turns a refusal of one object into the code that the person is told.
func refusedItem(err error) provider.Result {
	var s *StatusError
	if !errors.As(err, &s) {
		return refuse(provider.CodeRefused, err)
	}
	switch {
	case s.Condition == "no-uid-conflict", s.Condition == "unique-scheduling-object-resource":
		return refuse(provider.CodeDuplicate, err)
	case s.Status == http.StatusRequestEntityTooLarge, s.Condition == "max-resource-size":
		return refuse(provider.CodeTooLong, err)
	case s.Status == http.StatusLocked:
		return refuse(provider.CodeLocked, err)
	case s.Status == http.StatusForbidden && s.Condition == "", s.Condition == "need-privileges":
		return refuse(provider.CodeForbidden, err)
	case s.Status < 500 && s.Status != http.StatusMethodNotAllowed:
		return refuse(provider.CodeInvalid, err)
	}
	return refuse(provider.CodeRefused, err)
}
