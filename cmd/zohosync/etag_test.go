package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"zohosync/sync/provider/dav/davtest"
)

var (
	listedETag = regexp.MustCompile(`(<[A-Za-z0-9]*:?getetag>)(?:&quot;|"|&#34;)?([^<"&]*)(?:&quot;|"|&#34;)?(</[A-Za-z0-9]*:?getetag>)`)
	sentETag   = regexp.MustCompile(`^(?:W/)?"?([^"~]*)(?:~\d+)?"?$`)
)

// behind puts a proxy before a server that spoils its ETags: in answers by spoil, which is given the bare tag and makes
// the one to show; "" leaves it out. Conditions of requests are given back to the server as it knows them.
func behind(t *testing.T, s davtest.Server, spoil func(bare string) string) davtest.Server {
	t.Helper()
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	to.Path = ""
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = to.Host
			r.Out.Header.Del("Accept-Encoding")
			if m := r.Out.Header.Get("If-Match"); m != "" && m != "*" {
				r.Out.Header.Set("If-Match", sentETag.ReplaceAllString(m, `"$1"`))
			}
		},
		ModifyResponse: func(a *http.Response) error {
			if e := a.Header.Get("ETag"); e != "" {
				a.Header.Del("ETag")
				if shown := spoil(sentETag.ReplaceAllString(e, "$1")); shown != "" {
					a.Header.Set("ETag", shown)
				}
			}
			if a.StatusCode != http.StatusMultiStatus {
				return nil
			}
			b, err := io.ReadAll(a.Body)
			if err != nil {
				return err
			}
			b = listedETag.ReplaceAllFunc(b, func(m []byte) []byte {
				p := listedETag.FindSubmatch(m)
				return fmt.Appendf(nil, "%s%s%s", p[1], strings.ReplaceAll(spoil(string(p[2])), `"`, "&quot;"), p[3])
			})
			a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
			a.Header.Set("Content-Length", strconv.Itoa(len(b)))
			return nil
		},
	}
	front, err := url.Parse(listen(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !whole(r) {
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	})))
	if err != nil {
		t.Fatal(err)
	}
	at, _ := url.Parse(s.URL)
	at.Host = front.Host
	s.URL = at.String()
	return s
}

// C-30: what we wrote ourselves is recognised when it comes back, by its content: whatever a server or a proxy does to
// ETags, a second sync writes nothing, and an edit from either side still arrives.
func TestOwnWritesAreRecognisedWithoutETags(t *testing.T) {
	var n atomic.Int64
	servers := map[string]davtest.Server{"radicale": realServer(t, "radicale"), "sabredav": realServer(t, "sabredav")}
	for name, spoil := range map[string]func(string) string{
		"weak":     func(bare string) string { return `W/"` + bare + `"` },
		"unquoted": func(bare string) string { return bare },
		"missing":  func(string) string { return "" },
		"flaky":    func(bare string) string { return fmt.Sprintf(`"%s~%d"`, bare, n.Add(1)) },
		"weakened": func(bare string) string { return fmt.Sprintf(`W/"%s~%d"`, bare, n.Add(1)) },
	} {
		for server, real := range servers {
			t.Run(name+" "+server, func(t *testing.T) {
				s := behind(t, real, spoil)
				w := newWayTo(t, s, "Contacts", "contact", "text/vcard", "VCARD")
				for i := range 4 {
					w.crm.Put("Contacts", map[string]any{"Last_Name": fmt.Sprintf("Person %d", i), "Description": fmt.Sprintf("Zoë\nsecond line %d, with more", i), "Mobile": "+49 1"})
				}
				w.fill([]realObject{{component: "VCARD", uid: "theirs", text: lines("BEGIN:VCARD", "VERSION:3.0", "UID:theirs", "FN:Grace Hopper", "N:Hopper;Grace;;;", "X-ODD:kept", "END:VCARD")}})
				l, r, _ := w.run()
				if l != 1 || r != 4 {
					t.Fatalf("%d written on the left and %d on the right", l, r)
				}
				w.quiet("the first sync")
				w.quiet("the second sync")
				w.edit(map[string]any{"Mobile": "+49 2"})
				l, r, report := w.run()
				if name == "missing" && server == "radicale" {
					// Radicale takes no condition without an ETag, and nothing is written without a condition.
					if l+r != 0 || len(report.Items) != 1 {
						t.Errorf("%d written on the left and %d on the right: %+v", l, r, report.Items)
					}
					w.unchanged("an edit that cannot be written safely")
					return
				}
				if l != 0 || r != 1 {
					t.Fatalf("an edit in the CRM: %d written on the left and %d on the right: %+v", l, r, report)
				}
				w.quiet("an edit in the CRM")
				w.person.edit("second line 2", "another line")
				if l, r, _ := w.run(); l != 1 || r != 0 {
					t.Fatalf("an edit of the card: %d written on the left and %d on the right", l, r)
				}
				w.quiet("an edit of the card")
			})
		}
	}
}
