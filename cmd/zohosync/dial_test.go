package main

import (
	"net/http"
	"testing"

	"zohosync/sync/auth"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

// dialledBy is a provider that knows its client.
type dialledBy struct {
	provider.Provider
	client *http.Client
}

func TestAnAccountHasOneProviderUntilItsSettingsChange(t *testing.T) {
	spec := provider.Spec{Name: "caldav", New: func(_ provider.Account, c *http.Client) (provider.Provider, error) {
		return &dialledBy{client: c}, nil
	}}
	vault, err := auth.OpenVault(auth.VaultMemory, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	d := newDialer(vault, []provider.Spec{spec})
	var made []*dialledBy
	for _, a := range []state.Account{
		{Name: "home", Service: "caldav", Settings: map[string]string{"url": "cloud.example.org", settingUser: "ann"}},
		{Name: "home", Service: "caldav", Settings: map[string]string{"url": "cloud.example.org", settingUser: "ann"}},
		{Name: "home", Service: "caldav", Settings: map[string]string{"url": "cloud.example.org", settingUser: "bob"}},
		{Name: "work", Service: "caldav", Settings: map[string]string{"url": "cloud.example.org", settingUser: "bob"}},
	} {
		p, err := d.dial(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, p.(*dialledBy))
	}
	if made[0] != made[1] {
		t.Error("two dials of one account do not share what was read of it")
	}
	if made[1].client == made[2].client {
		t.Error("another user goes on with the client of the old one")
	}
	if made[2].client == made[3].client {
		t.Error("two accounts share a client")
	}
	known := d.clients["work"]
	known.at = known.at.Add(-2 * lasting)
	d.clients["work"] = known
	p, err := d.dial(t.Context(), state.Account{Name: "work", Service: "caldav", Settings: known.settings})
	if err != nil || p == provider.Provider(made[3]) || p.(*dialledBy).client != made[3].client {
		t.Errorf("after an hour: %v; want another provider on the same client", err)
	}
	if _, err := d.dial(t.Context(), state.Account{Name: "x", Service: "gopher"}); codeOf(err) != "bad-input" {
		t.Errorf("an unknown service: %v", err)
	}
}
