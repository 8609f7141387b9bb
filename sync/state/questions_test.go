package state

import (
	"errors"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

func aQuestion(choices ...plan.Choice) plan.Question {
	q := plan.Question{Code: plan.CodeDeletion, Side: plan.Left, Number: 1, Choices: append(choices, plan.ChoiceLater)}
	q.Items[plan.Left] = []record.ID{"l1"}
	return q.Named("p")
}

func onlyQuestion(t *testing.T, s *State) Question {
	t.Helper()
	all, err := s.ListQuestions(ctx, "p")
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%d questions, want 1", len(all))
	}
	return all[0]
}

func settled(t *testing.T, s *State, p Pair, questions ...plan.Question) {
	t.Helper()
	it, err := s.GetItem(ctx, "p", plan.Left, "l1")
	must(t, err)
	_, err = s.Settle(ctx, p, plan.Step{Triple: plan.Triple{Items: [2]*plan.Seen{it, nil}}, Questions: questions})
	must(t, err)
}

func TestAnAnswerIsKeptAndItsItemsArePlannedAnew(t *testing.T) {
	s, p := withPair(t)
	must(t, s.Discovered(ctx, found(plan.Left, 1, card("l1", "A"))))
	_, err := s.BeginRun(ctx, "p", noon)
	must(t, err)
	q := aQuestion(plan.ChoiceDelete)
	settled(t, s, p, q)
	settled(t, s, p, q)
	if got := onlyQuestion(t, s); got.ID != q.ID || !got.Asked.Equal(noon) || got.Stops || !got.Waits() {
		t.Fatalf("%+v", got)
	}
	if d, err := s.Triples(ctx, p); err != nil || len(d.Unlinked[plan.Left]) != 0 {
		t.Fatalf("dirty %+v, %v", d, err)
	}
	must(t, s.Answer(ctx, "p", q.ID, plan.ChoiceDelete, noon))
	if d, err := s.Triples(ctx, p); err != nil || len(d.Unlinked[plan.Left]) != 1 {
		t.Fatalf("dirty %+v, %v", d, err)
	}
	answers, err := s.Answers(ctx, "p")
	must(t, err)
	if len(answers) != 1 || answers[0].Choice != plan.ChoiceDelete || !answers[0].At.Equal(noon) || len(answers[0].Items[plan.Left]) != 1 {
		t.Fatalf("%+v", answers)
	}
	// Asked once more by the next run, it stays answered; asked no more, it is settled.
	settled(t, s, p, q)
	if got := onlyQuestion(t, s); got.Answer != plan.ChoiceDelete || got.Waits() {
		t.Fatalf("%+v", got)
	}
	settled(t, s, p)
	if all, _ := s.ListQuestions(ctx, ""); len(all) != 0 {
		t.Fatalf("%+v", all)
	}
	if err := s.Answer(ctx, "p", q.ID, plan.ChoiceDelete, noon); !errors.Is(err, ErrNotFound) {
		t.Fatalf("error %v", err)
	}
	// The same happens again later: it is a new question.
	settled(t, s, p, q)
	if got := onlyQuestion(t, s); !got.Waits() || got.Answer != "" {
		t.Fatalf("%+v", got)
	}
}

// An answer holds until it is carried out: a step that is about to write does not settle its question.
func TestAnAnswerOutlivesAStepThatIsNotWrittenYet(t *testing.T) {
	s, p := withPair(t)
	must(t, s.Discovered(ctx, found(plan.Left, 1, card("l1", "A"))))
	q := aQuestion(plan.ChoiceDelete)
	settled(t, s, p, q)
	must(t, s.Answer(ctx, "p", q.ID, plan.ChoiceDelete, noon))
	it, err := s.GetItem(ctx, "p", plan.Left, "l1")
	must(t, err)
	st := plan.Step{Triple: plan.Triple{Items: [2]*plan.Seen{it, nil}}, Acts: [2]*plan.Act{{Write: record.Write{Op: record.Delete}}}}
	_, err = s.Settle(ctx, p, st)
	must(t, err)
	if got := onlyQuestion(t, s); got.Answer != plan.ChoiceDelete {
		t.Fatalf("%+v", got)
	}
}

func TestAStopClosesTheStopsWhoseCauseWentAway(t *testing.T) {
	s, _ := withPair(t)
	stop := func(code string, items ...record.ID) plan.Question {
		q := plan.Question{Code: code, Side: plan.Right, Number: len(items), Choices: []plan.Choice{plan.ChoiceDelete, plan.ChoiceLater}}
		q.Items[plan.Left] = items
		return q.Named("p")
	}
	a, b := stop(plan.CodeMany, "1", "2"), stop(plan.CodeMany, "1", "2", "3")
	must(t, s.AskStop(ctx, "p", a))
	must(t, s.AskStop(ctx, "p", b))
	if got := onlyQuestion(t, s); got.ID != b.ID || !got.Stops {
		t.Fatalf("%+v", got)
	}
	must(t, s.Answer(ctx, "p", b.ID, plan.ChoiceDelete, noon))
	// What was decided is still to be carried out when another guard stops the pair.
	c := stop(plan.CodeFailing, "9")
	must(t, s.AskStop(ctx, "p", c))
	if all, _ := s.ListQuestions(ctx, "p"); len(all) != 2 {
		t.Fatalf("%+v", all)
	}
	must(t, s.CloseStops(ctx, "p"))
	if all, _ := s.ListQuestions(ctx, "p"); len(all) != 0 {
		t.Fatalf("%+v", all)
	}
}
