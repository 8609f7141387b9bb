package assets

import (
	"testing"
	"time"
)

func TestSpeak(t *testing.T) {
	for locale, want := range map[string]string{
		"fr_FR.UTF-8": "Synchroniser maintenant", "fr-CA": "Synchroniser maintenant", "fr": "Synchroniser maintenant",
		"pt_BR.UTF-8": "Sincronizar agora", "pt_PT@euro": "Sincronizar agora",
		"en_GB.UTF-8": "Sync Now", "C": "Sync Now", "POSIX": "Sync Now", "C.UTF-8": "Sync Now",
		"ja_JP.UTF-8": "Sync Now", "not a locale": "Sync Now",
	} {
		if got := Speak(locale).T("Sync Now"); got != want {
			t.Errorf("%s: got %q, want %q", locale, got, want)
		}
	}
}

func TestSpeakAsksTheEnvironment(t *testing.T) {
	t.Setenv("LC_ALL", "")
	t.Setenv("LC_MESSAGES", "")
	t.Setenv("LANG", "fr_FR.UTF-8")
	if got := Speak("").Language(); got != "fr" {
		t.Errorf("LANG: got %s", got)
	}
	t.Setenv("LC_MESSAGES", "pt_BR.UTF-8")
	if got := Speak("").Language(); got != "pt-BR" {
		t.Errorf("LC_MESSAGES goes before LANG: got %s", got)
	}
	t.Setenv("LC_ALL", "C")
	if got := Speak("").Language(); got != "en" {
		t.Errorf("LC_ALL goes before all: got %s", got)
	}
}

func TestPlaceholdersAndNumbers(t *testing.T) {
	key := "Syncing – {{.percent}}% ({{.done}} of {{.total}})"
	for language, want := range map[string]string{
		"en":    "Syncing – 42% (512 of 1,220)",
		"fr":    "Synchronisation – 42\u00a0% (512 sur 1\u00a0220)",
		"pt-BR": "Sincronizando – 42% (512 de 1.220)",
	} {
		if got := Speak(language).T(key, "percent", 42, "done", 512, "total", 1220); got != want {
			t.Errorf("%s: got %q, want %q", language, got, want)
		}
	}
}

func TestPlurals(t *testing.T) {
	cases := []struct {
		language string
		n        int
		want     string
	}{
		{"en", 0, "0 problems"}, {"en", 1, "1 problem"}, {"en", 3, "3 problems"},
		{"fr", 0, "0 problème"}, {"fr", 1, "1 problème"}, {"fr", 2, "2 problèmes"},
		{"fr", 1000000, "1\u00a0000\u00a0000 problèmes"}, // CLDR calls a million "many"
		{"pt-BR", 1, "1 problema"}, {"pt-BR", 12, "12 problemas"},
	}
	for _, c := range cases {
		if got := Speak(c.language).N("{{.n}} problems", c.n); got != c.want {
			t.Errorf("%s %d: got %q, want %q", c.language, c.n, got, c.want)
		}
	}
}

func TestAnUnknownSentenceStaysEnglish(t *testing.T) {
	w := Speak("fr")
	if got := w.T("Nobody wrote {{.what}} down", "what", "{{.this}}"); got != "Nobody wrote {{.this}} down" {
		t.Errorf("got %q", got)
	}
	if got := w.T("A brace {{ alone"); got != "A brace {{ alone" {
		t.Errorf("got %q", got)
	}
}

func TestTimes(t *testing.T) {
	first := time.Date(2026, time.August, 1, 9, 5, 0, 0, time.UTC)
	later := time.Date(2026, time.November, 20, 18, 4, 0, 0, time.UTC)
	for language, want := range map[string][4]string{
		"en":    {"9:05", "1 August", "18:04", "20 November"},
		"fr":    {"9\u00a0h\u00a005", "1er août", "18\u00a0h\u00a004", "20 novembre"},
		"pt-BR": {"9:05", "1º de agosto", "18:04", "20 de novembro"},
	} {
		w := Speak(language)
		if got := [4]string{w.Clock(first), w.Day(first), w.Clock(later), w.Day(later)}; got != want {
			t.Errorf("%s: got %q, want %q", language, got, want)
		}
	}
}

func TestTook(t *testing.T) {
	for language, want := range map[string][4]string{
		"en":    {"0.0 s", "0.8 s", "42 s", "3 min"},
		"fr":    {"0,0\u00a0s", "0,8\u00a0s", "42\u00a0s", "3\u00a0min"},
		"pt-BR": {"0,0\u00a0s", "0,8\u00a0s", "42\u00a0s", "3\u00a0min"},
	} {
		w := Speak(language)
		if got := [4]string{w.Took(0), w.Took(0.8), w.Took(41.6), w.Took(171)}; got != want {
			t.Errorf("%s: got %q, want %q", language, got, want)
		}
	}
}
