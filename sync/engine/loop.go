package engine

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// glance is how often Serve looks at the clock. A timer for the whole interval would stand still while the computer
// sleeps; the clock does not, so that waking up brings one run at once, whatever was missed.
const glance = 5 * time.Second

// asks holds what people asked of Serve, and the run under way.
type asks struct {
	mu       sync.Mutex
	all      *RunOptions
	pairs    map[string]RunOptions
	interval time.Duration
	stop     context.CancelFunc // of the run under way
	halted   bool               // the round under way was stopped
}

// running notes the run under way, so that Stop can end it.
func (a *asks) running(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	a.mu.Lock()
	a.stop = cancel
	a.mu.Unlock()
	return ctx, func() {
		a.mu.Lock()
		a.stop = nil
		a.mu.Unlock()
		cancel()
	}
}

// take returns what was asked for and forgets it.
func (a *asks) take() (all *RunOptions, pairs map[string]RunOptions) {
	a.mu.Lock()
	defer a.mu.Unlock()
	all, pairs = a.all, a.pairs
	a.all, a.pairs, a.halted = nil, nil, false
	return all, pairs
}

// SyncNow asks Serve for a run of all pairs at once. It never blocks; several calls before the next run make one.
func (e *Engine) SyncNow() { e.Ask("", RunOptions{}) }

// Ask asks Serve for a run of one pair, or of all pairs with "", at once. It never blocks; what is asked several times
// before it runs is done once.
func (e *Engine) Ask(pair string, o RunOptions) {
	e.asks.mu.Lock()
	if pair == "" {
		if e.asks.all != nil {
			o = o.and(*e.asks.all)
		}
		e.asks.all = &o
	} else {
		if e.asks.pairs == nil {
			e.asks.pairs = map[string]RunOptions{}
		}
		e.asks.pairs[pair] = o.and(e.asks.pairs[pair])
	}
	e.asks.mu.Unlock()
	e.wake()
}

// and adds what was asked for before. A plan that was confirmed is carried out as it is or not at all.
func (o RunOptions) and(before RunOptions) RunOptions {
	o.Confirm = append(slices.Clone(before.Confirm), o.Confirm...)
	o.Retry, o.Again = o.Retry || before.Retry, o.Again || before.Again
	o.Deep, o.Mend = o.Deep || before.Deep, o.Mend || before.Mend
	return o
}

func (e *Engine) wake() {
	select {
	case e.kick <- struct{}{}:
	default:
	}
}

// Stop ends the round under way: what was sent comes to its end, nothing new is sent. It returns at once.
func (e *Engine) Stop() {
	e.asks.mu.Lock()
	defer e.asks.mu.Unlock()
	e.asks.halted = true
	if e.asks.stop != nil {
		e.asks.stop()
	}
}

// Quiet runs do while no pair is being synchronised: the round under way is stopped first, and none begins before do ends.
// Rules and accounts are changed so, that no run goes on with the old ones.
func (e *Engine) Quiet(do func() error) error {
	e.Stop()
	e.busy.Lock()
	defer e.busy.Unlock()
	return do()
}

// Pause keeps Serve from starting runs by itself before a moment; the zero time ends the pause. What a person asks for is
// done, and a run under way comes to its end.
func (e *Engine) Pause(until time.Time) {
	e.board.mu.Lock()
	e.board.paused = until
	changed := e.board.changed
	e.board.mu.Unlock()
	if changed != nil {
		changed()
	}
	e.wake()
}

// PausedUntil returns when the pause ends; the zero time when there is none.
func (e *Engine) PausedUntil() time.Time {
	e.board.mu.Lock()
	defer e.board.mu.Unlock()
	if e.opt.Clock().Before(e.board.paused) {
		return e.board.paused
	}
	return time.Time{}
}

// SetInterval changes how long Serve waits between two rounds.
func (e *Engine) SetInterval(d time.Duration) {
	e.asks.mu.Lock()
	defer e.asks.mu.Unlock()
	e.asks.interval = d
}

func (e *Engine) interval() time.Duration {
	e.asks.mu.Lock()
	defer e.asks.mu.Unlock()
	if e.asks.interval > 0 {
		return e.asks.interval
	}
	return e.opt.Interval
}

// Serve runs all pairs at once, then at every interval, and whatever was asked for as soon as it is asked, until ctx ends.
func (e *Engine) Serve(ctx context.Context) error {
	tick := e.opt.Tick
	if tick == nil {
		t := time.NewTicker(glance)
		defer t.Stop()
		tick = t.C
	}
	var last time.Time
	for {
		all, pairs := e.asks.take()
		if now := e.opt.Clock(); e.PausedUntil().IsZero() && (last.IsZero() || now.Sub(last) >= e.interval() || now.Before(last)) {
			last = now
			if all == nil {
				all = &RunOptions{}
			}
		}
		if err := e.round(ctx, all, pairs); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick:
		case <-e.kick:
		}
	}
}

// round runs what is to be run now. A pair that fails does not keep the others from running; only a state that cannot be
// read ends the loop.
func (e *Engine) round(ctx context.Context, all *RunOptions, asked map[string]RunOptions) error {
	if all == nil && len(asked) == 0 {
		return nil
	}
	pairs, err := e.state.ListPairs(ctx)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		o, ok := asked[p.ID]
		switch {
		case all == nil || ok && o.Plan != "":
		case ok:
			o = o.and(*all)
		default:
			o, ok = *all, true
		}
		if !ok || e.halted() {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, err := e.Sync(ctx, p.ID, o); err != nil && !errors.Is(err, ErrGuard) {
			e.opt.Log.Warn("Run failed", "pair", p.ID)
		}
	}
	return nil
}

func (e *Engine) halted() bool {
	e.asks.mu.Lock()
	defer e.asks.mu.Unlock()
	return e.asks.halted
}
