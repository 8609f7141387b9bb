// Package zoho synchronises the contacts, tasks and meetings of Zoho CRM through its REST API, version 8
// (https://www.zoho.com/crm/developer/docs/api/v8/). It lists what changed and carries out writes; it never decides.
package zoho

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Names of an account's settings.
const (
	SettingURL            = "api_url"         // the api_domain that came with the token: https://www.zohoapis.eu
	SettingCreateAccounts = "create_accounts" // "yes" creates a CRM account for a name that no account has
)

// lag is 0: listings are read from the records themselves, not from the search index that lags behind.
const lag = time.Duration(0)

// modules that the service offers, in the order in which people meet them.
var modules = []string{"Contacts", "Tasks", "Events"}

var kinds = map[string]record.Kind{"Contacts": record.Contact, "Tasks": record.Task, "Events": record.Event}

// Spec describes the service.
func Spec() provider.Spec {
	return provider.Spec{
		Name: "zoho", Title: "Zoho CRM", Kinds: record.Kinds, OAuth: true, New: New,
		Settings: []provider.Setting{
			{Name: SettingURL, Label: "API address", Required: true},
			{Name: SettingCreateAccounts, Label: "Create unknown accounts", Default: "no", Choices: []string{"no", "yes"}},
		},
	}
}

// service is one organisation as one person sees it. What it learns of the organisation it keeps for as long as it lives.
type service struct {
	client
	zone           *time.Location
	createAccounts bool

	mu      sync.Mutex // guards what follows
	who     user
	modules []moduleMeta
	known   map[string]*module
}

// New returns the provider of a Zoho CRM account. Requests of c must already carry a token, and c may repeat reads only.
func New(a provider.Account, c *http.Client) (provider.Provider, error) {
	base, err := url.Parse(a.Settings[SettingURL])
	if err != nil || base.Host == "" || !secure(base) {
		return nil, fmt.Errorf("zoho: setting %s is no https address", SettingURL)
	}
	if c == nil {
		return nil, errors.New("zoho: no client to send requests with")
	}
	zone := a.Zone
	if zone == nil {
		zone = time.Local
	}
	return &service{
		client: client{base: base, http: c}, zone: zone, known: map[string]*module{},
		createAccounts: a.Settings[SettingCreateAccounts] == "yes",
	}, nil
}

// secure accepts https, and http to this computer.
func secure(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// Collections lists the modules that the organisation has and the person may see.
func (p *service) Collections(ctx context.Context) ([]provider.Info, error) {
	var out []provider.Info
	for _, name := range modules {
		m, err := p.module(ctx, name)
		if errors.Is(err, provider.ErrGone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, m.info())
	}
	return out, nil
}

// Make always fails: modules are made by administrators, in the CRM.
func (p *service) Make(context.Context, string, record.Kind) (provider.Info, error) {
	return provider.Info{}, provider.ErrReadOnly
}

// Open returns one module.
func (p *service) Open(ctx context.Context, ref string, kind record.Kind, fields []record.Field) (provider.Collection, error) {
	m, err := p.module(ctx, ref)
	if err != nil {
		return nil, err
	}
	if m.kind != kind {
		return nil, fmt.Errorf("%w: module %s holds no %s", provider.ErrGone, ref, kind)
	}
	return open(p, m, fields)
}
