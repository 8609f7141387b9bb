package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// pairsPage shows the state of the whole and of each pair. Its parts stay; only what they say changes.
type pairsPage struct {
	kit                               *kit
	do                                syncActions
	content                           *fyne.Container
	title, caption                    *text
	whole                             *bar
	logIn, pause, resume, start, stop *button
	scroll                            *container.Scroll
	list                              *fyne.Container
	rows                              []*pairRow
	last                              topView
}

// syncActions is what the pages of the Sync window can ask for.
type syncActions struct {
	stop     func()
	problems func(problemFilter)
	answer   func(pair string)
}

func (k *kit) pairsPage(do syncActions) *pairsPage {
	p := &pairsPage{kit: k, do: do, title: heading(""), caption: quiet(""), whole: newBar(0), list: stack(0)}
	w := k.words
	p.logIn = k.button(w.T("Log In…"), k.windows.LogIn)
	p.pause = k.button(w.T("Pause"), func() { k.program.Pause(Forever) })
	p.resume = k.button(w.T("Resume"), func() { k.program.Pause(noTime()) })
	p.start = k.button(w.T("Sync Now"), func() { k.program.SyncNow("", false) })
	p.stop = k.button(w.T("Stop"), do.stop)
	top := inset(marginSide, marginTop, marginSide, 12, stack(12,
		spread(stack(4, p.title, p.caption), beside(8, p.logIn, p.pause, p.resume, p.stop, p.start)),
		sized(0, 6, p.whole)))
	inner := inset(marginSide, 0, marginSide, marginTop, p.list)
	p.scroll = container.NewVScroll(inner)
	p.content = container.New(headedLayout{}, container.New(scrollLayout{p.scroll, inner}, p.scroll), stack(0, top, rule()))
	return p
}

// shown makes this the page of the window.
func (p *pairsPage) shown() {
	p.kit.keys.reveal = func(o fyne.CanvasObject) { reveal(p.scroll, o) }
	p.primary()
}

// set shows an overview.
func (p *pairsPage) set(t teller, stopping bool) {
	v := t.top(stopping)
	p.last = v
	p.title.set(v.title)
	p.caption.set(v.caption)
	p.caption.tint(captionToken(v.warns))
	p.whole.set(v.share)
	p.whole.Hidden = !v.running
	p.buttons(v, stopping)
	var views []rowView
	for _, pair := range t.pairs {
		if _, ps, ok := t.find(pair.ID); ok {
			views = append(views, t.row(pair, ps))
		}
	}
	if !p.same(views) {
		p.rows, p.list.Objects = nil, nil
		for _, view := range views {
			row := p.kit.pairRow(view, p.do)
			p.rows = append(p.rows, row)
			p.list.Add(row.content)
		}
	}
	for i, view := range views {
		p.rows[i].set(view)
	}
	p.primary()
	settle(p.content)
}

// buttons shows what can be done now. What had the focus hands it to what takes its place.
func (p *pairsPage) buttons(v topView, stopping bool) {
	focused := p.kit.window.Canvas().Focused()
	hidden := func(b *button, on bool) { b.Hidden = !on }
	hidden(p.logIn, v.signedOut)
	hidden(p.pause, !v.paused && !v.signedOut)
	hidden(p.resume, v.paused && !v.signedOut)
	hidden(p.start, !v.running && !v.signedOut)
	hidden(p.stop, v.running)
	p.start.enable(v.canSync)
	p.stop.enable(!stopping)
	for _, pairOf := range [][2]*button{{p.start, p.stop}, {p.pause, p.resume}} {
		for i, b := range pairOf {
			if focused == fyne.Focusable(b) && b.Hidden && !pairOf[1-i].Hidden && p.content.Visible() {
				p.kit.focus(pairOf[1-i])
			}
		}
	}
}

// primary makes Enter do what comes next: nothing while a run is under way.
func (p *pairsPage) primary() {
	var first *button
	switch {
	case p.last.signedOut:
		first = p.logIn
	case p.last.running:
	case p.last.paused:
		first = p.resume
	case p.last.canSync:
		first = p.start
	}
	for _, b := range []*button{p.logIn, p.resume, p.start} {
		b.emphasise(b == first)
	}
	p.kit.keys.primary = first
}

// same tells whether the rows are those of the same pairs, in the same order and with the same names.
func (p *pairsPage) same(views []rowView) bool {
	if len(views) != len(p.rows) {
		return false
	}
	for i, v := range views {
		if !p.rows[i].fits(v) {
			return false
		}
	}
	return true
}

// at scrolls to a pair.
func (p *pairsPage) at(pair string) {
	for _, row := range p.rows {
		if row.view.id == pair {
			reveal(p.scroll, row.content)
		}
	}
}

func captionToken(warns bool) fyne.ThemeColorName {
	if warns {
		return theme.ColorNameWarning
	}
	return theme.ColorNamePlaceHolder
}

// headedLayout puts its second object above the first: Tab ends at the buttons of the head, as it does at those of a foot.
type headedLayout struct{}

func (headedLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	fullLayout{}.Layout([]fyne.CanvasObject{objects[1], objects[0]}, size)
}

func (headedLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fullLayout{}.MinSize(objects)
}
