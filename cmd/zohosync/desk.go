//go:build cgo

package main

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"zohosync/app/ui"
	"zohosync/assets"
	"zohosync/sync/auth"
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// desk is the program behind the windows: what they ask is done in the one home, as the commands do it.
type desk struct {
	t      *terminal
	home   *home
	engine *engine.Engine

	mu       sync.Mutex
	watchers map[int]func()
	last     int
	standing map[string]standing // of the accounts; nil until the vault was asked
	language *assets.Words
	tint     string // of the panel, as the person said
}

// standing is what the vault knows of an account.
type standing struct {
	signedIn bool
	err      error // why the vault could not be asked
}

// newDesk starts nothing yet: the engine runs with Serve. What the home does from now on, it does beside that engine.
func newDesk(ctx context.Context, h *home, t *terminal, o engine.Options) (*desk, error) {
	p, err := h.preferences(ctx)
	if err != nil {
		return nil, err
	}
	o.Interval, o.Code = p.Interval, codeOf
	d := &desk{t: t, home: h, engine: engine.New(h.state, h.dialer.dial, o), watchers: map[int]func(){}, language: t.words}
	d.tint = p.Panel
	if p.Language != "" {
		d.language = assets.Speak(p.Language)
	}
	h.running = d.engine
	text, err := h.state.GetSetting(ctx, settingPause)
	if err != nil {
		return nil, err
	}
	if until, err := time.Parse(time.RFC3339, text); err == nil {
		d.engine.Pause(until)
	}
	d.engine.Notify(d.changed)
	return d, nil
}

// changed tells whoever watches that there may be news.
func (d *desk) changed() {
	d.mu.Lock()
	watchers := make([]func(), 0, len(d.watchers))
	for w := range maps.Values(d.watchers) {
		watchers = append(watchers, w)
	}
	d.mu.Unlock()
	for _, w := range watchers {
		w()
	}
}

// Watch implements ui.Program.
func (d *desk) Watch(changed func()) (stop func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last++
	id := d.last
	d.watchers[id] = changed
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.watchers, id)
	}
}

// refresh asks the vault who is signed in. A locked keychain may take its time.
func (d *desk) refresh(ctx context.Context) {
	accounts, err := d.home.state.ListAccounts(ctx)
	if err != nil {
		return // the state is closing, or the next call tells
	}
	standings := map[string]standing{}
	for _, a := range accounts {
		in, err := auth.SignedIn(ctx, d.home.vault, a.Name)
		standings[a.Name] = standing{in, err}
	}
	d.mu.Lock()
	d.standing = standings
	d.mu.Unlock()
	d.changed()
}

// Status implements ui.Program. Who is signed in to no CRM can do nothing but sign in.
func (d *desk) Status(ctx context.Context) (engine.Status, error) {
	s, err := d.engine.Status(ctx)
	if err != nil {
		return s, err
	}
	accounts, err := d.home.state.ListAccounts(ctx)
	if err == nil && d.signedOut(accounts) {
		s.State = engine.StateSignedOut
	}
	return s, err
}

// signedOut tells whether no account of a CRM is signed in, as far as one knows.
func (d *desk) signedOut(accounts []state.Account) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range accounts {
		// A keychain that cannot be asked is a problem of its own, which signing in would not solve.
		if s, known := d.standing[a.Name]; a.Service == serviceZoho && (!known || s.signedIn || s.err != nil) {
			return false
		}
	}
	return true
}

// Explain implements ui.Program.
func (d *desk) Explain(err error) ui.Explained {
	e := explain(d.home.helped(context.Background(), err), d.words())
	out := ui.Explained{Code: e.Code, Sentence: e.Sentence, Next: e.Next, Detail: e.Detail}
	out.Fingerprint, _ = auth.Fingerprint(err)
	return out
}

// Reason implements ui.Program.
func (d *desk) Reason(code string) (sentence, next string) {
	return reason(code, d.words())
}

// words are those of the language that was chosen last.
func (d *desk) words() *assets.Words {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.language
}

// panel is how the panel is that shows the icon: "light", "dark", or "" where the person did not say.
func (d *desk) panel() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tint
}

// Open implements ui.Program.
func (d *desk) Open(url string) error { return d.t.browse(url) }

// SyncNow implements ui.Program.
func (d *desk) SyncNow(pair string, retry bool) {
	d.engine.Ask(pair, engine.RunOptions{Retry: retry})
}

// Questions implements ui.Program.
func (d *desk) Questions(ctx context.Context) ([]engine.Question, error) {
	return d.engine.Questions(ctx)
}

// Answer implements ui.Program. The engine runs the pair at once.
func (d *desk) Answer(ctx context.Context, id string, c plan.Choice) error {
	defer d.changed()
	return d.engine.Answer(ctx, id, c)
}

// Stop implements ui.Program.
func (d *desk) Stop() { d.engine.Stop() }

// Pause implements ui.Program. The pause outlives the program.
func (d *desk) Pause(until time.Time) {
	text := ""
	if !until.IsZero() {
		text = until.UTC().Format(time.RFC3339)
	}
	// A pause that cannot be remembered holds until the program ends.
	_ = d.home.state.StoreSetting(context.Background(), settingPause, text)
	d.engine.Pause(until)
}

// PausedUntil implements ui.Program.
func (d *desk) PausedUntil() time.Time { return d.engine.PausedUntil() }

// Problems implements ui.Program.
func (d *desk) Problems(ctx context.Context, pair string) ([]engine.Item, error) {
	pairs, err := d.home.chosen(ctx, pair)
	if err != nil {
		return nil, err
	}
	var out []engine.Item
	for _, p := range pairs {
		items, err := d.engine.Problems(ctx, p)
		if err != nil {
			return nil, err
		}
		out = append(out, items...)
	}
	return out, nil
}

// Counts implements ui.Program.
func (d *desk) Counts(ctx context.Context, pair string) (ui.Counts, error) {
	c, err := d.home.count(ctx, pair)
	return ui.Counts{InStep: c.inStep, Excluded: c.excluded, Failing: c.failing}, err
}

// Runs implements ui.Program.
func (d *desk) Runs(ctx context.Context, most int) ([]state.Run, error) {
	return d.home.state.ListRuns(ctx, most)
}

// Pairs implements ui.Program.
func (d *desk) Pairs(ctx context.Context) ([]state.Pair, error) { return d.home.state.ListPairs(ctx) }

// Defaults implements ui.Program.
func (d *desk) Defaults(k record.Kind) state.Pair { return defaults(k) }

// StorePairs implements ui.Program.
func (d *desk) StorePairs(ctx context.Context, keep []state.Pair, remove []string) error {
	defer d.changed()
	return d.home.storePairs(ctx, keep, remove)
}

// errAccount finds the account at fault in an error of a run.
func errAccount(err error) (account string, ok bool) {
	var end *engine.EndError
	if errors.As(err, &end) {
		return end.Account, true
	}
	return "", false
}
