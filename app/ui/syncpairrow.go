package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// noTime ends a pause.
func noTime() time.Time { return time.Time{} }

// emphasise makes a button look like the one that Enter presses, or like the others.
func (b *button) emphasise(on bool) {
	importance := widget.MediumImportance
	if on {
		importance = widget.HighImportance
	}
	if b.Importance != importance {
		b.Importance = importance
		b.Refresh()
	}
}

// pairRow shows one pair.
type pairRow struct {
	kit               *kit
	do                syncActions
	view              rowView
	content           *fyne.Container
	icon              *glyph
	state             *text
	progress          *bar
	inStep            *text
	excluded, failing *countLink
	warning           *glyph
	doing             *text
	note              *fyne.Container
}

func (k *kit) pairRow(v rowView, do syncActions) *pairRow {
	r := &pairRow{
		kit: k, do: do, view: v,
		icon: newGlyph(18), state: newText("", style{line: true, bold: true}), progress: newBar(0),
		inStep: newText("", style{line: true, token: theme.ColorNamePlaceHolder}), warning: newGlyph(18),
		doing: newText("", style{size: theme.SizeNameCaptionText, token: theme.ColorNamePlaceHolder, align: fyne.TextAlignTrailing}),
		note:  stack(0),
	}
	r.warning.set(markAttention)
	r.excluded = k.countLink(func() { do.problems(problemFilter{pair: r.view.id, excluded: true}) })
	r.failing = k.countLink(func() { do.problems(problemFilter{pair: r.view.id}) })
	title := columns([]float32{own, own, rest}, newText(v.left, style{line: true, bold: true}),
		picture(iconDirection(v.direction), theme.ColorNamePlaceHolder, 18), newText(v.right, style{short: true, bold: true}))
	counts := beside(16, sized(88, 0, r.inStep), sized(80, 0, r.excluded.content), beside(4, r.warning, r.failing.content))
	r.content = stack(0, gap(12),
		columns([]float32{rest, own}, stack(2, title, newText(v.folders, style{
			short: true, size: theme.SizeNameCaptionText, token: theme.ColorNamePlaceHolder,
		})), beside(8, r.icon, r.state)),
		gap(8), sized(0, 6, r.progress), gap(8), columns([]float32{own, rest}, counts, r.doing), r.note, gap(12), rule())
	r.view.note = noteView{}
	return r
}

// fits tells whether the row shows this pair under this name.
func (r *pairRow) fits(v rowView) bool {
	return r.view.id == v.id && r.view.left == v.left && r.view.right == v.right && r.view.folders == v.folders && r.view.direction == v.direction
}

// set shows the state of the pair.
func (r *pairRow) set(v rowView) {
	r.icon.set(v.mark)
	r.icon.Hidden = v.mark == markNone
	r.state.set(v.state)
	r.state.tint(v.mark.token())
	r.progress.Hidden = !v.running
	r.progress.set(v.share)
	r.inStep.set(v.inStep)
	r.excluded.set(v.excluded, v.anyExcluded)
	r.failing.set(v.failing, v.anyFailing)
	r.warning.Hidden = !v.anyFailing
	r.doing.set(v.doing)
	r.doing.tint(captionToken(v.warns))
	if r.view.note != v.note {
		r.explain(v.note)
	}
	r.view = v
}

// explain shows what is wrong with the pair as a whole.
func (r *pairRow) explain(n noteView) {
	r.note.Objects = nil
	if n.title == "" {
		return
	}
	kind := noteError
	if n.asks {
		kind = noteWarning
	}
	button := r.kit.button(n.button, func() { r.remedy(n.remedy) })
	more := []fyne.CanvasObject{gap(4), beside(8, button)}
	if n.details != (Explained{}) {
		more = append(more, gap(4), r.kit.details(n.details))
	}
	r.note.Add(gap(12))
	r.note.Add(note(kind, n.title, n.words, more...))
}

func (r *pairRow) remedy(do remedy) {
	switch do {
	case doAnswer:
		r.do.answer(r.view.id)
	case doSignIn:
		r.kit.windows.LogIn()
	case doSettings:
		r.kit.windows.Settings()
	case doRetry:
		r.kit.program.SyncNow(r.view.id, true)
	}
}

// countLink is a count that leads to what it counts; nothing leads nowhere.
type countLink struct {
	content *fyne.Container
	link    *link
	plain   *text
}

func (k *kit) countLink(follow func()) *countLink {
	c := &countLink{link: k.link("", follow), plain: newText("", style{line: true, token: theme.ColorNamePlaceHolder})}
	c.content = over(c.link, c.plain)
	return c
}

func (c *countLink) set(words string, leads bool) {
	if c.link.label != words {
		c.link.set(words)
	}
	c.plain.set(words)
	c.link.Hidden, c.plain.Hidden = !leads, leads
}
