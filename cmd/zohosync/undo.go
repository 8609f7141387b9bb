package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// errNeedsYes says that a command asks first, and that nobody can answer.
var errNeedsYes = errors.New("nobody can answer the question of this command")

// errUndoStopped says that an undo was stopped while it wrote: no sync goes on with it.
var errUndoStopped = errors.New("the undo was stopped")

type undoCmd struct {
	Number  int64  `arg:"" optional:"" name:"run" help:"The number of the run, as zohosync history lists it."`
	Created string `help:"Instead of a run: remove what ZohoSync created in this pair on the side that --side names, whatever run did it, also after its data was lost. Partners on the other side stay." placeholder:"PAIR"`
	Side    string `help:"With --created: left (Zoho CRM), right, or the name of the account." placeholder:"SIDE"`
	Edited  bool   `help:"With --created: remove also what somebody edited since, where the other side holds it all."`
	DryRun  bool   `name:"dry-run" help:"Only tell what would go back."`
	Plan    string `help:"Take back exactly what --dry-run printed under this name, or nothing. Exit code 4: it would be something else by now." placeholder:"ID"`
	Yes     bool   `help:"Do not ask first."`
	Confirm []int  `help:"Go on although a guard stopped it, with the number that it named." placeholder:"N"`
}

// Run shows what would go back, asks, and takes the run back.
func (u undoCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	if err := u.check(); err != nil {
		return err
	}
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	pairs, err := h.state.ListPairs(ctx)
	if err != nil {
		return err
	}
	watch := newWatcher(t, pairs)
	undo, err := u.carryOut(h.engine(engine.Options{Log: c.logger(t), Progress: watch.show}), pairs)
	if err != nil {
		return err
	}
	o := engine.RunOptions{Confirm: u.Confirm, Plan: u.Plan, Edited: u.Edited}
	// What was created is never removed without the plan that was shown, even to who is not asked.
	if u.DryRun || u.Plan == "" && (!u.Yes || u.Created != "") {
		preview, err := undo(ctx, engine.RunOptions{DryRun: true, Confirm: u.Confirm, Edited: u.Edited})
		watch.clear()
		if ended, err := u.previewed(t, pairs, preview, err); ended {
			return err
		}
		o.Plan = preview.PlanID
	}
	report, err := undo(ctx, o)
	watch.clear()
	return u.tell(t, pairs, report, stoppedUndo(err))
}

// stoppedUndo marks the error of an undo that a person stopped.
func stoppedUndo(err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w: %w", errUndoStopped, err)
	}
	return err
}

// previewed shows what would go back and says whether that was all: nothing would, or the person does not want it.
func (u undoCmd) previewed(t *terminal, pairs []state.Pair, r engine.Report, err error) (ended bool, _ error) {
	if err == nil && !u.DryRun && !u.Yes && (t.json || !t.asks) {
		return true, errNeedsYes
	}
	if u.Yes && t.json && err == nil {
		return false, nil // JSON is one document: that of what was done, which is exactly this.
	}
	told := u.tell(t, pairs, r, stoppedUndo(err))
	if u.DryRun || err != nil || len(r.Plan) == 0 {
		return true, told
	}
	if u.Yes {
		return false, nil
	}
	yes, err := t.ask(t.words.T("Take this back now?"))
	if err == nil && !yes {
		t.say(t.words.T("Nothing was changed."))
	}
	return !yes || err != nil, err
}

// ask asks the person at the terminal; only a clear yes is one.
func (t *terminal) ask(question string) (bool, error) {
	if !t.asks {
		return false, errNeedsYes
	}
	yes := t.words.T("y")
	fmt.Fprintf(t.err, "%s [%s/N] ", question, yes)
	line, err := bufio.NewReader(t.in).ReadString('\n')
	if err != nil && line == "" {
		return false, errNeedsYes
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer != "" && (strings.HasPrefix(answer, yes) || answer == "y" || answer == "yes"), nil
}

// tell prints what an undo did, or would do, and returns the exit code.
func (u undoCmd) tell(t *terminal, pairs []state.Pair, r engine.Report, err error) error {
	if errors.Is(err, engine.ErrNoRun) || errors.Is(err, engine.ErrNoMarks) {
		return err
	}
	p := pairOf(pairs, r.ID)
	result := t.judge(p, r, err)
	if errors.Is(err, errUndoStopped) {
		result.Error.Next += " zohosync undo " + u.what(r)
	}
	code := codeOfRun(r, err)
	if t.json {
		if err := t.show(result); err != nil {
			return err
		}
		return code
	}
	if result.Error != nil && !errors.Is(err, engine.ErrMoved) {
		t.tell(*result.Error)
		return code
	}
	u.words(t, p, result)
	return code
}

func pairOf(pairs []state.Pair, id string) state.Pair {
	for _, p := range pairs {
		if p.ID == id {
			return p
		}
	}
	return state.Pair{ID: id}
}

func (u undoCmd) words(t *terminal, p state.Pair, r syncedPair) {
	w, what := t.words, u.what(r.Report)
	title := p.ID + ": " + endName(p.Ends[plan.Left]) + " – " + endName(p.Ends[plan.Right])
	if r.Run == 0 || r.Error != nil {
		title += " (" + w.T("nothing is written") + ")"
	}
	t.say(oneLine([]string{title})[0])
	if r.Error != nil {
		t.tell(*r.Error)
	}
	counts := func(side plan.Side, c engine.Counts) []string {
		row := []string{"  " + p.Ends[side].Account}
		for _, n := range []int{c.Restored, c.Created, c.Updated, c.Deleted} {
			row = append(row, strconv.Itoa(n))
		}
		return row
	}
	t.table([]string{"", w.T("BROUGHT BACK"), w.T("CREATED"), w.T("UPDATED"), w.T("DELETED")},
		[][]string{counts(plan.Left, r.Left), counts(plan.Right, r.Right)}, "")
	t.changes(p, r.Plan)
	t.problems(p, r.Items)
	if r.Unknown > 0 {
		t.say("  " + w.N("Of {{.n}} items nothing tells who made them, so they stay.", r.Unknown))
	}
	switch {
	case r.Stop != nil:
		t.undoGuard(p, what+u.confirmed(), *r.Stop)
	case r.PlanID != "" && len(r.Plan) == 0:
		t.say("  " + w.T("There is nothing to take back."))
	case r.PlanID != "":
		t.say("  " + w.T("To carry out exactly this:") + " zohosync undo " + what + " --plan " + r.PlanID + u.confirmed())
	default:
		if r.CreatedOn != "" {
			t.say("  " + w.T("The pair goes on: what is new or edited comes over again. To end it:") + " zohosync pair remove " + p.ID)
		}
		t.say("  " + w.T("What is on one side only stays so until you edit it, or say:") + " zohosync sync " + p.ID + " --again")
		t.say("  " + w.T("To take this undo back:") + " zohosync undo " + strconv.FormatInt(r.Run, 10))
	}
}

// undoGuard says why an undo stopped, and what to type when it is meant.
func (t *terminal) undoGuard(p state.Pair, what string, g plan.Guard) {
	w := t.words
	sentence, next := reason(g.Code, w)
	t.say("  " + sentence)
	t.say("  " + w.T("Number: {{.n}}, on the side of {{.name}}.", "n", g.Number, "name", endName(p.Ends[g.Side])))
	t.say("  " + next)
	t.say(fmt.Sprintf("  zohosync undo %s --confirm %d", what, g.Number))
}
