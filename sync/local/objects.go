package local

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"
)

// object is one event, task or card as it was sent.
type object struct {
	name, uid, component string
	change               int64
	etag                 string
	modified             time.Time
	size                 int
	body                 []byte // nil in listings
}

// uidError says that the UID of a new object belongs to another one of its collection.
type uidError struct{ name string }

func (uidError) Error() string { return "the UID is taken" }

// condition decides with the object as it now is, nil when there is none, whether a request may go on.
type condition func(now *object) error

// makeETag returns a tag that no other content and no other time has: the number of the change, and what it brought.
func makeETag(change int64, body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + strconv.FormatInt(change, 36) + "-" + hex.EncodeToString(sum[:10]) + `"`
}

func (t *tx) object(c collection, name string) *object {
	var o object
	var modified int64
	if !t.one("get-object", []any{c.id, name}, &o.name, &o.uid, &o.component, &o.change, &o.etag, &modified, &o.size, &o.body) {
		return nil
	}
	o.modified = time.Unix(modified, 0)
	return &o
}

// getObject returns an object with its body, or errMissing.
func (s *store) getObject(ctx context.Context, home, folder, name string) (o object, err error) {
	err = s.read(ctx, func(t *tx) {
		if now := t.object(t.collection(home, folder), name); now != nil {
			o = *now
		} else {
			t.fail(errMissing)
		}
	})
	return o, err
}

// listObjects returns the objects of a collection without their bodies, or errMissing.
func (s *store) listObjects(ctx context.Context, home, folder string) (list []object, err error) {
	err = s.read(ctx, func(t *tx) {
		c := t.collection(home, folder)
		t.each("list-objects", []any{c.id}, func(scan func(...any) error) error {
			var o object
			var modified int64
			err := scan(&o.name, &o.uid, &o.component, &o.change, &o.etag, &modified, &o.size)
			o.modified = time.Unix(modified, 0)
			list = append(list, o)
			return err
		})
	})
	return list, err
}

// putObject stores an object and returns it with its new tag. errNoFolder when its collection is missing, a uidError when
// another object has its UID, and whatever the condition says.
func (s *store) putObject(ctx context.Context, home, folder string, o object, may condition) (stored object, created bool, err error) {
	stored = o
	err = s.write(ctx, func(t *tx) {
		c := t.collection(home, folder)
		if errors.Is(t.err, errMissing) {
			t.err = errNoFolder
			return
		}
		now := t.object(c, o.name)
		if t.err != nil {
			return
		}
		if created = now == nil; now != nil && now.uid == o.uid && bytes.Equal(now.body, o.body) {
			stored, t.err = *now, may(now)
			return
		}
		if t.err = may(now); t.err != nil {
			return
		}
		var other string
		if t.one("name-of-uid", []any{c.id, o.uid}, &other) && other != o.name {
			t.fail(uidError{other})
		}
		// An object keeps its UID for life (RFC 4791 section 5.3.2.1).
		if now != nil && now.uid != o.uid {
			t.fail(uidError{now.name})
		}
		stored.change = t.tick()
		stored.etag, stored.size = makeETag(stored.change, o.body), len(o.body)
		t.run("store-object", c.id, o.name, o.uid, o.component, stored.change, stored.etag, o.modified.Unix(), stored.size, o.body)
		t.run("drop-deletion", c.id, o.name)
		t.run("touch-collection", stored.change, c.id)
	})
	return stored, created, err
}

// errNoFolder says that the collection of an object is missing.
var errNoFolder = errors.New("no such collection")

// deleteObject takes an object away. errMissing when it is not there, and whatever the condition says.
func (s *store) deleteObject(ctx context.Context, home, folder, name string, may condition) error {
	return s.write(ctx, func(t *tx) {
		c := t.collection(home, folder)
		now := t.object(c, name)
		if t.err != nil {
			return
		}
		if t.err = may(now); t.err != nil {
			return
		}
		if now == nil {
			t.fail(errMissing)
		}
		change := t.tick()
		t.run("delete-object", c.id, name)
		t.run("store-deletion", c.id, name, change)
		t.run("touch-collection", change, c.id)
		t.forget(c)
	})
}

// forget drops the oldest deletions beyond those that are remembered, and with them the tokens that need them.
func (t *tx) forget(c collection) {
	var last int64
	if !t.one("deletion-to-forget", []any{c.id, t.s.deletions}, &last) {
		return
	}
	t.run("forget-deletions", c.id, last)
	t.run("raise-oldest", last, c.id)
}

// changed is one row of what happened after a token.
type changed struct {
	name, etag string
	deleted    bool
}

// delta is what happened in a collection after a token.
type delta struct {
	changes []changed
	token   string // to go on with
	more    bool   // there are more changes after token
}

// changes lists what happened after a token, the oldest change first; "" lists what is there now. At most limit rows,
// unless it is 0. errToken when the token is not good, errMissing when there is no such collection.
func (s *store) changes(ctx context.Context, home, folder, token string, limit int) (d delta, err error) {
	err = s.read(ctx, func(t *tx) {
		c := t.collection(home, folder)
		// A first listing needs no deletions but those that happen while it goes on.
		from := point{0, c.change}
		if t.err == nil && token != "" {
			from = t.point(c, token)
		}
		rows, last := -1, from.seen
		if limit > 0 {
			rows = limit + 1
		}
		t.each("list-changes", []any{c.id, from.seen, max(from.seen, from.began), rows}, func(scan func(...any) error) error {
			var one changed
			var change int64
			if err := scan(&one.name, &one.etag, &change, &one.deleted); err != nil {
				return err
			}
			if d.more = limit > 0 && len(d.changes) == limit; !d.more {
				d.changes, last = append(d.changes, one), change
			}
			return nil
		})
		d.token = c.token()
		if d.more {
			next := point{last, max(last, from.began)}
			d.token = next.token(c.id, t.writerOf(next.began))
		}
	})
	return d, err
}
