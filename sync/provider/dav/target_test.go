package dav

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"zohosync/sync/provider"
)

func TestParseTarget(t *testing.T) {
	for in, want := range map[string]string{
		"alice@Example.com":                " example.com",
		"example.com":                      " example.com",
		" example.com:8443 ":               "https://example.com:8443/ example.com",
		"https://example.com":              "https://example.com/ example.com",
		"https://me:pw@example.com/dav/?x": "https://example.com/dav/ example.com",
		"http://dav.example.com/x":         "http://dav.example.com/x dav.example.com",
		"127.0.0.1:5232":                   "http://127.0.0.1:5232/ 127.0.0.1",
		"localhost:5232/dav/":              "http://localhost:5232/dav/ localhost",
		"ftp://example.com":                "error",
		"":                                 "error",
		"alice@":                           "error",
		"two words":                        "error",
		"https://":                         "error",
	} {
		tgt, err := parseTarget(in)
		got := " " + tgt.domain
		if tgt.url != nil {
			got = tgt.url.String() + got
		}
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestCredentialsGoOnlyWhereTheyBelong(t *testing.T) {
	for _, c := range []struct {
		base, to string
		ok       bool
	}{
		{"https://example.com/dav/", "https://example.com:8443/other", true},
		{"https://caldav.icloud.com/", "https://p01-caldav.icloud.com:443/1/", true},
		{"alice@example.co.uk", "https://dav.example.co.uk/", true},
		{"alice@example.co.uk", "https://evil.co.uk/", false},
		{"https://alice.github.io/", "https://mallory.github.io/", false},
		{"https://example.com/", "http://example.com/", false},
		{"https://example.com/", "https://example.org/", false},
		{"https://example.com/", "http://127.0.0.1:8080/", false},
		{"http://example.com/", "http://example.com/dav/", true},
		{"http://example.com/", "http://dav.example.com/", false},
		{"http://example.com/", "http://example.com:8080/", false},
		{"http://example.com/", "https://dav.example.com/", true},
		{"http://127.0.0.1:1/", "http://localhost:2/", true},
		{"http://127.0.0.1:1/", "http://192.168.0.1/", false},
		{"https://192.168.0.1/", "https://192.168.0.2/", false},
		{"https://example.com/", "ftp://example.com/", false},
	} {
		tgt, err := parseTarget(c.base)
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(c.to)
		err = tgt.trusts(u)
		var host *HostError
		if (err == nil) != c.ok || !c.ok && !errors.As(err, &host) {
			t.Errorf("from %s to %s: %v, want allowed: %v", c.base, c.to, err, c.ok)
		}
	}
}

func TestOrigin(t *testing.T) {
	for in, want := range map[string]string{
		"alice@example.com": "https://example.com/", "example.com": "https://example.com/", "localhost:5232": "http://localhost:5232/",
		"https://me:pw@example.com/dav/": "https://example.com/dav/", "two words": "",
	} {
		if got, err := Origin(in); got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v, want %q", in, got, err, want)
		}
	}
}

func TestRefIsStable(t *testing.T) {
	here, _ := parseTarget("https://example.com/dav/")
	for _, s := range []string{"https://example.com/dav/a%2Fb/", "https://other.example.com/x%20y/"} {
		u, _ := url.Parse(s)
		ref := here.ref(u)
		back, err := here.resolve(ref)
		if err != nil || back.String() != s {
			t.Errorf("%s became %q and then %v, %v", s, ref, back, err)
		}
		if strings.HasPrefix(ref, "https://example.com") {
			t.Errorf("%q names the host although it is the account's own", ref)
		}
	}
	mail, _ := parseTarget("alice@example.com")
	for _, ref := range []string{"", "relative", "/path", "%zz"} {
		if _, err := mail.resolve(ref); !errors.Is(err, provider.ErrGone) {
			t.Errorf("ref %q of an account without a URL: %v, want ErrGone", ref, err)
		}
	}
}
