package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"zohosync/assets"
	"zohosync/sync/engine"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

type historyCmd struct {
	Number int64 `arg:"" optional:"" name:"run" help:"The number of a run: list what it changed, without the values."`
	Last   int   `help:"How many runs." default:"20" placeholder:"N"`
}

// ranRun is a run as JSON prints it.
type ranRun struct {
	ID        int64         `json:"id"`
	Pair      string        `json:"pair"`
	Began     time.Time     `json:"began"`
	Ended     *time.Time    `json:"ended"` // null: it did not come to its end
	Outcome   string        `json:"outcome"`
	Left      engine.Counts `json:"left"`
	Right     engine.Counts `json:"right"`
	Conflicts int           `json:"conflicts"`
	Credits   int           `json:"credits"`
	Undoable  bool          `json:"undoable"`            // it wrote something, which undo takes back
	Undoes    int64         `json:"undoes,omitempty"`    // the run that it took back
	Removal   bool          `json:"removal,omitempty"`   // it removed what was created on a side
	UndoneBy  int64         `json:"undone_by,omitempty"` // the last run that took it back
}

// changed is one line of a run's journal as JSON prints it: what was done to what, never the values.
type changed struct {
	Side   string         `json:"side"`
	Item   record.ID      `json:"item"`
	Op     string         `json:"op"`
	Fields []record.Field `json:"fields"`
	Done   bool           `json:"done"` // false: sent, but no answer came
}

// Run lists the last runs, or what one of them changed.
func (c historyCmd) Run(ctx context.Context, t *terminal, all *commands) (err error) {
	if c.Last < 1 {
		return badInput("--last is a number of runs, 1 or more")
	}
	h, err := openHome(all, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	if c.Number != 0 {
		return t.journal(ctx, h, c.Number)
	}
	runs, err := h.state.ListRuns(ctx, c.Last)
	if err != nil {
		return err
	}
	return t.runs(runs)
}

func (t *terminal) runs(runs []state.Run) error {
	w := t.words
	shown, rows := []ranRun{}, [][]string{}
	for _, r := range runs {
		s := showRun(r)
		shown = append(shown, s)
		began := r.Began.Local()
		rows = append(rows, []string{
			strconv.FormatInt(r.ID, 10), r.Pair, w.Day(began) + ", " + w.Clock(began), outcomeWord(r, w),
			strconv.Itoa(s.Left.Created + s.Left.Restored + s.Right.Created + s.Right.Restored), strconv.Itoa(s.Left.Updated + s.Right.Updated),
			strconv.Itoa(s.Left.Deleted + s.Right.Deleted), t.undoWord(s),
		})
	}
	heading := []string{w.T("RUN"), w.T("PAIR"), w.T("BEGAN"), w.T("OUTCOME"), w.T("CREATED"), w.T("UPDATED"), w.T("DELETED"), w.T("UNDO")}
	return t.list(shown, heading, rows, w.T("No runs yet"))
}

// undoWord says whether a run can be taken back, or was.
func (t *terminal) undoWord(r ranRun) string {
	w, number := t.words, func(n int64) string { return strconv.FormatInt(n, 10) }
	switch {
	case r.UndoneBy != 0:
		return w.T("undone by {{.run}}", "run", number(r.UndoneBy))
	case r.Removal:
		return w.T("removed what was created")
	case r.Undoes != 0:
		return w.T("undoes {{.run}}", "run", number(r.Undoes))
	case r.Undoable:
		return w.T("possible")
	}
	return ""
}

func showRun(r state.Run) ranRun {
	var report engine.Report
	// A run that was killed left no report.
	_ = json.Unmarshal([]byte(r.Report), &report)
	s := ranRun{
		ID: r.ID, Pair: r.Pair, Began: r.Began, Outcome: r.Outcome, Left: report.Left, Right: report.Right,
		Conflicts: report.Conflicts, Credits: report.Credits, Undoable: r.Writes, Undoes: r.Undoes, UndoneBy: r.Undone,
	}
	if r.Undoes == state.Everything {
		s.Undoes, s.Removal = 0, true
	}
	if !r.Ended.IsZero() {
		s.Ended = &r.Ended
	}
	return s
}

// outcomeWord puts the outcome of a run into words.
func outcomeWord(r state.Run, w *assets.Words) string {
	switch r.Outcome {
	case engine.InStep:
		return w.T("in step")
	case engine.Waiting:
		return w.T("some items wait")
	case engine.Stopped:
		return w.T("stopped by a guard")
	case engine.Failed:
		return w.T("failed")
	case engine.Undid:
		return w.T("took a run back")
	}
	return w.T("not ended")
}

// journal prints what a run changed.
func (t *terminal) journal(ctx context.Context, h *home, id int64) error {
	runs, err := h.state.ListRuns(ctx, -1)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(runs, func(r state.Run) bool { return r.ID == id })
	if at < 0 {
		return fmt.Errorf("%w: run %d", engine.ErrNoRun, id)
	}
	p, err := h.pair(ctx, runs[at].Pair)
	if err != nil {
		return err
	}
	entries, err := h.state.ListJournal(ctx, id)
	if err != nil {
		return err
	}
	w := t.words
	shown, rows := []changed{}, [][]string{}
	for _, e := range entries {
		touched := slices.Sorted(maps.Keys(e.Patch))
		if e.Op == conflict {
			touched = slices.Sorted(maps.Keys(e.Before)) // the values that lost
		}
		c := changed{e.Side.String(), e.Item, e.Op, nonNil(touched), e.Done}
		shown = append(shown, c)
		var fields []string
		for _, f := range c.Fields {
			fields = append(fields, t.label(p.Kind, f))
		}
		answered := ""
		if !e.Done {
			answered = w.T("no answer came")
		}
		rows = append(rows, []string{p.Ends[e.Side].Account, t.journalled(e.Op), string(e.Item), strings.Join(fields, ", "), answered})
	}
	heading := []string{w.T("WHERE"), w.T("WHAT"), w.T("ITEM"), w.T("FIELDS"), ""}
	return t.list(shown, heading, rows, w.T("This run changed nothing."))
}

// conflict is what the journal calls a field that both sides changed differently.
const conflict = "conflict"

// journalled names an operation of the journal.
func (t *terminal) journalled(op string) string {
	if op == conflict {
		return t.words.T("conflict")
	}
	return t.operation(record.Op(op))
}
