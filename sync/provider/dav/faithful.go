package dav

import (
	"bytes"
	"errors"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// errSpoilt says why a field stays behind: sent there it would come back changed, and be taken for somebody's edit.
var errSpoilt = errors.New("the server does not keep this value as it is")

// faithful makes sure that the server kept what a create or an update sent. Xandikos writes objects anew and spoils some
// escapes: the back-slash and the n of a path become a line end, a category is divided at its comma. A field that was
// spoilt gets back what it held before, and the result names it as left behind.
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
	body, err := r.codec.Edit(now.body, back)
	if err != nil {
		return res
	}
	if got, err = r.send(id, body, map[string]string{"If-Match": conditions(now.etag)[0]}); err == nil {
		res.Item = r.stored(id, body, got).Item
	}
	return res
}

// delicate says that an object holds an escape which some servers are known to spoil.
func delicate(body []byte) bool {
	if bytes.Contains(body, []byte(`\\`)) {
		return true
	}
	for line := range bytes.Lines(bytes.ReplaceAll(body, []byte("\r\n "), nil)) {
		if bytes.HasPrefix(line, []byte("CATEGORIES")) && (bytes.Contains(line, []byte(`\,`)) || bytes.Contains(line, []byte(`\;`))) {
			return true
		}
	}
	return false
}
