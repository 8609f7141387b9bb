package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"zohosync/sync/state"
)

type settingsCmd struct {
	Restore settingsRestoreCmd `cmd:"" help:"When the file of the state cannot be read: set it aside, and bring accounts, pairs and preferences back as the last copy holds them. The next sync recognises what is in step."`
}

type settingsRestoreCmd struct{}

// shownRestore is what was brought back, as JSON prints it.
type shownRestore struct {
	At       time.Time `json:"at"` // when the copy was made
	Accounts int       `json:"accounts"`
	Pairs    int       `json:"pairs"`
	Aside    string    `json:"aside"` // where the file is that cannot be read; "": there was none
}

// Run brings the settings back into an empty state. What cannot be read is kept under another name.
func (settingsRestoreCmd) Run(ctx context.Context, t *terminal, c *commands) error {
	dir, err := homeFolder(c.Home)
	if err != nil {
		return err
	}
	release, err := lockHome(dir)
	if err != nil {
		return err
	}
	defer release()
	last, err := state.LastCopy(dir)
	if err != nil {
		return err
	}
	s, aside, err := readable(ctx, filepath.Join(dir, stateFile), t.now())
	if err != nil {
		return err
	}
	err = errors.Join(s.Restore(ctx, last), s.Close())
	if err != nil {
		return err
	}
	shown := shownRestore{At: last.At, Accounts: len(last.Accounts), Pairs: len(last.Pairs), Aside: aside}
	if t.json {
		return t.show(shown)
	}
	w := t.words
	t.say(w.T("Accounts and pairs are back as they were on {{.day}}, {{.time}}.", "day", w.Day(last.At.Local()), "time", w.Clock(last.At.Local())))
	if aside != "" {
		t.say(w.T("The file that could not be read is now {{.path}}.", "path", aside))
	}
	t.say(w.T("Passwords and sign-ins are where they were. The next sync recognises what is in step; earlier runs can no longer be taken back."))
	return nil
}

// readable opens the state. A file that cannot be read is set aside, with what lies beside it, and a new one is begun.
func readable(ctx context.Context, path string, now time.Time) (s *state.State, aside string, err error) {
	s, err = state.Open(path, state.Options{})
	if err == nil {
		if err = s.Check(ctx); err == nil {
			return s, "", nil
		}
		err = errors.Join(err, s.Close())
	}
	if !errors.Is(err, state.ErrDamaged) {
		return nil, "", err
	}
	aside = path + ".damaged-" + now.UTC().Format("20060102-150405")
	for _, rest := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+rest, aside+rest); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, "", err
		}
	}
	s, err = state.Open(path, state.Options{})
	return s, aside, err
}

// keepCopy keeps a copy of what is set up. It is a comfort only: what it is a copy of is stored, and says so when it cannot be.
func (h *home) keepCopy() {
	ctx := context.Background()
	if now, err := h.state.Settings(ctx, settingPreferences); err == nil {
		_ = state.KeepCopy(h.dir, now, time.Now())
	}
}
