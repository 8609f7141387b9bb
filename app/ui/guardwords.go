package ui

import (
	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// questionView is what a guard asks: what happened, and each way out with what it means.
type questionView struct {
	title, words string
	calm         string // what it means so far, in one sentence
	goOn, meant  string // the button that confirms, and its consequence
	later        string // the consequence of deciding later
	look         string // consequence of looking again; "": that is not offered
	problems     bool   // what was refused is listed under Problems
	number       int    // what is confirmed
}

// question puts a guard into words. The button that confirms names the outcome with number and side.
func (t teller) question(p state.Pair, g plan.Guard) questionView {
	w := t.words
	here, there := t.side(p, g.Side), t.side(p, g.Side.Other())
	q := questionView{
		number: g.Number,
		calm:   w.T("Nothing has been deleted yet: this pair is stopped, the other pairs go on."),
		later:  w.T("This pair stays stopped, and you are not asked again. You find the question in the Sync window."),
	}
	switch g.Code {
	case plan.CodeMany:
		q.title = t.gone(p.Kind, g.Number, there)
		q.words = w.T("“{{.folder}}” no longer lists them.", "folder", p.Ends[g.Side.Other()].Title)
		q.goOn = w.N("Delete {{.n}} in {{.name}}", g.Number, "name", here)
		q.meant = t.deletes(p, g.Side)
	case plan.CodeAll:
		q.title = t.changed(p.Kind, g.Number, here)
		q.words = w.T("Where nobody edited them, a wrong clock, another time zone or another program is the likely cause.")
		q.calm = w.T("Nothing has been written yet: this pair is stopped, the other pairs go on.")
		q.goOn = w.N("Write {{.n}} changes to {{.name}}", g.Number, "name", there)
		q.meant = w.T("Replaces the values there by those of {{.name}}.", "name", here)
	case plan.CodeEmptied:
		q.title = t.empty(p.Kind, here)
		q.words = w.N("“{{.folder}}” held {{.n}} at the last sync.", g.Number, "folder", p.Ends[g.Side].Title)
		q.look = w.T("Deletes nothing: if they are back, the pair goes on.")
		q.goOn, q.meant = t.emptied(p, g)
	case plan.CodeFailing:
		q.title = t.refused(p.Kind, g.Number, here)
		q.words = w.T("All of them for the same reason.")
		q.goOn = w.N("Leave {{.n}} out, go on in {{.name}}", g.Number, "name", here)
		q.meant = w.T("They stay listed under Problems, with the reason.")
		q.problems = true
	default:
		q.title, q.calm = w.T("This pair is stopped"), w.T("It waits for an answer; the other pairs go on.")
		q.goOn = w.N("Go on with {{.n}} in {{.name}}", g.Number, "name", here)
		q.meant = w.T("Carries out what this pair was stopped for.")
	}
	return q
}

// deletes says what becomes of items that are deleted on a side.
func (t teller) deletes(p state.Pair, s plan.Side) string {
	if t.service(p, s) == zoho {
		return t.words.T("Moves them to Zoho CRM’s recycle bin.")
	}
	return t.words.T("Removes them from “{{.folder}}”.", "folder", p.Ends[s].Title)
}

// emptied names what follows when a folder is really empty: that depends on the rules of the pair.
func (t teller) emptied(p state.Pair, g plan.Guard) (goOn, meant string) {
	w, other := t.words, g.Side.Other()
	name := t.side(p, other)
	writes := p.Direction == plan.Both || (p.Direction == plan.ToLeft) == (other == plan.Left)
	// Zoho CRM lists only what the person may see: what is missing there does not count as deleted.
	if p.Delete[other] != plan.Propagate || !writes || t.service(p, g.Side) == zoho {
		return w.N("Keep {{.n}} in {{.name}}", g.Number, "name", name),
			w.T("Takes the empty folder as it is. The rules of this pair delete nothing in {{.name}}.", "name", name)
	}
	return w.N("Delete up to {{.n}} in {{.name}}", g.Number, "name", name),
		w.T("Takes the empty folder as meant.") + " " + t.deletes(p, other)
}

func (t teller) gone(k record.Kind, n int, name string) string {
	switch k {
	case record.Contact:
		return t.words.N("{{.n}} contacts are gone from {{.name}}", n, "name", name)
	case record.Task:
		return t.words.N("{{.n}} tasks are gone from {{.name}}", n, "name", name)
	}
	return t.words.N("{{.n}} meetings are gone from {{.name}}", n, "name", name)
}

func (t teller) changed(k record.Kind, n int, name string) string {
	switch k {
	case record.Contact:
		return t.words.N("All {{.n}} contacts changed at once in {{.name}}", n, "name", name)
	case record.Task:
		return t.words.N("All {{.n}} tasks changed at once in {{.name}}", n, "name", name)
	}
	return t.words.N("All {{.n}} meetings changed at once in {{.name}}", n, "name", name)
}

func (t teller) empty(k record.Kind, name string) string {
	switch k {
	case record.Contact:
		return t.words.T("{{.name}} suddenly lists no contacts", "name", name)
	case record.Task:
		return t.words.T("{{.name}} suddenly lists no tasks", "name", name)
	}
	return t.words.T("{{.name}} suddenly lists no meetings", "name", name)
}

func (t teller) refused(k record.Kind, n int, name string) string {
	switch k {
	case record.Contact:
		return t.words.N("{{.name}} refused the first {{.n}} new contacts", n, "name", name)
	case record.Task:
		return t.words.N("{{.name}} refused the first {{.n}} new tasks", n, "name", name)
	}
	return t.words.N("{{.name}} refused the first {{.n}} new meetings", n, "name", name)
}
