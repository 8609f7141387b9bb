package zoho

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

const (
	// overlap is how far a delta looks back before the last one began: Zoho's times have one second, its servers do not
	// share one clock, and whether If-Modified-Since includes its own second is not documented.
	overlap = 90 * time.Second
	// retention is how long /deleted remembers; after that a deletion can no longer be told from lost access.
	retention = 60 * 24 * time.Hour
	// numberedPages is how far pages are counted; beyond 2,000 records Zoho wants its page tokens.
	numberedPages = 10
)

// The phases of a walk.
const (
	phaseFull    = "full"    // every record, by rising id
	phaseChanged = "changed" // records modified since
	phaseDeleted = "deleted" // what was deleted since
)

// cursor is where a walk stands. A walk begins at Start (the server's clock) and lists what changed since Since; when
// it is through, Start becomes the Since of the next one.
type cursor struct {
	Phase string    `json:"phase"`
	Since time.Time `json:"since,omitzero"`
	Start time.Time `json:"start,omitzero"`
	Page  int       `json:"page,omitempty"` // 0: the first
	Token string    `json:"token,omitempty"`
	Again bool      `json:"again,omitempty"` // the second walk of a full listing
	View  roll      `json:"view,omitzero"`   // who belongs to the pair's view
}

func (k cursor) String() provider.Cursor {
	b, _ := json.Marshal(k) // nothing in it can fail
	return provider.Cursor(b)
}

func parseCursor(s provider.Cursor) (cursor, error) {
	if s == "" {
		return cursor{Phase: phaseFull}, nil
	}
	var k cursor
	if err := json.Unmarshal([]byte(s), &k); err != nil {
		return k, provider.ErrCursor
	}
	begun := k.Page > 1 || k.Token != ""
	ok := map[string]bool{
		phaseFull: begun == !k.Start.IsZero() || k.Again, phaseChanged: !k.Since.IsZero() && begun == !k.Start.IsZero(),
		phaseDeleted: !k.Since.IsZero() && !k.Start.IsZero(),
	}
	if !ok[k.Phase] {
		return k, provider.ErrCursor
	}
	return k, nil
}

// Changes lists a page of 200 records. The first listing walks all of them; later ones ask for what was modified since
// (1 credit, answered by 304 when there is nothing) and then, once, for what was deleted since (2 credits), so that a
// sync in which nothing happened costs 3 credits and one call of Changes. The window is of no interest: the CRM lists all.
func (c *collection) Changes(ctx context.Context, since provider.Cursor, _ record.Window) (provider.Page, error) {
	k, err := parseCursor(since)
	if err != nil {
		return provider.Page{}, err
	}
	page := provider.Page{Full: k.Phase == phaseFull}
	if err := c.call(ctx, &k, &page); err != nil {
		return page, err
	}
	if k.Phase != phaseDeleted {
		more, err := c.list(ctx, &k, &page)
		if err != nil || more {
			return page, err
		}
	}
	if k.Phase == phaseFull {
		return page, c.endFull(ctx, k, &page)
	}
	return page, c.listDeleted(ctx, k, &page)
}

type info struct {
	More bool   `json:"more_records"`
	Next string `json:"next_page_token"`
}

// listing is one page of records.
type listing struct {
	Data []object
	Info info
}

// list adds the records of one page and moves the cursor; more says that another page follows.
func (c *collection) list(ctx context.Context, k *cursor, page *provider.Page) (more bool, err error) {
	out, a, err := c.page(ctx, *k)
	if err != nil {
		return false, err
	}
	if k.Start.IsZero() {
		if k.Start = a.date; k.Start.IsZero() {
			return false, &provider.RetryError{Err: errors.New("zoho: answer does not tell the server's time")}
		}
	}
	if !k.Since.IsZero() && k.Start.Sub(k.Since) > retention {
		return false, provider.ErrCursor
	}
	if err := c.fillText(ctx, out.Data); err != nil {
		return false, err
	}
	for _, o := range out.Data {
		c.add(o, k.View, page)
	}
	if !out.Info.More {
		return false, nil
	}
	next := *k
	if next.Page = max(1, k.Page) + 1; next.Page > numberedPages {
		if next.Token = out.Info.Next; next.Token == "" {
			return false, fmt.Errorf("zoho: module %s has more records but no page token", c.m.name)
		}
	}
	page.Next, page.More = next.String(), true
	return true, nil
}

// add takes a record into a page as an item, or as the reason why it is none.
func (c *collection) add(o object, members roll, page *provider.Page) {
	it, skip := c.item(o)
	if skip != nil {
		page.Skipped = append(page.Skipped, *skip)
		return
	}
	page.Changed = append(page.Changed, c.within(it, members.holds(it.ID)))
}

// page asks for the records that the cursor points to.
func (c *collection) page(ctx context.Context, k cursor) (listing, answer, error) {
	q := url.Values{
		"fields": {strings.Join(c.names, ",")}, "per_page": {strconv.Itoa(pageSize)}, "sort_by": {"id"}, "sort_order": {"asc"},
	}
	if k.Token != "" {
		q.Set("page_token", k.Token)
	} else {
		q.Set("page", strconv.Itoa(max(1, k.Page)))
	}
	var out listing
	a, err := c.p.read(ctx, request{method: http.MethodGet, path: c.path(), query: q, credits: 1, since: sinceHeader(k.Since)}, &out)
	return out, a, listingError(err, k.Token != "")
}

// sinceHeader has to be the same on every page of a walk: a page token is bound to it.
func sinceHeader(since time.Time) string {
	if since.IsZero() {
		return ""
	}
	return since.Add(-overlap).UTC().Format(timeLayout)
}

// listingError says in the contract's terms why a listing stopped.
func listingError(err error, token bool) error {
	var refused *refusal
	if !errors.As(err, &refused) || errors.Is(err, provider.ErrAuth) || errors.Is(err, provider.ErrGone) {
		return err
	}
	switch {
	case token && refused.stale():
		return fmt.Errorf("%w: %w", provider.ErrCursor, err)
	case refused.forbidden():
		// The right to see the module was taken away: it is out of reach, nothing in it is deleted.
		return fmt.Errorf("%w: %w", provider.ErrGone, err)
	}
	return err
}

// endFull ends a full listing. A record deleted in the middle of it moves all that follow one place forward, and the
// first of the next page is never seen: then the listing is walked once more.
func (c *collection) endFull(ctx context.Context, k cursor, page *provider.Page) error {
	if k.Page > 1 && !k.Again {
		gone, _, err := c.deleted(ctx, k.Start.Add(-2*time.Second), 1)
		if err != nil {
			return err
		}
		if len(gone) > 0 {
			page.Next, page.More = cursor{Phase: phaseFull, Start: k.Start, Again: true, View: k.View}.String(), true
			return nil
		}
	}
	page.Next = cursor{Phase: phaseChanged, Since: k.Start, View: k.View}.String()
	return nil
}

// removal is one row of /deleted.
type removal struct {
	ID   string `json:"id"`
	Time string `json:"deleted_time"`
}

func (c *collection) deleted(ctx context.Context, since time.Time, n int) ([]removal, bool, error) {
	var out struct {
		Data []removal
		Info info
	}
	q := url.Values{"type": {"all"}, "per_page": {strconv.Itoa(pageSize)}, "page": {strconv.Itoa(n)}}
	r := request{method: http.MethodGet, path: c.path() + "/deleted", query: q, credits: 2, since: since.UTC().Format(timeLayout)}
	_, err := c.p.read(ctx, r, &out)
	return out.Data, out.Info.More, listingError(err, false)
}

// listDeleted adds a page of deletions and ends the walk after the last one.
func (c *collection) listDeleted(ctx context.Context, k cursor, page *provider.Page) error {
	n, long := 1, k.Page > 1
	if k.Phase == phaseDeleted {
		n, long = k.Page, k.Again
	}
	gone, more, err := c.deleted(ctx, k.Since.Add(-overlap), n)
	if err != nil {
		return err
	}
	for _, r := range gone {
		id := record.ID(r.ID)
		if !slices.ContainsFunc(page.Changed, func(it record.Item) bool { return it.ID == id }) {
			page.Deleted = append(page.Deleted, id)
		}
		at, err := parseTime(r.Time)
		if long && (err != nil || !at.Before(k.Start.Add(-2*time.Second))) {
			// The pages moved under the walk (see endFull): the next one begins where this one began.
			k.Start = k.Since
		}
	}
	if more {
		page.Next, page.More = cursor{Phase: phaseDeleted, Since: k.Since, Start: k.Start, Page: n + 1, Again: long, View: k.View}.String(), true
		return nil
	}
	page.Next = cursor{Phase: phaseChanged, Since: k.Start, View: k.View}.String()
	return nil
}
