package local

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// since asks what changed after a token; limit 0 asks for all of it.
func (c client) since(t testing.TB, folder, token string, limit int) listing {
	t.Helper()
	return c.list(t, "REPORT", folder, "0", syncBody(token, limit))
}

func syncBody(token string, limit int) string {
	most := ""
	if limit > 0 {
		most = fmt.Sprintf(`<D:limit><D:nresults>%d</D:nresults></D:limit>`, limit)
	}
	return request("D:sync-collection", `<D:sync-token>`+escape(token)+`</D:sync-token><D:sync-level>1</D:sync-level>`+most+`<D:prop><D:getetag/></D:prop>`)
}

func (c client) staleToken(t testing.TB, folder, token string) {
	t.Helper()
	c.refuses(t, http.StatusForbidden, "valid-sync-token", "REPORT", folder, syncBody(token, 0))
}

func (c client) tags(t testing.TB, folder string) (ctag, token string) {
	t.Helper()
	l := c.list(t, "PROPFIND", folder, "0", request("D:propfind", `<D:prop><S:getctag/><D:sync-token/></D:prop>`))
	p := l.Responses[0].Propstat[0].Prop
	return p.CTag, p.Token
}

func TestSyncTellsWhatChanged(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	const folder = "/calendars/work/"
	empty := c.since(t, folder, "", 0)
	same(t, "at first", empty.hrefs(), []string{})
	for _, name := range []string{"a", "b", "c"} {
		c.put(t, folder+name+".ics", event(name))
	}
	ctag, token := c.tags(t, folder)
	all := c.since(t, folder, "", 0)
	same(t, "all", all.hrefs(), "[/calendars/work/a.ics /calendars/work/b.ics /calendars/work/c.ics]")
	same(t, "token", all.Token, token)
	same(t, "nothing new", c.since(t, folder, token, 0).hrefs(), []string{})
	c.put(t, folder+"a.ics", event("a", "SUMMARY:changed"))
	c.wants(t, http.StatusNoContent, http.MethodDelete, folder+"b.ics", "")
	c.put(t, "/calendars/todo/x.ics", component("VTODO", "x"))
	news := c.since(t, folder, token, 0)
	same(t, "news", news.hrefs(), "[/calendars/work/a.ics /calendars/work/b.ics 404]")
	if now, _ := c.tags(t, folder); now == ctag {
		t.Error("the ctag stays although something changed")
	}
	// A new object of the old name, and one that came and went.
	c.put(t, folder+"b.ics", event("b", "SUMMARY:again"))
	c.put(t, folder+"d.ics", event("d"))
	c.wants(t, http.StatusNoContent, http.MethodDelete, folder+"d.ics", "")
	same(t, "more", c.since(t, folder, news.Token, 0).hrefs(), "[/calendars/work/b.ics /calendars/work/d.ics 404]")
	same(t, "from the empty one", c.since(t, folder, empty.Token, 0).hrefs(),
		"[/calendars/work/c.ics /calendars/work/a.ics /calendars/work/b.ics /calendars/work/d.ics 404]")
	same(t, "deleted ones at a beginning", c.since(t, folder, "", 0).hrefs(), "[/calendars/work/c.ics /calendars/work/a.ics /calendars/work/b.ics]")
	// What does not change the objects does not move the tags.
	ctag, token = c.tags(t, folder)
	c.put(t, folder+"c.ics", event("c"))
	c.wants(t, http.StatusPreconditionFailed, http.MethodPut, folder+"c.ics", event("c", "SUMMARY:no"), "If-None-Match", "*")
	c.list(t, "PROPPATCH", folder, "0", request("D:propertyupdate", `<D:set><D:prop><D:displayname>New name</D:displayname></D:prop></D:set>`))
	after, afterToken := c.tags(t, folder)
	same(t, "tags", []string{after, afterToken}, []string{ctag, token})
}

// TestSyncInPieces walks through the changes a few at a time while somebody else goes on changing things.
func TestSyncInPieces(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	const folder, cut = "/contacts/people/", "/contacts/people/ 507"
	for i := range 10 {
		c.put(t, fmt.Sprintf("%s%d.vcf", folder, i), vcard(fmt.Sprint(i), "Ada"))
	}
	there := map[string]bool{}
	token, pages := "", 0
	for more := true; more; pages++ {
		l := c.since(t, folder, token, 3)
		more = false
		for _, href := range l.hrefs() {
			name, gone := strings.CutSuffix(href, " 404")
			switch {
			case href == cut:
				more = true
			case gone:
				delete(there, name)
			default:
				there[name] = true
			}
		}
		if len(l.Responses) > 4 || l.Token == token {
			t.Fatalf("page %d: %v, token %s", pages, l.hrefs(), l.Token)
		}
		token = l.Token
		if pages == 1 {
			c.wants(t, http.StatusNoContent, http.MethodDelete, folder+"0.vcf", "")
			c.wants(t, http.StatusNoContent, http.MethodDelete, folder+"9.vcf", "")
			c.put(t, folder+"1.vcf", vcard("1", "Ada, changed"))
			c.put(t, folder+"new.vcf", vcard("new", "Grace"))
		}
	}
	if pages < 4 || len(there) != 9 || there[folder+"0.vcf"] || there[folder+"9.vcf"] || !there[folder+"new.vcf"] {
		t.Errorf("after %d pages: %v", pages, there)
	}
	same(t, "the rest", c.since(t, folder, token, 3).hrefs(), []string{})
}

func TestForeignAndOldTokensAreRefused(t *testing.T) {
	s, c := serveFile(t, filepath.Join(t.TempDir(), "local.db"), Options{Deletions: 3})
	withFolders(t, s)
	const folder = "/calendars/work/"
	_, first := c.tags(t, folder)
	c.put(t, folder+"stays.ics", event("stays"))
	_, other := c.tags(t, "/calendars/todo/")
	parts := strings.Split(strings.TrimPrefix(first, tokenScheme), ":")
	id, writer, change := parts[0], parts[1], parts[2]
	for _, token := range []string{
		"data:,1", "x", other, first + "0", tokenScheme + id, tokenScheme + id + ":" + writer, tokenScheme + id + "9:" + writer + ":" + change,
		tokenScheme + id + ":X" + writer[1:] + ":" + change, tokenScheme + id + ":" + writer + ":999", tokenScheme + id + ":" + writer + ":-1",
		tokenScheme + id + ":" + writer + ":0", first + ":999", first + ":-1", first + ":x", first + ":0:0",
	} {
		c.staleToken(t, folder, token)
	}
	for i := range 5 {
		c.put(t, fmt.Sprintf("%s%d.ics", folder, i), event(fmt.Sprint(i)))
	}
	_, before := c.tags(t, folder)
	page := c.since(t, folder, "", 1).Token
	for i := range 3 {
		c.wants(t, http.StatusNoContent, http.MethodDelete, fmt.Sprintf("%s%d.ics", folder, i), "")
	}
	same(t, "three deletions are remembered", len(c.since(t, folder, before, 0).Responses), 3)
	same(t, "in the middle of a first listing, too", len(c.since(t, folder, page, 0).Responses), 5)
	c.wants(t, http.StatusNoContent, http.MethodDelete, folder+"3.ics", "")
	c.staleToken(t, folder, before)
	c.staleToken(t, folder, page)
	// A first listing in pieces gets to its end however many deletions were forgotten before it.
	l := c.since(t, folder, "", 1)
	same(t, "the last page", c.since(t, folder, l.Token, 1).hrefs(), "[/calendars/work/4.ics]")
	// A calendar that was made again under the same name is another one.
	_, last := c.tags(t, folder)
	c.wants(t, http.StatusNoContent, http.MethodDelete, folder, "")
	withFolders(t, s)
	c.staleToken(t, folder, last)
}

// TestBackupDoesNotHideChanges puts an old copy of the file back: tokens of the lost days are refused, also when as many
// changes were made since.
func TestBackupDoesNotHideChanges(t *testing.T) {
	dir := t.TempDir()
	now, old := filepath.Join(dir, "now.db"), filepath.Join(dir, "old.db")
	const folder = "/calendars/work/"
	session := func(path string, do func(c client)) {
		s, err := Open(path, Options{User: user, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		withFolders(t, s)
		url, err := s.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		do(client{url})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var kept, lost string
	session(now, func(c client) {
		c.put(t, folder+"a.ics", event("a"))
		_, kept = c.tags(t, folder)
	})
	backup, err := os.ReadFile(now)
	if err != nil {
		t.Fatal(err)
	}
	session(now, func(c client) {
		c.put(t, folder+"b.ics", event("b"))
		_, lost = c.tags(t, folder)
		same(t, "news", c.since(t, folder, kept, 0).hrefs(), "[/calendars/work/b.ics]")
	})
	if err := os.WriteFile(old, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	session(old, func(c client) {
		c.staleToken(t, folder, lost)
		c.put(t, folder+"c.ics", event("c"))
		c.staleToken(t, folder, lost)
		same(t, "a token from before goes on", c.since(t, folder, kept, 0).hrefs(), "[/calendars/work/c.ics]")
	})
}

// TestConcurrentWriters: of many who write under one condition, one wins; nobody's change is lost or told twice.
func TestConcurrentWriters(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	const folder, writers, rounds = "/calendars/work/", 8, 5
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := map[string]int{}
	for w := range writers {
		wg.Go(func() {
			for round := range rounds {
				path := fmt.Sprintf("%sshared-%d.ics", folder, round)
				a, err := c.try(t, http.MethodPut, path, event(path, fmt.Sprintf("SUMMARY:%d", w)), "If-None-Match", "*")
				own, errOwn := c.try(t, http.MethodPut, fmt.Sprintf("%sown-%d-%d.ics", folder, w, round), event(fmt.Sprintf("%d-%d", w, round)))
				_, errRead := c.try(t, "REPORT", folder, syncBody("", 2))
				if err != nil || errOwn != nil || errRead != nil || own.status != http.StatusCreated {
					t.Error(err, errOwn, errRead, own.status)
				}
				if a.status == http.StatusCreated {
					mu.Lock()
					won[path]++
					mu.Unlock()
				} else if a.status != http.StatusPreconditionFailed {
					t.Errorf("%d", a.status)
				}
			}
		})
	}
	wg.Wait()
	for path, n := range won {
		if n != 1 {
			t.Errorf("%s was made %d times", path, n)
		}
	}
	same(t, "objects", len(c.since(t, folder, "", 0).Responses), rounds+writers*rounds)
}
