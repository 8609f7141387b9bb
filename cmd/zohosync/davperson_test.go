package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider/dav/davtest"
)

// davPerson is somebody with another CalDAV client: it knows only HTTP, and shares no code with the program.
type davPerson struct {
	t              *testing.T
	folder         *url.URL
	user, password string
	mime           string
	client         *http.Client
}

// elsewhere returns somebody with another client for a folder of a server.
func elsewhere(t *testing.T, server davtest.Server, ref, mime string) davPerson {
	t.Helper()
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := base.Parse(ref)
	if err != nil {
		t.Fatal(err)
	}
	return davPerson{t: t, folder: folder, user: server.User, password: server.Password, mime: mime}
}

func (d davPerson) ask(method, href, depth, contentType, body string) (*http.Response, string) {
	d.t.Helper()
	at, err := d.folder.Parse(href)
	if err != nil {
		d.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(d.t.Context(), method, at.String(), strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.SetBasicAuth(d.user, d.password)
	r.Header.Set("Depth", depth)
	r.Header.Set("Content-Type", contentType)
	client := d.client
	if client == nil {
		client = http.DefaultClient
	}
	answer, err := client.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return answer, string(text)
}

// hrefs lists the objects of the folder.
func (d davPerson) hrefs() []string {
	d.t.Helper()
	_, text := d.ask("PROPFIND", "", "1", "application/xml", `<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/></prop></propfind>`)
	var list struct {
		Hrefs []string `xml:"DAV: response>href"`
	}
	if err := xml.Unmarshal([]byte(text), &list); err != nil {
		d.t.Fatalf("%v in %s", err, text)
	}
	var out []string
	for _, h := range list.Hrefs {
		if at, err := d.folder.Parse(h); err == nil && strings.TrimSuffix(at.Path, "/") != strings.TrimSuffix(d.folder.Path, "/") {
			out = append(out, h)
		}
	}
	return out
}

// all returns the texts of all objects by their hrefs, with one request.
func (d davPerson) all() map[string]string {
	d.t.Helper()
	query := `<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><C:calendar-data/></D:prop>` +
		`<C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>`
	if d.mime == "text/vcard" {
		query = `<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><C:address-data/></D:prop><C:filter/></C:addressbook-query>`
	}
	answer, text := d.ask("REPORT", "", "1", "application/xml", `<?xml version="1.0"?>`+query)
	var list struct {
		Responses []struct {
			Href string `xml:"DAV: href"`
			Data string `xml:"propstat>prop>calendar-data"`
			Card string `xml:"propstat>prop>address-data"`
		} `xml:"DAV: response"`
	}
	if err := xml.Unmarshal([]byte(text), &list); err != nil || answer.StatusCode != http.StatusMultiStatus {
		d.t.Fatalf("%v, %s: %s", err, answer.Status, text)
	}
	out := map[string]string{}
	for _, r := range list.Responses {
		if strings.HasSuffix(r.Href, "/") {
			continue // Xandikos lists the folder itself
		}
		if out[r.Href] = r.Data + r.Card; out[r.Href] == "" {
			d.t.Fatalf("no data of %s in %s", r.Href, text)
		}
	}
	return out
}

// get returns the text of an object.
func (d davPerson) get(href string) string {
	d.t.Helper()
	answer, text := d.ask(http.MethodGet, href, "0", "", "")
	if answer.StatusCode != http.StatusOK {
		d.t.Fatalf("GET %s: %s", href, answer.Status)
	}
	return text
}

// put writes an object and returns its href.
func (d davPerson) put(href, text string) string {
	d.t.Helper()
	answer, body := d.ask(http.MethodPut, href, "0", d.mime+"; charset=utf-8", text)
	if answer.StatusCode/100 != 2 || answer.StatusCode == http.StatusMultiStatus {
		d.t.Fatalf("PUT %s: %s %s", href, answer.Status, body)
	}
	return href
}

func (d davPerson) remove(href string) {
	d.t.Helper()
	if answer, _ := d.ask(http.MethodDelete, href, "0", "", ""); answer.StatusCode/100 != 2 {
		d.t.Fatalf("DELETE %s: %s", href, answer.Status)
	}
}

// find returns the only object that holds a text, and its href.
func (d davPerson) find(needle string) (href, text string) {
	d.t.Helper()
	for _, h := range d.hrefs() {
		if got := d.get(h); strings.Contains(strings.Join(unfolded(got), "\n"), needle) {
			if href != "" {
				d.t.Fatalf("%q is in %s and in %s", needle, href, h)
			}
			href, text = h, got
		}
	}
	if href == "" {
		d.t.Fatalf("no object holds %q", needle)
	}
	return href, text
}

// edit replaces a text within the only object that holds it.
func (d davPerson) edit(needle, replacement string) {
	d.t.Helper()
	href, text := d.find(needle)
	d.put(href, strings.Replace(text, needle, replacement, 1))
}

// unfolded takes an object apart into its content lines (RFC 5545 3.1, RFC 6350 3.2).
func unfolded(text string) []string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\n ", ""), "\n\t", "")
	return strings.Split(strings.TrimRight(text, "\n"), "\n")
}

// moved lists the lines that only one of two objects has, whatever their order.
func moved(before, after string) (gone, come []string) {
	count := map[string]int{}
	for _, l := range unfolded(before) {
		count[l]++
	}
	for _, l := range unfolded(after) {
		count[l]--
	}
	for _, l := range slices.Sorted(maps.Keys(count)) {
		for range max(count[l], 0) {
			gone = append(gone, l)
		}
		for range max(-count[l], 0) {
			come = append(come, l)
		}
	}
	return gone, come
}

// holds wants an object to have all these lines; parameters between the name and the value do not matter.
func holds(t *testing.T, text string, wanted ...string) {
	t.Helper()
	lines := unfolded(text)
	for _, w := range wanted {
		name, value, _ := strings.Cut(w, ":")
		if !slices.ContainsFunc(lines, func(l string) bool {
			return (strings.HasPrefix(l, name+":") || strings.HasPrefix(l, name+";")) && strings.HasSuffix(l, ":"+value)
		}) {
			t.Errorf("no line %s in\n%s", w, fmt.Sprint(strings.Join(lines, "\n")))
		}
	}
}

// listen serves a handler on loopback until the test ends.
func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}
