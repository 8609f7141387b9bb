package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
)

// choose takes an option of the drop-down list that shows a sentence now.
func (s *stage) choose(o *opened, shown string, option int) {
	s.t.Helper()
	var list *choice
	for _, root := range roots(o) {
		each(root, func(n node) {
			if c, ok := n.object.(*choice); ok && c.Selected == shown && list == nil {
				list = c
			}
		})
	}
	if list == nil {
		s.t.Fatalf("no list shows %q; the window says %q", shown, words(o))
	}
	list.SetSelectedIndex(option)
	s.drain()
}

// pressNth presses one of several buttons or links of the same label: those in front, where there are any.
func (s *stage) pressNth(o *opened, label string, nth int) {
	s.t.Helper()
	var press []func()
	for _, root := range roots(o) {
		press = nil
		each(root, func(n node) {
			switch w := n.object.(type) {
			case *button:
				if w.Text == label {
					press = append(press, w.press)
				}
			case *link:
				if w.label == label {
					press = append(press, w.press)
				}
			case *radio:
				if w.label == label {
					press = append(press, func() { w.Tapped(nil) })
				}
			}
		})
		if len(press) > nth {
			break
		}
	}
	if len(press) <= nth {
		s.t.Fatalf("%d things are called %q; the window says %q", len(press), label, words(o))
	}
	press[nth]()
	s.drain()
}

// roots are what is shown, the last question first.
func roots(o *opened) []fyne.CanvasObject {
	c := o.kit.window.Canvas()
	out := []fyne.CanvasObject{c.Content()}
	for _, over := range c.Overlays().List() {
		out = append([]fyne.CanvasObject{over}, out...)
	}
	return out
}

// front returns the entries in front by their example, else by their place.
func front(o *opened) map[string]*entry {
	found := map[string]*entry{}
	n := 0
	each(roots(o)[0], func(at node) {
		if e, ok := at.object.(*entry); ok {
			name := e.PlaceHolder
			if name == "" {
				name = strconv.Itoa(n)
			}
			found[name] = e
			n++
		}
	})
	return found
}
