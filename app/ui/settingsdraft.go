package ui

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// draft is what a person changed in Settings and did not store yet.
type draft struct {
	stored   []state.Pair
	edited   map[string]state.Pair // by ID: stored pairs that read differently now
	removed  map[string]bool       // IDs of stored pairs
	added    []state.Pair          // with a mark in place of the ID
	marks    int
	chosen   map[string]bool // new pairs whose categories a person chose
	saved    Settings
	settings Settings
}

func newDraft(pairs []state.Pair, s Settings) *draft {
	return &draft{stored: pairs, edited: map[string]state.Pair{}, removed: map[string]bool{}, chosen: map[string]bool{}, saved: s, settings: s}
}

const newMark = "+" // begins what a pair is called before it has an ID

func isNew(id string) bool { return strings.HasPrefix(id, newMark) }

// pairs lists the pairs as they read now, new ones last.
func (d *draft) pairs() []state.Pair {
	var out []state.Pair
	for _, p := range d.stored {
		if d.removed[p.ID] {
			continue
		}
		if e, ok := d.edited[p.ID]; ok {
			p = e
		}
		out = append(out, p)
	}
	return append(out, d.added...)
}

// pair returns one of pairs.
func (d *draft) pair(id string) (state.Pair, bool) {
	for _, p := range d.pairs() {
		if p.ID == id {
			return p, true
		}
	}
	return state.Pair{}, false
}

// add begins a new pair and returns what it is called until it is stored.
func (d *draft) add(p state.Pair) string {
	d.marks++
	p.ID = newMark + strconv.Itoa(d.marks)
	d.added = append(d.added, p)
	return p.ID
}

// remove takes a pair out. Nothing but the pair is removed.
func (d *draft) remove(id string) {
	if isNew(id) {
		d.added = slices.DeleteFunc(d.added, func(p state.Pair) bool { return p.ID == id })
		return
	}
	delete(d.edited, id)
	d.removed[id] = true
}

// change edits a pair. A pair that reads as it is stored again counts as unchanged.
func (d *draft) change(id string, edit func(*state.Pair)) {
	p, ok := d.pair(id)
	if !ok {
		return
	}
	p.Categories, p.Mapping = slices.Clone(p.Categories), slices.Clone(p.Mapping)
	edit(&p)
	for i := range d.added {
		if d.added[i].ID == id {
			d.added[i] = p
		}
	}
	for _, s := range d.stored {
		switch {
		case s.ID != id:
		case samePair(s, p):
			delete(d.edited, id)
		default:
			d.edited[id] = p
		}
	}
}

// samePair compares what is stored of two pairs.
func samePair(a, b state.Pair) bool {
	plain := func(p state.Pair) state.Pair {
		p.Stop, p.Success = nil, b.Success
		if len(p.Categories) == 0 {
			p.Categories = nil
		}
		if len(p.Mapping) == 0 {
			p.Mapping = nil
		}
		return p
	}
	return reflect.DeepEqual(plain(a), plain(b))
}

// ourCategory is the category that people give what belongs to the CRM.
const ourCategory = "Zoho CRM"

// ownTitle is the name that we offer for a folder of our own.
func ownTitle(k record.Kind) string {
	switch k {
	case record.Contact:
		return "Zoho CRM Contacts"
	case record.Task:
		return "Zoho CRM Tasks"
	}
	return "Zoho CRM"
}

// setEnd chooses the folder of one side. A folder that can only be read decides the direction. A new pair begins with the
// categories that suit the calendar: all of one that was made for the CRM, the CRM's own of one that held other meetings.
func (d *draft) setEnd(id string, side plan.Side, account string, info provider.Info) {
	d.change(id, func(p *state.Pair) {
		p.Ends[side] = state.End{Account: account, Ref: info.Ref, Title: info.Title}
		if info.ReadOnly {
			p.Direction = away(side)
		}
		if side != plan.Right || !isNew(id) || d.chosen[id] || p.Kind != record.Event {
			return
		}
		if info.Title == ownTitle(p.Kind) {
			filter(p, nil)
		} else {
			filter(p, []string{ourCategory})
		}
	})
}

// away is the direction that writes the other side only.
func away(from plan.Side) plan.Direction {
	if from == plan.Left {
		return plan.ToRight
	}
	return plan.ToLeft
}

// setCategories chooses what is synced; none means all, including what has no category.
func (d *draft) setCategories(id string, categories []string) {
	d.chosen[id] = true
	d.change(id, func(p *state.Pair) { filter(p, categories) })
}

// filter changes the categories of a pair. Where they say what belongs to the pair they are not content, so they are not
// mapped; the other rows stay as they are.
func filter(p *state.Pair, categories []string) {
	p.Categories = categories
	mapped := slices.IndexFunc(p.Mapping, ofCategories)
	switch {
	case len(categories) > 0:
		p.Mapping = slices.DeleteFunc(p.Mapping, ofCategories)
	case mapped < 0 && slices.ContainsFunc(plan.DefaultMapping(p.Kind, false), ofCategories):
		p.Mapping = append(p.Mapping, plan.Row{Left: record.Categories, Right: record.Categories})
	}
	if reflect.DeepEqual(sorted(p.Mapping), sorted(plan.DefaultMapping(p.Kind, len(categories) > 0))) {
		p.Mapping = plan.DefaultMapping(p.Kind, len(categories) > 0)
	}
}

func ofCategories(r plan.Row) bool {
	return r.Left == record.Categories || r.Right == record.Categories
}

func sorted(rows []plan.Row) []plan.Row {
	return slices.SortedFunc(slices.Values(rows), func(a, b plan.Row) int { return strings.Compare(string(a.Left), string(b.Left)) })
}

// changed tells whether a page differs from what is stored.
func (d *draft) changed(page string) bool {
	if page == pageGeneral {
		return d.settings != d.saved
	}
	_, edited := d.edited[page]
	return edited || isNew(page)
}

// dirty tells whether anything differs from what is stored.
func (d *draft) dirty() bool {
	return d.settings != d.saved || len(d.edited)+len(d.removed)+len(d.added) > 0
}

// toStore returns the pairs to store, new ones without an ID, and those to remove: what differs and nothing else.
func (d *draft) toStore() (keep []state.Pair, remove []string) {
	for _, p := range d.stored {
		if d.removed[p.ID] {
			remove = append(remove, p.ID)
		} else if e, ok := d.edited[p.ID]; ok {
			keep = append(keep, e)
		}
	}
	for _, p := range d.added {
		p.ID = ""
		keep = append(keep, p)
	}
	return keep, remove
}

// savedSettings is told that the settings were stored.
func (d *draft) savedSettings() {
	if d.settings.ClientSecret != "" {
		d.settings.ClientSecret, d.settings.HasSecret = "", true
	}
	d.saved = d.settings
}

// savedPairs is told that the pairs were stored, and how they are stored now.
func (d *draft) savedPairs(pairs []state.Pair) {
	fresh := newDraft(pairs, d.saved)
	fresh.settings = d.settings
	*d = *fresh
}

// reread takes what is stored now and keeps what was changed.
func (d *draft) reread(pairs []state.Pair) {
	d.stored = pairs
	there := map[string]state.Pair{}
	for _, p := range pairs {
		there[p.ID] = p
	}
	for id, e := range d.edited {
		if p, ok := there[id]; !ok || samePair(p, e) {
			delete(d.edited, id)
		}
	}
	for id := range d.removed {
		if _, ok := there[id]; !ok {
			delete(d.removed, id)
		}
	}
}

// drop takes out all that hangs on an account which is gone.
func (d *draft) drop(account string) {
	d.added = slices.DeleteFunc(d.added, func(p state.Pair) bool { return uses(p, account) })
	for id, e := range d.edited {
		if uses(e, account) {
			delete(d.edited, id)
		}
	}
}

func uses(p state.Pair, account string) bool {
	return p.Ends[plan.Left].Account == account || p.Ends[plan.Right].Account == account
}

// hitch is why a pair cannot be stored; "" when it can.
type hitch string

const (
	hitchLeft      hitch = "left"      // no folder chosen
	hitchRight     hitch = "right"     // no folder chosen
	hitchTwice     hitch = "twice"     // another pair has the same two folders
	hitchToLeft    hitch = "to-left"   // the right can only be read
	hitchToRight   hitch = "to-right"  // the left can only be read
	hitchUnwritten hitch = "unwritten" // both can only be read
)

// knowledge tells what is known of a folder.
type knowledge func(state.End) (provider.Info, bool)

// hitch looks for a reason against storing a pair.
func (d *draft) hitch(p state.Pair, known knowledge) hitch {
	var readOnly [2]bool
	for _, side := range plan.Sides {
		if p.Ends[side].Ref == "" {
			return [2]hitch{hitchLeft, hitchRight}[side]
		}
		info, ok := known(p.Ends[side])
		readOnly[side] = ok && info.ReadOnly
	}
	for _, o := range d.pairs() {
		if o.ID != p.ID && o.Kind == p.Kind && sameFolder(o.Ends[plan.Left], p.Ends[plan.Left]) && sameFolder(o.Ends[plan.Right], p.Ends[plan.Right]) {
			return hitchTwice
		}
	}
	switch {
	case readOnly == [2]bool{true, true}:
		return hitchUnwritten
	case readOnly[plan.Right] && p.Direction != plan.ToLeft:
		return hitchToLeft
	case readOnly[plan.Left] && p.Direction != plan.ToRight:
		return hitchToRight
	}
	return ""
}

func sameFolder(a, b state.End) bool { return a.Account == b.Account && a.Ref == b.Ref }

// firstHitch finds the first changed pair that cannot be stored.
func (d *draft) firstHitch(known knowledge) (id string, why hitch) {
	for _, p := range d.pairs() {
		if d.changed(p.ID) {
			if why := d.hitch(p, known); why != "" {
				return p.ID, why
			}
		}
	}
	return "", ""
}
