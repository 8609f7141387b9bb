package dav

import (
	"context"
	"errors"
	"net/http"

	"golang.org/x/sync/errgroup"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// inFlight is how many requests one collection has under way at a time.
const inFlight = 4

// batch is what became of the objects that were asked for. An object that is in none of the three is gone.
type batch struct {
	there   map[record.ID]reply
	refused map[record.ID]error // there, but we may not read it, or it is too large
	later   map[record.ID]error // the server failed at it: ask again
}

func newBatch() batch {
	return batch{there: map[record.ID]reply{}, refused: map[record.ID]error{}, later: map[record.ID]error{}}
}

// fetch reads objects, by multiget where that works and one by one where it does not. Its error concerns all of them.
func (c *collection) fetch(ctx context.Context, ids []record.ID) (batch, error) {
	out := newBatch()
	var ask []record.ID
	c.mu.Lock()
	for _, id := range ids {
		if r, ok := c.ahead[id]; ok {
			out.there[id] = r
			delete(c.ahead, id)
		} else {
			ask = append(ask, id)
		}
	}
	noMultiget := c.noMultiget
	c.mu.Unlock()
	if len(ask) > 1 && !noMultiget {
		if err := c.multiget(ctx, ask, out.there); err != nil {
			return batch{}, err
		}
	}
	return out, c.singly(ctx, ask, &out)
}

// multiget reads what it can into there. When a whole answer is refused or cannot be read it asks for each half:
// SabreDAV answers 404 when a single object is missing, and one control character spoils the XML of all.
func (c *collection) multiget(ctx context.Context, ids []record.ID, there map[record.ID]reply) error {
	var paths []string
	for _, id := range ids {
		if u, err := c.address(id); err == nil {
			paths = append(paths, u.EscapedPath())
		}
	}
	_, err := c.client.multistatus(ctx, multiget(c.url, c.kind, paths), func(r response) error {
		c.keep(r, there)
		return nil
	})
	switch s := status(err); {
	case err == nil:
		return nil
	case broken(err), s == http.StatusNotFound, s >= 500 && general(err) == nil, s == http.StatusRequestEntityTooLarge:
		const few = 4 // below it single reads are as cheap
		if len(ids) <= few {
			return nil
		}
		if err := c.multiget(ctx, ids[:len(ids)/2], there); err != nil {
			return err
		}
		return c.multiget(ctx, ids[len(ids)/2:], there)
	case general(err) != nil:
		return general(err)
	}
	// The server does not know this report: every object is read by itself.
	c.mu.Lock()
	c.noMultiget = true
	c.mu.Unlock()
	return nil
}

// keep remembers the object that a response brings, if it brings one.
func (c *collection) keep(r response, there map[record.ID]reply) {
	id, ok := c.identify(r)
	if !ok {
		return
	}
	if body := r.body(); body != nil {
		p, _ := r.props()
		there[id] = reply{etag: p.ETag, body: body}
	}
}

// singly reads by GET what multiget has not brought. An object counts as missing only when its own GET says so.
func (c *collection) singly(ctx context.Context, ids []record.ID, out *batch) error {
	var missing []record.ID
	for _, id := range ids {
		if _, ok := out.there[id]; !ok {
			missing = append(missing, id)
		}
	}
	replies, errs := make([]reply, len(missing)), make([]error, len(missing))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(inFlight)
	for i, id := range missing {
		g.Go(func() error {
			replies[i], errs[i] = c.get(gctx, id)
			if err := errs[i]; err != nil && !errors.Is(err, provider.ErrNotFound) && !errors.Is(err, errTooBig) && !errors.Is(err, errNoObject) {
				return general(err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	gone := false
	for i, id := range missing {
		switch err := errs[i]; {
		case err == nil:
			out.there[id] = replies[i]
		case errors.Is(err, provider.ErrNotFound):
			gone = true
		case status(err) >= 500, errors.Is(err, errNoObject):
			out.later[id] = err
		default:
			out.refused[id] = err
		}
	}
	if gone {
		// All objects of a collection that was taken away look deleted.
		return c.exists(ctx)
	}
	return nil
}
