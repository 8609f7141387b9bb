package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"zohosync/sync/auth"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

// Refusals of the command line.
var (
	errNoSuch = errors.New("no such thing")
	errTaken  = errors.New("the name is taken")
	errInUse  = errors.New("pairs use it")
	errOther  = errors.New("another account than before")

	errPassword = errors.New("user name or password refused")
)

type accountCmd struct {
	Add struct {
		Zoho   addZohoCmd   `cmd:"" help:"Add an account of Zoho CRM, or sign in to it again."`
		Caldav addCaldavCmd `cmd:"" help:"Add an account of a CalDAV and CardDAV server, or change its password."`
		Local  addLocalCmd  `cmd:"" help:"Add this computer's own calendar and address book server. It runs while ZohoSync does, and only for programs of this computer."`
	} `cmd:"" help:"Add an account, or sign in to one again."`
	List     accountListCmd     `cmd:"" help:"List the accounts."`
	Password accountPasswordCmd `cmd:"" help:"Print the password of this computer's own server, for the programs that are to use it."`
	Remove   accountRemoveCmd   `cmd:"" help:"Remove an account and forget its secrets. Nothing is deleted on the server."`
}

type accountListCmd struct{}

// Run lists the accounts.
func (accountListCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	all, err := h.state.ListAccounts(ctx)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, a := range all {
		rows = append(rows, []string{a.Name, a.Service, a.Settings[settingUser], where(a)})
	}
	w := t.words
	return t.list(nonNil(all), []string{w.T("NAME"), w.T("SERVICE"), w.T("USER"), w.T("SERVER")}, rows, w.T("No accounts yet"))
}

// where names the server of an account.
func where(a state.Account) string {
	if a.Settings["url"] != "" {
		return a.Settings["url"]
	}
	return a.Settings[auth.SettingAPIURL]
}

type accountRemoveCmd struct {
	Name string `arg:"" help:"The account."`
}

// Run removes an account that no pair uses.
func (r accountRemoveCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	a, err := h.account(ctx, r.Name)
	if err != nil {
		return err
	}
	used, err := h.pairsOf(ctx, a.Name)
	if err != nil {
		return err
	}
	if len(used) > 0 {
		return fmt.Errorf("%w: %d", errInUse, len(used))
	}
	if err := h.state.DeleteAccount(ctx, a.Name); err != nil {
		return err
	}
	if a.Service == serviceLocal {
		// Its file stays: added again, everything is there.
		if err := h.own.Close(); err != nil {
			return err
		}
	}
	// The account is gone in any case; what cannot be revoked or forgotten is said.
	if err := auth.SignOut(ctx, h.vault, a.Name, auth.CredentialsOf(a.Settings), nil); err != nil {
		return fmt.Errorf("the account was removed, but: %w", err)
	}
	return t.result(map[string]string{"removed": a.Name}, t.words.T("{{.name}} was removed.", "name", a.Name))
}

// account returns an account by name.
func (h *home) account(ctx context.Context, name string) (state.Account, error) {
	a, err := h.state.GetAccount(ctx, name)
	if errors.Is(err, state.ErrNotFound) {
		err = fmt.Errorf("%w: account %q", errNoSuch, name)
	}
	return a, err
}

// pairsOf lists the pairs that use an account.
func (h *home) pairsOf(ctx context.Context, account string) ([]state.Pair, error) {
	all, err := h.state.ListPairs(ctx)
	var used []state.Pair
	for _, p := range all {
		if p.Ends[plan.Left].Account == account || p.Ends[plan.Right].Account == account {
			used = append(used, p)
		}
	}
	return used, err
}

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

// closing closes the home at the end of a command, and keeps its error when there is no other.
func closing(h *home, err *error) {
	if closed := h.Close(); *err == nil {
		*err = closed
	}
}

// nonNil makes an empty list print as [] and not as null.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
