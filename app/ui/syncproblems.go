package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// problemsPage lists what is not in step, and says of the chosen item why and what to do.
type problemsPage struct {
	kit      *kit
	filterBy func(problemFilter)
	panes    *panes
	filters  []filterView
	choice   *choice
	list     *entries
	all      *link
	counted  *text            // how many more are only counted
	issues   map[string]issue // by key
	t        teller
	filter   problemFilter
	shown    issue // at the right
	retry    *button
	whyNot   *text
}

func (k *kit) problemsPage(filterBy func(problemFilter)) *problemsPage {
	p := &problemsPage{kit: k, filterBy: filterBy}
	p.choice = k.choice(nil, -1, func(i int) {
		if i >= 0 && i < len(p.filters) && p.filters[i].problemFilter != p.filter {
			p.filterBy(p.filters[i].problemFilter)
		}
	})
	p.list = k.entries(func(string) { p.detail() })
	p.all = k.link("", func() { k.program.SyncNow(p.filter.pair, true) })
	p.counted = caption("")
	p.panes = newPanes(p.choice, p.list, stack(0, p.all, p.counted))
	return p
}

// set shows an overview and returns the page.
func (p *problemsPage) set(t teller, f problemFilter) fyne.CanvasObject {
	p.t, p.filter = t, f
	p.offer()
	groups, listed, unlisted := t.issues(f)
	p.issues = map[string]issue{}
	var items []entryItem
	for _, g := range groups {
		items = append(items, entryItem{head: true, title: strings.ToUpper(
			t.words.T("{{.title}} ({{.n}})", "title", g.title, "n", len(g.issues)))})
		for _, one := range g.issues {
			p.issues[one.key()] = one
			item := entryItem{key: one.key(), title: one.Title, caption: one.pairName, mark: markAttention}
			if f.excluded {
				item.mark = markNone
			}
			items = append(items, item)
		}
	}
	p.list.set(items)
	if listed == 0 {
		p.shown = issue{}
		p.kit.keys.primary = nil
		p.panes.hold(nil, p.vacant(f, unlisted))
		return p.panes.content
	}
	p.detail()
	p.below(listed, unlisted)
	return p.panes.content
}

// offer brings the drop-down list up to date.
func (p *problemsPage) offer() {
	filters := p.t.filters(p.filter)
	same := len(filters) == len(p.filters)
	for i := 0; same && i < len(filters); i++ {
		same = filters[i] == p.filters[i]
	}
	p.filters = filters
	var labels []string
	chosen := ""
	for _, f := range filters {
		labels = append(labels, f.label)
		if f.problemFilter == p.filter {
			chosen = f.label
		}
	}
	if !same || p.choice.Selected != chosen {
		p.choice.Options, p.choice.Selected = labels, chosen
		p.choice.Refresh()
	}
}

// below is what stands under the list: retry all, or how many items are only counted.
func (p *problemsPage) below(listed, unlisted int) {
	p.all.Hidden, p.counted.Hidden = p.filter.excluded, !p.filter.excluded
	p.panes.footed(!p.filter.excluded || unlisted > 0)
	p.counted.set(p.kit.words.N("{{.n}} more are only counted.", unlisted))
	if words := p.kit.words.N("Retry all {{.n}}", listed); p.all.label != words {
		p.all.set(words)
	}
	if p.t.top(false).canSync {
		p.all.Enable()
	} else {
		p.all.Disable()
	}
	settle(p.panes.content)
}

// vacant is shown when nothing is to be listed.
func (p *problemsPage) vacant(f problemFilter, unlisted int) fyne.CanvasObject {
	t, w := p.t, p.kit.words
	inStep := 0
	for _, pair := range t.pairs {
		if f.pair == "" || f.pair == pair.ID {
			inStep += t.counts[pair.ID].InStep
		}
	}
	switch {
	case f.excluded && unlisted > 0:
		return empty(theme.InfoIcon(), theme.ColorNamePrimary, w.N("{{.n}} excluded", unlisted),
			w.T("They lie outside the folders, categories, owners or time range that you chose, so they are only counted."))
	case f.excluded:
		return empty(theme.ConfirmIcon(), theme.ColorNameSuccess, w.T("Nothing is excluded"), w.T("Every item that was found belongs to a pair."))
	case t.top(false).warns || t.troubled():
		return empty(theme.InfoIcon(), theme.ColorNamePrimary, w.T("No item is failing"), w.T("What keeps a pair from syncing is shown under Pairs."))
	case t.status.LastSuccess.IsZero():
		return empty(theme.InfoIcon(), theme.ColorNamePrimary, w.T("No problems"), w.T("Nothing was synced yet."))
	}
	return empty(theme.ConfirmIcon(), theme.ColorNameSuccess, w.T("No problems"),
		w.N("{{.n}} items are in step.", inStep)+" "+w.T("Last checked: {{.time}}.", "time", t.moment(t.status.LastSuccess)))
}

// detail shows the chosen item at the right.
func (p *problemsPage) detail() {
	one, ok := p.issues[p.list.chosen]
	if !ok {
		return
	}
	if one != p.shown {
		p.shown = one
		p.panes.hold(p.right(one), nil)
	}
	v, w := p.t.top(false), p.kit.words
	why := ""
	switch {
	case v.running:
		why = w.T("A sync is under way.")
	case v.signedOut:
		why = w.T("Log in first.")
	case v.paused:
		why = w.T("Paused: resume first.")
	}
	p.kit.keys.primary = nil
	if p.retry == nil {
		return
	}
	p.whyNot.set(why)
	p.retry.enable(v.canSync)
	p.retry.emphasise(!v.running)
	if !v.running {
		p.kit.keys.primary = p.retry
	}
	settle(p.panes.right)
}

// right says of one item why it is not in step and what to do.
func (p *problemsPage) right(one issue) fyne.CanvasObject {
	k, w := p.kit, p.kit.words
	kind := noteWarning
	if p.filter.excluded {
		kind = noteInfo
	}
	rows := [][]fyne.CanvasObject{
		{quiet(w.T("Pair")), body(one.pairName)},
		{quiet(w.T("Where")), body(one.side + " · " + one.folder)},
	}
	if one.field != "" {
		rows = append([][]fyne.CanvasObject{{quiet(w.T("Field")), body(one.field)}}, rows...)
	}
	page := k.page(
		heading(one.Title), gap(12),
		note(kind, p.t.reasonTitle(one.Code), one.reason.sentence),
		gap(20), subheading(w.T("What you can do")), gap(8), body(one.reason.next),
		gap(20), facts([]float32{96, rest}, rows...), gap(20),
		k.details(Explained{Code: one.Code, Detail: one.raw()}),
	)
	p.retry, p.whyNot = nil, newText("", style{line: true, token: theme.ColorNamePlaceHolder})
	if p.filter.excluded {
		return lowered(page, footer(nil, k.button(w.T("Settings…"), k.windows.Settings)))
	}
	p.retry = k.button(w.T("Retry"), func() { k.program.SyncNow(one.pair, true) })
	return lowered(page, footer(p.whyNot, p.retry))
}

// raw is what a person can copy to ask for help: codes and ids, nothing that somebody wrote.
func (i issue) raw() string {
	said := []string{i.Code, i.pair, i.Item.Side, string(i.ID)}
	if i.Field != "" {
		said = append(said, string(i.Field))
	}
	return strings.Join(said, " ")
}

// troubled: a pair as a whole waits for a person.
func (t teller) troubled() bool {
	for _, ps := range t.status.Pairs {
		if ps.Stop != nil || ps.Err != nil {
			return true
		}
	}
	return false
}
