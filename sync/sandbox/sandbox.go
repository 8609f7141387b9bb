// Package sandbox stands in for Zoho Accounts and Zoho CRM (API v8) on loopback, for tests and the demo.
// It follows Zoho's published pages (https://www.zoho.com/crm/developer/docs/api/v8/ and
// https://www.zoho.com/accounts/protocol/oauth.html); where they are silent it takes the reading that is harder on a client.
package sandbox

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options say what a sandbox holds and how it behaves. The zero value is a small, empty organisation.
type Options struct {
	Contacts, Tasks, Events int              // how many invented records to begin with
	Seed                    int64            // the same seed makes the same records
	Now                     func() time.Time // default time.Now
	Zone                    string           // time zone of the signed-in user, default Europe/Berlin
	MarkField               bool             // the organisation has the unique text field ZohoSync_ID in every synced module
	UniqueEmail             bool             // the organisation forbids two contacts with one e-mail address
	Edition                 string           // free, standard, professional, enterprise (default) or ultimate
	Credits                 int              // credits per 24 hours; default: what the edition grants
	Redirects               []string         // redirect URIs registered for the clients, default DefaultRedirects
	Location                string           // data centre, default us
	Unlimited               bool             // no limits on credits, calls at once and tokens, for suites about something else
}

// DefaultRedirects are the redirect URIs registered when Options names none. Zoho compares them exactly, port included.
func DefaultRedirects() []string {
	return []string{
		"http://localhost:49213/callback", "http://localhost:49214/callback", "http://localhost:49215/callback",
		"http://127.0.0.1:49213/callback", "http://127.0.0.1:49214/callback", "http://127.0.0.1:49215/callback",
	}
}

// The OAuth clients that every sandbox knows. DesktopClient is a public one: it has no secret and must use PKCE.
const (
	MainClient    = "1000.SANDBOXMAINCLIENT"
	MainSecret    = "sandbox-main-secret"
	DesktopClient = "1000.SANDBOXDESKTOPCLIENT"
	MarkField     = "ZohoSync_ID" // API name of the field of Options.MarkField
)

// Info is what a client needs to use the sandbox; the command line prints it as one line of JSON.
type Info struct {
	AccountsURL  string `json:"accounts_url"`
	APIURL       string `json:"api_url"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	RefreshToken string `json:"refresh_token"`
	ControlURL   string `json:"control_url"`
}

// Server is one organisation with its accounts server. All its methods may be called at any time from any goroutine.
type Server struct {
	o    Options
	zone *time.Location

	mu       sync.Mutex // guards everything below
	skew     time.Duration
	org      *organisation
	accounts *accounts
	meter    *meter
	faults   []Fault

	http *http.Server
}

// New makes a sandbox with its records; nothing listens yet.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Edition == "" {
		o.Edition = "enterprise"
	}
	if o.Location == "" {
		o.Location = "us"
	}
	if len(o.Redirects) == 0 {
		o.Redirects = DefaultRedirects()
	}
	s := &Server{o: o, zone: loadZone(o.Zone)}
	s.org = newOrganisation(o)
	s.accounts = newAccounts(s)
	s.meter = newMeter(o)
	s.seed()
	return s
}

// loadZone falls back to a fixed offset, so that the sandbox works on machines without a time zone database.
func loadZone(name string) *time.Location {
	if name == "" {
		name = defaultZone
	}
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.FixedZone(name, 3600)
}

const defaultZone = "Europe/Berlin"

// now is the sandbox's clock; the caller holds the lock.
func (s *Server) now() time.Time { return s.o.Now().Add(s.skew) }

// Handler serves everything under one host: /oauth/, /crm/ and /control/.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	s.routeAccounts(mux)
	s.routeControl(mux)
	mux.HandleFunc("/crm/", s.serveCRM)
	return s.watch(mux)
}

// Start listens on a loopback address, for example 127.0.0.1:0. Other addresses are refused: the sandbox has no secrets.
func (s *Server) Start(addr string) (Info, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return Info{}, fmt.Errorf("sandbox address: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return Info{}, errors.New("sandbox address: not on loopback")
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return Info{}, fmt.Errorf("sandbox: %w", err)
	}
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 30 * time.Second}
	s.mu.Lock()
	s.http = server
	s.mu.Unlock()
	go server.Serve(l) // ends with http.ErrServerClosed at Close
	return s.Info("http://" + l.Addr().String()), nil
}

// Info describes the sandbox as reached under a base URL, with a refresh token that has every scope. Each call makes a new token.
func (s *Server) Info(base string) Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := s.accounts.grant(s.accounts.clients[MainClient], s.org.users[0], allScopes(), s.now())
	return Info{
		AccountsURL: base, APIURL: base, ClientID: MainClient, ClientSecret: MainSecret,
		RefreshToken: token.value, ControlURL: base + "/control",
	}
}

// Close stops listening. Closing a sandbox that was not started is not an error.
func (s *Server) Close() error {
	s.mu.Lock()
	server := s.http
	s.http = nil
	s.mu.Unlock()
	if server == nil {
		return nil
	}
	return server.Close()
}
