package state

import (
	"context"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// Question is one that waits for an answer, or whose answer is not carried out yet.
type Question struct {
	plan.Question
	Pair     string
	Stops    bool        // the pair waits for it; otherwise only its items do
	Asked    time.Time   // when the run began that asked first
	Answer   plan.Choice // "" when there is none
	Answered time.Time
}

// Waits says whether somebody still has to decide.
func (q Question) Waits() bool { return q.Answer == "" || q.Answer == plan.ChoiceLater }

// ListQuestions returns the open questions of a pair, or of all pairs with "": those that stop a pair first.
func (s *State) ListQuestions(ctx context.Context, pair string) ([]Question, error) {
	var out []Question
	err := s.each(ctx, "list-questions", []any{pair}, func(scan func(...any) error) error {
		var q Question
		var body, asked, answered string
		if err := scan(&q.Pair, &body, &q.Stops, &asked, &q.Answer, &answered); err != nil {
			return err
		}
		q.Asked, q.Answered = unstamp(asked), unstamp(answered)
		out = append(out, q)
		return fromJSON(body, &out[len(out)-1].Question)
	})
	return out, err
}

// Answers returns what was decided about a pair and is not carried out yet.
func (s *State) Answers(ctx context.Context, pair string) ([]plan.Answer, error) {
	questions, err := s.ListQuestions(ctx, pair)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var out []plan.Answer
	for _, q := range questions {
		twin, err := s.twin(ctx, q)
		if err != nil {
			return nil, err
		}
		a := plan.Answer{Question: q.ID, Code: q.Code, Choice: q.Answer, At: q.Answered, Seen: q.Seen, Twin: twin, Partners: partners(q)}
		if q.Answer != "" || twin || len(a.Partners) > 0 {
			at[q.ID] = len(out)
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	err = s.each(ctx, "waiting-items", []any{pair}, func(scan func(...any) error) error {
		var id string
		var side plan.Side
		var item record.ID
		err := scan(&id, &side, &item)
		if i, answered := at[id]; answered {
			out[i].Items[side] = append(out[i].Items[side], item)
		}
		return err
	})
	return out, err
}

// partners lists those that an ambiguous item may have, unless somebody decided that it has none.
func partners(q Question) (out []record.ID) {
	if _, chosen := q.Answer.Partner(); q.Code != plan.CodeAmbiguous || !q.Waits() && !chosen {
		return nil
	}
	for _, c := range q.Choices {
		if id, ok := c.Partner(); ok {
			out = append(out, id)
		}
	}
	return out
}

// twin says of the question about an ambiguous item whether all partners that it could have had are linked by now.
func (s *State) twin(ctx context.Context, q Question) (bool, error) {
	if q.Code != plan.CodeAmbiguous || !q.Waits() {
		return false, nil
	}
	for _, id := range partners(q) {
		if link, err := s.LinkOf(ctx, q.Pair, q.Side.Other(), id); err != nil || link == 0 {
			return false, err
		}
	}
	return true, nil
}

// Answered has planned anew what was decided since the run before this one began: it may have come while that one was
// settling the same items.
func (s *State) Answered(ctx context.Context, pair string, run int64) error {
	return s.write(ctx, func(t *tx) { t.run("dirty-answered", pair, run) })
}

// Ask stores a question for which only its items wait.
func (s *State) Ask(ctx context.Context, pair string, q plan.Question) error {
	return s.write(ctx, func(t *tx) { t.ask(pair, q, false) })
}

// replaced lists the items of a side in whose place others were made.
func (s *State) replaced(ctx context.Context, pair string, side plan.Side) (map[record.ID]bool, error) {
	out := map[record.ID]bool{}
	err := s.each(ctx, "list-replaced", []any{pair, side}, func(scan func(...any) error) error {
		var id record.ID
		err := scan(&id)
		out[id] = true
		return err
	})
	return out, err
}

// Written returns the updates of one item that were carried out by runs which began at a moment or later.
func (s *State) Written(ctx context.Context, pair string, side plan.Side, id record.ID, since time.Time) ([]plan.Written, error) {
	var out []plan.Written
	err := s.each(ctx, "list-written", []any{pair, side, id, stamp(since)}, func(scan func(...any) error) error {
		w := plan.Written{Side: side}
		var patch, began string
		if err := scan(&patch, &began); err != nil {
			return err
		}
		w.At = unstamp(began)
		err := fromJSON(patch, &w.Patch)
		out = append(out, w)
		return err
	})
	return out, err
}

// AskStop stores a question for which the whole pair waits. Others for which it waited and that nobody decided are closed:
// their cause went away.
func (s *State) AskStop(ctx context.Context, pair string, q plan.Question) error {
	return s.write(ctx, func(t *tx) {
		t.ask(pair, q, true)
		t.run("close-stops", pair, q.ID, false)
		t.run("release-closed", pair)
	})
}

// CloseStops closes all questions for which the whole pair waited: it went on.
func (s *State) CloseStops(ctx context.Context, pair string) error {
	return s.write(ctx, func(t *tx) {
		t.run("close-stops", pair, "", true)
		t.run("release-closed", pair)
	})
}

// Answer stores what a person decided, and has the items concerned planned anew. ErrNotFound when there is no such open
// question.
func (s *State) Answer(ctx context.Context, pair, id string, c plan.Choice, at time.Time) error {
	return s.write(ctx, func(t *tx) {
		if t.run("answer-question", c, stamp(at), pair, id) == 0 && t.err == nil {
			t.err = ErrNotFound
			return
		}
		t.run("dirty-asked", pair, id)
	})
}

// ask stores a question and which items wait for it.
func (t *tx) ask(pair string, q plan.Question, stops bool) {
	t.run("store-question", pair, q.ID, toJSON(q), stops)
	for _, side := range plan.Sides {
		for _, id := range q.Items[side] {
			t.run("store-question-item", pair, side, id, q.ID)
		}
	}
}

// settleQuestions stores what a step asks. What was asked about its items before, and is asked no more, is settled. An
// answer that is about to be written holds until it is.
func (t *tx) settleQuestions(pair string, st plan.Step) {
	for _, q := range st.Questions {
		t.ask(pair, q, false)
	}
	if !st.Idle() || st.Wait {
		return
	}
	kept := st.Shares
	for _, q := range st.Questions {
		kept = append(kept, q.ID)
	}
	for _, side := range plan.Sides {
		if it := st.Triple.Items[side]; it != nil {
			t.releaseItem(pair, side, it.ID, kept...)
		}
	}
}

// releaseItem takes an item out of all questions but the kept ones, and closes those that are left without any.
func (t *tx) releaseItem(pair string, side plan.Side, id record.ID, kept ...string) {
	names := toJSON(append([]string{}, kept...))
	t.run("close-with-item", pair, side, id, names)
	t.run("release-item", pair, side, id, names)
}
