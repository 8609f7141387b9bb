package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// pairPage shows the folders and rules of a pair.
func (s *settings) pairPage(p state.Pair) fyne.CanvasObject {
	for _, e := range p.Ends {
		// What can only be read decides the direction.
		if a, ok := s.speech().find(e.Account); ok && a.SignedIn && e.Ref != "" {
			s.foldersOf(e.Account)
		}
	}
	title := pairTitle(s.speech().kind(p.Kind), iconDirection(p.Direction), s.speech().side(p, plan.Right),
		style{size: theme.SizeNameHeadingText, bold: true})
	page := []fyne.CanvasObject{headWith(title, "")}
	if why := s.draft.hitch(p, s.known); why != "" && s.hitched {
		page = append(page, gap(12), note(noteWarning, s.speech().hitch(p, why), s.words.T("Until then nothing of this window is stored.")))
	}
	page = append(page, section(s.words.T("FOLDERS")), s.endRow(p, plan.Left), s.endRow(p, plan.Right),
		section(s.words.T("WHAT IS SYNCED")), s.categoriesRow(p))
	if p.Kind != record.Contact {
		page = append(page, s.rangeRow(p))
	}
	page = append(page, s.directionRow(p),
		section(s.words.T("CONFLICT RESOLUTION")), s.policyRow(p), s.deletionRow(p, plan.Left), s.deletionRow(p, plan.Right),
		gap(16), columns([]float32{own}, place(s, "remove", s.link(s.words.T("Remove this pair…"), func() { s.removePair(p) }))))
	return s.kit.page(page...)
}

// endRow shows the folder of one side.
func (s *settings) endRow(p state.Pair, side plan.Side) fyne.CanvasObject {
	name := s.speech().side(p, side)
	change := place(s, "folder "+side.String(), s.link(s.words.T("Change…"), func() { s.chooseFolder(p.ID, side) }))
	e := p.Ends[side]
	if e.Ref == "" {
		change.set(s.words.T("Choose…"))
		return s.row(name, value(s.words.T("No folder yet"), s.speech().hitch(p, [2]hitch{hitchLeft, hitchRight}[side])), change)
	}
	return s.row(name, value(e.Title, s.about(p, side)), change)
}

// about says where a folder is and what it holds.
func (s *settings) about(p state.Pair, side plan.Side) string {
	e := p.Ends[side]
	a, ok := s.speech().find(e.Account)
	where := e.Account
	switch {
	case !ok:
	case a.Service == thisComputer:
		where = s.words.T("This computer")
	case a.Who != "":
		where = a.Who
	}
	if ok && !a.SignedIn {
		return where + " · " + s.words.T("signed out")
	}
	l := s.sample(e, p.Kind)
	switch {
	case l.reading:
		return where + " · " + s.words.T("counting…")
	case l.err != nil:
		return where + " · " + s.program.Explain(l.err).Sentence
	}
	return where + " · " + s.speech().holds(p.Kind, l.sample)
}

func (s *settings) categoriesRow(p state.Pair) fyne.CanvasObject {
	change := place(s, "categories", s.link(s.words.T("Change…"), func() { s.chooseCategories(p.ID) }))
	if info, ok := s.known(p.Ends[plan.Right]); ok && !categorised(info, p.Kind) {
		change.Disable()
		return s.row(s.words.T("Categories"), value(s.speech().categories(p), s.words.T("This folder holds no categories.")), change)
	}
	return s.row(s.words.T("Categories"), body(s.speech().categories(p)), change)
}

// categorised tells whether a folder can hold categories. One that tells no limits holds everything.
func categorised(info provider.Info, k record.Kind) bool {
	limits, ok := info.Limits[k]
	if !ok {
		return true
	}
	_, ok = limits[record.Categories]
	return ok
}

// rangeRow is the time range: both ends, or everything.
func (s *settings) rangeRow(p state.Pair) fyne.CanvasObject {
	back, ahead := backDays(p), aheadDays(p)
	everything := p.FromDays == 0 && p.UntilDays == 0
	var backs, aheads []string
	for _, days := range back {
		backs = append(backs, s.speech().back(days))
	}
	for _, days := range ahead {
		aheads = append(aheads, s.speech().ahead(days))
	}
	from := slices.Index(back, p.FromDays)
	if everything {
		from = slices.Index(back, -1)
	}
	fromChoice := place(s, "from", s.choice(backs, from, func(i int) {
		s.change(func(p *state.Pair) { p.FromDays, p.UntilDays = span(back[i], p.UntilDays) })
	}))
	if everything {
		return s.wide(s.words.T("Time range"), fromChoice)
	}
	untilChoice := place(s, "until", s.choice(aheads, slices.Index(ahead, p.UntilDays), func(i int) {
		s.change(func(p *state.Pair) { p.UntilDays = ahead[i] })
	}))
	return s.wide(s.words.T("Time range"), columns([]float32{rest, rest}, fromChoice, untilChoice))
}

const usualAhead = 180 // days, as in a new pair

// span is the time range after its first end was chosen; -1 stands for everything.
func span(back, ahead int) (from, until int) {
	switch {
	case back < 0:
		return 0, 0
	case ahead == 0:
		return back, usualAhead
	}
	return back, ahead
}

// backDays and aheadDays are the choices of a time range, with that of the pair. Meetings repeat without an end, so all of
// them is no choice, except where it was made before.
func backDays(p state.Pair) []int {
	everything := p.FromDays == 0 && p.UntilDays == 0
	days := withDays([]int{7, 30, 90, 180, 365}, p.FromDays, !everything)
	if p.Kind == record.Task || everything {
		days = append([]int{-1}, days...)
	}
	return days
}

func aheadDays(p state.Pair) []int { return withDays([]int{30, 90, 180, 365, 730}, p.UntilDays, true) }

// withDays adds the days of a pair to the usual ones.
func withDays(usual []int, days int, used bool) []int {
	if used && !slices.Contains(usual, days) {
		usual = append(usual, days)
		slices.Sort(usual)
	}
	return usual
}

// directionRow offers the directions that the folders allow.
func (s *settings) directionRow(p state.Pair) fyne.CanvasObject {
	allowed := Directions
	var why []fyne.CanvasObject
	for _, side := range plan.Sides {
		if info, ok := s.known(p.Ends[side]); ok && info.ReadOnly {
			allowed = []plan.Direction{away(side)}
			why = append(why, caption(s.speech().readOnly(p, side)))
		}
	}
	var labels []string
	for _, d := range allowed {
		labels = append(labels, s.speech().direction(p, d))
	}
	choice := place(s, "direction", s.choice(labels, slices.Index(allowed, p.Direction), func(i int) {
		s.change(func(p *state.Pair) { p.Direction = allowed[i] })
	}))
	if len(allowed) == 1 && allowed[0] == p.Direction {
		choice.Disable()
	}
	return s.wide(s.words.T("Direction"), choice, why...)
}

// policyRow decides fields that both sides changed differently.
func (s *settings) policyRow(p state.Pair) fyne.CanvasObject {
	policies := Policies
	var labels []string
	for _, c := range policies {
		labels = append(labels, s.speech().policy(p, c))
	}
	choice := place(s, "policy", s.choice(labels, slices.Index(policies, p.Conflict), func(i int) {
		s.change(func(p *state.Pair) { p.Conflict = policies[i] })
	}))
	below := caption(s.speech().forUpdates(p.Kind))
	if p.Direction != plan.Both {
		choice.Disable()
		below.set(s.words.T("Not used one way: only one side is written."))
	}
	return s.wide(s.words.T("Edited on both sides"), choice, below)
}

// deletionRow says what happens on the other side of the one on which something was deleted.
func (s *settings) deletionRow(p state.Pair, deleted plan.Side) fyne.CanvasObject {
	on := deleted.Other()
	var labels []string
	for _, d := range Deletions {
		labels = append(labels, s.speech().deletion(p, on, d))
	}
	choice := place(s, "deleted "+deleted.String(), s.choice(labels, slices.Index(Deletions, p.Delete[on]), func(i int) {
		s.change(func(p *state.Pair) { p.Delete[on] = Deletions[i] })
	}))
	label := s.words.T("Deleted in {{.name}}", "name", s.speech().side(p, deleted))
	if p.Direction == away(on) {
		choice.Disable()
		return s.wide(label, choice, caption(s.words.T("Not used one way: nothing is written there.")))
	}
	return s.wide(label, choice)
}

// addPair asks what to sync and begins a pair with the usual rules.
func (s *settings) addPair() {
	if s.draft == nil {
		return
	}
	sp := s.speech()
	if len(sp.of(plan.Left)) == 0 || len(sp.of(plan.Right)) == 0 {
		s.ask(s.words.T("A pair needs two accounts"), s.words.T("One is Zoho CRM, the other a server or this computer. Add the missing one first."),
			answer{label: s.words.T("Show accounts"), do: func() { s.open(pageAccounts) }}, answer{label: s.words.T("Cancel")})
		return
	}
	ask := s.sheet()
	kind := s.missing()
	var options []option
	for _, k := range record.Kinds {
		options = append(options, option{label: sp.kind(k)})
	}
	kinds := ask.radios(options, slices.Index(record.Kinds, kind), func(i int) { kind = record.Kinds[i] })
	ask.open(440, kinds.rows[kinds.chosen], s.words.T("What should the new pair sync?"), kinds, nil,
		ask.button(s.words.T("Cancel"), ask.hide),
		ask.primary(s.words.T("Continue"), func() {
			ask.hide()
			s.beginPair(kind)
		}))
}

// missing is the first kind that no pair syncs.
func (s *settings) missing() record.Kind {
	for _, k := range record.Kinds {
		if !slices.ContainsFunc(s.draft.pairs(), func(p state.Pair) bool { return p.Kind == k }) {
			return k
		}
	}
	return record.Kinds[0]
}

// beginPair adds a pair of the first accounts to the draft. Of the CRM there is one folder of a kind, so it is chosen.
func (s *settings) beginPair(k record.Kind) {
	p := s.program.Defaults(k)
	p.Kind = k
	crm, other := s.speech().of(plan.Left)[0].Name, s.speech().of(plan.Right)[0].Name
	p.Ends = [2]state.End{{Account: crm}, {Account: other}}
	id := s.draft.add(p)
	s.open(id)
	s.run(func(ctx context.Context, tell func(func())) {
		infos, err := s.program.Folders(ctx, crm)
		tell(func() {
			if err != nil {
				return // the row still asks for a folder, and the choice of one says why there is none
			}
			s.folders[crm] = &folders{infos: infos}
			fitting := ofKind(infos, k)
			if now, ok := s.draft.pair(id); ok && now.Ends[plan.Left].Ref == "" && len(fitting) == 1 {
				s.draft.setEnd(id, plan.Left, crm, fitting[0])
				s.news()
			}
		})
	})
}

func ofKind(infos []provider.Info, k record.Kind) []provider.Info {
	return slices.DeleteFunc(slices.Clone(infos), func(i provider.Info) bool { return !slices.Contains(i.Kinds, k) })
}
