package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Wrapped text knows its height only once it has a width. Every layout here therefore gives a child its width first, and
// asks for its height afterwards.

// fit gives o a width and returns the height that it then needs.
func fit(o fyne.CanvasObject, width float32) float32 {
	o.Resize(fyne.NewSize(width, o.MinSize().Height))
	height := o.MinSize().Height
	o.Resize(fyne.NewSize(width, height))
	return height
}

// stack puts things below each other, over the whole width, with a gap between them.
func stack(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(stackLayout(gap), objects...)
}

type stackLayout float32

func (l stackLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if o.Visible() {
			o.Move(fyne.NewPos(0, y))
			y += fit(o, size.Width) + float32(l)
		}
	}
}

func (l stackLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	gap := float32(0)
	for _, o := range objects {
		if o.Visible() {
			least := o.MinSize()
			size = fyne.NewSize(max(size.Width, least.Width), size.Height+gap+least.Height)
			gap = float32(l)
		}
	}
	return size
}

// Widths of columns that are not a number.
const (
	own  float32 = -1 // as wide as its content
	rest float32 = 0  // what is left, shared evenly
)

// columns puts things beside each other, 8 apart and centred on one line, each as wide as widths says: a number, own or
// rest.
func columns(widths []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(columnsLayout{widths: widths, gap: 8}, objects...)
}

// columnsTop is columns with everything at the top.
func columnsTop(widths []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(columnsLayout{widths: widths, gap: 8, top: true}, objects...)
}

// beside puts things beside each other, each as wide as it is.
func beside(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(columnsLayout{gap: gap}, objects...)
}

// spread has one thing fill the left, the other at the right end.
func spread(left, right fyne.CanvasObject) *fyne.Container {
	return columns([]float32{rest, own}, left, right)
}

type columnsLayout struct {
	widths []float32 // missing ones are own
	gap    float32
	top    bool
}

func (l columnsLayout) width(i int) float32 {
	if i < len(l.widths) {
		return l.widths[i]
	}
	return own
}

func (l columnsLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	taken, shares, gap := float32(0), float32(0), float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		taken += gap
		gap = l.gap
		switch w := l.width(i); w {
		case rest:
			shares++
		case own:
			taken += o.MinSize().Width
		default:
			taken += w
		}
	}
	x := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		w := l.width(i)
		switch w {
		case rest:
			w = max(0, size.Width-taken) / shares
		case own:
			w = o.MinSize().Width
		}
		height := fit(o, w)
		y := (size.Height - height) / 2
		if l.top {
			y = 0
		}
		o.Move(fyne.NewPos(x, y))
		x += w + l.gap
	}
}

func (l columnsLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	gap := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		least := o.MinSize()
		size = fyne.NewSize(size.Width+gap+max(l.width(i), least.Width), max(size.Height, least.Height))
		gap = l.gap
	}
	return size
}

// inset leaves room around one thing.
func inset(left, top, right, bottom float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(insetLayout{left, top, right, bottom}, o)
}

type insetLayout struct{ left, top, right, bottom float32 }

func (l insetLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(l.left, l.top))
		o.Resize(size.SubtractWidthHeight(l.left+l.right, l.top+l.bottom))
	}
}

func (l insetLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size.AddWidthHeight(l.left+l.right, l.top+l.bottom)
}

// sized gives one thing a least size.
func sized(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(sizedLayout{width, height}, o)
}

type sizedLayout struct{ width, height float32 }

func (l sizedLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

func (l sizedLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(l.width, l.height)
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// middle centres one thing in all the room there is, at most width wide.
func middle(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(middleLayout(width), o)
}

type middleLayout float32

func (l middleLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		width := min(float32(l), size.Width)
		height := fit(o, width)
		o.Move(fyne.NewPos((size.Width-width)/2, max(0, (size.Height-height)/2)))
	}
}

func (l middleLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// over puts things on top of each other, the first one at the back.
func over(objects ...fyne.CanvasObject) *fyne.Container { return container.NewStack(objects...) }

// gap is empty room of a height in a stack.
func gap(height float32) fyne.CanvasObject { return sized(0, height, container.NewWithoutLayout()) }

// rule is a thin line.
func rule() fyne.CanvasObject { return widget.NewSeparator() }

// centred keeps one thing at its own size in the middle of a line.
func centred(o fyne.CanvasObject) *fyne.Container { return container.NewCenter(o) }

// leftEdge puts one thing at the left edge, over the whole height.
func leftEdge(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(edgeLayout(width), o)
}

type edgeLayout float32

func (l edgeLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(float32(l), size.Height))
	}
}

func (l edgeLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(float32(l), 0) }
