package dav

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// fake is a small server that does as RFC 4791 and RFC 6578 say, until a test tells it to misbehave.
type fake struct {
	*httptest.Server
	kind record.Kind

	mu      sync.Mutex
	objects map[string]string // body by path, as it is spelt in hrefs
	version map[string]int
	deleted map[string]int
	clock   int
	first   int // tokens before this one are no longer known

	// spoil answers a request in place of the fake when it returns true. It may call f.plain to answer as usual.
	spoil func(w http.ResponseWriter, r *http.Request, body string) bool
	log   []string // method and last segment of the path of every request
	etag  func(version int) string
	data  func(body string) string // how a body stands in a multistatus
	info  string                   // further properties of the collection
}

const fakePath = "/dav/things/"

func newFake(t testing.TB, kind record.Kind) *fake {
	f := &fake{
		kind: kind, objects: map[string]string{}, version: map[string]int{}, deleted: map[string]int{}, clock: 1,
		etag: func(v int) string { return fmt.Sprintf(`"v%d"`, v) },
		data: escape,
	}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	f.log = append(f.log, strings.TrimSuffix(r.Method+" "+strings.TrimPrefix(r.URL.EscapedPath(), fakePath), " "))
	spoil := f.spoil
	f.mu.Unlock()
	if spoil != nil && spoil(w, r, string(b)) {
		return
	}
	f.plain(w, r, string(b))
}

// plain answers by the book.
func (f *fake) plain(w http.ResponseWriter, r *http.Request, body string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path := r.URL.EscapedPath()
	switch r.Method {
	case "PROPFIND":
		f.propfind(w, r)
	case "REPORT":
		f.report(w, body)
	case http.MethodGet:
		if _, ok := f.objects[path]; !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("ETag", f.etag(f.version[path]))
		io.WriteString(w, f.objects[path])
	case http.MethodPut, http.MethodDelete:
		f.write(w, r, path, body)
	}
}

func (f *fake) write(w http.ResponseWriter, r *http.Request, path, body string) {
	_, there := f.objects[path]
	match, none := r.Header.Get("If-Match"), r.Header.Get("If-None-Match")
	switch {
	case none == "*" && there, match != "" && !there, match != "" && match != "*" && match != f.etag(f.version[path]):
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	case r.Method == http.MethodDelete && !there:
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if r.Method == http.MethodDelete {
		f.remove(path)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	f.store(path, body)
	w.Header().Set("ETag", f.etag(f.version[path]))
	w.WriteHeader(http.StatusCreated)
}

// put and drop act as another program.
func (f *fake) put(name, body string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.store(fakePath+name, body)
}

func (f *fake) drop(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(fakePath + name)
}

func (f *fake) body(name string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.objects[fakePath+name]
}

func (f *fake) store(path, body string) {
	f.clock++
	f.objects[path], f.version[path] = body, f.clock
	delete(f.deleted, path)
}

func (f *fake) remove(path string) {
	f.clock++
	delete(f.objects, path)
	f.deleted[path] = f.clock
}

// requests returns the log since the last call.
func (f *fake) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := f.log
	f.log = nil
	return out
}

func (f *fake) misbehave(spoil func(w http.ResponseWriter, r *http.Request, body string) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.spoil = spoil
}

func (f *fake) paths() []string {
	var out []string
	for p := range f.objects {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

func multi(inner string) string {
	return `<?xml version="1.0" encoding="utf-8"?><multistatus xmlns="DAV:" xmlns:D="DAV:" xmlns:C="` + nsCalDAV + `" xmlns:A="` + nsCard +
		`" xmlns:S="http://calendarserver.org/ns/">` + inner + `</multistatus>`
}

func answerMulti(w http.ResponseWriter, inner string) {
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.WriteHeader(http.StatusMultiStatus)
	io.WriteString(w, multi(inner))
}

func entry(href, props string) string {
	return `<response><href>` + escape(href) + `</href><propstat><prop>` + props + `</prop><status>HTTP/1.1 200 OK</status></propstat></response>`
}

func missing(href string) string {
	return `<response><href>` + escape(href) + `</href><status>HTTP/1.1 404 Not Found</status></response>`
}

func (f *fake) propfind(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != fakePath {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	sort := `<C:calendar/>`
	if f.kind == record.Contact {
		sort = `<A:addressbook/>`
	}
	list := entry(fakePath, `<resourcetype><collection/>`+sort+`</resourcetype><displayname>Things</displayname><S:getctag>`+
		fmt.Sprintf("c%d", f.clock)+`</S:getctag>`+f.info)
	if r.Header.Get("Depth") == "1" {
		for _, p := range f.paths() {
			list += entry(p, `<getetag>`+escape(f.etag(f.version[p]))+`</getetag><resourcetype/>`)
		}
	}
	answerMulti(w, list)
}

func (f *fake) full(p string) string {
	return entry(p, `<getetag>`+escape(f.etag(f.version[p]))+`</getetag><C:calendar-data>`+f.data(f.objects[p])+`</C:calendar-data>`)
}

var (
	inToken = regexp.MustCompile(`<D:sync-token>(.*?)</D:sync-token>`)
	inHref  = regexp.MustCompile(`<D:href>(.*?)</D:href>`)
	inUID   = regexp.MustCompile(`match[^>]*>(zohosync-[^<]*)<`)
)

func (f *fake) report(w http.ResponseWriter, body string) {
	list := ""
	switch {
	case strings.Contains(body, "sync-collection"):
		f.sync(w, inToken.FindStringSubmatch(body)[1])
		return
	case strings.Contains(body, "multiget"):
		for _, m := range inHref.FindAllStringSubmatch(body, -1) {
			if _, ok := f.objects[m[1]]; ok {
				list += f.full(m[1])
			} else {
				list += missing(m[1])
			}
		}
	default:
		uid := inUID.FindStringSubmatch(body)
		for _, p := range f.paths() {
			if uid == nil || strings.Contains(f.objects[p], uid[1]) {
				list += f.full(p)
			}
		}
	}
	answerMulti(w, list)
}

func (f *fake) sync(w http.ResponseWriter, token string) {
	since := 0
	if token != "" {
		if n, err := fmt.Sscanf(token, "t%d", &since); n != 1 || err != nil || since < f.first {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `<D:error xmlns:D="DAV:"><D:valid-sync-token/></D:error>`)
			return
		}
	}
	list := ""
	for _, p := range f.paths() {
		if f.version[p] > since {
			list += entry(p, `<getetag>`+escape(f.etag(f.version[p]))+`</getetag>`)
		}
	}
	for p, at := range f.deleted {
		if at > since {
			list += missing(p)
		}
	}
	answerMulti(w, list+fmt.Sprintf("<sync-token>t%d</sync-token>", f.clock))
}

// open opens the fake's collection as a new process does.
func (f *fake) open(t testing.TB) *collection {
	t.Helper()
	a, err := newAccount(provider.Account{Settings: map[string]string{SettingURL: f.URL}}, f.Client(), lookupSRV)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(f.URL + fakePath)
	c, err := a.Open(t.Context(), a.target.ref(u), f.kind, record.FieldsOf(f.kind))
	if err != nil {
		t.Fatal(err)
	}
	f.requests()
	return c.(*collection)
}

// withSync makes the fake say that it knows sync-collection.
func withSync(f *fake) *fake {
	f.info = `<sync-token>t1</sync-token><supported-report-set><supported-report><report><sync-collection/></report></supported-report></supported-report-set>`
	return f
}

// event is a calendar object with a title.
func event(uid, title string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20260101T000000Z\r\n" +
		"DTSTART:20260105T090000Z\r\nDTEND:20260105T100000Z\r\nSUMMARY:" + title + "\r\nX-ODD;X-P=\"a,b\":kept\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}
