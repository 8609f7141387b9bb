package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"zohosync/sync/plan"
)

// Icons of this program's own, on a grid of 20 units, black: picture gives them a colour. No font has these arrows
// everywhere.
const (
	arrowRight  = `M2.5 9.1h11.3V6.3L17.5 10l-3.7 3.7v-2.8H2.5z`
	arrowLeft   = `M17.5 9.1H6.2V6.3L2.5 10l3.7 3.7v-2.8h11.3z`
	arrowsBoth  = `M2.5 5.6h11.6V3.1l3.4 3.4-3.4 3.4V7.4H2.5zM17.5 12.6H5.9v-2.5l-3.4 3.4 3.4 3.4v-2.5h11.6z`
	pauseBars   = `M6 4h2.6v12H6zM11.4 4H14v12h-2.6z`
	errorDisc   = `M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16zM9 5.5h2v6H9zM9 13h2v2H9z`
	warningSign = `M10 2.2L18.6 17.5H1.4zM10 6L4.6 15.7h10.8zM9.1 8.8h1.8v3.9H9.1zM9.1 13.4h1.8v1.5H9.1z`
	questionDot = `M10 1.8a8.2 8.2 0 1 0 0 16.4a8.2 8.2 0 1 0 0-16.4zM10 3.6a6.4 6.4 0 1 1 0 12.8a6.4 6.4 0 1 1 0-12.8zM9.1 13h1.8v1.8H9.1zM10 5.2a3 3 0 0 1 3 3c0 2-2.1 2.1-2.1 3.9H9.1c0-2.9 2.1-2.7 2.1-3.9a1.2 1.2 0 0 0-2.4 0H7a3 3 0 0 1 3-3z`
)

func drawn(name, path string) fyne.Resource {
	return fyne.NewStaticResource(name+".svg", []byte(
		`<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20">`+
			`<path fill="#000000" fill-rule="evenodd" d="`+path+`"/></svg>`))
}

// iconDirection shows which way a pair syncs: between the words for the left and the right.
func iconDirection(d plan.Direction) fyne.Resource {
	switch d {
	case plan.ToLeft:
		return drawn("to-left", arrowLeft)
	case plan.ToRight:
		return drawn("to-right", arrowRight)
	}
	return drawn("both-ways", arrowsBoth)
}

func iconPaused() fyne.Resource   { return drawn("paused", pauseBars) }
func iconError() fyne.Resource    { return drawn("error", errorDisc) }
func iconWarning() fyne.Resource  { return drawn("warning", warningSign) }
func iconQuestion() fyne.Resource { return drawn("question", questionDot) }

// picture is an icon in a colour of the theme.
func picture(r fyne.Resource, token fyne.ThemeColorName, size float32) fyne.CanvasObject {
	return container.New(exactLayout(size), widget.NewIcon(theme.NewColoredResource(r, token)))
}

// exactLayout makes a square, however small.
type exactLayout float32

func (l exactLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSquareSize(float32(l)))
		o.Move(fyne.NewPos((size.Width-float32(l))/2, (size.Height-float32(l))/2))
	}
}

func (l exactLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSquareSize(float32(l)) }
