package dav

import (
	"context"
	"net/http"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/object"
	"zohosync/sync/record"
)

// restore puts back what the before-image holds: into the object, or as the object it was where that one is gone.
func (r *run) restore(ctx context.Context, i int) (provider.Result, error) {
	w := r.writes[i]
	gone := func() (provider.Result, error) {
		if len(w.Raw) == 0 {
			return provider.Result{Err: provider.ErrNotFound}, nil
		}
		return r.bringBack(w)
	}
	taken := false
	res, err := r.change(ctx, i, gone, func(item record.Item, now reply) ([]byte, *provider.Result) {
		switch {
		case w.Revision == "" && len(w.Raw) > 0 && !object.Same(now.body, w.Raw):
			taken = true
			return nil, &provider.Result{}
		case w.Revision == "":
			return nil, r.back(w, item)
		case item.Revision != w.Revision:
			return nil, &provider.Result{Item: item, Err: provider.ErrConflict}
		}
		body, err := r.codec.Put(now.body, w.Raw)
		if err != nil {
			res := itemResult(err)
			return nil, &res
		}
		return body, nil
	})
	if taken {
		return r.elsewhere(w)
	}
	return res, err
}

// back ends the restore of something that is there again: it is left as somebody made it since.
func (r *run) back(w record.Write, item record.Item) *provider.Result {
	before, skip := r.codec.Read(w.ID, w.Raw)
	if skip == nil && before.Revision == item.Revision {
		return &provider.Result{Item: item}
	}
	return &provider.Result{Item: item, Err: provider.ErrConflict}
}

// bringBack creates a deleted object again from its before-image, at the address it had.
func (r *run) bringBack(w record.Write) (provider.Result, error) {
	if may, _ := r.mayMail(nil, w.Raw); may {
		return noMail(), nil
	}
	got, err := r.send(w.ID, w.Raw, map[string]string{"If-None-Match": "*"})
	if err == nil {
		return r.stored(r.placed(w.ID, got), w.Raw, reply{}, got)
	}
	if refusesName(err) {
		now, looked := r.get(r.sending, w.ID)
		switch {
		case looked == nil && !object.Same(now.body, w.Raw):
			return r.elsewhere(w)
		case looked == nil:
			if item, skip := r.codec.Read(w.ID, now.body); skip == nil {
				return *r.back(w, item), nil
			}
		}
		if res, found := r.moved(w); found {
			return res, nil
		}
	}
	return r.settle(w.ID, w.Raw, err)
}

// elsewhere brings an object back under another name, as something else lives at its address by now. The name follows
// from the object, so that doing it twice makes one.
func (r *run) elsewhere(w record.Write) (provider.Result, error) {
	if res, found := r.moved(w); found {
		return res, nil
	}
	if may, _ := r.mayMail(nil, w.Raw); may {
		return noMail(), nil
	}
	id := record.ID(nameOf(uidOf("restored "+string(w.ID)+" "+string(w.Raw)), r.kind))
	got, err := r.send(id, w.Raw, map[string]string{"If-None-Match": "*"})
	if err == nil {
		return r.stored(r.placed(id, got), w.Raw, reply{}, got)
	}
	if refusesName(err) {
		if item, there, looked := r.look(id); looked == nil && there {
			return *r.back(w, item), nil
		}
		if res, found := r.moved(w); found {
			return res, nil
		}
	}
	return r.settle(id, w.Raw, err)
}

// moved looks for the object at another address of the collection: somebody brought it back already.
func (r *run) moved(w record.Write) (provider.Result, bool) {
	before, skip := r.codec.Read(w.ID, w.Raw)
	if skip != nil || before.Self == "" {
		return provider.Result{}, false
	}
	item, there := r.byUID(string(before.Self))
	return provider.Result{Item: item, Err: provider.ErrConflict}, there
}

// refusesName says that a server refuses to make an object because of its name or its UID.
func refusesName(err error) bool {
	s := status(err)
	return s == http.StatusPreconditionFailed || s == http.StatusConflict || s == http.StatusForbidden && isUIDConflict(err)
}
