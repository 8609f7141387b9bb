package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// ErrNoRun: the history holds no run of this number. Its time is over, or the state was lost since.
var ErrNoRun = errors.New("no such run in the history")

// undo is what a run knows that takes another one back.
type undo struct {
	of      int64
	created *plan.Side // it removes what was created on this side, whatever run did it; nil: it takes one run back
	done    []plan.Done
	origins map[plan.Place]string // where the items of links that ended came from
	lost    map[plan.Place]bool
	barred  map[plan.Place]plan.Problem
	left    []leftover
	removed map[plan.Place]record.Record // created items, as they were
}

func newUndo() *undo {
	return &undo{origins: map[plan.Place]string{}, lost: map[plan.Place]bool{}, barred: map[plan.Place]plan.Problem{},
		removed: map[plan.Place]record.Record{}}
}

// leftover is what did not go back although it was sent.
type leftover struct {
	place   plan.Place
	problem plan.Problem
}

func (u *undo) leftover(p plan.Place, problem plan.Problem) {
	u.left = append(u.left, leftover{p, problem})
}

// Undo takes a run back on both sides: what it changed, created and deleted, as far as nobody touched it since. It is a run
// with a journal of its own, so that it can be taken back too. Report.Items lists what stays, and why. ErrNoRun when the
// history does not hold the run, ErrGuard and ErrMoved as Sync.
func (e *Engine) Undo(ctx context.Context, id int64, o RunOptions) (Report, error) {
	e.busy.Lock()
	defer e.busy.Unlock()
	ctx, end := e.asks.running(ctx)
	defer end()
	past, err := e.state.GetRun(ctx, id)
	if errors.Is(err, state.ErrNotFound) {
		return Report{Undoes: id}, fmt.Errorf("%w: %d", ErrNoRun, id)
	}
	if err != nil {
		return Report{Undoes: id}, err
	}
	pair, err := e.state.GetPair(ctx, past.Pair)
	if err != nil {
		return Report{Undoes: id}, fmt.Errorf("pair %s: %w", past.Pair, err)
	}
	r := e.begin(pair, o)
	r.undo = newUndo()
	r.undo.of = id
	r.report.Undoes = id
	if !o.DryRun {
		if r.id, err = e.state.BeginUndo(ctx, pair.ID, id, r.began); err != nil {
			return r.report, err
		}
	}
	report, err := r.finish(ctx, r.takeBack(ctx))
	e.board.ended(pair.ID, err)
	return report, err
}

// tries is how often an undo looks at what it left: a conflict found while writing is settled by the next pass.
const tries = 6

// takeBack discovers, then plans and applies the undo until nothing is left to take back.
func (r *run) takeBack(ctx context.Context) error {
	if err := r.look(ctx); err != nil {
		return err
	}
	if r.undo.created == nil {
		if err := r.readJournal(ctx); err != nil {
			return err
		}
	}
	for pass := range tries {
		steps, err := r.planUndo(ctx)
		if err != nil {
			return err
		}
		if pass == 0 && (r.opt.DryRun || r.opt.Plan != "") {
			if err := r.preview(ctx, steps); err != nil {
				return err
			}
		}
		if err := r.guard(ctx, steps); err != nil || r.opt.DryRun {
			return err
		}
		r.tellStays(steps)
		wrote, err := r.apply(ctx, steps)
		if err != nil || !wrote {
			r.tellLeft()
			return err
		}
	}
	steps, err := r.planUndo(ctx)
	for _, st := range steps {
		for _, side := range plan.Sides {
			if st.Acts[side] != nil {
				r.undo.leftover(plan.Place{Side: side, ID: st.Triple.Items[side].ID}, plan.Problem{Code: provider.CodeRefused, Side: side})
			}
		}
	}
	r.tellLeft()
	return err
}

// readJournal reads what the run did, after the answers that it lost were looked for.
func (r *run) readJournal(ctx context.Context) error {
	entries, err := r.e.state.ListJournal(ctx, r.undo.of)
	images := map[plan.Place][]byte{}
	for _, e := range entries {
		// The image of an object comes with the first of its writes, and is that of the others too.
		if object := (plan.Place{Side: e.Side, ID: e.Was[e.Side].Group}); object.ID != "" && len(images[object]) == 0 {
			images[object] = e.Raw
		}
	}
	for _, e := range entries {
		if len(e.Raw) == 0 {
			e.Raw = images[plan.Place{Side: e.Side, ID: e.Was[e.Side].Group}]
		}
		op := record.Op(e.Op)
		if op != record.Create && op != record.Update && op != record.Delete && op != record.Restore {
			continue
		}
		r.undo.done = append(r.undo.done, plan.Done{
			Side: e.Side, Op: op, Item: e.Item, Before: e.Before, Patch: e.Patch, After: e.After, Revision: e.Revision, Raw: e.Raw, Was: e.Was,
		})
		r.undo.origins[plan.Place{Side: e.Side, ID: e.Item}] = e.Origin
	}
	return err
}

func (r *run) planUndo(ctx context.Context) ([]plan.Step, error) {
	if r.undo.created != nil {
		return r.planCreated(ctx, *r.undo.created)
	}
	open, failed := r.e.state.OpenIntents(ctx, r.pair.ID)
	around := func(p plan.Place) plan.Triple {
		t, err := r.e.state.Around(ctx, r.pair.ID, p.Side, p.ID)
		if err != nil {
			failed = err
		}
		if slices.ContainsFunc(open, func(in state.Intent) bool {
			return in.Op == record.Create && in.Side == p.Side && in.Link != 0 && in.Link == t.Link && in.Copy == ""
		}) {
			// Another one was sent for its place, and nobody knows yet whether it is there.
			r.undo.barred[p] = plan.Problem{Code: plan.CodeUnsure, Side: p.Side}
		}
		return t
	}
	steps := plan.Undo(r.undo.done, r.rules, plan.Undoing{Around: around, Lost: r.undo.lost, Barred: r.undo.barred})
	return steps, failed
}

// tellStays lists what the plan leaves as it is.
func (r *run) tellStays(steps []plan.Step) {
	r.report.Items = nil
	for _, st := range steps {
		if r.undo.created == nil || st.Idle() {
			r.report.Items = append(r.report.Items, problemsOf(st, r.pair.Kind)...)
		}
	}
}

// tellLeft lists what was sent and did not go back.
func (r *run) tellLeft() {
	for _, l := range r.undo.left {
		it := Item{ID: l.place.ID, Code: l.problem.Code, Side: l.problem.Side.String(), Field: l.problem.Field}
		if slices.ContainsFunc(r.report.Items, func(known Item) bool { return known.ID == it.ID && known.Code == it.Code }) {
			continue
		}
		was := r.undo.removed[l.place]
		for _, d := range r.undo.done {
			if d.Side == l.place.Side && d.Item == l.place.ID && was.Name(r.pair.Kind) == "" {
				was = record.Record(d.Before).With(d.Patch)
			}
		}
		it.Title, it.Day = was.Name(r.pair.Kind), dayOf(was, r.pair.Kind)
		r.report.Items = append(r.report.Items, it)
	}
}

// intend adds to an intent what an undo needs to be found again after a crash.
func (u *undo) intend(in *state.Intent, j job) {
	if u == nil {
		return
	}
	in.Undo = true
	if in.Op == record.Restore && j.step.Triple.Items[j.side].Here() {
		in.Op = record.Update
	}
	in.Origin = u.origins[plan.Place{Side: j.side, ID: in.Item}]
	if in.Op == record.Create {
		in.Origin = u.origins[plan.Place{Side: j.side, ID: j.step.Triple.Items[j.side].ID}]
	}
}

// place is the item that a write takes back.
func (s *sink) place(i int) plan.Place {
	return plan.Place{Side: s.side, ID: s.jobs[i].step.Triple.Items[s.side].ID}
}

// undid stores a write of an undo that was carried out. The bases become what the sides now hold, so that the next sync
// does not take it back.
func (s *sink) undid(i int, res provider.Result) error {
	j, in, it := s.jobs[i], s.intents[i], res.Item
	if in.Op == record.Delete && !s.there[i] && !s.r.ends[s.side].Info().AbsentIsDeleted {
		// The service no longer shows it: who lost access to an item did not delete it.
		s.r.undo.barred[s.place(i)] = plan.Problem{Code: plan.CodeLostAccess, Side: s.side}
		return s.r.e.state.Refused(s.ctx, in, nil, plan.Missing, nil, s.r.now())
	}
	if it.ID == "" && in.Op == record.Create {
		s.ended[i] = false
		return nil
	}
	if it.ID == "" {
		it = j.step.Triple.Items[s.side].Item
		if in.Op != record.Delete {
			it.Record, it.Revision = it.Record.With(in.Write.Patch), unheard
		}
	}
	for _, e := range res.Left {
		s.r.undo.leftover(s.place(i), plan.Problem{Code: e.Code, Side: s.side, Field: e.Field})
	}
	for f := range in.Agree[s.side] {
		in.Agree[s.side][f] = it.Record[f]
	}
	s.r.report.count(s.side, in.Op)
	s.r.undo.renamed(s.place(i), it.ID)
	return s.r.e.state.Wrote(s.ctx, in, it, s.r.now())
}

// renamed: an item came back under another name.
func (u *undo) renamed(from plan.Place, to record.ID) {
	for i := range u.done {
		if d := &u.done[i]; d.Side == from.Side && d.Item == from.ID {
			d.Item = to
		}
	}
}

// lost: the service can no longer bring an item back. The next pass creates it anew, unless an earlier attempt was never
// answered: that one may have brought it back, and it is out of sight since.
func (s *sink) lost(i int) error {
	in := s.intents[i]
	waits, err := s.r.restores(s.ctx, in.Side, in.Item, in.ID)
	switch {
	case err != nil:
		return err
	case waits:
		return s.stays(i, plan.CodeUnsure, "")
	}
	s.r.undo.lost[s.place(i)] = true
	return s.r.e.state.Unsent(s.ctx, in)
}

// stays: the service refuses to take a write back. It is listed, and not tried again in this run.
func (s *sink) stays(i int, code string, field record.Field) error {
	s.r.undo.barred[s.place(i)] = plan.Problem{Code: code, Side: s.side, Field: field}
	return s.r.e.state.Refused(s.ctx, s.intents[i], nil, "", nil, s.r.now())
}
