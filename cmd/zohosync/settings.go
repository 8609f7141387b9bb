package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"zohosync/assets"
	"zohosync/sync/auth"
	"zohosync/sync/state"
)

// The OAuth client that the program was built with, where there is one:
// go build -ldflags "-X main.builtinClientID=… -X main.builtinClientSecret=…"
var builtinClientID, builtinClientSecret string

// What the environment says about signing in, for whoever sets computers up for others.
const (
	envClientID    = "ZOHOSYNC_CLIENT_ID"
	envAccountsURL = "ZOHOSYNC_ACCOUNTS_URL"
)

// firstAccounts is where a sign-in begins that knows no data centre; Zoho's answer names the person's own.
const firstAccounts = "https://accounts.zoho.com"

// preferences are the settings of the application, as the state keeps them.
type preferences struct {
	Language string        `json:"language,omitempty"` // "": that of the system
	Interval time.Duration `json:"interval,omitempty"` // between two syncs
	Closes   bool          `json:"closes,omitempty"`   // closing the last window ends the program
	Panel    string        `json:"panel,omitempty"`    // "light" or "dark"; "": automatic
	ClientID string        `json:"client_id,omitempty"`
}

const (
	settingPreferences = "preferences"
	settingPause       = "pause" // when it ends
	settingNoTray      = "told-no-tray"

	// secretClient is where the vault keeps the secret of the person's own OAuth client. No account can have this name.
	secretClient = "oauth client/secret"

	usualInterval = 5 * time.Minute
	leastInterval = time.Minute
)

func (h *home) preferences(ctx context.Context) (preferences, error) {
	p := preferences{Interval: usualInterval}
	text, err := h.state.GetSetting(ctx, settingPreferences)
	if err != nil || text == "" {
		return p, err
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("read the settings: %w", err)
	}
	return p, nil
}

// storePreferences stores the settings. The secret belongs to the client ID: without a new one, another ID has none.
func (h *home) storePreferences(ctx context.Context, p preferences, secret string) error {
	switch {
	case p.Language != "" && !slices.Contains(assets.Languages(), p.Language):
		return badInput("the program does not speak %q", p.Language)
	case p.Interval < leastInterval:
		return badInput("between two syncs there is a minute at least")
	case p.Panel != "" && p.Panel != "light" && p.Panel != "dark":
		return badInput("a panel is light or dark")
	}
	old, err := h.preferences(ctx)
	if err != nil {
		return err
	}
	switch {
	case secret != "" && p.ClientID != "":
		err = h.vault.Set(ctx, secretClient, secret)
	case p.ClientID != old.ClientID:
		err = h.vault.Delete(ctx, secretClient)
	}
	if err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return h.state.StoreSetting(ctx, settingPreferences, string(text))
}

// client returns the OAuth client for a sign-in, and where that begins: what was typed, else what is set up.
func (h *home) client(ctx context.Context, env func(string) string, typed auth.Credentials, account string) (auth.Credentials, error) {
	a, err := h.state.GetAccount(ctx, account)
	if err != nil && !errors.Is(err, state.ErrNotFound) {
		return typed, err
	}
	for _, url := range []string{env(envAccountsURL), a.Settings[settingBegan], firstAccounts} {
		if typed.AccountsURL == "" {
			typed.AccountsURL = url
		}
	}
	if typed.ClientID != "" {
		return typed, nil
	}
	typed.ClientID, typed.ClientSecret, err = h.clientSetUp(ctx, env, a)
	return typed, err
}

// clientSetUp returns the client of the settings, else that of the environment, else the one that the program was built
// with, else the one that the account had before.
func (h *home) clientSetUp(ctx context.Context, env func(string) string, a state.Account) (id, secret string, err error) {
	p, err := h.preferences(ctx)
	if err != nil {
		return "", "", err
	}
	before := auth.CredentialsOf(a.Settings)
	switch {
	case p.ClientID != "":
		secret, err = auth.Optional(h.vault.Get(ctx, secretClient))
		return p.ClientID, secret, err
	case env(envClientID) != "":
		return env(envClientID), env(envClientSecret), nil
	case builtinClientID != "":
		return builtinClientID, builtinClientSecret, nil
	case before.ClientID != "":
		secret, err = auth.Optional(h.vault.Get(ctx, auth.SecretClient(a.Name)))
		return before.ClientID, secret, err
	}
	return "", "", errNoClient
}
