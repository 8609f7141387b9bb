package dav

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"zohosync/sync/provider"
)

func readAll(t testing.TB, text string) ([]response, string, error) {
	t.Helper()
	var out []response
	token, err := readMultistatus(strings.NewReader(text), mustParse(t, "http://x/"), func(r response) error {
		out = append(out, r)
		return nil
	})
	return out, token, err
}

func TestMultistatusKeepsWhatServersWrite(t *testing.T) {
	got, token, err := readAll(t, multi(
		`<!-- a comment --><response><href>/a</href>
		<propstat><prop><getetag>W/"1&amp;\2"</getetag><displayname/></prop><status>HTTP/1.1 200 OK</status></propstat>
		<propstat><prop><S:getctag/></prop><status>HTTP/1.1 404 Not Found</status></propstat></response>
		<response><href>/b</href><href>/c</href><status>HTTP/1.1 404 Not Found</status></response>
		<responsedescription>some text</responsedescription>
		<response><href>/d</href><propstat><prop><C:calendar-data><![CDATA[BEGIN:X & <y>]]></C:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat></response>
		<response><href>/e</href><propstat><prop><getetag>unquoted</getetag></prop></propstat></response>
		<sync-token><![CDATA[ data:,1 ]]></sync-token>`))
	if err != nil || token != "data:,1" || len(got) != 5 {
		t.Fatalf("%d responses, token %q, %v", len(got), token, err)
	}
	if p, ok := got[0].props(); !ok || p.ETag != `W/"1&\2"` {
		t.Errorf("ETag %q", p.ETag)
	}
	if got[1].href != "/b" || got[2].href != "/c" || got[2].status() != 404 {
		t.Error("a status for two addresses was not told of both")
	}
	if string(got[3].body()) != "BEGIN:X & <y>" || got[0].body() != nil {
		t.Errorf("data %q", got[3].body())
	}
	if p, ok := got[4].props(); !ok || p.ETag != "unquoted" {
		t.Errorf("properties without a status: %q, %v", p.ETag, ok)
	}
}

// An answer that is cut must never pass for a complete listing.
func TestCutMultistatusIsAnError(t *testing.T) {
	whole := multi(entry("/a", `<getetag>"1"</getetag>`) + entry("/b", `<getetag>"2"</getetag>`))
	for n := range len(whole) - 1 {
		if _, _, err := readAll(t, whole[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes were taken for an answer", n, len(whole))
		} else if !broken(err) {
			t.Fatalf("the first %d bytes: %v", n, err)
		}
	}
}

func TestBrokenXML(t *testing.T) {
	for name, text := range map[string]string{
		"control character": multi(entry("/a", "<C:calendar-data>\x08</C:calendar-data>")),
		"escaped control":   multi(entry("/a", "<C:calendar-data>&#8;</C:calendar-data>")),
		"not UTF-8":         multi(entry("/a", "<C:calendar-data>\xff</C:calendar-data>")),
		"another charset":   strings.Replace(multi(""), "utf-8", "iso-8859-1", 1),
		"HTML":              "<html><body>Log in</body></html>",
		"another element":   `<error xmlns="DAV:"/>`,
		"nothing":           "",
	} {
		if _, _, err := readAll(t, text); !broken(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestReadingStops(t *testing.T) {
	reset := errors.New("connection reset")
	_, err := readMultistatus(failing{reset}, nil, nil)
	var retry *provider.RetryError
	if !errors.As(err, &retry) || !errors.Is(err, reset) {
		t.Errorf("a broken connection: %v, want a RetryError", err)
	}
	enough := errors.New("enough")
	_, err = readMultistatus(strings.NewReader(multi(entry("/a", "")+entry("/b", ""))), nil, func(response) error { return enough })
	if !errors.Is(err, enough) {
		t.Errorf("the reader's own error: %v", err)
	}
	// One endless object must not fill the memory; many large ones are fine.
	endless := io.MultiReader(strings.NewReader(`<multistatus xmlns="DAV:"><response><href>`), endlessText{})
	if _, err = readMultistatus(endless, nil, nil); !errors.Is(err, errTooBig) {
		t.Errorf("an endless object: %v", err)
	}
	big := entry("/a", "<C:calendar-data>"+strings.Repeat("x", maxObject/3)+"</C:calendar-data>")
	if got, _, err := readAll(t, multi(strings.Repeat(big, 5))); err != nil || len(got) != 5 {
		t.Errorf("five large objects: %d, %v", len(got), err)
	}
}

type endlessText struct{}

func (endlessText) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestCondition(t *testing.T) {
	for body, want := range map[string]string{
		`<D:error xmlns:D="DAV:"><D:valid-sync-token/></D:error>`: "valid-sync-token",
		`<?xml version="1.0"?><d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>E</s:exception>` +
			`<s:message>text</s:message><c:valid-calendar-data xmlns:c="` + nsCalDAV + `"/></d:error>`: "valid-calendar-data",
		`<html><body/></html>`: "",
		`plain`:                "",
		``:                     "",
	} {
		if got := condition([]byte(body)); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func TestParseStatus(t *testing.T) {
	for in, want := range map[string]int{"HTTP/1.1 200 OK": 200, "HTTP/1.1 404": 404, " HTTP/2 507 x y ": 507, "200": 0, "": 0, "HTTP/1.1 abc": 0} {
		if got := parseStatus(in); got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}

func FuzzReadMultistatus(f *testing.F) {
	f.Add(multi(entry("/a", `<getetag>"1"</getetag>`)) + "x")
	f.Add(multi(missing("/%zz") + "<sync-token>t</sync-token>"))
	f.Add("<multistatus xmlns='DAV:'><response/></multistatus>")
	f.Fuzz(func(t *testing.T, text string) {
		base := mustParse(t, "https://example.com/cal/")
		_, err := readMultistatus(strings.NewReader(text), base, func(r response) error {
			if u, ok := parseHref(base, r.href); ok {
				if id, ok := memberID(base, u); ok {
					if m, ok := memberURL(base, string(id)); ok && m.Host != base.Host {
						return fmt.Errorf("%q leaves the host", r.href)
					}
				}
			}
			_, _, _ = r.body(), r.status(), r.failure("PUT")
			return nil
		})
		if err != nil && strings.Contains(err.Error(), "leaves the host") {
			t.Error(err)
		}
	})
}
