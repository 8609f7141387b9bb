package ui

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// nameGuard and the id of a pair are the name of the window that asks about it.
const nameGuard = "guard:"

// asked is a question without its number: one that grows while nobody answers is still the same question.
type asked struct {
	pair, code string
	side       plan.Side
}

// questions remembers what was asked, so that nobody is asked twice.
type questions struct {
	asked map[asked]int // the number that was confirmed; 0: put off
	last  engine.Status
}

// fresh returns the pairs whose questions were not asked yet. A question that is settled is forgotten: should it come
// back, it is asked again. So is one that comes with another number than the one that was confirmed.
func (q *questions) fresh(s engine.Status) []string {
	q.last = s
	waiting := map[asked]int{}
	var pairs []string
	for _, p := range s.Pairs {
		if p.Stop == nil {
			continue
		}
		one := questionOf(p.ID, *p.Stop)
		confirmed, known := q.asked[one]
		if !known && p.Later {
			// Put off before the program was started.
			known = true
		}
		if !known || confirmed != 0 && confirmed != p.Stop.Number {
			pairs = append(pairs, p.ID)
			continue
		}
		waiting[one] = confirmed
	}
	q.asked = waiting
	return pairs
}

// note remembers that a question was asked, or answered for a number of items.
func (q *questions) note(pair string, confirmed int) {
	for _, p := range q.last.Pairs {
		if p.ID != pair || p.Stop == nil {
			continue
		}
		if q.asked == nil {
			q.asked = map[asked]int{}
		}
		q.asked[questionOf(pair, *p.Stop)] = confirmed
	}
}

func questionOf(pair string, g plan.Guard) asked { return asked{pair, g.Code, g.Side} }

// Ask opens a window for a question that a person was not asked yet: one at a time, the next one after the first is
// closed. It is given every new status, on the application's own goroutine.
func (w *Windows) Ask(s engine.Status) {
	for _, pair := range w.questions.fresh(s) {
		if w.asking() {
			return
		}
		w.Answer(pair)
	}
}

// Answer opens or raises the question about a pair, whether it was asked before or not.
func (w *Windows) Answer(pair string) {
	w.questions.note(pair, 0)
	w.build[nameGuard+pair] = newGuard
	w.show(nameGuard+pair, pair)
}

// asking tells whether a question is on the screen.
func (w *Windows) asking() bool {
	for name := range w.open {
		if strings.HasPrefix(name, nameGuard) {
			return true
		}
	}
	return false
}

// guardView asks about one pair that a guard stopped.
type guardView struct {
	kit    *kit
	pair   string
	room   *fyne.Container
	shown  questionView
	filled bool
}

const guardWidth = 600

func newGuard(k *kit, pair string) view {
	g := &guardView{kit: k, pair: pair, room: container.NewStack(middle(240, busy(k.words.T("One moment…"))))}
	k.feed(g.look)
	// The next question waits until this one is off the screen.
	k.atEnd(func() { k.loop.do(func() { k.windows.Ask(k.windows.questions.last) }) })
	return view{title: "ZohoSync", content: stack(0, g.room), size: fyne.NewSize(guardWidth, 120), fixed: true}
}

func (g *guardView) look() func(ctx context.Context) func() {
	return func(ctx context.Context) func() {
		o := overview{}
		var err error
		if o.status, err = g.kit.program.Status(ctx); err == nil {
			o.pairs, err = g.kit.program.Pairs(ctx)
		}
		if err == nil {
			o.accounts, err = g.kit.program.Accounts(ctx)
		}
		var asked []engine.Question
		if err == nil {
			asked, err = g.kit.program.Questions(ctx)
		}
		if err != nil {
			told := g.kit.program.Explain(err)
			return func() { g.failed(told) }
		}
		return func() { g.set(o, asked) }
	}
}

// set shows the question as it is now.
func (g *guardView) set(o overview, asked []engine.Question) {
	p, ps, ok := o.find(g.pair)
	at := slices.IndexFunc(asked, func(q engine.Question) bool { return q.Stops && q.Pair == g.pair })
	if !ok || ps.Stop == nil || at < 0 {
		g.settled()
		return
	}
	t := g.kit.teller(o)
	q := t.question(p, asked[at])
	if g.filled && reflect.DeepEqual(q, g.shown) {
		return
	}
	g.shown, g.filled = q, true
	g.ask(t, p, q)
}

// ask shows what happened and the ways out. The one that loses nothing has the focus, so that who types when the window
// appears does no harm.
func (g *guardView) ask(t teller, p state.Pair, q questionView) {
	k, w := g.kit, g.kit.words
	var ways []wayOut
	var later *button
	for _, one := range q.ways {
		answer := func() { g.answer(q, one.choice) }
		b := k.button(one.label, answer)
		if one.choice == plan.ChoiceLater {
			b = k.primary(one.label, answer)
			later = b
		}
		ways = append(ways, wayOut{b, one.meaning})
	}
	if q.look != "" {
		again := k.button(w.T("Look again now"), func() {
			k.close()
			k.program.SyncNow(g.pair, false)
		})
		ways = append([]wayOut{{again, q.look}}, ways...)
	}
	what := stack(12, body(joinSentences(q.words, q.calm)))
	pair := pairTitle(t.kinds[p.Kind], iconDirection(p.Direction), t.right(p), style{token: theme.ColorNamePlaceHolder})
	if q.problems {
		pair = spread(pair, k.link(w.T("Show problems"), func() { k.windows.Sync("") }))
	}
	if q.names != "" {
		what.Add(quiet(q.names))
	}
	what.Add(pair)
	g.put(fixedPage(
		columns([]float32{own, rest}, picture(iconWarning(), theme.ColorNameWarning, 28), heading(q.title)),
		gap(16), what, gap(16), rule(), gap(16), waysOut(ways), gap(6)))
	if later != nil {
		k.focus(later)
	}
}

// answer hands the decision to the program. Should that fail, the window says why and stays.
func (g *guardView) answer(q questionView, c plan.Choice) {
	k := g.kit
	k.run(func(ctx context.Context, tell func(show func())) {
		if err := k.program.Answer(ctx, q.id, c); err != nil {
			told := k.program.Explain(err)
			tell(func() { g.failed(told) })
			return
		}
		tell(func() {
			if c != plan.ChoiceLater {
				k.windows.questions.note(g.pair, q.number)
			}
			k.close()
		})
	})
}

// wayOut is a button and what it means.
type wayOut struct {
	button  *button
	meaning string
}

// waysOut puts buttons below each other, as wide as the widest, with their meanings beside them.
func waysOut(ways []wayOut) fyne.CanvasObject {
	width := float32(250)
	for _, one := range ways {
		width = max(width, one.button.MinSize().Width)
	}
	rows := stack(16)
	for _, one := range ways {
		rows.Add(columns([]float32{width, rest}, one.button, inset(4, 0, 0, 0, caption(one.meaning))))
	}
	return rows
}

func joinSentences(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// settled: the pair goes on, or was removed, while the question was on the screen.
func (g *guardView) settled() {
	k, w := g.kit, g.kit.words
	g.filled = false
	closing := k.primary(w.T("Close"), k.close)
	g.put(stack(0, fixedPage(note(noteSuccess, w.T("There is nothing to decide any more"),
		w.T("The pair was looked at again, and what stopped it is gone."))), footer(nil, closing)))
	k.focus(closing)
}

// failed says why the question cannot be shown.
func (g *guardView) failed(e Explained) {
	g.filled = false
	closing := g.kit.primary(g.kit.words.T("Close"), g.kit.close)
	g.put(stack(0, fixedPage(g.kit.problem(e)), footer(nil, closing)))
	g.kit.focus(closing)
}

// put fills the window, which grows with its words.
func (g *guardView) put(o fyne.CanvasObject) {
	show(g.room, o)
	g.kit.settle()
}
