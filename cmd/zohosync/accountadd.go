package main

import (
	"context"
	"errors"
	"strings"

	"zohosync/sync/auth"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
	"zohosync/sync/state"
)

type addZohoCmd struct {
	Name        string `required:"" help:"What to call the account here." placeholder:"NAME"`
	AccountsURL string `name:"accounts-url" help:"Where the OAuth client was registered (default: https://accounts.zoho.com). URLs outside Zoho's own are taken only on this computer." placeholder:"URL"`
	ClientID    string `name:"client-id" help:"Client ID from Zoho's API console (default: that of the settings, of ZOHOSYNC_CLIENT_ID, or of this program). The client's secret, if it has one, is read from ZOHOSYNC_CLIENT_SECRET." placeholder:"ID"`
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
	typed := auth.Credentials{ClientID: a.ClientID, ClientSecret: t.env(envClientSecret), AccountsURL: strings.TrimSuffix(a.AccountsURL, "/")}
	client, err := h.client(ctx, t.env, typed, a.Name)
	if err != nil {
		return err
	}
	s := newSignIn(t.words, client)
	s.name, s.Hint, s.get = a.Name, a.Email, a.way(t)
	s.Show = func(url string) error {
		t.note(t.words.T("Sign in on Zoho’s page and choose Accept. If no browser opens, open this address on this computer:") + "\n" + url)
		// Without a browser the person still has the address.
		_ = t.browse(url)
		return nil
	}
	acc, found, err := h.signIn(ctx, s)
	if err != nil {
		return err
	}
	return t.added(acc, found)
}

// way returns how the tokens are got.
func (a addZohoCmd) way(t *terminal) func(context.Context, auth.SignIn) (auth.Grant, error) {
	return func(ctx context.Context, s auth.SignIn) (auth.Grant, error) {
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
	acc := serverAccount(a.Name, a.URL, a.User, a.Trust)
	// A name that cannot be is said before a password is asked for.
	if err := h.mayAdd(ctx, acc, dav.SettingURL, settingUser); err != nil {
		return err
	}
	password, err := t.firstLine()
	if err != nil {
		return err
	}
	if password == "" {
		return badInput("standard input is empty")
	}
	found, err := h.addServer(ctx, acc, password)
	if err != nil {
		return whyRefused(err)
	}
	return t.added(acc, found)
}

// whyRefused tells the SHA-256 of a certificate that nothing vouches for, to be compared with the administrator's.
func whyRefused(err error) error {
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
