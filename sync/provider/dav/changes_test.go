package dav

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// listing is what the pages from one cursor on said, by the ids alone.
type listing struct {
	there, deleted []string
	pages, full    int
	next           provider.Cursor
}

func (f *fake) list(t testing.TB, c *collection, since provider.Cursor) listing {
	t.Helper()
	l := listing{next: since}
	for {
		p, err := c.Changes(t.Context(), l.next, record.Window{})
		if err != nil {
			t.Fatalf("page %d: %v", l.pages+1, err)
		}
		l.add(p)
		if !p.More {
			slices.Sort(l.there)
			return l
		}
	}
}

func (l *listing) add(p provider.Page) {
	for _, i := range p.Changed {
		l.there = append(l.there, string(i.ID))
	}
	for _, s := range p.Skipped {
		l.there = append(l.there, string(s.ID))
	}
	for _, id := range p.Deleted {
		l.deleted = append(l.deleted, string(id))
	}
	l.pages++
	if p.Full {
		l.full++
	}
	l.next = p.Next
}

func (f *fake) fill(n int) []string {
	var names []string
	for i := range n {
		name := fmt.Sprintf("e%04d.ics", i)
		f.put(name, event(fmt.Sprint("u", i), fmt.Sprint("Event ", i)))
		names = append(names, name)
	}
	return names
}

// bothWays runs a test with sync-collection and with ctag and ETags.
func bothWays(t *testing.T, run func(*testing.T, *fake)) {
	t.Run("sync", func(t *testing.T) { run(t, withSync(newFake(t, record.Event))) })
	t.Run("etag", func(t *testing.T) { run(t, newFake(t, record.Event)) })
}

func count(log []string, what string) int {
	n := 0
	for _, l := range log {
		if strings.HasPrefix(l, what) {
			n++
		}
	}
	return n
}

func TestListingFromTheBeginning(t *testing.T) {
	bothWays(t, func(t *testing.T, f *fake) {
		names := f.fill(2*pageSize + 5)
		f.put("gone.ics", "x")
		f.drop("gone.ics")
		c := f.open(t)
		l := f.list(t, c, "")
		if !slices.Equal(l.there, names) || len(l.deleted) > 0 || l.pages != 3 || l.full != 3 {
			t.Errorf("%d of %d objects, %d deleted, %d pages, %d of them full", len(l.there), len(names), len(l.deleted), l.pages, l.full)
		}
		// One query brings them all: no multiget and no GET.
		if log := f.requests(); len(log) > 3 {
			t.Errorf("requests: %q", log)
		}
		again := f.list(t, c, l.next)
		if log := f.requests(); len(again.there) > 0 || again.full > 0 || len(log) != 1 {
			t.Errorf("nothing changed: %d objects by %q", len(again.there), log)
		}
	})
}

func TestListingSurvivesACrash(t *testing.T) {
	bothWays(t, func(t *testing.T, f *fake) {
		names := f.fill(2*pageSize + 5)
		l := listing{}
		for {
			// Each page is read by a process of its own.
			p, err := f.open(t).Changes(t.Context(), l.next, record.Window{})
			if err != nil {
				t.Fatal(err)
			}
			l.add(p)
			if l.pages == 1 {
				f.put(names[0], event("u0", "Edited while listing"))
				f.drop(names[1])
				f.put("new.ics", event("new", "Made while listing"))
			}
			if !p.More {
				break
			}
		}
		slices.Sort(l.there)
		if !slices.Equal(l.there, names) || l.full != l.pages {
			t.Errorf("%d of %d objects in %d pages, %d full", len(l.there), len(names), l.pages, l.full)
		}
		after := f.list(t, f.open(t), l.next)
		if !slices.Equal(after.there, []string{names[0], "new.ics"}) || !slices.Equal(after.deleted, names[1:2]) || after.full > 0 {
			t.Errorf("afterwards: %q changed, %q deleted", after.there, after.deleted)
		}
	})
}

func TestLargeDeltaComesInPages(t *testing.T) {
	bothWays(t, func(t *testing.T, f *fake) {
		f.put("first.ics", event("first", "First"))
		start := f.list(t, f.open(t), "")
		names := f.fill(pageSize + 1)
		f.drop("first.ics")
		l := f.list(t, f.open(t), start.next)
		if !slices.Equal(l.there, names) || !slices.Equal(l.deleted, []string{"first.ics"}) || l.pages != 2 || l.full != 0 {
			t.Errorf("%d objects, %q deleted, %d pages, %d full", len(l.there), l.deleted, l.pages, l.full)
		}
	})
}

// R11: DAViCal and SOGo answer an unknown token with everything they have, which hides every deletion.
func TestServerThatAnswersUnknownTokensWithEverything(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	names := f.fill(3)
	f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
		if m := inToken.FindStringSubmatch(body); m != nil && !strings.HasPrefix(m[1], "t") {
			f.plain(w, r, strings.Replace(body, m[1], "", 1))
			return true
		}
		return false
	})
	l := f.list(t, f.open(t), "")
	if p, err := decode(l.next); err != nil || p.Mode != byETag {
		t.Errorf("such a server was trusted: %v, %v", p.Mode, err)
	}
	f.drop(names[0])
	if l = f.list(t, f.open(t), l.next); !slices.Equal(l.deleted, names[:1]) {
		t.Errorf("deleted: %q", l.deleted)
	}
}

// The question whether a host can be trusted is asked once per account, unless the answer was about something else.
func TestVerdictOnTokensIsRemembered(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	f.fill(2)
	c := f.open(t)
	questions := 0
	first := true
	f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
		if !strings.Contains(body, noSuchToken) {
			return false
		}
		questions++
		if first {
			first = false
			w.WriteHeader(http.StatusForbidden)
			return true
		}
		return false
	})
	for range 3 {
		f.list(t, c, "")
	}
	if questions != 2 {
		t.Errorf("asked %d times, want once more after an answer that was not about the token", questions)
	}
}

// R11: a sync token that is no longer good, however the server says so, asks for a complete listing.
func TestTokenThatIsNoLongerGood(t *testing.T) {
	for _, code := range []int{403, 409, 412, 410, 404, 400, 500, 507} {
		f := withSync(newFake(t, record.Event))
		f.fill(2)
		l := f.list(t, f.open(t), "")
		c := f.open(t)
		f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
			if strings.Contains(body, "sync-collection") {
				w.WriteHeader(code)
				return true
			}
			return false
		})
		if _, err := c.Changes(t.Context(), l.next, record.Window{}); !errors.Is(err, provider.ErrCursor) {
			t.Errorf("%d: %v, want ErrCursor", code, err)
		}
		// Whatever became of sync-collection, a new listing is complete.
		if l := f.list(t, f.open(t), ""); len(l.there) != 2 || l.full != 1 {
			t.Errorf("%d: the listing afterwards has %d objects", code, len(l.there))
		}
	}
}

func TestOtherRefusalsOfAListing(t *testing.T) {
	var retry *provider.RetryError
	isRetry := func(err error) bool { return errors.As(err, &retry) && !errors.Is(err, provider.ErrCursor) }
	gone := func(err error) bool { return errors.Is(err, provider.ErrGone) }
	bothWays(t, func(t *testing.T, f *fake) {
		f.fill(2)
		l := f.list(t, f.open(t), "")
		for code, is := range map[int]func(error) bool{
			401: func(err error) bool { return errors.Is(err, provider.ErrAuth) },
			429: isRetry, 503: isRetry, 502: isRetry, 404: gone, 403: gone, 410: gone,
		} {
			c := f.open(t)
			f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool { w.WriteHeader(code); return true })
			for _, since := range []provider.Cursor{"", l.next} {
				if _, err := c.Changes(t.Context(), since, record.Window{}); !is(err) {
					t.Errorf("%d, since %q: %v", code, since, err)
				}
			}
			f.misbehave(nil)
		}
	})
}

// A listing that was cut is no listing.
func TestCutListingIsNone(t *testing.T) {
	bothWays(t, func(t *testing.T, f *fake) {
		f.fill(3)
		l := f.list(t, f.open(t), "")
		c := f.open(t)
		f.put("e0001.ics", event("u1", "Edited"))
		f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
			w.WriteHeader(http.StatusMultiStatus)
			w.Write([]byte(multi(entry(fakePath, calendarProps) + entry(fakePath+"e0000.ics", `<getetag>"1"</getetag>`))[:300]))
			return true
		})
		for _, since := range []provider.Cursor{"", l.next} {
			var retry *provider.RetryError
			if p, err := c.Changes(t.Context(), since, record.Window{}); !errors.As(err, &retry) {
				t.Errorf("since %q: %d changed, %d deleted, %v, want a RetryError", since, len(p.Changed), len(p.Deleted), err)
			}
		}
	})
}

// Cyrus cuts long lists and gives a token for the rest (RFC 6578 section 3.6).
func TestCutSyncGoesOn(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	names := f.fill(5)
	f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
		m := inToken.FindStringSubmatch(body)
		if m == nil || strings.HasPrefix(m[1], "data:") {
			return false
		}
		at := 0
		fmt.Sscanf(m[1], "part%d", &at)
		list := entry(fakePath+names[at], `<getetag>"1"</getetag>`)
		if at == 4 {
			answerMulti(w, list+"<sync-token>t100</sync-token>")
			return true
		}
		answerMulti(w, list+`<response><href>`+fakePath+`</href><status>HTTP/1.1 507 Insufficient Storage</status></response>`+
			fmt.Sprintf("<sync-token>part%d</sync-token>", at+1))
		return true
	})
	l := f.list(t, f.open(t), "")
	if p, err := decode(l.next); !slices.Equal(l.there, names) || err != nil || p.Token != "t100" {
		t.Errorf("%q with token %q, %v", l.there, p.Token, err)
	}
}

func TestCutSyncWithoutAWayOnIsNotTrusted(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	names := f.fill(5)
	f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
		m := inToken.FindStringSubmatch(body)
		if m == nil || strings.HasPrefix(m[1], "data:") {
			return false
		}
		answerMulti(w, entry(fakePath+names[0], `<getetag>"1"</getetag>`)+missing(fakePath+names[1]))
		return true
	})
	if l := f.list(t, f.open(t), ""); !slices.Equal(l.there, names) {
		t.Errorf("%q, want all by ETags", l.there)
	}
}

func TestUnchangedCTagIsOneRequest(t *testing.T) {
	f := newFake(t, record.Event)
	f.fill(3)
	l := f.list(t, f.open(t), "")
	c := f.open(t)
	f.list(t, c, l.next)
	if log := f.requests(); len(log) != 1 || log[0] != "PROPFIND" {
		t.Errorf("requests: %q", log)
	}
	f.put("e0001.ics", event("u1", "Edited"))
	if l = f.list(t, c, l.next); !slices.Equal(l.there, []string{"e0001.ics"}) {
		t.Errorf("changed: %q", l.there)
	}
	if log := f.requests(); len(log) != 3 {
		t.Errorf("one change took %q", log)
	}
}

// A weak ETag, one without quotes and none at all.
func TestOddETags(t *testing.T) {
	for name, etag := range map[string]func(int) string{
		"weak":     func(v int) string { return fmt.Sprintf(`W/"%d"`, v) },
		"unquoted": func(v int) string { return fmt.Sprint(v) },
		"none":     func(int) string { return "" },
	} {
		f := newFake(t, record.Event)
		f.etag = etag
		names := f.fill(3)
		l := f.list(t, f.open(t), "")
		f.put(names[1], event("u1", "Edited"))
		f.drop(names[2])
		l = f.list(t, f.open(t), l.next)
		want := names[1:2]
		if name == "none" {
			want = names[:2] // There is no telling, so all are read again.
		}
		if !slices.Equal(l.there, want) || !slices.Equal(l.deleted, names[2:]) {
			t.Errorf("%s: %q changed, %q deleted", name, l.there, l.deleted)
		}
	}
}
