package ui

import (
	"zohosync/assets"
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// questionView is what a guard asks: what happened, and each way out with what it means.
type questionView struct {
	id           string
	title, words string
	calm         string // what it means so far, in one sentence
	names        string // of a few of the items
	ways         []wayView
	look         string // consequence of looking again; "": that is not offered
	problems     bool   // what was refused is listed under Problems
	number       int    // of objects that the answer is about
}

// wayView is one answer: the button names the outcome with number and side.
type wayView struct {
	choice         plan.Choice
	label, meaning string
}

// question puts a question that stopped a pair into words.
func (t teller) question(p state.Pair, q engine.Question) questionView {
	w := t.words
	about := t.about(p, q)
	v := questionView{id: q.ID, number: q.Number, names: w.Names(first(q.Names, 3), q.Number)}
	v.title, v.words = w.Asks(about)
	switch q.Code {
	case plan.CodeMany, plan.CodeEmptied, plan.CodeFailing:
		v.calm = w.T("Nothing has been deleted yet: this pair is stopped, the other pairs go on.")
	case plan.CodeAll, plan.CodeFirst:
		v.calm = w.T("Nothing has been written yet: this pair is stopped, the other pairs go on.")
	default:
		v.words, v.calm = "", w.T("It waits for an answer; the other pairs go on.")
	}
	if q.Code == plan.CodeEmptied {
		v.look = w.T("Deletes nothing: if they are back, the pair goes on.")
	}
	v.problems = q.Code == plan.CodeFailing
	for _, c := range q.Choices {
		label, meaning := w.Choice(string(c), about, q.Partners[c])
		v.ways = append(v.ways, wayView{c, label, meaning})
	}
	return v
}

// about gathers what the words of a question are made from.
func (t teller) about(p state.Pair, q engine.Question) assets.Question {
	here, there := q.Side, q.Side.Other()
	return assets.Question{
		Code: q.Code, Kind: string(p.Kind), Number: q.Number, Linked: q.Linked, Stops: true,
		Here: t.side(p, here), There: t.side(p, there), HereFolder: p.Ends[here].Title, ThereFolder: p.Ends[there].Title,
		HereBin: t.service(p, here) == zoho, ThereBin: t.service(p, there) == zoho,
	}
}

// stopped is what a guard alone tells of its question.
func stopped(g plan.Guard) engine.Question {
	return engine.Question{Question: state.Question{Question: plan.Question{ID: g.Question, Code: g.Code, Side: g.Side, Number: g.Number}}}
}

// first returns at most n of the names.
func first(names []string, n int) []string { return names[:min(len(names), n)] }
