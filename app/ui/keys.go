package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Fyne sends a key to what has the focus and to nothing else, and has no default button. The controls of this package
// therefore pass on the keys that they do not use.

// keys are what the keyboard does in one window, or in one question in front of it.
type keys struct {
	primary *button // pressed by Enter; nil: none
	escape  func()  // Cancel, Close or Decide later
	custom  map[string]func()
	reveal  func(fyne.CanvasObject) // scrolls what got the focus into view
}

func newKeys() *keys { return &keys{custom: map[string]func(){}} }

// typed handles a key that the focused control has no use for.
func (k *keys) typed(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if k.primary != nil && k.primary.Visible() {
			k.primary.press()
		}
	case fyne.KeyEscape:
		if k.escape != nil {
			k.escape()
		}
	}
}

// focused is told by every control that got the focus.
func (k *keys) focused(o fyne.CanvasObject) {
	if k.reveal != nil {
		k.reveal(o)
	}
}

// shortcut runs what belongs to Ctrl or Cmd and a key, and tells whether anything does.
func (k *keys) shortcut(s fyne.Shortcut) bool {
	do := k.custom[s.ShortcutName()]
	if do == nil {
		return false
	}
	do()
	return true
}

// isEnter tells both Enter keys.
func isEnter(ev *fyne.KeyEvent) bool { return ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter }

// control is a shortcut with Ctrl, on macOS with Cmd.
func control(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
}
