package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"zohosync/assets"
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

type questionsCmd struct {
	Pair string `arg:"" optional:"" help:"The pair; without it all of them."`
}

type answerCmd struct {
	ID     string `arg:"" help:"The question, as zohosync questions names it."`
	Choice string `arg:"" help:"One of its choices."`
}

// askedQuestion is a question as JSON prints it.
type askedQuestion struct {
	ID       string        `json:"id"`
	Pair     string        `json:"pair"`
	Code     string        `json:"code"`
	Sentence string        `json:"sentence"`
	Details  string        `json:"details"`
	Side     plan.Side     `json:"side"`
	Number   int           `json:"number"`
	Linked   int           `json:"linked,omitempty"`
	Stops    bool          `json:"stops"` // the whole pair waits for the answer
	Items    []string      `json:"items"` // names of the first ones
	Fields   []askedField  `json:"fields,omitempty"`
	Asked    *time.Time    `json:"asked"`
	Later    bool          `json:"later"` // somebody saw it and decides later
	Choices  []askedChoice `json:"choices"`
}

// askedField is a field in question, with what both sides hold.
type askedField struct {
	Field record.Field `json:"field"`
	Label string       `json:"label"`
	Left  string       `json:"left"`
	Right string       `json:"right"`
}

// askedChoice is one answer that a question takes.
type askedChoice struct {
	Choice   plan.Choice `json:"choice"`
	Sentence string      `json:"sentence"`
	Meaning  string      `json:"meaning"`
}

// Run lists what waits for a person.
func (q questionsCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	if _, err := h.chosen(ctx, q.Pair); err != nil {
		return err
	}
	all, err := h.engine(engine.Options{}).Questions(ctx)
	if err != nil {
		return err
	}
	shown := []askedQuestion{}
	for _, one := range all {
		if q.Pair == "" || q.Pair == one.Pair {
			shown = append(shown, t.asked(h, one))
		}
	}
	if err := t.questions(shown); err != nil || len(shown) == 0 {
		return err
	}
	return attention
}

func (t *terminal) questions(all []askedQuestion) error {
	if t.json {
		return t.show(map[string]any{"questions": all})
	}
	if len(all) == 0 {
		t.say(t.words.T("Nothing waits for an answer"))
	}
	for i, q := range all {
		if i > 0 {
			t.say("")
		}
		t.question(q)
	}
	return nil
}

// question prints one question with what to type for each answer.
func (t *terminal) question(q askedQuestion) {
	w := t.words
	lines := []string{q.Pair + ": " + q.Sentence, q.Details}
	if q.Number > 1 {
		lines = append(lines, w.Names(q.Items, q.Number))
	}
	if q.Asked != nil {
		at := q.Asked.Local()
		lines = append(lines, w.T("Asked on {{.day}}, {{.clock}}.", "day", w.Day(at), "clock", w.Clock(at)))
	}
	for i, line := range lines {
		if line != "" {
			t.say(strings.Repeat("  ", min(i, 1)) + oneLine([]string{line})[0])
		}
	}
	for _, f := range q.Fields {
		t.say("  " + oneLine([]string{f.Label + ": " + f.Left + " | " + f.Right})[0])
	}
	var rows [][]string
	for _, c := range q.Choices {
		rows = append(rows, []string{"  zohosync answer " + q.ID + " " + string(c.Choice), c.Sentence, c.Meaning})
	}
	t.table([]string{"  " + w.T("COMMAND"), w.T("ANSWER"), w.T("WHAT IT MEANS")}, rows, "")
}

// asked puts a question into words.
func (t *terminal) asked(h *home, q engine.Question) askedQuestion {
	w := t.words
	words := t.aboutQuestion(h, q)
	out := askedQuestion{
		ID: q.ID, Pair: q.Pair, Code: q.Code, Side: q.Side, Number: q.Number, Linked: q.Linked, Stops: q.Stops,
		Items: nonNil(q.Names), Later: q.Answer == plan.ChoiceLater,
	}
	if !q.Asked.IsZero() {
		out.Asked = &q.Asked
	}
	out.Sentence, out.Details = w.Asks(words)
	for _, f := range q.Fields {
		v := q.Values[f]
		out.Fields = append(out.Fields, askedField{Field: f, Label: t.label(q.Kind, f), Left: v[plan.Left], Right: v[plan.Right]})
	}
	for _, c := range q.Choices {
		label, meaning := w.Choice(string(c), words, q.Partners[c])
		out.Choices = append(out.Choices, askedChoice{Choice: c, Sentence: label, Meaning: meaning})
	}
	return out
}

// aboutQuestion gathers what the words of a question are made from.
func (t *terminal) aboutQuestion(h *home, q engine.Question) assets.Question {
	here, there := q.Ends[q.Side], q.Ends[q.Side.Other()]
	out := assets.Question{
		Code: q.Code, Kind: string(q.Kind), Number: q.Number, Linked: q.Linked, Stops: q.Stops,
		Here: h.nameOfEnd(here), There: h.nameOfEnd(there), HereFolder: here.Title, ThereFolder: there.Title,
	}
	if len(q.Names) > 0 {
		out.Item = q.Names[0]
	}
	var labels []string
	for _, f := range q.Fields {
		labels = append(labels, t.label(q.Kind, f))
	}
	out.Fields = strings.Join(labels, ", ")
	return out
}

// nameOfEnd is what people call the service at an end of a pair.
func (h *home) nameOfEnd(e state.End) string {
	a, err := h.state.GetAccount(context.Background(), e.Account)
	if err == nil && a.Service == serviceZoho {
		return "Zoho CRM"
	}
	return e.Account
}

// givenAnswer is what answer prints as JSON.
type givenAnswer struct {
	ID     string      `json:"id"`
	Pair   string      `json:"pair"`
	Choice plan.Choice `json:"choice"`
}

// Run stores an answer. The next sync carries it out; with the tray icon running that is at once.
func (a answerCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	e := h.engine(engine.Options{})
	all, err := e.Questions(ctx)
	if err != nil {
		return err
	}
	pair := ""
	for _, q := range all {
		if q.ID == a.ID {
			pair = q.Pair
		}
	}
	if err := e.Answer(ctx, a.ID, plan.Choice(a.Choice)); err != nil {
		return t.notAnswered(h, err)
	}
	said := t.words.T("Answered. The next sync of {{.name}} carries it out: zohosync sync {{.name}}", "name", pair)
	switch plan.Choice(a.Choice) {
	case plan.ChoiceLater:
		said = t.words.T("Answered. The question waits, and you are not asked again.")
	case plan.ChoiceRemove:
		said = t.words.T("{{.name}} was removed.", "name", pair)
	}
	return t.result(givenAnswer{a.ID, pair, plan.Choice(a.Choice)}, said)
}

// notAnswered names the choices that a question takes.
func (t *terminal) notAnswered(h *home, err error) error {
	var wrong *engine.ChoiceError
	if !errors.As(err, &wrong) {
		return err
	}
	var names []string
	for _, c := range t.asked(h, wrong.Question).Choices {
		names = append(names, fmt.Sprintf("%s (%s)", c.Choice, c.Sentence))
	}
	return fmt.Errorf("%w; it takes: %s", err, strings.Join(names, ", "))
}
