package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"zohosync/assets"
	"zohosync/sync/auth"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
	"zohosync/sync/state"
)

// Services, as their Specs are called.
const (
	serviceZoho = "zoho"
	serviceDAV  = "caldav"
)

const (
	// settingOwner is who the CRM says has signed in. It tells one organisation and person from another.
	settingOwner = "owner"
	// settingBegan is the accounts server at which the sign-in began: the one where the OAuth client is registered.
	settingBegan = "signin_url"
)

// zohoSignIn is one sign-in to Zoho CRM, however it is done.
type zohoSignIn struct {
	auth.SignIn
	name  string // of the account; "": the one that this person has here, else a new one
	brief bool   // forgotten when the program ends
	get   func(context.Context, auth.SignIn) (auth.Grant, error)
}

// newSignIn makes a sign-in with the pages that the browser shows at its end.
func newSignIn(w *assets.Words, c auth.Credentials) zohoSignIn {
	return zohoSignIn{SignIn: auth.SignIn{Credentials: c, Pages: auth.Pages{
		Lang:   w.Language(),
		Done:   auth.Page{Title: w.T("Signed in"), Text: w.T("ZohoSync is signed in. You can close this page.")},
		Failed: auth.Page{Title: w.T("Not signed in"), Text: w.T("ZohoSync says why. You can close this page.")},
	}}}
}

// signIn signs in, proves the account with a real request and only then keeps it. What is not kept is revoked.
func (h *home) signIn(ctx context.Context, s zohoSignIn) (state.Account, []provider.Info, error) {
	acc := state.Account{Name: s.name, Service: serviceZoho}
	if acc.Name != "" {
		if err := h.mayAdd(ctx, acc); err != nil {
			return acc, nil, err
		}
	}
	grant, err := s.get(ctx, s.SignIn)
	if err != nil {
		return acc, nil, err
	}
	acc.Settings = grant.Settings()
	acc.Settings[settingBegan] = s.AccountsURL
	if s.Hint != "" {
		acc.Settings[settingUser] = s.Hint
	}
	found, err := h.prove(ctx, s.SignIn, grant, &acc)
	if err == nil {
		err = h.keep(ctx, s, grant, acc)
	}
	if err != nil {
		// Zoho counts the tokens that are never used.
		_ = s.Drop(context.WithoutCancel(ctx), grant)
	}
	return acc, found, err
}

// prove makes a real request before anything of an account that may exist already is replaced. It finds out whose account
// this is, and its name where none was given.
func (h *home) prove(ctx context.Context, s auth.SignIn, g auth.Grant, acc *state.Account) ([]provider.Info, error) {
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
	if acc.Name == "" {
		if acc.Name, err = h.nameOf(ctx, *acc, "crm", settingOwner, auth.SettingAPIURL); err != nil {
			return nil, err
		}
	}
	return found, h.mayAdd(ctx, *acc, settingOwner)
}

// keep stores a proven account and its tokens.
func (h *home) keep(ctx context.Context, s zohoSignIn, g auth.Grant, acc state.Account) error {
	return h.quietly(func() error {
		before := h.vault.IsBrief(acc.Name)
		h.vault.Brief(acc.Name, s.brief)
		if err := s.Keep(ctx, h.vault, acc.Name, g); err != nil {
			h.vault.Brief(acc.Name, before)
			return err
		}
		h.dialer.forget(acc.Name)
		return h.state.StoreAccount(ctx, acc)
	})
}

// serverAccount is the account of a CalDAV and CardDAV server.
func serverAccount(name, address, user, trust string) state.Account {
	a := state.Account{Name: name, Service: serviceDAV, Settings: map[string]string{dav.SettingURL: address, settingUser: user}}
	if trust != "" {
		a.Settings[settingTrust] = trust
	}
	return a
}

// addServer proves an account that signs in by password with a real request and only then keeps it.
func (h *home) addServer(ctx context.Context, acc state.Account, password string) ([]provider.Info, error) {
	if err := h.mayAdd(ctx, acc, dav.SettingURL, settingUser); err != nil {
		return nil, err
	}
	trial, err := auth.OpenVault(auth.VaultMemory, "", nil)
	if err != nil {
		return nil, err
	}
	if err := trial.Set(ctx, auth.SecretPassword(acc.Name), password); err != nil {
		return nil, err
	}
	found, err := prove(ctx, newDialer(trial, h.dialer.specs), acc)
	var signIn *auth.Error
	if errors.Is(err, provider.ErrAuth) && !errors.As(err, &signIn) {
		// Of a signed-in account one would say that it is not signed in any more; this one never was.
		err = withPage(fmt.Errorf("%w: %w", errPassword, err), acc.Settings[dav.SettingURL])
	}
	if err != nil {
		return nil, err
	}
	return found, h.quietly(func() error {
		if err := h.vault.Set(ctx, auth.SecretPassword(acc.Name), password); err != nil {
			return err
		}
		h.dialer.forget(acc.Name)
		return h.state.StoreAccount(ctx, acc)
	})
}

// signOut revokes the tokens of an account and forgets its secrets. Its pairs stay.
func (h *home) signOut(ctx context.Context, name string) error {
	acc, err := h.account(ctx, name)
	if err != nil {
		return err
	}
	return h.quietly(func() error {
		h.dialer.forget(acc.Name)
		return h.forgetSecrets(ctx, acc)
	})
}

func (h *home) forgetSecrets(ctx context.Context, acc state.Account) error {
	err := auth.SignOut(ctx, h.vault, acc.Name, auth.CredentialsOf(acc.Settings), nil)
	in, asked := auth.SignedIn(ctx, h.vault, acc.Name)
	if err != nil && asked == nil && !in {
		err = fmt.Errorf("%w: %w", errNotRevoked, err)
	}
	return err
}

// removeAccount removes an account that no pair uses, and forgets its secrets.
func (h *home) removeAccount(ctx context.Context, name string) error {
	acc, err := h.account(ctx, name)
	if err != nil {
		return err
	}
	used, err := h.pairsOf(ctx, name)
	if err != nil {
		return err
	}
	if len(used) > 0 {
		return fmt.Errorf("%w: %d", errInUse, len(used))
	}
	h.dialer.forget(name)
	if err := h.state.DeleteAccount(ctx, name); err != nil {
		return err
	}
	if acc.Service == serviceLocal {
		// Its file stays: added again, everything is there.
		if err := h.own.Close(); err != nil {
			return err
		}
	}
	// The account is gone in any case; what cannot be revoked or forgotten is said.
	if err := h.forgetSecrets(ctx, acc); err != nil {
		return fmt.Errorf("the account was removed, but: %w", err)
	}
	return nil
}

// nameOf returns the name of the account of the same service that has the same settings of these, else a free name.
func (h *home) nameOf(ctx context.Context, a state.Account, base string, same ...string) (string, error) {
	all, err := h.state.ListAccounts(ctx)
	if err != nil {
		return "", err
	}
	taken := map[string]bool{}
	for _, old := range all {
		if old.Service == a.Service && sameSettings(old, a, same) {
			return old.Name, nil
		}
		taken[old.Name] = true
	}
	name := base
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	return name, nil
}

func sameSettings(a, b state.Account, names []string) bool {
	for _, n := range names {
		if a.Settings[n] != b.Settings[n] {
			return false
		}
	}
	return true
}

// baseName makes a name for an account from the host of its server.
func baseName(host string) string {
	host, _, _ = strings.Cut(host, ":")
	if name := strings.Trim(notInName.ReplaceAllString(host, "-"), "-._"); nameable.MatchString(name) {
		return name
	}
	return "server"
}

var notInName = regexp.MustCompile(`[^\p{L}\p{N}._-]`)

// nameable is what an account may be called: it stands before the colon of "crm:Contacts".
var nameable = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$`)

// mayAdd says whether an account may be stored: under a good name, and not in place of another one that pairs rely on.
// Signing in again to the same account is how it is healed.
func (h *home) mayAdd(ctx context.Context, a state.Account, same ...string) error {
	if !nameable.MatchString(a.Name) {
		return badInput("an account's name has letters, digits, dots, dashes and underscores")
	}
	old, err := h.state.GetAccount(ctx, a.Name)
	if errors.Is(err, state.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if old.Service != a.Service {
		return fmt.Errorf("%w: %q", errTaken, a.Name)
	}
	used, err := h.pairsOf(ctx, a.Name)
	for _, setting := range same {
		if len(used) > 0 && old.Settings[setting] != a.Settings[setting] {
			return fmt.Errorf("%w: %s", errOther, setting)
		}
	}
	return err
}

// prove asks the service for its collections: an account counts only once a real request was answered.
func prove(ctx context.Context, d *dialer, a state.Account) ([]provider.Info, error) {
	p, err := d.dial(ctx, a)
	if err != nil {
		return nil, err
	}
	return p.Collections(ctx)
}
