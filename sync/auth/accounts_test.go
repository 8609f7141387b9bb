package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// accounts is a scripted accounts server.
type accounts struct {
	*httptest.Server
	answer   func(path string, form url.Values) (int, string) // of everything but the authorise page
	redirect func(q url.Values) url.Values                    // what the authorise page sends back

	mu    sync.Mutex
	asked []url.Values // queries of the authorise page
	posts []post
}

type post struct {
	path string
	form url.Values
}

func newAccounts(t *testing.T) *accounts {
	a := &accounts{}
	a.redirect = func(q url.Values) url.Values { return url.Values{"code": {"the-code"}, "state": q["state"]} }
	a.answer = func(string, url.Values) (int, string) { return 200, a.tokens("") }
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

// tokens is a token answer; more is added to its JSON.
func (a *accounts) tokens(more string) string {
	return fmt.Sprintf(`{"access_token":"canary-access","refresh_token":"canary-refresh","api_domain":"%s",`+
		`"token_type":"Bearer","expires_in":3600%s}`, a.URL, more)
}

func (a *accounts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.URL.Path == "/oauth/v2/auth" {
		q := r.URL.Query()
		a.asked = append(a.asked, q)
		w.Header().Set("Location", q.Get("redirect_uri")+"?"+a.redirect(q).Encode())
		w.WriteHeader(http.StatusFound)
		return
	}
	a.posts = append(a.posts, post{r.Method + " " + r.URL.Path, r.Form})
	status, body := a.answer(r.URL.Path, r.Form)
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// forms returns what was posted to a path.
func (a *accounts) forms(path string) []url.Values {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []url.Values
	for _, p := range a.posts {
		if p.path == "POST "+path {
			all = append(all, p.form)
		}
	}
	return all
}

func (a *accounts) credentials() Credentials {
	return Credentials{ClientID: "1000.CLIENT", ClientSecret: "canary-client", AccountsURL: a.URL}
}

// proves tells whether a verifier fits an S256 challenge (RFC 7636 4.6).
func proves(verifier, challenge string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:]) == challenge
}

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
