package ui

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// button is pressed by Space and Enter.
type button struct {
	widget.Button
	keys *keys
}

// button makes one of the buttons beside the primary one.
func (k *kit) button(label string, pressed func()) *button {
	b := &button{keys: k.keys}
	b.Text, b.OnTapped = label, pressed
	b.ExtendBaseWidget(b)
	return b
}

// primary makes the button that Enter presses, one in each window.
func (k *kit) primary(label string, pressed func()) *button {
	b := k.button(label, pressed)
	b.Importance = widget.HighImportance
	k.keys.primary = b
	return b
}

// press does what a click does and keeps the focus, which a click takes away.
func (b *button) press() {
	if !b.Disabled() && b.OnTapped != nil {
		b.OnTapped()
	}
}

// enable switches the button on or off.
func (b *button) enable(on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

// TypedKey belongs to fyne.Focusable.
func (b *button) TypedKey(ev *fyne.KeyEvent) {
	if ev.Name == fyne.KeySpace || isEnter(ev) {
		b.press()
		return
	}
	b.keys.typed(ev)
}

// FocusGained belongs to fyne.Focusable.
func (b *button) FocusGained() {
	b.Button.FocusGained()
	b.keys.focused(b)
}

// check is a box to tick.
type check struct {
	widget.Check
	keys *keys
}

// check makes a box to tick; Space toggles it.
func (k *kit) check(label string, on bool, changed func(bool)) *check {
	c := &check{keys: k.keys}
	c.Text, c.Checked, c.OnChanged = label, on, changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey belongs to fyne.Focusable.
func (c *check) TypedKey(ev *fyne.KeyEvent) { c.keys.typed(ev) }

// FocusGained belongs to fyne.Focusable.
func (c *check) FocusGained() {
	c.Check.FocusGained()
	c.keys.focused(c)
}

// choice is a value out of several.
type choice struct {
	widget.Select
	keys *keys
}

// choice makes a drop-down list; Space opens it. changed gets the index of the option.
func (k *kit) choice(options []string, chosen int, changed func(int)) *choice {
	c := &choice{keys: k.keys}
	c.Options = options
	if chosen >= 0 && chosen < len(options) {
		c.Selected = options[chosen]
	}
	c.OnChanged = func(string) {
		if changed != nil {
			changed(c.SelectedIndex())
		}
	}
	c.PlaceHolder = k.words.T("Choose…")
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey belongs to fyne.Focusable.
func (c *choice) TypedKey(ev *fyne.KeyEvent) {
	if isEnter(ev) || ev.Name == fyne.KeyEscape {
		c.keys.typed(ev)
		return
	}
	c.Select.TypedKey(ev)
}

// FocusGained belongs to fyne.Focusable.
func (c *choice) FocusGained() {
	c.Select.FocusGained()
	c.keys.focused(c)
}

// entry is a line of text to type.
type entry struct {
	widget.Entry
	keys *keys
}

// entry makes a line to type into. placeholder is an example, shown while it is empty.
func (k *kit) entry(value, placeholder string, changed func(string)) *entry {
	e := &entry{keys: k.keys}
	e.Text, e.PlaceHolder, e.OnChanged = value, placeholder, changed
	e.CursorColumn = utf8.RuneCountInString(value)
	e.ExtendBaseWidget(e)
	return e
}

// secret makes a line for a server's password, which it does not show.
func (k *kit) secret(changed func(string)) *entry {
	e := k.entry("", "", changed)
	e.Password = true
	return e
}

// TypedKey belongs to fyne.Focusable.
func (e *entry) TypedKey(ev *fyne.KeyEvent) {
	if isEnter(ev) || ev.Name == fyne.KeyEscape {
		e.keys.typed(ev)
		return
	}
	e.Entry.TypedKey(ev)
}

// TypedShortcut belongs to fyne.Shortcutable. Fyne gives shortcuts to the focused entry alone.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if _, ours := s.(*desktop.CustomShortcut); !ours || !e.keys.shortcut(s) {
		e.Entry.TypedShortcut(s)
	}
}

// FocusGained belongs to fyne.Focusable.
func (e *entry) FocusGained() {
	e.Entry.FocusGained()
	e.keys.focused(e)
}
