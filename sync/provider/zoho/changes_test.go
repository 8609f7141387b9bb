package zoho

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

const noon = "2026-11-22T13:00:00+01:00" // Modified_Time of records that nobody has touched lately

// pages answers a listing with n records, 200 a page, and then by page tokens.
func pages(n int) func(asked) reply {
	return func(a asked) reply {
		page := 1
		if p := a.query["page"]; p != nil {
			_, _ = fmt.Sscan(p[0], &page)
		}
		if tok := a.query["page_token"]; tok != nil {
			_, _ = fmt.Sscanf(tok[0], "token-%d", &page)
		}
		var list []map[string]any
		for i := (page - 1) * pageSize; i < min(page*pageSize, n); i++ {
			list = append(list, contact(fmt.Sprint(1000+i), "Lovelace", noon))
		}
		r := records(list...)
		if page*pageSize < n {
			r.body.(map[string]any)["info"] = map[string]any{"more_records": true, "next_page_token": fmt.Sprintf("token-%d", page+1)}
		}
		return r
	}
}

// walk lists until there is no more.
func walk(t testing.TB, c provider.Collection, since provider.Cursor) (all []provider.Page) {
	t.Helper()
	for range 100 {
		p, err := c.Changes(t.Context(), since, record.Window{})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
		if !p.More {
			return all
		}
		since = p.Next
	}
	t.Fatal("the listing does not end")
	return nil
}

func TestFullListing(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", pages(2_300))
	got := walk(t, o.open(record.Contact), "")
	seen := map[record.ID]bool{}
	for _, p := range got {
		if !p.Full {
			t.Error("a page of a full listing is not marked so")
		}
		for _, it := range p.Changed {
			seen[it.ID] = true
		}
	}
	if len(seen) != 2_300 || len(got) != 12 {
		t.Errorf("%d records on %d pages", len(seen), len(got))
	}
	asked := o.requests()
	for n, a := range asked[:12] {
		numbered, token := a.query["page"] != nil, a.query["page_token"] != nil
		if numbered == token || token != (n >= numberedPages) || a.query["sort_by"][0] != "id" || a.query["sort_order"][0] != "asc" {
			t.Errorf("page %d is asked for by %v", n+1, a.query)
		}
		if a.header.Get("If-Modified-Since") != "" {
			t.Error("a full listing is asked for with a condition")
		}
	}
	if last := asked[len(asked)-1]; last.key != "GET /Contacts/deleted" {
		t.Errorf("a long listing ends with %s", last.key)
	}
}

func TestItem(t *testing.T) {
	o := newOrg(t)
	o.fields["Contacts"] = append(o.fields["Contacts"], map[string]any{"api_name": markName, "data_type": "text", "length": 255})
	rec := contact("1001", "Lovelace", noon, markName, "uid-7", "$editable", "true")
	o.on("GET /Contacts", func(asked) reply { return records(rec) })
	it := walk(t, o.open(record.Contact), "")[0].Changed[0]
	want := record.Item{ID: "1001", Group: "1001", Self: "1001", Mark: "uid-7", Modified: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	if it.ID != want.ID || it.Group != want.Group || it.Self != want.Self || it.Mark != want.Mark || !it.Modified.Equal(want.Modified) {
		t.Errorf("item is %+v", it)
	}
	if len(it.Record) != 2 || it.Record[record.LastName] != "Lovelace" || it.Record[record.Owner] != "901" {
		t.Errorf("record is %v", it.Record)
	}
	// The same moment in another zone is the same revision; a later one is another, though no mapped field changed.
	rec["Modified_Time"] = "2026-11-22T12:00:00+00:00"
	if again := walk(t, o.open(record.Contact), "")[0].Changed[0]; again.Revision != it.Revision {
		t.Error("another offset makes another revision")
	}
	rec["Modified_Time"] = "2026-11-22T12:00:01+00:00"
	if later := walk(t, o.open(record.Contact), "")[0].Changed[0]; later.Revision == it.Revision {
		t.Error("a change is not seen in the revision")
	}
}

// What cannot be an item counts as present.
func TestSkipped(t *testing.T) {
	o := newOrg(t)
	meeting := func(id string, more map[string]any) map[string]any {
		m := map[string]any{"id": id, "Event_Title": "Stand-up", "Modified_Time": noon, "Start_DateTime": noon, "End_DateTime": noon}
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	o.on("GET /Events", func(asked) reply {
		return records(
			meeting("1", map[string]any{"Recurring_Activity": map[string]any{"RRULE": "FREQ=DAILY;INTERVAL=1;DTSTART=2026-11-24;UNTIL=2026-12-22"}}),
			meeting("2", map[string]any{"Recurring_Activity": nil}),
			meeting("3", map[string]any{"Start_DateTime": "soon"}),
		)
	})
	p := walk(t, o.open(record.Event), "")[0]
	if len(p.Changed) != 2 || p.Changed[0].ID != "1" || p.Changed[1].ID != "2" || len(p.Skipped) != 1 {
		t.Fatalf("%d items, %d skipped", len(p.Changed), len(p.Skipped))
	}
	if s := p.Skipped[0]; s.ID != "3" || s.Err.Code != provider.CodeUnreadable || s.Err.Field != record.When {
		t.Errorf("skipped %+v", s)
	}
}

// A sync in which nothing happened is one page, two requests and three credits.
func TestEmptyDelta(t *testing.T) {
	o := newOrg(t)
	c := o.open(record.Contact)
	start := walk(t, c, "")[0].Next
	o.date = o.date.Add(time.Hour)
	o.on("GET /Contacts", func(asked) reply { return reply{status: 304} })
	meter := &provider.Meter{}
	p, err := c.Changes(provider.WithMeter(t.Context(), meter), start, record.Window{})
	if err != nil || p.More || p.Full || len(p.Changed)+len(p.Deleted)+len(p.Skipped) > 0 {
		t.Fatalf("page %+v, %v", p, err)
	}
	if meter.Requests() != 2 || meter.Credits() != 3 {
		t.Errorf("%d requests, %d credits", meter.Requests(), meter.Credits())
	}
	asked := o.requests()
	for _, a := range asked[len(asked)-2:] {
		if got := a.header.Get("If-Modified-Since"); got != "2026-11-22T11:58:30+00:00" {
			t.Errorf("%s asks since %s", a.key, got)
		}
	}
	// The next delta begins where this one began, by the server's clock.
	if _, err := c.Changes(t.Context(), p.Next, record.Window{}); err != nil {
		t.Fatal(err)
	}
	asked = o.requests()
	if got := asked[len(asked)-1].header.Get("If-Modified-Since"); got != "2026-11-22T12:58:30+00:00" {
		t.Errorf("the next delta asks since %s", got)
	}
}

// Every page of a walk repeats the condition: a page token is bound to it.
func TestDeltaRepeatsItsCondition(t *testing.T) {
	o := newOrg(t)
	c := o.open(record.Contact)
	start := walk(t, c, "")[0].Next
	o.on("GET /Contacts", pages(2_100))
	before := len(o.requests())
	for _, p := range walk(t, c, start) {
		if p.Full {
			t.Error("a delta is marked full")
		}
		o.date = o.date.Add(time.Minute) // time goes on while the pages are read
	}
	asked := o.requests()[before:]
	for _, a := range asked {
		if got := a.header.Get("If-Modified-Since"); got != "2026-11-22T11:58:30+00:00" {
			t.Errorf("%s %v asks since %q", a.key, a.query["page"], got)
		}
	}
	if len(asked) != 12 {
		t.Errorf("asked %d times", len(asked))
	}
}

func TestDeletions(t *testing.T) {
	o := newOrg(t)
	c := o.open(record.Contact)
	start := walk(t, c, "")[0].Next
	o.on("GET /Contacts", func(asked) reply { return records(contact("5", "Restored", noon)) })
	o.on("GET /Contacts/deleted", func(a asked) reply {
		list := []map[string]any{{"id": "4", "type": "recycle", "deleted_time": noon}, {"id": "5", "type": "recycle", "deleted_time": noon}}
		if a.query["page"][0] == "2" {
			list = []map[string]any{{"id": "6", "type": "permanent", "deleted_time": noon}}
		}
		r := records(list...)
		r.body.(map[string]any)["info"] = map[string]any{"more_records": a.query["page"][0] == "1"}
		return r
	})
	var gone []record.ID
	got := walk(t, c, start)
	for _, p := range got {
		gone = append(gone, p.Deleted...)
	}
	// What is listed as living was brought back after its deletion.
	if !slices.Equal(gone, []record.ID{"4", "6"}) || len(got) != 2 {
		t.Errorf("deleted %v on %d pages", gone, len(got))
	}
	if a := o.requests(); a[len(a)-1].query["type"][0] != "all" {
		t.Error("only some deletions are asked for")
	}
}

// A deletion in the middle of a listing moves the records that follow under the walk.
func TestDeletionDuringAListing(t *testing.T) {
	o := newOrg(t)
	c := o.open(record.Contact)
	now := map[string]any{"id": "4", "type": "recycle", "deleted_time": "2026-11-22T13:00:05+01:00"}
	o.on("GET /Contacts/deleted", func(asked) reply { return records(now) })
	o.on("GET /Contacts", pages(300))
	got := walk(t, c, "")
	if len(got) != 4 || !got[3].Full || got[3].More {
		t.Errorf("a full listing with a deletion in it takes %d pages, want two walks of two", len(got))
	}
	k, err := parseCursor(got[3].Next)
	if err != nil || !k.Since.Equal(o.date) {
		t.Errorf("the next delta begins at %v", k.Since)
	}
	// A delta of several pages is asked for again as a whole.
	start := cursor{Phase: phaseChanged, Since: o.date.Add(-time.Hour)}
	got = walk(t, c, start.String())
	if next := got[len(got)-1].Next; next != start.String() {
		t.Errorf("the next delta begins at %s, want %s", next, start.String())
	}
	// One of a single page has missed nothing.
	o.on("GET /Contacts", pages(3))
	got = walk(t, c, start.String())
	if k, _ := parseCursor(got[len(got)-1].Next); !k.Since.Equal(o.date) {
		t.Errorf("after a short delta the next one begins at %v", k.Since)
	}
}

// A cursor goes on where a program was killed, and every cursor of a walk can be read back.
func TestCursorsSurvive(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", pages(2_500))
	whole := walk(t, o.open(record.Contact), "")
	for n, p := range whole[:len(whole)-1] {
		rest := walk(t, o.open(record.Contact), p.Next)
		if len(rest) != len(whole)-n-1 || !rest[0].Full || rest[0].Changed[0].ID != whole[n+1].Changed[0].ID {
			t.Errorf("from the cursor of page %d come %d pages", n+1, len(rest))
		}
	}
	for _, bad := range []provider.Cursor{
		"nonsense", `{}`, `{"phase":"changed"}`, `{"phase":"deleted","since":"2026-11-22T12:00:00Z"}`, `{"phase":"full","page":3}`,
	} {
		if _, err := o.open(record.Contact).Changes(t.Context(), bad, record.Window{}); !errors.Is(err, provider.ErrCursor) {
			t.Errorf("cursor %s: %v", bad, err)
		}
	}
}

// R11: so does a time that lies too far back.
func TestCursorIsNoLongerGood(t *testing.T) {
	o := newOrg(t)
	c := o.open(record.Contact)
	old := cursor{Phase: phaseChanged, Since: o.date.Add(-retention - time.Minute)}
	if _, err := c.Changes(t.Context(), old.String(), record.Window{}); !errors.Is(err, provider.ErrCursor) {
		t.Errorf("after 60 days: %v", err)
	}
	token := cursor{Phase: phaseFull, Start: o.date, Page: 11, Token: "t"}
	for _, code := range []string{"TOKEN_BOUND_DATA_MISMATCH", "EXPIRED_VALUE", "INVALID_DATA", "DISCRETE_PAGINATION_LIMIT_EXCEEDED"} {
		o.on("GET /Contacts", func(asked) reply { return wholeError(400, code) })
		if _, err := c.Changes(t.Context(), token.String(), record.Window{}); !errors.Is(err, provider.ErrCursor) {
			t.Errorf("%s: %v", code, err)
		}
	}
	// Without a token INVALID_DATA has nothing to do with the cursor.
	if _, err := c.Changes(t.Context(), "", record.Window{}); err == nil || errors.Is(err, provider.ErrCursor) {
		t.Errorf("INVALID_DATA of a first page: %v", err)
	}
}

func TestListingErrors(t *testing.T) {
	for _, r := range []struct {
		status int
		code   string
		want   error
	}{
		{401, "INVALID_TOKEN", provider.ErrAuth}, {401, "AUTHENTICATION_FAILURE", provider.ErrAuth}, {401, "INVALID_OAUTHTOKEN", provider.ErrAuth},
		{401, "OAUTH_SCOPE_MISMATCH", ErrScope}, {403, "OAUTH_SCOPE_MISMATCH", provider.ErrAuth},
		{400, "INVALID_MODULE", provider.ErrGone}, {403, "NO_PERMISSION", provider.ErrGone}, {403, "NOT_SUPPORTED", provider.ErrGone},
	} {
		o := newOrg(t)
		o.on("GET /Contacts", func(asked) reply { return wholeError(r.status, r.code) })
		_, err := o.open(record.Contact).Changes(t.Context(), "", record.Window{})
		if !errors.Is(err, r.want) {
			t.Errorf("%d %s: %v", r.status, r.code, err)
		}
		if errors.Is(err, ErrScope) != (r.code == "OAUTH_SCOPE_MISMATCH") {
			t.Errorf("%s: scope and token are not told apart", r.code)
		}
		if strings.Contains(err.Error(), "Ada") {
			t.Error("an error carries what Zoho says")
		}
	}
}

func TestLater(t *testing.T) {
	for _, r := range []struct {
		reply reply
		after time.Duration
	}{
		{reply{status: 429, body: failed("TOO_MANY_REQUESTS", nil), header: map[string]string{"Retry-After": "7"}}, 7 * time.Second},
		{reply{status: 429, body: failed("TOO_MANY_REQUESTS", nil)}, 0},
		{reply{status: 503, header: map[string]string{"Retry-After": "Sun, 22 Nov 2026 12:00:30 GMT"}}, 30 * time.Second},
		{reply{status: 500, body: failed("INTERNAL_ERROR", nil)}, 0},
		{reply{status: 200, body: "no record"}, 0},
		{reply{cut: true}, 0},
	} {
		o := newOrg(t)
		o.on("GET /Contacts", func(asked) reply { return r.reply })
		_, err := o.open(record.Contact).Changes(t.Context(), "", record.Window{})
		var retry *provider.RetryError
		if !errors.As(err, &retry) || retry.After != r.after || retry.Sent {
			t.Errorf("%+v: %v, %+v", r.reply, err, retry)
		}
	}
}

// Rich text is cut in lists: the whole text is fetched, and what cannot be had whole is no item.
func TestRichText(t *testing.T) {
	o := newOrg(t)
	o.field("Tasks", "Description")["textarea"] = map[string]any{"type": "rich_text"}
	o.field("Tasks", "Description")["length"] = 50000
	whole := strings.Repeat("x", 700)
	task := func(id string, text any) map[string]any {
		return map[string]any{"id": id, "Subject": "S", "Modified_Time": noon, "Description": text}
	}
	o.on("GET /Tasks", func(asked) reply {
		return records(task("1", whole[:cutAt]), task("2", "short"), task("3", whole[:cutAt]), task("4", nil))
	})
	o.on("GET /Tasks/actions/fetch_full_data", func(a asked) reply {
		if a.query["ids"][0] != "1,3" || a.query["fields"][0] != "Description" {
			t.Errorf("the whole text is asked for by %v", a.query)
		}
		return records(map[string]any{"id": "1", "Description": whole})
	})
	p := walk(t, o.open(record.Task), "")[0]
	if len(p.Changed) != 3 || p.Changed[0].Record[record.Details] != whole || p.Changed[1].Record[record.Details] != "short" {
		t.Errorf("%d items", len(p.Changed))
	}
	if len(p.Skipped) != 1 || p.Skipped[0].ID != "3" || p.Skipped[0].Err.Code != provider.CodeUnreadable {
		t.Errorf("skipped %+v", p.Skipped)
	}
}
