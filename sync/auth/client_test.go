package auth

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"zohosync/sync/provider"
)

// crm is a scripted CRM: what it answers to each token in turn, and what arrived.
type crm struct {
	*httptest.Server
	mu     sync.Mutex
	answer func(token string) (int, string)
	got    []string // method, token, body
}

func newCRM(t *testing.T) *crm {
	c := &crm{answer: func(string) (int, string) { return 200, "fine" }}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.got = append(c.got, r.Method+" "+r.Header.Get("Authorization")+" "+string(body))
		status, answer := c.answer(strings.TrimPrefix(r.Header.Get("Authorization"), "Zoho-oauthtoken "))
		if status == 302 {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(c.Close)
	return c
}

// client is a signed-in client of c, its token "canary-access", the next one "access-1".
func client(t *testing.T, c *crm) (*http.Client, *accounts, *clock) {
	t.Helper()
	a := newAccounts(t)
	now, v, cred := signedIn(t, a)
	cred.APIDomain = c.URL
	hc, err := ZohoClient(NewSource(v, "crm", cred, SourceOptions{Now: now.Now}), NewPacer(Transport(nil), PacerOptions{Now: now.Now}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hc.CloseIdleConnections)
	return hc, a, now
}

func call(t *testing.T, hc *http.Client, method, u, body string) (int, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, u, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := hc.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

func TestZohoClientRenewsAfter401(t *testing.T) {
	for _, code := range []string{"INVALID_TOKEN", "AUTHENTICATION_FAILURE", "INVALID_OAUTHTOKEN"} {
		c := newCRM(t)
		c.answer = func(token string) (int, string) {
			if token == "canary-access" {
				return 401, `{"code":"` + code + `","status":"error"}`
			}
			return 201, "made"
		}
		hc, _, _ := client(t, c)
		status, body, err := call(t, hc, "POST", c.URL+"/crm/v8/Contacts", "data")
		if err != nil || status != 201 || body != "made" {
			t.Fatalf("%s: %d %q, %v", code, status, body, err)
		}
		want := []string{"POST Zoho-oauthtoken canary-access data", "POST Zoho-oauthtoken access-1 data"}
		if len(c.got) != 2 || c.got[0] != want[0] || c.got[1] != want[1] {
			t.Errorf("%s: sent %q", code, c.got)
		}
	}
}

func TestZohoClientLeavesOther401(t *testing.T) {
	for _, answer := range []string{`{"code":"OAUTH_SCOPE_MISMATCH"}`, `not JSON`, ``, `{"code":"NO_PERMISSION"}`} {
		c := newCRM(t)
		c.answer = func(string) (int, string) { return 401, answer }
		hc, a, _ := client(t, c)
		status, body, err := call(t, hc, "GET", c.URL+"/crm/v8/org", "")
		if err != nil || status != 401 || body != answer {
			t.Errorf("%q: %d %q, %v", answer, status, body, err)
		}
		if len(c.got) != 1 || len(a.forms("/oauth/v2/token")) != 0 {
			t.Errorf("%q: sent %d times, %d renewals", answer, len(c.got), len(a.forms("/oauth/v2/token")))
		}
	}
}

// A second 401 is the caller's; nothing is sent a third time.
func TestZohoClientTriesTwice(t *testing.T) {
	c := newCRM(t)
	c.answer = func(string) (int, string) { return 401, `{"code":"INVALID_TOKEN"}` }
	hc, _, _ := client(t, c)
	status, body, err := call(t, hc, "DELETE", c.URL+"/crm/v8/Contacts?ids=1", "")
	if err != nil || status != 401 || !strings.Contains(body, "INVALID_TOKEN") || len(c.got) != 2 {
		t.Errorf("%d %q, %v, sent %d times", status, body, err, len(c.got))
	}
}

func TestZohoClientSignedOutMeanwhile(t *testing.T) {
	c := newCRM(t)
	c.answer = func(string) (int, string) { return 401, `{"code":"INVALID_TOKEN"}` }
	hc, a, _ := client(t, c)
	a.answer = func(string, url.Values) (int, string) { return 200, `{"error":"invalid_code"}` }
	_, _, err := call(t, hc, "PUT", c.URL+"/crm/v8/Contacts", "data")
	wantCode(t, err, CodeRevoked)
	if len(c.got) != 1 {
		t.Errorf("sent %d times", len(c.got))
	}
}

func TestZohoClientOffline(t *testing.T) {
	c := newCRM(t)
	hc, a, now := client(t, c)
	now.Add(2 * time.Hour)
	a.Close()
	_, _, err := call(t, hc, "POST", c.URL+"/crm/v8/Contacts", "data")
	wantRetry(t, err, 0, false) // the write itself never left
	if len(c.got) != 0 {
		t.Error("sent without a token")
	}
}

// The token goes to the account's API host and nowhere else, not by a redirect either.
func TestZohoClientPinsTheHost(t *testing.T) {
	c, other := newCRM(t), newCRM(t)
	hc, _, _ := client(t, c)
	named := strings.Replace(c.URL, "127.0.0.1", "localhost", 1)
	for _, u := range []string{other.URL, strings.Replace(c.URL, "http", "https", 1), named, "https://www.zohoapis.com/crm/v8/org"} {
		if _, _, err := call(t, hc, "POST", u, "x"); !errors.Is(err, ErrOtherHost) {
			t.Errorf("%s: %v, want ErrOtherHost", u, err)
		}
	}
	c.answer = func(string) (int, string) { return 302, "" }
	if status, _, err := call(t, hc, "GET", c.URL+"/x", ""); err != nil || status != 302 || len(c.got) != 1 {
		t.Errorf("a redirect: %d, %v, sent %d times", status, err, len(c.got))
	}
	if len(other.got) != 0 {
		t.Error("another host was asked")
	}
	for _, api := range []string{"https://evil.example", "", "https://www.zohoapis.com"} {
		_, err := ZohoClient(NewSource(nil, "crm", Credentials{AccountsURL: "http://127.0.0.1:1", APIDomain: api}, SourceOptions{}), nil)
		if !errors.Is(err, ErrUnknownDataCentre) {
			t.Errorf("API domain %q: %v", api, err)
		}
	}
}

func TestZohoClientBodyOnlyOnce(t *testing.T) {
	c := newCRM(t)
	c.answer = func(string) (int, string) { return 401, `{"code":"INVALID_TOKEN"}` }
	hc, a, _ := client(t, c)
	r, _ := http.NewRequest("POST", c.URL, io.NopCloser(strings.NewReader("stream")))
	resp, err := hc.Do(r)
	if err != nil || resp.StatusCode != 401 || len(c.got) != 1 || len(a.forms("/oauth/v2/token")) != 0 {
		t.Fatalf("%v, %v, sent %d times", resp, err, len(c.got))
	}
	resp.Body.Close()
}

func TestZohoClientConcurrently(t *testing.T) {
	c := newCRM(t)
	c.answer = func(token string) (int, string) {
		if token == "canary-access" {
			return 401, `{"code":"INVALID_TOKEN"}`
		}
		return 200, "fine"
	}
	hc, a, _ := client(t, c)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if status, _, err := call(t, hc, "POST", c.URL, "x"); err != nil || status != 200 {
				t.Errorf("%d, %v", status, err)
			}
		})
	}
	wg.Wait()
	if n := len(a.forms("/oauth/v2/token")); n != 1 {
		t.Errorf("%d renewals", n)
	}
}

func TestZohoClientCountsTheRepeat(t *testing.T) {
	c := newCRM(t)
	c.answer = func(token string) (int, string) {
		if token == "canary-access" {
			return 401, `{"code":"INVALID_TOKEN"}`
		}
		return 200, ""
	}
	hc, _, _ := client(t, c)
	var m provider.Meter
	r, _ := http.NewRequestWithContext(provider.WithMeter(t.Context(), &m), "GET", c.URL, nil)
	resp, err := hc.Do(r)
	if err != nil || m.Requests() != 1 {
		t.Fatalf("%v, %d counted", err, m.Requests())
	}
	resp.Body.Close()
}
