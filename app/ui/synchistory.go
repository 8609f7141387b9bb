package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
)

// historyPage lists the last runs, and says of the chosen one what it did.
type historyPage struct {
	kit    *kit
	panes  *panes
	choice *choice
	list   *entries
	all    bool
	t      teller
	runs   map[string]runView // by key
	shown  runView
}

func (k *kit) historyPage() *historyPage {
	h := &historyPage{kit: k}
	w := k.words
	h.choice = k.choice([]string{w.T("Runs that wrote something"), w.T("All runs")}, 0, func(i int) {
		h.all = i == 1
		h.set(h.t)
	})
	h.list = k.entries(func(string) { h.detail() })
	h.panes = newPanes(h.choice, h.list, nil)
	return h
}

// set shows an overview and returns the page.
func (h *historyPage) set(t teller) fyne.CanvasObject {
	h.t = t
	h.kit.keys.primary = nil
	h.runs = map[string]runView{}
	var items []entryItem
	for _, day := range t.history(h.all) {
		items = append(items, entryItem{head: true, title: strings.ToUpper(day.title)})
		for _, run := range day.runs {
			key := strconv.FormatInt(run.id, 10)
			h.runs[key] = run
			items = append(items, entryItem{key: key, title: run.title, caption: run.caption})
		}
	}
	h.list.set(items)
	if len(items) == 0 {
		h.shown = runView{}
		h.panes.hold(nil, h.vacant())
		return h.panes.content
	}
	h.detail()
	return h.panes.content
}

func (h *historyPage) vacant() fyne.CanvasObject {
	w := h.kit.words
	if len(h.t.runs) > 0 {
		return empty(theme.HistoryIcon(), theme.ColorNamePlaceHolder, w.T("Nothing written yet"),
			w.T("The runs so far found nothing to write. “All runs” lists them."))
	}
	return empty(theme.HistoryIcon(), theme.ColorNamePlaceHolder, w.T("Nothing written yet"),
		w.T("Every sync of the last 30 days is listed here, with what it wrote on each side."))
}

// detail shows the chosen run at the right.
func (h *historyPage) detail() {
	run, ok := h.runs[h.list.chosen]
	if !ok || run == h.shown {
		return
	}
	h.shown = run
	h.panes.hold(h.right(run), nil)
}

func (h *historyPage) right(v runView) fyne.CanvasObject {
	k, w := h.kit, h.kit.words
	widths := []float32{140, rest, rest}
	title := func(s string) fyne.CanvasObject {
		return newText(s, style{size: theme.SizeNameCaptionText, token: theme.ColorNamePlaceHolder, bold: true})
	}
	table := facts(widths, []fyne.CanvasObject{title(""), title(v.sides[plan.Left]), title(v.sides[plan.Right])})
	table.Add(rule())
	for _, row := range []struct {
		label string
		n     func(engine.Counts) int
	}{
		{w.T("Created"), func(c engine.Counts) int { return c.Created }},
		{w.T("Changed"), func(c engine.Counts) int { return c.Updated }},
		{w.T("Deleted"), func(c engine.Counts) int { return c.Deleted }},
		{w.T("Excluded"), func(c engine.Counts) int { return c.Skipped }},
		{w.T("Requests"), func(c engine.Counts) int { return c.Requests }},
	} {
		count := func(s plan.Side) fyne.CanvasObject {
			return body(w.Number(row.n(v.counts[s])))
		}
		table.Add(columnsTop(widths, quiet(row.label), count(plan.Left), count(plan.Right)))
	}
	more := facts([]float32{140, rest},
		[]fyne.CanvasObject{quiet(w.T("Duration")), body(v.took)},
		[]fyne.CanvasObject{quiet(w.T("API credits")), body(v.credits)})
	objects := []fyne.CanvasObject{
		heading(v.heading), gap(4), quiet(v.pair), gap(12), body(v.outcome), gap(20), table, gap(12), rule(), gap(12), more,
	}
	if v.decided > 0 {
		objects = append(objects, gap(12), body(w.N("{{.n}} fields were changed differently on both sides; the rule of the pair decided.", v.decided)))
	}
	return k.page(objects...)
}
