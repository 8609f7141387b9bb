package engine

import (
	"context"
	"errors"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// questions returns the questions that wait.
func (w *world) questions() []Question {
	w.t.Helper()
	all, err := w.engine().Questions(context.Background())
	w.must(err)
	return all
}

func TestAnAnswerHasToFitItsQuestion(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	q := plan.Question{Code: plan.CodeMany, Side: plan.Left, Number: 1, Fields: []record.Field{record.LastName},
		Choices: []plan.Choice{plan.ChoiceDelete, plan.Linking(w.one(w.right).ID), plan.ChoiceLater}}
	q.Items[plan.Left] = []record.ID{w.one(w.left).ID}
	q = q.Named("p")
	w.must(w.state.AskStop(context.Background(), "p", q))
	all := w.questions()
	if len(all) != 1 || all[0].ID != q.ID || all[0].Ends[plan.Right].Title != "Home" {
		t.Fatalf("%+v", all)
	}
	got := all[0]
	if len(got.Names) != 1 || got.Names[0] != "Ada L1" || got.Partners[q.Choices[1]] != "Ada L1" || got.Values[record.LastName][plan.Left] != "L1" {
		t.Fatalf("%+v", got)
	}
	e := w.engine()
	var wrong *ChoiceError
	if err := e.Answer(context.Background(), q.ID, plan.ChoicePutBack); !errors.As(err, &wrong) || wrong.Question.ID != q.ID {
		t.Fatalf("error %v", err)
	}
	if err := e.Answer(context.Background(), "nothing", plan.ChoiceLater); !errors.Is(err, ErrNoQuestion) {
		t.Fatalf("error %v", err)
	}
	w.must(e.Answer(context.Background(), q.ID, plan.ChoiceLater))
	if all := w.questions(); len(all) != 1 || all[0].Answer != plan.ChoiceLater {
		t.Fatalf("%+v", all)
	}
	w.must(e.Answer(context.Background(), q.ID, plan.ChoiceDelete))
	if all := w.questions(); len(all) != 0 {
		t.Fatalf("%+v", all)
	}
	if _, asked := e.asks.take(); len(asked) != 1 {
		t.Fatalf("no run was asked for: %v", asked)
	}
}
