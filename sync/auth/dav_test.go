package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
)

func TestMayKnow(t *testing.T) {
	for _, c := range []struct {
		home, to string
		want     bool
	}{
		{"https://dav.example.com/me", "https://dav.example.com:443/other", true},
		{"https://caldav.icloud.com", "https://p52-caldav.icloud.com:443/1/principal", true},
		{"https://example.co.uk", "https://dav.example.co.uk", true},
		{"http://dav.example.com", "https://dav.example.com", true},
		{"http://nas:5232", "http://nas:5232/u", true},
		{"http://nas:5232", "https://nas", true},
		{"http://127.0.0.1:1", "http://localhost:2", true},
		{"https://192.168.1.5", "https://192.168.1.5:8443", true},
		{"https://dav.example.com", "http://dav.example.com", false},
		{"https://dav.example.com", "http://dav.example.com:443", false},
		{"http://nas:5232", "http://nas:5233", false},
		{"https://example.co.uk", "https://other.co.uk", false},
		{"https://me.github.io", "https://you.github.io", false},
		{"https://192.168.1.5", "https://10.0.1.5", false},
		{"https://1.2.3.4", "https://9.2.3.4", false},
		{"https://nas", "https://other", false},
		{"https://dav.example.com", "https://127.0.0.1", false},
		{"http://127.0.0.1:1", "https://dav.example.com", false},
		{"https://dav.example.com", "https://dav.example.com.evil.test", false},
	} {
		home, _ := url.Parse(c.home)
		to, _ := url.Parse(c.to)
		if got := mayKnow(home, to); got != c.want {
			t.Errorf("password of %s to %s: %v, want %v", c.home, c.to, got, c.want)
		}
	}
}

// davClient is a client of https://dav.example.com/ whose requests are kept, not sent.
func davClient(t *testing.T, status int, password func(context.Context) (string, error)) (*http.Client, *[]*http.Request) {
	t.Helper()
	var seen []*http.Request
	p := NewPacer(roundTrip(func(r *http.Request) (*http.Response, error) {
		seen = append(seen, r)
		return &http.Response{StatusCode: status, Header: http.Header{"Location": {"/x"}}, Body: http.NoBody, Request: r}, nil
	}), PacerOptions{Parallel: DAVParallel})
	hc, err := BasicClient(Basic{User: "jörg", Password: password, URL: "https://dav.example.com/"}, p)
	if err != nil {
		t.Fatal(err)
	}
	return hc, &seen
}

func TestBasicClient(t *testing.T) {
	asked := 0
	hc, seen := davClient(t, 207, func(context.Context) (string, error) { asked++; return "canary: p", nil })
	for _, u := range []string{"https://dav.example.com/a", "https://dav2.example.com/", "https://example.org/"} {
		r, _ := http.NewRequest("PROPFIND", u, nil)
		r.Header.Set("Authorization", "Basic of-someone-else")
		if _, err := hc.Do(r); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []bool{true, true, false} {
		user, password, ok := (*seen)[i].BasicAuth()
		if ok != want || want && (user != "jörg" || password != "canary: p") {
			t.Errorf("request %d: credentials sent %v", i, ok)
		}
		if !want && (*seen)[i].Header.Get("Authorization") != "" {
			t.Error("the caller's own header went to another host")
		}
	}
	if asked != 1 {
		t.Errorf("the password was asked %d times", asked)
	}
}

// A host that may not have the password and wants one is named; a wrong password at home is an answer.
func TestBasicClient401(t *testing.T) {
	hc, _ := davClient(t, 401, func(context.Context) (string, error) { return "canary", nil })
	_, _, err := call(t, hc, "PROPFIND", "https://example.org/", "")
	wantCode(t, err, CodeHost)
	if !errors.Is(err, ErrOtherHost) {
		t.Errorf("%v, want ErrOtherHost", err)
	}
	if status, _, err := call(t, hc, "PROPFIND", "https://dav.example.com/", ""); err != nil || status != 401 {
		t.Errorf("%d, %v, want the 401", status, err)
	}
}

// A new password in the vault is used as soon as the old one was refused.
func TestBasicClientNewPassword(t *testing.T) {
	v, _ := OpenVault(VaultMemory, "", nil)
	hc, seen := davClient(t, 401, PasswordFrom(v, "home"))
	for _, password := range []string{"old", "new"} {
		if err := v.Set(t.Context(), SecretPassword("home"), password); err != nil {
			t.Fatal(err)
		}
		if _, _, err := call(t, hc, "PROPFIND", "https://dav.example.com/", ""); err != nil {
			t.Fatal(err)
		}
		if _, sent, _ := (*seen)[len(*seen)-1].BasicAuth(); sent != password {
			t.Errorf("sent %q, want %q", sent, password)
		}
	}
}

func TestBasicClientRedirectIsAnAnswer(t *testing.T) {
	hc, seen := davClient(t, 301, func(context.Context) (string, error) { return "canary", nil })
	if status, _, err := call(t, hc, "PROPFIND", "https://dav.example.com/", ""); err != nil || status != 301 || len(*seen) != 1 {
		t.Errorf("%d, %v, %d requests", status, err, len(*seen))
	}
}

func TestBasicClientWithoutPassword(t *testing.T) {
	v, _ := OpenVault(VaultMemory, "", nil)
	hc, seen := davClient(t, 207, PasswordFrom(v, "home"))
	_, _, err := call(t, hc, "PUT", "https://dav.example.com/a.ics", "x")
	wantCode(t, err, CodeSignedOut)
	if len(*seen) != 0 {
		t.Error("sent without a password")
	}
	if err := v.Set(t.Context(), SecretPassword("home"), "p"); err != nil {
		t.Fatal(err)
	}
	if status, _, err := call(t, hc, "PUT", "https://dav.example.com/a.ics", "x"); err != nil || status != 207 {
		t.Errorf("once there is one: %d, %v", status, err)
	}
	hc, _ = davClient(t, 207, PasswordFrom(unreadable{v, "home/password"}, "home"))
	_, _, err = call(t, hc, "PUT", "https://dav.example.com/a.ics", "x")
	wantRetry(t, err, 0, false)
	for _, u := range []string{"", "dav.example.com", "ftp://dav.example.com", "https://"} {
		if _, err := BasicClient(Basic{URL: u}, nil); err == nil {
			t.Errorf("%q was accepted", u)
		}
	}
}
