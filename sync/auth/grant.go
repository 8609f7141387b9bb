package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"zohosync/sync/provider"
)

// Names under which the vault keeps the secrets of an account.
func secretRefresh(account string) string { return account + "/refresh-token" }
func secretAccess(account string) string  { return account + "/access-token" }

// SecretClient is the name under which the vault keeps the secret of an account's OAuth client.
func SecretClient(account string) string { return account + "/client-secret" }

// SecretPassword is the name under which the vault keeps the password of an account that signs in by Basic.
func SecretPassword(account string) string { return account + "/password" }

// Grant is the outcome of a sign-in: Credentials that name the person's own data centre, and the tokens.
type Grant struct {
	Credentials
	RefreshToken string `json:"-"`
	access       accessToken
	given        bool // the token was there before and may serve others
}

// Format keeps the tokens out of every verb.
func (g Grant) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "grant of "+g.Credentials.String())
}

// LogValue keeps the tokens out of logs.
func (g Grant) LogValue() slog.Value { return slog.StringValue("grant of " + g.Credentials.String()) }

// grantOf checks a token answer before anything of it is believed.
func grantOf(c Credentials, a answer) (Grant, error) {
	if a.refresh == "" {
		return Grant{}, &Error{Code: CodeAnswer, Err: errors.New("no refresh token was given")}
	}
	api, err := apiDomain(c.AccountsURL, a.api)
	if err != nil {
		return Grant{}, err
	}
	c.APIDomain = api
	return Grant{Credentials: c, RefreshToken: a.refresh, access: a.access}, nil
}

// Keep stores a grant as that of the account. The refresh token that the account had before is revoked, and so is the
// new one when it cannot be stored: Zoho keeps 20 per person and client, and silently drops the oldest.
func (s SignIn) Keep(ctx context.Context, v Vault, account string, g Grant) error {
	s, err := s.ready()
	if err != nil {
		return err
	}
	old, err := v.Get(ctx, secretRefresh(account))
	if err != nil && !errors.Is(err, ErrNoSecret) {
		return s.discard(ctx, g, err)
	}
	if err := store(ctx, v, account, g); err != nil {
		return s.discard(ctx, g, err)
	}
	if old != "" && old != g.RefreshToken {
		// The account works already; a left-over token is no reason to say otherwise.
		_ = revoke(ctx, s.HTTP, g.AccountsURL, old)
	}
	return nil
}

func (s SignIn) discard(ctx context.Context, g Grant, err error) error {
	_ = s.Drop(context.WithoutCancel(ctx), g) // err is what the person has to know
	return fmt.Errorf("keep sign-in: %w", err)
}

// Drop revokes a grant that is not kept after all. A refresh token that a person brought along is left alone.
func (s SignIn) Drop(ctx context.Context, g Grant) error {
	s, err := s.ready()
	if err != nil || g.given {
		return err
	}
	return revoke(ctx, s.HTTP, g.AccountsURL, g.RefreshToken)
}

func store(ctx context.Context, v Vault, account string, g Grant) error {
	if err := storeOrDelete(ctx, v, SecretClient(account), g.ClientSecret); err != nil {
		return err
	}
	if err := v.Set(ctx, secretAccess(account), g.access.encode()); err != nil {
		return err
	}
	return v.Set(ctx, secretRefresh(account), g.RefreshToken)
}

func storeOrDelete(ctx context.Context, v Vault, name, secret string) error {
	if secret == "" {
		return v.Delete(ctx, name)
	}
	return v.Set(ctx, name, secret)
}

// SignOut revokes the account's tokens and forgets all its secrets, its password too. They are forgotten even when the
// accounts server cannot be reached; the error then says that a token may live on there.
func SignOut(ctx context.Context, v Vault, account string, c Credentials, hc *http.Client) error {
	if hc == nil {
		hc = accountsClient()
	}
	refresh, err := v.Get(ctx, secretRefresh(account))
	if err != nil && !errors.Is(err, ErrNoSecret) {
		return fmt.Errorf("sign out: %w", err)
	}
	var problems []error
	if refresh != "" {
		if err := revoke(ctx, hc, c.AccountsURL, refresh); err != nil {
			problems = append(problems, fmt.Errorf("revoke token: %w", err))
		}
	}
	for _, name := range []string{
		secretRefresh(account), secretAccess(account), SecretClient(account), SecretPassword(account),
	} {
		if err := v.Delete(ctx, name); err != nil {
			problems = append(problems, fmt.Errorf("forget secret: %w", err))
		}
	}
	return errors.Join(problems...)
}

// revoke makes a refresh token and its access tokens worthless. A token that is no longer known is not an error.
func revoke(ctx context.Context, hc *http.Client, accounts, token string) error {
	if _, err := DataCentreOf(accounts); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	// Zoho documents the token as a query parameter; errors of net/http would show it.
	u := strings.TrimSuffix(accounts, "/") + "/oauth/v2/token/revoke?token=" + url.QueryEscape(token)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u, nil)
	if err != nil {
		return &Error{Code: CodeAnswer}
	}
	resp, err := hc.Do(req)
	if err != nil {
		return &provider.RetryError{Err: fmt.Errorf("%w: %w", errUnanswered, bare(err))}
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests {
		return &provider.RetryError{Err: fmt.Errorf("accounts server: HTTP %d", resp.StatusCode)}
	}
	var said struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	_ = json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&said) // no body says nothing against it
	switch said.Error {
	case "invalid_token", "invalid_code", "invalid_grant": // revoked before
		return nil
	case "":
		if resp.StatusCode < 300 {
			return nil
		}
		return &Error{Code: CodeAnswer, Err: fmt.Errorf("HTTP %d", resp.StatusCode)}
	}
	return refusal(said.Error, said.Description)
}

// bare drops the URL that net/http puts into its errors.
func bare(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}
