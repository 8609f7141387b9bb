package dav

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// maxAhead is how many bytes of objects we hold that a listing has not yet handed over.
const maxAhead = 64 << 20

// errEnough ends an answer of which we want no more.
var errEnough = errors.New("read enough")

// Changes returns one page of what changed. Singles are listed whatever their time. Of series those occurrences are listed
// that lie in the window, or, inside a listing of many pages, in the one that it began with.
func (c *collection) Changes(ctx context.Context, since provider.Cursor, w record.Window) (provider.Page, error) {
	var p point
	var gone []record.ID
	var err error
	now := c.sliceOf(w)
	switch {
	case since == "":
		p, err = c.begin(ctx)
		p.Slice, p.Edges = now, map[record.ID]edge{}
	default:
		if p, err = decode(since); err == nil && p.Slice.zero() != now.zero() {
			err = provider.ErrCursor // series were not listed
		}
		if err == nil && len(p.Todo) == 0 {
			was, edges := p.Slice, p.Edges
			p, gone, err = c.advance(ctx, p)
			p.Slice, p.Edges = now, edges
			p.moved(was, gone)
		}
	}
	if err != nil {
		return provider.Page{}, err
	}
	page, err := c.page(ctx, p)
	if err != nil {
		return provider.Page{}, err
	}
	page.Deleted = append(gone, page.Deleted...)
	return page, nil
}

// begin lists everything there is and reads the objects ahead with a single query.
func (c *collection) begin(ctx context.Context) (point, error) {
	p, err := c.beginSync(ctx)
	if err != nil {
		return point{}, err
	}
	if p.Mode == "" {
		if p, _, err = c.compareETags(ctx, point{Mode: byETag, Known: map[record.ID]string{}}); err != nil {
			return point{}, err
		}
	}
	p.Full = true
	return p, c.readAhead(ctx, p.Todo)
}

// readAhead asks for all objects at once: on most servers a tenth of the time of many multigets. What it does not bring
// is read later by its address, so a server that refuses, or cuts its answer, loses us nothing.
func (c *collection) readAhead(ctx context.Context, ids []record.ID) error {
	if len(ids) < 2 {
		return nil
	}
	ahead, size := map[record.ID]reply{}, 0
	_, err := c.client.multistatus(ctx, queryAll(c.url, c.kind), func(r response) error {
		c.keep(r, ahead)
		if size += len(r.body()); size > maxAhead {
			return errEnough
		}
		return nil
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if status(err) == http.StatusUnauthorized {
		return general(err)
	}
	c.mu.Lock()
	c.ahead = ahead
	c.mu.Unlock()
	return nil
}

// page reads the next objects of a listing and makes the page and the cursor behind it.
func (c *collection) page(ctx context.Context, p point) (provider.Page, error) {
	ids := p.Todo[:min(len(p.Todo), pageSize)]
	got, err := c.fetch(ctx, ids)
	if err != nil {
		return provider.Page{}, err
	}
	page := provider.Page{Full: p.Full, Slice: p.Slice.window()}
	for _, id := range ids {
		if there := c.list(id, got, &page, p.Edges); !there && slices.Contains(p.Retry, id) {
			page.Deleted = append(page.Deleted, id) // The service may never tell that it is gone, see Expect.
		}
	}
	p.Todo = p.Todo[len(ids):]
	p.settle(ids, got)
	page.More = len(p.Todo) > 0
	if !page.More {
		p.Full = false
	}
	page.Next, err = p.encode()
	return page, err
}

// settle moves what was asked for to where the next listing looks for it.
func (p *point) settle(ids []record.ID, got batch) {
	p.Retry = slices.DeleteFunc(slices.Clone(p.Retry), func(id record.ID) bool { return slices.Contains(ids, id) })
	for _, id := range ids {
		_, later := got.later[id]
		if later {
			p.Retry = append(p.Retry, id)
		}
		if p.Mode == byETag {
			// Without an ETag it is read again, and noticed when it is no longer listed.
			p.Known[id] = short(got.there[id].etag)
		}
	}
}

// list adds one object to a page, if it is there, and notes where a series goes on outside of the page's slice.
func (c *collection) list(id record.ID, got batch, page *provider.Page, edges map[record.ID]edge) (there bool) {
	if r, ok := got.there[id]; ok {
		l := c.codec.List(id, r.body, page.Slice)
		if l.Whole {
			page.Whole = append(page.Whole, id)
		}
		page.Changed = append(page.Changed, l.Items...)
		page.Skipped = append(page.Skipped, l.Skipped...)
		note(edges, id, l)
		return true
	}
	err, code := got.refused[id], provider.CodeUnreadable
	if err == nil {
		err = got.later[id]
	}
	if err == nil {
		delete(edges, id)
		return false
	}
	if status(err) == http.StatusForbidden {
		code = provider.CodeForbidden
	}
	page.Skipped = append(page.Skipped, provider.Skip{ID: id, Group: id, Err: &provider.ItemError{Code: code, Err: err}})
	return true
}
