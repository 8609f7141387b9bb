// Package auth keeps the secrets of accounts and makes the http.Clients that services speak through: signed in, paced
// and pinned to the account's own hosts. OAuth 2.0 for native apps (RFC 8252, RFC 7636 PKCE), Basic (RFC 7617).
package auth

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
)

// Credentials say which Zoho client speaks to which data centre. After a sign-in AccountsURL and APIDomain are those of
// the person's own data centre. Only ClientSecret is secret; printing or logging Credentials never shows it.
type Credentials struct {
	ClientID     string
	ClientSecret string `json:"-"` // may be empty: desktop clients prove themselves by PKCE
	AccountsURL  string
	APIDomain    string // empty before the first sign-in
}

// Names of the account settings that hold the part of Credentials that is no secret.
const (
	SettingClientID    = "client_id"
	SettingAccountsURL = "accounts_url"
	SettingAPIURL      = "api_url"
)

// Settings returns what may be stored in the open.
func (c Credentials) Settings() map[string]string {
	return map[string]string{
		SettingClientID: c.ClientID, SettingAccountsURL: c.AccountsURL, SettingAPIURL: c.APIDomain,
	}
}

// CredentialsOf is the reverse of Settings; the secret stays in the vault.
func CredentialsOf(settings map[string]string) Credentials {
	return Credentials{
		ClientID:    settings[SettingClientID],
		AccountsURL: settings[SettingAccountsURL],
		APIDomain:   settings[SettingAPIURL],
	}
}

// String names the client and its data centre.
func (c Credentials) String() string {
	return "client " + shorten(c.ClientID) + " at " + hostOf(c.AccountsURL)
}

// Format keeps the secret out of every verb.
func (c Credentials) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// LogValue keeps the secret out of logs.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

func shorten(s string) string {
	if len(s) > 8 {
		return s[:8] + "…"
	}
	return s
}

func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Host
}
