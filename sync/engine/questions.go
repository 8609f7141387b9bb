package engine

import (
	"context"
	"errors"
	"fmt"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// ErrNoQuestion: no open question has this ID; it was settled, or its cause went away.
var ErrNoQuestion = errors.New("no such question")

// ChoiceError: a question does not take this choice.
type ChoiceError struct {
	Question Question
	Choice   plan.Choice
}

func (e *ChoiceError) Error() string {
	return fmt.Sprintf("question %s does not take %q", e.Question.ID, e.Choice)
}

// names is how many items a question names.
const names = 10

// Question is one that waits, with the names that a person needs to decide. Names are for the screen, never for a log.
type Question struct {
	state.Question
	Kind     record.Kind
	Ends     [2]state.End
	Names    []string                   // of the first items that it concerns
	Partners map[plan.Choice]string     // what a choice made by plan.Linking names
	Values   map[record.Field][2]string // what both sides hold of the fields in question
}

// Questions returns what waits for a person, in the order in which it is to be answered.
func (e *Engine) Questions(ctx context.Context) ([]Question, error) {
	return e.questions(ctx, state.Question.Waits)
}

// questions returns the open questions of a kind.
func (e *Engine) questions(ctx context.Context, wanted func(state.Question) bool) ([]Question, error) {
	pairs, err := e.state.ListPairs(ctx)
	if err != nil {
		return nil, err
	}
	var out []Question
	for _, p := range pairs {
		open, err := e.state.ListQuestions(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		for _, q := range open {
			if !wanted(q) {
				continue
			}
			one := Question{Question: q, Kind: p.Kind, Ends: p.Ends}
			if err := e.tell(ctx, p, &one); err != nil {
				return nil, err
			}
			out = append(out, one)
		}
	}
	return out, nil
}

// tell finds the names and values of a question in the state.
func (e *Engine) tell(ctx context.Context, p state.Pair, q *Question) error {
	first := [2]*plan.Seen{}
	side := q.Side
	if len(q.Items[side]) == 0 {
		side = side.Other()
	}
	for _, s := range plan.Sides {
		for i, id := range q.Items[s] {
			if i > 0 && (s != side || i == names) {
				break
			}
			it, err := e.state.GetItem(ctx, p.ID, s, id)
			if err != nil {
				return err
			}
			if i == 0 {
				first[s] = it
			}
			if s == side && it != nil {
				q.Names = append(q.Names, Dated(it.Record.Name(p.Kind), dayOf(it.Record, p.Kind)))
			}
		}
	}
	for _, c := range q.Choices {
		id, ok := c.Partner()
		if !ok {
			continue
		}
		it, err := e.state.GetItem(ctx, p.ID, q.Side.Other(), id)
		if err != nil {
			return err
		}
		if it != nil {
			if q.Partners == nil {
				q.Partners = map[plan.Choice]string{}
			}
			q.Partners[c] = Dated(it.Record.Name(p.Kind), dayOf(it.Record, p.Kind))
		}
	}
	q.values(p, first)
	return nil
}

// values fills in what both sides hold of the fields in question, by the left side's names.
func (q *Question) values(p state.Pair, items [2]*plan.Seen) {
	for _, f := range q.Fields {
		at := [2]record.Field{f, f}
		for _, row := range p.Mapping {
			if row.Left == f {
				at[plan.Right] = row.Right
			}
		}
		var v [2]string
		for _, s := range plan.Sides {
			if items[s] != nil {
				v[s] = items[s].Record[at[s]]
			}
		}
		if q.Values == nil {
			q.Values = map[record.Field][2]string{}
		}
		q.Values[f] = v
	}
}

// Answer stores what a person decided and asks Serve for a run of the pair. Until a run carries it out, an answer can be
// replaced by another. ErrNoQuestion when the question is open no more, a *ChoiceError when it cannot be answered so.
func (e *Engine) Answer(ctx context.Context, id string, c plan.Choice) error {
	open, err := e.questions(ctx, func(q state.Question) bool { return q.ID == id })
	if err != nil {
		return err
	}
	for _, q := range open {
		if !q.Takes(c) {
			return &ChoiceError{Question: q, Choice: c}
		}
		switch c {
		case plan.ChoiceRemove:
			return e.Quiet(func() error { return e.state.DeletePair(ctx, q.Pair) })
		case plan.ChoiceLook:
			// Whether the folder is back is what the run finds out: the question stays.
			e.Ask(q.Pair, RunOptions{})
			return nil
		}
		if err := e.state.Answer(ctx, q.Pair, id, c, e.opt.Clock()); err != nil {
			return err
		}
		if c != plan.ChoiceLater {
			e.Ask(q.Pair, RunOptions{})
		}
		return nil
	}
	return fmt.Errorf("%w: %s", ErrNoQuestion, id)
}
