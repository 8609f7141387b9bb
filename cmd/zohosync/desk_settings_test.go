//go:build cgo

package main

import (
	"strings"
	"testing"
	"time"

	"zohosync/app/ui"
	"zohosync/sync/provider"
)

func TestWatchersAreToldUntilTheyStop(t *testing.T) {
	s := newDeskStage(t)
	var first, second int
	stop := s.desk.Watch(func() { first++ })
	s.desk.Watch(func() { second++ })
	s.desk.Pause(time.Now().Add(time.Hour))
	if first == 0 || second == 0 {
		t.Errorf("told %d and %d times", first, second)
	}
	stop()
	before := first
	s.desk.Pause(time.Time{})
	if first != before || second < 2 {
		t.Errorf("told %d and %d times", first, second)
	}
}

func TestAPauseOutlivesTheProgram(t *testing.T) {
	s := newDeskStage(t)
	until := time.Now().Add(time.Hour).Truncate(time.Second)
	s.desk.Pause(until)
	s.restart()
	if got := s.desk.PausedUntil(); !got.Equal(until) {
		t.Errorf("paused until %v, want %v", got, until)
	}
	s.desk.Pause(ui.Forever)
	s.restart()
	if got := s.desk.PausedUntil(); !got.Equal(ui.Forever) {
		t.Errorf("paused until %v", got)
	}
	s.desk.Pause(time.Time{})
	s.restart()
	if got := s.desk.PausedUntil(); !got.IsZero() {
		t.Errorf("paused until %v although it was resumed", got)
	}
}

func TestSettings(t *testing.T) {
	s := newDeskStage(t)
	got, err := s.desk.Settings(t.Context())
	if want := (ui.Settings{Interval: usualInterval, CloseKeeps: true, Vault: "keychain", VaultWorks: true}); err != nil || got != want {
		t.Errorf("at first %+v, %v", got, err)
	}
	changed := ui.Settings{Language: "fr", Interval: time.Hour, Panel: "dark", ClientID: "1000.X", ClientSecret: "s3cret"}
	if err := s.desk.StoreSettings(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	if e := s.desk.Explain(provider.ErrGone); !strings.HasPrefix(e.Sentence, "Le dossier") || s.desk.panel() != "dark" {
		t.Errorf("not in force at once: %+v, %q", e, s.desk.panel())
	}
	s.restart()
	got, err = s.desk.Settings(t.Context())
	want := ui.Settings{Language: "fr", Interval: time.Hour, Panel: "dark", ClientID: "1000.X", HasSecret: true, Vault: "keychain", VaultWorks: true}
	if err != nil || got != want {
		t.Errorf("after a restart %+v, %v", got, err)
	}
	if e := s.desk.Explain(provider.ErrGone); !strings.HasPrefix(e.Sentence, "Le dossier") {
		t.Errorf("after a restart it says %q", e.Sentence)
	}
	// Stored as it is, the secret stays; it belongs to its client, not to another.
	want.HasSecret = false
	if err := s.desk.StoreSettings(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.desk.Settings(t.Context()); !got.HasSecret {
		t.Error("the secret was lost")
	}
	want.ClientID = "1000.Y"
	if err := s.desk.StoreSettings(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.desk.Settings(t.Context()); got.HasSecret {
		t.Error("another client has the secret of the old one")
	}
	for _, bad := range []ui.Settings{{Interval: time.Second}, {Interval: time.Hour, Language: "tlh"}, {Interval: time.Hour, Panel: "pink"}} {
		if err := s.desk.StoreSettings(t.Context(), bad); s.desk.Explain(err).Code != "bad-input" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestReasonSpeaks(t *testing.T) {
	s := newDeskStage(t)
	if sentence, next := s.desk.Reason("too-long"); !strings.Contains(sentence, "longer") || next == "" {
		t.Errorf("%q, %q", sentence, next)
	}
}

func TestThisComputerIsAddedOnce(t *testing.T) {
	s := newDeskStage(t)
	first, err := s.desk.AddThisComputer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.desk.AddThisComputer(t.Context())
	if err != nil || again.Name != first.Name {
		t.Errorf("%+v, %v", again, err)
	}
	folders, err := s.desk.Folders(t.Context(), first.Name)
	if err != nil || len(folders) != 3 {
		t.Errorf("%d folders, %v", len(folders), err)
	}
	if err := s.desk.RemoveAccount(t.Context(), first.Name); err != nil {
		t.Error(err)
	}
}
