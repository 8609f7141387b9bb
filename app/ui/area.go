package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// area is a plane in a colour of the theme, which follows it from light to dark.
type area struct {
	widget.BaseWidget
	fill, stroke  fyne.ThemeColorName // "": none
	radius        float32
	width, height float32 // at least
}

func newArea(a *area) *area {
	a.ExtendBaseWidget(a)
	return a
}

// paint changes the colour.
func (a *area) paint(fill fyne.ThemeColorName) {
	if a.fill != fill {
		a.fill = fill
		a.Refresh()
	}
}

// CreateRenderer belongs to fyne.Widget.
func (a *area) CreateRenderer() fyne.WidgetRenderer {
	r := &areaRenderer{a, canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type areaRenderer struct {
	a    *area
	rect *canvas.Rectangle
}

func (r *areaRenderer) Layout(s fyne.Size) { r.rect.Resize(s) }
func (r *areaRenderer) MinSize() fyne.Size { return fyne.NewSize(r.a.width, r.a.height) }

func (r *areaRenderer) Refresh() {
	th, v := r.a.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.rect.FillColor, r.rect.StrokeColor, r.rect.StrokeWidth = nil, nil, 0
	if r.a.fill != "" {
		r.rect.FillColor = th.Color(r.a.fill, v)
	}
	if r.a.stroke != "" {
		r.rect.StrokeColor, r.rect.StrokeWidth = th.Color(r.a.stroke, v), 1
	}
	r.rect.CornerRadius = r.a.radius
	canvas.Refresh(r.rect)
}

func (r *areaRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *areaRenderer) Destroy()                     {}

// bar is progress as two planes of 6: how much is done, on how much there is.
type bar struct {
	widget.BaseWidget
	done      float32
	track, on *area
}

func newBar(done float32) *bar {
	b := &bar{
		done:  done,
		track: newArea(&area{fill: theme.ColorNameSeparator, radius: 3}),
		on:    newArea(&area{fill: theme.ColorNamePrimary, radius: 3}),
	}
	b.ExtendBaseWidget(b)
	return b
}

// set moves the bar; done is a share from 0 to 1.
func (b *bar) set(done float32) {
	b.done = done
	b.Refresh()
}

// CreateRenderer belongs to fyne.Widget.
func (b *bar) CreateRenderer() fyne.WidgetRenderer { return &barRenderer{b} }

type barRenderer struct{ b *bar }

func (r *barRenderer) Layout(s fyne.Size) {
	share := max(0, min(1, r.b.done))
	y := (s.Height - 6) / 2
	r.b.track.Move(fyne.NewPos(0, y))
	r.b.track.Resize(fyne.NewSize(s.Width, 6))
	r.b.on.Move(fyne.NewPos(0, y))
	r.b.on.Resize(fyne.NewSize(s.Width*share, 6))
	r.b.on.Hidden = share == 0
}

func (r *barRenderer) MinSize() fyne.Size { return fyne.NewSize(6, 6) }

func (r *barRenderer) Refresh() {
	r.Layout(r.b.Size())
	r.b.track.Refresh()
	r.b.on.Refresh()
}

func (r *barRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.b.track, r.b.on} }
func (r *barRenderer) Destroy()                     {}
