package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"zohosync/sync/engine"
)

// The pages of the Sync window.
const (
	pagePairs    = "pairs"
	pageProblems = "problems"
	pageHistory  = "history"
)

const syncSideWidth = 184

// syncView is the Sync window: see, understand, correct.
type syncView struct {
	kit      *kit
	side     *side
	room     *fyne.Container // holds the page
	page     string          // "" until the first look has ended
	wanted   string          // the pair that the window was opened for
	seen     overview
	filter   problemFilter
	stopping bool // Stop was pressed during this run
	pairs    *pairsPage
	problems *problemsPage
	history  *historyPage
	shows    fyne.CanvasObject
	vacant   [2]fyne.CanvasObject // without pairs: signed in, signed out
	begin    [2]*button           // what to press then
	feed     *feed
}

// newSync makes the Sync window, at a pair or where a person has to do something.
func newSync(k *kit, pair string) view {
	_, shown := k.syncView(pair)
	return shown
}

func (k *kit) syncView(pair string) (*syncView, view) {
	v := &syncView{kit: k, wanted: pair, room: container.NewStack()}
	v.side = k.side(v.sideItems(), "", v.turn)
	actions := syncActions{stop: v.stop, problems: v.showProblems, answer: k.windows.Answer}
	v.pairs, v.problems, v.history = k.pairsPage(actions), k.problemsPage(v.filterBy), k.historyPage()
	v.put(middle(240, busy(k.words.T("One moment…"))))
	v.feed = k.feed(v.look)
	return v, view{
		title: k.words.T("Sync"), content: frame(v.side, syncSideWidth, v.room, nil), size: fyne.NewSize(980, 660),
		focus: v.side, again: v.again,
	}
}

func (v *syncView) sideItems() []sideItem {
	w, problems := v.kit.words, ""
	if n := v.seen.status.Problems; n > 0 {
		problems = w.Number(n)
	}
	return []sideItem{
		{id: pagePairs, label: w.T("Pairs")},
		{id: pageProblems, label: w.T("Problems"), count: problems},
		{id: pageHistory, label: w.T("History")},
	}
}

// again is what happens when the open window is asked for.
func (v *syncView) again(pair string) {
	v.wanted = pair
	if pair != "" && v.page != "" {
		v.side.choose(pagePairs)
		v.arrive()
	}
}

// look reads what is to be shown.
func (v *syncView) look() func(ctx context.Context) func() {
	seen, now := v.seen, v.kit.loop.now()
	return func(ctx context.Context) func() {
		fresh, err := seen.read(ctx, v.kit.program, now)
		if err != nil {
			told := v.kit.program.Explain(err)
			return func() { v.failed(told) }
		}
		return func() { v.set(fresh) }
	}
}

// failed: nothing can be shown but why. The next look that succeeds shows the page again.
func (v *syncView) failed(e Explained) {
	retry := v.kit.primary(v.kit.words.T("Retry"), v.feed.soon)
	v.put(inset(marginSide, marginTop, marginSide, marginTop, stack(12, v.kit.problem(e), beside(8, retry))))
}

// set shows an overview.
func (v *syncView) set(o overview) {
	if o.status.State != engine.StateSyncing {
		v.stopping = false
	}
	v.seen = o
	v.side.set(v.sideItems())
	if v.page == "" {
		first := pagePairs
		if v.wanted == "" && o.status.Problems > 0 {
			first = pageProblems
		}
		v.side.choose(first)
		v.arrive()
		return
	}
	v.fill()
}

// stop ends the run under way.
func (v *syncView) stop() {
	v.stopping = true
	v.kit.program.Stop()
	v.fill()
}

// filterBy lists other problems.
func (v *syncView) filterBy(f problemFilter) {
	v.filter = f
	v.fill()
}

// showProblems turns to the problems that a filter lets through.
func (v *syncView) showProblems(f problemFilter) {
	v.filter = f
	v.side.choose(pageProblems)
	v.kit.focus(v.side)
}

// arrive scrolls to the pair that the window was opened for.
func (v *syncView) arrive() {
	if v.wanted != "" && v.page == pagePairs {
		v.pairs.at(v.wanted)
		v.wanted = ""
	}
}

// turn shows another page.
func (v *syncView) turn(page string) {
	v.page = page
	v.fill()
}

// fill shows what was seen last on the page that is open.
func (v *syncView) fill() {
	t := v.kit.teller(v.seen)
	switch {
	case len(v.seen.pairs) == 0 && v.page != pageHistory:
		v.noPairs()
	case v.page == pagePairs:
		v.pairs.set(t, v.stopping)
		v.put(v.pairs.content)
		v.pairs.shown()
	case v.page == pageProblems:
		v.put(v.problems.set(t, v.filter))
	case v.page == pageHistory:
		v.put(v.history.set(t))
	}
}

// put shows a page, unless it is the one that is shown.
func (v *syncView) put(o fyne.CanvasObject) {
	if v.shows == o {
		return
	}
	v.shows = o
	show(v.room, o)
}

// noPairs says what to do first.
func (v *syncView) noPairs() {
	k, w, which := v.kit, v.kit.words, 0
	label, do := w.T("Settings…"), k.windows.Settings
	title, sentence := w.T("No pairs yet"), w.T("Choose where your contacts, tasks and meetings are. It takes about two minutes.")
	if v.seen.status.State == engine.StateSignedOut {
		which, label, do = 1, w.T("Log In…"), k.windows.LogIn
		title, sentence = w.T("Signed out"), w.T("Log in to Zoho CRM, then choose where your contacts, tasks and meetings are.")
	}
	if v.vacant[which] == nil {
		v.begin[which] = k.primary(label, do)
		v.vacant[which] = empty(theme.ContentAddIcon(), theme.ColorNamePrimary, title, sentence, v.begin[which])
	}
	k.keys.primary = v.begin[which]
	v.put(v.vacant[which])
}
