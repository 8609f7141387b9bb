package ui

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// node is one object on the screen.
type node struct {
	object fyne.CanvasObject
	at     fyne.Position
	clip   box  // what can be seen of it, wherever it is scrolled to
	scroll bool // whether it lies in something that scrolls
	view   box  // of what scrolls
}

type box struct{ left, top, right, bottom float32 }

func (b box) holds(c box) bool {
	const slack = 0.6
	return c.left >= b.left-slack && c.top >= b.top-slack && c.right <= b.right+slack && c.bottom <= b.bottom+slack
}

func (b box) meets(c box) bool {
	const slack = 1.5
	return b.left < c.right-slack && c.left < b.right-slack && b.top < c.bottom-slack && c.top < b.bottom-slack
}

// within is the part of b that c shows.
func (b box) within(c box) box {
	return box{max(b.left, c.left), max(b.top, c.top), min(b.right, c.right), min(b.bottom, c.bottom)}
}

func boxOf(at fyne.Position, s fyne.Size) box {
	return box{at.X, at.Y, at.X + s.Width, at.Y + s.Height}
}

// each visits what can be seen.
func each(root fyne.CanvasObject, visit func(node)) {
	walk(node{object: root, clip: boxOf(fyne.Position{}, root.Size())}, visit)
}

func walk(n node, visit func(node)) {
	if !n.object.Visible() {
		return
	}
	n.at = n.at.Add(n.object.Position())
	visit(n)
	inner := n
	var children []fyne.CanvasObject
	switch o := n.object.(type) {
	case *entry: // its words scroll by themselves
	case *fyne.Container:
		children = o.Objects
	case *container.Scroll:
		inner.scroll, inner.view = true, boxOf(n.at, o.Size())
		inner.clip = boxOf(n.at.Add(o.Content.Position()), o.Content.Size())
		children = []fyne.CanvasObject{o.Content}
	case fyne.Widget:
		children = test.WidgetRenderer(o).Objects()
	}
	for _, child := range children {
		inner.object = child
		walk(inner, visit)
	}
}

// faults lists the words of a window that are cut, stick out of it, or lie on each other.
func faults(o *opened) []string {
	var found []string
	for _, root := range append([]fyne.CanvasObject{o.kit.window.Canvas().Content()}, o.kit.window.Canvas().Overlays().List()...) {
		found = append(found, faultsBelow(root)...)
	}
	return found
}

func faultsBelow(root fyne.CanvasObject) []string {
	var found []string
	type words struct {
		text string
		box
	}
	var all []words
	each(root, func(n node) {
		if e, ok := n.object.(*entry); ok && n.object.Size().Width < 40 {
			found = append(found, fmt.Sprintf("the field with %q is %v wide", e.Text, e.Size().Width))
		}
		t, ok := n.object.(*canvas.Text)
		if !ok || strings.TrimSpace(t.Text) == "" {
			return
		}
		least := fyne.MeasureText(t.Text, t.TextSize, t.TextStyle)
		if t.Size().Width < least.Width-0.6 {
			found = append(found, fmt.Sprintf("%q is %.0f wide and needs %.0f", t.Text, t.Size().Width, least.Width))
		}
		place := boxOf(n.at, least)
		switch t.Alignment {
		case fyne.TextAlignTrailing:
			place = boxOf(n.at.AddXY(t.Size().Width-least.Width, 0), least)
		case fyne.TextAlignCenter:
			place = boxOf(n.at.AddXY((t.Size().Width-least.Width)/2, 0), least)
		}
		if !n.clip.holds(place) {
			found = append(found, fmt.Sprintf("%q sticks out", t.Text))
		}
		if n.scroll {
			place = place.within(n.view) // the rest is scrolled away
		}
		for _, other := range all {
			if other.meets(place) {
				found = append(found, fmt.Sprintf("%q lies on %q", t.Text, other.text))
			}
		}
		all = append(all, words{t.Text, place})
	})
	return found
}

// colours returns one colour of each thing that this package draws itself.
func colours(o *opened) map[string]color.Color {
	found := map[string]color.Color{}
	each(o.kit.window.Canvas().Content(), func(n node) {
		w, ok := n.object.(fyne.Widget)
		if !ok {
			return
		}
		switch r := test.WidgetRenderer(w).(type) {
		case *linkRenderer:
			found["link"] = r.words.Color
		case *areaRenderer:
			if r.a.fill != "" {
				found["area "+string(r.a.fill)] = r.rect.FillColor
			}
		case *radioRenderer:
			found["radio"] = r.ring.StrokeColor
		case *spinnerRenderer:
			found["spinner"] = r.s.arc.FillColor
		}
	})
	return found
}
