package auth

import (
	"context"
	"fmt"
	"html"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/provider/zoho"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

// stage is the stand-in for Zoho, which shares no code with this package, on the clock of the test.
type stage struct {
	*sandbox.Server
	url   string
	clock *clock
	vault Vault
}

func newStage(t *testing.T, ports ...int) *stage {
	t.Helper()
	now := newClock()
	var redirects []string
	for _, p := range ports {
		redirects = append(redirects, redirectURI(p))
	}
	s := sandbox.New(sandbox.Options{Contacts: 3, Tasks: 2, Events: 2, Seed: 1, Now: now.Now, Redirects: redirects})
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	v, err := OpenVault(VaultMemory, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return &stage{s, srv.URL, now, v}
}

func (s *stage) signIn(client, secret string, ports ...int) SignIn {
	return SignIn{
		Credentials: Credentials{ClientID: client, ClientSecret: secret, AccountsURL: s.url},
		Ports:       ports, Now: s.clock.Now, Sleep: func(_ context.Context, d time.Duration) error { s.clock.Add(d); return nil },
	}
}

// org asks the CRM for something that needs a good token.
func (s *stage) org(t *testing.T, c Credentials) (int, error) {
	t.Helper()
	hc, err := ZohoClient(NewSource(s.vault, "crm", c, SourceOptions{Now: s.clock.Now}), NewPacer(Transport(nil), PacerOptions{Now: s.clock.Now}))
	if err != nil {
		t.Fatal(err)
	}
	defer hc.CloseIdleConnections()
	status, _, err := call(t, hc, "GET", s.url+"/crm/v8/org", "")
	return status, err
}

var (
	formAction = regexp.MustCompile(`action="([^"]*)"`)
	formHidden = regexp.MustCompile(`type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// person opens the page and clicks one of its buttons, like a browser: the redirect is followed to our listener.
func person(decision string, pages chan<- string) func(string) error {
	return func(address string) error {
		at, err := url.Parse(address)
		if err != nil {
			return err
		}
		resp, err := http.Get(address)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		action, hidden := formAction.FindSubmatch(text), formHidden.FindSubmatch(text)
		if err != nil || action == nil || hidden == nil {
			return fmt.Errorf("no form: %v\n%s", err, text)
		}
		to, err := at.Parse(html.UnescapeString(string(action[1])))
		if err != nil {
			return err
		}
		resp, err = http.PostForm(to.String(), url.Values{
			string(hidden[1]): {html.UnescapeString(string(hidden[2]))}, "decision": {decision},
		})
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		text, err = io.ReadAll(resp.Body)
		pages <- string(text)
		return err
	}
}

// freePorts are free now; the redirects of a client have to be registered before anything listens, so there are several.
func freePorts(t *testing.T) []int {
	t.Helper()
	var free []int
	for range 3 {
		l, err := listen([]int{0})
		if err != nil {
			t.Fatal(err)
		}
		for _, on := range l.on {
			defer on.Close()
		}
		free = append(free, l.on[0].Addr().(*net.TCPAddr).Port)
	}
	return free
}

// The life of an account: sign in with the browser, work, renew after an hour, sign out. Once with a secret, and once
// as a public client that has only PKCE.
func TestSandboxBrowser(t *testing.T) {
	for client, secret := range map[string]string{sandbox.MainClient: sandbox.MainSecret, sandbox.DesktopClient: ""} {
		t.Run(client, func(t *testing.T) {
			ports := freePorts(t)
			st := newStage(t, ports...)
			s := st.signIn(client, secret, ports...)
			pages := make(chan string, 1)
			s.Show, s.Pages = person("accept", pages), Pages{Done: Page{Title: "Signed in"}}
			g, err := s.Browser(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if page := <-pages; !strings.Contains(page, "Signed in") {
				t.Errorf("page: %s", page)
			}
			if err := s.Keep(t.Context(), st.vault, "crm", g); err != nil {
				t.Fatal(err)
			}
			c := CredentialsOf(g.Settings())
			for range 3 {
				if status, err := st.org(t, c); err != nil || status != 200 {
					t.Fatalf("%d, %v", status, err)
				}
				st.clock.Add(2 * time.Hour)
			}
			if err := SignOut(t.Context(), st.vault, "crm", c, nil); err != nil {
				t.Fatal(err)
			}
			_, err = st.org(t, c)
			wantCode(t, err, CodeSignedOut)
			_, err = s.FromRefreshToken(t.Context(), g.RefreshToken)
			wantCode(t, err, CodeRevoked)
		})
	}
}

func TestSandboxRefuses(t *testing.T) {
	ports := freePorts(t)
	st := newStage(t, ports...)
	s := st.signIn(sandbox.MainClient, sandbox.MainSecret, ports...)
	pages := make(chan string, 2)
	s.Show, s.Pages = person("reject", pages), Pages{Failed: Page{Title: "Not signed in"}}
	_, err := s.Browser(t.Context())
	wantCode(t, err, CodeDenied)
	if page := <-pages; !strings.Contains(page, "Not signed in") {
		t.Errorf("page: %s", page)
	}
	s.ClientSecret = "wrong"
	s.Show = person("accept", pages)
	_, err = s.Browser(t.Context())
	wantCode(t, err, CodeClient)
	_, err = s.SelfClient(t.Context(), "nonsense")
	wantCode(t, err, CodeClient)
	s.ClientSecret = sandbox.MainSecret
	_, err = s.SelfClient(t.Context(), "nonsense")
	wantCode(t, err, CodeExpired)
	_, err = s.FromRefreshToken(t.Context(), "nonsense")
	wantCode(t, err, CodeRevoked)
}

func TestSandboxSelfClient(t *testing.T) {
	st := newStage(t)
	s := st.signIn(sandbox.MainClient, sandbox.MainSecret)
	code := st.SelfClientCode(Scopes(), 3*time.Minute)
	g, err := s.SelfClient(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	if g.APIDomain != st.url || !strings.HasPrefix(g.RefreshToken, "1000.") {
		t.Errorf("API at %s", g.APIDomain)
	}
	_, err = s.SelfClient(t.Context(), code)
	wantCode(t, err, CodeExpired) // used once
	late := st.SelfClientCode(Scopes(), time.Minute)
	st.clock.Add(time.Minute)
	_, err = s.SelfClient(t.Context(), late)
	wantCode(t, err, CodeExpired)
}

func TestSandboxDevice(t *testing.T) {
	for decision, code := range map[string]string{"accept": "", "reject": CodeDenied, "nothing": CodeExpired} {
		t.Run(decision, func(t *testing.T) {
			st := newStage(t)
			g, err := st.signIn(sandbox.MainClient, sandbox.MainSecret).Device(t.Context(), func(c DeviceCode) {
				if c.UserCode == "" || !strings.HasPrefix(c.URL, st.url) || !c.Expires.After(st.clock.Now()) {
					t.Errorf("shown: %+v", c)
				}
				if decision != "nothing" && !st.DecideDevice(c.UserCode, decision) {
					t.Error("the code is not known")
				}
			})
			if code != "" {
				wantCode(t, err, code)
				return
			}
			if err != nil || g.APIDomain != st.url {
				t.Errorf("API at %q, %v", g.APIDomain, err)
			}
		})
	}
}

// The throttle of the accounts server is understood, and our own limit keeps clear of it.
func TestSandboxThrottle(t *testing.T) {
	st := newStage(t)
	s := st.signIn(sandbox.MainClient, sandbox.MainSecret)
	g, err := s.SelfClient(t.Context(), st.SelfClientCode(Scopes(), time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if _, err = s.FromRefreshToken(t.Context(), g.RefreshToken); err != nil {
			break
		}
	}
	wantCode(t, err, CodeThrottled)
	wantRetry(t, err, 10*time.Minute, false)
}

// A token that the API evicted is replaced without a word.
func TestSandboxEvictedToken(t *testing.T) {
	st := newStage(t)
	s := st.signIn(sandbox.MainClient, sandbox.MainSecret)
	g, err := s.SelfClient(t.Context(), st.SelfClientCode(Scopes(), time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	g.access = newAccessToken("1000.evicted", time.Hour, st.clock.Now())
	if err := s.Keep(t.Context(), st.vault, "crm", g); err != nil {
		t.Fatal(err)
	}
	if status, err := st.org(t, CredentialsOf(g.Settings())); err != nil || status != 200 {
		t.Errorf("%d, %v", status, err)
	}
}

// sink keeps the last result.
type sink struct{ provider.Result }

func (s *sink) Before(int, []byte) error            { return nil }
func (s *sink) Done(_ int, r provider.Result) error { s.Result = r; return nil }

// Scopes are enough for what the CRM client does: list, read and write all three modules, find an account by name.
func TestSandboxScopesSuffice(t *testing.T) {
	st := newStage(t)
	s := st.signIn(sandbox.MainClient, sandbox.MainSecret)
	g, err := s.SelfClient(t.Context(), st.SelfClientCode(Scopes(), time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Keep(t.Context(), st.vault, "crm", g); err != nil {
		t.Fatal(err)
	}
	hc, err := ZohoClient(NewSource(st.vault, "crm", g.Credentials, SourceOptions{Now: st.clock.Now}), NewPacer(Transport(nil), PacerOptions{Now: st.clock.Now}))
	if err != nil {
		t.Fatal(err)
	}
	p, err := zoho.New(provider.Account{Name: "crm", Service: "zoho", Settings: g.Settings()}, hc)
	if err != nil {
		t.Fatal(err)
	}
	patches := map[record.Kind]record.Patch{
		record.Contact: {record.LastName: "Nobody", record.Account: "No such company"},
		record.Task:    {record.Subject: "Nothing"},
		record.Event:   {record.Title: "Nothing", record.When: "2026-11-23T10:00:00Z/2026-11-23T11:00:00Z"},
	}
	all, err := p.Collections(t.Context())
	if err != nil || len(all) < 3 {
		t.Fatalf("%d collections, %v", len(all), err)
	}
	for _, info := range all {
		kind := info.Kinds[0]
		patch := patches[kind]
		c, err := p.Open(t.Context(), info.Ref, kind, slices.Collect(maps.Keys(patch)))
		if err != nil {
			t.Fatalf("%s: %v", info.Ref, err)
		}
		page, err := c.Changes(t.Context(), "", record.Window{})
		if err != nil || len(page.Changed)+len(page.Skipped) == 0 {
			t.Fatalf("%s: %d items, %v", info.Ref, len(page.Changed), err)
		}
		var made sink
		if err := c.Apply(t.Context(), []record.Write{{Op: record.Create, Key: info.Ref, Patch: patch}}, &made); err != nil || made.Err != nil {
			t.Fatalf("%s: create: %v, %v", info.Ref, err, made.Err)
		}
		gone := record.Write{Op: record.Delete, ID: made.Item.ID}
		if err := c.Apply(t.Context(), []record.Write{gone}, &made); err != nil || made.Err != nil {
			t.Fatalf("%s: delete: %v, %v", info.Ref, err, made.Err)
		}
	}
	for _, r := range st.Requests() {
		if r.Status == 401 || r.Status == 403 {
			t.Errorf("%s %s: %d", r.Method, r.Path, r.Status)
		}
	}
}
