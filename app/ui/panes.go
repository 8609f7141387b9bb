package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// panes are a list at the left, under what filters it, and at the right what is chosen in it. Without anything to list, an
// empty pane takes the place of both.
type panes struct {
	content *fyne.Container
	filter  fyne.CanvasObject
	list    fyne.CanvasObject
	foot    fyne.CanvasObject // below the list; nil: none
	right   *fyne.Container
	vacant  *fyne.Container
	lines   [3]fyne.CanvasObject // below the filter, above the foot, between list and right
}

func newPanes(filter, list, foot fyne.CanvasObject) *panes {
	p := &panes{
		filter: inset(12, 10, 12, 10, filter), list: list, right: container.NewStack(), vacant: container.NewStack(),
		lines: [3]fyne.CanvasObject{rule(), rule(), rule()},
	}
	objects := []fyne.CanvasObject{p.filter, p.lines[0], p.list}
	if foot != nil {
		p.foot = inset(12, marginFoot, 12, marginFoot, foot)
		objects = append(objects, p.lines[1], p.foot)
	}
	objects = append(objects, p.lines[2], p.right, p.vacant)
	p.content = container.New(panesLayout{p}, objects...)
	return p
}

// hold shows what is chosen at the right, or with an empty pane only that.
func (p *panes) hold(right, vacant fyne.CanvasObject) {
	some := vacant == nil
	p.list.Hide()
	p.vacant.Hidden, p.right.Hidden = some, !some
	p.lines[2].Hide()
	if some {
		p.list.Show()
		p.lines[2].Show()
		p.right.Objects = []fyne.CanvasObject{right}
	} else {
		p.vacant.Objects = []fyne.CanvasObject{vacant}
	}
	if p.foot != nil {
		p.footed(some)
	}
	settle(p.content)
}

// footed tells whether there is something to say below the list.
func (p *panes) footed(on bool) {
	for _, o := range []fyne.CanvasObject{p.foot, p.lines[1]} {
		o.Hide()
		if on {
			o.Show()
		}
	}
}

const (
	listWidest   = 292
	listNarrow   = 272
	rightLeast   = 300
	paneListLeft = 0.37 // of the room
)

type panesLayout struct{ p *panes }

func (l panesLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	p := l.p
	left := min(listWidest, max(listNarrow, size.Width*paneListLeft))
	top := fit(p.filter, left)
	p.filter.Move(fyne.NewPos(0, 0))
	lineWidth := left
	if p.vacant.Visible() {
		lineWidth = size.Width
	}
	p.lines[0].Move(fyne.NewPos(0, top))
	p.lines[0].Resize(fyne.NewSize(lineWidth, 1))
	top++
	p.vacant.Move(fyne.NewPos(0, top))
	p.vacant.Resize(fyne.NewSize(size.Width, size.Height-top))
	bottom := size.Height
	if p.foot != nil && p.foot.Visible() {
		bottom -= fit(p.foot, left)
		p.foot.Move(fyne.NewPos(0, bottom))
		bottom--
		p.lines[1].Move(fyne.NewPos(0, bottom))
		p.lines[1].Resize(fyne.NewSize(left, 1))
	}
	p.list.Move(fyne.NewPos(0, top))
	p.list.Resize(fyne.NewSize(left, bottom-top))
	p.lines[2].Move(fyne.NewPos(left, 0))
	p.lines[2].Resize(fyne.NewSize(1, size.Height))
	p.right.Move(fyne.NewPos(left+1, 0))
	p.right.Resize(fyne.NewSize(size.Width-left-1, size.Height))
}

func (l panesLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(listNarrow+1+rightLeast, 200)
}

// lowered has one thing fill the room above a footer.
func lowered(page, footer fyne.CanvasObject) *fyne.Container { return frame(nil, 0, page, footer) }

// facts are lines of a label and a value, or of a label and two of them.
func facts(widths []float32, rows ...[]fyne.CanvasObject) *fyne.Container {
	out := stack(8)
	for _, row := range rows {
		out.Add(columnsTop(widths, row...))
	}
	return out
}
