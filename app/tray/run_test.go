package tray

import (
	"bytes"
	"context"
	"errors"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"zohosync/assets"
)

// fakePanel records what is drawn.
type fakePanel struct {
	menus []string
	icons []string
	now   *fyne.Menu
}

func (p *fakePanel) SetSystemTrayMenu(m *fyne.Menu)    { p.menus, p.now = append(p.menus, sketch(m)), m }
func (p *fakePanel) SetSystemTrayIcon(r fyne.Resource) { p.icons = append(p.icons, r.Name()) }

func newIcon() (*icon, *fakePanel, *[]string) {
	p, names := &fakePanel{}, &[]string{}
	return &icon{panel: p, words: func() *assets.Words { return assets.Speak("en") }, now: func() time.Time { return noon },
		name: func(s string) { *names = append(*names, s) }, dark: func() bool { return true }}, p, names
}

func TestDrawTouchesOnlyWhatChanged(t *testing.T) {
	ic, p, names := newIcon()
	s := Status{State: syncing, Done: 10, Total: 1000, Pairs: []PairStatus{pair("A", syncing)}}
	ic.draw(s)
	ic.draw(s)
	if len(p.menus) != 1 || len(p.icons) != 1 || len(*names) != 1 {
		t.Errorf("the same status twice: %d menus, %d icons, %d names", len(p.menus), len(p.icons), len(*names))
	}
	s.Done = 11
	ic.draw(s)
	if len(p.menus) != 2 || len(p.icons) != 1 || len(*names) != 1 {
		t.Errorf("one item further: %d menus, %d icons, %d names", len(p.menus), len(p.icons), len(*names))
	}
	s.State = inStep
	ic.draw(s)
	if len(p.icons) != 2 || len(*names) != 2 {
		t.Errorf("in step: icons %v, names %v", p.icons, *names)
	}
	ic.dark = func() bool { return false }
	ic.draw(s)
	if len(p.menus) != 3 || len(p.icons) != 3 {
		t.Errorf("a light panel: %d menus, icons %v", len(p.menus), p.icons)
	}
}

func TestTheDayTurns(t *testing.T) {
	ic, p, _ := newIcon()
	s := Status{State: inStep, LastSuccess: thisTen, Pairs: []PairStatus{pair("A", inStep)}}
	ic.draw(s)
	ic.now = func() time.Time { return noon.Add(13 * time.Hour) }
	ic.draw(s)
	if len(p.menus) != 2 || p.menus[0] == p.menus[1] {
		t.Errorf("menus %q", p.menus)
	}
}

func TestQuitLeavesAMenuThatSaysSo(t *testing.T) {
	ic, p, _ := newIcon()
	asked := 0
	ic.act = Actions{Quit: func() { asked++ }}
	ic.draw(Status{State: inStep, Pairs: []PairStatus{pair("A", inStep)}})
	p.now.Items[len(p.now.Items)-1].Action()
	ic.draw(Status{State: syncing, Done: 1, Total: 2, Pairs: []PairStatus{pair("A", syncing)}})
	want := "(Quitting after the running item…)"
	if asked != 1 || p.menus[len(p.menus)-1] != want || len(p.menus) != 2 {
		t.Errorf("asked %d times, menus %q", asked, p.menus)
	}
}

func TestTitlesMarkNoAccessKeys(t *testing.T) {
	for system, want := range map[string]string{"linux": "my__team & co", "windows": "my_team && co", "darwin": "my_team & co"} {
		if got := literal("my_team & co", system); got != want {
			t.Errorf("%s: %q, want %q", system, got, want)
		}
	}
}

func TestFollowShowsTheNewestAndRests(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	statuses, clock, rested := make(chan Status), make(chan time.Time), make(chan time.Time)
	shown := make(chan string, 10)
	ended := make(chan struct{})
	go func() {
		follow(ctx, statuses, clock, func() <-chan time.Time { return rested }, func(s Status) { shown <- s.State })
		close(ended)
	}()
	expect := func(want ...string) {
		t.Helper()
		for _, w := range want {
			if got := <-shown; got != w {
				t.Errorf("shown %s, want %s", got, w)
			}
		}
		if len(shown) > 0 {
			t.Errorf("also shown: %s", <-shown)
		}
	}
	statuses <- Status{State: inStep}
	expect(inStep)
	statuses <- Status{State: syncing}
	statuses <- Status{State: paused} // received only after syncing was put aside
	expect()
	rested <- noon
	expect(paused)
	rested <- noon
	clock <- noon
	expect(paused)
	close(statuses)
	rested <- noon
	clock <- noon
	expect(paused)
	cancel()
	<-ended
}

func TestRunSaysWhenThereCanBeNoIcon(t *testing.T) {
	a := test.NewTempApp(t)
	if err := Run(context.Background(), a, nil, Options{}); !errors.Is(err, ErrNoTray) {
		t.Errorf("got %v", err)
	}
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			if i := slices.Index(pairs, name); i >= 0 {
				return ":0"
			}
			return ""
		}
	}
	if hasDisplay("linux", env()) || !hasDisplay("linux", env("DISPLAY")) || !hasDisplay("linux", env("WAYLAND_DISPLAY")) || !hasDisplay("darwin", env()) {
		t.Error("a display is where DISPLAY or WAYLAND_DISPLAY is, and always on macOS and Windows")
	}
}

func TestFyneAppSaysTheSame(t *testing.T) {
	file, err := os.ReadFile("../../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	value := func(key string) string {
		m := regexp.MustCompile(`(?m)^` + key + ` = "?([^"\n]*)"?$`).FindSubmatch(file)
		if m == nil {
			t.Fatalf("FyneApp.toml has no %s", key)
		}
		return string(m[1])
	}
	m := Metadata("1")
	if value("ID") != m.ID || value("Name") != m.Name || value("fyneDo") != "true" || !m.Migrations["fyneDo"] {
		t.Errorf("FyneApp.toml and %+v differ", m)
	}
	icon, err := os.ReadFile("../../" + value("Icon"))
	if err != nil || !bytes.Equal(icon, m.Icon.Content()) {
		t.Errorf("another icon: %v", err)
	}
}

func TestAPersonMaySayHowThePanelIs(t *testing.T) {
	for said, want := range map[string]bool{"light": false, "dark": true, "": true} {
		if got := isDark(func() string { return said }, theme.VariantDark); got != want {
			t.Errorf("%q: dark is %v", said, got)
		}
	}
	if isDark(nil, theme.VariantLight) || !isDark(nil, theme.VariantDark) {
		t.Error("without a word the theme decides")
	}
}
