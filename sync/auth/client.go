package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"zohosync/sync/provider"
)

// ErrOtherHost says that a request was for another host than the account's own. It was not sent.
var ErrOtherHost = errors.New("not the account's own host")

// ZohoClient speaks to the CRM API of one account and to no other host. Each request carries the account's access token.
// A 401 that the token is to blame for proves that nothing was carried out: then the request is sent once more with a
// new token, also when it writes. Redirects are answers.
func ZohoClient(s *Source, p *Pacer) (*http.Client, error) {
	api, err := apiDomain(s.cred.AccountsURL, s.cred.APIDomain)
	if err != nil {
		return nil, err
	}
	host, ok := origin(api)
	if !ok {
		return nil, unknownHost(api)
	}
	return &http.Client{Transport: &bearer{source: s, next: p, api: host}, CheckRedirect: noRedirect}, nil
}

type bearer struct {
	source *Source
	next   http.RoundTripper
	api    *url.URL
}

// RoundTrip implements http.RoundTripper.
func (b *bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != b.api.Scheme || !sameHost(r.URL, b.api) {
		closeBody(r)
		return nil, fmt.Errorf("%w: %q", ErrOtherHost, r.URL.Host)
	}
	token, err := b.source.Token(r.Context())
	if err != nil {
		closeBody(r)
		return nil, unsent(err)
	}
	resp, err := b.next.RoundTrip(authorised(r, token))
	if err != nil || !stale(resp) {
		return resp, err
	}
	if r.Body != nil && r.Body != http.NoBody && r.GetBody == nil {
		return resp, nil
	}
	b.source.Reject(token)
	token, err = b.source.Token(r.Context())
	if err != nil {
		_ = resp.Body.Close()
		return nil, unsent(err)
	}
	again, err := rewound(r)
	if err != nil {
		_ = resp.Body.Close()
		return nil, unsent(err)
	}
	_ = resp.Body.Close()
	provider.MeterOf(r.Context()).Request(0)
	return b.next.RoundTrip(authorised(again, token))
}

// CloseIdleConnections is called by http.Client's method of that name.
func (b *bearer) CloseIdleConnections() { closeIdle(b.next) }

func authorised(r *http.Request, token string) *http.Request {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Zoho-oauthtoken "+token)
	return r
}

// unsent marks failures before the request left, so that a write is known not to have happened.
func unsent(err error) error {
	var later *provider.RetryError
	if errors.As(err, &later) || errors.Is(err, provider.ErrAuth) {
		return err
	}
	return &provider.RetryError{Err: err}
}

// stale tells a token that has ended from a missing scope, which no new token would heal. What it reads of the body is
// put back.
func stale(resp *http.Response) bool {
	if resp.StatusCode != http.StatusUnauthorized {
		return false
	}
	head, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), resp.Body), resp.Body}
	var said struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(head, &said) != nil {
		return false
	}
	switch said.Code {
	case "INVALID_TOKEN", "AUTHENTICATION_FAILURE", "INVALID_OAUTHTOKEN":
		return true
	}
	return false
}

// sameHost compares hosts with the port that a scheme implies.
func sameHost(a, b *url.URL) bool { return a.Hostname() == b.Hostname() && portOf(a) == portOf(b) }

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

func closeIdle(rt http.RoundTripper) {
	if c, ok := rt.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
