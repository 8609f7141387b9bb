package state

import (
	"context"
	"errors"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// Run is one execution of a plan.
type Run struct {
	ID      int64     `json:"id"`
	Pair    string    `json:"pair"`
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended"`
	Outcome string    `json:"outcome"`
	Report  string    `json:"report"` // JSON
	Undoes  int64     `json:"undoes"` // the run that it took back, 0: none, or Everything
	Undone  int64     `json:"undone"` // the last run that took it back, 0: none
	Writes  bool      `json:"writes"` // its journal holds writes
}

// Entry is one line of a run's journal.
type Entry struct {
	Side   plan.Side
	Item   record.ID
	Op     string
	Before record.Record
	Raw    []byte
	Patch  record.Patch
	Done   bool // known to be carried out

	Link     int64
	Was      [2]record.Item  // both items before the write, the written one without its record
	Origin   string          // where the linked item came from: left, right or both
	After    record.Record   // what the item held then; nil where it is not known, or was deleted
	Revision record.Revision // of it; "" where it is not known
}

// Keeping is how long before-images are kept.
const Keeping = 30 * 24 * time.Hour

// Everything is what a run undoes that removes all that was created on a side, whatever run did it.
const Everything int64 = -1

// BeginRun opens a run and forgets those whose time is over.
func (s *State) BeginRun(ctx context.Context, pair string, at time.Time) (int64, error) {
	return s.BeginUndo(ctx, pair, 0, at)
}

// BeginUndo is BeginRun for a run that takes another one back, or Everything.
func (s *State) BeginUndo(ctx context.Context, pair string, undoes int64, at time.Time) (int64, error) {
	var id int64
	err := s.write(ctx, func(t *tx) {
		t.run("forget-runs", stamp(at.Add(-Keeping)))
		t.run("forget-questions", stamp(at.Add(-Keeping)))
		id = t.insert("insert-run", pair, stamp(at), undoes)
	})
	return id, err
}

// EndRun closes a run. When everything is in step the pair's last success moves.
func (s *State) EndRun(ctx context.Context, id int64, pair, outcome, report string, inStep bool, at time.Time) error {
	return s.write(ctx, func(t *tx) {
		t.run("end-run", stamp(at), outcome, report, id)
		if inStep {
			t.run("succeed-pair", stamp(at), pair)
		}
	})
}

// ListRuns returns the last runs, the newest first.
func (s *State) ListRuns(ctx context.Context, most int) ([]Run, error) {
	var out []Run
	err := s.each(ctx, "list-runs", []any{most}, func(scan func(...any) error) error {
		var r Run
		var began, ended string
		err := scan(&r.ID, &r.Pair, &began, &ended, &r.Outcome, &r.Report, &r.Undoes, &r.Undone, &r.Writes)
		r.Began, r.Ended = unstamp(began), unstamp(ended)
		out = append(out, r)
		return err
	})
	return out, err
}

// LastRuns returns the last runs of a pair that came to their end, the newest first, with ID, outcome and report. A failed one
// that kept no reason was stopped by a person, and is left out.
func (s *State) LastRuns(ctx context.Context, pair string, most int) ([]Run, error) {
	var out []Run
	err := s.each(ctx, "last-runs", []any{pair, most}, func(scan func(...any) error) error {
		r := Run{Pair: pair}
		err := scan(&r.ID, &r.Outcome, &r.Report)
		out = append(out, r)
		return err
	})
	return out, err
}

// GetRun returns one run, or ErrNotFound: there was none of this number, its time is over, or the state was lost since.
func (s *State) GetRun(ctx context.Context, id int64) (Run, error) {
	all, err := s.ListRuns(ctx, -1)
	if err != nil {
		return Run{}, err
	}
	for _, r := range all {
		if r.ID == id {
			return r, nil
		}
	}
	return Run{}, ErrNotFound
}

// ListJournal returns what a run changed, in its order.
func (s *State) ListJournal(ctx context.Context, run int64) ([]Entry, error) {
	var out []Entry
	err := s.each(ctx, "list-journal", []any{run}, func(scan func(...any) error) error {
		var e Entry
		var before, patch, both, after string
		if err := scan(&e.Side, &e.Item, &e.Op, &before, &e.Raw, &patch, &e.Done, &e.Link, &both, &after, &e.Revision); err != nil {
			return err
		}
		var w was
		err := errors.Join(fromJSON(before, &e.Before), fromJSON(patch, &e.Patch), fromJSON(both, &w), fromJSON(after, &e.After))
		e.Was, e.Origin = w.Items, w.Origin
		out = append(out, e)
		return err
	})
	return out, err
}

// Problem is a problem of one item.
type Problem struct {
	plan.Problem
	Item  record.ID
	Title string // the item's name, for the screen
	Day   string // of the item, see record.Day, in the zone of this computer; "" for one without a time
	Extra string // how many values the item holds that no field stands for, "" for none
}

// ListProblems returns everything of a pair that is not in step, with its reason.
func (s *State) ListProblems(ctx context.Context, p Pair) ([]Problem, error) {
	var out []Problem
	err := s.each(ctx, "list-problems", []any{p.ID}, func(scan func(...any) error) error {
		var pr Problem
		var rec string
		if err := scan(&pr.Side, &pr.Item, &pr.Code, &pr.Field, &pr.Title, &rec); err != nil {
			return err
		}
		var r record.Record
		err := fromJSON(rec, &r)
		if pr.Title == "" {
			pr.Title = r.Name(p.Kind)
		}
		pr.Day = r.Day(p.Kind, time.Local)
		pr.Extra = r[record.Extra]
		out = append(out, pr)
		return err
	})
	return out, err
}

// Link is one pair of items that belong together.
type Link struct {
	ID   int64
	IDs  [2]record.ID
	Held string
}

// ListLinks returns all links of a pair.
func (s *State) ListLinks(ctx context.Context, pair string) ([]Link, error) {
	var out []Link
	err := s.each(ctx, "list-links", []any{pair}, func(scan func(...any) error) error {
		var l Link
		err := scan(&l.ID, &l.IDs[plan.Left], &l.IDs[plan.Right], &l.Held)
		out = append(out, l)
		return err
	})
	return out, err
}

// MoveWindow remembers the window of a pair. When it is another than before, what lay outside is planned anew.
func (s *State) MoveWindow(ctx context.Context, pair string, w record.Window) error {
	return s.changed(ctx, "window:"+pair, stamp(w.From)+"/"+stamp(w.Until), func(t *tx) {
		t.run("dirty-coded", pair, plan.OutWindow, plan.CodeOutOfReach)
	})
}

// ChangeRules remembers a digest of all that decides about a pair, services' limits too. When it is another than before,
// everything is planned anew: what could not be written may be written now.
func (s *State) ChangeRules(ctx context.Context, pair, digest string) error {
	return s.changed(ctx, "rules:"+pair, digest, func(t *tx) { t.run("dirty-all", pair) })
}

// changed stores a setting and does what follows from its change, in one transaction.
func (s *State) changed(ctx context.Context, name, value string, do func(*tx)) error {
	old, err := s.GetSetting(ctx, name)
	if err != nil || old == value {
		return err
	}
	return s.write(ctx, func(t *tx) {
		do(t)
		t.run("store-setting", name, value)
	})
}

// GetSetting returns a setting, "" when it was never stored.
func (s *State) GetSetting(ctx context.Context, name string) (string, error) {
	value := ""
	err := s.each(ctx, "get-setting", []any{name}, func(scan func(...any) error) error { return scan(&value) })
	return value, err
}

// StoreSetting stores a setting.
func (s *State) StoreSetting(ctx context.Context, name, value string) error {
	return s.write(ctx, func(t *tx) { t.run("store-setting", name, value) })
}
