package dav

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/record"
)

// A server whose ctag follows from what the collection holds says the same before an object came and after it went: what was
// made there meanwhile is looked for all the same.
func TestWhatCameAndWentUnderOneCTag(t *testing.T) {
	f := newFake(t, record.Event)
	f.fill(2)
	c := f.open(t)
	first := f.list(t, c, "")
	clock := f.clock
	f.put("made.ics", event("made", "Made"))
	f.drop("made.ics")
	f.clock = clock
	since, err := c.Expect(first.next, []record.ID{"made.ics"})
	if err != nil {
		t.Fatal(err)
	}
	if l := f.list(t, c, since); len(l.there) != 0 || !slices.Equal(l.deleted, []string{"made.ics"}) {
		t.Errorf("listed %v, deleted %v", l.there, l.deleted)
	}
}

// What a server names and will not tell of is there: only 404 and 410 say that it is not (RFC 6578 section 3.5.2).
func TestWhatIsNamedWithoutItsETagIsThere(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	names := f.fill(2)
	second := `<response><href>` + fakePath + names[1] + `</href>`
	for _, said := range []string{
		`<status>HTTP/1.1 403 Forbidden</status>`, `<status>HTTP/1.1 500 Internal Server Error</status>`,
		`<propstat><prop><getetag/></prop><status>HTTP/1.1 404 Not Found</status></propstat>`,
	} {
		f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
			if !strings.Contains(body, "sync-collection") || strings.Contains(body, noSuchToken) {
				return false
			}
			answerMulti(w, entry(fakePath+names[0], `<getetag>"1"</getetag>`)+second+said+`</response>`+
				`<response><href>`+fakePath+`sub/</href><status>HTTP/1.1 403 Forbidden</status></response><sync-token>t2</sync-token>`)
			return true
		})
		l := f.list(t, f.open(t), "")
		if !slices.Equal(l.there, names) {
			t.Errorf("%s: listed %v, want %v", said, l.there, names)
		}
		if n := count(f.requests(), "PROPFIND 1"); n > 0 {
			t.Errorf("%s: listed by ETags", said)
		}
	}
}
