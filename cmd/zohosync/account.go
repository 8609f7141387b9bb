package main

import (
	"context"
	"errors"
	"fmt"

	"zohosync/sync/auth"
	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// Refusals of the command line.
var (
	errNoSuch = errors.New("no such thing")
	errTaken  = errors.New("the name is taken")
	errInUse  = errors.New("pairs use it")
	errOther  = errors.New("another account than before")

	errNoClient = errors.New("no OAuth client")

	errPassword   = errors.New("user name or password refused")
	errNotRevoked = errors.New("signed out here, but the token was not revoked")
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
	if err := h.removeAccount(ctx, r.Name); err != nil {
		return err
	}
	return t.result(map[string]string{"removed": r.Name}, t.words.T("{{.name}} was removed.", "name", r.Name))
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
