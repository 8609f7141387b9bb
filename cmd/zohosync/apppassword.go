package main

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"zohosync/sync/engine"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
)

// appPassword is a refusal by a server of which one knows that programs need a password of their own there (C-43).
type appPassword struct {
	page string // where the person makes one
	err  error
}

func (e *appPassword) Error() string { return e.err.Error() }

// Unwrap returns the refusal.
func (e *appPassword) Unwrap() error { return e.err }

// appPasswordPages are where the people of well-known servers make such a password. A host stands for all below it, one that
// ends in a dot for those of every country.
func appPasswordPages() [][2]string {
	return [][2]string{
		{"icloud.com", "https://account.apple.com"}, // a new password of the Apple account ends all of them
		{"me.com", "https://account.apple.com"},
		{"mac.com", "https://account.apple.com"},
		{"fastmail.com", "https://www.fastmail.com/help/clients/apppassword.html"},
		{"messagingengine.com", "https://www.fastmail.com/help/clients/apppassword.html"},
		{"yahoo.com", "https://login.yahoo.com/account/security"},
		{"calendar.zoho.", "https://accounts.zoho.{country}/home#security"},
		{"contacts.zoho.", "https://accounts.zoho.{country}/home#security"},
	}
}

// withPage adds to a refused password where one that works is made, if that is known of the server at an address.
func withPage(err error, address string) error {
	var known *appPassword
	if err == nil || errors.As(err, &known) || !errors.Is(err, provider.ErrAuth) {
		return err
	}
	origin, bad := dav.Origin(address)
	u, unread := url.Parse(origin)
	if bad != nil || unread != nil {
		return err
	}
	if page := pageOf(strings.ToLower(u.Hostname())); page != "" {
		return &appPassword{page, err}
	}
	return err
}

func pageOf(host string) string {
	for _, row := range appPasswordPages() {
		if country, ok := strings.CutPrefix(host, row[0]); strings.HasSuffix(row[0], ".") {
			if ok && country != "" {
				return strings.ReplaceAll(row[1], "{country}", country)
			}
		} else if host == row[0] || strings.HasSuffix(host, "."+row[0]) {
			return row[1]
		}
	}
	return ""
}

// helped is withPage for what ended the run of a pair.
func (h *home) helped(ctx context.Context, err error) error {
	var end *engine.EndError
	if !errors.As(err, &end) {
		return err
	}
	acc, unknown := h.state.GetAccount(ctx, end.Account)
	if unknown != nil || acc.Service != serviceDAV {
		return err
	}
	return withPage(err, acc.Settings[dav.SettingURL])
}
