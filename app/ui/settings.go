package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// The pages of Settings; the others are called by the ID of their pair.
const (
	pageAccounts = "accounts"
	pageGeneral  = "general"
	pageAdd      = "add" // begins a pair, is no page
)

const settingsSide = 228

// settings is where everything is chosen. Nothing that can be chosen is stored before OK or Apply; accounts and folders
// are not choices but requests, which are made at once.
type settings struct {
	*kit
	draft    *draft // nil until it is known what is stored
	accounts []Account
	at       string // page
	drawn    string // page that is shown
	side     *side
	page     *fyne.Container
	places   map[string]fyne.Focusable // controls of the page by what they are for
	hitched  bool                      // the page shows why its pair cannot be stored

	status    *fyne.Container // left of the buttons: Help, or what is under way
	busy      bool
	apply, ok *button

	folders map[string]*folders // by account
	samples map[sampleOf]*sampled
	heard   func() // shows news in the question in front; nil: there is none that waits for any
	looking bool   // a look at the accounts is already due
}

func newSettings(k *kit, _ string) view {
	s := &settings{
		kit: k, at: pageAccounts, page: over(), status: over(),
		folders: map[string]*folders{}, samples: map[sampleOf]*sampled{},
	}
	s.side = k.side(s.items(), s.at, s.turn)
	s.apply = k.button(k.words.T("Apply"), func() { s.store(func() {}) })
	cancel := k.button(k.words.T("Cancel"), s.leave)
	s.ok = k.primary(k.words.T("OK"), func() { s.store(k.window.Close) })
	k.keys.escape = s.leave
	s.idle()
	foot := footer(s.status, cancel, s.apply, s.ok)
	s.load()
	k.atEnd(k.program.Watch(func() { k.post(s.glance) }))
	return view{title: k.words.T("Settings"), content: frame(s.side, settingsSide, s.page, foot),
		size: fyne.NewSize(980, 690), focus: s.side, close: s.leave}
}

func (s *settings) speech() speech { return speech{s.words, s.accounts} }

// items are the lines of the side list. A dot marks what differs from what is stored.
func (s *settings) items() []sideItem {
	mark := func(label, page string) string {
		if s.draft != nil && s.draft.changed(page) {
			return label + " ·"
		}
		return label
	}
	items := []sideItem{{id: pageAccounts, label: s.words.T("Accounts")}, {label: s.words.T("PAIRS"), head: true}}
	if s.draft != nil {
		for _, p := range s.draft.pairs() {
			items = append(items, sideItem{id: p.ID, label: s.speech().kind(p.Kind),
				arrow: iconDirection(p.Direction), other: mark(s.speech().side(p, plan.Right), p.ID)})
		}
	}
	return append(items,
		sideItem{id: pageAdd, label: s.words.T("Add pair…")},
		sideItem{label: s.words.T("APPLICATION"), head: true},
		sideItem{id: pageGeneral, label: mark(s.words.T("General"), pageGeneral)})
}

// load asks what is stored.
func (s *settings) load() {
	s.draft = nil
	s.marked()
	show(s.page, s.kit.page(busy(s.words.T("Reading the settings…"))))
	s.run(func(ctx context.Context, tell func(func())) {
		accounts, err := s.program.Accounts(ctx)
		var pairs []state.Pair
		var stored Settings
		if err == nil {
			pairs, err = s.program.Pairs(ctx)
		}
		if err == nil {
			stored, err = s.program.Settings(ctx)
		}
		tell(func() {
			if err != nil {
				s.unread(err)
				return
			}
			s.accounts, s.draft = accounts, newDraft(pairs, stored)
			s.redraw()
		})
	})
}

// unread shows why nothing can be shown.
func (s *settings) unread(err error) {
	again := s.button(s.words.T("Try again"), s.load)
	show(s.page, s.kit.page(heading(s.words.T("Settings")), gap(16), s.problem(s.program.Explain(err)), gap(12),
		columns([]float32{own}, again)))
	s.focus(again)
}

// turn shows another page.
func (s *settings) turn(page string) {
	if page == pageAdd {
		s.side.choose(s.at)
		s.addPair()
		return
	}
	if page == s.at {
		return
	}
	s.at, s.hitched = page, false
	s.forget()
	s.redraw()
}

// open shows a page as if a person had chosen it.
func (s *settings) open(page string) {
	s.side.set(s.items())
	s.side.choose(page)
}

// redraw shows the page as the draft has it now. The focus and what is scrolled stay where they are.
func (s *settings) redraw() {
	s.marked()
	if s.draft == nil {
		return
	}
	before, scrolled := s.focused(), s.scroller()
	s.places = map[string]fyne.Focusable{}
	var page fyne.CanvasObject
	switch s.at {
	case pageAccounts:
		page = s.accountsPage()
	case pageGeneral:
		page = s.generalPage()
	default:
		p, ok := s.draft.pair(s.at)
		if !ok {
			s.open(pageAccounts)
			return
		}
		page = s.pairPage(p)
	}
	show(s.page, page)
	if after := s.scroller(); scrolled != nil && after != nil && s.at == s.drawn {
		after.ScrollToOffset(scrolled.Offset)
	}
	s.drawn = s.at
	if control := s.places[before]; control != nil && len(s.life.scopes) == 1 {
		s.focus(control)
	}
}

// place remembers what a control is for, so that it keeps the focus when the page is shown anew.
func place[T fyne.Focusable](s *settings, name string, control T) T {
	s.places[name] = control
	return control
}

// focused tells what the control with the focus is for.
func (s *settings) focused() string {
	f := s.window.Canvas().Focused()
	for name, control := range s.places {
		if f != nil && f == control {
			return name
		}
	}
	return ""
}

// marked shows in the side list and the buttons what differs from what is stored.
func (s *settings) marked() {
	s.side.set(s.items())
	ready := s.draft != nil && !s.busy
	s.apply.enable(ready && s.draft.dirty())
	s.ok.enable(ready)
}

// change edits the pair of the page.
func (s *settings) change(edit func(*state.Pair)) {
	s.draft.change(s.at, edit)
	s.redraw()
}

// leave closes the window; what was changed is stored or given up by choice alone.
func (s *settings) leave() {
	if s.draft == nil || !s.draft.dirty() {
		s.window.Close()
		return
	}
	s.ask(s.words.T("Discard your changes?"), s.words.T("Nothing of it has been stored."),
		answer{label: s.words.T("Keep editing")}, answer{label: s.words.T("Discard"), do: s.window.Close})
}

// scroller returns what the page shown is scrolled by; nil before there is one.
func (s *settings) scroller() *container.Scroll {
	if len(s.page.Objects) == 0 {
		return nil
	}
	page, ok := s.page.Objects[0].(*fyne.Container)
	if !ok || len(page.Objects) == 0 {
		return nil
	}
	scroll, _ := page.Objects[0].(*container.Scroll)
	return scroll
}

// pane is a page inside a question: it scrolls, and its words start where the title starts.
func (k *kit) pane(objects ...fyne.CanvasObject) fyne.CanvasObject {
	const room = 8 // for rings around what has the focus
	content := inset(room, room, room+4, room, stack(0, objects...))
	scroll := container.NewVScroll(content)
	k.keys.reveal = func(o fyne.CanvasObject) { reveal(scroll, o) }
	return inset(-room, -room, -room-4, 0, container.New(scrollLayout{scroll, content}, scroll))
}

// wide is a row without a link at its end: lists to choose from take that room, which they need in a small window.
func (k *kit) wide(label string, control fyne.CanvasObject, below ...fyne.CanvasObject) fyne.CanvasObject {
	widths := []float32{labelWidth, rest}
	out := stack(4, columns(widths, body(label), control))
	if len(below) > 0 {
		out.Add(columnsTop(widths, gap(0), stack(4, below...)))
	}
	return inset(0, 4, 0, 4, out)
}
