package local

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	user     = "ann"
	password = "correct horse"
)

// client is a person's other program: it knows only HTTP.
type client struct{ base string }

func serve(t testing.TB) (*Server, client) {
	t.Helper()
	return serveFile(t, filepath.Join(t.TempDir(), "home", "local.db"), Options{})
}

func serveFile(t testing.TB, path string, o Options) (*Server, client) {
	t.Helper()
	o.User, o.Password = user, password
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	s, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		h.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, client{h.URL + "/"}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// do sends a request; header holds names and values in turn.
func (c client) do(t testing.TB, method, path, body string, header ...string) answer {
	t.Helper()
	a, err := c.try(t, method, path, body, header...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (c client) try(t testing.TB, method, path, body string, header ...string) (answer, error) {
	r, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(c.base, "/")+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.SetBasicAuth(user, password)
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return answer{}, err
	}
	defer got.Body.Close()
	b, err := io.ReadAll(got.Body)
	return answer{got.StatusCode, got.Header, string(b)}, err
}

// wants sends a request that has to be answered by this status.
func (c client) wants(t testing.TB, status int, method, path, body string, header ...string) answer {
	t.Helper()
	a := c.do(t, method, path, body, header...)
	if a.status != status {
		t.Errorf("%s %s: %d, want %d\n%s", method, path, a.status, status, a.body)
	}
	return a
}

// refuses wants a status and a precondition that does not hold.
func (c client) refuses(t testing.TB, status int, condition, method, path, body string, header ...string) {
	t.Helper()
	if a := c.wants(t, status, method, path, body, header...); !strings.Contains(a.body, ":"+condition) {
		t.Errorf("%s %s: no %s in\n%s", method, path, condition, a.body)
	}
}

func (c client) put(t testing.TB, path, body string, header ...string) (etag string) {
	t.Helper()
	a := c.do(t, http.MethodPut, path, body, header...)
	if a.status != http.StatusCreated && a.status != http.StatusNoContent || a.header.Get("ETag") == "" {
		t.Fatalf("PUT %s: %d %q\n%s", path, a.status, a.header.Get("ETag"), a.body)
	}
	return a.header.Get("ETag")
}

func (c client) get(t testing.TB, path string) string {
	t.Helper()
	return c.wants(t, http.StatusOK, http.MethodGet, path, "").body
}

// listing is a multistatus as another program reads it.
type listing struct {
	Responses []struct {
		Href     string `xml:"DAV: href"`
		Status   string `xml:"DAV: status"`
		Propstat []struct {
			Status string `xml:"DAV: status"`
			Prop   struct {
				Inner string `xml:",innerxml"`
				ETag  string `xml:"DAV: getetag"`
				Name  string `xml:"DAV: displayname"`
				Token string `xml:"DAV: sync-token"`
				CTag  string `xml:"http://calendarserver.org/ns/ getctag"`
				Color string `xml:"http://apple.com/ns/ical/ calendar-color"`
				Event string `xml:"urn:ietf:params:xml:ns:caldav calendar-data"`
				Card  string `xml:"urn:ietf:params:xml:ns:carddav address-data"`
			} `xml:"DAV: prop"`
		} `xml:"DAV: propstat"`
	} `xml:"DAV: response"`
	Token string `xml:"DAV: sync-token"`
}

// list sends an XML request and reads the multistatus.
func (c client) list(t testing.TB, method, path, depth, body string) listing {
	t.Helper()
	a := c.wants(t, http.StatusMultiStatus, method, path, body, "Depth", depth, "Content-Type", "application/xml; charset=utf-8")
	var l listing
	if err := xml.Unmarshal([]byte(a.body), &l); err != nil {
		t.Fatalf("%v in\n%s", err, a.body)
	}
	return l
}

// hrefs are the paths of a listing, with a status where it is not 200.
func (l listing) hrefs() (out []string) {
	for _, r := range l.Responses {
		s := r.Href
		if f := strings.Fields(r.Status); len(f) > 1 {
			s += " " + f[1]
		}
		out = append(out, s)
	}
	return out
}

const spaces = ` xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="urn:ietf:params:xml:ns:carddav" xmlns:S="http://calendarserver.org/ns/" xmlns:I="http://apple.com/ns/ical/"`

// request writes an XML body around inner.
func request(name, inner string) string {
	return `<?xml version="1.0" encoding="utf-8"?><` + name + spaces + `>` + inner + `</` + name + `>`
}

func lines(l ...string) string { return strings.Join(l, "\r\n") + "\r\n" }

// event is a meeting with a UID and further lines.
func event(uid string, more ...string) string {
	return component("VEVENT", uid, more...)
}

func component(name, uid string, more ...string) string {
	return lines(append(append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test", "BEGIN:" + name, "UID:" + uid}, more...),
		"END:"+name, "END:VCALENDAR")...)
}

func vcard(uid, name string, more ...string) string {
	return lines(append(append([]string{"BEGIN:VCARD", "VERSION:3.0", "UID:" + uid, "FN:" + name, "N:" + name + ";;;;"}, more...), "END:VCARD")...)
}

// withFolders makes a calendar "work", a task list "todo" and an address book "people".
func withFolders(t testing.TB, s *Server) {
	t.Helper()
	for _, one := range []struct {
		name string
		kind Kind
	}{{"work", Calendar}, {"todo", TaskList}, {"people", AddressBook}} {
		if err := s.Make(t.Context(), one.name, strings.ToUpper(one.name), one.kind); err != nil {
			t.Fatal(err)
		}
	}
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s: %s, want %s", what, g, w)
	}
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	if bytes.Equal(a, b) {
		return -1
	}
	return min(len(a), len(b))
}
