package sandbox

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"
)

// device is one sign-in of an application without a browser.
type device struct {
	client   *client
	scopes   []string
	userCode string
	expires  time.Time
	polled   time.Time
	decision string // "", accept, reject, or the location of another data centre
	used     bool
}

// Times of the device flow. Zoho writes them in milliseconds.
const (
	deviceLife = 5 * time.Minute
	devicePace = 30 * time.Second
)

// deviceCode answers POST /oauth/v3/device/code.
func (s *Server) deviceCode(w http.ResponseWriter, r *http.Request) {
	f := form(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.accounts.clients[f.Get("client_id")]
	scopes, good := readScopes(f.Get("scope"))
	switch {
	case c == nil || c.secret == "":
		oauthError(w, "invalid_client")
		return
	case f.Get("grant_type") != "device_request":
		oauthError(w, "unsupported_grant_type")
		return
	case !good:
		oauthError(w, "invalid_scope")
		return
	case !s.accounts.mayGrant(c, s.now()):
		oauthError(w, "access_denied")
		return
	}
	d := &device{client: c, scopes: scopes, userCode: shortCode(), expires: s.now().Add(deviceLife)}
	value := s.accounts.secret(32)
	s.accounts.devices[value] = d
	at := base(r) + "/oauth/v3/device"
	writeJSON(w, http.StatusOK, object{
		"user_code": d.userCode, "device_code": value, "verification_url": at,
		"verification_uri_complete": at + "?user_code=" + d.userCode,
		"interval":                  devicePace.Milliseconds(), "expires_in": deviceLife.Milliseconds(),
	})
}

// shortCode is a code that a person can type; letters that look alike are left out.
func shortCode() string {
	const letters = "BCDFGHJKLMNPQRSTVWXZ"
	b := make([]byte, 8)
	rand.Read(b) // never fails
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b)
}

// devicePoll answers POST /oauth/v3/device/token.
func (s *Server) devicePoll(w http.ResponseWriter, r *http.Request) {
	f := form(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.accounts.devices[f.Get("code")]
	if c := s.accounts.clients[f.Get("client_id")]; c == nil || c.secret == "" ||
		subtle.ConstantTimeCompare([]byte(c.secret), []byte(f.Get("client_secret"))) == 0 || d != nil && d.client != c {
		oauthError(w, "invalid_client")
		return
	}
	switch {
	case f.Get("grant_type") != "device_token":
		oauthError(w, "unsupported_grant_type")
	case d == nil || d.used:
		oauthError(w, "invalid_code")
	case !s.now().Before(d.expires):
		oauthError(w, "expired")
	case s.now().Sub(d.polled) < devicePace && !s.o.Unlimited:
		oauthError(w, "slow_down")
	default:
		d.polled = s.now()
		s.deviceAnswer(w, r, d)
	}
}

func (s *Server) deviceAnswer(w http.ResponseWriter, r *http.Request, d *device) {
	switch d.decision {
	case "":
		oauthError(w, "authorization_pending")
	case "reject":
		d.used = true
		oauthError(w, "access_denied")
	case "accept":
		d.used = true
		s.answerToken(w, r, s.accounts.grant(d.client, s.org.users[0], d.scopes, s.now()), true)
	default:
		writeJSON(w, http.StatusOK, object{"error": "other_dc", "user_location": d.decision})
	}
}

// devicePage is where the person types the code.
func (s *Server) devicePage(w http.ResponseWriter, r *http.Request) {
	pageData{
		Title: "Zoho sandbox: connect a device", Action: "/oauth/v3/device/decide", Ask: true,
		Name: "user_code", Value: r.URL.Query().Get("user_code"), Lines: []string{"Enter the code that the application shows."},
	}.send(w, http.StatusOK)
}

func (s *Server) deviceDecide(w http.ResponseWriter, r *http.Request) {
	decision := "reject"
	if r.PostFormValue("decision") == "accept" {
		decision = "accept"
	}
	if !s.DecideDevice(r.PostFormValue("user_code"), decision) {
		errorPage(w, "This code is not known")
		return
	}
	pageData{Title: "Zoho sandbox", Lines: []string{"You can go back to the application."}}.send(w, http.StatusOK)
}

// DecideDevice answers a device's sign-in: accept, reject, or the location of the data centre where the user lives.
func (s *Server) DecideDevice(userCode, decision string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.accounts.devices {
		if strings.EqualFold(d.userCode, strings.TrimSpace(userCode)) && s.now().Before(d.expires) {
			d.decision = decision
			return true
		}
	}
	return false
}
