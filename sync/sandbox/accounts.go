package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// client is one registration of Zoho's API console.
type client struct {
	id, secret string // without a secret: a public client, which must use PKCE
	redirects  []string
	codes      []time.Time // when it was granted codes, for the limit
}

// accounts is the state of the accounts server.
type accounts struct {
	unlimited bool
	clients   map[string]*client
	requests  map[string]*authRequest // shown to the person, not yet decided
	codes     map[string]*authCode
	refresh   map[string]*refreshToken
	access    map[string]*accessToken
	devices   map[string]*device
	pages     map[string]pageToken
	location  string
}

// authRequest is a sign-in that a person has before them.
type authRequest struct {
	client    *client
	user      *user
	redirect  string
	scopes    []string
	state     string
	offline   bool
	consent   bool
	challenge string
	method    string
}

// authCode stands for a decided request for two minutes, and can be used once.
type authCode struct {
	authRequest
	expires time.Time
}

const codeLife = 2 * time.Minute

func newAccounts(s *Server) *accounts {
	a := &accounts{
		unlimited: s.o.Unlimited, location: s.o.Location,
		clients: map[string]*client{}, requests: map[string]*authRequest{}, codes: map[string]*authCode{},
		refresh: map[string]*refreshToken{}, access: map[string]*accessToken{}, devices: map[string]*device{}, pages: map[string]pageToken{},
	}
	a.clients[MainClient] = &client{id: MainClient, secret: MainSecret, redirects: s.o.Redirects}
	a.clients[DesktopClient] = &client{id: DesktopClient, redirects: s.o.Redirects}
	return a
}

// secret makes an unguessable value with Zoho's prefix.
func (a *accounts) secret(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails
	return "1000." + hex.EncodeToString(b)
}

// keepPage stores a page_token. Tokens are long, as Zoho's are.
func (a *accounts) keepPage(t pageToken) string {
	value := strings.TrimPrefix(a.secret(100), "1000.")
	a.pages[value] = t
	return value
}

func (s *Server) routeAccounts(mux *http.ServeMux) {
	mux.HandleFunc("GET /oauth/v2/auth", s.authorize)
	mux.HandleFunc("POST /oauth/v2/auth/decide", s.decide)
	mux.HandleFunc("/oauth/v2/token", s.tokenCall)
	mux.HandleFunc("/oauth/v2/token/revoke", s.revoke)
	mux.HandleFunc("/oauth/v3/device/code", s.deviceCode)
	mux.HandleFunc("/oauth/v3/device/token", s.devicePoll)
	mux.HandleFunc("GET /oauth/v3/device", s.devicePage)
	mux.HandleFunc("POST /oauth/v3/device/decide", s.deviceDecide)
	mux.HandleFunc("GET /oauth/serverinfo", s.serverInfo)
}

// base is the address under which the client reached the sandbox.
func base(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// serverInfo lists where each data centre signs people in.
func (s *Server) serverInfo(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, 200, object{"result": "success", "locations": object{s.o.Location: base(r)}})
}

var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title></head>
<body><h1>{{.Title}}</h1>
{{range .Lines}}<p>{{.}}</p>
{{end}}{{if .Action}}<form method="post" action="{{.Action}}">
{{if .Ask}}<p><label>Code <input name="{{.Name}}" value="{{.Value}}"></label></p>{{else}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}
{{if .Scopes}}<ul>{{range .Scopes}}<li>{{.}}</li>{{end}}</ul>{{end}}
<button type="submit" name="decision" value="accept">Accept</button>
<button type="submit" name="decision" value="reject">Reject</button>
</form>{{end}}</body></html>
`))

// pageData is what a page shows: a form with two buttons, or only lines.
type pageData struct {
	Title               string
	Lines, Scopes       []string
	Action, Name, Value string
	Ask                 bool
}

func (d pageData) send(w http.ResponseWriter, code int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	page.Execute(w, d)
}

func errorPage(w http.ResponseWriter, line string) {
	pageData{Title: "Zoho sandbox", Lines: []string{line}}.send(w, http.StatusBadRequest)
}

var scopeShape = regexp.MustCompile(`^Zoho[A-Za-z]+(\.[A-Za-z_]+)+$`)

// readScopes reads a comma-separated list of scopes; Zoho knows no other separator.
func readScopes(list string) ([]string, bool) {
	scopes := strings.Split(list, ",")
	return scopes, !slices.ContainsFunc(scopes, func(s string) bool { return !scopeShape.MatchString(s) })
}

// authorize shows the page on which a person lets a client in. Until the redirect URI is known to be registered, errors
// stay on the page.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.accounts.clients[q.Get("client_id")]
	scopes, good := readScopes(q.Get("scope"))
	method := q.Get("code_challenge_method")
	if method == "" {
		method = "plain"
	}
	switch {
	case c == nil:
		errorPage(w, "Invalid Client ID")
		return
	case !slices.Contains(c.redirects, q.Get("redirect_uri")):
		errorPage(w, "Invalid Redirect Uri")
		return
	case q.Get("response_type") != "code":
		errorPage(w, "Invalid Response Type")
		return
	case !good:
		errorPage(w, "Invalid OAuth Scope")
		return
	case c.secret == "" && q.Get("code_challenge") == "", method != "plain" && method != "S256":
		errorPage(w, "Invalid Code Challenge")
		return
	}
	id := s.accounts.secret(16)
	u := s.signedIn(q.Get("login_hint"))
	s.accounts.requests[id] = &authRequest{
		client: c, user: u, redirect: q.Get("redirect_uri"), scopes: scopes, state: q.Get("state"),
		offline: q.Get("access_type") == "offline", consent: q.Get("prompt") == "consent",
		challenge: q.Get("code_challenge"), method: method,
	}
	pageData{
		Title: "Zoho sandbox: sign in", Action: "/oauth/v2/auth/decide", Name: "request", Value: id, Scopes: scopes,
		Lines: []string{"Signed in as " + u.email + " (" + u.fullName() + ").", "The application " + c.id + " asks for:"},
	}.send(w, http.StatusOK)
}

// signedIn is the user whom the sandbox takes the person to be.
func (s *Server) signedIn(hint string) *user {
	for _, u := range s.org.users {
		if hint != "" && strings.EqualFold(u.email, hint) {
			return u
		}
	}
	return s.org.users[0]
}

// decide takes the person's answer and sends the browser back to the client.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PostFormValue("request")
	request := s.accounts.requests[id]
	if request == nil {
		errorPage(w, "This sign-in is over")
		return
	}
	delete(s.accounts.requests, id)
	q := url.Values{}
	if request.state != "" {
		q.Set("state", request.state)
	}
	switch {
	case r.PostFormValue("decision") != "accept", !s.accounts.mayGrant(request.client, s.now()):
		q.Set("error", "access_denied")
	default:
		q.Set("code", s.accounts.newCode(*request, s.now()))
		q.Set("location", s.o.Location)
		q.Set("accounts-server", base(r))
	}
	separator := "?"
	if strings.Contains(request.redirect, "?") {
		separator = "&"
	}
	http.Redirect(w, r, request.redirect+separator+q.Encode(), http.StatusFound)
}

func (a *accounts) newCode(request authRequest, now time.Time) string {
	code := a.secret(32)
	a.codes[code] = &authCode{authRequest: request, expires: now.Add(codeLife)}
	return code
}

// window is the period of the limits on codes and tokens.
const window = 10 * time.Minute

// maxGrants is how many codes a client is granted in a window (and, for tokens, a refresh token in a window).
const maxGrants = 10

// recent keeps the times of the running window.
func recent(times []time.Time, now time.Time) []time.Time {
	return slices.DeleteFunc(times, func(t time.Time) bool { return now.Sub(t) >= window })
}

func (a *accounts) mayGrant(c *client, now time.Time) bool {
	if c.codes = recent(c.codes, now); len(c.codes) >= maxGrants && !a.unlimited {
		return false
	}
	c.codes = append(c.codes, now)
	return true
}
