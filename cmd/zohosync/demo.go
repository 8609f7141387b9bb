package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zohosync/sync/auth"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
	"zohosync/sync/state"
)

type demoCmd struct {
	Contacts int    `help:"How many contacts." default:"500" placeholder:"N"`
	Tasks    int    `help:"How many tasks." default:"300" placeholder:"N"`
	Events   int    `help:"How many meetings." default:"500" placeholder:"N"`
	Seed     int64  `help:"The same seed makes the same records." default:"1" placeholder:"S"`
	Server   string `help:"Which CalDAV server: local (this computer’s own), radicale, xandikos, sabredav or cyrus." default:"local" enum:"local,radicale,xandikos,sabredav,cyrus"`
	Terminal bool   `help:"Tell the story here, although there is a display for the tray icon."`
}

// fewest is how many items of each kind the story needs.
const fewest = 10

// errUntold says that the demo did not come out as it should.
var errUntold = errors.New("the demo did not come out as it should")

// demo is a story on a stage of its own: nothing of the person's is touched, and nothing is left.
type demo struct {
	t       *terminal
	home    string
	crm     *sandbox.Server
	info    sandbox.Info
	server  davtest.Server         // without a URL: this computer's own, which runs while the home is open
	refs    map[record.Kind]string // of the folders on the server
	chapter int
	failed  int
}

// Run tells the story.
func (d demoCmd) Run(ctx context.Context, t *terminal) error {
	if min(d.Contacts, d.Tasks, d.Events) < fewest {
		return badInput("the story needs %d items of each kind", fewest)
	}
	began := time.Now()
	dir, err := os.MkdirTemp("", "zohosync-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	own, err := t.alone()
	if err != nil {
		return err
	}
	story := &demo{t: own, home: filepath.Join(dir, "home"), refs: map[record.Kind]string{}}
	stop, err := story.open(ctx, d, dir)
	if err != nil {
		return err
	}
	defer stop()
	if !d.Terminal && canShow() == nil {
		return story.show(ctx)
	}
	if err := story.tell(ctx); err != nil {
		return err
	}
	w := t.words
	if story.failed > 0 {
		return fmt.Errorf("%w: %d", errUntold, story.failed)
	}
	t.say("\n" + w.N("Everything came out as it should, in {{.n}} seconds.", int(time.Since(began).Seconds()+0.5)))
	return nil
}

// alone is a terminal with an environment and a vault of its own, and nothing of the person's.
func (t *terminal) alone() (*terminal, error) {
	vault, err := auth.OpenVault(auth.VaultMemory, "", nil)
	own := *t
	own.json, own.vault = false, vault
	own.env = func(name string) string {
		switch name {
		case "ZOHOSYNC_CLIENT_SECRET":
			return sandbox.MainSecret
		case "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR":
			return t.env(name)
		}
		return ""
	}
	return &own, err
}

// open starts both services.
func (d *demo) open(ctx context.Context, c demoCmd, dir string) (stop func(), err error) {
	d.title(d.t.words.T("Two services start on this computer"))
	d.crm = sandbox.New(sandbox.Options{Contacts: c.Contacts, Tasks: c.Tasks, Events: c.Events, Seed: c.Seed, MarkField: true})
	if d.info, err = d.crm.Start("127.0.0.1:0"); err != nil {
		return nil, err
	}
	w := d.t.words
	d.t.say(w.T("A stand-in for Zoho CRM with {{.contacts}} contacts, {{.tasks}} tasks and {{.events}} meetings: {{.address}}",
		"contacts", c.Contacts, "tasks", c.Tasks, "events", c.Events, "address", d.info.APIURL))
	end, err := d.serve(ctx, c.Server, filepath.Join(dir, c.Server))
	if err != nil {
		return nil, errors.Join(err, d.crm.Close())
	}
	return func() {
		_ = end()
		_ = d.crm.Close()
	}, nil
}

// serve starts the server, unless it is this computer's own: that one starts with its account.
func (d *demo) serve(ctx context.Context, name, files string) (stop func() error, err error) {
	w := d.t.words
	if name == serviceLocal {
		d.server = davtest.Server{Name: "computer"}
		d.t.say(w.T("The CalDAV and CardDAV server of this computer, which needs no installation"))
		return func() error { return nil }, nil
	}
	if err := os.Mkdir(files, 0o755); err != nil {
		return nil, err
	}
	if d.server, stop, err = davtest.Run(ctx, name, files); err != nil {
		return nil, err
	}
	d.t.say(w.T("A real CalDAV and CardDAV server, {{.name}}: {{.address}}", "name", d.server.Name, "address", d.server.URL))
	return stop, nil
}

// show gives the stage to the person: the tray icon, signed in, with three pairs to play with.
func (d *demo) show(ctx context.Context) error {
	w := d.t.words
	d.title(w.T("Both accounts are added"))
	if err := d.accounts(ctx); err != nil {
		return err
	}
	d.title(w.T("Three pairs are made"))
	if err := d.pairs(ctx); err != nil {
		return err
	}
	d.title(w.T("The tray icon is yours"))
	d.t.say(w.T("The first sync begins at once. The menu of the icon opens the windows; Quit there ends the demo, and nothing of it stays."))
	return d.look(ctx, func(h *home) error { return d.t.showTray(ctx, h, &commands{Home: d.home}) })
}

// tell is the story, chapter by chapter.
func (d *demo) tell(ctx context.Context) error {
	w := d.t.words
	d.title(w.T("Both accounts are added"))
	if err := d.accounts(ctx); err != nil {
		return err
	}
	d.title(w.T("Three pairs are made"))
	if err := d.pairs(ctx); err != nil {
		return err
	}
	d.title(w.T("The first sync brings everything over"))
	if _, err := d.sync(ctx); err != nil {
		return err
	}
	p, err := d.partners(ctx)
	if err != nil {
		return err
	}
	d.title(w.T("People edit on both sides"))
	if err := d.edit(ctx, p); err != nil {
		return err
	}
	d.title(w.T("The second sync brings both sides in step"))
	if _, err := d.sync(ctx); err != nil {
		return err
	}
	if err := d.check(ctx, p); err != nil {
		return err
	}
	d.title(w.T("The third sync has nothing to write"))
	results, err := d.sync(ctx)
	wrote := 0
	for _, r := range results {
		wrote += r.Wrote()
	}
	d.expect(wrote == 0, w.T("Nothing was written on either side"))
	d.expect(d.crm.Mails() == 0, w.T("Nobody was sent mail"))
	return err
}

func (d *demo) accounts(ctx context.Context) error {
	if err := d.typed(ctx, d.info.RefreshToken, "account", "add", "zoho", "--name", "crm", "--accounts-url", d.info.AccountsURL,
		"--client-id", d.info.ClientID, "--refresh-token-stdin"); err != nil {
		return err
	}
	if d.server.URL == "" {
		return d.typed(ctx, "", "account", "add", "local", "--name", d.server.Name)
	}
	return d.typed(ctx, d.server.Password, "account", "add", "caldav", "--name", d.server.Name, "--url", d.server.URL,
		"--user", d.server.User, "--password-stdin")
}

// modules of the CRM and what they hold.
func modules() []struct {
	name string
	kind record.Kind
} {
	return []struct {
		name string
		kind record.Kind
	}{{"Contacts", record.Contact}, {"Tasks", record.Task}, {"Events", record.Event}}
}

func (d *demo) pairs(ctx context.Context) error {
	for _, m := range modules() {
		title := "CRM " + m.name
		if err := d.typed(ctx, "", "collections", d.server.Name, "--create", title, "--kind", string(m.kind)); err != nil {
			return err
		}
		if err := d.typed(ctx, "", "pair", "add", "--left", "crm:"+m.name, "--right", d.server.Name+":"+title,
			"--conflict", "left", "--delete-left", "propagate", "--from", "3650", "--to", "3650"); err != nil {
			return err
		}
	}
	return d.look(ctx, func(h *home) error {
		pairs, err := h.state.ListPairs(ctx)
		for _, p := range pairs {
			d.refs[p.Kind] = p.Ends[plan.Right].Ref
		}
		return err
	})
}

// typed shows a command line and carries it out, as a person would type it.
func (d *demo) typed(ctx context.Context, input string, args ...string) error {
	shown := make([]string, len(args))
	for i, a := range args {
		if shown[i] = a; strings.ContainsAny(a, " ") {
			shown[i] = `"` + a + `"`
		}
	}
	d.t.say("$ zohosync " + strings.Join(shown, " "))
	t := *d.t
	t.in = strings.NewReader(input)
	if code := run(ctx, append([]string{"--home", d.home}, args...), &t); code > attention {
		return fmt.Errorf("%w: exit code %d", errUntold, code)
	}
	return ctx.Err()
}

// sync is the command of this name, with its results at hand.
func (d *demo) sync(ctx context.Context) ([]syncedPair, error) {
	d.t.say("$ zohosync sync")
	results, code, err := syncCmd{}.carryOut(ctx, d.t, &commands{Home: d.home})
	if err == nil && code > attention {
		err = fmt.Errorf("%w: exit code %d", errUntold, code)
	}
	return results, errors.Join(err, ctx.Err())
}

// look opens the demo's home for a moment.
func (d *demo) look(_ context.Context, use func(h *home) error) (err error) {
	h, err := openHome(&commands{Home: d.home}, d.t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	return use(h)
}

func (d *demo) title(text string) {
	d.chapter++
	d.t.say(fmt.Sprintf("\n%d. %s", d.chapter, text))
}

// expect says whether something is as it should be.
func (d *demo) expect(good bool, what string) {
	mark := d.t.words.T("yes")
	if !good {
		mark = d.t.words.T("NO")
		d.failed++
	}
	d.t.say("   " + what + ": " + mark)
}

// visit comes to the server as another program does: with a connection of its own.
func (d *demo) visit(ctx context.Context, do func(provider.Provider) error) error {
	if d.server.URL != "" {
		return d.visitAt(ctx, d.server, do)
	}
	return d.look(ctx, func(h *home) error {
		a, err := h.account(ctx, d.server.Name)
		if err != nil {
			return err
		}
		if a, err = h.own.resolve(ctx, a); err != nil {
			return err
		}
		password, err := h.own.password(ctx, a.Name)
		if err != nil {
			return err
		}
		return d.visitAt(ctx, davtest.Server{URL: where(a), User: a.Settings[settingUser], Password: password}, do)
	})
}

func (d *demo) visitAt(ctx context.Context, s davtest.Server, do func(provider.Provider) error) error {
	vault, err := auth.OpenVault(auth.VaultMemory, "", nil)
	if err != nil {
		return err
	}
	visitor := state.Account{Name: "neighbour", Service: "caldav", Settings: map[string]string{"url": s.URL, settingUser: s.User}}
	if err := vault.Set(ctx, auth.SecretPassword(visitor.Name), s.Password); err != nil {
		return err
	}
	p, err := newDialer(vault, d.t.specs).dial(ctx, visitor)
	if err != nil {
		return err
	}
	return do(p)
}
