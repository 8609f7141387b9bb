package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"zohosync/sync/provider"
)

// signedIn is an account that has just signed in, its clock and its vault.
func signedIn(t *testing.T, a *accounts) (*clock, Vault, Credentials) {
	t.Helper()
	now := newClock()
	v, err := OpenVault(VaultMemory, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	s := SignIn{Credentials: a.credentials(), Now: now.Now}
	g, err := s.SelfClient(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Keep(t.Context(), v, "crm", g); err != nil {
		t.Fatal(err)
	}
	// From now on every answer is another access token, and the sign-in is not counted.
	n := 0
	a.answer = func(string, url.Values) (int, string) {
		n++
		return 200, fmt.Sprintf(`{"access_token":"access-%d","expires_in":3600}`, n)
	}
	a.posts = nil
	return now, v, CredentialsOf(g.Settings())
}

func wantToken(t *testing.T, s *Source, want string) {
	t.Helper()
	if got, err := s.Token(t.Context()); err != nil || got != want {
		t.Fatalf("Token: %q, %v, want %q", got, err, want)
	}
}

// C-22: a token is renewed five minutes before its end, with the refresh token of offline access.
func TestTokenIsRenewedEarly(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	s := NewSource(v, "crm", c, SourceOptions{Now: now.Now})
	wantToken(t, s, "canary-access") // of the sign-in: nothing is asked
	now.Add(55*time.Minute - time.Second)
	wantToken(t, s, "canary-access")
	now.Add(time.Second)
	wantToken(t, s, "access-1")
	wantToken(t, s, "access-1")
	form := a.forms("/oauth/v2/token")
	if len(form) != 1 {
		t.Fatalf("%d renewals", len(form))
	}
	for name, want := range map[string]string{
		"grant_type": "refresh_token", "refresh_token": "canary-refresh", "client_id": "1000.CLIENT", "client_secret": "canary-client",
	} {
		if form[0].Get(name) != want {
			t.Errorf("%s = %q, want %q", name, form[0].Get(name), want)
		}
	}
	wantToken(t, NewSource(v, "crm", c, SourceOptions{Now: now.Now}), "access-1") // after a restart
	if n := len(a.forms("/oauth/v2/token")); n != 1 {
		t.Errorf("a restart renewed: %d", n)
	}
}

func TestOneRenewalForAll(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	now.Add(2 * time.Hour)
	s := NewSource(v, "crm", c, SourceOptions{Now: now.Now})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if got, err := s.Token(t.Context()); err != nil || got != "access-1" {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	wg.Wait()
	for range 20 { // all saw the same token refused
		wg.Go(func() {
			s.Reject("access-1")
			if got, err := s.Token(t.Context()); err != nil || got != "access-2" {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	wg.Wait()
	if n := len(a.forms("/oauth/v2/token")); n != 2 {
		t.Errorf("%d renewals, want 2", n)
	}
}

// A late word about an old token does not bring a refused one back.
func TestRejectedTwice(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	s := NewSource(v, "crm", c, SourceOptions{Now: now.Now})
	wantToken(t, s, "canary-access")
	s.Reject("canary-access")
	wantToken(t, s, "access-1")
	s.Reject("access-1")
	s.Reject("canary-access")
	wantToken(t, s, "access-2")
}

// A caller who gives up does not take the renewal away from the others.
func TestRenewalOutlivesItsCaller(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	now.Add(2 * time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	asked, goOn := make(chan struct{}), make(chan struct{})
	answer := a.answer
	a.answer = func(p string, f url.Values) (int, string) {
		close(asked)
		<-goOn
		return answer(p, f)
	}
	s := NewSource(v, "crm", c, SourceOptions{Now: now.Now})
	first := make(chan error, 1)
	go func() { _, err := s.Token(ctx); first <- err }()
	<-asked
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller who gave up: %v", err)
	}
	close(goOn)
	wantToken(t, s, "access-1")
}

// order is a vault that notes what is stored, and fails where told.
type order struct {
	Vault
	mu   sync.Mutex
	sets []string
	fail string
}

func (o *order) Set(ctx context.Context, name, secret string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fail != "" && strings.HasSuffix(name, o.fail) {
		return fmt.Errorf("%w: locked", ErrNoKeychain)
	}
	o.sets = append(o.sets, name)
	return o.Vault.Set(ctx, name, secret)
}

// C-22: a refresh token that the server rotated is stored before the new token is used, so that a power cut between the two locks
// nobody out.
func TestRotatedTokenIsSavedFirst(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	now.Add(2 * time.Hour)
	a.answer = func(string, url.Values) (int, string) {
		return 200, `{"access_token":"new","refresh_token":"rotated","expires_in":3600}`
	}
	o := &order{Vault: v}
	s := NewSource(o, "crm", c, SourceOptions{Now: now.Now})
	wantToken(t, s, "new")
	if len(o.sets) != 2 || o.sets[0] != "crm/refresh-token" {
		t.Errorf("stored %v, want the refresh token first", o.sets)
	}
	if got, _ := v.Get(t.Context(), "crm/refresh-token"); got != "rotated" {
		t.Errorf("refresh token %q", got)
	}

	// What cannot be saved is not used: the token would be lost with this process.
	now.Add(2 * time.Hour)
	a.answer = func(string, url.Values) (int, string) {
		return 200, `{"access_token":"newer","refresh_token":"rotated again","expires_in":3600}`
	}
	o.fail = "refresh-token"
	if got, err := s.Token(t.Context()); !errors.Is(err, ErrNoKeychain) {
		t.Errorf("%q, %v, want ErrNoKeychain", got, err)
	}
	o.fail = "access-token" // only a cache
	wantToken(t, s, "newer")
}

func TestThrottleIsKeptOverRestart(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	now.Add(2 * time.Hour)
	good := a.answer
	a.answer = func(string, url.Values) (int, string) { return 400, `{"error":"Access Denied"}` }
	_, err := NewSource(v, "crm", c, SourceOptions{Now: now.Now}).Token(t.Context())
	wantRetry(t, err, 10*time.Minute, false)
	now.Add(4 * time.Minute)
	s := NewSource(v, "crm", c, SourceOptions{Now: now.Now})
	for range 3 {
		_, err = s.Token(t.Context())
		wantCode(t, err, CodeThrottled)
		wantRetry(t, err, 6*time.Minute, false)
	}
	if n := len(a.forms("/oauth/v2/token")); n != 1 {
		t.Errorf("%d requests during the pause", n)
	}
	now.Add(6 * time.Minute)
	a.answer = good
	wantToken(t, s, "access-1")
}

// A pause that begins while the token is still good for some minutes stops nobody.
func TestOldTokenServesUntilItEnds(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	s := NewSource(v, "crm", c, SourceOptions{Now: now.Now})
	a.answer = func(string, url.Values) (int, string) { return 503, "" }
	now.Add(56 * time.Minute)
	wantToken(t, s, "canary-access")
	now.Add(4 * time.Minute)
	_, err := s.Token(t.Context())
	wantRetry(t, err, 0, false)
}

// C-21: a refresh token that is no longer good is one state, told once and not tried again, until somebody signs in.
func TestRevokedAccount(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	now.Add(2 * time.Hour)
	s := NewSource(v, "crm", c, SourceOptions{Now: now.Now})
	good := a.answer
	a.answer = func(string, url.Values) (int, string) { return 200, `{"error":"invalid_code"}` }
	for range 3 {
		_, err := s.Token(t.Context())
		wantCode(t, err, CodeRevoked)
	}
	if n := len(a.forms("/oauth/v2/token")); n != 1 {
		t.Errorf("a refused token was tried %d times", n)
	}
	a.answer = good
	if err := v.Set(t.Context(), "crm/refresh-token", "of a new sign-in"); err != nil {
		t.Fatal(err)
	}
	wantToken(t, s, "access-1")
}

// An API that refuses every token must not lead to the limit of ten renewals in ten minutes.
func TestRenewalsAreLimited(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	now.Add(2 * time.Hour)
	s := NewSource(v, "crm", c, SourceOptions{Now: now.Now})
	for range maxRenewals {
		token, err := s.Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.Reject(token)
	}
	now.Add(4 * time.Minute)
	_, err := s.Token(t.Context())
	wantRetry(t, err, 6*time.Minute, false)
	if n := len(a.forms("/oauth/v2/token")); n != maxRenewals {
		t.Errorf("%d renewals", n)
	}
	now.Add(6 * time.Minute)
	wantToken(t, s, "access-6")
}

// Being offline for a while does not use up the renewals.
func TestOfflineIsNoRenewal(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	now.Add(2 * time.Hour)
	online := false
	hc := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if !online {
			return nil, errors.New("network is unreachable")
		}
		return http.DefaultTransport.RoundTrip(r)
	})}
	s := NewSource(v, "crm", c, SourceOptions{Now: now.Now, HTTP: hc})
	for range 2 * maxRenewals {
		if _, err := s.Token(t.Context()); err == nil {
			t.Fatal("a token came from nowhere")
		}
	}
	online = true
	wantToken(t, s, "access-1")
}

// roundTrip makes a function an http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSourceWithoutSecrets(t *testing.T) {
	a := newAccounts(t)
	now, v, c := signedIn(t, a)
	now.Add(2 * time.Hour)
	_, err := NewSource(v, "another", c, SourceOptions{Now: now.Now}).Token(t.Context())
	wantCode(t, err, CodeSignedOut)
	for name, bad := range map[string]string{"refresh token": "crm/refresh-token", "client secret": "crm/client-secret", "cache": "crm/access-token"} {
		_, err := NewSource(unreadable{v, bad}, "crm", c, SourceOptions{Now: now.Now}).Token(t.Context())
		if !errors.Is(err, ErrNoKeychain) || errors.Is(err, provider.ErrAuth) {
			t.Errorf("locked keychain, %s: %v", name, err)
		}
	}
	if err := v.Set(t.Context(), "crm/access-token", "{broken"); err != nil {
		t.Fatal(err)
	}
	wantToken(t, NewSource(v, "crm", c, SourceOptions{Now: now.Now}), "access-1")
	c.AccountsURL = "https://evil.example"
	_, err = NewSource(v, "crm", c, SourceOptions{Now: func() time.Time { return now.Now().Add(2 * time.Hour) }}).Token(t.Context())
	if !errors.Is(err, ErrUnknownDataCentre) {
		t.Errorf("unknown data centre: %v", err)
	}
}

// unreadable is a vault that does not give one secret.
type unreadable struct {
	Vault
	name string
}

func (u unreadable) Get(ctx context.Context, name string) (string, error) {
	if name == u.name {
		return "", ErrNoKeychain
	}
	return u.Vault.Get(ctx, name)
}

func TestLifeOf(t *testing.T) {
	for _, c := range []struct {
		n      int64
		millis bool
		want   time.Duration
	}{{3600, false, time.Hour}, {3600000, true, time.Hour}, {0, false, time.Hour}, {-5, false, time.Hour}} {
		if got := lifeOf(c.n, c.millis); got != c.want {
			t.Errorf("%d, %v: %v", c.n, c.millis, got)
		}
	}
	short := newAccessToken("x", time.Minute, time.Unix(0, 0))
	if short.Renew != time.Unix(30, 0) {
		t.Errorf("a token of one minute is renewed at %v", short.Renew)
	}
}
