package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// refreshToken is one grant of a user to a client. It does not expire and is not rotated.
type refreshToken struct {
	value  string
	client *client
	user   *user
	scopes []string
	made   time.Time
	issued []time.Time    // when it made access tokens, for the limit
	active []*accessToken // oldest first
}

// accessToken opens the API for an hour.
type accessToken struct {
	value   string
	refresh *refreshToken
	expires time.Time
	evicted bool
}

// Limits of tokens (https://www.zoho.com/crm/developer/docs/api/v8/token-validity.html).
const (
	accessLife = time.Hour
	maxActive  = 15 // access tokens of one refresh token
	maxRefresh = 20 // refresh tokens of one user and client
)

// grant makes a refresh token; beyond the limit the oldest of the same user and client goes, with its access tokens.
func (a *accounts) grant(c *client, u *user, scopes []string, now time.Time) *refreshToken {
	var same []*refreshToken
	for _, t := range a.refresh {
		if t.client == c && t.user == u {
			same = append(same, t)
		}
	}
	slices.SortFunc(same, func(x, y *refreshToken) int { return x.made.Compare(y.made) })
	for len(same) >= maxRefresh && !a.unlimited {
		a.revoke(same[0])
		same = same[1:]
	}
	t := &refreshToken{value: a.secret(32), client: c, user: u, scopes: scopes, made: now}
	a.refresh[t.value] = t
	return t
}

func (a *accounts) revoke(t *refreshToken) {
	delete(a.refresh, t.value)
	for _, access := range t.active {
		delete(a.access, access.value)
	}
}

// issue makes an access token, or nil when the refresh token was used too often.
func (a *accounts) issue(t *refreshToken, now time.Time) *accessToken {
	if t.issued = recent(t.issued, now); len(t.issued) >= maxGrants && !a.unlimited {
		return nil
	}
	t.issued = append(t.issued, now)
	t.active = slices.DeleteFunc(t.active, func(x *accessToken) bool { return !now.Before(x.expires) })
	if len(t.active) >= maxActive && !a.unlimited {
		t.active[0].evicted = true
		t.active = t.active[1:]
	}
	access := &accessToken{value: a.secret(32), refresh: t, expires: now.Add(accessLife)}
	t.active = append(t.active, access)
	a.access[access.value] = access
	return access
}

// check finds a token that is good now, or says why there is none.
func (a *accounts) check(value string, now time.Time) (*accessToken, string) {
	t := a.access[value]
	switch {
	case t == nil || !now.Before(t.expires):
		return nil, "INVALID_TOKEN"
	case t.evicted:
		return nil, "INVALID_OAUTHTOKEN"
	}
	return t, ""
}

// form reads parameters as Zoho does: from the query, an urlencoded form or a multipart form.
func form(r *http.Request) url.Values {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		r.ParseMultipartForm(maxBody)
	} else {
		r.ParseForm()
	}
	return r.Form
}

// oauthError is an error of the accounts server. It comes with 200: only the body tells.
func oauthError(w http.ResponseWriter, name string) {
	writeJSON(w, http.StatusOK, object{"error": name})
}

// throttled is the answer to too many tokens in a window.
func throttled(w http.ResponseWriter) {
	writeJSON(w, http.StatusBadRequest, object{
		"error": "Access Denied", "status": "failure",
		"error_description": "You have made too many requests continuously. Please try again after some time.",
	})
}

// tokenCall answers POST /oauth/v2/token.
func (s *Server) tokenCall(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		oauthError(w, "invalid_request")
		return
	}
	f := form(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.accounts.clients[f.Get("client_id")]
	switch {
	case c == nil:
		oauthError(w, "invalid_client")
	case c.secret != "" && subtle.ConstantTimeCompare([]byte(c.secret), []byte(f.Get("client_secret"))) == 0:
		oauthError(w, "invalid_client_secret")
	case f.Get("grant_type") == "authorization_code":
		s.redeem(w, r, c, f)
	case f.Get("grant_type") == "refresh_token":
		t := s.accounts.refresh[f.Get("refresh_token")]
		if t == nil || t.client != c {
			oauthError(w, "invalid_code")
			return
		}
		s.answerToken(w, r, t, false)
	default:
		oauthError(w, "unsupported_grant_type")
	}
}

// redeem exchanges a code.
func (s *Server) redeem(w http.ResponseWriter, r *http.Request, c *client, f url.Values) {
	code := s.accounts.codes[f.Get("code")]
	delete(s.accounts.codes, f.Get("code"))
	switch {
	case code == nil || code.client != c || !s.now().Before(code.expires):
		oauthError(w, "invalid_code")
		return
	case code.redirect != "" && code.redirect != f.Get("redirect_uri"):
		oauthError(w, "invalid_redirect_uri")
		return
	case !code.proves(f.Get("code_verifier")):
		oauthError(w, "invalid_code_verifier")
		return
	}
	// A second sign-in gets a refresh token only when it asked for consent anew.
	first := !s.accounts.granted(c, code.user)
	t := s.accounts.grant(c, code.user, code.scopes, s.now())
	s.answerToken(w, r, t, code.offline && (first || code.consent))
}

// granted tells whether the user holds a grant of the client already.
func (a *accounts) granted(c *client, u *user) bool {
	for _, t := range a.refresh {
		if t.client == c && t.user == u {
			return true
		}
	}
	return false
}

// proves checks the code verifier (RFC 7636, section 4.6).
func (c *authCode) proves(verifier string) bool {
	if c.challenge == "" {
		return true
	}
	if c.method == "S256" {
		sum := sha256.Sum256([]byte(verifier))
		verifier = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return subtle.ConstantTimeCompare([]byte(verifier), []byte(c.challenge)) == 1
}

// answerToken sends an access token, and the refresh token where it is due.
func (s *Server) answerToken(w http.ResponseWriter, r *http.Request, t *refreshToken, withRefresh bool) {
	access := s.accounts.issue(t, s.now())
	if access == nil {
		throttled(w)
		return
	}
	body := object{
		"access_token": access.value, "scope": strings.Join(t.scopes, " "), "api_domain": base(r),
		"token_type": "Bearer", "expires_in": int(accessLife / time.Second),
	}
	if withRefresh {
		body["refresh_token"] = t.value
	}
	writeJSON(w, http.StatusOK, body)
}

// revoke answers POST /oauth/v2/token/revoke.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	value := form(r).Get("token")
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.accounts.refresh[value]; t != nil {
		s.accounts.revoke(t)
	} else if t := s.accounts.access[value]; t != nil {
		delete(s.accounts.access, value)
	} else {
		oauthError(w, "invalid_code")
		return
	}
	writeJSON(w, http.StatusOK, object{"status": "success"})
}

// Token hands a test an access token without a sign-in. Without scopes it may do everything.
func (s *Server) Token(scopes ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(scopes) == 0 {
		scopes = allScopes()
	}
	t := &refreshToken{value: s.accounts.secret(32), client: s.accounts.clients[MainClient], user: s.org.users[0], scopes: scopes, made: s.now()}
	return s.accounts.issue(t, s.now()).value
}

// SelfClientCode makes a code as the self client of the API console does: without a redirect.
func (s *Server) SelfClientCode(scopes []string, life time.Duration) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := s.accounts.newCode(authRequest{
		client: s.accounts.clients[MainClient], user: s.org.users[0], scopes: scopes, offline: true, consent: true,
	}, s.now())
	s.accounts.codes[code].expires = s.now().Add(life)
	return code
}
