package ui

import (
	"encoding/json"
	"strings"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// report reads what a run did. One that cannot be read counts nothing.
func report(r state.Run) engine.Report {
	var out engine.Report
	if json.Unmarshal([]byte(r.Report), &out) != nil {
		return engine.Report{}
	}
	return out
}

// runView is one run of the history.
type runView struct {
	id             int64
	title, caption string // in the list
	heading, pair  string
	outcome        string
	fine           bool // everything was in step at the end
	sides          [2]string
	counts         [2]engine.Counts
	took, credits  string
	decided        int // fields that the rule of the pair decided
}

// dayView is the runs of one day.
type dayView struct {
	title string
	runs  []runView
}

// history lists the runs by day, the newest first; without quiet ones, which wrote nothing and found all in step.
func (t teller) history(all bool) []dayView {
	var days []dayView
	for _, r := range t.runs {
		v := t.run(r)
		if !all && v.fine && v.wrote() == 0 {
			continue
		}
		title := t.day(r)
		if len(days) == 0 || days[len(days)-1].title != title {
			days = append(days, dayView{title: title})
		}
		days[len(days)-1].runs = append(days[len(days)-1].runs, v)
	}
	return days
}

func (v runView) wrote() int {
	return engine.Report{Left: v.counts[plan.Left], Right: v.counts[plan.Right]}.Wrote()
}

func (t teller) day(r state.Run) string {
	at := r.Began.In(t.now.Location())
	switch {
	case sameDay(at, t.now):
		return t.words.T("Today")
	case sameDay(at, t.now.AddDate(0, 0, -1)):
		return t.words.T("Yesterday")
	}
	return t.words.Day(at)
}

func (t teller) run(r state.Run) runView {
	w, rep := t.words, report(r)
	clock := w.Clock(r.Began.In(t.now.Location()))
	v := runView{
		id: r.ID, counts: [2]engine.Counts{rep.Left, rep.Right}, decided: rep.Conflicts, fine: r.Outcome == engine.InStep,
		heading: w.T("{{.date}}, {{.time}}", "date", t.day(r), "time", clock),
		pair:    w.T("A pair that was removed"), sides: [2]string{w.T("Zoho CRM"), w.T("The other side")},
		took: w.Took(rep.Seconds), credits: w.N("{{.n}} credits", rep.Credits),
	}
	if p, _, ok := t.find(r.Pair); ok {
		v.pair = t.pairName(p)
		v.sides = [2]string{t.side(p, plan.Left), t.side(p, plan.Right)}
	}
	v.outcome = t.outcome(r, rep)
	short := w.N("{{.n}} written", v.wrote())
	if !v.fine && r.Outcome != engine.Waiting {
		short = t.outcomeWord(r)
	}
	v.title = clock + " · " + short
	v.caption = v.pair
	if !r.Ended.IsZero() {
		v.caption = strings.Join([]string{v.pair, v.took}, " · ")
	}
	return v
}

// outcome tells in a sentence how a run ended.
func (t teller) outcome(r state.Run, rep engine.Report) string {
	w := t.words
	switch {
	case r.Outcome == engine.InStep && rep.Wrote() == 0:
		return w.T("Everything was in step already.")
	case r.Outcome == engine.InStep:
		return w.T("Everything was in step at the end.")
	case r.Outcome == engine.Waiting:
		return w.T("Some items were not in step at the end; Problems lists those that still are not.")
	case r.Outcome == engine.Stopped:
		return w.T("It stopped to ask before it went on.")
	case r.Outcome == engine.Undid:
		return w.T("It took an earlier sync back.")
	case r.Outcome == engine.Failed:
		return w.T("It did not come to its end. The rest follows at the next sync.")
	case t.underWay(r):
		return w.T("It is still under way.")
	}
	return w.T("The program ended during this sync. The next one goes on from there; nothing is written twice.")
}

// outcomeWord is the outcome of a run that did not come to its end, in a word or two.
func (t teller) outcomeWord(r state.Run) string {
	switch {
	case r.Outcome == engine.Stopped:
		return t.words.T("stopped to ask")
	case r.Outcome == engine.Undid:
		return t.words.T("took a run back")
	case t.underWay(r):
		return t.words.T("under way")
	}
	return t.words.T("not finished")
}

// underWay: a run without an end is the running one when it is its pair's newest.
func (t teller) underWay(r state.Run) bool {
	if !r.Ended.IsZero() || running(t.status) != r.Pair {
		return false
	}
	for _, other := range t.runs {
		if other.Pair == r.Pair {
			return other.ID == r.ID
		}
	}
	return false
}
