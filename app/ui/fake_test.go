package ui

import (
	"context"
	"errors"
	"sync"
	"time"

	"zohosync/assets"
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// fake is a program without anything behind it: what it answers is set by the test, what it is asked is kept.
type fake struct {
	sync.Mutex
	words    *assets.Words // set by the stage
	wake     func()        // set by the stage, which looks again after every question that is kept
	settings Settings
	accounts []Account
	pairs    []state.Pair
	err      error // what every question fails with

	// signIn is what SignIn does; nil waits until the person leaves.
	signIn  func(ctx context.Context, s SignIn) (Account, error)
	asked   []SignIn
	opened  []string
	out     []string
	stored  []Settings
	pressed []string // Sync Now
}

// on is told by the stage.
func (f *fake) on(words *assets.Words, wake func()) { f.words, f.wake = words, wake }

// coded is an error with a code of package assets.
type coded string

func (c coded) Error() string { return "sign-in failed: " + string(c) + " (raw words of the server)" }

func (f *fake) Explain(err error) Explained {
	var c coded
	if !errors.As(err, &c) {
		c = "failed"
	}
	sentence, next := f.Reason(string(c))
	return Explained{Code: string(c), Sentence: sentence, Next: next, Detail: err.Error()}
}

func (f *fake) Reason(code string) (sentence, next string) {
	sentence, next = assets.Problem(code)
	return f.words.T(sentence), f.words.T(next)
}

func (f *fake) Open(url string) error {
	f.Lock()
	defer f.Unlock()
	f.opened = append(f.opened, url)
	f.wake()
	return f.err
}

func (f *fake) Accounts(context.Context) ([]Account, error) { return f.accounts, f.err }

func (f *fake) SignIn(ctx context.Context, s SignIn) (Account, error) {
	f.Lock()
	f.asked = append(f.asked, s)
	f.wake()
	do := f.signIn
	f.Unlock()
	if do != nil {
		return do(ctx, s)
	}
	<-ctx.Done()
	return Account{}, ctx.Err()
}

func (f *fake) SignOut(_ context.Context, account string) error {
	f.Lock()
	defer f.Unlock()
	f.out = append(f.out, account)
	f.wake()
	return f.err
}

func (f *fake) AddServer(context.Context, Server) (Account, error)       { return Account{}, f.err }
func (f *fake) AddThisComputer(context.Context) (Account, error)         { return Account{}, f.err }
func (f *fake) RemoveAccount(context.Context, string) error              { return f.err }
func (f *fake) Folders(context.Context, string) ([]provider.Info, error) { return nil, f.err }

func (f *fake) MakeFolder(context.Context, string, string, record.Kind) (provider.Info, error) {
	return provider.Info{}, f.err
}

func (f *fake) Look(context.Context, string, string, record.Kind) (Sample, error) {
	return Sample{}, f.err
}

func (f *fake) Pairs(context.Context) ([]state.Pair, error)              { return f.pairs, f.err }
func (f *fake) Defaults(record.Kind) state.Pair                          { return state.Pair{} }
func (f *fake) StorePairs(context.Context, []state.Pair, []string) error { return f.err }
func (f *fake) Status(context.Context) (engine.Status, error)            { return engine.Status{}, f.err }
func (f *fake) Watch(func()) (stop func())                               { return func() {} }
func (f *fake) Questions(context.Context) ([]engine.Question, error)     { return nil, f.err }
func (f *fake) Answer(context.Context, string, plan.Choice) error        { return f.err }
func (f *fake) Stop()                                                    {}
func (f *fake) Pause(time.Time)                                          {}
func (f *fake) PausedUntil() time.Time                                   { return time.Time{} }
func (f *fake) Problems(context.Context, string) ([]engine.Item, error)  { return nil, f.err }
func (f *fake) Counts(context.Context, string) (Counts, error)           { return Counts{}, f.err }
func (f *fake) Runs(context.Context, int) ([]state.Run, error)           { return nil, f.err }
func (f *fake) Settings(context.Context) (Settings, error)               { return f.settings, f.err }

func (f *fake) SyncNow(pair string, _ bool) {
	f.Lock()
	defer f.Unlock()
	f.pressed = append(f.pressed, pair)
	f.wake()
}

func (f *fake) StoreSettings(_ context.Context, s Settings) error {
	f.Lock()
	defer f.Unlock()
	f.stored = append(f.stored, s)
	f.wake()
	return f.err
}

// ready is a program with a client of its own and a keychain that works.
func ready() *fake {
	return &fake{
		settings: Settings{BuiltIn: true, Vault: "keychain", VaultWorks: true},
		pairs:    []state.Pair{{}},
	}
}
