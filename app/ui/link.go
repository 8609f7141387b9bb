package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// link is a command that looks like a link: one line without padding. Space and Enter follow it.
type link struct {
	widget.DisableableWidget
	label            string
	follow           func()
	align            fyne.TextAlign
	keys             *keys
	focused, hovered bool
}

// link makes a link.
func (k *kit) link(label string, follow func()) *link {
	l := &link{label: label, follow: follow, keys: k.keys}
	l.ExtendBaseWidget(l)
	return l
}

// set changes the words.
func (l *link) set(label string) {
	l.label = label
	l.Refresh()
}

func (l *link) press() {
	if !l.Disabled() && l.follow != nil {
		l.follow()
	}
}

// Tapped belongs to fyne.Tappable.
func (l *link) Tapped(*fyne.PointEvent) { l.press() }

// TypedRune belongs to fyne.Focusable.
func (l *link) TypedRune(rune) {}

// TypedKey belongs to fyne.Focusable.
func (l *link) TypedKey(ev *fyne.KeyEvent) {
	if ev.Name == fyne.KeySpace || isEnter(ev) {
		l.press()
		return
	}
	l.keys.typed(ev)
}

// FocusGained belongs to fyne.Focusable.
func (l *link) FocusGained() {
	l.focused = true
	l.Refresh()
	l.keys.focused(l)
}

// FocusLost belongs to fyne.Focusable.
func (l *link) FocusLost() {
	l.focused = false
	l.Refresh()
}

// MouseIn belongs to desktop.Hoverable.
func (l *link) MouseIn(*desktop.MouseEvent) {
	l.hovered = true
	l.Refresh()
}

// MouseMoved belongs to desktop.Hoverable.
func (l *link) MouseMoved(*desktop.MouseEvent) {}

// MouseOut belongs to desktop.Hoverable.
func (l *link) MouseOut() {
	l.hovered = false
	l.Refresh()
}

// Cursor belongs to desktop.Cursorable.
func (l *link) Cursor() desktop.Cursor {
	if l.Disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// AccessibilityLabel is what screen readers say.
func (l *link) AccessibilityLabel() string { return l.label }

// AccessibilityRole is that of a link.
func (l *link) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleLink }

// CreateRenderer belongs to fyne.Widget.
func (l *link) CreateRenderer() fyne.WidgetRenderer {
	r := &linkRenderer{l: l, words: canvas.NewText("", nil), under: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil)}
	r.ring.StrokeWidth, r.ring.CornerRadius = 2, 3
	r.Refresh()
	return r
}

type linkRenderer struct {
	l           *link
	words       *canvas.Text
	under, ring *canvas.Rectangle
}

func (r *linkRenderer) Layout(s fyne.Size) {
	least := r.words.MinSize()
	x := float32(0)
	if r.l.align == fyne.TextAlignTrailing {
		x = s.Width - least.Width
	}
	y := (s.Height - least.Height) / 2
	r.words.Move(fyne.NewPos(x, y))
	r.words.Resize(least)
	r.under.Move(fyne.NewPos(x, y+least.Height-1))
	r.under.Resize(fyne.NewSize(least.Width, 1))
	r.ring.Move(fyne.NewPos(x-3, y-2))
	r.ring.Resize(least.AddWidthHeight(6, 4))
}

func (r *linkRenderer) MinSize() fyne.Size { return r.words.MinSize() }

func (r *linkRenderer) Refresh() {
	th, v := r.l.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	token := theme.ColorNameHyperlink
	if r.l.Disabled() {
		token = theme.ColorNameDisabled
	}
	r.words.Text, r.words.TextSize = r.l.label, th.Size(theme.SizeNameText)
	r.words.Color = th.Color(token, v)
	r.under.FillColor = r.words.Color
	r.under.Hidden = !r.l.hovered || r.l.Disabled()
	r.ring.StrokeColor = th.Color(theme.ColorNameFocus, v)
	r.ring.Hidden = !r.l.focused
	r.Layout(r.l.Size())
	canvas.Refresh(r.l)
}

func (r *linkRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.words, r.under}
}

func (r *linkRenderer) Destroy() {}
