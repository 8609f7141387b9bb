package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// entryItem is one line of a list of things to look at.
type entryItem struct {
	key            string // stands for it, however often the list is read
	title, caption string
	mark           mark
	head           bool // the title of those below it; cannot be chosen
}

const (
	entryHeight     = 48
	entryHeadHeight = 32
	entryLeft       = 14
	entryRight      = 12
	entryIcon       = 18
)

// entries is a list of things of which the chosen one is shown beside it. Arrow keys move and choose.
type entries struct {
	widget.List
	keys    *keys
	items   []entryItem
	chosen  string
	changed func(key string)
}

// entries makes an empty list; changed is told the key of the line that a person chose.
func (k *kit) entries(changed func(key string)) *entries {
	e := &entries{keys: k.keys, changed: changed}
	e.HideSeparators = true
	e.Length = func() int { return len(e.items) }
	e.CreateItem = func() fyne.CanvasObject { return newEntryRow() }
	e.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		if i < len(e.items) {
			o.(*entryRow).set(e.items[i], e.items[i].key == e.chosen)
		}
	}
	e.OnSelected = func(i widget.ListItemID) {
		e.UnselectAll() // the rows draw what is chosen: Fyne's own mark would stay where it is when lines come and go
		e.pick(i)
	}
	e.ExtendBaseWidget(e)
	return e
}

// set changes the lines and leaves the place where it is. When the chosen one is gone, the one that took its place is
// chosen.
func (e *entries) set(items []entryItem) {
	before := e.index(e.chosen)
	e.items = items
	for i, item := range items {
		height := float32(entryHeight)
		if item.head {
			height = entryHeadHeight
		}
		e.SetItemHeight(i, height)
	}
	if e.index(e.chosen) < 0 {
		e.chosen = e.near(max(before, 0))
	}
	e.Refresh()
}

// index returns where a key stands, -1 when it is gone.
func (e *entries) index(key string) int {
	for i, item := range e.items {
		if !item.head && item.key == key {
			return i
		}
	}
	return -1
}

// near returns the key of the line at i, of the next one where that is a title, else of the last one.
func (e *entries) near(i int) string {
	for ; i < len(e.items); i++ {
		if !e.items[i].head {
			return e.items[i].key
		}
	}
	for i = len(e.items) - 1; i >= 0; i-- {
		if !e.items[i].head {
			return e.items[i].key
		}
	}
	return ""
}

func (e *entries) pick(i int) {
	if i < 0 || i >= len(e.items) || e.items[i].head || e.items[i].key == e.chosen {
		return
	}
	e.chosen = e.items[i].key
	e.Refresh()
	if e.changed != nil {
		e.changed(e.chosen)
	}
}

// TypedKey belongs to fyne.Focusable. The arrows go on from the chosen line, wherever it stands now, and step over titles.
func (e *entries) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyUp, fyne.KeyDown:
		from := e.index(e.chosen)
		if from < 0 {
			return
		}
		step := 1
		if ev.Name == fyne.KeyUp {
			step = -1
		}
		to := from + step
		for to >= 0 && to < len(e.items) && e.items[to].head {
			to += step
		}
		if to < 0 || to >= len(e.items) {
			to = from
		}
		e.Highlight(to)
		e.pick(to)
	case fyne.KeySpace:
		e.List.TypedKey(ev)
	default:
		e.keys.typed(ev)
	}
}

// entryRow draws one line.
type entryRow struct {
	widget.BaseWidget
	parts          *fyne.Container
	back, bar      *area
	line           fyne.CanvasObject
	icon           *glyph
	title, caption *text
	header         *text
}

func newEntryRow() *entryRow {
	r := &entryRow{
		back: newArea(&area{fill: theme.ColorNameSelection}), bar: newArea(&area{fill: theme.ColorNamePrimary}),
		line: rule(), icon: newGlyph(entryIcon),
		title:   newText("", style{short: true}),
		caption: newText("", style{short: true, size: theme.SizeNameCaptionText, token: theme.ColorNamePlaceHolder}),
		header:  newText("", style{short: true, bold: true, size: theme.SizeNameCaptionText, token: theme.ColorNamePlaceHolder}),
	}
	r.parts = container.New(entryLayout{r}, r.back, r.bar, r.icon, r.title, r.caption, r.header, r.line)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to fyne.Widget.
func (r *entryRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.parts) }

func (r *entryRow) set(item entryItem, chosen bool) {
	chosen = chosen && !item.head
	r.back.Hidden, r.bar.Hidden = !chosen, !chosen
	r.title.Hidden, r.caption.Hidden, r.line.(*widget.Separator).Hidden = item.head, item.head, item.head
	r.icon.Hidden = item.head || item.mark == markNone
	r.header.Hidden = !item.head
	r.header.set(item.title)
	r.title.set(item.title)
	r.title.embolden(chosen)
	r.caption.set(item.caption)
	r.icon.set(item.mark)
	r.parts.Refresh()
}

type entryLayout struct{ r *entryRow }

func (l entryLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	r := l.r
	r.back.Resize(size)
	r.bar.Resize(fyne.NewSize(4, size.Height))
	r.line.Resize(fyne.NewSize(size.Width, 1))
	r.line.Move(fyne.NewPos(0, size.Height-1))
	x := float32(entryLeft)
	title, caption := r.title.MinSize().Height, r.caption.MinSize().Height
	top := (size.Height - title - 2 - caption) / 2
	if r.icon.Visible() {
		r.icon.Resize(fyne.NewSquareSize(entryIcon))
		r.icon.Move(fyne.NewPos(x, top+(title-entryIcon)/2))
		x += entryIcon + 8
	}
	width := size.Width - x - entryRight
	r.title.Resize(fyne.NewSize(width, title))
	r.title.Move(fyne.NewPos(x, top))
	r.caption.Resize(fyne.NewSize(width, caption))
	r.caption.Move(fyne.NewPos(x, top+title+2))
	head := r.header.MinSize().Height
	r.header.Resize(fyne.NewSize(size.Width-entryLeft-entryRight, head))
	r.header.Move(fyne.NewPos(entryLeft, size.Height-head-4))
}

func (l entryLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(entryLeft+entryRight+80, entryHeadHeight)
}

// glyph is the icon of a state, which can change.
type glyph struct {
	widget.BaseWidget
	icon *widget.Icon
	size float32
	mark mark
}

func newGlyph(size float32) *glyph {
	g := &glyph{icon: widget.NewIcon(nil), size: size}
	g.ExtendBaseWidget(g)
	return g
}

// set changes the shape.
func (g *glyph) set(m mark) {
	if m == g.mark {
		return
	}
	g.mark = m
	icon, token := m.look()
	if icon == nil {
		g.icon.SetResource(nil)
		return
	}
	g.icon.SetResource(theme.NewColoredResource(icon, token))
}

// CreateRenderer belongs to fyne.Widget.
func (g *glyph) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(exactLayout(g.size), g.icon))
}

// look is the shape and the colour of a mark; both differ between any two, and a word always stands beside them.
func (m mark) look() (fyne.Resource, fyne.ThemeColorName) {
	switch m {
	case markInStep:
		return theme.ConfirmIcon(), theme.ColorNameSuccess
	case markSyncing:
		return theme.ViewRefreshIcon(), theme.ColorNamePrimary
	case markAttention:
		return iconWarning(), theme.ColorNameWarning
	case markPaused:
		return iconPaused(), theme.ColorNamePlaceHolder
	case markOffline:
		return drawn("offline", offlineRing), theme.ColorNamePlaceHolder
	}
	return nil, theme.ColorNameForeground
}

// offlineRing is a ring with a bar across, on a grid of 20 units.
const offlineRing = `M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16zM5.6 5.9A6 6 0 0 1 14.1 14.4zM4.9 7.4L12.6 15.1A6 6 0 0 1 4.9 7.4z`

// token is the colour of the words beside a mark.
func (m mark) token() fyne.ThemeColorName {
	if m == markNone {
		return theme.ColorNamePlaceHolder
	}
	_, token := m.look()
	return token
}
