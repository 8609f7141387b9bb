package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"zohosync/sync/provider"
)

// SourceOptions is what tests replace.
type SourceOptions struct {
	HTTP *http.Client     // to the accounts server; nil: one that follows no redirects
	Now  func() time.Time // nil: time.Now
}

// Source hands out the access token of one Zoho account and renews it: five minutes early, one request at a time for all
// callers, never more often than Zoho bears. The token is cached in the vault, so that a restart renews nothing.
type Source struct {
	vault   Vault
	account string
	cred    Credentials
	hc      *http.Client
	now     func() time.Time
	flight  singleflight.Group

	mu       sync.Mutex
	loaded   bool
	access   accessToken
	rejected string      // a token that the API refused before its time
	dead     string      // a refresh token that the accounts server refused for good
	deadErr  error       // and how
	renewals []time.Time // the last ones
}

// NewSource returns the tokens of an account that signed in before (SignIn.Keep). ClientSecret may be empty in c: then
// it is read from the vault.
func NewSource(v Vault, account string, c Credentials, o SourceOptions) *Source {
	s := &Source{vault: v, account: account, cred: c, hc: o.HTTP, now: o.Now}
	if s.hc == nil {
		s.hc = accountsClient()
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s
}

// Format keeps the tokens out of every verb.
func (s *Source) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "tokens of "+s.cred.String()) }

// Token returns a good access token. ErrAuth with an *Error when the person has to sign in again, provider.RetryError
// when time helps.
func (s *Source) Token(ctx context.Context) (string, error) {
	if token, ok := s.fresh(); ok {
		return token, nil
	}
	// A caller who gives up must not end the renewal that others wait for, nor one whose rotated token is not saved yet.
	answers := s.flight.DoChan("", func() (any, error) {
		detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Minute)
		defer cancel()
		return s.obtain(detached)
	})
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case a := <-answers:
		if a.Err != nil {
			return "", a.Err
		}
		return a.Val.(string), nil
	}
}

// Reject says that the API refused this token. The next Token is another one; a token that was replaced meanwhile is
// not rejected twice.
func (s *Source) Reject(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.access.Token == token {
		s.rejected = token
	}
}

func (s *Source) fresh() (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.access.Token, s.usable() && s.now().Before(s.access.Renew)
}

// usable tells whether the token opens the API; mu is held.
func (s *Source) usable() bool {
	return s.access.Token != "" && s.access.Token != s.rejected && s.now().Before(s.access.Expires)
}

// obtain runs once at a time.
func (s *Source) obtain(ctx context.Context) (string, error) {
	if err := s.load(ctx); err != nil {
		return "", err
	}
	if token, ok := s.fresh(); ok {
		return token, nil
	}
	err := s.renew(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	// Renewing early may fail; the old token is good for some minutes yet.
	if err != nil && (!s.usable() || errors.Is(err, provider.ErrAuth)) {
		return "", err
	}
	return s.access.Token, nil
}

// load reads what an earlier process left in the vault.
func (s *Source) load(ctx context.Context) error {
	s.mu.Lock()
	loaded := s.loaded
	s.mu.Unlock()
	if loaded {
		return nil
	}
	text, err := s.vault.Get(ctx, secretAccess(s.account))
	if err != nil && !errors.Is(err, ErrNoSecret) {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loaded = true
	if err == nil {
		s.access = decodeAccessToken(text)
	}
	return nil
}

func (s *Source) renew(ctx context.Context) error {
	refresh, cred, err := s.secrets(ctx)
	if err != nil {
		return err
	}
	if err := s.mayRenew(refresh); err != nil {
		return err
	}
	if _, err := DataCentreOf(cred.AccountsURL); err != nil {
		return err
	}
	a, err := renew(ctx, s.hc, cred, refresh, s.now())
	if err != nil {
		s.failed(ctx, refresh, err)
		return err
	}
	// A rotated token is worth the whole account: it is safe before anything is done with the answer.
	if a.refresh != refresh {
		if err := s.vault.Set(ctx, secretRefresh(s.account), a.refresh); err != nil {
			return err
		}
	}
	s.mu.Lock()
	s.access = a.access
	s.mu.Unlock()
	// The access token is only a cache: without it the next start renews once more.
	_ = s.vault.Set(ctx, secretAccess(s.account), a.access.encode())
	return nil
}

func (s *Source) secrets(ctx context.Context) (string, Credentials, error) {
	cred := s.cred
	refresh, err := s.vault.Get(ctx, secretRefresh(s.account))
	if errors.Is(err, ErrNoSecret) {
		return "", cred, &Error{Code: CodeSignedOut}
	}
	if err != nil || cred.ClientSecret != "" {
		return refresh, cred, err
	}
	cred.ClientSecret, err = s.vault.Get(ctx, SecretClient(s.account))
	if errors.Is(err, ErrNoSecret) {
		err = nil // a client that has none
	}
	return refresh, cred, err
}

// maxRenewals in ten minutes is half of what Zoho allows: an API that refuses every token must not lock the account.
const maxRenewals = 5

// mayRenew keeps the pause that Zoho asked for, and one of our own.
func (s *Source) mayRenew(refresh string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deadErr != nil && s.dead == refresh {
		return s.deadErr
	}
	now := s.now()
	if wait := s.access.Pause.Sub(now); wait > 0 {
		return throttled(wait)
	}
	for len(s.renewals) > 0 && now.Sub(s.renewals[0]) >= coolDown {
		s.renewals = s.renewals[1:]
	}
	if len(s.renewals) >= maxRenewals {
		return throttled(coolDown - now.Sub(s.renewals[0]))
	}
	s.renewals = append(s.renewals, now)
	return nil
}

// failed remembers what makes another attempt pointless: a pause, also over a restart, or a refused refresh token.
func (s *Source) failed(ctx context.Context, refresh string, err error) {
	var later *provider.RetryError
	s.mu.Lock()
	if errors.Is(err, provider.ErrAuth) {
		s.dead, s.deadErr = refresh, err
	}
	if errors.Is(err, errUnanswered) { // being offline uses up nothing
		s.renewals = s.renewals[:len(s.renewals)-1]
	}
	paused := errors.As(err, &later) && later.After > 0
	if paused {
		s.access.Pause = s.now().Add(later.After)
	}
	text := s.access.encode()
	s.mu.Unlock()
	if paused {
		_ = s.vault.Set(ctx, secretAccess(s.account), text) // without it only a restart forgets the pause
	}
}
