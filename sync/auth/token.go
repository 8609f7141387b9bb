package auth

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// Scopes is the least that syncing needs, in Zoho's spelling (crm/developer/docs/api/v8/scopes.html). Who lets it create
// CRM accounts adds ScopeMakeAccounts.
func Scopes() []string {
	return []string{
		"ZohoCRM.modules.contacts.ALL",
		"ZohoCRM.modules.tasks.ALL",
		"ZohoCRM.modules.events.ALL",
		"ZohoCRM.modules.accounts.READ",
		"ZohoCRM.settings.modules.READ",
		"ZohoCRM.settings.fields.READ",
		"ZohoCRM.settings.custom_views.READ",
		"ZohoCRM.settings.recycle_bin.UPDATE", // an undo brings records back
		"ZohoCRM.users.READ",
		"ZohoCRM.org.READ",
		"ZohoCRM.coql.READ",
	}
}

// ScopeMakeAccounts lets a sync create a CRM account for a company that has none.
const ScopeMakeAccounts = "ZohoCRM.modules.accounts.CREATE"

// accessToken is what opens the API for an hour. It is stored as JSON, with the time before which the accounts server
// wants to hear nothing from us.
type accessToken struct {
	Token   string    `json:"token,omitempty"`
	Renew   time.Time `json:"renew,omitzero"`   // from here on a new one is wanted
	Expires time.Time `json:"expires,omitzero"` // from here on it is useless
	Pause   time.Time `json:"pause,omitzero"`   // no token request before
}

// renewEarly is how long before its end a token is replaced, so that none ends during a run of requests.
const renewEarly = 5 * time.Minute

func newAccessToken(token string, life time.Duration, now time.Time) accessToken {
	early := min(renewEarly, life/2)
	return accessToken{Token: token, Renew: now.Add(life - early), Expires: now.Add(life)}
}

// answer is a successful answer of a token endpoint.
type answer struct {
	access  accessToken
	refresh string // may be empty
	api     string // as the server said it, not yet checked
}

// config is the x/oauth2 view of a client at one accounts server.
func (c Credentials) config(redirect string, scopes []string) *oauth2.Config {
	base := strings.TrimSuffix(c.AccountsURL, "/")
	return &oauth2.Config{
		ClientID:     c.ClientID,
		ClientSecret: c.ClientSecret,
		RedirectURL:  redirect,
		Scopes:       []string{strings.Join(scopes, ",")}, // Zoho separates by comma, x/oauth2 by space
		Endpoint: oauth2.Endpoint{
			AuthURL:   base + "/oauth/v2/auth",
			TokenURL:  base + "/oauth/v2/token",
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

func exchange(ctx context.Context, hc *http.Client, conf *oauth2.Config, code string, now time.Time,
	opts ...oauth2.AuthCodeOption) (answer, error) {
	t, err := conf.Exchange(context.WithValue(ctx, oauth2.HTTPClient, hc), code, opts...)
	if err != nil {
		return answer{}, tokenError(ctx, err, false)
	}
	return answerOf(t, now), nil
}

func renew(ctx context.Context, hc *http.Client, c Credentials, refresh string, now time.Time) (answer, error) {
	conf := c.config("", nil)
	t, err := conf.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, hc), &oauth2.Token{RefreshToken: refresh}).Token()
	if err != nil {
		return answer{}, tokenError(ctx, err, true)
	}
	return answerOf(t, now), nil
}

func answerOf(t *oauth2.Token, now time.Time) answer {
	api, _ := t.Extra("api_domain").(string)
	_, millis := t.Extra("expires_in_sec").(float64)
	return answer{access: newAccessToken(t.AccessToken, lifeOf(t.ExpiresIn, millis), now), refresh: t.RefreshToken, api: api}
}

// lifeOf reads expires_in, which is milliseconds where Zoho also sends expires_in_sec.
func lifeOf(n int64, millis bool) time.Duration {
	switch {
	case n <= 0:
		return time.Hour
	case millis:
		return time.Duration(n) * time.Millisecond
	}
	return time.Duration(n) * time.Second
}

func (a accessToken) encode() string {
	b, err := json.Marshal(a)
	if err != nil { // only times out of range
		return "{}"
	}
	return string(b)
}

func decodeAccessToken(s string) accessToken {
	var a accessToken
	// What cannot be read is only a cache: a new token is asked for.
	if json.Unmarshal([]byte(s), &a) != nil {
		return accessToken{}
	}
	return a
}
