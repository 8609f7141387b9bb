package tray

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"zohosync/assets"
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
)

var (
	noon      = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	thisTen   = time.Date(2026, time.November, 22, 10, 42, 0, 0, time.UTC)
	lastWeek  = time.Date(2026, time.November, 20, 18, 4, 0, 0, time.UTC)
	yesterday = time.Date(2026, time.November, 21, 18, 4, 0, 0, time.UTC)
)

func pair(title, state string) PairStatus { return PairStatus{ID: title, Title: title, State: state} }

// C-21, C-24: an account that lets us in no more is one line that names it, with one entry to sign in again; days without a success
// are told with the date of the last one, in the tooltip too.
//
// TestMenu: a label in parentheses is disabled, a dash is a separator, a submenu stands in brackets.
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
			"(Starting…)|-|(Sync Now – starting)|PAUSE|-|Sync Window…|Settings…|-|Quit ZohoSync", "ZohoSync: starting", assets.Syncing},
		{"signed out", "en", Status{State: signedOut, LastSuccess: thisTen, Pairs: two},
			"(Signed out – log in to use these)|-|Log In…|-|(Sync Now – log in first)|(Pause)|-|(Sync Window…)|(Settings…)|-|Quit ZohoSync", "ZohoSync: signed out", assets.SignedOut},
		{"no pairs", "en", Status{State: inStep},
			"(No pairs yet)|-|(Sync Now – add a pair first)|PAUSE|END", "ZohoSync: in step", assets.InStep},
		{"in step", "en", Status{State: inStep, LastSuccess: thisTen, Pairs: two},
			"(In step – last sync 10:42)|-|Sync Now|PAUSE|-|Contacts – Nextcloud: in step|Tasks – Nextcloud: paused|END",
			"ZohoSync: in step, last sync 10:42", assets.InStep},
		{"in step in French", "fr", Status{State: inStep, LastSuccess: thisTen, Pairs: two},
			"(À jour – dernière synchro à 10 h 42)|-|Synchroniser maintenant|Suspendre[Pendant 1 heure|Jusqu’à demain 8 h|Jusqu’à ce que je reprenne]|-|Contacts – Nextcloud : à jour|Tasks – Nextcloud : suspendu|-|Fenêtre de synchronisation…|Paramètres…|-|Déconnexion|Quitter ZohoSync",
			"ZohoSync : à jour, dernière synchro à 10 h 42", assets.InStep},
		{"syncing", "en", Status{State: syncing, Done: 512, Total: 1220, LastSuccess: thisTen, Pairs: []PairStatus{
			{Title: "Contacts – Nextcloud", State: syncing, Done: 342, Total: 800}, pair("Meetings – Nextcloud", syncing)}},
			"(Syncing – 41% (512 of 1,220))|-|Stop|PAUSE|-|Contacts – Nextcloud: 342 of 800|Meetings – Nextcloud: syncing|END",
			"ZohoSync: syncing, 41%", assets.Syncing},
		{"syncing, counts not known yet", "en", Status{State: syncing, LastSuccess: yesterday, Pairs: two[:1]},
			"(Syncing – last sync 21 November, 18:04)|-|Stop|PAUSE|-|Contacts – Nextcloud: in step|END",
			"ZohoSync: syncing", assets.Syncing},
		{"problems", "en", Status{State: attention, LastSuccess: thisTen, Problems: 3, Pairs: []PairStatus{
			{Title: "Contacts – Nextcloud", State: attention, Problems: 3}, two[1]}},
			"(3 problems – last sync 10:42)|-|Problems (3)…|-|Sync Now|PAUSE|-|Contacts – Nextcloud: 3 problems|Tasks – Nextcloud: paused|END",
			"ZohoSync: 3 problems, last sync 10:42", assets.Attention},
		{"a question before problems", "en", Status{State: attention, LastSuccess: thisTen, Problems: 1, Waiting: 1, Pairs: []PairStatus{
			{ID: "1", Title: "Contacts – Nextcloud", State: attention, Stop: &plan.Guard{}}}},
			"(1 question, 1 problem – last sync 10:42)|-|Answer…|Problems (1)…|-|Sync Now|PAUSE|-|Contacts – Nextcloud: needs attention|END",
			"ZohoSync: 1 question, 1 problem, last sync 10:42", assets.Attention},
		{"needs attention", "en", Status{State: attention, Pairs: []PairStatus{pair("Contacts – Nextcloud", attention)}},
			"(Needs attention)|-|Sync Now|PAUSE|-|Contacts – Nextcloud: needs attention|END",
			"ZohoSync: needs attention", assets.Attention},
		{"signed out by the service", "en", Status{State: attention, LastSuccess: thisTen, Pairs: []PairStatus{{Title: "Contacts – Nextcloud",
			State: attention, Err: &engine.EndError{Account: "crm", Err: fmt.Errorf("renew: %w", provider.ErrAuth)}}}},
			"(Sign in again to crm – last sync 10:42)|-|Sign In Again…|-|Sync Now|PAUSE|-|Contacts – Nextcloud: needs attention|END",
			"ZohoSync: needs attention, last sync 10:42", assets.Attention},
		{"paused until two", "en", Status{State: paused, LastSuccess: thisTen, PausedUntil: noon.Add(2 * time.Hour), Pairs: two[:1]},
			"(Paused until 14:00 – last sync 10:42)|-|Resume|Sync Now|-|Contacts – Nextcloud: paused|END",
			"ZohoSync: paused until 14:00, last sync 10:42", assets.Paused},
		{"paused until tomorrow", "fr", Status{State: paused, PausedUntil: UntilTomorrow.End(noon)},
			"(Suspendu jusqu’à 23 novembre à 8 h 00)|-|Reprendre|(Synchroniser maintenant – ajoutez d’abord une paire)|-|Fenêtre de synchronisation…|Paramètres…|-|Déconnexion|Quitter ZohoSync",
			"ZohoSync : suspendu jusqu’à 23 novembre à 8 h 00", assets.Paused},
		{"paused, and asked to sync", "en", Status{State: syncing, PausedUntil: noon.Add(2 * time.Hour), Pairs: []PairStatus{pair("Contacts – Nextcloud", syncing)}},
			"(Syncing)|-|Resume|Stop|-|Contacts – Nextcloud: syncing|END",
			"ZohoSync: syncing", assets.Syncing},
		{"paused", "en", Status{State: paused, LastSuccess: lastWeek, PausedUntil: noon.AddDate(5000, 0, 0), Pairs: two[1:]},
			"(Paused – last sync 20 November, 18:04)|-|Resume|Sync Now|-|Tasks – Nextcloud: paused|END",
			"ZohoSync: paused, last sync 20 November, 18:04", assets.Paused},
		{"offline for two days", "en", Status{State: offline, LastSuccess: lastWeek, Pairs: two[:1]},
			"(Offline – last sync 20 November, 18:04)|-|Sync Now|PAUSE|-|Contacts – Nextcloud: in step|END",
			"ZohoSync: offline, no success since 20 November", assets.Paused},
		{"a state of a later version", "pt-BR", Status{State: "dreaming", Pairs: two[:1]},
			"(Requer atenção)|-|Sincronizar agora|Pausar[Por 1 hora|Até amanhã, 8:00|Até eu retomar]|-|Contacts – Nextcloud: em dia|-|Janela de sincronização…|Configurações…|-|Sair da conta|Sair do ZohoSync",
			"ZohoSync: requer atenção", assets.Attention},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := assets.Speak(c.language)
			plain := strings.NewReplacer("\u00a0", " ")
			want := strings.NewReplacer(
				"PAUSE", "Pause[For 1 hour|Until tomorrow, 8:00|Until I resume]",
				"END", "-|Sync Window…|Settings…|-|Log Out|Quit ZohoSync").Replace(c.menu)
			if got := plain.Replace(sketch(Menu(c.status, w, noon, Actions{}))); got != want {
				t.Errorf("menu\n got %s\nwant %s", got, want)
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
	if got, want := sketch(Menu(s, w, noon, Actions{})), "|-|B: 1 problem|J: paused|All pairs…|-|"; !strings.Contains(got, want) {
		t.Errorf("got %s, without %s", got, want)
	}
	for i := range s.Pairs {
		s.Pairs[i] = pair(s.Pairs[i].Title, paused)
	}
	if got, want := sketch(Menu(s, w, noon, Actions{})), "|F: paused|All pairs…|-|"; !strings.Contains(got, want) {
		t.Errorf("got %s, without %s", got, want)
	}
}

func TestMenuRunsTheActions(t *testing.T) {
	var ran []string
	say := func(what string) func() { return func() { ran = append(ran, what) } }
	act := Actions{
		SyncNow: say("sync"), Stop: say("stop"), Resume: say("resume"), LogIn: say("log in"), LogOut: say("log out"),
		Settings: say("settings"), Quit: say("quit"),
		Sync:        func(p string) { ran = append(ran, "window "+p) },
		SignInAgain: func(a string) { ran = append(ran, "again "+a) },
		Pause:       func(r Rest) { ran = append(ran, fmt.Sprint("pause ", r)) },
	}
	click := func(m *fyne.Menu) {
		for _, item := range m.Items {
			if item.ChildMenu != nil {
				for _, deep := range item.ChildMenu.Items {
					deep.Action()
				}
			} else if item.Action != nil {
				item.Action()
			}
		}
	}
	w := assets.Speak("en")
	asks := PairStatus{ID: "a", Title: "A", State: attention, Stop: &plan.Guard{}, Err: &engine.EndError{Account: "crm", Err: provider.ErrAuth}}
	for _, c := range []struct {
		status Status
		want   []string
	}{
		{Status{State: signedOut}, []string{"log in", "quit"}},
		{Status{State: attention, Problems: 2, Pairs: []PairStatus{asks}}, []string{
			"again crm", "window a", "window ", "sync", "pause 0", "pause 1", "pause 2", "window a", "window ", "settings", "log out", "quit"}},
		{Status{State: syncing, PausedUntil: noon, Pairs: []PairStatus{pair("A", syncing)}}, []string{
			"resume", "stop", "window A", "window ", "settings", "log out", "quit"}},
	} {
		ran = nil
		m := Menu(c.status, w, noon, act)
		click(m)
		if !slices.Equal(ran, c.want) {
			t.Errorf("%s: ran %q, want %q", c.status.State, ran, c.want)
		}
		// Fyne adds a Quit that does not wait for the engine unless the last item says that it is one.
		if last := m.Items[len(m.Items)-1]; !last.IsQuit {
			t.Errorf("the last item %q is not Quit", last.Label)
		}
	}
}

func TestAPauseEnds(t *testing.T) {
	zone := time.FixedZone("", -5*3600)
	late := time.Date(2026, time.December, 31, 23, 30, 0, 0, zone)
	if got := ForAnHour.End(late); !got.Equal(late.Add(time.Hour)) {
		t.Errorf("an hour: %v", got)
	}
	if got := UntilTomorrow.End(late); !got.Equal(time.Date(2027, time.January, 1, 8, 0, 0, 0, zone)) {
		t.Errorf("tomorrow: %v", got)
	}
	if got := UntilResumed.End(late); !got.IsZero() {
		t.Errorf("without an end: %v", got)
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
		case item.ChildMenu != nil:
			labels = append(labels, item.Label+"["+sketch(item.ChildMenu)+"]")
		default:
			labels = append(labels, item.Label)
		}
	}
	return strings.Join(labels, "|")
}
