package ui

import (
	"errors"
	"strings"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

// mark is the shape and colour of a state.
type mark int

const (
	markNone mark = iota
	markInStep
	markSyncing
	markAttention
	markPaused
	markOffline
)

// rowView is one pair.
type rowView struct {
	id                        string
	left, right, folders      string
	direction                 plan.Direction
	state                     string
	mark                      mark
	running                   bool
	share                     float32
	inStep, excluded, failing string
	anyExcluded, anyFailing   bool
	doing                     string
	warns                     bool // doing is a warning
	note                      noteView
}

// row tells the state of one pair.
func (t teller) row(p state.Pair, ps engine.PairStatus) rowView {
	w, c := t.words, t.counts[p.ID]
	v := rowView{
		id: p.ID, left: t.kinds[p.Kind], right: t.right(p), direction: p.Direction,
		folders: p.Ends[plan.Left].Title + " · " + p.Ends[plan.Right].Title,
		running: ps.State == engine.StateSyncing, state: t.stateWord(ps.State),
		inStep: w.N("{{.n}} in step", c.InStep), excluded: w.N("{{.n}} excluded", c.Excluded), failing: w.N("{{.n}} failing", c.Failing),
		anyExcluded: c.Excluded > 0, anyFailing: c.Failing > 0,
		doing: t.last(p, ps), note: t.note(p, ps),
	}
	switch {
	case v.running:
		v.mark, v.doing = markSyncing, t.doing(p, ps)
		if ps.Total > 0 {
			v.state = w.T("{{.done}} of {{.total}}", "done", ps.Done, "total", ps.Total)
			v.share = min(1, float32(ps.Done)/float32(ps.Total))
		}
	case t.status.State == engine.StateSignedOut:
		v.state = t.stateWord(engine.StateSignedOut)
	case ps.State == engine.StateAttention:
		v.mark, v.state = markAttention, t.attention(ps)
	case !t.paused.IsZero():
		v.mark, v.state = markPaused, t.pausedWord()
	case t.stale(ps.LastSuccess):
		v.mark, v.state = markAttention, t.attention(ps)
	case t.nothingFound(p, ps):
		v.mark, v.state = markAttention, w.T("Nothing found")
	case ps.State == engine.StateOffline:
		v.mark = markOffline
	case ps.State == engine.StateInStep:
		v.mark = markInStep
	}
	if !v.running && t.stale(ps.LastSuccess) && t.paused.IsZero() {
		v.doing, v.warns = t.noSuccess(ps.LastSuccess), true
	}
	return v
}

// attention names the most urgent thing of a pair.
func (t teller) attention(ps engine.PairStatus) string {
	switch {
	case ps.Stop != nil:
		return t.words.N("{{.n}} questions", 1)
	case ps.Err == nil && ps.Problems > 0:
		return t.words.N("{{.n}} problems", ps.Problems)
	}
	return t.words.T("Needs attention")
}

// doing tells what the run under way does, and where.
func (t teller) doing(p state.Pair, ps engine.PairStatus) string {
	name := t.side(p, ps.Side)
	switch ps.Stage {
	case engine.Discovering:
		if ps.Done > 0 {
			return t.words.N("reading from {{.name}}: {{.n}}", ps.Done, "name", name)
		}
		return t.words.T("reading from {{.name}}", "name", name)
	case engine.Applying:
		return t.words.T("writing to {{.name}}", "name", name)
	}
	return t.words.T("comparing both sides")
}

// last tells when a pair was last in step, and what its last run wrote and cost.
func (t teller) last(p state.Pair, ps engine.PairStatus) string {
	run, ran := t.lastRun(p.ID)
	if !ran || run.Outcome != engine.InStep && run.Outcome != engine.Waiting {
		return t.lastSuccess(ps.LastSuccess)
	}
	r := report(run)
	said := []string{t.lastSuccess(run.Ended), t.words.N("{{.n}} written", r.Wrote())}
	if r.Credits > 0 {
		said = append(said, t.words.N("{{.n}} credits", r.Credits))
	}
	return strings.Join(said, ", ")
}

// remedy is what the button of a note does.
type remedy int

const (
	noRemedy remedy = iota
	doAnswer
	doSignIn   // to Zoho CRM
	doSettings // where accounts and folders are
	doRetry
)

// noteView says what is wrong with a pair, with one button.
type noteView struct {
	asks         bool // a question or a hint, not an error
	title, words string
	button       string
	remedy       remedy
	details      Explained // of an error
}

// note tells what keeps a pair from being in step as a whole: a question, an error, or that both sides are empty.
func (t teller) note(p state.Pair, ps engine.PairStatus) noteView {
	w := t.words
	switch {
	case ps.Stop != nil:
		q := t.question(p, stopped(*ps.Stop))
		return noteView{asks: true, title: q.title, words: q.calm, button: w.T("Answer…"), remedy: doAnswer}
	case ps.Err != nil && ps.State != engine.StateOffline && ps.State != engine.StateSyncing:
		e := t.errs[p.ID]
		v := noteView{title: e.Sentence, words: e.Next, details: e}
		v.button, v.remedy = t.remedy(p, ps.Err)
		return v
	case t.nothingFound(p, ps):
		return noteView{
			asks: true, title: w.T("Both sides answered, but with 0 items"), words: t.asked(p),
			button: w.T("Change folder…"), remedy: doSettings,
		}
	}
	return noteView{}
}

func (t teller) remedy(p state.Pair, err error) (label string, do remedy) {
	var end *engine.EndError
	side := plan.Left
	if errors.As(err, &end) {
		side = end.Side
	}
	switch {
	case errors.Is(err, provider.ErrAuth) && t.service(p, side) == zoho:
		return t.words.T("Sign In Again…"), doSignIn
	case errors.Is(err, provider.ErrAuth):
		return t.words.T("Sign In Again…"), doSettings
	case errors.Is(err, provider.ErrGone):
		return t.words.T("Change folder…"), doSettings
	}
	return t.words.T("Retry"), doRetry
}

// nothingFound: a first run that found nothing on either side is not simply in step.
func (t teller) nothingFound(p state.Pair, ps engine.PairStatus) bool {
	return !ps.LastSuccess.IsZero() && ps.State != engine.StateSyncing && t.counts[p.ID] == Counts{}
}

// allEmpty: no pair found anything.
func (t teller) allEmpty() bool {
	for _, p := range t.pairs {
		if _, ps, ok := t.find(p.ID); !ok || !t.nothingFound(p, ps) {
			return false
		}
	}
	return len(t.pairs) > 0
}

// asked tells what was asked of both sides.
func (t teller) asked(p state.Pair) string {
	w := t.words
	args := []any{
		"left", t.side(p, plan.Left), "leftFolder", p.Ends[plan.Left].Title,
		"right", t.side(p, plan.Right), "rightFolder", p.Ends[plan.Right].Title,
	}
	if p.FromDays == 0 && p.UntilDays == 0 {
		return w.T("“{{.leftFolder}}” in {{.left}} and “{{.rightFolder}}” in {{.right}} were asked for everything. Are they the right ones?", args...)
	}
	day := t.now
	args = append(args, "from", w.Day(day.AddDate(0, 0, -p.FromDays)), "until", w.Day(day.AddDate(0, 0, p.UntilDays)))
	return w.T("“{{.leftFolder}}” in {{.left}} and “{{.rightFolder}}” in {{.right}} were asked for {{.from}} to {{.until}}. Are they the right ones?", args...)
}
