package memory

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// cursor is what a provider.Cursor of this service says.
type cursor struct {
	Epoch  int           // of the collection
	Seq    int           // the feed up to this change is known
	Full   bool          `json:",omitempty"` // in the middle of a full listing
	Mid    bool          `json:",omitempty"` // in the middle of any listing
	Order  int           `json:",omitempty"` // of a full listing: 0 by ID, else an order of its own
	After  record.ID     `json:",omitempty"` // of a full listing: the last group listed
	Window record.Window // of the listings so far
	Made   []record.ID   `json:",omitempty"` // groups of which a terse service tells all the same
	During record.Window // of the listing under way: it speaks for one slice, however the window moves meanwhile
}

func (cu cursor) text() (provider.Cursor, error) {
	raw, err := json.Marshal(cu)
	if err != nil {
		return "", fmt.Errorf("write a cursor: %w", err)
	}
	return provider.Cursor(raw), nil
}

// Changes returns one page of what changed.
func (o *opened) Changes(ctx context.Context, since provider.Cursor, w record.Window) (provider.Page, error) {
	if err := o.s.call(ctx, "changes "+o.ref); err != nil {
		return provider.Page{}, err
	}
	if o.s.opts.OnPage != nil {
		o.s.opts.OnPage(o.ref)
	}
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	c, err := o.s.find(o.ref)
	if err != nil {
		return provider.Page{}, err
	}
	o.s.show(c)
	cu, err := o.begin(c, since, w)
	if err != nil {
		return provider.Page{}, err
	}
	if cu.Mid && o.s.happens(BrokenListing) {
		return provider.Page{}, &provider.RetryError{Err: errBroken}
	}
	if !cu.Mid {
		cu.During = w
	}
	w = cu.During
	page := provider.Page{Slice: w, Full: cu.Full}
	if cu.Full {
		err = o.full(c, cu, w, &page, since == "" && o.s.happens(EmptyListing))
	} else {
		err = o.delta(c, cu, w, &page)
	}
	return page, err
}

// begin reads the cursor, or starts a listing.
func (o *opened) begin(c *collection, since provider.Cursor, w record.Window) (cursor, error) {
	if since == "" {
		c.listings++
		cu := cursor{Epoch: c.epoch, Seq: c.seq, Full: true, Window: w}
		if o.s.happens(OtherOrder) {
			cu.Order = c.listings
		}
		return cu, nil
	}
	var cu cursor
	err := json.Unmarshal([]byte(since), &cu)
	if err != nil || cu.Epoch != c.epoch || cu.Seq > c.seq || o.s.happens(ExpiredCursor) {
		return cu, fmt.Errorf("list changes: %w", provider.ErrCursor)
	}
	return cu, nil
}

// full fills one page of a listing of everything.
func (o *opened) full(c *collection, cu cursor, w record.Window, page *provider.Page, empty bool) error {
	groups := slices.SortedFunc(maps.Keys(c.shown), func(a, b record.ID) int { return compare(cu.Order, a, b) })
	groups = slices.DeleteFunc(groups, func(g record.ID) bool {
		return empty || len(c.shown[g]) == 0 || cu.After != "" && compare(cu.Order, g, cu.After) <= 0
	})
	if page.More = len(groups) > o.s.opts.PageSize; page.More {
		groups = groups[:o.s.opts.PageSize]
		cu.After, cu.Mid = groups[len(groups)-1], true
	} else {
		cu = cursor{Epoch: cu.Epoch, Seq: cu.Seq, Window: w}
	}
	return o.fill(c, groups, w, page, cu)
}

// delta fills one page of what changed since the cursor.
func (o *opened) delta(c *collection, cu cursor, w record.Window, page *provider.Page) error {
	var groups []record.ID
	for g, seq := range c.moved {
		silent := o.s.opts.Terse && c.deleted[g] && !c.told[g] && !slices.Contains(cu.Made, g)
		if seq > cu.Seq && !silent {
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(a, b record.ID) int { return cmp.Compare(c.moved[a], c.moved[b]) })
	before := cu
	if page.More = len(groups) > o.s.opts.PageSize; page.More {
		groups = groups[:o.s.opts.PageSize]
		cu.Seq, cu.Mid = c.moved[groups[len(groups)-1]], true
	} else {
		groups = append(groups, c.grown(groups, cu.Window, w)...)
		cu = cursor{Epoch: cu.Epoch, Seq: c.seq, Window: w}
		if o.s.happens(Repeats) {
			cu.Seq = before.Seq
		}
	}
	return o.fill(c, groups, w, page, cu)
}

// grown lists the groups, other than those known, with an occurrence that lies in the window but not in the old one.
func (c *collection) grown(known []record.ID, old, w record.Window) []record.ID {
	var out []record.ID
	for _, g := range slices.Sorted(maps.Keys(c.shown)) {
		for _, it := range c.shown[g] {
			if it.slot != "" && it.inside(w) && !it.inside(old) && !slices.Contains(known, g) {
				out = append(out, g)
				break
			}
		}
	}
	return out
}

// fill lists these groups on the page.
func (o *opened) fill(c *collection, groups []record.ID, w record.Window, page *provider.Page, next cursor) error {
	for _, g := range groups {
		c.told[g] = c.told[g] || len(c.shown[g]) > 0
	}
	for _, g := range groups {
		if len(c.shown[g]) == 0 {
			if c.deleted[g] {
				page.Deleted = append(page.Deleted, g)
			}
			continue
		}
		page.Whole = append(page.Whole, g)
		for _, id := range slices.Sorted(maps.Keys(c.shown[g])) {
			it := c.shown[g][id]
			switch {
			case it.bad != nil:
				page.Skipped = append(page.Skipped, provider.Skip{ID: it.id, Group: it.group, Title: it.record.Name(it.kind), Err: it.bad})
			case it.kind == o.kind && it.inside(w):
				page.Changed = append(page.Changed, o.listed(it))
			}
		}
	}
	if len(page.Changed) > 0 && o.s.happens(Repeats) {
		page.Changed = append(page.Changed, page.Changed[0])
	}
	var err error
	page.Next, err = next.text()
	return err
}

func (o *opened) listed(it *item) record.Item {
	out := o.s.out(it, o.fields)
	if o.s.happens(FlakyRevisions) {
		out.Revision = record.Revise(out.Record, fmt.Sprint("flaky ", o.s.rng.Uint64()))
	}
	if o.s.happens(NoRevisions) {
		out.Revision = ""
	}
	return out
}

// inside says whether the item is listed for the window. Singles always are, and so are occurrences changed by themselves.
func (it *item) inside(w record.Window) bool {
	if it.own {
		return true
	}
	for _, layout := range []string{record.InstantLayout, record.DateLayout} {
		if at, err := time.Parse(layout, it.slot); err == nil {
			return w.Holds(at, at)
		}
	}
	return true
}

// compare puts two groups into the given order.
func compare(order int, a, b record.ID) int {
	if order == 0 {
		return cmp.Compare(a, b)
	}
	return cmp.Or(cmp.Compare(scatter(order, a), scatter(order, b)), cmp.Compare(a, b))
}

func scatter(order int, id record.ID) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, order, id)
	return h.Sum64()
}

// Expect implements provider.Expecter.
func (o *opened) Expect(since provider.Cursor, made []record.ID) (provider.Cursor, error) {
	var cu cursor
	if err := json.Unmarshal([]byte(since), &cu); err != nil {
		return "", fmt.Errorf("read a cursor: %w", provider.ErrCursor)
	}
	cu.Made = append(cu.Made, made...)
	return cu.text()
}
