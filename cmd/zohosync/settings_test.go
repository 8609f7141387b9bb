package main

import (
	"testing"

	"zohosync/sync/auth"
	"zohosync/sync/state"
)

// C-47: an organisation may bring an OAuth client of its own.
func TestWhichClientSignsIn(t *testing.T) {
	h := ownHome(t)
	set := map[string]string{}
	env := func(name string) string { return set[name] }
	typed := auth.Credentials{}
	expect := func(id, secret, url string) {
		t.Helper()
		c, err := h.client(t.Context(), env, typed, "crm")
		if err != nil || c.ClientID != id || c.ClientSecret != secret || c.AccountsURL != url {
			t.Errorf("%q %q %q, %v; want %q %q %q", c.ClientID, c.ClientSecret, c.AccountsURL, err, id, secret, url)
		}
	}
	if _, err := h.client(t.Context(), env, typed, ""); codeOf(err) != "no-client" {
		t.Errorf("nothing is set up: %v", err)
	}
	// The account goes on with the client that it had, from where it began.
	acc := state.Account{Name: "crm", Service: serviceZoho, Settings: map[string]string{auth.SettingClientID: "old", settingBegan: "https://accounts.zoho.eu"}}
	if err := h.state.StoreAccount(t.Context(), acc); err != nil {
		t.Fatal(err)
	}
	expect("old", "", "https://accounts.zoho.eu")
	if err := h.vault.Set(t.Context(), auth.SecretClient("crm"), "old secret"); err != nil {
		t.Fatal(err)
	}
	expect("old", "old secret", "https://accounts.zoho.eu")
	set[envClientID], set[envClientSecret], set[envAccountsURL] = "env", "env secret", "https://accounts.zoho.in"
	expect("env", "env secret", "https://accounts.zoho.in")
	if err := h.storePreferences(t.Context(), preferences{Interval: usualInterval, ClientID: "own"}, "own secret"); err != nil {
		t.Fatal(err)
	}
	expect("own", "own secret", "https://accounts.zoho.in")
	typed = auth.Credentials{ClientID: "typed", AccountsURL: "https://accounts.zoho.jp"}
	expect("typed", "", "https://accounts.zoho.jp")
	delete(set, envAccountsURL)
	typed = auth.Credentials{ClientID: "typed"}
	if c, err := h.client(t.Context(), env, typed, ""); err != nil || c.AccountsURL != firstAccounts {
		t.Errorf("%v, %v", c, err)
	}
}
