package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const oneContact = `{"data":[{"Last_Name":"A"}]}`

// try sends a request that may break off.
func (r *rig) try(method, path, body string) (*http.Response, string, error) {
	req, err := http.NewRequest(method, r.url+path, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Authorization", "Zoho-oauthtoken "+r.token)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp, string(text), err
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		kind   string
		status int // 0: no answer
		made   int
		broken bool
	}{
		{"401", 401, 0, false}, {"429", 429, 0, false}, {"500", 500, 0, false}, {"503", 503, 0, false}, {"empty", 204, 0, false}, {"html", 200, 0, false},
		{"drop-before", 0, 0, true}, {"drop-after", 0, 1, true}, {"truncate", 201, 1, true}, {"slow", 201, 1, false},
	} {
		t.Run(c.kind, func(t *testing.T) {
			r := newRig(t, Options{})
			r.Fault(Fault{Match: "POST /crm/v8/Contacts", Kind: c.kind, RetryAfter: 7})
			if resp, _, err := r.try("GET", "/crm/v8/Contacts?fields=id", ""); err != nil || resp.StatusCode != 204 {
				t.Fatal("another request is spoilt", err)
			}
			resp, text, err := r.try("POST", "/crm/v8/Contacts", oneContact)
			if (err != nil) != c.broken || (resp == nil) != (c.status == 0) || resp != nil && resp.StatusCode != c.status {
				t.Fatalf("%v %v %q", resp, err, text)
			}
			if c.kind == "truncate" && (!errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(text, `{"data":[{"code":"SUCCESS"`)) {
				t.Errorf("%v %q", err, text)
			}
			if resp != nil && resp.Header.Get("Retry-After") != "7" {
				t.Error("no Retry-After")
			}
			if n := len(r.Records("Contacts")); n != c.made {
				t.Errorf("%d records were made", n)
			}
			log := r.Requests()
			if last := log[len(log)-1]; last.Fault != c.kind || last.Status != c.status {
				t.Errorf("%+v", last)
			}
			// The fault is used up.
			if resp, _, err := r.try("POST", "/crm/v8/Contacts", oneContact); err != nil || resp.StatusCode != 201 {
				t.Error(err)
			}
		})
	}
}

func TestFaultsMatch(t *testing.T) {
	r := newRig(t, Options{})
	r.Fault(Fault{Match: "/oauth/", Kind: "500"})
	r.Fault(Fault{Match: "DELETE", Kind: "503"})
	r.Fault(Fault{Kind: "429", Count: 2})
	if got := r.refresh(r.Info(r.url)); got["code"] != "INTERNAL_ERROR" {
		t.Error(got["error"])
	}
	r.want(r.do("GET", "/crm/v8/org", ""), 429, "TOO_MANY_REQUESTS")
	r.want(r.do("DELETE", "/crm/v8/Tasks?ids=1", ""), 503, "SERVICE_UNAVAILABLE")
	r.want(r.do("GET", "/crm/v8/org", ""), 429, "TOO_MANY_REQUESTS")
	r.want(r.do("GET", "/crm/v8/org", ""), 200, "")
}

func TestCreditsRunOut(t *testing.T) {
	r := checked(t, Options{Credits: 10})
	ten := `{"data":[` + strings.TrimSuffix(strings.Repeat(`{"Last_Name":"A"},`, 11), ",") + `]}`
	left := func(a reply) string { return a.header.Get("X-API-CREDITS-REMAINING") }
	got := r.want(r.do("POST", "/crm/v8/Contacts", ten), 201, "") // 2 credits for 11 records
	if left(got) != "" || r.Credits() != 2 {
		t.Errorf("%q %d", left(got), r.Credits())
	}
	for i := range 8 {
		got = r.want(r.do("GET", "/crm/v8/org", ""), 200, "")
		if want := map[bool]string{true: fmt.Sprint(7 - i)}[3+i >= 5]; left(got) != want {
			t.Errorf("call %d: %q, want %q", i, left(got), want)
		}
	}
	r.want(r.do("GET", "/crm/v8/org", ""), 429, "TOO_MANY_REQUESTS")
	if r.Credits() != 10 {
		t.Error("a refused call was charged")
	}
	r.Advance(24 * time.Hour)
	r.token = r.Token()
	r.want(r.do("GET", "/crm/v8/org", ""), 200, "")
}

func TestCallsAtOnce(t *testing.T) {
	m := newMeter(Options{Edition: "free"})
	for range 5 {
		if refused := m.enter(1, false); refused != "" {
			t.Fatal(refused)
		}
	}
	if m.enter(1, false) == "" {
		t.Error("six calls at once in the free edition")
	}
	m.leave(1, false)
	if m.enter(1, false) != "" {
		t.Error("a finished call still counts")
	}
	m = newMeter(Options{Edition: "ultimate"})
	for range complexAtOnce {
		m.enter(1, true)
	}
	if m.enter(1, true) == "" || m.enter(1, false) != "" {
		t.Error("eleven complex calls at once, or no simple one besides")
	}
}

func TestWeight(t *testing.T) {
	many := `{"data":[` + strings.TrimSuffix(strings.Repeat(`{},`, 11), ",") + `]}`
	for _, c := range []struct {
		method, path, body string
		units              int
		hard               bool
	}{
		{"GET", "/crm/v8/Contacts?fields=id", "", 1, false}, {"GET", "/crm/v8/Contacts?fields=id&sort_by=id", "", 1, true},
		{"GET", "/crm/v8/Contacts?fields=id&cvid=1", "", 1, true}, {"GET", "/crm/v8/Contacts/search?word=a", "", 1, true},
		{"POST", "/crm/v8/coql", "", 1, true}, {"POST", "/crm/v8/__composite_requests", "", 5, true},
		{"POST", "/crm/v8/Contacts", oneContact, 1, false}, {"PUT", "/crm/v8/Contacts", many, 1, true},
	} {
		req, _ := http.NewRequest(c.method, c.path, nil)
		if units, hard := weigh(req, []byte(c.body)); units != c.units || hard != c.hard {
			t.Errorf("%s %s: %d %t", c.method, c.path, units, hard)
		}
	}
}

// Calls in progress hold their place, so that the limit shows through the whole server.
func TestTooManyAtOnce(t *testing.T) {
	r := checked(t, Options{Edition: "free"})
	busy := func(f func()) {
		r.mu.Lock()
		defer r.mu.Unlock()
		f()
	}
	busy(func() { r.meter.enter(5, false) })
	r.want(r.do("GET", "/crm/v8/org", ""), 429, "TOO_MANY_REQUESTS")
	if r.Credits() != 0 {
		t.Error("a refused call was charged")
	}
	busy(func() { r.meter.leave(1, false) })
	r.want(r.do("GET", "/crm/v8/org", ""), 200, "")
	r.want(r.do("POST", "/crm/v8/__composite_requests", `{"__composite_requests":[{"method":"GET","uri":"/crm/v8/org"}]}`), 429, "TOO_MANY_REQUESTS")
	busy(func() { r.meter.leave(4, false) })
	if r.meter.active != 0 || r.meter.hard != 0 {
		t.Errorf("%d calls are still counted as in progress", r.meter.active)
	}
}
