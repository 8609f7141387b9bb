package zoho

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Views lists the custom views of a module that the signed-in person may use
// (https://www.zoho.com/crm/developer/docs/api/v8/custom-view-meta.html).
func (p *service) Views(ctx context.Context, ref string) ([]provider.View, error) {
	if _, err := p.module(ctx, ref); err != nil {
		return nil, err
	}
	var out []provider.View
	for n := 1; ; n++ {
		var a struct {
			Views []struct{ ID, Name string } `json:"custom_views"`
			Info  info
		}
		q := url.Values{"module": {ref}, "page": {strconv.Itoa(n)}}
		if _, err := p.read(ctx, request{method: http.MethodGet, path: "/settings/custom_views", query: q, credits: 1}, &a); err != nil {
			return nil, err
		}
		for _, v := range a.Views {
			out = append(out, provider.View{ID: v.ID, Title: v.Name})
		}
		if !a.Info.More {
			return out, nil
		}
	}
}

// viewCredits is what a page of a view costs.
const viewCredits = 3

// members lists the ids of a view's records.
func (c *collection) members(ctx context.Context) (roll, error) {
	var ids []uint64
	q := url.Values{"fields": {"id"}, "per_page": {strconv.Itoa(pageSize)}, "cvid": {c.view}}
	for n := 1; ; n++ {
		if n <= numberedPages {
			q.Set("page", strconv.Itoa(n))
		}
		var out listing
		_, err := c.p.read(ctx, request{method: http.MethodGet, path: c.path(), query: q, credits: viewCredits}, &out)
		if err = viewError(listingError(err, n > numberedPages), n); err != nil {
			return roll{}, err
		}
		for _, o := range out.Data {
			id, err := strconv.ParseUint(o.text("id"), 10, 64)
			if err != nil {
				return roll{}, fmt.Errorf("zoho: id of a record of module %s is no number", c.m.name)
			}
			ids = append(ids, id)
		}
		if !out.Info.More {
			return newRoll(ids), nil
		}
		if n >= numberedPages {
			if out.Info.Next == "" {
				return roll{}, fmt.Errorf("zoho: view %s has more records but no page token", c.view)
			}
			q.Del("page")
			q.Set("page_token", out.Info.Next)
		}
	}
}

// viewError says ErrGone when it is the view that the CRM does not know: it was deleted, or is no longer shared with this
// person. Nobody then belongs to the pair by its rules, and that must not be taken for an empty view.
func viewError(err error, page int) error {
	var refused *refusal
	if page == 1 && errors.As(err, &refused) && refused.status == http.StatusBadRequest {
		return fmt.Errorf("%w: view: %w", provider.ErrGone, err)
	}
	return err
}

// call asks, at the beginning of each walk, who belongs to the view now, and adds the records that came to it or left it
// since: that need not touch the record itself, so that nothing else tells.
func (c *collection) call(ctx context.Context, k *cursor, page *provider.Page) error {
	if c.view == "" || k.Phase == phaseDeleted || !k.Start.IsZero() && !k.Again || k.Page > 0 {
		return nil
	}
	now, err := c.members(ctx)
	if err != nil {
		return err
	}
	before := k.View
	k.View = now
	if k.Phase == phaseFull {
		return nil
	}
	for ids := range slices.Chunk(before.differ(now), batchSize) {
		found, _, err := c.byID(ctx, ids)
		if err != nil {
			return err
		}
		for _, o := range found {
			c.add(o, now, page)
		}
	}
	return nil
}

// within says of an item whether it belongs to the view that the collection was opened with.
func (c *collection) within(it record.Item, belongs bool) record.Item {
	if c.view == "" {
		return it
	}
	p := record.Patch{record.View(c.view): ""}
	if belongs {
		p[record.View(c.view)] = record.InView
	}
	it.Record = it.Record.With(p)
	return it
}

// now reads the record of a write. Whether it belongs to the view is as it was when the write was planned: only a
// listing tells.
func (a *applying) now(i int, o object) (record.Item, *provider.Skip) {
	it, skip := a.item(o)
	if skip != nil {
		return it, skip
	}
	w := a.writes[i]
	return a.within(it, w.Op == record.Create || w.Seen[record.View(a.view)] != ""), nil
}

// roll is the ids of a view's records, rising. Written down it takes two or three bytes a record, since it is part of a
// cursor and a view may have tens of thousands.
type roll struct{ ids []uint64 }

func newRoll(ids []uint64) roll {
	slices.Sort(ids)
	return roll{slices.Compact(ids)}
}

// IsZero says whether nobody is on the roll.
func (r roll) IsZero() bool { return len(r.ids) == 0 }

func (r roll) holds(id record.ID) bool {
	n, err := strconv.ParseUint(string(id), 10, 64)
	_, found := slices.BinarySearch(r.ids, n)
	return err == nil && found
}

// differ lists who is on one of both only.
func (r roll) differ(o roll) []string {
	var out []string
	for _, pair := range [2][2]roll{{r, o}, {o, r}} {
		for _, id := range pair[0].ids {
			if _, both := slices.BinarySearch(pair[1].ids, id); !both {
				out = append(out, strconv.FormatUint(id, 10))
			}
		}
	}
	return out
}

// MarshalText writes the differences between the ids, compressed.
func (r roll) MarshalText() ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	var last uint64
	var steps []byte
	for _, id := range r.ids {
		steps = binary.AppendUvarint(steps, id-last)
		last = id
	}
	if _, err := w.Write(steps); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return base64.RawStdEncoding.AppendEncode(nil, out.Bytes()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (r *roll) UnmarshalText(text []byte) error {
	packed, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil {
		return err
	}
	steps, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		return err
	}
	var last uint64
	for len(steps) > 0 {
		step, n := binary.Uvarint(steps)
		if n <= 0 {
			return io.ErrUnexpectedEOF
		}
		last += step
		r.ids, steps = append(r.ids, last), steps[n:]
	}
	return nil
}
