package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"

	"zohosync/assets"
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

type syncCmd struct {
	Pair    string `arg:"" optional:"" help:"The pair; without it all of them, one after the other."`
	DryRun  bool   `name:"dry-run" help:"Only tell what would be written."`
	Confirm []int  `help:"Short for answering a guard that names this number: go on as the rules of the pair say." placeholder:"N"`
	Retry   bool   `help:"Try again what has a problem, also where nothing changed since."`
	Plan    string `help:"Carry out exactly the plan of this name, as --dry-run printed it, or nothing. Exit code 4: it would be another one by now." placeholder:"ID"`
	Again   bool   `help:"Create anew what an undo left on one side only."`

	deep, mend bool // of zohosync check
}

// syncedPair is the outcome of one pair as JSON prints it.
type syncedPair struct {
	engine.Report
	Error *explained `json:"error,omitempty"`

	questions int // that wait
}

// Run syncs the pairs and says what came of it.
func (s syncCmd) Run(ctx context.Context, t *terminal, c *commands) error {
	results, code, err := s.carryOut(ctx, t, c)
	if err != nil {
		return err
	}
	if t.json {
		if err := t.show(map[string]any{"pairs": results}); err != nil {
			return err
		}
	} else if len(results) == 0 {
		t.say(t.words.T("No pairs yet"))
	}
	return code
}

// carryOut syncs one pair after the other and, unless JSON was asked for, prints each result as it comes.
func (s syncCmd) carryOut(ctx context.Context, t *terminal, c *commands) (results []syncedPair, code exit, err error) {
	if len(s.Confirm) > 0 && s.Pair == "" {
		return nil, failed, badInput("--confirm needs the pair that it is for")
	}
	if s.Plan != "" {
		if s.Pair == "" {
			s.Pair = pairOfPlan(s.Plan)
		}
		if s.DryRun || s.Pair == "" || s.Pair != pairOfPlan(s.Plan) {
			return nil, failed, errNoPlan
		}
	}
	h, err := openHome(c, t)
	if err != nil {
		return nil, failed, err
	}
	defer closing(h, &err)
	pairs, err := h.chosen(ctx, s.Pair)
	if s.Plan != "" && errors.Is(err, errNoSuch) {
		err = fmt.Errorf("%w: %w", errNoPlan, err)
	}
	if err != nil {
		return nil, failed, err
	}
	watch := newWatcher(t, pairs)
	e := h.engine(engine.Options{Log: c.logger(t), Progress: watch.show})
	results = []syncedPair{}
	for _, p := range pairs {
		report, err := e.Sync(ctx, p.ID, engine.RunOptions{DryRun: s.DryRun, Confirm: s.Confirm, Retry: s.Retry, Plan: s.Plan, Again: s.Again, Deep: s.deep, Mend: s.mend})
		watch.clear()
		result := t.judge(p, report, h.helped(ctx, err))
		code = worse(code, codeOfRun(report, err))
		if s.deep {
			if result.questions, err = countQuestions(ctx, e, p); err != nil {
				return results, failed, err
			}
		}
		results = append(results, result)
		if !t.json {
			t.reportPair(p, result, s.DryRun)
			if err := t.waitingQuestions(ctx, h, e, p, s.DryRun); err != nil {
				return results, failed, err
			}
			if s.deep && s.DryRun && result.questions > 0 {
				t.say("  " + t.words.N("{{.n}} questions wait for you: zohosync questions", result.questions))
			}
		}
		if ctx.Err() != nil {
			break
		}
	}
	return results, code, nil
}

// chosen returns the pair of this ID, or all.
func (h *home) chosen(ctx context.Context, id string) ([]state.Pair, error) {
	if id == "" {
		return h.state.ListPairs(ctx)
	}
	p, err := h.pair(ctx, id)
	return []state.Pair{p}, err
}

// codeOfRun is the exit code of one run.
func codeOfRun(r engine.Report, err error) exit {
	switch {
	case errors.Is(err, engine.ErrGuard):
		return guarded
	case errors.Is(err, engine.ErrMoved):
		return overtaken
	case err != nil:
		return failed
	case r.Waits():
		return attention
	}
	return inStep
}

// worse returns the code that a person has to know first: a guard waits for an answer, a pair that could not run comes
// before single items.
func worse(a, b exit) exit {
	rank := map[exit]int{inStep: 0, attention: 1, overtaken: 2, failed: 3, guarded: 4}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// judge puts the outcome of a run into words.
func (t *terminal) judge(p state.Pair, r engine.Report, err error) syncedPair {
	r.ID = p.ID
	if r.Items == nil {
		r.Items = []engine.Item{}
	}
	for i := range r.Items {
		sentence, next := assets.Problem(r.Items[i].Code)
		r.Items[i].Reason = t.words.T(sentence) + " " + t.words.T(next)
		if n := r.Items[i].Values; n > 0 {
			r.Items[i].Reason = t.words.N("{{.n}} values not representable.", n) + " " + r.Items[i].Reason
		}
	}
	result := syncedPair{Report: r}
	if err != nil && !errors.Is(err, engine.ErrGuard) {
		e := t.explain(err)
		result.Error = &e
	}
	return result
}

// reportPair prints the outcome of one pair for people.
func (t *terminal) reportPair(p state.Pair, r syncedPair, dry bool) {
	w := t.words
	title := p.ID + ": " + endName(p.Ends[plan.Left]) + " – " + endName(p.Ends[plan.Right])
	if dry {
		title += " (" + w.T("nothing is written") + ")"
	}
	t.say(oneLine([]string{title})[0])
	if r.Error != nil {
		t.tell(*r.Error)
		t.changes(p, r.Plan)
		t.planned(p, r.Report)
		return
	}
	counts := func(side plan.Side, c engine.Counts) []string {
		row := []string{"  " + p.Ends[side].Account}
		for _, n := range []int{c.Created, c.Updated, c.Deleted, c.Skipped, c.Requests} {
			row = append(row, strconv.Itoa(n))
		}
		return row
	}
	t.table([]string{"", w.T("CREATED"), w.T("UPDATED"), w.T("DELETED"), w.T("LEFT OUT"), w.T("REQUESTS")},
		[][]string{counts(plan.Left, r.Left), counts(plan.Right, r.Right)}, "")
	if r.Conflicts > 0 {
		t.say("  " + w.N("{{.n}} fields were changed differently on both sides; the rule of the pair decided.", r.Conflicts))
	}
	t.recognised(p, r.Report)
	t.changes(p, r.Plan)
	t.problems(p, r.Items)
	switch {
	case r.Stop != nil && dry:
		t.guard(p, *r.Stop)
	case r.Stop != nil:
	case dry:
		t.planned(p, r.Report)
	case r.Waits():
		t.say("  " + w.N("{{.n}} items are not in step.", waiting(r.Items)))
	default:
		t.say("  " + w.T("In step"))
	}
	if !dry && r.Run > 0 && r.Wrote() > 0 {
		t.say("  " + w.T("To take this back:") + " zohosync undo " + strconv.FormatInt(r.Run, 10))
	}
}

func waiting(items []engine.Item) (n int) {
	for _, it := range items {
		if !plan.Excluded(it.Code) {
			n++
		}
	}
	return n
}

func accountOf(p state.Pair, side string) string {
	for _, s := range plan.Sides {
		if s.String() == side {
			return p.Ends[s].Account
		}
	}
	return side
}

// label names a field for people.
func (t *terminal) label(k record.Kind, f record.Field) string {
	if f == "" {
		return ""
	}
	return t.words.T(record.Lookup(k, f).Label)
}

func (t *terminal) operation(op record.Op) string {
	switch op {
	case record.Create:
		return t.words.T("create")
	case record.Delete:
		return t.words.T("delete")
	case record.Restore:
		return t.words.T("bring back")
	}
	return t.words.T("change")
}

// problems prints what is not in step, and why.
func (t *terminal) problems(p state.Pair, items []engine.Item) {
	var rows [][]string
	for _, it := range items {
		rows = append(rows, []string{"  " + accountOf(p, it.Side), engine.Dated(it.Title, it.Day), t.label(p.Kind, it.Field), it.Reason})
	}
	if len(rows) > 0 {
		w := t.words
		t.table([]string{"  " + w.T("WHERE"), w.T("ITEM"), w.T("FIELD"), w.T("REASON")}, rows, "")
	}
}

// waitingQuestions prints the question that stopped a pair, and counts those for which only its items wait.
func (t *terminal) waitingQuestions(ctx context.Context, h *home, e *engine.Engine, p state.Pair, dry bool) error {
	if dry {
		return nil
	}
	all, err := e.Questions(ctx)
	if err != nil {
		return err
	}
	others := 0
	for _, q := range all {
		switch {
		case q.Pair != p.ID:
		case q.Stops:
			t.question(t.asked(h, q))
		default:
			others++
		}
	}
	if others > 0 {
		t.say("  " + t.words.N("{{.n}} questions wait for you: zohosync questions", others))
	}
	return nil
}

// countQuestions returns how many questions about a pair wait.
func countQuestions(ctx context.Context, e *engine.Engine, p state.Pair) (n int, _ error) {
	all, err := e.Questions(ctx)
	for _, q := range all {
		if q.Pair == p.ID {
			n++
		}
	}
	return n, err
}

// guard says of a dry run why a pair would stop.
func (t *terminal) guard(p state.Pair, g plan.Guard) {
	w := t.words
	sentence, next := assets.Problem(g.Code)
	t.say("  " + w.T(sentence))
	t.say("  " + w.T("Number: {{.n}}, on the side of {{.name}}.", "n", g.Number, "name", endName(p.Ends[g.Side])))
	t.say("  " + w.T(next))
}

// logger returns where the diary goes: nowhere, unless it was asked for.
func (c *commands) logger(t *terminal) *slog.Logger {
	if !c.Log {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(t.err, nil))
}
