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
	SyncNow func()
	Quit    func() // asks the program to end; see Run
}

// maxPairs is how many pairs the menu names.
const maxPairs = 6

// Menu returns the menu for a status: the state, what can be done now, each pair, and Quit.
func Menu(s Status, w *assets.Words, now time.Time, act Actions) *fyne.Menu {
	items := []*fyne.MenuItem{
		note(stateLine(s, w, now)),
		fyne.NewMenuItemSeparator(),
		syncNow(s, w, act),
		fyne.NewMenuItemSeparator(),
	}
	if pairs := pairLines(s, w); len(pairs) > 0 {
		items = append(append(items, pairs...), fyne.NewMenuItemSeparator())
	}
	quit := fyne.NewMenuItem(w.T("Quit ZohoSync"), act.Quit)
	quit.IsQuit = true
	return fyne.NewMenu("ZohoSync", append(items, quit)...)
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

// syncNow is disabled only where a sync can do nothing, and then says why.
func syncNow(s Status, w *assets.Words, act Actions) *fyne.MenuItem {
	switch {
	case s.State == signedOut:
		return note(w.T("Sync Now – log in first"))
	case s.State == starting:
		return note(w.T("Sync Now – starting"))
	case len(s.Pairs) == 0:
		return note(w.T("Sync Now – add a pair first"))
	}
	return fyne.NewMenuItem(w.T("Sync Now"), act.SyncNow)
}

// pairLines names each pair with its state; where there are many, only those that are not in step.
func pairLines(s Status, w *assets.Words) []*fyne.MenuItem {
	if s.State == signedOut {
		return nil
	}
	var lines []*fyne.MenuItem
	for _, p := range s.Pairs {
		dull := p.State == inStep && p.Problems == 0
		if len(s.Pairs) > maxPairs && (dull || len(lines) == maxPairs) {
			continue
		}
		lines = append(lines, note(w.T("{{.title}}: {{.state}}", "title", p.Title, "state", pairWord(p, w))))
	}
	if more := len(s.Pairs) - len(lines); more > 0 {
		lines = append(lines, note(w.N("{{.n}} more pairs", more)))
	}
	return lines
}

func pairWord(p PairStatus, w *assets.Words) string {
	switch {
	case p.State == syncing && p.Total > 0:
		return w.T("{{.done}} of {{.total}}", "done", p.Done, "total", p.Total)
	case p.Problems > 0 && (p.State == attention || p.State == inStep):
		return w.N("{{.n}} problems", p.Problems)
	}
	return word(p.State, w)
}
