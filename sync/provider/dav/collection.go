package dav

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/object"
	"zohosync/sync/record"
)

// collection is one open calendar, task list or address book.
type collection struct {
	client *client
	url    *url.URL
	info   provider.Info
	kind   record.Kind
	codec  object.Codec
	tokens *verdicts

	mu         sync.Mutex
	scheduling *scheduling          // nil: not yet asked
	noSync     bool                 // the server lacks sync-collection, or lies about it
	noMultiget bool                 // the server lacks multiget
	spelt      map[record.ID]string // paths that the server spells in another way than we do
	ahead      map[record.ID]reply  // objects of a first listing that came with one query and are not yet handed over
}

// reply is what the server holds at one address.
type reply struct {
	etag string
	body []byte
}

// Info describes the collection as it was when it was opened.
func (c *collection) Info() provider.Info { return c.info }

// identify names the object that a listed address stands for. The host does not count: behind a proxy a server may
// name itself by one that nobody else knows.
func (c *collection) identify(r response) (record.ID, bool) {
	u, ok := parseHref(r.base, r.href)
	if !ok {
		return "", false
	}
	id, ok := memberID(c.url, u)
	if !ok {
		return "", false
	}
	path := u.EscapedPath()
	c.mu.Lock()
	defer c.mu.Unlock()
	if path == canonical(path) {
		delete(c.spelt, id)
	} else {
		c.spelt[id] = path
	}
	return id, true
}

// address is where an item lives, spelt as the server does. ErrNotFound when no item can live there.
func (c *collection) address(id record.ID) (*url.URL, error) {
	c.mu.Lock()
	path, known := c.spelt[id]
	c.mu.Unlock()
	if !known {
		path = string(id)
	}
	u, ok := memberURL(c.url, path)
	if !ok {
		return nil, provider.ErrNotFound
	}
	return u, nil
}

// get reads one object as it is, byte for byte. ErrNotFound when it is not there, a RetryError when something else than an
// object came: a read says nothing of what was sent before it.
func (c *collection) get(ctx context.Context, id record.ID) (reply, error) {
	u, err := c.address(id)
	if err != nil {
		return reply{}, err
	}
	// A compressing proxy would weaken the ETag.
	got, err := c.client.do(ctx, request{method: http.MethodGet, url: u, header: map[string]string{"Accept-Encoding": "identity"}})
	switch status(err) {
	case http.StatusNotFound, http.StatusGone:
		return reply{}, provider.ErrNotFound
	}
	if err != nil {
		return reply{}, err
	}
	if !isObject(got.body) {
		return reply{}, &provider.RetryError{Err: errNoObject}
	}
	return reply{etag: got.header.Get("ETag"), body: got.body}, nil
}

// isObject tells an object, however broken, from the page of a proxy: it begins as RFC 5545 and RFC 6350 say.
func isObject(body []byte) bool {
	body = bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n")
	return len(body) >= 6 && strings.EqualFold(string(body[:6]), "BEGIN:")
}

// exists asks whether the collection itself is still there, before objects that are missing count as deleted.
func (c *collection) exists(ctx context.Context) error {
	_, err := c.state(ctx)
	return err
}

// state reads the ctag; "" when the server has none.
func (c *collection) state(ctx context.Context) (ctag string, err error) {
	is := false
	_, err = c.client.multistatus(ctx, propfind(c.url, "0", `<D:resourcetype/>`+propsTag), func(r response) error {
		if p, ok := r.props(); ok && !is {
			ctag, is = p.CTag, p.Type.has(nsCalDAV, "calendar") || p.Type.has(nsCard, "addressbook")
		}
		return nil
	})
	switch {
	case err != nil:
		return "", collectionError(err)
	case !is:
		return "", provider.ErrGone
	}
	return ctag, nil
}
