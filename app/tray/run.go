package tray

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/systray"

	"zohosync/assets"
)

// Reasons why there can be no icon.
var (
	ErrNoTray    = errors.New("this application has no tray")
	ErrNoDisplay = errors.New("there is no display")
)

// The menu is built anew at every change, which disturbs a person who has it open.
const (
	gap   = time.Second // between two changes, at least
	again = time.Minute // "last sync 10:42" gets its day at midnight
)

// Options are what Run shows, and what it does.
type Options struct {
	Actions
	Words   func() *assets.Words // of the language that is spoken now
	Panel   func() string        // "light" or "dark", "": as the desktop's theme says; nil: that
	Started func()               // called on the application's goroutine once windows can be shown; may be nil
}

// Run shows the icon and its menu, draws every status that comes, and returns when the application has ended: because ctx
// is done, or because the desktop closed it. Quit in the menu calls Actions.Quit and no more, so that the caller can
// finish the running item, then end ctx. Run must be called on the main goroutine.
func Run(ctx context.Context, a fyne.App, statuses <-chan Status, o Options) error {
	panel, ok := a.(desktop.App)
	if !ok {
		return ErrNoTray
	}
	// Fyne ends the process when it finds no display.
	if !hasDisplay(runtime.GOOS, os.Getenv) {
		return ErrNoDisplay
	}
	t := &icon{panel: panel, words: o.Words, act: o.Actions, now: time.Now, dark: func() bool {
		return isDark(o.Panel, a.Settings().ThemeVariant())
	}}
	t.draw(Status{State: starting})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a.Settings().AddListener(func(fyne.Settings) { t.draw(t.status) })
	a.Lifecycle().SetOnStarted(func() {
		t.name = nameItem // there is nothing to name before
		t.draw(t.status)
		context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
		clock := time.NewTicker(again)
		context.AfterFunc(ctx, clock.Stop)
		go follow(ctx, statuses, clock.C, func() <-chan time.Time { return time.After(gap) },
			func(s Status) { fyne.Do(func() { t.draw(s) }) })
		if o.Started != nil {
			o.Started()
		}
	})
	a.Run()
	return nil
}

// isDark tells whether the panel is dark: as the person said, else as the desktop's theme is.
func isDark(panel func() string, variant fyne.ThemeVariant) bool {
	if panel != nil && panel() != "" {
		return panel() == "dark"
	}
	return variant == theme.VariantDark
}

// hasDisplay tells whether there is a screen to show a window on.
func hasDisplay(system string, env func(string) string) bool {
	return system == "windows" || system == "darwin" || env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != ""
}

// follow hands each status to show, the newest when they come faster than pause allows, and the last one again at every
// tick of the clock. It returns when ctx is done.
func follow(ctx context.Context, statuses <-chan Status, clock <-chan time.Time, pause func() <-chan time.Time, show func(Status)) {
	last, fresh := Status{State: starting}, false
	var resting <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case s, open := <-statuses:
			if !open {
				statuses = nil // no more news, but the menu stays
				continue
			}
			last, fresh = s, true
		case <-clock:
			fresh = true
		case <-resting:
			resting = nil
		}
		if fresh && resting == nil {
			show(last)
			fresh, resting = false, pause()
		}
	}
}

// icon is what is on the panel now. It is used on the application's own goroutine only.
type icon struct {
	panel interface {
		SetSystemTrayMenu(*fyne.Menu)
		SetSystemTrayIcon(fyne.Resource)
	}
	words func() *assets.Words
	act   Actions
	now   func() time.Time
	name  func(string) // sets the tooltip and the accessible name
	dark  func() bool  // whether the panel is dark, as far as one can tell

	status                 Status
	leaving                bool
	picture, tooltip, menu string // as drawn last
}

// draw shows a status; what looks the same is left alone.
func (t *icon) draw(s Status) {
	t.status = s
	act := t.act
	act.Quit = t.quit
	menu := Menu(s, t.words(), t.now(), act)
	if t.leaving {
		menu = leaving(t.words())
	}
	if r := picture(shape(s.State), t.dark()); r.Name() != t.picture {
		t.picture = r.Name()
		t.panel.SetSystemTrayIcon(r)
	}
	if text := Tooltip(s, t.words(), t.now()); text != t.tooltip && t.name != nil {
		t.tooltip = text
		t.name(text)
	}
	if text := lines(menu); text != t.menu {
		t.menu = text
		literalMenu(menu)
		t.panel.SetSystemTrayMenu(menu)
	}
}

func (t *icon) quit() {
	t.leaving = true
	t.draw(t.status)
	t.act.Quit()
}

// picture is the icon for this system: macOS colours a template by itself.
func picture(s assets.Shape, dark bool) fyne.Resource {
	switch runtime.GOOS {
	case "darwin":
		return theme.NewThemedResource(fyne.NewStaticResource(assets.TrayTemplate(s)))
	case "windows":
		return fyne.NewStaticResource(assets.TrayIcon(s, dark))
	}
	name, data := assets.TrayIcon(s, dark)
	if sent, err := forNotifier(data); err == nil {
		data = sent
	}
	return fyne.NewStaticResource(name, data)
}

// nameItem tells the system what the icon says. On macOS a title would be written beside the icon.
func nameItem(text string) {
	systray.SetTooltip(text)
	if runtime.GOOS != "darwin" && runtime.GOOS != "windows" {
		systray.SetTitle(text)
	}
}

func literalMenu(m *fyne.Menu) {
	for _, item := range m.Items {
		item.Label = literal(item.Label, runtime.GOOS)
		if item.ChildMenu != nil {
			literalMenu(item.ChildMenu)
		}
	}
}

// literal keeps characters that would mark an access key in a menu.
func literal(label, system string) string {
	switch system {
	case "darwin":
		return label
	case "windows":
		return strings.ReplaceAll(label, "&", "&&")
	}
	return strings.ReplaceAll(label, "_", "__")
}

// lines is a menu as text, to see whether it changed.
func lines(m *fyne.Menu) string {
	var text strings.Builder
	for _, item := range m.Items {
		fmt.Fprintln(&text, item.Label, item.Disabled, item.IsSeparator)
		if item.ChildMenu != nil {
			text.WriteString(lines(item.ChildMenu))
		}
	}
	return text.String()
}
