package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
)

// browser follows an address like a person who says yes, and keeps the last page.
type browser struct {
	pages chan string
	codes chan int
}

func newBrowser() *browser { return &browser{make(chan string, 4), make(chan int, 4)} }

func (b *browser) show(u string) error {
	resp, err := http.Get(u)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	b.pages <- string(page)
	b.codes <- resp.StatusCode
	return err
}

func testSignIn(a *accounts, b *browser) SignIn {
	return SignIn{
		Credentials: a.credentials(), Show: b.show, Ports: []int{0}, Hint: "someone@example.com",
		Pages: Pages{Lang: "fr", Done: Page{"Connecté", "Fermez <cette> page."}, Failed: Page{"Échec", "Recommencez."}},
	}
}

// C-22: a sign-in asks for offline access with consent, and comes back with a refresh token.
func TestBrowserSignIn(t *testing.T) {
	a, b := newAccounts(t), newBrowser()
	g, err := testSignIn(a, b).Browser(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if g.RefreshToken != "canary-refresh" || g.APIDomain != a.URL || g.AccountsURL != a.URL || g.access.Token != "canary-access" {
		t.Errorf("grant: %s %s %s", g.RefreshToken, g.APIDomain, g.AccountsURL)
	}
	q := a.asked[0]
	for name, want := range map[string]string{
		"response_type": "code", "client_id": "1000.CLIENT", "scope": strings.Join(Scopes(), ","),
		"access_type": "offline", "prompt": "consent", "login_hint": "someone@example.com", "code_challenge_method": "S256",
	} {
		if q.Get(name) != want {
			t.Errorf("%s = %q, want %q", name, q.Get(name), want)
		}
	}
	if len(q.Get("state")) < 20 || q.Has("client_secret") {
		t.Errorf("authorise query %v", q)
	}
	if back, _ := url.Parse(q.Get("redirect_uri")); back.Hostname() != "localhost" || back.Path != "/callback" {
		t.Errorf("redirect_uri %v", back)
	}
	form := a.forms("/oauth/v2/token")[0]
	for name, want := range map[string]string{
		"grant_type": "authorization_code", "code": "the-code", "client_id": "1000.CLIENT",
		"client_secret": "canary-client", "redirect_uri": q.Get("redirect_uri"),
	} {
		if form.Get(name) != want {
			t.Errorf("token request: %s = %q, want %q", name, form.Get(name), want)
		}
	}
	if !proves(form.Get("code_verifier"), q.Get("code_challenge")) {
		t.Error("the verifier does not fit the challenge")
	}
	if page := <-b.pages; !strings.Contains(page, "Connecté") || !strings.Contains(page, "Fermez &lt;cette&gt; page.") ||
		!strings.Contains(page, `lang="fr"`) {
		t.Errorf("page: %s", page)
	}
	if conn, err := net.Dial("tcp", strings.TrimPrefix(strings.TrimSuffix(q.Get("redirect_uri"), "/callback"), "http://")); err == nil {
		conn.Close()
		t.Error("the listener is still there")
	}
}

func TestBrowserSignInTwiceDiffers(t *testing.T) {
	a := newAccounts(t)
	for range 2 {
		if _, err := testSignIn(a, newBrowser()).Browser(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"state", "code_challenge"} {
		if a.asked[0].Get(name) == a.asked[1].Get(name) {
			t.Errorf("%s is the same twice", name)
		}
	}
}

func TestPublicClientSendsNoSecret(t *testing.T) {
	a := newAccounts(t)
	s := testSignIn(a, newBrowser())
	s.ClientSecret = ""
	if _, err := s.Browser(t.Context()); err != nil {
		t.Fatal(err)
	}
	if form := a.forms("/oauth/v2/token")[0]; form.Has("client_secret") {
		t.Error("an empty secret was sent")
	}
}

// A redirect with another state, without a code, or to another path is a stranger's; the sign-in goes on.
func TestStrangeRedirects(t *testing.T) {
	a := newAccounts(t)
	s := testSignIn(a, nil)
	var statuses []int
	b := newBrowser()
	s.Show = func(u string) error {
		q, _ := url.Parse(u)
		back := q.Query().Get("redirect_uri")
		for _, bad := range []string{"?code=stolen&state=guess", "?code=stolen", "?state=" + q.Query().Get("state"), "/../favicon.ico"} {
			resp, err := http.Get(back + bad)
			if err != nil {
				return err
			}
			resp.Body.Close()
			statuses = append(statuses, resp.StatusCode)
		}
		return b.show(u)
	}
	if _, err := s.Browser(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-b.pages // the statuses are written before
	if fmt.Sprint(statuses) != "[400 400 400 404]" {
		t.Errorf("answers to strangers: %v", statuses)
	}
	if forms := a.forms("/oauth/v2/token"); len(forms) != 1 || forms[0].Get("code") != "the-code" {
		t.Errorf("token requests: %v", forms)
	}
}

func TestRedirectErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		back url.Values
		code string
	}{
		{"refused", url.Values{"error": {"access_denied"}}, CodeDenied},
		{"scope", url.Values{"error": {"invalid_scope"}}, CodeScope},
		{"tokens", url.Values{"error": {"general_error"}, "error_description": {"Too many refresh tokens"}}, CodeTooManyTokens},
		{"throttled", url.Values{"error": {"Access Denied"}}, CodeThrottled},
		{"odd", url.Values{"error": {"1000.canary-refresh"}}, CodeAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := newAccounts(t), newBrowser()
			a.redirect = func(q url.Values) url.Values { return c.back } // Zoho is not known to repeat the state here
			_, err := testSignIn(a, b).Browser(t.Context())
			wantCode(t, err, c.code)
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error quotes the answer: %v", err)
			}
			if page := <-b.pages; !strings.Contains(page, "Échec") {
				t.Errorf("page: %s", page)
			}
		})
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("%v, want code %q", err, code)
	}
	healed := code == CodeThrottled || code == CodeAnswer
	if errors.Is(err, provider.ErrAuth) == healed {
		t.Errorf("%v: provider.ErrAuth is %v", err, !healed)
	}
}

// Zoho sends people of another data centre back with that centre's accounts server.
func TestMultiDataCentre(t *testing.T) {
	home, other := newAccounts(t), newAccounts(t)
	home.redirect = func(q url.Values) url.Values {
		return url.Values{"code": {"c"}, "state": q["state"], "location": {"in"}, "accounts-server": {other.URL}}
	}
	g, err := testSignIn(home, newBrowser()).Browser(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if g.AccountsURL != other.URL || g.APIDomain != other.URL {
		t.Errorf("grant at %s and %s, want %s", g.AccountsURL, g.APIDomain, other.URL)
	}
	if n := len(home.forms("/oauth/v2/token")); n != 0 {
		t.Errorf("%d token requests at the first data centre", n)
	}
	other.answer = func(string, url.Values) (int, string) { return 200, `{"error":"invalid_client"}` }
	_, err = testSignIn(home, newBrowser()).Browser(t.Context())
	wantCode(t, err, CodeMultiDC)
}

func TestUnknownDataCentreGetsNothing(t *testing.T) {
	for _, server := range []string{"https://accounts.zoho.com.evil.example", "https://accounts.zoho.com", "http://10.0.0.1"} {
		a := newAccounts(t)
		a.redirect = func(q url.Values) url.Values {
			return url.Values{"code": {"c"}, "state": q["state"], "accounts-server": {server}}
		}
		if _, err := testSignIn(a, newBrowser()).Browser(t.Context()); !errors.Is(err, ErrUnknownDataCentre) {
			t.Errorf("%s: %v", server, err)
		}
	}
	a := newAccounts(t)
	a.answer = func(string, url.Values) (int, string) {
		return 200, `{"access_token":"x","refresh_token":"y","api_domain":"https://www.zohoapis.com"}`
	}
	if _, err := testSignIn(a, newBrowser()).Browser(t.Context()); !errors.Is(err, ErrUnknownDataCentre) {
		t.Errorf("api_domain outside loopback: %v", err)
	}
	s := SignIn{Credentials: Credentials{AccountsURL: "https://login.example.com"}}
	for name, f := range map[string]func() error{
		"browser": func() error { _, err := s.Browser(t.Context()); return err },
		"self":    func() error { _, err := s.SelfClient(t.Context(), "c"); return err },
		"refresh": func() error { _, err := s.FromRefreshToken(t.Context(), "r"); return err },
		"device":  func() error { _, err := s.Device(t.Context(), func(DeviceCode) {}); return err },
	} {
		if err := f(); !errors.Is(err, ErrUnknownDataCentre) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSignInCancelled(t *testing.T) {
	a := newAccounts(t)
	ctx, cancel := context.WithCancel(t.Context())
	s := testSignIn(a, nil)
	var address string
	s.Show = func(u string) error { address = u; cancel(); return nil }
	if _, err := s.Browser(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	u, _ := url.Parse(address)
	if resp, err := http.Get(u.Query().Get("redirect_uri")); err == nil {
		resp.Body.Close()
		t.Error("the listener is still there")
	}
	s.Show = func(string) error { return errors.New("no browser here") }
	_, err := s.Browser(t.Context())
	wantCode(t, err, CodeBrowser)
}

func TestPortsInOrder(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	_, err = listen([]int{port, port})
	wantCode(t, err, CodePorts)
	l, err := listen([]int{port, 0})
	if err != nil {
		t.Fatal(err)
	}
	for _, on := range l.on {
		if !on.Addr().(*net.TCPAddr).IP.IsLoopback() {
			t.Errorf("listens on %v", on.Addr())
		}
		on.Close()
	}
	if len(RedirectURIs()) != len(Ports()) || RedirectURIs()[0] != "http://localhost:18463/callback" {
		t.Errorf("redirect URIs to register: %v", RedirectURIs())
	}
}

// A port that someone else holds on ::1 would hand them the code, since browsers try it for localhost.
func TestPortTakenOnIPv6(t *testing.T) {
	taken, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 here")
	}
	defer taken.Close()
	_, err = listen([]int{taken.Addr().(*net.TCPAddr).Port})
	wantCode(t, err, CodePorts)
}

func TestSelfClientAndRefreshToken(t *testing.T) {
	a := newAccounts(t)
	s := SignIn{Credentials: a.credentials()}
	if _, err := s.SelfClient(t.Context(), "console-code"); err != nil {
		t.Fatal(err)
	}
	form := a.forms("/oauth/v2/token")[0]
	if form.Get("grant_type") != "authorization_code" || form.Get("code") != "console-code" || form.Has("redirect_uri") {
		t.Errorf("self client: %v", form)
	}
	a.answer = func(string, url.Values) (int, string) { // a refresh repeats no refresh token
		return 200, `{"access_token":"canary-access","api_domain":"` + a.URL + `","expires_in":3600}`
	}
	g, err := s.FromRefreshToken(t.Context(), "by-hand")
	if err != nil || g.RefreshToken != "by-hand" || g.APIDomain != a.URL {
		t.Errorf("refresh token by hand: %v, %s", err, g.APIDomain)
	}
	_, err = s.SelfClient(t.Context(), "c")
	wantCode(t, err, CodeAnswer) // without a refresh token the account would end after an hour
}

// C-21: whatever words the accounts server uses, a failed sign-in has one of our codes.
func TestTokenErrors(t *testing.T) {
	throttle := `{"error":"Access Denied","error_description":"You have made too many requests continuously. Please try again after some time.","status":"failure"}`
	for _, c := range []struct {
		status        int
		body          string
		exchange, ren string // "" is a provider.RetryError
	}{
		{200, `{"error":"invalid_code"}`, CodeExpired, CodeRevoked},
		{400, `{"error":"invalid_grant"}`, CodeExpired, CodeRevoked},
		{200, `{"error":"invalid_client"}`, CodeClient, CodeClient},
		{200, `{"error":"invalid_client_secret"}`, CodeClient, CodeClient},
		{200, `{"error":"invalid_redirect_uri"}`, CodeRedirect, CodeRedirect},
		{200, throttle, CodeThrottled, CodeThrottled},
		{400, throttle, CodeThrottled, CodeThrottled},
		{200, `{"error":"access_denied"}`, CodeThrottled, CodeThrottled},
		{429, `slow`, CodeThrottled, CodeThrottled},
		{400, `{"error":"token limit reached"}`, CodeTooManyTokens, CodeTooManyTokens},
		{200, `<html>portal of the hotel canary</html>`, CodeAnswer, CodeAnswer},
		{200, `{"token":"canary"}`, CodeAnswer, CodeAnswer},
		{404, `canary`, CodeAnswer, CodeAnswer},
		{302, ``, CodeAnswer, CodeAnswer},
		{503, `canary`, "", ""},
	} {
		a := newAccounts(t)
		a.answer = func(string, url.Values) (int, string) { return c.status, c.body }
		s := SignIn{Credentials: a.credentials()}
		_, exchange := s.SelfClient(t.Context(), "canary-code")
		_, renewed := s.FromRefreshToken(t.Context(), "canary-refresh")
		for err, code := range map[error]string{exchange: c.exchange, renewed: c.ren} {
			if code == "" {
				wantRetry(t, err, 0, false)
			} else {
				wantCode(t, err, code)
			}
			if code == CodeThrottled {
				wantRetry(t, err, 10*time.Minute, false)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("%d %s: the error quotes it: %v", c.status, c.body, err)
			}
		}
	}
}

// wantRetry wants a provider.RetryError that waits at least as long.
func wantRetry(t *testing.T, err error, after time.Duration, sent bool) {
	t.Helper()
	var later *provider.RetryError
	if !errors.As(err, &later) || later.After < after || later.Sent != sent {
		t.Fatalf("%v, want a RetryError after %v, sent %v", err, after, sent)
	}
}

// A token request repeated elsewhere would carry its secrets along.
func TestTokenRequestFollowsNoRedirect(t *testing.T) {
	a, other := newAccounts(t), newAccounts(t)
	hop := httptest.NewServer(http.RedirectHandler(other.URL+"/oauth/v2/token", http.StatusTemporaryRedirect))
	defer hop.Close()
	c := a.credentials()
	c.AccountsURL = hop.URL
	_, err := SignIn{Credentials: c}.FromRefreshToken(t.Context(), "canary-refresh")
	wantCode(t, err, CodeAnswer)
	if len(other.posts) != 0 {
		t.Error("the refresh token went along")
	}
}

func TestTokenRequestUnreachable(t *testing.T) {
	a := newAccounts(t)
	a.Close()
	_, err := SignIn{Credentials: a.credentials()}.FromRefreshToken(t.Context(), "canary-refresh")
	wantRetry(t, err, 0, false)
	if errors.Is(err, provider.ErrAuth) {
		t.Error("an unreachable server asks for a new sign-in")
	}
}
