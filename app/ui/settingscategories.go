package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// The ways to choose categories, in the order in which they are shown.
const (
	categoryOurs = iota
	categoryAll
	categoryThese
)

// categoryChoice asks which categories of the other side a pair syncs.
type categoryChoice struct {
	*settings
	ask    *sheet
	pair   state.Pair
	way    int
	marked []string // ticked, in this order
	typed  string
	list   *fyne.Container
	why    *text
}

// chooseCategories opens the question.
func (s *settings) chooseCategories(id string) {
	p, ok := s.draft.pair(id)
	if !ok {
		return
	}
	c := &categoryChoice{settings: s, ask: s.sheet(), pair: p, list: over(), why: newText(" ", warned())}
	c.ask.keys.escape = c.leave
	c.way, c.marked = wayOf(p.Categories), slices.Clone(p.Categories)
	cancel := c.ask.button(s.words.T("Cancel"), c.leave)
	use := c.ask.primary(s.words.T("Use these"), c.decide)
	s.heard = c.offered
	inner := stack(8, c.list, labelled(s.words.T("Others, separated by commas"), c.ask.entry("", "", func(t string) {
		c.typed = t
		c.why.set(" ")
	}), ""))
	group := c.ask.radios([]option{
		{label: s.words.T("Zoho Category only"), caption: s.words.T("Items of the category “{{.name}}”. What comes from Zoho CRM is given it.", "name", ourCategory)},
		{label: s.words.T("All, including uncategorised")},
		{label: s.words.T("Only these:"), caption: s.words.T("What comes from Zoho CRM is given the first of them."), inner: inner},
	}, c.way, func(i int) {
		c.way = i
		c.why.set(" ")
	})
	c.offered()
	page := stack(8, sized(0, dialogHeight-60, c.ask.pane(group)), c.why,
		caption(s.words.T("What leaves these categories is unlinked, never deleted.")))
	c.ask.open(dialogWidth, group.rows[c.way], c.question(p.Kind), page, nil, cancel, use)
}

func (c *categoryChoice) question(k record.Kind) string {
	switch k {
	case record.Contact:
		return c.words.T("Which contacts are synced?")
	case record.Task:
		return c.words.T("Which tasks are synced?")
	}
	return c.words.T("Which meetings are synced?")
}

func wayOf(categories []string) int {
	switch {
	case len(categories) == 0:
		return categoryAll
	case len(categories) == 1 && categories[0] == ourCategory:
		return categoryOurs
	}
	return categoryThese
}

func (c *categoryChoice) leave() {
	c.heard = nil
	c.ask.hide()
	c.redraw()
}

// offered shows the categories of the folder as boxes to tick.
func (c *categoryChoice) offered() {
	e := c.pair.Ends[plan.Right]
	if e.Ref == "" {
		show(c.list, caption(c.words.T("Once a folder is chosen, its categories are listed here.")))
		return
	}
	l := c.sample(e, c.pair.Kind)
	boxes := stack(2)
	switch {
	case l.reading:
		boxes.Add(busy(c.words.T("Looking into “{{.folder}}”…", "folder", e.Title)))
	case l.err != nil:
		boxes.Add(caption(c.program.Explain(l.err).Sentence))
	}
	for _, name := range union(c.pair.Categories, l.sample.Categories) {
		boxes.Add(ticked(c.ask.check(name, has(c.marked, name), func(on bool) { c.mark(name, on) }), ""))
	}
	show(c.list, boxes)
	c.ask.settle()
}

func (c *categoryChoice) mark(name string, on bool) {
	c.marked = slices.DeleteFunc(c.marked, func(m string) bool { return strings.EqualFold(m, name) })
	if on {
		c.marked = append(c.marked, name)
	}
	c.why.set(" ")
}

// decide puts the categories into the draft.
func (c *categoryChoice) decide() {
	categories, ok := chosenCategories(c.way, c.marked, c.typed)
	if !ok {
		c.why.set(c.words.T("Choose at least one category."))
		return
	}
	c.draft.setCategories(c.pair.ID, categories)
	c.leave()
}

// chosenCategories is what a choice means; not ok where there is none.
func chosenCategories(way int, marked []string, typed string) (categories []string, ok bool) {
	switch way {
	case categoryOurs:
		return []string{ourCategory}, true
	case categoryAll:
		return nil, true
	}
	categories = union(marked, strings.Split(typed, ","))
	return categories, len(categories) > 0
}

// union joins names without those that differ in case or outer spaces alone.
func union(lists ...[]string) []string {
	var out []string
	for _, list := range lists {
		for _, name := range list {
			if name = strings.TrimSpace(name); name != "" && !has(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func has(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
}

// warned and failing are captions that a person must see.
func warned() style {
	return style{size: theme.SizeNameCaptionText, token: theme.ColorNameWarning, bold: true}
}

func failing() style {
	return style{size: theme.SizeNameCaptionText, token: theme.ColorNameError, bold: true}
}
