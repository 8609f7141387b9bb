package dav

import (
	"bytes"
	"errors"
	"net/http"
	"unicode"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// errSpoilt says why a field stays behind: sent there it would come back changed, and be taken for somebody's edit.
var errSpoilt = errors.New("the server does not keep this value as it is")

// stored returns the item that a write left which was answered by a yes; was is the object before it, empty for a create.
// A server that gives an ETag took the bytes as they were sent, or re-ordered them. One that gives none may have changed
// them, and the yes may be somebody else's, a proxy's or a hotel's: one look tells. Its error is a RetryError with Sent.
func (r *run) stored(id record.ID, body []byte, was reply, got answer) (provider.Result, error) {
	if body == nil {
		return provider.Result{}, r.deleted(id, was, got)
	}
	kept := body
	if !written(got) {
		now, err := r.get(r.sending, id)
		switch {
		case errors.Is(err, provider.ErrNotFound) && was.body != nil:
			// It took our change, and then somebody deleted it: an answer that nobody meant leaves the old object.
			return provider.Result{}, nil
		case err == nil && now.etag == was.etag && bytes.Equal(now.body, was.body):
			err = errUntrue
		}
		if err != nil {
			return provider.Result{}, &provider.RetryError{Sent: true, Err: err}
		}
		kept = now.body
	}
	item, skip := r.codec.Read(id, kept)
	if skip != nil {
		return provider.Result{}, nil
	}
	return provider.Result{Item: item}, nil
}

// written says of the yes to a PUT that it is the server's: nobody else says 201 or 204 and names an ETag.
func written(got answer) bool {
	return (got.status == http.StatusCreated || got.status == http.StatusNoContent) && got.header.Get("ETag") != ""
}

// deleted makes sure that a DELETE that was answered by a yes was carried out. A server answers with nothing (RFC 9110
// section 9.3.5), Radicale with a multistatus; after anything else the object must be gone, and its collection must not.
func (r *run) deleted(id record.ID, was reply, got answer) error {
	if got.status == http.StatusNoContent {
		return nil
	}
	if len(got.body) > 0 {
		if _, err := readMultistatus(bytes.NewReader(got.body), got.url, func(response) error { return nil }); err == nil {
			return nil
		}
	}
	now, err := r.get(r.sending, id)
	switch {
	case errors.Is(err, provider.ErrNotFound):
		err = r.exists(r.sending)
	case err == nil && now.etag == was.etag && bytes.Equal(now.body, was.body):
		err = errUntrue
	}
	if err != nil {
		return &provider.RetryError{Sent: true, Err: err}
	}
	return nil
}

// faithful makes sure that the server kept what a create or an update sent. Xandikos writes objects anew and spoils some
// escapes: the back-slash and the n of a path become a line end, a category is divided at its comma. SabreDAV takes an
// object with rare letters for Latin-1 and encodes all of it once more. A field that was spoilt gets back what it held
// before, and the result names it as left behind.
func (r *run) faithful(w record.Write, old record.Record, sent []byte, got answer, res provider.Result) provider.Result {
	id := res.Item.ID
	if w.Op != record.Create && w.Op != record.Update || id == "" || !delicate(sent) {
		return res
	}
	now, err := r.get(r.sending, id)
	if err != nil || short(now.etag) != short(got.header.Get("ETag")) {
		return res // Somebody else has been there, or nobody can tell.
	}
	want, _ := r.codec.Read(id, sent)
	item, skip := r.codec.Read(id, now.body)
	if skip != nil {
		return res
	}
	back := record.Patch{}
	for f := range w.Patch {
		if want.Record[f] != item.Record[f] {
			back[f] = old[f]
			res.Left = append(res.Left, &provider.ItemError{Code: provider.CodeInvalid, Field: f, Err: errSpoilt})
		}
	}
	if len(back) == 0 {
		return res
	}
	res.Item = item
	// What we sent is edited, not what the server made of it: other fields may be spoilt as well.
	body, err := r.codec.Edit(sent, back)
	if err != nil {
		return res
	}
	if got, err = r.send(id, body, map[string]string{"If-Match": conditions(now.etag)[0]}); err == nil {
		if stored, err := r.stored(id, body, now, got); err == nil {
			res.Item = stored.Item
		}
	}
	return res
}

// delicate says that an object holds an escape or a letter which some servers are known to spoil.
func delicate(body []byte) bool {
	if bytes.Contains(body, []byte(`\\`)) || bytes.ContainsFunc(body, rare) {
		return true
	}
	for line := range bytes.Lines(bytes.ReplaceAll(body, []byte("\r\n "), nil)) {
		if bytes.HasPrefix(line, []byte("CATEGORIES")) && (bytes.Contains(line, []byte(`\,`)) || bytes.Contains(line, []byte(`\;`))) {
			return true
		}
	}
	return false
}

// rare says which letters make PHP 8.1 and later guess that UTF-8 is Latin-1: the byte order mark,
// the replacement character, and what Unicode has not given to anybody.
func rare(r rune) bool {
	return r == '\ufeff' || r == '\ufffd' || r > 0x7f && !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.C)
}
