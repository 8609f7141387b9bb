package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"zohosync/sync/wholefile"
)

// Settings are what a person set up: all that a state has to be given to begin anew. They hold no secret.
type Settings struct {
	Version  int               `json:"version"`
	At       time.Time         `json:"at"` // when the copy was made
	Accounts []Account         `json:"accounts"`
	Pairs    []Pair            `json:"pairs"`
	Others   map[string]string `json:"others,omitempty"` // by the names of StoreSetting
}

// What copies can say; test with errors.Is.
var (
	ErrNoCopy   = errors.New("there is no copy of the settings")
	ErrNotEmpty = errors.New("the state holds accounts already")
)

const (
	settingsVersion = 1
	keptCopies      = 5
)

// Settings returns what is set up now, with the named settings of the application.
func (s *State) Settings(ctx context.Context, names ...string) (Settings, error) {
	out := Settings{Version: settingsVersion, Others: map[string]string{}}
	var err error
	if out.Accounts, err = s.ListAccounts(ctx); err != nil {
		return out, err
	}
	if out.Pairs, err = s.ListPairs(ctx); err != nil {
		return out, err
	}
	for _, name := range names {
		value, err := s.GetSetting(ctx, name)
		if err != nil {
			return out, err
		}
		if value != "" {
			out.Others[name] = value
		}
	}
	return out, nil
}

// Restore sets up what a copy holds. ErrNotEmpty where accounts are set up already: nothing is changed then.
func (s *State) Restore(ctx context.Context, from Settings) error {
	have, err := s.ListAccounts(ctx)
	if err != nil {
		return err
	}
	if len(have) > 0 {
		return ErrNotEmpty
	}
	return s.write(ctx, func(t *tx) {
		for _, a := range from.Accounts {
			t.run("store-account", a.Name, a.Service, toJSON(a.Settings))
		}
		for _, p := range from.Pairs {
			t.storePair(p)
		}
		for name, value := range from.Others {
			t.run("store-setting", name, value)
		}
	})
}

// KeepCopy writes what is set up into a folder, beside the copies of before, of which the last four are kept. What is the same
// as the last copy is not written again, and nothing set up is no reason to push out what was.
func KeepCopy(dir string, now Settings, at time.Time) error {
	if len(now.Accounts) == 0 {
		return nil
	}
	text, err := now.text()
	if err != nil {
		return err
	}
	if last, err := LastCopy(dir); err == nil {
		if before, err := last.text(); err == nil && string(before) == string(text) {
			return nil
		}
	}
	for n := keptCopies; n > 1; n-- {
		if err := os.Rename(copyPath(dir, n-1), copyPath(dir, n)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("keep a copy of the settings: %w", err)
		}
	}
	now.At = at.UTC()
	if text, err = json.MarshalIndent(now, "", "\t"); err != nil {
		return err
	}
	return wholefile.Write(copyPath(dir, 1), append(text, '\n'))
}

// text is what the settings hold, whenever they were copied.
func (s Settings) text() ([]byte, error) {
	s.At = time.Time{}
	return json.Marshal(s)
}

// LastCopy returns the newest copy that is whole. ErrNoCopy when there is none.
func LastCopy(dir string) (Settings, error) {
	for n := 1; n <= keptCopies; n++ {
		text, err := os.ReadFile(copyPath(dir, n))
		if err != nil {
			continue // A program that was killed while it made a copy leaves a gap.
		}
		var out Settings
		if json.Unmarshal(text, &out) == nil && out.Version == settingsVersion && len(out.Accounts) > 0 {
			return out, nil
		}
	}
	return Settings{}, ErrNoCopy
}

func copyPath(dir string, n int) string {
	return filepath.Join(dir, fmt.Sprintf("settings-%d.json", n))
}
