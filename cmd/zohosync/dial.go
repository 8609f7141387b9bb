package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"time"

	"zohosync/sync/auth"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
	"zohosync/sync/state"
)

// Settings of an account that no service reads: who signs in, and the certificate of a server that nothing vouches for.
const (
	settingUser  = "user"
	settingTrust = "certificate"
)

// dialer makes the providers of accounts. An account has one http.Client and one provider for as long as its settings
// stay, so that its pace, its token and what was read of it are shared by all who use it.
type dialer struct {
	vault  auth.Vault
	specs  []provider.Spec
	limits auth.Limits
	own    *ownServer // starts this computer's server; nil: there is none

	mu      sync.Mutex
	clients map[string]dialled
}

type dialled struct {
	settings map[string]string
	client   *http.Client
	provider provider.Provider
	at       time.Time
}

// lasting is how long a provider is used. It reads what a service holds once, which costs API credits; a field that is
// added there is seen when the time is over.
const lasting = time.Hour

func newDialer(v auth.Vault, specs []provider.Spec) *dialer {
	return &dialer{vault: v, specs: specs, limits: auth.UsualLimits(), clients: map[string]dialled{}}
}

// dial returns the provider of an account. Nothing is sent yet.
func (d *dialer) dial(ctx context.Context, a state.Account) (provider.Provider, error) {
	if a.Service == serviceLocal && d.own != nil {
		var err error
		if a, err = d.own.resolve(ctx, a); err != nil {
			return nil, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	known, ok := d.clients[a.Name]
	if same := ok && maps.Equal(known.settings, a.Settings); same && time.Since(known.at) < lasting {
		return known.provider, nil
	} else if !same {
		known = dialled{settings: maps.Clone(a.Settings)}
	}
	spec, err := d.spec(a.Service)
	if err != nil {
		return nil, err
	}
	if known.client == nil {
		if known.client, err = d.client(spec, a); err != nil {
			return nil, fmt.Errorf("account %s: %w", a.Name, err)
		}
	}
	known.provider, err = spec.New(provider.Account{Name: a.Name, Service: a.Service, Settings: a.Settings}, known.client)
	if err != nil {
		// A provider is made without a request: what is wrong is a setting.
		return nil, &usageError{err}
	}
	known.at = time.Now()
	d.clients[a.Name] = known
	return known.provider, nil
}

// forget has the next dial of an account begin anew, without what an earlier client remembers of its tokens.
func (d *dialer) forget(account string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.clients, account)
}

func (d *dialer) spec(service string) (provider.Spec, error) {
	for _, s := range d.specs {
		if s.Name == service {
			return s, nil
		}
	}
	return provider.Spec{}, badInput("this version knows no service %q", service)
}

func (d *dialer) client(spec provider.Spec, a state.Account) (*http.Client, error) {
	if spec.OAuth {
		return d.oauth(a)
	}
	return d.basic(a)
}

func (d *dialer) oauth(a state.Account) (*http.Client, error) {
	source := auth.NewSource(d.vault, a.Name, auth.CredentialsOf(a.Settings), auth.SourceOptions{})
	pace := auth.PacerOptions{Parallel: auth.ZohoParallel, Floor: auth.ZohoFloor}
	return auth.ZohoClient(source, auth.NewPacer(auth.TransportWithin(nil, d.limits), pace))
}

func (d *dialer) basic(a state.Account) (*http.Client, error) {
	base, err := dav.Origin(a.Settings[dav.SettingURL])
	if err != nil {
		return nil, &usageError{err}
	}
	var trust auth.Trust
	if u, err := url.Parse(base); err == nil && a.Settings[settingTrust] != "" {
		trust = auth.Trust{u.Host: a.Settings[settingTrust]}
	}
	pacer := auth.NewPacer(auth.TransportWithin(trust, d.limits), auth.PacerOptions{Parallel: auth.DAVParallel})
	client, err := auth.BasicClient(auth.Basic{User: a.Settings[settingUser], Password: auth.PasswordFrom(d.vault, a.Name), URL: base}, pacer)
	if err != nil {
		return nil, &usageError{err}
	}
	return client, nil
}
