package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// sheet is a question in front of a window, which waits until it is answered. What it shows is made with its own kit, so
// that Enter and Escape belong to it.
type sheet struct {
	*kit
	pop *widget.PopUp
}

// sheet begins a question. Escape calls cancel, which is hide unless changed.
func (k *kit) sheet() *sheet {
	inner := *k
	inner.keys = newKeys()
	s := &sheet{kit: &inner}
	inner.keys.escape = s.hide
	return s
}

// open shows the question, width wide. first gets the focus (nil: the primary button).
func (s *sheet) open(width float32, first fyne.Focusable, title string, body fyne.CanvasObject, left fyne.CanvasObject, buttons ...fyne.CanvasObject) {
	c := s.window.Canvas()
	s.life.scopes = append(s.life.scopes, s.keys)
	page := stack(0, inset(marginSide, marginTop, marginSide, marginTop, stack(12, subheading(title), body)), footer(left, buttons...))
	// Twice: words know their height once they have a width.
	fit(page, width)
	height := fit(page, width)
	shown := sized(width, height, page)
	s.life.pages = append(s.life.pages, shown)
	s.pop = widget.NewModalPopUp(shown, c)
	s.pop.Show()
	if first == nil && s.keys.primary != nil {
		first = s.keys.primary
	}
	if first != nil {
		c.Focus(first)
	}
}

// hide ends the question. What had the focus behind it has it again.
func (s *sheet) hide() {
	if s.pop == nil {
		return
	}
	s.pop.Hide()
	s.pop = nil
	for i, k := range s.life.scopes {
		if k == s.keys {
			s.life.scopes = append(s.life.scopes[:i], s.life.scopes[i+1:]...)
			s.life.pages = append(s.life.pages[:i], s.life.pages[i+1:]...)
			break
		}
	}
}

// answer is one way out of a question.
type answer struct {
	label string
	do    func() // after the question is gone; may be nil
}

// ask puts a question in front of the window. The first answer is the safe one: the primary button, at the right end, and
// what Escape gives.
func (k *kit) ask(title, words string, safe answer, others ...answer) {
	s := k.sheet()
	give := func(a answer) func() {
		return func() {
			s.hide()
			if a.do != nil {
				a.do()
			}
		}
	}
	var buttons []fyne.CanvasObject
	for _, a := range others {
		buttons = append(buttons, s.button(a.label, give(a)))
	}
	buttons = append(buttons, s.primary(safe.label, give(safe)))
	s.keys.escape = give(safe)
	s.open(440, nil, title, body(words), nil, buttons...)
}
