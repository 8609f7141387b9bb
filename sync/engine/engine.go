// Package engine runs the synchronisation: it discovers what changed on both sides into the state, plans from the state
// and applies the plan. It knows services by their contract only.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// Dial returns the signed-in provider of an account.
type Dial func(ctx context.Context, account state.Account) (provider.Provider, error)

// Options for New. Every one may be left out.
type Options struct {
	Clock    func() time.Time
	Log      *slog.Logger
	Interval time.Duration // between two runs of Serve; 0: 5 minutes
	Progress func(Progress)
	Code     func(error) string // names an error for the history, which keeps no words of services; nil: Failed
	Tick     <-chan time.Time   // when Serve looks at the clock; nil: every few seconds
}

// Engine keeps pairs in step. It is safe for concurrent use; a pair is synchronised by one goroutine at a time.
type Engine struct {
	state *state.State
	dial  Dial
	opt   Options
	kick  chan struct{}
	asks  asks
	busy  sync.Mutex
	board board
}

// New returns an engine over an open state.
func New(s *state.State, dial Dial, o Options) *Engine {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Interval == 0 {
		o.Interval = 5 * time.Minute
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return &Engine{state: s, dial: dial, opt: o, kick: make(chan struct{}, 1)}
}

// RunOptions say how a run differs from an ordinary one.
type RunOptions struct {
	DryRun  bool  // plan only: news is stored, nothing is linked or written
	Confirm []int // numbers of guards that a person confirmed
	Retry   bool  // plan anew what has a problem
	// Plan is the name of a plan that a person confirmed, see Report.PlanID: exactly this is carried out, once, or nothing.
	Plan string
	// Again creates anew what an undo left on one side only.
	Again bool
	// Edited lets UndoCreated remove also what somebody edited since, as far as the other side holds it all.
	Edited bool
	Deep   bool // list both sides wholly, and look whether what is linked is the same on both
	Mend   bool // with Deep: settle what is not the same, as if both sides had just changed it

	restore *state.Conflict // give back the value that lost
}

// Stages of a run.
const (
	Discovering = "discovering"
	Planning    = "planning"
	Applying    = "applying"
)

// Progress tells how far a run is. Total is 0 while it is not known.
type Progress struct {
	Pair        string
	Stage       string
	Side        plan.Side
	Done, Total int
}

// ErrGuard: a guard stopped the pair before its first write; Report.Stop says which.
var ErrGuard = errors.New("stopped by a guard")

// run is one synchronisation of one pair.
type run struct {
	e       *Engine
	pair    state.Pair
	opt     RunOptions
	id      int64
	began   time.Time
	ends    [2]provider.Collection
	meters  [2]*provider.Meter
	rules   plan.Rules
	report  Report
	first   bool    // nothing of the pair was linked when the run began
	known   [2]bool // sides that were listed wholly in an earlier run
	whole   string  // when both sides were last listed wholly for a comparison; "": never
	due     bool    // they are to be compared when this run comes to its end
	refused map[refusal]string
	barred  map[refusal]plan.Bar // whole writes that were refused; their field is ""
	total   int                  // writes of this pass
	done    int
	mu      sync.Mutex         // guards report, refused, barred, done and undo while a collection applies
	anew    map[record.ID]bool // of a dry run: items that were planned anew, whatever was wrong with them before
	undo    *undo              // of a run that takes another one back; nil: none
}

type refusal struct {
	to    plan.Side
	item  record.ID // the item that the field was to come from
	field record.Field
}

// Sync brings one pair in step. The report is valid with an error too: it tells what was done until then. ErrGuard when a
// guard stopped it; provider.ErrAuth, ErrGone or a RetryError when a service could not be used.
func (e *Engine) Sync(ctx context.Context, pairID string, o RunOptions) (Report, error) {
	e.busy.Lock()
	defer e.busy.Unlock()
	ctx, end := e.asks.running(ctx)
	defer end()
	pair, err := e.state.GetPair(ctx, pairID)
	if err != nil {
		return Report{ID: pairID}, fmt.Errorf("pair %s: %w", pairID, err)
	}
	r := e.begin(pair, o)
	if err := r.deepen(ctx); err != nil {
		return r.report, err
	}
	if !o.DryRun {
		if r.id, err = e.state.BeginRun(ctx, pairID, r.began); err != nil {
			return r.report, err
		}
	}
	report, err := r.finish(ctx, r.missing(ctx, r.sync(ctx)))
	e.board.ended(pairID, err)
	return report, err
}

func (e *Engine) begin(pair state.Pair, o RunOptions) *run {
	r := &run{e: e, pair: pair, opt: o, began: e.opt.Clock(), refused: map[refusal]string{}, barred: map[refusal]plan.Bar{}}
	r.report.ID = pair.ID
	r.meters = [2]*provider.Meter{{}, {}}
	return r
}

// sync is the straight line: discover, plan, apply.
func (r *run) sync(ctx context.Context) error {
	if err := r.look(ctx); err != nil {
		return err
	}
	if err := r.listed(ctx); err != nil {
		return err
	}
	if err := r.passes(ctx); err != nil || r.opt.DryRun || r.opt.Plan != "" {
		return err
	}
	if c := r.opt.restore; c != nil {
		if err := r.giveBack(ctx, *c); err != nil {
			return err
		}
		if err := r.passes(ctx); err != nil {
			return err
		}
	}
	return r.compare(ctx)
}

// passes plans and applies until both sides are as the plan wants them. A dry run only plans, and of a plan that was
// confirmed one pass is carried out.
func (r *run) passes(ctx context.Context) error {
	// A pass that wrote is followed by one that looks at what it made. Conflicts found while writing are settled there.
	for pass := 0; pass < 4; pass++ {
		r.progress(Planning, plan.Left, 0, 0)
		steps, err := r.plan(ctx)
		if err != nil {
			return err
		}
		if r.opt.DryRun || r.opt.Plan != "" {
			if err := r.preview(ctx, steps); err != nil {
				return err
			}
		}
		if err := r.guard(ctx, steps); err != nil || r.opt.DryRun {
			return err
		}
		wrote, err := r.apply(ctx, steps)
		if err != nil || !wrote || r.opt.Plan != "" {
			return err
		}
	}
	return nil
}

// look brings the state up to date with both services and makes it ready for planning.
func (r *run) look(ctx context.Context) error {
	if err := r.e.state.Rewind(ctx, r.began); err != nil {
		return err
	}
	if err := r.open(ctx); err != nil {
		return err
	}
	if err := r.hold(ctx); err != nil {
		return err
	}
	for _, side := range plan.Sides {
		if err := r.discover(ctx, side); err != nil {
			return err
		}
	}
	if err := r.prepare(ctx); err != nil || !r.opt.Mend {
		return err
	}
	return r.mend(ctx)
}

// now reads the clock. It never shows a time before the run began: what is seen in a run is seen after what was sent before.
func (r *run) now() time.Time {
	if t := r.e.opt.Clock(); t.After(r.began) {
		return t
	}
	return r.began
}

func (r *run) progress(stage string, side plan.Side, done, total int) {
	p := Progress{Pair: r.pair.ID, Stage: stage, Side: side, Done: done, Total: total}
	r.e.board.progress(p)
	r.e.opt.Progress(p)
}
