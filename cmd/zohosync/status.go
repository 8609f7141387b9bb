package main

import (
	"context"
	"slices"
	"strconv"
	"time"

	"zohosync/assets"
	"zohosync/sync/engine"
)

type statusCmd struct{}

// shownStatus is the status as JSON prints it.
type shownStatus struct {
	State       string            `json:"state"`
	LastSuccess *time.Time        `json:"last_success"`
	Problems    int               `json:"problems"`
	Waiting     int               `json:"waiting"`
	Pairs       []shownPairStatus `json:"pairs"`
}

type shownPairStatus struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	State    string `json:"state"`
	Problems int    `json:"problems"`

	Error *explained `json:"error,omitempty"`              // why the last run failed
	Other *time.Time `json:"other_installation,omitempty"` // when another installation was last seen at work
}

// Run prints how things stand since the last sync. Nothing is sent.
func (statusCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	s, err := h.engine(engine.Options{}).Status(ctx)
	if err != nil {
		return err
	}
	if err := t.status(s); err != nil {
		return err
	}
	return codeOfStatus(s)
}

// codeOfStatus is attention where a pair needs it or its last run failed, also if the state of the whole is another, such as
// syncing or paused.
func codeOfStatus(s engine.Status) error {
	if s.State == engine.StateAttention || slices.ContainsFunc(s.Pairs, func(p engine.PairStatus) bool { return p.State == engine.StateAttention || p.Err != nil }) {
		return attention
	}
	return nil
}

func (t *terminal) status(s engine.Status) error {
	shown := shownStatus{State: s.State, Problems: s.Problems, Waiting: s.Waiting, Pairs: []shownPairStatus{}}
	if !s.LastSuccess.IsZero() {
		shown.LastSuccess = &s.LastSuccess
	}
	w, rows := t.words, [][]string{}
	for _, p := range s.Pairs {
		one := shownPairStatus{ID: p.ID, Title: p.Title, State: p.State, Problems: p.Problems}
		if !p.Other.IsZero() {
			one.Other = &p.Other
		}
		if p.Err != nil {
			e := t.explain(p.Err)
			one.Error = &e
		}
		shown.Pairs = append(shown.Pairs, one)
		rows = append(rows, []string{p.ID, p.Title, stateWord(p.State, w), strconv.Itoa(p.Problems)})
	}
	if t.json {
		return t.show(shown)
	}
	line := stateWord(s.State, w)
	if !s.LastSuccess.IsZero() {
		at := s.LastSuccess.Local()
		line += ", " + w.T("last sync {{.date}}, {{.time}}", "date", w.Day(at), "time", w.Clock(at))
	}
	t.say(line)
	t.table([]string{w.T("PAIR"), w.T("SIDES"), w.T("STATE"), w.T("PROBLEMS")}, rows, w.T("No pairs yet"))
	for i, p := range s.Pairs {
		if e := shown.Pairs[i].Error; e != nil {
			t.say(p.ID + ": " + e.Sentence + " " + e.Next)
		}
		if !p.Other.IsZero() {
			at := p.Other.Local()
			t.say(p.ID + ": " + w.T(otherInstallation) + " " + w.T("It was last seen on {{.date}}, {{.time}}.", "date", w.Day(at), "time", w.Clock(at)))
		}
	}
	return nil
}

// stateWord puts a state of the engine into words.
func stateWord(state string, w *assets.Words) string {
	switch state {
	case engine.StateStarting:
		return w.T("not synced yet")
	case engine.StateSignedOut:
		return w.T("signed out")
	case engine.StateInStep:
		return w.T("in step")
	case engine.StateSyncing:
		return w.T("syncing")
	case engine.StatePaused:
		return w.T("paused")
	case engine.StateOffline:
		return w.T("offline")
	}
	return w.T("needs attention")
}
