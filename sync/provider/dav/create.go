package dav

import (
	"errors"
	"net/http"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// create puts a new object at an address made from the key of its intent, so that the same key never makes two.
func (r *run) create(w record.Write) (provider.Result, error) {
	uid := uidOf(w.Key)
	id := record.ID(nameOf(uid, r.kind))
	body, err := r.codec.Compose(uid, w)
	if err != nil {
		return itemResult(err), nil
	}
	if may, _ := r.mayMail(nil, body); may {
		return noMail(), nil
	}
	got, err := r.send(id, body, map[string]string{"If-None-Match": "*"})
	if err == nil {
		stored, err := r.stored(r.placed(id, got), body, reply{}, got)
		if err != nil {
			return provider.Result{}, err
		}
		return r.faithful(w, nil, body, got, stored), nil
	}
	return r.notCreated(id, body, uid, w.Mark, err)
}

// placed is where the server put a new object; some choose the address themselves.
func (r *run) placed(id record.ID, got answer) record.ID {
	u, ok := parseHref(got.url, got.header.Get("Location"))
	if !ok {
		return id
	}
	if other, ok := memberID(r.url, u); ok {
		return other
	}
	return id
}

// notCreated finds out what a create came to that was not answered by a yes. An object at its address is ours only when
// its UID or its mark says so.
func (r *run) notCreated(id record.ID, body []byte, uid string, mark record.Mark, err error) (provider.Result, error) {
	s := status(err)
	taken := s == http.StatusPreconditionFailed || s == http.StatusConflict || s == http.StatusForbidden && isUIDConflict(err)
	if s == http.StatusNotFound || s == http.StatusGone || s == http.StatusConflict {
		// A collection that was taken away, or content that SOGo dislikes.
		if gone := r.missing(r.sending); gone != nil {
			return provider.Result{}, gone
		}
	}
	if !taken {
		return r.settle(id, body, err)
	}
	item, there, looked := r.look(id)
	if looked != nil {
		return r.unread(looked)
	}
	if !there {
		item, there = r.byUID(uid)
	}
	ours := item.Self == record.Mark(uid) || mark != "" && item.Mark == mark
	switch {
	case !there:
		return refusedItem(err), nil
	case item.ID == "":
		// Something that is no item lives at the address.
		return refuse(provider.CodeDuplicate, err), nil
	case !ours:
		return provider.Result{Item: item, Err: provider.ErrConflict}, nil
	}
	return provider.Result{Item: item}, nil
}

func isUIDConflict(err error) bool {
	var s *StatusError
	return errors.As(err, &s) && (s.Condition == "no-uid-conflict" || s.Condition == "unique-scheduling-object-resource")
}

// byUID looks for an object with a UID at another address of the collection: its server, or another program, moved it.
func (r *run) byUID(uid string) (record.Item, bool) {
	there := map[record.ID]reply{}
	_, err := r.client.multistatus(r.sending, queryUID(r.url, r.kind, uid), func(one response) error {
		r.keep(one, there)
		return nil
	})
	if err != nil {
		return record.Item{}, false
	}
	for _, id := range sorted(there) {
		// Servers match a UID loosely, by part or without regard to case.
		if item, skip := r.codec.Read(id, there[id].body); skip == nil && item.Self == record.Mark(uid) {
			return item, true
		}
	}
	return record.Item{}, false
}
