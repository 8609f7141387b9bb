package tray

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"zohosync/assets"
)

var (
	noon      = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	thisTen   = time.Date(2026, time.November, 22, 10, 42, 0, 0, time.UTC)
	lastWeek  = time.Date(2026, time.November, 20, 18, 4, 0, 0, time.UTC)
	yesterday = time.Date(2026, time.November, 21, 18, 4, 0, 0, time.UTC)
)

func pair(title, state string) PairStatus { return PairStatus{ID: title, Title: title, State: state} }

// TestMenu: a label in parentheses is disabled, a dash is a separator.
func TestMenu(t *testing.T) {
	two := []PairStatus{pair("Contacts – Nextcloud", inStep), pair("Tasks – Nextcloud", paused)}
	cases := []struct {
		name     string
		language string
		status   Status
		menu     string
		tooltip  string
		shape    assets.Shape
	}{
		{"starting", "en", Status{State: starting},
			"(Starting…)|-|(Sync Now – starting)|-|Quit ZohoSync", "ZohoSync: starting", assets.Syncing},
		{"signed out", "en", Status{State: signedOut, LastSuccess: thisTen, Pairs: two},
			"(Signed out – log in to use these)|-|(Sync Now – log in first)|-|Quit ZohoSync", "ZohoSync: signed out", assets.SignedOut},
		{"no pairs", "en", Status{State: inStep},
			"(No pairs yet)|-|(Sync Now – add a pair first)|-|Quit ZohoSync", "ZohoSync: in step", assets.InStep},
		{"in step", "en", Status{State: inStep, LastSuccess: thisTen, Pairs: two},
			"(In step – last sync 10:42)|-|Sync Now|-|(Contacts – Nextcloud: in step)|(Tasks – Nextcloud: paused)|-|Quit ZohoSync",
			"ZohoSync: in step, last sync 10:42", assets.InStep},
		{"in step in French", "fr", Status{State: inStep, LastSuccess: thisTen, Pairs: two},
			"(À jour – dernière synchro à 10 h 42)|-|Synchroniser maintenant|-|(Contacts – Nextcloud : à jour)|(Tasks – Nextcloud : suspendu)|-|Quitter ZohoSync",
			"ZohoSync : à jour, dernière synchro à 10 h 42", assets.InStep},
		{"syncing", "en", Status{State: syncing, Done: 512, Total: 1220, LastSuccess: thisTen, Pairs: []PairStatus{
			{Title: "Contacts – Nextcloud", State: syncing, Done: 342, Total: 800}, pair("Meetings – Nextcloud", syncing)}},
			"(Syncing – 41% (512 of 1,220))|-|Sync Now|-|(Contacts – Nextcloud: 342 of 800)|(Meetings – Nextcloud: syncing)|-|Quit ZohoSync",
			"ZohoSync: syncing, 41%", assets.Syncing},
		{"syncing, counts not known yet", "en", Status{State: syncing, LastSuccess: yesterday, Pairs: two[:1]},
			"(Syncing – last sync 21 November, 18:04)|-|Sync Now|-|(Contacts – Nextcloud: in step)|-|Quit ZohoSync",
			"ZohoSync: syncing", assets.Syncing},
		{"problems", "en", Status{State: attention, LastSuccess: thisTen, Problems: 3, Pairs: []PairStatus{
			{Title: "Contacts – Nextcloud", State: attention, Problems: 3}, two[1]}},
			"(3 problems – last sync 10:42)|-|Sync Now|-|(Contacts – Nextcloud: 3 problems)|(Tasks – Nextcloud: paused)|-|Quit ZohoSync",
			"ZohoSync: 3 problems, last sync 10:42", assets.Attention},
		{"a question before problems", "en", Status{State: attention, LastSuccess: thisTen, Problems: 1, Waiting: 1, Pairs: two[:1]},
			"(1 question, 1 problem – last sync 10:42)|-|Sync Now|-|(Contacts – Nextcloud: in step)|-|Quit ZohoSync",
			"ZohoSync: 1 question, 1 problem, last sync 10:42", assets.Attention},
		{"needs attention", "en", Status{State: attention, Pairs: []PairStatus{pair("Contacts – Nextcloud", attention)}},
			"(Needs attention)|-|Sync Now|-|(Contacts – Nextcloud: needs attention)|-|Quit ZohoSync",
			"ZohoSync: needs attention", assets.Attention},
		{"paused", "en", Status{State: paused, LastSuccess: lastWeek, Pairs: two[1:]},
			"(Paused – last sync 20 November, 18:04)|-|Sync Now|-|(Tasks – Nextcloud: paused)|-|Quit ZohoSync",
			"ZohoSync: paused, last sync 20 November, 18:04", assets.Paused},
		{"offline for two days", "en", Status{State: offline, LastSuccess: lastWeek, Pairs: two[:1]},
			"(Offline – last sync 20 November, 18:04)|-|Sync Now|-|(Contacts – Nextcloud: in step)|-|Quit ZohoSync",
			"ZohoSync: offline, no success since 20 November", assets.Paused},
		{"a state of a later version", "pt-BR", Status{State: "dreaming", Pairs: two[:1]},
			"(Requer atenção)|-|Sincronizar agora|-|(Contacts – Nextcloud: em dia)|-|Sair do ZohoSync",
			"ZohoSync: requer atenção", assets.Attention},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := assets.Speak(c.language)
			plain := strings.NewReplacer("\u00a0", " ")
			if got := plain.Replace(sketch(Menu(c.status, w, noon, Actions{}))); got != c.menu {
				t.Errorf("menu\n got %s\nwant %s", got, c.menu)
			}
			if got := plain.Replace(Tooltip(c.status, w, noon)); got != c.tooltip {
				t.Errorf("tooltip: got %q, want %q", got, c.tooltip)
			}
			if got := shape(c.status.State); got != c.shape {
				t.Errorf("shape: got %s, want %s", got, c.shape)
			}
		})
	}
}

func TestManyPairsNameThoseNotInStep(t *testing.T) {
	s := Status{State: attention, Problems: 1}
	for _, title := range []string{"A", "B", "C", "D", "E", "F", "G", "H", "I", "J"} {
		s.Pairs = append(s.Pairs, pair(title, inStep))
	}
	s.Pairs[1].Problems = 1
	s.Pairs[9].State = paused
	w := assets.Speak("en")
	if got, want := sketch(Menu(s, w, noon, Actions{})), "|(B: 1 problem)|(J: paused)|(8 more pairs)|"; !strings.Contains(got, want) {
		t.Errorf("got %s, without %s", got, want)
	}
	for i := range s.Pairs {
		s.Pairs[i] = pair(s.Pairs[i].Title, paused)
	}
	if got, want := sketch(Menu(s, w, noon, Actions{})), "|(F: paused)|(4 more pairs)|"; !strings.Contains(got, want) {
		t.Errorf("got %s, without %s", got, want)
	}
}

func TestMenuRunsTheActions(t *testing.T) {
	var ran []string
	m := Menu(Status{State: inStep, Pairs: []PairStatus{pair("A", inStep)}}, assets.Speak("en"), noon, Actions{
		SyncNow: func() { ran = append(ran, "sync") },
		Quit:    func() { ran = append(ran, "quit") },
	})
	for _, item := range m.Items {
		if item.Action != nil {
			item.Action()
		}
	}
	if !slices.Equal(ran, []string{"sync", "quit"}) {
		t.Errorf("ran %v", ran)
	}
	// Fyne adds a Quit that does not wait for the engine unless the last item says that it is one.
	if last := m.Items[len(m.Items)-1]; !last.IsQuit {
		t.Errorf("the last item %q is not Quit", last.Label)
	}
}

func TestPercentNeverLies(t *testing.T) {
	for _, c := range []struct{ done, total, want int }{{0, 3, 0}, {2, 3, 66}, {1219, 1220, 99}, {3, 3, 100}, {5, 3, 100}, {-1, 3, 0}} {
		if got := percent(Status{Done: c.done, Total: c.total}); got != c.want {
			t.Errorf("%d of %d: %d%%, want %d%%", c.done, c.total, got, c.want)
		}
	}
}

// sketch is a menu in one line.
func sketch(m *fyne.Menu) string {
	var labels []string
	for _, item := range m.Items {
		switch {
		case item.IsSeparator:
			labels = append(labels, "-")
		case item.Disabled:
			labels = append(labels, "("+item.Label+")")
		default:
			labels = append(labels, item.Label)
		}
	}
	return strings.Join(labels, "|")
}
