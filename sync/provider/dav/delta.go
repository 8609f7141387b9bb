package dav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// noSuchToken is a token that no server ever gave out.
const noSuchToken = "data:,zohosync-no-such-token"

// errCut means that a list of changes was cut and that the server tells no way to go on.
var errCut = errors.New("sync-collection ended without a token to go on with")

// beginSync lists by sync-collection. A point without a mode means that this server has to be asked in the other way.
func (c *collection) beginSync(ctx context.Context) (point, error) {
	c.mu.Lock()
	no := c.noSync
	c.mu.Unlock()
	if no {
		return point{}, nil
	}
	honest, err := c.refusesUnknownTokens(ctx)
	if err != nil {
		return point{}, err
	}
	var d delta
	if honest {
		d, err = c.sync(ctx, "")
	}
	switch {
	case honest && err == nil:
		// Radicale also lists what was deleted long ago: nothing that matters at a beginning.
		return point{Mode: bySync, Token: d.token, Todo: sorted(d.changed)}, nil
	case err != nil && !broken(err) && !errors.Is(err, errCut) && general(err) != nil:
		return point{}, general(err)
	}
	c.mu.Lock()
	c.noSync = true
	c.mu.Unlock()
	return point{}, nil
}

// verdicts remember which hosts refuse tokens that they cannot know.
type verdicts struct {
	mu      sync.Mutex
	refuses map[string]bool
}

// refusesUnknownTokens tries a token that the server cannot know, once per host. DAViCal and SOGo answer with everything
// they have and without a word on what was deleted; taken for a list of changes, that would hide every deletion.
func (c *collection) refusesUnknownTokens(ctx context.Context) (bool, error) {
	c.tokens.mu.Lock()
	defer c.tokens.mu.Unlock()
	if known, ok := c.tokens.refuses[c.url.Host]; ok {
		return known, nil
	}
	_, err := c.client.multistatus(ctx, syncCollection(c.url, noSuchToken), func(response) error { return nil })
	// Xandikos says 500; what says nothing of tokens is an error of its own.
	if err != nil && !broken(err) && general(err) != nil {
		return false, general(err)
	}
	refuses := status(err) != 0
	if refuses && !aboutToken(err) {
		return true, nil // It says something of this collection, and nothing of others.
	}
	if c.tokens.refuses == nil {
		c.tokens.refuses = map[string]bool{}
	}
	c.tokens.refuses[c.url.Host] = refuses
	return refuses, nil
}

// aboutToken says that a refusal is most likely about the token and not about the collection or the report.
func aboutToken(err error) bool {
	var s *StatusError
	if !errors.As(err, &s) {
		return false
	}
	switch s.Status {
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusInternalServerError:
		return true
	}
	return s.Condition == "valid-sync-token"
}

// delta is the answer to one sync-collection, all its parts taken together.
type delta struct {
	changed map[record.ID]string // with their ETags
	gone    map[record.ID]bool
	token   string
}

// sync asks what changed after a token, again as long as the server says that there is more. "" lists everything.
func (c *collection) sync(ctx context.Context, token string) (delta, error) {
	d := delta{changed: map[record.ID]string{}, gone: map[record.ID]bool{}, token: token}
	for {
		more := false
		next, err := c.client.multistatus(ctx, syncCollection(c.url, d.token), func(r response) error {
			// 507 on the collection itself means that the list was cut (RFC 6578 section 3.6).
			more = more || r.status() == http.StatusInsufficientStorage
			c.note(r, &d)
			return nil
		})
		switch {
		case err != nil:
			return delta{}, err
		case next == "", more && next == d.token:
			return delta{}, errCut
		}
		d.token = next
		if !more {
			return d, nil
		}
	}
}

// note takes one response of a sync-collection into d.
func (c *collection) note(r response, d *delta) {
	id, ok := c.identify(r)
	if !ok {
		return
	}
	if s := r.status(); s == http.StatusNotFound || s == http.StatusGone {
		delete(d.changed, id)
		d.gone[id] = true
		return
	}
	// What it names and will not tell of is there: its own address says what it is.
	if p, _ := r.props(); !p.Type.has(nsDAV, "collection") {
		delete(d.gone, id)
		d.changed[id] = p.ETag
	}
}

// advance finds what changed since p. gone are objects that are no longer there.
func (c *collection) advance(ctx context.Context, p point) (point, []record.ID, error) {
	if p.Mode == byETag {
		return c.compareETags(ctx, p)
	}
	d, err := c.sync(ctx, p.Token)
	if err != nil {
		return point{}, nil, c.tokenError(ctx, err)
	}
	p.Retry = slices.DeleteFunc(slices.Clone(p.Retry), func(id record.ID) bool { return d.gone[id] })
	for _, id := range p.Retry {
		d.changed[id] = ""
	}
	return point{Mode: bySync, Token: d.token, Todo: sorted(d.changed), Retry: p.Retry}, sorted(d.gone), nil
}

// tokenError tells a token that is no longer good from a collection that is. Servers say the former in many ways:
// 403 by the book, 409, 412, and Xandikos 500.
func (c *collection) tokenError(ctx context.Context, err error) error {
	switch s := status(err); {
	case broken(err):
		return &provider.RetryError{Err: err}
	case errors.Is(err, errCut):
	case general(err) != nil:
		return general(err)
	case s == http.StatusNotFound || s == http.StatusGone || s == http.StatusForbidden:
		if gone := c.exists(ctx); gone != nil {
			return gone
		}
	}
	return fmt.Errorf("%w: %w", provider.ErrCursor, err)
}

// compareETags finds what changed by the ctag and, when that one moved or there is none, by the ETags of all objects.
func (c *collection) compareETags(ctx context.Context, p point) (point, []record.ID, error) {
	// The ctag is read first: what changes while we list moves it again.
	ctag, err := c.state(ctx)
	if err != nil {
		return point{}, nil, err
	}
	if ctag != "" && ctag == p.Token && len(p.Retry) == 0 {
		return p, nil, nil
	}
	now := map[record.ID]string{}
	_, err = c.client.multistatus(ctx, propfind(c.url, "1", `<D:resourcetype/>`+propsETag), func(r response) error {
		id, member := c.identify(r)
		if prop, _ := r.props(); member && !prop.Type.has(nsDAV, "collection") {
			now[id] = short(prop.ETag)
		}
		return nil
	})
	if err != nil {
		return point{}, nil, collectionError(err)
	}
	next := point{Mode: byETag, Token: ctag, Known: p.Known}
	var gone []record.ID
	for _, id := range sorted(now) {
		if was, known := p.Known[id]; !known || was == "" || was != now[id] {
			next.Todo = append(next.Todo, id)
		}
	}
	for _, id := range sorted(p.Known) {
		if _, there := now[id]; !there {
			delete(next.Known, id)
			gone = append(gone, id)
		}
	}
	return next, gone, nil
}
