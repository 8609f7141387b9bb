package oascheck

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// witness collects what a check reports.
type witness struct {
	testing.TB
	errors []string
}

func (w *witness) Helper() {}

func (w *witness) Errorf(format string, args ...any) {
	w.errors = append(w.errors, fmt.Sprintf(format, args...))
}

func here(t *testing.T) {
	t.Helper()
	if c, err := New(); err != nil {
		t.Fatal(err)
	} else if c == nil {
		t.Skip("the description of the API is not on this machine")
	}
}

// answering is a server that always says the same.
func answering(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		if body != "" {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}

const (
	goodList = `{"data":[{"id":"1"}]}`
	secret   = "Lovelace"
)

var cases = []struct {
	name, method, path, request string
	status                      int
	response                    string
	wrong                       int
}{
	{"right", "GET", "/crm/v8/Contacts?fields=id", "", 200, goodList, 0},
	{"no fields", "GET", "/crm/v8/Contacts", "", 200, goodList, 1},
	{"refused as it should be", "GET", "/crm/v8/Contacts", "", 400, `{"code":"REQUIRED_PARAM_MISSING","details":{},"message":"m","status":"error"}`, 0},
	{"number as id", "GET", "/crm/v8/Contacts?fields=id", "", 200, `{"data":[{"id":1,"Last_Name":"` + secret + `"}]}`, 1},
	{"unknown code", "GET", "/crm/v8/Contacts?fields=id", "", 400, `{"code":"OOPS","message":"` + secret + `","status":"error"}`, 1},
	{"304 unasked", "GET", "/crm/v8/Contacts?fields=id", "", 304, "", 1},
	{"body without data", "POST", "/crm/v8/Contacts", `{"Last_Name":"` + secret + `"}`, 201, `{"data":[]}`, 1},
	{"left out", "GET", "/crm/v8/settings/custom_views?module=Contacts", "", 200, `{}`, 0},
	{"not the CRM", "GET", "/oauth/serverinfo", "", 200, `{}`, 0},
	{"mistyped", "GET", "/crm/v8/settings/field?module=Contacts", "", 200, `{}`, 2},
}

func TestHandlerReports(t *testing.T) {
	here(t)
	for _, c := range cases {
		w := &witness{TB: t}
		server := httptest.NewServer(Handler(w, answering(c.status, c.response)))
		send(t, http.DefaultTransport, server.URL, c.method, c.path, c.request)
		server.Close()
		w.expect(t, c.name, c.wrong)
	}
}

func TestTransportReports(t *testing.T) {
	here(t)
	for _, c := range cases {
		w := &witness{TB: t}
		server := httptest.NewServer(answering(c.status, c.response))
		body := send(t, Transport(w, http.DefaultTransport), server.URL, c.method, c.path, c.request)
		server.Close()
		if body != c.response {
			t.Errorf("%s: the answer was changed on its way", c.name)
		}
		w.expect(t, c.name, c.wrong)
	}
}

func send(t *testing.T, transport http.RoundTripper, url, method, path, body string) string {
	t.Helper()
	req, err := http.NewRequest(method, url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Zoho-oauthtoken x")
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (w *witness) expect(t *testing.T, name string, wrong int) {
	t.Helper()
	if len(w.errors) != wrong {
		t.Errorf("%s: reported %q", name, w.errors)
	}
	for _, line := range w.errors {
		if strings.Contains(line, secret) {
			t.Errorf("%s: the report shows what is in a record: %s", name, line)
		}
	}
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, errors.New("cut") }
func (brokenBody) Close() error             { return nil }

// An answer that breaks off must break off for the client, too, and is no fault of the API's shape.
func TestTransportPassesBreaksOn(t *testing.T) {
	here(t)
	w := &witness{TB: t}
	inner := roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: brokenBody{}, Request: r}, nil
	})
	req := httptest.NewRequest("GET", "http://x/crm/v8/Contacts?fields=id", nil)
	resp, err := Transport(w, inner).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(resp.Body); err == nil || err.Error() != "cut" {
		t.Error(err)
	}
	w.expect(t, "cut", 0)
}

func TestSharedIsFoundByItsVariable(t *testing.T) {
	t.Setenv("ZOHOSYNC_SHARED", t.TempDir())
	if path, found := Shared("nothing.json"); found {
		t.Error(path)
	}
}
