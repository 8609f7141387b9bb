package main

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"zohosync/sync/auth"
	"zohosync/sync/provider/dav"
	"zohosync/sync/state"
)

// accounts asks each server who is there, what time it is, and whether the account is signed in.
func (d *doctor) accounts(ctx context.Context, h *home) {
	w := d.t.words
	all, err := h.state.ListAccounts(ctx)
	if err != nil {
		d.broken("accounts", "", err)
		return
	}
	if len(all) == 0 {
		d.warn("accounts", "", w.T("No accounts yet"), w.T("Log in from the tray icon, or use zohosync account add."))
	}
	for _, a := range all {
		d.account(ctx, h, a)
	}
}

func (d *doctor) account(ctx context.Context, h *home, a state.Account) {
	w := d.t.words
	if a.Service == serviceZoho {
		if _, err := auth.DataCentreOf(a.Settings[auth.SettingAccountsURL]); err != nil {
			d.broken("data-centre", a.Name, err)
			return
		}
	}
	d.server(ctx, a)
	infos, err := prove(ctx, h.dialer, a)
	if err != nil {
		d.broken("account", a.Name, err)
		return
	}
	d.infos[a.Name] = infos
	if len(infos) == 0 {
		d.warn("account", a.Name, w.T("No folders were found"), w.T("Check the address and the user name."))
		return
	}
	d.ok("account", a.Name, w.N("Signed in, {{.n}} folders.", len(infos)))
}

const (
	probeWithin = 15 * time.Second
	clockOff    = 2 * time.Minute // Zoho and calendar servers compare times of changes
	soonEnds    = 14 * 24 * time.Hour
)

// server asks the account's server for its clock and its certificate, without signing in. That it cannot be reached is said
// by the request that follows.
func (d *doctor) server(ctx context.Context, a state.Account) {
	base := where(a)
	if a.Service == serviceDAV {
		origin, err := dav.Origin(base)
		if err != nil {
			return
		}
		base = origin
	}
	u, err := url.Parse(base)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodHead, (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}).String(), nil)
	if err != nil {
		return
	}
	transport := auth.Transport(auth.Trust{u.Host: a.Settings[settingTrust]})
	answer, err := transport.RoundTrip(ask)
	if err != nil {
		return
	}
	defer answer.Body.Close()
	d.clock(a.Name, answer.Header.Get("Date"))
	if answer.TLS != nil && len(answer.TLS.PeerCertificates) > 0 {
		d.certificate(a.Name, answer.TLS.PeerCertificates[0].NotAfter)
	}
}

func (d *doctor) clock(account, date string) {
	w := d.t.words
	theirs, err := http.ParseTime(date)
	if err != nil {
		return // a server without a clock
	}
	off := d.now().Sub(theirs).Abs()
	if off > clockOff {
		d.fail("clock", account, w.N("The clocks of this computer and of the server differ by {{.n}} minutes.", int(off.Round(time.Minute)/time.Minute)),
			w.T("Set the clock of this computer by the network."))
		return
	}
	d.ok("clock", account, w.T("The clocks of this computer and of the server agree."))
}

func (d *doctor) certificate(account string, ends time.Time) {
	w := d.t.words
	left := ends.Sub(d.now())
	if left < soonEnds {
		d.warn("certificate", account, w.N("The certificate of the server ends in {{.n}} days.", max(0, int(left/(24*time.Hour)))),
			w.T("Tell whoever runs the server."))
		return
	}
	d.ok("certificate", account, w.T("The certificate of the server is good."))
}
