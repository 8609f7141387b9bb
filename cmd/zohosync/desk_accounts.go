//go:build cgo

package main

import (
	"context"
	"net/url"
	"strings"

	"zohosync/app/ui"
	"zohosync/sync/auth"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// Accounts implements ui.Program.
func (d *desk) Accounts(ctx context.Context) ([]ui.Account, error) {
	all, err := d.home.state.ListAccounts(ctx)
	if err != nil {
		return nil, err
	}
	var out []ui.Account
	for _, a := range all {
		row, err := d.row(ctx, a)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

// row tells how an account stands.
func (d *desk) row(ctx context.Context, a state.Account) (ui.Account, error) {
	pairs, err := d.home.pairsOf(ctx, a.Name)
	if err != nil {
		return ui.Account{}, err
	}
	row := ui.Account{Name: a.Name, Service: a.Service, Title: a.Service, Who: a.Settings[settingUser], Where: hostOf(where(a)), Pairs: len(pairs)}
	if spec, err := d.home.dialer.spec(a.Service); err == nil {
		row.Title = spec.Title
	}
	in, err := auth.SignedIn(ctx, d.home.vault, a.Name)
	if a.Service == serviceLocal {
		// Its password is made anew when it was lost: nobody has to sign in.
		row.Title, in = d.words().T("This computer"), err == nil
	}
	row.SignedIn = in
	row.KeptSignedIn = in && d.home.kind != auth.VaultMemory && !d.home.vault.IsBrief(a.Name)
	switch {
	case err != nil:
		row.Problem = codeOf(err)
	case !in:
		row.Problem = auth.CodeSignedOut
	default:
		row.Problem, err = d.failing(ctx, a.Name)
		return row, err
	}
	return row, nil
}

// failing returns the code of what the last runs found wrong with an account.
func (d *desk) failing(ctx context.Context, account string) (string, error) {
	s, err := d.engine.Status(ctx)
	if err != nil {
		return "", err
	}
	for _, p := range s.Pairs {
		if at, ok := errAccount(p.Err); ok && at == account {
			return codeOf(p.Err), nil
		}
	}
	return "", nil
}

// hostOf names the server of an address for people.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	_, host, _ := strings.Cut("@"+address, "@")
	if _, domain, mail := strings.Cut(address, "@"); mail {
		host = domain
	}
	return host
}

// SignIn implements ui.Program.
func (d *desk) SignIn(ctx context.Context, s ui.SignIn) (ui.Account, error) {
	typed := auth.Credentials{ClientID: strings.TrimSpace(s.ClientID), ClientSecret: strings.TrimSpace(s.ClientSecret), AccountsURL: s.AccountsURL}
	c, err := d.home.client(ctx, d.t.env, typed, s.Account)
	if err != nil {
		return ui.Account{}, err
	}
	defer d.refresh(context.WithoutCancel(ctx))
	how := newSignIn(d.words(), c)
	how.name, how.Hint, how.brief = s.Account, s.Email, !s.Keep
	how.Show = func(url string) error {
		if s.Waiting != nil {
			s.Waiting(url)
		}
		// Without a browser the person still has the address.
		_ = d.Open(url)
		return nil
	}
	how.get = func(ctx context.Context, in auth.SignIn) (auth.Grant, error) {
		switch {
		case s.SelfCode != "":
			return in.SelfClient(ctx, strings.TrimSpace(s.SelfCode))
		case s.Device:
			return in.Device(ctx, func(code auth.DeviceCode) {
				if s.DeviceWaiting != nil {
					s.DeviceWaiting(code.URL, code.UserCode)
				}
			})
		}
		return in.Browser(ctx)
	}
	a, _, err := d.home.signIn(ctx, how)
	if err != nil {
		return ui.Account{}, err
	}
	return d.row(ctx, a)
}

// SignOut implements ui.Program.
func (d *desk) SignOut(ctx context.Context, account string) error {
	defer d.refresh(context.WithoutCancel(ctx))
	return d.home.signOut(ctx, account)
}

// AddServer implements ui.Program.
func (d *desk) AddServer(ctx context.Context, s ui.Server) (ui.Account, error) {
	address, user := strings.TrimSpace(s.Address), strings.TrimSpace(s.User)
	trust := s.Trust
	if s.Name != "" && address == "" {
		before, err := d.home.account(ctx, s.Name)
		if err != nil {
			return ui.Account{}, err
		}
		address = before.Settings[dav.SettingURL]
		if user == "" {
			user = before.Settings[settingUser]
		}
		if trust == "" {
			trust = before.Settings[settingTrust]
		}
	}
	if user == "" && strings.Contains(address, "@") && !strings.Contains(address, "/") {
		user = address
	}
	origin, err := dav.Origin(address)
	if err != nil {
		return ui.Account{}, &usageError{err}
	}
	a := serverAccount(s.Name, address, user, trust)
	if a.Name == "" {
		if a.Name, err = d.home.nameOf(ctx, a, baseName(hostOf(origin)), dav.SettingURL, settingUser); err != nil {
			return ui.Account{}, err
		}
	}
	defer d.refresh(context.WithoutCancel(ctx))
	if _, err := d.home.addServer(ctx, a, s.Password); err != nil {
		return ui.Account{}, err
	}
	return d.row(ctx, a)
}

// AddThisComputer implements ui.Program.
func (d *desk) AddThisComputer(ctx context.Context) (ui.Account, error) {
	defer d.refresh(context.WithoutCancel(ctx))
	all, err := d.home.state.ListAccounts(ctx)
	if err != nil {
		return ui.Account{}, err
	}
	name := localName
	for _, a := range all {
		if a.Service == serviceLocal {
			name = a.Name
		}
	}
	a, _, err := d.home.addThisComputer(ctx, name, d.words())
	if err != nil {
		return ui.Account{}, err
	}
	return d.row(ctx, a)
}

// RemoveAccount implements ui.Program.
func (d *desk) RemoveAccount(ctx context.Context, account string) error {
	defer d.refresh(context.WithoutCancel(ctx))
	return d.home.removeAccount(ctx, account)
}

// Folders implements ui.Program.
func (d *desk) Folders(ctx context.Context, account string) ([]provider.Info, error) {
	a, err := d.home.account(ctx, account)
	if err != nil {
		return nil, err
	}
	return prove(ctx, d.home.dialer, a)
}

// MakeFolder implements ui.Program.
func (d *desk) MakeFolder(ctx context.Context, account, title string, k record.Kind) (provider.Info, error) {
	p, err := d.dial(ctx, account)
	if err != nil {
		return provider.Info{}, err
	}
	return p.Make(ctx, title, k)
}

// Look implements ui.Program.
func (d *desk) Look(ctx context.Context, account, ref string, k record.Kind) (ui.Sample, error) {
	p, err := d.dial(ctx, account)
	if err != nil {
		return ui.Sample{}, err
	}
	s, err := look(ctx, p, ref, k)
	return ui.Sample{Count: s.count, More: s.more, Names: s.names, Categories: s.categories}, err
}

func (d *desk) dial(ctx context.Context, account string) (provider.Provider, error) {
	a, err := d.home.account(ctx, account)
	if err != nil {
		return nil, err
	}
	return d.home.dialer.dial(ctx, a)
}
