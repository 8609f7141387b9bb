package main

import (
	"net/http"
	"testing"

	"zohosync/sync/auth"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

func TestAnAccountHasOneClientUntilItsSettingsChange(t *testing.T) {
	var clients []*http.Client
	spec := provider.Spec{Name: "caldav", New: func(_ provider.Account, c *http.Client) (provider.Provider, error) {
		clients = append(clients, c)
		return nil, nil
	}}
	vault, err := auth.OpenVault(auth.VaultMemory, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	d := newDialer(vault, []provider.Spec{spec})
	for _, a := range []state.Account{
		{Name: "home", Service: "caldav", Settings: map[string]string{"url": "cloud.example.org", settingUser: "ann"}},
		{Name: "home", Service: "caldav", Settings: map[string]string{"url": "cloud.example.org", settingUser: "ann"}},
		{Name: "home", Service: "caldav", Settings: map[string]string{"url": "cloud.example.org", settingUser: "bob"}},
		{Name: "work", Service: "caldav", Settings: map[string]string{"url": "cloud.example.org", settingUser: "bob"}},
	} {
		if _, err := d.dial(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	if clients[0] != clients[1] {
		t.Error("two dials of one account do not share their pace and token")
	}
	if clients[1] == clients[2] {
		t.Error("another user goes on with the client of the old one")
	}
	if clients[2] == clients[3] {
		t.Error("two accounts share a client")
	}
	if _, err := d.dial(t.Context(), state.Account{Name: "x", Service: "gopher"}); codeOf(err) != "bad-input" {
		t.Errorf("an unknown service: %v", err)
	}
}
