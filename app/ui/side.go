package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// sideItem is one line of a side list.
type sideItem struct {
	id     string
	label  string
	arrow  fyne.Resource // between label and other: iconDirection; nil: none
	other  string
	count  string // at the right; "": none
	indent int    // steps to the right
	head   bool   // the title of those below it; cannot be chosen
}

const (
	sideLeft   = 20
	sideRight  = 12
	sideIndent = 16
)

// side is the list at the left of a window. Arrow keys move, Space chooses.
type side struct {
	widget.List
	keys    *keys
	items   []sideItem
	chosen  string // id
	at      int    // where the keyboard is
	changed func(id string)
}

// side makes a side list; changed is told the id of the line that a person chose.
func (k *kit) side(items []sideItem, chosen string, changed func(id string)) *side {
	s := &side{keys: k.keys, items: items, chosen: chosen, changed: changed}
	s.HideSeparators = true
	s.Length = func() int { return len(s.items) }
	s.CreateItem = func() fyne.CanvasObject { return newSideRow() }
	s.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		item := s.items[i]
		o.(*sideRow).set(item, item.id == s.chosen && !item.head)
	}
	s.OnHighlighted = func(i widget.ListItemID) { s.at = i }
	s.OnSelected = s.selected
	s.ExtendBaseWidget(s)
	s.reselect()
	return s
}

// set changes the lines; the chosen one stays chosen.
func (s *side) set(items []sideItem) {
	s.items = items
	s.reselect()
	s.Refresh()
}

// choose selects a line as a person would.
func (s *side) choose(id string) {
	for i, item := range s.items {
		if item.id == id && !item.head {
			s.Select(i)
			s.Highlight(i) // the keyboard goes on from there
		}
	}
}

func (s *side) selected(i widget.ListItemID) {
	item := s.items[i]
	if item.head {
		s.reselect()
		return
	}
	if item.id == s.chosen {
		return
	}
	s.chosen = item.id
	s.Refresh()
	if s.changed != nil {
		s.changed(item.id)
	}
}

// reselect marks the line of the chosen id, wherever it stands now.
func (s *side) reselect() {
	for i, item := range s.items {
		if item.head {
			s.SetItemHeight(i, sideHeadHeight)
		} else {
			s.SetItemHeight(i, sideRowHeight)
		}
		if item.id == s.chosen && !item.head {
			s.Select(i)
		}
	}
}

// TypedKey belongs to fyne.Focusable. Titles are stepped over.
func (s *side) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyUp, fyne.KeyDown:
		for range s.items {
			before := s.at
			s.List.TypedKey(ev)
			if s.at == before || !s.items[s.at].head {
				return
			}
		}
	case fyne.KeySpace:
		s.List.TypedKey(ev)
	default:
		s.keys.typed(ev)
	}
}

const (
	sideRowHeight  = 28
	sideHeadHeight = 36
)

// sideRow draws one line: a bar at the left and bold words where it is chosen.
type sideRow struct {
	widget.BaseWidget
	parts         *fyne.Container
	bar           *area
	label, other  *text
	arrow         *widget.Icon
	count, header *text
	layout        *sideRowLayout
}

func newSideRow() *sideRow {
	r := &sideRow{
		bar:    newArea(&area{fill: theme.ColorNamePrimary}),
		label:  newText("", style{short: true}),
		other:  newText("", style{short: true}),
		arrow:  widget.NewIcon(nil),
		count:  newText("", style{line: true, bold: true, align: fyne.TextAlignTrailing}),
		header: newText("", style{line: true, bold: true, size: theme.SizeNameCaptionText, token: theme.ColorNamePlaceHolder}),
	}
	r.layout = &sideRowLayout{row: r}
	r.parts = container.New(r.layout, r.bar, r.label, r.arrow, r.other, r.count, r.header)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to fyne.Widget.
func (r *sideRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.parts) }

func (r *sideRow) set(item sideItem, chosen bool) {
	r.layout.indent = float32(item.indent) * sideIndent
	r.bar.Hidden = !chosen
	r.header.Hidden = !item.head
	r.label.Hidden, r.count.Hidden = item.head, item.head || item.count == ""
	r.arrow.Hidden = item.head || item.arrow == nil
	r.other.Hidden = item.head || item.arrow == nil
	r.header.set(item.label)
	r.label.set(item.label)
	r.label.embolden(chosen)
	r.other.set(item.other)
	r.other.embolden(chosen)
	r.count.set(item.count)
	if item.arrow != nil {
		r.arrow.SetResource(theme.NewColoredResource(item.arrow, theme.ColorNamePlaceHolder))
	}
	r.parts.Refresh()
}

type sideRowLayout struct {
	row    *sideRow
	indent float32
}

func (l *sideRowLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	r := l.row
	r.bar.Resize(fyne.NewSize(4, size.Height))
	at := func(o fyne.CanvasObject, x, width float32) {
		height := o.MinSize().Height
		o.Resize(fyne.NewSize(width, height))
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
	}
	at(r.header, sideLeft, size.Width-sideLeft-sideRight)
	r.header.Move(fyne.NewPos(sideLeft, size.Height-r.header.MinSize().Height-4))
	x, end := sideLeft+l.indent, size.Width-sideRight
	if r.count.Visible() {
		width := r.count.MinSize().Width
		at(r.count, end-width, width)
		end -= width + 8
	}
	if !r.arrow.Visible() {
		at(r.label, x, end-x)
		return
	}
	width := min(naturalWidth(r.label), (end-x)/2)
	at(r.label, x, width)
	r.arrow.Resize(fyne.NewSquareSize(18))
	r.arrow.Move(fyne.NewPos(x+width+3, (size.Height-18)/2))
	at(r.other, x+width+24, end-x-width-24)
}

func (l *sideRowLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(sideLeft+sideRight+40, sideRowHeight)
}

// naturalWidth is how wide words are that may be cut.
func naturalWidth(t *text) float32 {
	as := t.part.Style
	return fyne.MeasureText(t.part.Text, theme.Size(as.SizeName), as.TextStyle).Width + 1
}

// pairTitle names a pair: the left, the icon of its direction, the right.
func pairTitle(left string, arrow fyne.Resource, right string, as style) fyne.CanvasObject {
	as.line = true
	size := float32(18)
	if as.size == theme.SizeNameHeadingText {
		size = 24
	}
	return beside(6, newText(left, as), picture(arrow, theme.ColorNamePlaceHolder, size), newText(right, as))
}
