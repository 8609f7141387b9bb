package local

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The two homes; each is also the first segment of the paths of its collections.
const (
	calendars = "calendars"
	contacts  = "contacts"
)

// property names a property of WebDAV.
type property struct{ space, name string }

// collection is a calendar, a task list or an address book.
type collection struct {
	id             int64
	home, name     string
	components     []string // what a calendar takes; nil in an address book
	change, oldest int64
	writer         string // of the last change
	props          map[property]string
}

// token stands for what the collection holds now. It serves as sync-token and as ctag.
func (c collection) token() string { return point{c.change, c.change}.token(c.id, c.writer) }

// point is how far a client has come. In the middle of a first listing it has seen the objects up to one change, and
// knows of no deletion that it could have missed before another, later one: when that listing began.
type point struct{ seen, began int64 }

const tokenScheme = "urn:x-zohosync:sync:"

// token writes a point as a URI (RFC 6578 section 4). writer made the change at which the listing began.
func (p point) token(collection int64, writer string) string {
	s := fmt.Sprintf("%s%d:%s:%d", tokenScheme, collection, writer, p.began)
	if p.seen != p.began {
		s += fmt.Sprintf(":%d", p.seen)
	}
	return s
}

// errToken says that a token is none of ours, of another collection, of a history that did not happen, or too old.
var errToken = errors.New("the token is not valid")

// point reads a token of this collection.
func (t *tx) point(c collection, token string) (p point) {
	rest, ours := strings.CutPrefix(token, tokenScheme)
	parts := strings.Split(rest, ":")
	if len(parts) == 3 {
		parts = append(parts, parts[2])
	}
	if !ours || len(parts) != 4 || parts[0] != strconv.FormatInt(c.id, 10) {
		t.fail(errToken)
		return p
	}
	var err, errSeen error
	p.began, err = strconv.ParseInt(parts[2], 10, 64)
	p.seen, errSeen = strconv.ParseInt(parts[3], 10, 64)
	if errors.Join(err, errSeen) != nil || p.seen < 0 || p.seen > p.began || p.began < c.oldest || p.began > c.change {
		t.fail(errToken)
		return p
	}
	if t.writerOf(p.began) != parts[1] {
		t.fail(errToken)
	}
	return p
}

func (t *tx) writerOf(change int64) (name string) {
	t.one("writer-of", []any{change}, &name)
	return name
}

func scanCollection(scan func(...any) error) (c collection, err error) {
	var components string
	err = scan(&c.id, &c.home, &c.name, &components, &c.change, &c.oldest, &c.writer)
	c.components = strings.Fields(components)
	return c, err
}

// collection reads one by its address; errMissing fails the transaction when there is none.
func (t *tx) collection(home, name string) (c collection) {
	var components string
	if !t.one("get-collection", []any{home, name}, &c.id, &c.home, &c.name, &components, &c.change, &c.oldest, &c.writer) {
		t.fail(errMissing)
	}
	c.components = strings.Fields(components)
	return c
}

func (t *tx) properties(c *collection) {
	c.props = map[property]string{}
	t.each("list-properties", []any{c.id}, func(scan func(...any) error) error {
		var p property
		var value string
		err := scan(&p.space, &p.name, &value)
		c.props[p] = value
		return err
	})
}

// listCollections returns those of a home in the order in which they were made, with their properties.
func (s *store) listCollections(ctx context.Context, home string) (list []collection, err error) {
	err = s.read(ctx, func(t *tx) {
		t.each("list-collections", []any{home}, func(scan func(...any) error) error {
			c, err := scanCollection(scan)
			list = append(list, c)
			return err
		})
		for i := range list {
			t.properties(&list[i])
		}
	})
	return list, err
}

// getCollection returns one with its properties, or errMissing.
func (s *store) getCollection(ctx context.Context, home, name string) (c collection, err error) {
	err = s.read(ctx, func(t *tx) {
		c = t.collection(home, name)
		t.properties(&c)
	})
	return c, err
}

// makeCollection stores a new one with its properties, or returns errExists.
func (s *store) makeCollection(ctx context.Context, c collection) error {
	return s.write(ctx, func(t *tx) {
		var old collection
		if t.one("get-collection", []any{c.home, c.name}, &old.id, &old.home, &old.name, new(string), &old.change, &old.oldest, &old.writer) {
			t.fail(errExists)
		}
		change := t.tick()
		t.run("make-collection", c.home, c.name, strings.Join(c.components, " "), change, change)
		made := t.collection(c.home, c.name)
		for p, value := range c.props {
			t.run("store-property", made.id, p.space, p.name, value)
		}
	})
}

// deleteCollection takes one away with everything in it, or returns errMissing.
func (s *store) deleteCollection(ctx context.Context, home, name string) error {
	return s.write(ctx, func(t *tx) {
		c := t.collection(home, name)
		t.run("delete-collection", c.id)
	})
}

// setProperties stores some properties of a collection and removes others, all or none. errMissing when it is not there.
func (s *store) setProperties(ctx context.Context, home, name string, set map[property]string, remove []property) error {
	return s.write(ctx, func(t *tx) {
		c := t.collection(home, name)
		for _, p := range remove {
			t.run("delete-property", c.id, p.space, p.name)
		}
		for p, value := range set {
			t.run("store-property", c.id, p.space, p.name, value)
		}
	})
}
