package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"zohosync/sync/auth"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

// settingOwner is who the CRM says has signed in. It tells one organisation and person from another.
const settingOwner = "owner"

type addZohoCmd struct {
	Name        string `required:"" help:"What to call the account here." placeholder:"NAME"`
	AccountsURL string `name:"accounts-url" help:"Where the OAuth client was registered. URLs outside Zoho's own are taken only on this computer." default:"https://accounts.zoho.com" placeholder:"URL"`
	ClientID    string `name:"client-id" required:"" help:"Client ID from Zoho's API console. The client's secret, if it has one, is read from ZOHOSYNC_CLIENT_SECRET." placeholder:"ID"`
	Email       string `help:"Filled in for you on Zoho's page." placeholder:"ADDRESS"`

	RefreshToken bool `name:"refresh-token-stdin" xor:"way" help:"Read a refresh token from standard input."`
	SelfClient   bool `name:"self-client-code-stdin" xor:"way" help:"Read the code of a self client from standard input. Generate it with these scopes: ${scopes}"`
	Device       bool `xor:"way" help:"Sign in with a code on another device."`
}

// Run signs in, proves the account with a real request and only then keeps it.
func (a addZohoCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	acc := state.Account{Name: a.Name, Service: "zoho"}
	if err := h.mayAdd(ctx, acc); err != nil {
		return err
	}
	signIn := a.signIn(t)
	grant, err := a.grant(ctx, t, signIn)
	if err != nil {
		return err
	}
	acc.Settings = grant.Settings()
	found, err := h.keep(ctx, signIn, grant, &acc)
	if err != nil {
		if !a.RefreshToken {
			_ = revoke(ctx, signIn, grant, acc)
		}
		return err
	}
	return t.added(acc, found)
}

func (a addZohoCmd) signIn(t *terminal) auth.SignIn {
	w := t.words
	return auth.SignIn{
		Credentials: auth.Credentials{
			ClientID: a.ClientID, ClientSecret: t.env("ZOHOSYNC_CLIENT_SECRET"), AccountsURL: strings.TrimSuffix(a.AccountsURL, "/"),
		},
		Hint: a.Email,
		Show: func(url string) error {
			t.note(w.T("Sign in on Zoho’s page and choose Accept. If no browser opens, open this address on this computer:") + "\n" + url)
			// Without a browser the person still has the address.
			_ = t.browse(url)
			return nil
		},
		Pages: auth.Pages{
			Lang:   w.Language(),
			Done:   auth.Page{Title: w.T("Signed in"), Text: w.T("ZohoSync is signed in. You can close this page.")},
			Failed: auth.Page{Title: w.T("Not signed in"), Text: w.T("ZohoSync says why. You can close this page.")},
		},
	}
}

// grant gets the tokens in the way that was asked for.
func (a addZohoCmd) grant(ctx context.Context, t *terminal, s auth.SignIn) (auth.Grant, error) {
	if a.Device {
		return s.Device(ctx, func(code auth.DeviceCode) {
			t.note(t.words.T("On another device open {{.address}} and type {{.code}}", "address", code.URL, "code", code.UserCode))
		})
	}
	if !a.RefreshToken && !a.SelfClient {
		return s.Browser(ctx)
	}
	given, err := t.firstLine()
	if err != nil {
		return auth.Grant{}, err
	}
	if given = strings.TrimSpace(given); given == "" {
		return auth.Grant{}, badInput("standard input is empty")
	}
	if a.RefreshToken {
		return s.FromRefreshToken(ctx, given)
	}
	return s.SelfClient(ctx, given)
}

// keep proves a grant before anything of an account that may exist already is replaced.
func (h *home) keep(ctx context.Context, s auth.SignIn, g auth.Grant, acc *state.Account) ([]provider.Info, error) {
	trial, err := auth.OpenVault(auth.VaultMemory, "", nil)
	if err != nil {
		return nil, err
	}
	if err := s.Keep(ctx, trial, acc.Name, g); err != nil {
		return nil, err
	}
	found, err := prove(ctx, newDialer(trial, h.dialer.specs), *acc)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if f.Owner != "" {
			acc.Settings[settingOwner] = f.Owner
		}
	}
	if err := h.mayAdd(ctx, *acc, settingOwner); err != nil {
		return nil, err
	}
	if err := s.Keep(ctx, h.vault, acc.Name, g); err != nil {
		return nil, err
	}
	return found, h.state.StoreAccount(ctx, *acc)
}

// revoke gives back a token that is not kept: Zoho counts them.
func revoke(ctx context.Context, s auth.SignIn, g auth.Grant, acc state.Account) error {
	trial, err := auth.OpenVault(auth.VaultMemory, "", nil)
	if err != nil {
		return err
	}
	if err := s.Keep(ctx, trial, acc.Name, g); err != nil {
		return err
	}
	return auth.SignOut(context.WithoutCancel(ctx), trial, acc.Name, g.Credentials, nil)
}

type addCaldavCmd struct {
	Name     string `required:"" help:"What to call the account here." placeholder:"NAME"`
	URL      string `name:"url" required:"" help:"Address of the server: a URL, a host, or an e-mail address." placeholder:"URL"`
	User     string `required:"" help:"User name on the server." placeholder:"USER"`
	Password bool   `name:"password-stdin" required:"" help:"Read the password from standard input."`
	Trust    string `name:"trust-certificate" help:"Accept the one certificate of this server that has this SHA-256, although nothing vouches for it." placeholder:"SHA256"`
}

// Run proves the account with a real request and only then keeps it.
func (a addCaldavCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	acc := state.Account{Name: a.Name, Service: "caldav", Settings: map[string]string{"url": a.URL, settingUser: a.User}}
	if a.Trust != "" {
		acc.Settings[settingTrust] = a.Trust
	}
	if err := h.mayAdd(ctx, acc, "url", settingUser); err != nil {
		return err
	}
	password, err := t.firstLine()
	if err != nil {
		return err
	}
	if password == "" {
		return badInput("standard input is empty")
	}
	trial, err := auth.OpenVault(auth.VaultMemory, "", nil)
	if err != nil {
		return err
	}
	if err := trial.Set(ctx, auth.SecretPassword(a.Name), password); err != nil {
		return err
	}
	found, err := prove(ctx, newDialer(trial, h.dialer.specs), acc)
	if err != nil {
		return whyRefused(err)
	}
	if err := h.vault.Set(ctx, auth.SecretPassword(a.Name), password); err != nil {
		return err
	}
	if err := h.state.StoreAccount(ctx, acc); err != nil {
		return err
	}
	return t.added(acc, found)
}

// whyRefused makes more of an error than what a signed-in account needs: the password is a new one, and the SHA-256 of a
// certificate that nothing vouches for is to be compared with the administrator's.
func whyRefused(err error) error {
	var signIn *auth.Error
	if errors.Is(err, provider.ErrAuth) && !errors.As(err, &signIn) {
		return fmt.Errorf("%w: %w", errPassword, err)
	}
	if print, ok := auth.Fingerprint(err); ok {
		return errors.Join(err, errors.New("--trust-certificate "+print))
	}
	return err
}

// added tells what was found in a new account. Finding nothing is said, too: a green tick over nothing misleads.
func (t *terminal) added(a state.Account, found []provider.Info) error {
	said := t.words.N("{{.name}} was added: {{.n}} folders.", len(found), "name", a.Name)
	return t.result(map[string]any{"account": a, "collections": len(found)}, said)
}
