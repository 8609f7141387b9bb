// Package tray shows the state of the program as an icon in the panel or menu bar, with a menu. All that it shows is
// computed from one Status by pure functions.
package tray

import (
	"time"

	"fyne.io/fyne/v2"

	"zohosync/assets"
)

// Actions are what the menu can do. They are called on the application's own goroutine and must return at once.
type Actions struct {
	SyncNow     func()
	Stop        func()
	Pause       func(Rest)
	Resume      func()
	LogIn       func()
	SignInAgain func(account string)
	LogOut      func()
	Settings    func()
	Sync        func(pair string) // opens the window of the syncs at a pair, or at all with ""
	Quit        func()            // asks the program to end; see Run
}

// Rest is how long a pause lasts.
type Rest int

// The pauses that the menu offers.
const (
	ForAnHour Rest = iota
	UntilTomorrow
	UntilResumed
)

// End returns when a pause that begins now ends; the zero time for one that does not end by itself.
func (r Rest) End(now time.Time) time.Time {
	switch r {
	case ForAnHour:
		return now.Add(time.Hour)
	case UntilTomorrow:
		year, month, day := now.Date()
		return time.Date(year, month, day+1, 8, 0, 0, 0, now.Location())
	}
	return time.Time{}
}

// maxPairs is how many pairs the menu names.
const maxPairs = 6

// Menu returns the menu for a status: the state, what has to be done, what can be done, each pair, the windows, and Quit.
func Menu(s Status, w *assets.Words, now time.Time, act Actions) *fyne.Menu {
	parts := [][]*fyne.MenuItem{
		{note(stateLine(s, w, now))},
		urgent(s, w, act),
		usual(s, w, act),
		pairLines(s, w, act),
		windows(s, w, act),
		leave(s, w, act),
	}
	var items []*fyne.MenuItem
	for _, part := range parts {
		if len(part) > 0 && len(items) > 0 {
			items = append(items, fyne.NewMenuItemSeparator())
		}
		items = append(items, part...)
	}
	return fyne.NewMenu("ZohoSync", items...)
}

// leaving is the menu between Quit and the end: a running item is finished first.
func leaving(w *assets.Words) *fyne.Menu {
	item := note(w.T("Quitting after the running item…"))
	item.IsQuit = true // or Fyne adds a Quit of its own
	return fyne.NewMenu("ZohoSync", item)
}

// note is a line that says something and cannot be chosen.
func note(label string) *fyne.MenuItem {
	item := fyne.NewMenuItem(label, func() {})
	item.Disabled = true
	return item
}

// urgent is what only a person can do.
func urgent(s Status, w *assets.Words, act Actions) []*fyne.MenuItem {
	if s.State == signedOut {
		return []*fyne.MenuItem{fyne.NewMenuItem(w.T("Log In…"), act.LogIn)}
	}
	var items []*fyne.MenuItem
	if at := refusedAt(s); at != "" {
		items = append(items, fyne.NewMenuItem(w.T("Sign In Again…"), func() { act.SignInAgain(at) }))
	}
	for _, p := range s.Pairs {
		if p.Stop != nil {
			items = append(items, fyne.NewMenuItem(w.T("Answer…"), func() { act.Sync(p.ID) }))
			break // the window shows the others
		}
	}
	if s.Problems > 0 {
		items = append(items, fyne.NewMenuItem(w.T("Problems ({{.n}})…", "n", s.Problems), func() { act.Sync("") }))
	}
	return items
}

// usual is Sync Now or Stop, and the pause.
func usual(s Status, w *assets.Words, act Actions) []*fyne.MenuItem {
	pause := fyne.NewMenuItem(w.T("Pause"), func() {})
	pause.ChildMenu = fyne.NewMenu("",
		fyne.NewMenuItem(w.T("For 1 hour"), func() { act.Pause(ForAnHour) }),
		fyne.NewMenuItem(w.T("Until tomorrow, 8:00"), func() { act.Pause(UntilTomorrow) }),
		fyne.NewMenuItem(w.T("Until I resume"), func() { act.Pause(UntilResumed) }))
	switch {
	case s.State == signedOut:
		return []*fyne.MenuItem{note(w.T("Sync Now – log in first")), note(w.T("Pause"))}
	case !s.PausedUntil.IsZero():
		resume := fyne.NewMenuItem(w.T("Resume"), act.Resume)
		return []*fyne.MenuItem{resume, syncNow(s, w, act)}
	case s.State == syncing:
		return []*fyne.MenuItem{fyne.NewMenuItem(w.T("Stop"), act.Stop), pause}
	}
	return []*fyne.MenuItem{syncNow(s, w, act), pause}
}

// syncNow is disabled only where a sync can do nothing, and then says why.
func syncNow(s Status, w *assets.Words, act Actions) *fyne.MenuItem {
	switch {
	case s.State == starting && len(s.Pairs) == 0:
		return note(w.T("Sync Now – starting"))
	case len(s.Pairs) == 0:
		return note(w.T("Sync Now – add a pair first"))
	case s.State == syncing:
		return fyne.NewMenuItem(w.T("Stop"), act.Stop)
	}
	return fyne.NewMenuItem(w.T("Sync Now"), act.SyncNow)
}

// pairLines names each pair with its state; where there are many, only those that are not in step.
func pairLines(s Status, w *assets.Words, act Actions) []*fyne.MenuItem {
	if s.State == signedOut {
		return nil
	}
	var lines []*fyne.MenuItem
	for _, p := range s.Pairs {
		dull := p.State == inStep && p.Problems == 0
		if len(s.Pairs) > maxPairs && (dull || len(lines) == maxPairs) {
			continue
		}
		said := w.T("{{.title}}: {{.state}}", "title", p.Title, "state", pairWord(s, p, w))
		lines = append(lines, fyne.NewMenuItem(said, func() { act.Sync(p.ID) }))
	}
	if len(lines) < len(s.Pairs) {
		lines = append(lines, fyne.NewMenuItem(w.T("All pairs…"), func() { act.Sync("") }))
	}
	return lines
}

func pairWord(s Status, p PairStatus, w *assets.Words) string {
	switch {
	case p.State == syncing && p.Total > 0:
		return w.T("{{.done}} of {{.total}}", "done", p.Done, "total", p.Total)
	case p.Problems > 0 && (p.State == attention || p.State == inStep):
		return w.N("{{.n}} problems", p.Problems)
	case s.State == paused && (p.State == inStep || p.State == starting):
		return word(paused, w)
	}
	return word(p.State, w)
}

func windows(s Status, w *assets.Words, act Actions) []*fyne.MenuItem {
	if s.State == signedOut {
		return []*fyne.MenuItem{note(w.T("Sync Window…")), note(w.T("Settings…"))}
	}
	return []*fyne.MenuItem{
		fyne.NewMenuItem(w.T("Sync Window…"), func() { act.Sync("") }),
		fyne.NewMenuItem(w.T("Settings…"), act.Settings),
	}
}

func leave(s Status, w *assets.Words, act Actions) []*fyne.MenuItem {
	quit := fyne.NewMenuItem(w.T("Quit ZohoSync"), act.Quit)
	quit.IsQuit = true
	if s.State == signedOut || s.State == starting && len(s.Pairs) == 0 {
		return []*fyne.MenuItem{quit}
	}
	return []*fyne.MenuItem{fyne.NewMenuItem(w.T("Log Out"), act.LogOut), quit}
}
