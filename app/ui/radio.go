package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// option is one of several that exclude each other.
type option struct {
	label, caption string
	inner          fyne.CanvasObject // unfolds below while the option is chosen; may be nil
}

// radios are options below each other. The arrow keys and Space choose.
type radios struct {
	widget.BaseWidget
	list    *fyne.Container
	chosen  int
	rows    []*radio
	options []option
	changed func(int)
	kit     *kit
}

// radios makes a group of options; changed is told the new index. Each row holds its caption and what unfolds.
func (k *kit) radios(options []option, chosen int, changed func(int)) *radios {
	g := &radios{list: stack(12), chosen: chosen, options: options, changed: changed, kit: k}
	for i, o := range options {
		row := &radio{group: g, index: i, label: o.label}
		row.ExtendBaseWidget(row)
		g.rows = append(g.rows, row)
		below := stack(8)
		if o.caption != "" {
			below.Add(caption(o.caption))
		}
		if o.inner != nil {
			below.Add(o.inner)
		}
		g.list.Add(stack(2, row, inset(radioIndent, 0, 0, 0, below)))
	}
	g.ExtendBaseWidget(g)
	g.unfold()
	return g
}

// CreateRenderer belongs to fyne.Widget.
func (g *radios) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(g.list) }

// choose selects an option.
func (g *radios) choose(i int) {
	if i < 0 || i >= len(g.rows) || i == g.chosen || g.rows[i].Disabled() {
		return
	}
	g.chosen = i
	g.unfold()
	if g.changed != nil {
		g.changed(i)
	}
	g.kit.settle()
}

// enable switches all options on or off.
func (g *radios) enable(on bool) {
	for _, r := range g.rows {
		if on {
			r.Enable()
		} else {
			r.Disable()
		}
	}
}

func (g *radios) unfold() {
	for i, o := range g.options {
		if o.inner != nil {
			if i == g.chosen {
				o.inner.Show()
			} else {
				o.inner.Hide()
			}
		}
		g.rows[i].Refresh()
	}
}

const radioIndent = 28

// radio is one line of a group: a ring and a label.
type radio struct {
	widget.DisableableWidget
	group            *radios
	index            int
	label            string
	focused, hovered bool
}

// Tapped belongs to fyne.Tappable.
func (r *radio) Tapped(*fyne.PointEvent) {
	if !r.Disabled() {
		r.group.kit.focus(r)
		r.group.choose(r.index)
	}
}

// TypedRune belongs to fyne.Focusable.
func (r *radio) TypedRune(rune) {}

// TypedKey belongs to fyne.Focusable.
func (r *radio) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeySpace:
		r.group.choose(r.index)
	case fyne.KeyDown, fyne.KeyRight:
		r.step(1)
	case fyne.KeyUp, fyne.KeyLeft:
		r.step(-1)
	default:
		r.group.kit.keys.typed(ev)
	}
}

func (r *radio) step(by int) {
	n := len(r.group.rows)
	next := (r.index + by + n) % n
	r.group.choose(next)
	r.group.kit.focus(r.group.rows[next])
}

// FocusGained belongs to fyne.Focusable.
func (r *radio) FocusGained() {
	r.focused = true
	r.Refresh()
	r.group.kit.keys.focused(r)
}

// FocusLost belongs to fyne.Focusable.
func (r *radio) FocusLost() {
	r.focused = false
	r.Refresh()
}

// MouseIn belongs to desktop.Hoverable.
func (r *radio) MouseIn(*desktop.MouseEvent) {
	r.hovered = true
	r.Refresh()
}

// MouseMoved belongs to desktop.Hoverable.
func (r *radio) MouseMoved(*desktop.MouseEvent) {}

// MouseOut belongs to desktop.Hoverable.
func (r *radio) MouseOut() {
	r.hovered = false
	r.Refresh()
}

// AccessibilityLabel is what screen readers say.
func (r *radio) AccessibilityLabel() string { return r.label }

// AccessibilityRole is that of a button; Fyne has none for options.
func (r *radio) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer belongs to fyne.Widget.
func (r *radio) CreateRenderer() fyne.WidgetRenderer {
	p := &radioRenderer{r: r, words: strong(r.label), ring: canvas.NewCircle(nil), dot: canvas.NewCircle(nil), halo: canvas.NewCircle(nil)}
	p.Refresh()
	return p
}

type radioRenderer struct {
	r               *radio
	words           *text
	halo, ring, dot *canvas.Circle
}

const ringSize = 16

func (p *radioRenderer) Layout(s fyne.Size) {
	fit(p.words, s.Width-radioIndent)
	p.words.Move(fyne.NewPos(radioIndent, 0))
	// The ring stands beside the first line.
	y := (p.firstLine() - ringSize) / 2
	for c, grow := range map[*canvas.Circle]float32{p.halo: 4, p.ring: 0, p.dot: -4} {
		c.Move(fyne.NewPos(1-grow, y-grow))
		c.Resize(fyne.NewSquareSize(ringSize + 2*grow))
	}
}

func (p *radioRenderer) firstLine() float32 {
	return fyne.MeasureText("M", theme.Size(theme.SizeNameText), fyne.TextStyle{Bold: true}).Height
}

func (p *radioRenderer) MinSize() fyne.Size {
	least := p.words.MinSize()
	return fyne.NewSize(radioIndent+least.Width, max(ringSize, least.Height))
}

func (p *radioRenderer) Refresh() {
	th, v := p.r.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	ring, words := theme.ColorNameInputBorder, theme.ColorNameForeground
	chosen := p.r.group.chosen == p.r.index
	switch {
	case p.r.Disabled():
		ring, words = theme.ColorNameDisabled, theme.ColorNameDisabled
	case chosen:
		ring = theme.ColorNamePrimary
	}
	p.ring.StrokeColor, p.ring.StrokeWidth = th.Color(ring, v), 2
	p.ring.FillColor = th.Color(theme.ColorNameInputBackground, v)
	p.dot.FillColor = th.Color(ring, v)
	p.dot.Hidden = !chosen
	p.halo.FillColor = th.Color(theme.ColorNameFocus, v)
	p.halo.Hidden = !p.r.focused
	if p.r.hovered && !p.r.focused && !p.r.Disabled() {
		p.halo.FillColor, p.halo.Hidden = th.Color(theme.ColorNameHover, v), false
	}
	p.words.set(p.r.label)
	p.words.tint(words)
	canvas.Refresh(p.r)
}

func (p *radioRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{p.halo, p.ring, p.dot, p.words}
}

func (p *radioRenderer) Destroy() {}
