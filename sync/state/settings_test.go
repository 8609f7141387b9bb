package state

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// C-51: five copies of what was set up are kept; the newest that is whole counts.
func TestTheLastWholeCopyCounts(t *testing.T) {
	s, _ := withPair(t)
	dir := t.TempDir()
	if _, err := LastCopy(dir); !errors.Is(err, ErrNoCopy) {
		t.Fatalf("no copy yet: %v", err)
	}
	must(t, s.StoreSetting(ctx, "preferences", "p"))
	must(t, s.StoreSetting(ctx, "heard:p:left", "7"))
	for n := range 8 {
		must(t, s.StoreAccount(ctx, Account{Name: strings.Repeat("a", n+1), Service: "caldav", Settings: map[string]string{"url": "u"}}))
		now, err := s.Settings(ctx, "preferences", "another")
		must(t, err)
		for range 2 { // The same is not written twice.
			must(t, KeepCopy(dir, now, noon.Add(time.Duration(n)*time.Hour)))
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	if len(files) != keptCopies {
		t.Fatalf("files %v", files)
	}
	want, err := s.Settings(ctx, "preferences")
	must(t, err)
	last, err := LastCopy(dir)
	must(t, err)
	if !last.At.Equal(noon.Add(7 * time.Hour)) {
		t.Errorf("the last copy is of %v", last.At)
	}
	if last.At = want.At; !reflect.DeepEqual(last, want) || last.Others["preferences"] != "p" || len(last.Others) != 1 {
		t.Errorf("copied %+v, want %+v", last, want)
	}
	// Killed after the older ones moved on, and a file that was cut.
	must(t, os.Remove(copyPath(dir, 1)))
	must(t, os.WriteFile(copyPath(dir, 2), []byte(`{"version":1,"accou`), 0o600))
	if last, err := LastCopy(dir); err != nil || len(last.Accounts) != len(want.Accounts)-2 {
		t.Errorf("%+v, %v", last, err)
	}
	must(t, KeepCopy(dir, Settings{}, noon))
	if _, err := os.Stat(copyPath(dir, 1)); err == nil {
		t.Error("nothing set up pushed out what was")
	}
}

// C-51: what is brought back is all of it, and never beside what is set up.
func TestSettingsAreRestoredIntoAnEmptyState(t *testing.T) {
	s, p := withPair(t)
	must(t, s.StoreSetting(ctx, "preferences", "p"))
	want, err := s.Settings(ctx, "preferences")
	must(t, err)
	if err := s.Restore(ctx, want); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("beside what is there: %v", err)
	}
	anew := open(t, filepath.Join(t.TempDir(), "state.db"))
	must(t, anew.Restore(ctx, want))
	got, err := anew.Settings(ctx, "preferences")
	must(t, err)
	if !reflect.DeepEqual(got, want) || got.Pairs[0].ID != p.ID {
		t.Errorf("restored %+v, want %+v", got, want)
	}
}
