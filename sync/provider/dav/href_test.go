package dav

import (
	"net/url"
	"strings"
	"testing"

	"zohosync/sync/record"
)

func mustParse(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// SabreDAV, Cyrus and SOGo spell one and the same object in different ways.
func TestSpellingsOfOneObject(t *testing.T) {
	base := mustParse(t, "https://example.com/dav/me%40x/cal/")
	for _, href := range []string{
		"/dav/me@x/cal/a%20b%40c%C3%A9.ics",
		"/dav/me%40x/cal/a%20b@c%c3%a9.ics",
		"/dav/me@x/cal/a b@cé.ics",
		"a%20b@c%C3%A9.ics",
		"http://internal:8080/dav/me@x/cal/a%20b@c%C3%A9.ics",
		"\n  /dav/me@x/cal/a%20b@c%C3%A9.ics ",
	} {
		u, ok := parseHref(base, href)
		id, member := memberID(base, u)
		if !ok || !member || id != "a%20b@c%C3%A9.ics" {
			t.Errorf("%q: got %q, %v, %v", href, id, ok, member)
		}
	}
}

func TestMemberID(t *testing.T) {
	base := mustParse(t, "https://example.com/cal/")
	for href, want := range map[string]record.ID{
		"/cal/a%2Fb.ics":    "a%2Fb.ics",
		"/cal/100%.ics":     "100%25.ics",
		"/cal/sub/x.ics":    "/cal/sub/x.ics",
		"/other/x.ics":      "/other/x.ics",
		"/cal/":             "",
		"/cal":              "",
		"/cal/sub/":         "",
		"/cal/A.ics":        "A.ics",
		"/cal/?x=1":         "",
		"https://h/cal/b;c": "b%3Bc",
	} {
		u, ok := parseHref(base, href)
		if !ok {
			t.Errorf("%q cannot be read", href)
			continue
		}
		if id, _ := memberID(base, u); id != want {
			t.Errorf("%q: got %q, want %q", href, id, want)
		}
	}
	if _, ok := parseHref(base, "  "); ok {
		t.Error("an empty address was accepted")
	}
}

// R12: A DELETE at the address of the collection, or above it, would take everything.
func TestNoMemberIsTheCollection(t *testing.T) {
	base := mustParse(t, "https://example.com/dav/cal/")
	for _, id := range []string{"", ".", "..", "./", "/", "%2E", "%2e%2E", "/dav/cal", "/dav/cal/", "/dav", "/dav/cal/x/..", "x/../..", "/dav/c%61l", "%zz", "a/"} {
		if u, ok := memberURL(base, id); ok {
			t.Errorf("%q leads to %s", id, u.Path)
		}
	}
	for id, want := range map[string]string{
		"a%20b@c%C3%A9.ics":         "https://example.com/dav/cal/a%20b@c%C3%A9.ics",
		"a%2Fb.ics":                 "https://example.com/dav/cal/a%2Fb.ics",
		"/dav/elsewhere/x%40y.ics":  "https://example.com/dav/elsewhere/x%40y.ics",
		"..ics":                     "https://example.com/dav/cal/..ics",
		"http://evil.example/x.ics": "https://example.com/dav/cal/http://evil.example/x.ics",
	} {
		if u, ok := memberURL(base, id); !ok || u.String() != want {
			t.Errorf("%q: got %v, want %s", id, u, want)
		}
	}
	if u, ok := memberURL(mustParse(t, "https://example.com/dav/cal"), "x.ics"); !ok || u.Path != "/dav/cal/x.ics" {
		t.Errorf("a collection without a slash: got %v", u)
	}
}

// R12: names of resources that differ in capitals are two, what we make has a name that every file system takes, and a collection
// ends in a slash, however it was given.
func TestNamesOfResources(t *testing.T) {
	base := mustParse(t, "https://example.com/cal")
	small, _ := memberID(base, mustParse(t, "https://example.com/cal/a.ics"))
	large, _ := memberID(base, mustParse(t, "https://example.com/cal/A.ics"))
	if small == large || small == "" {
		t.Errorf("a.ics and A.ics are %q and %q", small, large)
	}
	for _, key := range []string{"", "k", strings.Repeat("long ", 200), strings.Repeat("日", 300)} {
		for _, kind := range record.Kinds {
			if name := nameOf(uidOf(key), kind); len(name) > 255 || len(name) < 5 {
				t.Errorf("a name of %d bytes", len(name))
			}
		}
		if u := freeURL(base, key, record.Event, nil); len(u.Path) > 255 || !strings.HasSuffix(u.Path, "/") {
			t.Errorf("a collection is made at %q", u.Path)
		}
	}
	if folder(base) != "/cal/" || folder(mustParse(t, "https://example.com/cal/")) != "/cal/" {
		t.Error("a collection has two names")
	}
}

func TestUIDOfKey(t *testing.T) {
	if got := uidOf("aB3_x-9"); got != "zohosync-aB3_x-9" {
		t.Errorf("a plain key: %q", got)
	}
	seen := map[string]string{}
	for _, key := range []string{"", "a/b", "a b", "a.b", "é", strings.Repeat("x", 101), strings.Repeat("x", 102), "../up"} {
		uid := uidOf(key)
		if other, twice := seen[uid]; twice || uid != uidOf(key) || len(uid) > 60 || strings.ContainsAny(uid, "/. %") {
			t.Errorf("%q became %q (as did %q)", key, uid, other)
		}
		seen[uid] = key
	}
	if nameOf("u", record.Contact) != "u.vcf" || nameOf("u", record.Task) != "u.ics" {
		t.Error("the names of new objects have the wrong endings")
	}
}
