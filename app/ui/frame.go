package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

const (
	marginSide = 20 // of a window
	marginTop  = 14
	marginFoot = 12 // around the buttons of a footer
)

// frame fills a window: a side list of a width, the page, and the footer below both. Either may be nil.
func frame(side fyne.CanvasObject, width float32, page, footer fyne.CanvasObject) *fyne.Container {
	l := frameLayout{width: width}
	objects := []fyne.CanvasObject{page}
	if side != nil {
		l.side = over(newArea(&area{fill: theme.ColorNameHeaderBackground}), inset(0, 8, 0, 0, side))
		l.sideRule = rule()
		objects = append(objects, l.side, l.sideRule)
	}
	l.page = page
	if footer != nil {
		l.footer, l.footRule = footer, rule()
		objects = append(objects, l.footRule, footer)
	}
	// In the order of Tab: side list, page, footer.
	if side != nil {
		objects[0], objects[1] = objects[1], objects[0]
	}
	return container.New(l, objects...)
}

// frameLayout leaves no gaps, so that lines and planes meet.
type frameLayout struct {
	width            float32
	side, sideRule   fyne.CanvasObject
	page             fyne.CanvasObject
	footRule, footer fyne.CanvasObject
}

func (l frameLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	bottom, left := size.Height, float32(0)
	if l.footer != nil {
		bottom -= fit(l.footer, size.Width)
		l.footer.Move(fyne.NewPos(0, bottom))
		bottom--
		l.footRule.Move(fyne.NewPos(0, bottom))
		l.footRule.Resize(fyne.NewSize(size.Width, 1))
	}
	if l.side != nil {
		l.side.Move(fyne.NewPos(0, 0))
		l.side.Resize(fyne.NewSize(l.width, bottom))
		l.sideRule.Move(fyne.NewPos(l.width, 0))
		l.sideRule.Resize(fyne.NewSize(1, bottom))
		left = l.width + 1
	}
	l.page.Move(fyne.NewPos(left, 0))
	l.page.Resize(fyne.NewSize(size.Width-left, bottom))
}

func (l frameLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	size := l.page.MinSize()
	if l.side != nil {
		size = fyne.NewSize(size.Width+l.width+1, max(size.Height, l.side.MinSize().Height))
	}
	if l.footer != nil {
		least := l.footer.MinSize()
		size = fyne.NewSize(max(size.Width, least.Width), size.Height+1+least.Height)
	}
	return size
}

// footer is the last line of a window: a link at the left (nil: none), buttons at the right, the primary one last. Where
// both do not fit beside each other, the link stands above.
func footer(left fyne.CanvasObject, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	right := beside(8, buttons...)
	objects := []fyne.CanvasObject{right}
	if left != nil {
		objects = []fyne.CanvasObject{left, right}
	}
	return inset(marginSide, marginFoot, marginSide, marginFoot, container.New(&footLayout{}, objects...))
}

// footLayout remembers whether the link had to go above the buttons, because the height depends on it.
type footLayout struct{ wrapped bool }

func (l *footLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	right := objects[len(objects)-1]
	least := right.MinSize()
	right.Resize(least)
	right.Move(fyne.NewPos(size.Width-least.Width, size.Height-least.Height))
	if len(objects) == 1 {
		return
	}
	left := objects[0]
	width := left.MinSize().Width
	l.wrapped = width+16+least.Width > size.Width
	if l.wrapped {
		fit(left, size.Width)
		left.Move(fyne.NewPos(0, 0))
		return
	}
	height := fit(left, size.Width-16-least.Width)
	left.Move(fyne.NewPos(0, (size.Height-height)/2))
}

func (l *footLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	right := objects[len(objects)-1].MinSize()
	if len(objects) == 1 {
		return right
	}
	left := objects[0].MinSize()
	if l.wrapped {
		return fyne.NewSize(max(left.Width, right.Width), left.Height+8+right.Height)
	}
	return fyne.NewSize(max(left.Width, right.Width), max(left.Height, right.Height))
}
