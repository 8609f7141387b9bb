package main

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"zohosync/assets"
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/record"
)

type conflictsCmd struct {
	List    conflictListCmd    `cmd:"" default:"withargs" help:"List the fields that both sides had changed differently: who won, and the value that lost. Values that were replaced are kept for 30 days."`
	Restore conflictRestoreCmd `cmd:"" help:"Give a value that lost back to both sides, if the field still holds the one that won."`
}

type conflictListCmd struct {
	Pair string `help:"Only this pair." placeholder:"PAIR"`
}

// shownConflict is a conflict as JSON prints it.
type shownConflict struct {
	ID       int64        `json:"id"`
	Pair     string       `json:"pair"`
	Run      int64        `json:"run"`
	At       time.Time    `json:"at"`
	Item     record.ID    `json:"item"` // of the side that lost
	Title    string       `json:"title"`
	Field    record.Field `json:"field"`
	Winner   string       `json:"winner"`
	Lost     string       `json:"lost"`     // the value that lost
	Won      string       `json:"won"`      // the value that won
	Restored *time.Time   `json:"restored"` // null: it was not given back
}

func showConflict(c engine.Conflict) shownConflict {
	s := shownConflict{
		ID: c.ID, Pair: c.Pair, Run: c.Run, At: c.At, Item: c.Item, Title: c.Title, Field: c.Field,
		Winner: c.Loser.Other().String(), Lost: c.Lost, Won: c.Won,
	}
	if !c.Restored.IsZero() {
		s.Restored = &c.Restored
	}
	return s
}

// Run lists the conflicts of the last 30 days.
func (l conflictListCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	if l.Pair != "" {
		if _, err := h.pair(ctx, l.Pair); err != nil {
			return err
		}
	}
	all, err := h.engine(engine.Options{}).Conflicts(ctx, l.Pair)
	if err != nil {
		return err
	}
	w := t.words
	shown, rows := []shownConflict{}, [][]string{}
	for _, c := range all {
		shown = append(shown, showConflict(c))
		at, state := c.At.Local(), ""
		if !c.Restored.IsZero() {
			state = w.T("restored")
		}
		rows = append(rows, []string{
			strconv.FormatInt(c.ID, 10), c.Pair, w.Day(at) + ", " + w.Clock(at), c.Title, t.label(c.Kind, c.Field),
			c.Ends[c.Loser.Other()].Account, brief(c.Lost, w), state,
		})
	}
	heading := []string{w.T("NUMBER"), w.T("PAIR"), w.T("BEGAN"), w.T("ITEM"), w.T("FIELD"), w.T("WON"), w.T("LOST VALUE"), ""}
	return t.list(shown, heading, rows, w.T("No conflicts"))
}

// brief is a value as a table has room for it.
func brief(v string, w *assets.Words) string {
	const room = 60
	if v == "" {
		return w.T("(empty)")
	}
	v = strings.Join(strings.Fields(v), " ")
	if runes := []rune(v); len(runes) > room {
		return string(runes[:room-1]) + "…"
	}
	return v
}

type conflictRestoreCmd struct {
	ID int64 `arg:"" help:"The number of the conflict, as zohosync conflicts prints it."`
}

// Run syncs the pair of a conflict and gives the value that lost back.
func (r conflictRestoreCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	e := h.engine(engine.Options{Log: c.logger(t)})
	report, err := e.RestoreConflict(ctx, r.ID)
	if errors.Is(err, engine.ErrGuard) {
		t.note(t.words.T("The pair waits for an answer, so nothing was given back. zohosync sync tells what it asks."))
		return guarded
	}
	if err != nil {
		return err
	}
	all, err := e.Conflicts(ctx, report.ID)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.ID == r.ID {
			said := t.words.T("{{.name}} of {{.item}} holds the other value again.", "name", t.label(c.Kind, c.Field), "item", oneLine([]string{c.Title})[0])
			return t.result(showConflict(c), said)
		}
	}
	return engine.ErrNoConflict
}

// conflictCauses are the reasons for which a value is not given back.
func conflictCauses() []cause {
	return []cause{
		{engine.ErrNoConflict, "no-conflict"},
		{engine.ErrNotTaken, "not-taken"},
		{plan.ErrEdited, "value-edited"},
		{plan.ErrApart, "apart"},
		{plan.ErrOneSide, "one-way"},
	}
}
