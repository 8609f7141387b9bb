package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"
)

// Basic is an account that signs in by user and password (RFC 7617).
type Basic struct {
	User     string
	Password func(ctx context.Context) (string, error) // asked once, and again after a 401
	URL      string                                    // what the person gave: the host that may have the password
}

// PasswordFrom reads the account's password from the vault.
func PasswordFrom(v Vault, account string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		s, err := v.Get(ctx, SecretPassword(account))
		if errors.Is(err, ErrNoSecret) {
			return "", &Error{Code: CodeSignedOut}
		}
		return s, err
	}
}

// BasicClient sends the password to the host of b.URL and to hosts of the same registered domain by https; to
// this computer when b.URL is on this computer. Requests to other hosts go without; when such a host answers 401, that is
// an *Error with CodeHost. Redirects are answers: who follows one chooses the method.
func BasicClient(b Basic, p *Pacer) (*http.Client, error) {
	home, err := url.Parse(b.URL)
	if err != nil || home.Host == "" || home.Scheme != "https" && home.Scheme != "http" {
		return nil, errors.New("the account's address is not an http or https URL")
	}
	return &http.Client{Transport: &basic{b: b, home: home, next: p}, CheckRedirect: noRedirect}, nil
}

type basic struct {
	b    Basic
	home *url.URL
	next http.RoundTripper

	mu       sync.Mutex
	password string
}

// RoundTrip implements http.RoundTripper.
func (t *basic) RoundTrip(r *http.Request) (*http.Response, error) {
	known := mayKnow(t.home, r.URL)
	r = r.Clone(r.Context())
	r.Header.Del("Authorization")
	if known {
		password, err := t.secret(r.Context())
		if err != nil {
			closeBody(r)
			return nil, unsent(err)
		}
		r.SetBasicAuth(t.b.User, password)
	}
	resp, err := t.next.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	if !known {
		drain(resp.Body)
		return nil, &Error{Code: CodeHost, Err: fmt.Errorf("%w: %q", ErrOtherHost, r.URL.Host)}
	}
	t.forget()
	return resp, nil
}

// CloseIdleConnections is called by http.Client's method of that name.
func (t *basic) CloseIdleConnections() { closeIdle(t.next) }

// secret asks for the password until it is there; a keychain is too slow to be asked for every request.
func (t *basic) secret(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.password == "" {
		password, err := t.b.Password(ctx)
		if err != nil {
			return "", err
		}
		t.password = password
	}
	return t.password, nil
}

// forget makes the next request ask again: the person may have stored a new password meanwhile.
func (t *basic) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.password = ""
}

// mayKnow tells whether a password for home may be sent to u. Home sets may live on another host of the same owner
// (iCloud's do), but never over an unencrypted connection that the person did not ask for.
func mayKnow(home, u *url.URL) bool {
	from, to := strings.ToLower(home.Hostname()), strings.ToLower(u.Hostname())
	switch {
	case home.Scheme == u.Scheme && from == to && portOf(home) == portOf(u):
		return true
	case isLoopback(from) || isLoopback(to):
		return isLoopback(from) && isLoopback(to)
	case u.Scheme != "https":
		return false
	case from == to:
		return true
	}
	// Addresses and single names have no registered domain.
	a, errA := publicsuffix.EffectiveTLDPlusOne(from)
	b, errB := publicsuffix.EffectiveTLDPlusOne(to)
	return errA == nil && errB == nil && a == b
}
