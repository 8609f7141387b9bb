package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// page is what a window shows beside its side list: things below each other, scrolled where they do not fit. A control
// that gets the focus is scrolled into view.
func (k *kit) page(objects ...fyne.CanvasObject) fyne.CanvasObject {
	content := inset(marginSide, marginTop, marginSide, marginTop, stack(0, objects...))
	scroll := container.NewVScroll(content)
	k.keys.reveal = func(o fyne.CanvasObject) { reveal(scroll, o) }
	return container.New(scrollLayout{scroll, content}, scroll)
}

// fixedPage is a page that is not scrolled: the window grows with it.
func fixedPage(objects ...fyne.CanvasObject) fyne.CanvasObject {
	return inset(marginSide, marginTop, marginSide, marginTop, stack(0, objects...))
}

// fullPage has what stands at its top, and below it one thing that takes all the room that is left: a list, or an empty
// pane.
func fullPage(top, fill fyne.CanvasObject) fyne.CanvasObject {
	return inset(marginSide, marginTop, marginSide, marginTop, container.New(fullLayout{}, top, fill))
}

type fullLayout struct{}

func (fullLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	height := fit(objects[0], size.Width)
	objects[0].Move(fyne.NewPos(0, 0))
	objects[1].Move(fyne.NewPos(0, height))
	objects[1].Resize(fyne.NewSize(size.Width, max(0, size.Height-height)))
}

func (fullLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	top, fill := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(max(top.Width, fill.Width), top.Height+fill.Height)
}

// scrollLayout gives the content its width before the scroller asks for its height.
type scrollLayout struct {
	scroll  *container.Scroll
	content fyne.CanvasObject
}

func (l scrollLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	fit(l.content, size.Width)
	l.scroll.Resize(size)
	l.scroll.Refresh()
}

func (l scrollLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.content.MinSize().Width, l.scroll.MinSize().Height)
}

// reveal scrolls as little as needed for o to be seen.
func reveal(scroll *container.Scroll, o fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(scroll.Content).Y
	bottom := top + o.Size().Height
	if top < 0 || bottom > scroll.Content.Size().Height {
		return // it is not in this page
	}
	switch {
	case top-marginTop < scroll.Offset.Y:
		scroll.ScrollToOffset(fyne.NewPos(0, max(0, top-marginTop)))
	case bottom+marginTop > scroll.Offset.Y+scroll.Size().Height:
		scroll.ScrollToOffset(fyne.NewPos(0, bottom+marginTop-scroll.Size().Height))
	}
}

// head is the title of a page, what stands below it (""), and buttons at the right.
func head(title, below string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	return headWith(heading(title), below, buttons...)
}

// headWith is head with a title of one's own, such as pairTitle.
func headWith(title fyne.CanvasObject, below string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	left := stack(4, title)
	if below != "" {
		left.Add(quiet(below))
	}
	if len(buttons) == 0 {
		return left
	}
	return spread(left, beside(8, buttons...))
}

// section is the title of a part of a page, in capitals, with a line below and room above.
func section(title string) fyne.CanvasObject {
	name := newText(title, style{size: theme.SizeNameCaptionText, token: theme.ColorNamePlaceHolder, bold: true})
	return stack(0, gap(24), name, gap(4), rule(), gap(8))
}

const (
	labelWidth = 176 // of the first column of a row
	linkWidth  = 104 // of the last
)

// row is one setting: its label, its control, and a link at the right (nil: none). What is below stands under the control.
func (k *kit) row(label string, control fyne.CanvasObject, end *link, below ...fyne.CanvasObject) fyne.CanvasObject {
	widths := []float32{labelWidth, rest, linkWidth}
	var right fyne.CanvasObject = gap(0)
	if end != nil {
		end.align = fyne.TextAlignTrailing
		right = end
	}
	out := stack(4, columns(widths, body(label), control, right))
	if len(below) > 0 {
		out.Add(columnsTop(widths, gap(0), stack(4, below...), gap(0)))
	}
	return inset(0, 4, 0, 4, out)
}

// value is what a row shows in place of a control: a line, and a caption below it ("").
func value(s, below string) fyne.CanvasObject {
	if below == "" {
		return body(s)
	}
	return stack(2, body(s), caption(below))
}

// labelled is a control with its label above and a caption below it (""): a row of a narrow window.
func labelled(label string, control fyne.CanvasObject, below string) fyne.CanvasObject {
	out := stack(6, strong(label), control)
	if below != "" {
		out.Add(caption(below))
	}
	return out
}

// ticked is a box to tick where text starts, and a caption below it ("").
func ticked(c *check, below string) fyne.CanvasObject {
	box := inset(-4, 0, 0, 0, c) // Fyne puts it to the right of where text starts
	if below == "" {
		return box
	}
	return stack(0, box, inset(checkIndent, 0, 0, 0, caption(below)))
}

const checkIndent = 22

// boxed is a line to read, in a frame like that of a field, cut with "…" where it does not fit.
func boxed(s string) fyne.CanvasObject {
	return over(newArea(&area{fill: theme.ColorNameInputBackground, stroke: theme.ColorNameInputBorder, radius: 5}),
		inset(6, 6, 6, 6, newText(s, style{short: true})))
}
