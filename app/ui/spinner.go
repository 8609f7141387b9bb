package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// spinner is an open ring that turns as long as it is shown.
type spinner struct {
	widget.BaseWidget
	size float32
	turn *fyne.Animation
	arc  *canvas.Arc
}

func newSpinner(size float32) *spinner {
	s := &spinner{size: size, arc: canvas.NewArc(0, 270, 0.72, nil)}
	s.turn = fyne.NewAnimation(time.Second, func(done float32) {
		s.arc.StartAngle, s.arc.EndAngle = 360*done, 360*done+270
		canvas.Refresh(s.arc)
	})
	s.turn.Curve, s.turn.RepeatCount = fyne.AnimationLinear, fyne.AnimationRepeatForever
	s.ExtendBaseWidget(s)
	return s
}

// Hide belongs to fyne.CanvasObject.
func (s *spinner) Hide() {
	s.turn.Stop()
	s.BaseWidget.Hide()
}

// Show belongs to fyne.CanvasObject.
func (s *spinner) Show() {
	s.turn.Start()
	s.BaseWidget.Show()
}

// CreateRenderer belongs to fyne.Widget.
func (s *spinner) CreateRenderer() fyne.WidgetRenderer {
	r := &spinnerRenderer{s}
	r.Refresh()
	if s.Visible() {
		s.turn.Start()
	}
	return r
}

type spinnerRenderer struct{ s *spinner }

func (r *spinnerRenderer) Layout(size fyne.Size) {
	r.s.arc.Resize(fyne.NewSquareSize(r.s.size))
	r.s.arc.Move(fyne.NewPos((size.Width-r.s.size)/2, (size.Height-r.s.size)/2))
}

func (r *spinnerRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(r.s.size) }

func (r *spinnerRenderer) Refresh() {
	r.s.arc.FillColor = r.s.Theme().Color(theme.ColorNamePrimary, fyne.CurrentApp().Settings().ThemeVariant())
	canvas.Refresh(r.s.arc)
}

func (r *spinnerRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.s.arc} }

// Destroy stops turning once nothing shows the spinner any more.
func (r *spinnerRenderer) Destroy() { r.s.turn.Stop() }
