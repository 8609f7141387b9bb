package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"zohosync/sync/auth"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

type doctorCmd struct{}

// How a check came out.
const (
	levelOK   = "ok"
	levelWarn = "warn"
	levelFail = "fail"
)

// finding is the outcome of one check.
type finding struct {
	Check    string `json:"check"` // stable
	Of       string `json:"of,omitempty"`
	Level    string `json:"level"`
	Code     string `json:"code,omitempty"` // of the problem, where it has one
	Sentence string `json:"sentence"`
	Next     string `json:"next,omitempty"`
}

// doctor goes through the checks. Nothing is changed, and only the servers of the accounts are asked.
type doctor struct {
	t     *terminal
	found []finding
	now   func() time.Time
	infos map[string][]provider.Info // of the accounts that answered
}

// Run looks at the computer, the home, each account and each pair.
func (doctorCmd) Run(ctx context.Context, t *terminal, c *commands) error {
	d := &doctor{t: t, now: time.Now, infos: map[string][]provider.Info{}}
	d.computer(ctx)
	d.home(ctx, c)
	if err := d.print(); err != nil {
		return err
	}
	for _, f := range d.found {
		if f.Level == levelFail {
			return attention
		}
	}
	return nil
}

func (d *doctor) ok(check, of, sentence string) { d.add(finding{check, of, levelOK, "", sentence, ""}) }
func (d *doctor) warn(check, of, sentence, next string) {
	d.add(finding{check, of, levelWarn, "", sentence, next})
}
func (d *doctor) fail(check, of, sentence, next string) {
	d.add(finding{check, of, levelFail, "", sentence, next})
}
func (d *doctor) add(f finding) { d.found = append(d.found, f) }

// broken adds an error in the words that every command has for it.
func (d *doctor) broken(check, of string, err error) {
	e := explain(err, d.t.words)
	d.add(finding{check, of, levelFail, e.Code, e.Sentence, e.Next})
}

func (d *doctor) print() error {
	if d.t.json {
		return d.t.show(map[string]any{"findings": d.found})
	}
	w := d.t.words
	said := map[string]string{levelOK: w.T("ok"), levelWarn: w.T("warning"), levelFail: w.T("FAILED")}
	var rows [][]string
	for _, f := range d.found {
		sentence := f.Sentence
		if f.Of != "" {
			sentence = f.Of + ": " + sentence
		}
		if f.Next != "" {
			sentence = strings.TrimSuffix(sentence, ".") + ". " + f.Next
		}
		rows = append(rows, []string{said[f.Level], sentence})
	}
	d.t.table([]string{w.T("RESULT"), w.T("CHECK")}, rows, "")
	return nil
}

// computer looks at what the program finds around itself.
func (d *doctor) computer(ctx context.Context) {
	w := d.t.words
	switch {
	case !hasTray:
		d.ok("display", "", w.T("This program was built without tray and windows."))
	case !hasDisplay(d.t.env):
		d.warn("display", "", w.T("There is no display here to show a tray icon on."), w.T("Use a command instead: zohosync sync, zohosync status; --help lists them all."))
	case !trayHost(ctx, d.t.env):
		d.warn("tray", "", w.T("This desktop shows no tray icons"), w.T("zohosync opens its window instead. GNOME shows icons with the AppIndicator extension."))
	default:
		d.ok("tray", "", w.T("This desktop shows tray icons."))
	}
	zone := strings.TrimPrefix(d.t.env("TZ"), ":")
	if _, err := time.LoadLocation(zone); err != nil && !filepath.IsAbs(zone) {
		d.warn("zone", "", w.T("The time zone {{.name}} is not known here, so UTC is used.", "name", zone), w.T("Correct the variable TZ, or remove it."))
		return
	}
	d.ok("zone", "", w.T("Time zone: {{.name}}.", "name", d.now().Format("MST, -07:00")))
}

// The free space below which the state may not find room for the journal of a run.
const (
	littleSpace = 200 << 20
	noSpace     = 20 << 20
)

// home looks at the folder that holds everything, and at what lies in it.
func (d *doctor) home(ctx context.Context, c *commands) {
	w := d.t.words
	dir, err := homeFolder(c.Home)
	if d.t.own != nil {
		dir, err = d.t.own.dir, nil
	}
	if err == nil {
		err = tryWriting(dir)
	}
	if err != nil {
		d.broken("home", dir, err)
		return
	}
	if info, err := os.Stat(dir); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		d.warn("home", dir, w.T("Other people of this computer can look into this folder."), w.T("Take their permissions away: chmod 700"))
	} else {
		d.ok("home", dir, w.T("This folder can be written."))
	}
	d.space(dir)
	h, err := openHome(c, d.t)
	if err != nil {
		d.broken("state", "", err)
		return
	}
	defer h.Close()
	if err := h.state.Check(ctx); err != nil {
		d.broken("state", "", err)
	} else {
		d.ok("state", "", w.T("The file of the state is whole."))
	}
	d.secrets(ctx, h)
	d.accounts(ctx, h)
	d.pairs(ctx, h)
}

func (d *doctor) space(dir string) {
	w := d.t.words
	free, err := freeSpace(dir)
	switch said := w.T("{{.n}} MB are free.", "n", int(free>>20)); {
	case err != nil:
		d.broken("disk", dir, err)
	case free < noSpace:
		d.fail("disk", dir, said, w.T("Free some space, then sync again."))
	case free < littleSpace:
		d.warn("disk", dir, said, w.T("Free some space soon: a sync that finds no room stops."))
	default:
		d.ok("disk", dir, said)
	}
}

// tryWriting tries to write where everything is kept.
func tryWriting(dir string) error {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return fmt.Errorf("write to the home: %w", err)
	}
	_, err = f.WriteString("doctor")
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// probeSecret is no secret of an account: no account can have this name.
const probeSecret = "doctor probe/secret"

// secrets tries what every sign-in needs.
func (d *doctor) secrets(ctx context.Context, h *home) {
	w := d.t.words
	err := h.vault.Set(ctx, probeSecret, "probe")
	if err == nil {
		var got string
		if got, err = h.vault.Get(ctx, probeSecret); err == nil && got != "probe" {
			err = auth.ErrNoKeychain
		}
		err = errors.Join(err, h.vault.Delete(ctx, probeSecret))
	}
	switch {
	case err != nil:
		d.broken("secrets", "", err)
	case h.kind == auth.VaultMemory:
		d.warn("secrets", "", w.T("Passwords and tokens are forgotten when the program ends."), w.T("Choose another place with --vault."))
	case h.kind == auth.VaultFile:
		d.ok("secrets", "", w.T("The file of passwords and tokens can be used."))
	default:
		d.ok("secrets", "", w.T("The keychain can be used."))
	}
}

// pairs looks for the folders of each pair, and at what waits for a person.
func (d *doctor) pairs(ctx context.Context, h *home) {
	w := d.t.words
	all, err := h.state.ListPairs(ctx)
	if err != nil {
		d.broken("pairs", "", err)
		return
	}
	if len(all) == 0 {
		d.warn("pairs", "", w.T("No pairs yet"), w.T("Choose folders in Settings, or use zohosync pair add."))
	}
	for _, p := range all {
		d.pair(p)
	}
}

// stale is how long a pair may be without a success before it is said.
const stale = 24 * time.Hour

func (d *doctor) pair(p state.Pair) {
	w := d.t.words
	for _, e := range p.Ends {
		infos, asked := d.infos[e.Account]
		if asked && !hasRef(infos, e.Ref) {
			d.broken("pair", p.ID+", "+endName(e), provider.ErrGone)
			return
		}
	}
	switch {
	case p.Stop != nil:
		f := finding{"pair", p.ID, levelWarn, p.Stop.Code, "", ""}
		f.Sentence, f.Next = reason(p.Stop.Code, w)
		d.add(f)
	case !p.Success.IsZero() && d.now().Sub(p.Success) > stale:
		d.warn("pair", p.ID, w.T("no success since {{.date}}", "date", w.Day(p.Success.Local())), w.T("zohosync sync says why."))
	case p.Success.IsZero():
		d.ok("pair", p.ID, w.T("not synced yet"))
	default:
		d.ok("pair", p.ID, w.T("Both folders are there."))
	}
}

func hasRef(infos []provider.Info, ref string) bool {
	for _, i := range infos {
		if i.Ref == ref {
			return true
		}
	}
	return false
}
