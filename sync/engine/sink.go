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
	case res.Err == nil && s.intents[i].Op == record.Delete && !s.there[i] && !s.r.ends[s.side].Info().AbsentIsDeleted:
		// The service no longer shows it: who lost access to an item did not delete it, and nor did we.
		return s.refuse(i, plan.CodeLostAccess, "", plan.Missing)
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
		if s.ended[i] {
			continue
		}
		// It may have been sent just now: a computer that slept meanwhile, or a service that had us wait.
		if err := s.r.e.state.Late(s.ctx, in, s.r.now()); err != nil {
			return err
		}
		if in.Source == "" && s.r.undo == nil {
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
