package engine

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

// States of the whole and of a pair.
const (
	StateStarting  = "starting"
	StateSignedOut = "signed-out"
	StateInStep    = "in-step"
	StateSyncing   = "syncing"
	StateAttention = "attention"
	StatePaused    = "paused"
	StateOffline   = "offline"
)

// Status is all that people are shown of the engine at one moment.
type Status struct {
	State       string
	Done, Total int
	LastSuccess time.Time
	Problems    int       // items that are not in step
	Waiting     int       // questions: guards that stopped a pair
	PausedUntil time.Time // zero when there is no pause
	Pairs       []PairStatus
}

// PairStatus is the state of one pair.
type PairStatus struct {
	ID, Title   string
	State       string
	Stage       string    // of the run under way
	Side        plan.Side // on which it is at work
	Done, Total int
	Problems    int
	Stop        *plan.Guard // the question that waits
	Later       bool        // somebody saw it and decides later
	Err         error       // why the last run failed
	LastSuccess time.Time
	Other       time.Time // when another installation was last seen at work on this pair; zero when there is none
}

// board holds what the run under way shows, and who looks at it.
type board struct {
	mu      sync.Mutex
	now     *Progress
	errs    map[string]error // of the last run of each pair; nil when it ran
	misses  map[string]int   // runs in a row that could not reach a service
	paused  time.Time        // no new runs before
	changed func()
}

// patience is how many runs in a row may fail to reach a service before that is more than being offline (R8).
const patience = 3

func (b *board) progress(p Progress) {
	b.mu.Lock()
	b.now = &p
	changed := b.changed
	b.mu.Unlock()
	if changed != nil {
		changed()
	}
}

// ended notes how a run of a pair ended.
func (b *board) ended(pair string, err error) {
	b.mu.Lock()
	if b.errs == nil {
		b.errs, b.misses = map[string]error{}, map[string]int{}
	}
	if passing(err) {
		err = nil
	}
	b.errs[pair] = err
	if b.misses[pair]++; !offline(err) {
		b.misses[pair] = 0
	}
	b.now = nil
	changed := b.changed
	b.mu.Unlock()
	if changed != nil {
		changed()
	}
}

// offline: the service could not be reached, and trying later may help.
func offline(err error) bool {
	var retry *provider.RetryError
	return errors.As(err, &retry)
}

// Notify has changed called whenever Status may return something new. It is called from the engine's goroutines and must
// not block.
func (e *Engine) Notify(changed func()) {
	e.board.mu.Lock()
	defer e.board.mu.Unlock()
	e.board.changed = changed
}

// Status returns what people are to be shown now.
func (e *Engine) Status(ctx context.Context) (Status, error) {
	accounts, err := e.state.ListAccounts(ctx)
	if err != nil {
		return Status{}, err
	}
	pairs, err := e.state.ListPairs(ctx)
	if err != nil {
		return Status{}, err
	}
	s := Status{State: StateInStep, PausedUntil: e.PausedUntil()}
	for _, p := range pairs {
		ps, err := e.pairStatus(ctx, p)
		if err != nil {
			return Status{}, err
		}
		s.add(p, ps)
	}
	if len(accounts) == 0 {
		s.State = StateSignedOut
	} else if !s.PausedUntil.IsZero() && s.State != StateSyncing {
		s.State = StatePaused
	}
	return s, nil
}

// add takes a pair into the whole: the most urgent state counts.
func (s *Status) add(p state.Pair, ps PairStatus) {
	s.Pairs = append(s.Pairs, ps)
	s.Problems += ps.Problems
	if p.Stop != nil {
		s.Waiting++
	}
	if p.Success.After(s.LastSuccess) {
		s.LastSuccess = p.Success
	}
	rank := map[string]int{StateInStep: 0, StateStarting: 1, StateOffline: 2, StateSyncing: 3, StateAttention: 4}
	if rank[ps.State] > rank[s.State] {
		s.State = ps.State
	}
	if ps.State == StateSyncing {
		s.Done, s.Total = ps.Done, ps.Total
	}
}

// overdue says whether a pair that was in step once has not been for so long that people have to be told (C-24).
func (e *Engine) overdue(p state.Pair) bool {
	return !p.Success.IsZero() && e.opt.Clock().Sub(p.Success) > max(24*time.Hour, patience*e.interval())
}

func (e *Engine) pairStatus(ctx context.Context, p state.Pair) (PairStatus, error) {
	ps := PairStatus{ID: p.ID, Title: p.Ends[plan.Left].Title + " – " + p.Ends[plan.Right].Title, State: StateInStep, Stop: p.Stop, LastSuccess: p.Success}
	problems, err := e.state.ListProblems(ctx, p)
	if err != nil {
		return ps, err
	}
	if ps.Other, err = e.otherInstallation(ctx, p); err != nil {
		return ps, err
	}
	for _, pr := range problems {
		if !plan.Excluded(pr.Code) {
			ps.Problems++
		}
	}
	if p.Stop != nil {
		open, err := e.state.ListQuestions(ctx, p.ID)
		if err != nil {
			return ps, err
		}
		ps.Later = slices.ContainsFunc(open, func(q state.Question) bool { return q.ID == p.Stop.Question && q.Answer == plan.ChoiceLater })
	}
	failed, misses, err := e.ended(ctx, p)
	if err != nil {
		return ps, err
	}
	ps.Err = failed
	unreached := offline(ps.Err) && misses < patience
	e.board.mu.Lock()
	defer e.board.mu.Unlock()
	now := e.board.now
	switch {
	case now != nil && now.Pair == p.ID:
		ps.State, ps.Stage, ps.Side, ps.Done, ps.Total = StateSyncing, now.Stage, now.Side, now.Done, now.Total
	case p.Stop != nil || ps.Problems > 0 || ps.Err != nil && !unreached || e.overdue(p):
		ps.State = StateAttention
	case unreached:
		ps.State = StateOffline
	case p.Success.IsZero():
		ps.State = StateStarting
	}
	return ps, nil
}
