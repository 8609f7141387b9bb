package engine

import (
	"context"
	"errors"
	"maps"
	"slices"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// batch is how many writes are intended and sent at a time, where no object holds more: as many as Zoho takes in one call.
const batch = 100

// alike is how many creates in a row may fail for the same reason before nothing more is deleted (C-4).
const alike = 3

// apply settles the steps: what needs no write first, then creates and updates of both sides, deletes last. It returns
// whether anything was sent.
func (r *run) apply(ctx context.Context, steps []plan.Step) (bool, error) {
	var queues [2][2][]job // by phase, by side
	for i := range steps {
		st := &steps[i]
		if r.undo == nil {
			link, err := r.e.state.Settle(ctx, r.pair, *st)
			if err != nil {
				return false, err
			}
			st.Triple.Link = link
		}
		r.report.Conflicts += len(st.Conflicts)
		if c := st.Copy; c != nil && c.Act != nil {
			queues[0][plan.Right] = append(queues[0][plan.Right], job{step: st, side: plan.Right, act: c.Act, copy: c.Key})
		}
		for _, side := range plan.Sides {
			if act := st.Acts[side]; act != nil {
				phase := 0
				if act.Write.Op == record.Delete {
					phase = 1
				}
				queues[phase][side] = append(queues[phase][side], job{step: st, side: side, act: act})
			}
		}
	}
	r.done, r.total = 0, len(queues[0][0])+len(queues[0][1])+len(queues[1][0])+len(queues[1][1])
	for phase := range queues {
		for _, side := range []plan.Side{plan.Right, plan.Left} {
			if err := r.send(ctx, side, queues[phase][side]); err != nil {
				return true, err
			}
		}
	}
	return r.total > 0, nil
}

// unheard is the revision of an item whose service did not tell the new one. It equals no other, so that the next write
// looks at the item first.
const unheard record.Revision = "unheard"

// job is one act of one step.
type job struct {
	step *plan.Step
	side plan.Side
	act  *plan.Act
	copy string // the key of the version that it makes
}

// loses lists what a side loses by a job.
func (j job) loses() (out []plan.Conflict) {
	for _, c := range j.step.Conflicts {
		if j.copy == "" && c.Winner.Other() == j.side {
			out = append(out, c)
		}
	}
	return out
}

// send carries out jobs of one side in batches.
func (r *run) send(ctx context.Context, side plan.Side, jobs []job) error {
	for _, part := range batches(jobs) {
		if err := ctx.Err(); err != nil {
			return err
		}
		s := &sink{r: r, ctx: context.WithoutCancel(ctx), side: side, jobs: part, ended: make([]bool, len(part)), there: make([]bool, len(part))}
		if err := s.intend(); err != nil {
			return err
		}
		writes := make([]record.Write, len(part))
		for i, j := range part {
			writes[i] = j.act.Write
		}
		err := r.ends[side].Apply(r.metered(ctx, side), writes, s)
		if err := errors.Join(s.err, s.unanswered()); err != nil {
			return err
		}
		if err != nil {
			return r.at(side, err)
		}
		if s.later != nil {
			return r.at(side, s.later)
		}
		if len(s.failing) >= alike && !r.rules.Accepted(side, s.failing) {
			if q := plan.Failing(r.rules, side, s.failing, s.code); !r.confirmed(q) {
				return r.stop(ctx, q)
			}
		}
	}
	return nil
}

// sink hears what happens to the writes of one batch and stores it at once.
type sink struct {
	r       *run
	ctx     context.Context
	side    plan.Side
	jobs    []job
	intents []state.Intent
	ended   []bool
	there   []bool // the service had the item when it was about to write
	err     error  // the state could not be written: nothing more is sent
	later   error  // the service wants to be asked later
	code    string
	failing []record.ID // what the creates were made from that failed in a row for the reason code
}

// intend stores what is about to be sent, and the losing values of conflicts.
func (s *sink) intend() error {
	now := s.r.now()
	for _, j := range s.jobs {
		in := state.Intent{
			Pair: s.r.pair.ID, Run: s.r.id, Side: s.side, Op: j.act.Write.Op, Link: j.step.Triple.Link,
			Item: j.act.Write.ID, Write: j.act.Write, Agree: j.act.Agree, Sent: now, Copy: j.copy, Conflicts: j.loses(),
		}
		if from := j.step.Triple.Items[s.side.Other()]; from != nil {
			in.Source, in.Was[s.side.Other()] = from.ID, from.Item
		}
		if it := j.step.Triple.Items[s.side]; it != nil {
			in.Was[s.side] = it.Item
			in.Was[s.side].Record = nil // It is in what the write saw.
		}
		if j.copy != "" {
			// What it is a version of is not its partner.
			in.Was = [2]record.Item{}
		}
		s.r.undo.intend(&in, j)
		s.intents = append(s.intents, in)
	}
	return s.r.e.state.Intend(s.ctx, s.intents)
}

// Before implements provider.Sink.
func (s *sink) Before(i int, raw []byte) error {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	if s.there[i] = true; s.err == nil {
		s.err = s.r.e.state.Before(s.ctx, s.intents[i], raw)
	}
	return s.err
}

// Done implements provider.Sink.
func (s *sink) Done(i int, res provider.Result) error {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.ended[i] = true
	s.r.done++
	s.err = s.settle(i, res)
	s.r.progress(Applying, s.side, s.r.done, s.r.total)
	return s.err
}

func (s *sink) settle(i int, res provider.Result) error {
	var retry *provider.RetryError
	var refused *provider.ItemError
	switch {
	case res.Err == nil && s.r.undo != nil:
		return s.undid(i, res)
	case res.Err == nil:
		return s.wrote(i, res)
	case errors.As(res.Err, &retry):
		s.later = res.Err
		if retry.Sent {
			s.ended[i] = false
			return nil
		}
		return s.r.e.state.Unsent(s.ctx, s.intents[i])
	case errors.Is(res.Err, provider.ErrConflict) && s.intents[i].Op == record.Restore && res.Item.ID != s.intents[i].Item:
		return s.stays(i, plan.CodeReplaced, "")
	case errors.Is(res.Err, provider.ErrConflict) && res.Item.ID != "" && s.intents[i].Op != record.Create:
		s.r.undo.edited(s.place(i))
		return s.r.e.state.Refused(s.ctx, s.intents[i], &res.Item, "", nil, s.r.now())
	case errors.Is(res.Err, provider.ErrNotFound) && s.intents[i].Op == record.Restore:
		return s.lost(i)
	case errors.Is(res.Err, provider.ErrNotFound):
		return s.refuse(i, plan.CodeLostAccess, "", plan.Missing)
	case errors.Is(res.Err, provider.ErrConflict):
		return s.refuse(i, provider.CodeDuplicate, "", "")
	case errors.Is(res.Err, provider.ErrReadOnly):
		return s.refuse(i, provider.CodeForbidden, "", "")
	case errors.As(res.Err, &refused):
		return s.refuse(i, refused.Code, refused.Field, "")
	}
	s.r.e.opt.Log.Warn("Write refused", "pair", s.r.pair.ID, "side", s.side.String(), "op", string(s.intents[i].Op))
	return s.refuse(i, provider.CodeRefused, "", "")
}

// wrote stores a write that was carried out.
func (s *sink) wrote(i int, res provider.Result) error {
	j, in := s.jobs[i], s.intents[i]
	if in.Op == record.Create && res.Item.ID != "" {
		link, err := s.r.e.state.LinkOf(s.ctx, in.Pair, s.side, res.Item.ID)
		if err != nil {
			return err
		}
		taken := link != 0 && link != in.Link
		if in.Copy != "" {
			// The same version that was made before may well have its partner; only the item itself is no version of it.
			taken = link == in.Link
		}
		elsewhere, err := s.r.e.state.LinkedElsewhere(s.ctx, in.Pair, s.side, res.Item.ID)
		if err != nil {
			return err
		}
		if taken || elsewhere {
			// The service found an item that it takes for this one, and that has another partner.
			return s.refuse(i, provider.CodeDuplicate, "", "")
		}
	}
	it := res.Item
	if it.ID == "" {
		if in.Op == record.Create {
			// Without a name it cannot be linked: as good as unanswered.
			s.ended[i] = false
			return nil
		}
		it = j.step.Triple.Items[s.side].Item
	}
	for _, f := range j.act.Untaken(s.r.rules, s.side, returned(res, in)) {
		if !slices.ContainsFunc(res.Left, func(e *provider.ItemError) bool { return e.Field == f }) {
			res.Left = append(res.Left, &provider.ItemError{Code: provider.CodeRefused, Field: f})
		}
	}
	behind := s.behind(in, res.Left)
	j.act.StayedBehind(s.r.rules, s.side, behind)
	if res.Item.ID != "" {
		j.act.Landed(s.r.rules, s.side, it.Record)
	} else {
		it.Record, it.Revision = in.Write.Seen.With(without(in.Write.Patch, behind)), unheard
	}
	in.Agree = j.act.Agree
	s.failing = nil
	if in.Op != record.Update || len(behind) < len(in.Write.Patch) {
		s.r.report.count(s.side, in.Op)
	}
	return s.r.e.state.Wrote(s.ctx, in, it, s.r.now())
}

// returned is what a service says that the item now holds; where it says nothing it is what was sent.
func returned(res provider.Result, in state.Intent) record.Record {
	if res.Item.ID == "" {
		return in.Write.Seen.With(in.Write.Patch)
	}
	return res.Item.Record
}

func without(p record.Patch, fields []record.Field) record.Patch {
	out := maps.Clone(p)
	for _, f := range fields {
		delete(out, f)
	}
	return out
}

// behind lists the fields that stayed behind, and keeps them from being sent again in this run.
func (s *sink) behind(in state.Intent, left []*provider.ItemError) []record.Field {
	var fields []record.Field
	for _, e := range left {
		fields = append(fields, e.Field)
		s.r.refused[refusal{s.side, in.Source, e.Field}] = e.Code
	}
	return fields
}

// refuse stores a write that was refused for sure. When one field is at fault, the others are sent without it in the
// next pass; otherwise nothing more is tried until something changes.
func (s *sink) refuse(i int, code string, field record.Field, presence plan.Presence) error {
	in := s.intents[i]
	if s.r.undo != nil {
		return s.stays(i, code, field)
	}
	if in.Op == record.Create {
		if s.code != code {
			s.code, s.failing = code, nil
		}
		s.failing = append(s.failing, in.Source)
	}
	limit := s.r.rules.Limits[s.side][field]
	_, inPatch := in.Write.Patch[field]
	key := refusal{s.side, in.Source, field}
	if field != "" && inPatch && !limit.Mandatory && s.r.refused[key] == "" && len(in.Write.Patch) > 1 {
		s.r.refused[key] = code
		return s.r.e.state.Refused(s.ctx, in, nil, "", nil, s.r.now())
	}
	side := s.side.Other()
	if in.Source == "" || in.Op == record.Delete {
		side = s.side
	}
	// The next pass plans what else there is to do for the item, and leaves this write out.
	problem := plan.Problem{Code: code, Side: side, Field: field}
	s.r.barred[refusal{s.side, in.Source, ""}] = plan.Bar{Problem: problem, Patch: in.Write.Patch}
	return s.r.e.state.Refused(s.ctx, in, nil, presence, []plan.Problem{problem}, s.r.now())
}

// unanswered lists what was sent without an answer. Its intents stay open.
func (s *sink) unanswered() error {
	for i, in := range s.intents {
		if s.ended[i] || in.Source == "" && s.r.undo == nil {
			continue
		}
		if s.r.undo != nil {
			s.r.undo.leftover(s.place(i), plan.Problem{Code: plan.CodeUnsure, Side: s.side})
			continue
		}
		side := s.side.Other()
		if err := s.r.e.state.AddProblem(s.ctx, in.Pair, in.Source, plan.Problem{Code: plan.CodeUnsure, Side: side}); err != nil {
			return err
		}
	}
	return nil
}
