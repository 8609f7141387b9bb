package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"path/filepath"
	"sync"

	"zohosync/assets"
	"zohosync/sync/auth"
	"zohosync/sync/local"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
	"zohosync/sync/state"
)

// serviceLocal is the service of the account that stands for this computer's own calendar server.
const serviceLocal = "local"

// localName is what that account is called where nobody chose a name.
const localName = "computer"

const (
	localFile = "local.db"
	localUser = "me"
	// localURL is where the server is looked for first, so that other programs keep their settings. It is remembered with
	// the account: a second home on this computer gets another port, and keeps that one.
	localURL = "http://127.0.0.1:18470/"
)

// ownServer is the calendar server of this computer. It runs in the process that owns the home, from the first time that
// somebody dials its account until the home is closed.
type ownServer struct {
	dir   string
	vault auth.Vault
	log   *slog.Logger
	moved func(url string) // told when the server is not where the account says

	mu     sync.Mutex
	server *local.Server
	secret string // the password that it knows
	url    string
}

func newOwnServer(h *home, t *terminal, log *slog.Logger) *ownServer {
	return &ownServer{dir: h.dir, vault: h.vault, log: log, moved: func(url string) {
		t.note(t.words.T("The calendar server of this computer is at {{.address}} for now: its usual port is taken.", "address", url))
	}}
}

// resolve starts the server when it does not run yet, and returns its account as that of any CalDAV server.
func (o *ownServer) resolve(ctx context.Context, a state.Account) (state.Account, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	password, err := o.password(ctx, a.Name)
	if err == nil && (o.server == nil || o.secret != password) {
		// Signed out, or removed and added again, while it ran: the old password opens it no longer.
		err = errors.Join(o.stop(), o.start(a, password))
	}
	if err != nil {
		return a, fmt.Errorf("account %s: %w", a.Name, err)
	}
	a.Service, a.Settings = "caldav", maps.Clone(a.Settings)
	a.Settings[dav.SettingURL] = o.url
	return a, nil
}

func (o *ownServer) start(a state.Account, password string) error {
	at, err := url.Parse(a.Settings[dav.SettingURL])
	if err != nil {
		return badInput("the address of the account is no URL")
	}
	server, err := local.Open(filepath.Join(o.dir, localFile), local.Options{User: a.Settings[settingUser], Password: password, Log: o.log})
	if err != nil {
		return err
	}
	where, err := server.Start(at.Host)
	if err != nil {
		return errors.Join(err, server.Close())
	}
	if where != a.Settings[dav.SettingURL] {
		o.moved(where)
	}
	o.server, o.secret, o.url = server, password, where
	return nil
}

// password returns the server's password. One that was lost is made anew: it protects nothing that the lost one did not,
// and other programs ask for it again.
func (o *ownServer) password(ctx context.Context, account string) (string, error) {
	known, err := o.vault.Get(ctx, auth.SecretPassword(account))
	if !errors.Is(err, auth.ErrNoSecret) {
		return known, err
	}
	fresh := rand.Text()
	return fresh, o.vault.Set(ctx, auth.SecretPassword(account), fresh)
}

// Close stops the server, if it runs.
func (o *ownServer) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.stop()
}

func (o *ownServer) stop() error {
	if o.server == nil {
		return nil
	}
	err := o.server.Close()
	o.server = nil
	return err
}

// serveLocal starts the server of this computer where there is an account of it, for other programs that use it.
func (h *home) serveLocal(ctx context.Context) error {
	all, err := h.state.ListAccounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Service == serviceLocal {
			_, err = h.own.resolve(ctx, a)
		}
	}
	return err
}

// addThisComputer makes the account of this computer's own server, with a first calendar, task list and address book when
// there are none yet. There is one such account; adding it again proves that it works.
func (h *home) addThisComputer(ctx context.Context, name string, w *assets.Words) (state.Account, []provider.Info, error) {
	acc := state.Account{Name: name, Service: serviceLocal, Settings: map[string]string{dav.SettingURL: localURL, settingUser: localUser}}
	if err := h.mayAdd(ctx, acc); err != nil {
		return acc, nil, err
	}
	all, err := h.state.ListAccounts(ctx)
	if err != nil {
		return acc, nil, err
	}
	for _, a := range all {
		if a.Service == serviceLocal && a.Name != name {
			return acc, nil, fmt.Errorf("%w: %q", errTaken, a.Name)
		}
		if a.Service == serviceLocal {
			acc = a
		}
	}
	running, err := h.own.resolve(ctx, acc)
	if err != nil {
		return acc, nil, err
	}
	found, err := prove(ctx, h.dialer, acc)
	if err == nil && len(found) == 0 {
		if err = h.own.furnish(ctx, w); err == nil {
			found, err = prove(ctx, h.dialer, acc)
		}
	}
	if err != nil {
		return acc, nil, err
	}
	acc.Settings[dav.SettingURL] = running.Settings[dav.SettingURL]
	return acc, found, h.state.StoreAccount(ctx, acc)
}

// furnish makes the first folders.
func (o *ownServer) furnish(ctx context.Context, w *assets.Words) error {
	return errors.Join(
		o.server.Make(ctx, "calendar", w.T("Calendar"), local.Calendar),
		o.server.Make(ctx, "tasks", w.T("Tasks"), local.TaskList),
		o.server.Make(ctx, "contacts", w.T("Contacts"), local.AddressBook),
	)
}

type addLocalCmd struct {
	Name string `help:"What to call the account here." default:"computer" placeholder:"NAME"`
}

// Run makes the account and says how other programs reach the server.
func (a addLocalCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	acc, found, err := h.addThisComputer(ctx, a.Name, t.words)
	if err != nil {
		return err
	}
	if err := t.added(acc, found); err != nil || t.json {
		return err
	}
	t.say(t.words.T("While ZohoSync runs, other programs reach it at {{.address}} as user {{.user}}.", "address", where(acc), "user", localUser))
	t.say(t.words.T("The password is told by: {{.command}}", "command", "zohosync account password "+acc.Name))
	return nil
}

type accountPasswordCmd struct {
	Name string `arg:"" help:"The account."`
}

// Run prints the password of this computer's own server, for other programs. Nobody chose it, so nobody knows it.
func (p accountPasswordCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	a, err := h.account(ctx, p.Name)
	if err != nil {
		return err
	}
	if a.Service != serviceLocal {
		return badInput("only the password of this computer's own server is told")
	}
	password, err := h.own.password(ctx, a.Name)
	if err != nil {
		return err
	}
	return t.result(map[string]string{"user": a.Settings[settingUser], "password": password}, password)
}
