package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
)

// SignIn gets tokens for a Zoho account. Only Credentials are needed, and Show for Browser.
type SignIn struct {
	Credentials
	Scopes []string               // nil: Scopes()
	Hint   string                 // e-mail address to fill into Zoho's form
	Show   func(url string) error // opens the browser, or shows the address
	Pages  Pages                  // what the browser shows at the end
	Ports  []int                  // nil: Ports()
	HTTP   *http.Client           // to the accounts server; nil: one that follows no redirects
	Now    func() time.Time       // nil: time.Now
	Sleep  Sleep                  // between two polls of Device; nil: real time
}

// Browser signs the person in with the browser of the system (RFC 8252): PKCE, a random state, and a redirect to a
// listener on this computer that lives as long as the call. It ends when the person has said yes or no, or with ctx.
func (s SignIn) Browser(ctx context.Context) (Grant, error) {
	s, err := s.ready()
	if err != nil {
		return Grant{}, err
	}
	if s.Show == nil {
		return Grant{}, &Error{Code: CodeBrowser}
	}
	back, err := listen(s.Ports)
	if err != nil {
		return Grant{}, err
	}
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	conf := s.config(back.redirect, s.Scopes)
	opts := []oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(verifier),
		oauth2.AccessTypeOffline,
		oauth2.SetAuthURLParam("prompt", "consent"), // without it the second sign-in gives no refresh token
	}
	if s.Hint != "" {
		opts = append(opts, oauth2.SetAuthURLParam("login_hint", s.Hint))
	}
	calls, stop := back.serve(s.Pages, state)
	defer stop()
	shown := make(chan error, 1)
	go func() { shown <- s.Show(conf.AuthCodeURL(state, opts...)) }() // some browsers return only when closed
	for {
		select {
		case <-ctx.Done():
			return Grant{}, ctx.Err()
		case err := <-shown:
			if err != nil {
				return Grant{}, &Error{Code: CodeBrowser, Err: err}
			}
		case call := <-calls:
			g, err := s.finish(ctx, call.query, conf.RedirectURL, verifier)
			call.done <- err
			return g, err
		}
	}
}

// finish exchanges the code of the redirect at the accounts server that the redirect names.
func (s SignIn) finish(ctx context.Context, q url.Values, redirect, verifier string) (Grant, error) {
	if word := q.Get("error"); word != "" {
		return Grant{}, refusal(word, q.Get("error_description"))
	}
	registered := s.AccountsURL
	if server := q.Get("accounts-server"); server != "" {
		next, err := nextAccounts(s.AccountsURL, server)
		if err != nil {
			return Grant{}, err
		}
		s.AccountsURL = next
	}
	conf := s.config(redirect, s.Scopes)
	a, err := exchange(ctx, s.HTTP, conf, q.Get("code"), s.Now(), oauth2.VerifierOption(verifier))
	if err != nil {
		return Grant{}, elsewhere(err, registered != s.AccountsURL)
	}
	return grantOf(s.Credentials, a)
}

// elsewhere names the usual reason why a good client is unknown at another data centre.
func elsewhere(err error, moved bool) error {
	if e, ok := err.(*Error); ok && moved && e.Code == CodeClient {
		e.Code = CodeMultiDC
	}
	return err
}

// SelfClient signs in with a code that a person made in Zoho's API console (self client, "Generate Code").
func (s SignIn) SelfClient(ctx context.Context, code string) (Grant, error) {
	s, err := s.ready()
	if err != nil {
		return Grant{}, err
	}
	a, err := exchange(ctx, s.HTTP, s.config("", nil), code, s.Now())
	if err != nil {
		return Grant{}, err
	}
	return grantOf(s.Credentials, a)
}

// FromRefreshToken signs in with a refresh token that a person already has; one renewal proves it.
func (s SignIn) FromRefreshToken(ctx context.Context, token string) (Grant, error) {
	s, err := s.ready()
	if err != nil {
		return Grant{}, err
	}
	a, err := renew(ctx, s.HTTP, s.Credentials, token, s.Now())
	if err != nil {
		return Grant{}, err
	}
	g, err := grantOf(s.Credentials, a)
	g.given = a.refresh == token
	return g, err
}

// ready fills in what was left out, and accepts the accounts server.
func (s SignIn) ready() (SignIn, error) {
	home, err := DataCentreOf(s.AccountsURL)
	if err != nil {
		return s, err
	}
	s.AccountsURL = home.Accounts
	if s.Scopes == nil {
		s.Scopes = Scopes()
	}
	if s.Ports == nil {
		s.Ports = Ports()
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.HTTP == nil {
		s.HTTP = accountsClient()
	}
	s.Sleep = s.Sleep.orReal()
	return s, nil
}

// accountsClient follows no redirects: a token request repeated elsewhere would carry its secrets along.
func accountsClient() *http.Client {
	return &http.Client{Transport: Transport(nil), CheckRedirect: noRedirect, Timeout: time.Minute}
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
