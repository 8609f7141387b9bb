package local

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBytesComeBackAsTheyWereSent(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	for name, body := range map[string]string{
		"crlf":     event("crlf", "SUMMARY:Folded\r\n  here; and \\, there", "x-Odd;P=\"a:b;c\":<&>]]>", "DTSTART:20260101T000000Z"),
		"lf":       strings.ReplaceAll(event("lf", "SUMMARY:Grüße 日本語 🎉"), "\r\n", "\n"),
		"cr":       strings.ReplaceAll(event("cr", "SUMMARY:old Mac"), "\r\n", "\r"),
		"bom":      "\ufeff" + event("bom") + "\r\n  \r\n",
		"tabs":     event("tabs", "SUMMARY:a\tb", "DESCRIPTION: two  blanks ", "\tand a fold by tab"),
		"no end":   strings.TrimSuffix(event("no end"), "\r\n"),
		"lower":    strings.ReplaceAll(event("lower"), "BEGIN:VEVENT", "begin:vevent"),
		"a%b c@é+": event("odd name"),
	} {
		path := place{calendars, "work", name + ".ics"}.path()
		etag := c.put(t, path, body)
		got := c.wants(t, http.StatusOK, http.MethodGet, path, "")
		if i := firstDifference([]byte(got.body), []byte(body)); i >= 0 {
			t.Errorf("%s: GET differs at byte %d", name, i)
		}
		same(t, "tag of GET", got.header.Get("ETag"), etag)
		l := c.list(t, "REPORT", "/calendars/work/", "1", request("C:calendar-multiget", `<D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>`+path+`</D:href>`))
		p := l.Responses[0].Propstat[0].Prop
		if i := firstDifference([]byte(p.Event), []byte(body)); i >= 0 || p.ETag != etag || l.Responses[0].Href != path {
			t.Errorf("%s: multiget differs at byte %d, tag %s, href %s", name, i, p.ETag, l.Responses[0].Href)
		}
		head := c.wants(t, http.StatusOK, http.MethodHead, path, "")
		same(t, "length", head.header.Get("Content-Length"), len(body))
	}
}

// TestRealObjectsComeBackByteForByte stores what other programs wrote, wherever it is what its standard asks for.
func TestRealObjectsComeBackByteForByte(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	kept := map[string]int{}
	for _, file := range corpus(t) {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		folders := []string{"/calendars/work/", "/calendars/todo/"}
		if strings.HasSuffix(name, ".vcf") {
			folders = []string{"/contacts/people/"}
		}
		for _, folder := range folders {
			path := folder + strings.ReplaceAll(name, "%", "")
			switch a := c.do(t, http.MethodPut, path, string(body)); a.status {
			case http.StatusCreated:
				kept[filepath.Ext(name)]++
				if got := c.get(t, path); got != string(body) {
					t.Errorf("%s comes back changed", name)
				}
			case http.StatusForbidden, http.StatusConflict:
			default:
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
		}
	}
	t.Logf("kept: %v", kept)
	if kept[".ics"] < 20 || kept[".vcf"] < 5 {
		t.Errorf("only %v were kept", kept)
	}
}

// corpus lists real objects of other programs, where the machine has them.
func corpus(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("ZOHOSYNC_SHARED")
	for up, _ := os.Getwd(); dir == "" && up != filepath.Dir(up); up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, "go.mod")); err == nil {
			dir = filepath.Join(filepath.Dir(up), "shared")
		}
	}
	var out []string
	for _, kind := range []string{"ics", "vcf"} {
		files, err := filepath.Glob(filepath.Join(dir, "corpus", kind, "*."+kind))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, files...)
	}
	if len(out) == 0 {
		t.Skip("no folder shared with real objects beside the project")
	}
	return out
}

func TestConditions(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	const path = "/calendars/work/a.ics"
	first := c.put(t, path, event("a", "SUMMARY:1"), "If-None-Match", "*")
	second := c.put(t, path, event("a", "SUMMARY:2"), "If-Match", first)
	for _, header := range [][2]string{
		{"If-None-Match", "*"}, {"If-None-Match", second}, {"If-None-Match", "W/" + second}, {"If-Match", first}, {"If-Match", "W/" + second},
		{"If-Match", `"x", ` + first}, {"If-Match", ""}, {"If", "(<opaquelocktoken:1>)"}, {"If-Unmodified-Since", "Mon, 05 Jan 2015 12:00:00 GMT"},
	} {
		c.wants(t, http.StatusPreconditionFailed, http.MethodPut, path, event("a", "SUMMARY:3"), header[0], header[1])
		c.wants(t, http.StatusPreconditionFailed, http.MethodDelete, path, "", header[0], header[1])
	}
	c.wants(t, http.StatusPreconditionFailed, http.MethodPut, "/calendars/work/b.ics", event("b"), "If-Match", "*")
	c.wants(t, http.StatusPreconditionFailed, http.MethodPut, "/calendars/work/b.ics", event("b"), "If-Match", second)
	c.wants(t, http.StatusPreconditionFailed, http.MethodDelete, "/calendars/work/b.ics", "", "If-Match", "*")
	if got := c.get(t, path); !strings.Contains(got, "SUMMARY:2") {
		t.Errorf("a refused write left\n%s", got)
	}
	c.wants(t, http.StatusNotModified, http.MethodGet, path, "", "If-None-Match", second)
	c.wants(t, http.StatusNotModified, http.MethodGet, path, "", "If-None-Match", "W/"+second)
	c.wants(t, http.StatusPreconditionFailed, http.MethodGet, path, "", "If-Match", first)
	third := c.put(t, path, event("a", "SUMMARY:3"), "If-Match", `"other", `+second)
	c.wants(t, http.StatusNoContent, http.MethodDelete, path, "", "If-Match", third)
	c.wants(t, http.StatusNotFound, http.MethodDelete, path, "")
	c.wants(t, http.StatusNotFound, http.MethodGet, path, "")
}

// TestTagsAreNeverUsedAgain: content that comes back is not the content that was there before.
func TestTagsAreNeverUsedAgain(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	const path = "/calendars/work/a.ics"
	seen := map[string]bool{}
	for range 3 {
		for _, summary := range []string{"SUMMARY:1", "SUMMARY:2"} {
			etag := c.put(t, path, event("a", summary))
			if seen[etag] {
				t.Errorf("%s a second time", etag)
			}
			seen[etag] = true
			same(t, "the same content once more", c.put(t, path, event("a", summary)), etag)
		}
		c.wants(t, http.StatusNoContent, http.MethodDelete, path, "")
	}
	// A calendar made again under the same name goes on counting, too.
	c.wants(t, http.StatusNoContent, http.MethodDelete, "/calendars/work/", "")
	withFolders(t, s)
	if etag := c.put(t, path, event("a", "SUMMARY:1")); seen[etag] {
		t.Errorf("%s a second time", etag)
	}
}

func TestUIDsAreUnique(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	c.put(t, "/calendars/work/a.ics", event("a"))
	c.put(t, "/calendars/work/b.ics", event("b"))
	c.put(t, "/contacts/people/a.vcf", vcard("a", "Ada"))
	c.refuses(t, http.StatusConflict, "no-uid-conflict><D:href>/calendars/work/a.ics</D:href>", http.MethodPut, "/calendars/work/c.ics", event("a"))
	c.refuses(t, http.StatusConflict, "no-uid-conflict><D:href>/calendars/work/a.ics</D:href>", http.MethodPut, "/calendars/work/b.ics", event("a"))
	c.refuses(t, http.StatusConflict, "no-uid-conflict", http.MethodPut, "/calendars/work/b.ics", event("new"))
	c.refuses(t, http.StatusConflict, "A:no-uid-conflict><D:href>/contacts/people/a.vcf</D:href>"[2:], http.MethodPut, "/contacts/people/b.vcf", vcard("a", "Ada"))
	// The same UID in another collection is another matter, and a UID is free again once its object has gone.
	c.put(t, "/calendars/todo/a.ics", component("VTODO", "a"))
	c.wants(t, http.StatusNoContent, http.MethodDelete, "/calendars/work/a.ics", "")
	c.put(t, "/calendars/work/c.ics", event("a"))
}

func TestOnlyWholeObjectsAreStored(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	two := strings.Replace(event("a"), "END:VCALENDAR", "BEGIN:VEVENT\r\nUID:b\r\nEND:VEVENT\r\nEND:VCALENDAR", 1)
	mixed := strings.Replace(event("a"), "END:VCALENDAR", "BEGIN:VTODO\r\nUID:a\r\nEND:VTODO\r\nEND:VCALENDAR", 1)
	for name, one := range map[string]struct{ folder, condition, body string }{
		"empty":           {"/calendars/work/", "C:valid-calendar-data", ""},
		"no calendar":     {"/calendars/work/", "C:valid-calendar-data", "hello"},
		"cut":             {"/calendars/work/", "C:valid-calendar-data", event("a")[:60]},
		"a card":          {"/calendars/work/", "C:valid-calendar-data", vcard("a", "Ada")},
		"broken inside":   {"/calendars/work/", "C:valid-calendar-data", strings.Replace(event("a"), "END:VEVENT\r\n", "", 1)},
		"control":         {"/calendars/work/", "C:valid-calendar-data", event("a", "SUMMARY:a\x01b")},
		"not UTF-8":       {"/calendars/work/", "C:valid-calendar-data", event("a", "SUMMARY:Gr\xfc\xdfe")},
		"two calendars":   {"/calendars/work/", "C:valid-calendar-data", event("a") + event("a")},
		"two UIDs":        {"/calendars/work/", "C:valid-calendar-object-resource", two},
		"two kinds":       {"/calendars/work/", "C:valid-calendar-object-resource", mixed},
		"no UID":          {"/calendars/work/", "C:valid-calendar-object-resource", event(" ")},
		"nothing in it":   {"/calendars/work/", "C:valid-calendar-object-resource", lines("BEGIN:VCALENDAR", "END:VCALENDAR")},
		"an invitation":   {"/calendars/work/", "C:valid-calendar-object-resource", strings.Replace(event("a"), "VERSION", "METHOD:REQUEST\r\nVERSION", 1)},
		"a task":          {"/calendars/work/", "C:supported-calendar-component", component("VTODO", "a")},
		"an event":        {"/calendars/todo/", "C:supported-calendar-component", event("a")},
		"card without ID": {"/contacts/people/", "A:valid-address-data", vcard("", "Ada")},
		"no card":         {"/contacts/people/", "A:valid-address-data", event("a")},
		"too large":       {"/contacts/people/", "A:max-resource-size", vcard("a", "Ada", "PHOTO:"+strings.Repeat("x", maxObject))},
	} {
		t.Run(name, func(t *testing.T) {
			c.refuses(t, http.StatusForbidden, one.condition[2:], http.MethodPut, one.folder+"x", one.body)
			c.wants(t, http.StatusNotFound, http.MethodGet, one.folder+"x", "")
		})
	}
	recurring := strings.Replace(event("a", "RRULE:FREQ=DAILY"), "END:VCALENDAR", "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20260101T000000Z\r\nEND:VEVENT\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE\r\nEND:VCALENDAR", 1)
	c.put(t, "/calendars/work/series.ics", recurring)
}

func TestPlacesThatTakeNoObjects(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	c.wants(t, http.StatusConflict, http.MethodPut, "/calendars/none/a.ics", event("a"))
	c.wants(t, http.StatusMethodNotAllowed, http.MethodPut, "/calendars/work/", event("a"))
	c.wants(t, http.StatusMethodNotAllowed, http.MethodPut, "/calendars/a.ics", event("a"))
	c.wants(t, http.StatusMethodNotAllowed, http.MethodPut, "/", event("a"))
	for _, path := range []string{"/other/work/a.ics", "/calendars/work/deep/a.ics", "/calendars/work/a.ics/", "/calendars/work/..", "/calendars/work/%2e%2e", "/calendars/work/a%2Fb.ics",
		"/calendars/work/a%00b.ics", "/calendars/work/" + strings.Repeat("x", 256)} {
		c.wants(t, http.StatusNotFound, http.MethodPut, path, event("a"))
	}
	c.wants(t, http.StatusBadRequest, http.MethodPut, "/calendars/work/a.ics", event("a"), "Content-Range", "bytes 0-9/100")
	for _, path := range []string{"/", "/principal/", "/calendars/", "/contacts/"} {
		if a := c.do(t, http.MethodDelete, path, ""); a.status != http.StatusForbidden && a.status != http.StatusMethodNotAllowed {
			t.Errorf("DELETE %s: %d", path, a.status)
		}
	}
	for _, method := range []string{"POST", "COPY", "MOVE", "LOCK", "PATCH", "TRACE"} {
		if a := c.wants(t, http.StatusMethodNotAllowed, method, "/calendars/work/a.ics", ""); !strings.Contains(a.header.Get("Allow"), "PROPFIND") {
			t.Errorf("Allow: %q", a.header.Get("Allow"))
		}
	}
}

// TestCutUploadStoresNothing: a connection that breaks in the middle of a body leaves what was there.
func TestCutUploadStoresNothing(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	const path = "/calendars/work/a.ics"
	c.put(t, path, event("a", "SUMMARY:whole"))
	reader, writer := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, strings.TrimSuffix(c.base, "/")+path, reader)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(user, password)
	go func() {
		_, _ = io.WriteString(writer, event("a", "SUMMARY:cut"))
		_ = writer.CloseWithError(io.ErrUnexpectedEOF)
	}()
	if a, err := http.DefaultTransport.RoundTrip(r); err == nil {
		a.Body.Close()
		t.Errorf("answered %s", a.Status)
	}
	if got := c.get(t, path); !strings.Contains(got, "SUMMARY:whole") {
		t.Errorf("the cut upload left\n%s", got)
	}
}
