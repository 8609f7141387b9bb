package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Kinds of notes are colours of the theme, each with an icon of another shape.
const (
	noteInfo    = theme.ColorNamePrimary
	noteSuccess = theme.ColorNameSuccess
	noteWarning = theme.ColorNameWarning
	noteError   = theme.ColorNameError
)

func noteIcon(kind fyne.ThemeColorName) fyne.Resource {
	switch kind {
	case noteError:
		return iconError()
	case noteWarning:
		return iconWarning()
	case noteSuccess:
		return theme.ConfirmIcon()
	}
	return theme.InfoIcon()
}

// note is a plane with a bar and an icon in the colour of its kind, a bold line, words (""), and what else belongs to it.
func note(kind fyne.ThemeColorName, title, words string, more ...fyne.CanvasObject) fyne.CanvasObject {
	right := stack(2, strong(title))
	if words != "" {
		right.Add(body(words))
	}
	for _, o := range more {
		right.Add(o)
	}
	inner := columnsTop([]float32{own, rest}, picture(noteIcon(kind), kind, 20), right)
	return over(
		newArea(&area{fill: theme.ColorNameHeaderBackground}),
		leftEdge(4, newArea(&area{fill: kind})),
		inset(16, 10, 14, 10, inner),
	)
}

// problem shows an error: what happened, what to do, and its raw words for those who ask for them.
func (k *kit) problem(e Explained) fyne.CanvasObject {
	return stack(12, note(noteError, e.Sentence, e.Next), k.details(e))
}

// details unfolds the code and the raw words of an error, with a button to copy them.
func (k *kit) details(e Explained) fyne.CanvasObject {
	raw := caption(e.Detail)
	copied := k.button(k.words.T("Copy"), func() { k.copyText(e.Code + "\n" + e.Detail) })
	folded := columnsTop([]float32{rest, own}, raw, copied)
	folded.Hide()
	out := stack(8)
	title := k.link(k.words.T("Details (code {{.code}})", "code", e.Code), func() {
		folded.Hidden = !folded.Hidden
		k.settle()
	})
	out.Add(title)
	out.Add(folded)
	return out
}

// empty is a pane without content: an icon in a colour, one line, one sentence, and buttons where there is something to do.
func empty(icon fyne.Resource, token fyne.ThemeColorName, title, sentence string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	head, words := subheading(title), quiet(sentence)
	head.part.Style.Alignment, words.part.Style.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	out := stack(12, centred(picture(icon, token, 32)), head, words)
	if len(buttons) > 0 {
		out.Add(gap(0))
		out.Add(centred(beside(8, buttons...)))
	}
	return middle(340, out)
}

// busy says what is being waited for, with something that moves.
func busy(words string) fyne.CanvasObject {
	return columns([]float32{own, rest}, newSpinner(18), quiet(words))
}
