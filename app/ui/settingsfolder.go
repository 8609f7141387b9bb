package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

const (
	dialogWidth  = 600
	dialogHeight = 380 // of what a question shows between title and footer
)

// folderChoice asks for the folder of one side of a pair.
type folderChoice struct {
	*settings
	ask     *sheet
	pair    state.Pair
	at      plan.Side
	account string
	infos   []provider.Info // to choose from
	chosen  int             // of infos; their number: a new one
	title   string          // of a new one
	begun   bool            // a folder is being made
	list    *fyne.Container // the folders, or why there are none
	about   *fyne.Container // what the chosen one holds
	use     *button
}

// chooseFolder opens the question.
func (s *settings) chooseFolder(id string, side plan.Side) {
	p, ok := s.draft.pair(id)
	if !ok {
		return
	}
	c := &folderChoice{settings: s, ask: s.sheet(), pair: p, at: side, list: over(), about: over(), title: ownTitle(p.Kind)}
	c.ask.keys.escape = c.leave
	accounts := s.speech().of(side)
	c.account = p.Ends[side].Account
	if c.account == "" && len(accounts) > 0 {
		c.account = accounts[0].Name
	}
	page := stack(0)
	if len(accounts) > 1 {
		page.Add(columns([]float32{labelWidth, rest}, body(s.words.T("Account")), c.accountChoice(accounts)))
		page.Add(gap(12))
	}
	page.Add(sized(0, dialogHeight-130, c.list))
	page.Add(gap(8))
	page.Add(rule())
	page.Add(gap(8))
	page.Add(sized(0, 100, c.about))
	c.use = c.ask.primary(s.words.T("Use this folder"), c.decide)
	cancel := c.ask.button(s.words.T("Cancel"), c.leave)
	s.heard = c.listed
	title := s.words.T("{{.kind}}: folder in {{.name}}", "kind", s.speech().kind(p.Kind), "name", s.speech().side(p, side))
	c.ask.open(dialogWidth, cancel, title, page, nil, cancel, c.use)
	c.chosen = -1
	c.listed()
}

func (c *folderChoice) accountChoice(accounts []Account) *choice {
	var labels []string
	at := 0
	for i, a := range accounts {
		labels = append(labels, c.speech().account(a))
		if a.Name == c.account {
			at = i
		}
	}
	return c.ask.choice(labels, at, func(i int) {
		c.account, c.chosen = accounts[i].Name, -1
		c.forget()
		c.listed()
	})
}

// leave ends the question without a choice.
func (c *folderChoice) leave() {
	c.heard = nil
	c.ask.hide()
	c.redraw()
}

// listed shows the folders, as far as they are known.
func (c *folderChoice) listed() {
	f := c.foldersOf(c.account)
	switch {
	case c.begun:
	case f.reading:
		c.use.enable(false)
		show(c.list, busy(c.words.T("Reading the folders…")))
		show(c.about, gap(0))
	case f.err != nil:
		c.use.enable(false)
		again := c.ask.button(c.words.T("Try again"), func() {
			c.forget()
			c.listed()
		})
		show(c.list, c.ask.pane(c.ask.problem(c.program.Explain(f.err)), gap(12), columns([]float32{own}, again)))
		show(c.about, gap(0))
	case c.chosen < 0:
		c.infos = ofKind(f.infos, c.pair.Kind)
		c.chosen = c.first()
		c.options()
		c.told()
	default:
		c.told()
	}
}

// first is the choice to begin with: the present folder, else one of our name, else the first that can be written, else a
// new one.
func (c *folderChoice) first() int {
	present := func(i provider.Info) bool {
		return i.Ref == c.pair.Ends[c.at].Ref && c.account == c.pair.Ends[c.at].Account
	}
	ours := func(i provider.Info) bool { return i.Title == ownTitle(c.pair.Kind) }
	writable := func(i provider.Info) bool { return !i.ReadOnly && (c.at == plan.Left || c.pair.Kind == record.Contact) }
	for _, fits := range []func(provider.Info) bool{present, ours, writable} {
		if i := slices.IndexFunc(c.infos, fits); i >= 0 {
			return i
		}
	}
	return len(c.infos)
}

// options shows the folders to choose from, and a new one where the service makes some.
func (c *folderChoice) options() {
	var options []option
	for _, i := range c.infos {
		caption := ""
		if i.ReadOnly {
			caption = c.words.T("Can only be read: it can be a source, one way.")
		}
		options = append(options, option{label: i.Title, caption: caption})
	}
	if c.at == plan.Right {
		options = append(options, option{label: c.words.T("New folder…"), inner: labelled(c.words.T("Name"),
			c.ask.entry(c.title, ownTitle(c.pair.Kind), func(s string) {
				c.title = strings.TrimSpace(s)
				c.told()
			}), c.words.T("It is made at once, and stays when you cancel."))})
	}
	if len(options) == 0 {
		show(c.list, body(c.words.T("This account has no folder for this.")))
		return
	}
	group := c.ask.radios(options, min(c.chosen, len(options)-1), func(i int) {
		c.chosen = i
		c.told()
	})
	show(c.list, c.ask.pane(group))
	c.focus(group.rows[group.chosen])
}

// told shows what the chosen folder holds.
func (c *folderChoice) told() {
	if c.chosen >= len(c.infos) {
		c.use.SetText(c.words.T("Make and use it"))
		c.use.enable(c.at == plan.Right && c.title != "" && !c.begun)
		show(c.about, caption(c.words.T("A folder of its own keeps apart what belongs to Zoho CRM.")))
		return
	}
	c.use.SetText(c.words.T("Use this folder"))
	c.use.enable(true)
	info := c.infos[c.chosen]
	l := c.sample(state.End{Account: c.account, Ref: info.Ref}, c.pair.Kind)
	out := stack(4)
	switch {
	case l.reading:
		out.Add(busy(c.words.T("Looking into “{{.folder}}”…", "folder", info.Title)))
	case l.err != nil:
		out.Add(caption(c.program.Explain(l.err).Sentence))
	default:
		out.Add(body(c.holds(l.sample)))
		if l.sample.Owner != "" {
			out.Add(newText(c.words.T("This folder belongs to {{.name}}. Everything in it would be synced.", "name", l.sample.Owner), warned()))
		}
	}
	if c.anew(info) {
		out.Add(caption(c.words.T("Another folder begins anew: what is the same on both sides is recognised, and nothing is deleted.")))
	}
	show(c.about, out)
}

// anew tells whether a pair that was synced already gets another folder.
func (c *folderChoice) anew(info provider.Info) bool {
	e := c.pair.Ends[c.at]
	return !isNew(c.pair.ID) && e.Ref != "" && !sameFolder(e, state.End{Account: c.account, Ref: info.Ref})
}

// holds says what kind of folder this is, how much it holds and the first names.
func (c *folderChoice) holds(l Sample) string {
	out := c.speech().holds(c.pair.Kind, l)
	if c.at == plan.Right {
		out = c.speech().holder(c.pair.Kind) + " · " + out
	}
	if len(l.Names) == 0 {
		return out
	}
	return c.words.T("{{.what}}: {{.names}}", "what", out, "names", strings.Join(l.Names, ", "))
}

// decide takes the chosen folder, or makes the new one first.
func (c *folderChoice) decide() {
	if c.chosen < len(c.infos) {
		c.take(c.infos[c.chosen])
		return
	}
	title, account := c.title, c.account
	c.begun = true
	c.use.enable(false)
	show(c.about, busy(c.words.T("Making “{{.folder}}”…", "folder", title)))
	c.run(func(ctx context.Context, tell func(func())) {
		info, err := c.program.MakeFolder(ctx, account, title, c.pair.Kind)
		tell(func() {
			c.begun = false
			if err != nil {
				show(c.about, newText(c.program.Explain(err).Sentence+" "+c.program.Explain(err).Next, failing()))
				c.use.enable(true)
				return
			}
			if f := c.folders[account]; f != nil {
				f.infos = append(f.infos, info)
			}
			c.account = account
			c.take(info)
		})
	})
}

// take puts the folder into the draft. A question that was left meanwhile decides nothing.
func (c *folderChoice) take(info provider.Info) {
	if c.ask.pop == nil {
		return
	}
	c.draft.setEnd(c.pair.ID, c.at, c.account, info)
	c.leave()
}
