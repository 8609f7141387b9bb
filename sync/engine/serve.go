package engine

import (
	"context"
	"errors"
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
	Problems    int // items that are not in step
	Waiting     int // questions: guards that stopped a pair
	Pairs       []PairStatus
}

// PairStatus is the state of one pair.
type PairStatus struct {
	ID, Title   string
	State       string
	Done, Total int
	Problems    int
}

// board holds what the run under way shows, and who looks at it.
type board struct {
	mu      sync.Mutex
	now     *Progress
	offline map[string]bool // pairs whose last run could not reach a service
	failed  map[string]bool // pairs whose last run failed for another reason
	paused  bool
	changed func()
}

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
	if b.offline == nil {
		b.offline, b.failed = map[string]bool{}, map[string]bool{}
	}
	var retry *provider.RetryError
	b.offline[pair] = errors.As(err, &retry)
	b.failed[pair] = err != nil && !b.offline[pair] && !errors.Is(err, ErrGuard) && !errors.Is(err, context.Canceled)
	b.now = nil
	changed := b.changed
	b.mu.Unlock()
	if changed != nil {
		changed()
	}
}

// SyncNow asks Serve for a run at once. It never blocks; several calls before the next run make one.
func (e *Engine) SyncNow() {
	select {
	case e.kick <- struct{}{}:
	default:
	}
}

// Pause stops the runs of Serve until it is called with false. A run under way ends first.
func (e *Engine) Pause(paused bool) {
	e.board.mu.Lock()
	e.board.paused = paused
	changed := e.board.changed
	e.board.mu.Unlock()
	if changed != nil {
		changed()
	}
	if !paused {
		e.SyncNow()
	}
}

// Notify has changed called whenever Status may return something new. It is called from the engine's goroutines and must
// not block.
func (e *Engine) Notify(changed func()) {
	e.board.mu.Lock()
	defer e.board.mu.Unlock()
	e.board.changed = changed
}

// Serve runs all pairs at once, then at every interval and whenever SyncNow asks, until ctx ends.
func (e *Engine) Serve(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		case <-e.kick:
		}
		if !e.isPaused() {
			if err := e.syncAll(ctx); err != nil {
				return err
			}
		}
		timer.Reset(e.opt.Interval)
	}
}

func (e *Engine) isPaused() bool {
	e.board.mu.Lock()
	defer e.board.mu.Unlock()
	return e.board.paused
}

// syncAll runs every pair. A pair that fails does not keep the others from running; only a state that cannot be read ends
// the loop.
func (e *Engine) syncAll(ctx context.Context) error {
	pairs, err := e.state.ListPairs(ctx)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		_, err := e.Sync(ctx, p.ID, RunOptions{})
		if err != nil && !errors.Is(err, ErrGuard) {
			e.opt.Log.Warn("Run failed", "pair", p.ID)
		}
	}
	return nil
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
	s := Status{State: StateInStep}
	for _, p := range pairs {
		ps, err := e.pairStatus(ctx, p)
		if err != nil {
			return Status{}, err
		}
		s.add(p, ps)
	}
	if len(accounts) == 0 {
		s.State = StateSignedOut
	} else if e.isPaused() && s.State != StateSyncing {
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

func (e *Engine) pairStatus(ctx context.Context, p state.Pair) (PairStatus, error) {
	ps := PairStatus{ID: p.ID, Title: p.Ends[plan.Left].Title + " – " + p.Ends[plan.Right].Title, State: StateInStep}
	problems, err := e.state.ListProblems(ctx, p)
	if err != nil {
		return ps, err
	}
	for _, pr := range problems {
		if !plan.Excluded(pr.Code) {
			ps.Problems++
		}
	}
	e.board.mu.Lock()
	defer e.board.mu.Unlock()
	now := e.board.now
	switch {
	case now != nil && now.Pair == p.ID:
		ps.State, ps.Done, ps.Total = StateSyncing, now.Done, now.Total
	case p.Stop != nil || ps.Problems > 0 || e.board.failed[p.ID]:
		ps.State = StateAttention
	case e.board.offline[p.ID]:
		ps.State = StateOffline
	case p.Success.IsZero():
		ps.State = StateStarting
	}
	return ps, nil
}
