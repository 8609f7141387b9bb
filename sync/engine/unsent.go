package engine

import (
	"context"
	"encoding/json"
	"fmt"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// Unsent tells what is known of a pair and not carried out: who ends the pair now leaves it so.
type Unsent struct {
	Pair      string `json:"pair"`
	Changes   [2]int `json:"changes"`   // by side: items made, changed or deleted there of which the other side does not know
	Questions int    `json:"questions"` // that wait for a person
}

// Any says whether there is something.
func (u Unsent) Any() bool { return u.Changes != [2]int{} || u.Questions > 0 }

// Unsent counts what waits in a pair, as far as the last look at both sides told. Nothing is sent and nothing stored, so
// that it answers without a network and without a sign-in. state.ErrNotFound when there is no such pair.
func (e *Engine) Unsent(ctx context.Context, pairID string) (Unsent, error) {
	u := Unsent{Pair: pairID}
	pair, err := e.state.GetPair(ctx, pairID)
	if err != nil {
		return u, fmt.Errorf("pair %s: %w", pairID, err)
	}
	text, err := e.state.GetSetting(ctx, heldSetting(pairID))
	if err != nil || text == "" {
		return u, err // Nobody looked at both sides yet.
	}
	r := e.begin(pair, RunOptions{DryRun: true})
	if r.rules, err = rulesHeld(pair, text, r); err != nil {
		return u, err
	}
	answers, err := e.state.Answers(ctx, pairID)
	if err != nil {
		return u, err
	}
	r.rules.Answers = plan.NewAnswers(answers)
	steps, err := r.plan(ctx)
	if err != nil {
		return u, err
	}
	problems, err := e.state.ListProblems(ctx, pair)
	if err != nil {
		return u, err
	}
	u.Changes = unsent(steps, problems)
	open, err := e.state.ListQuestions(ctx, pairID)
	for _, q := range open {
		if q.Waits() {
			u.Questions++
		}
	}
	return u, err
}

// unsent counts by side the items that a step would carry over, and those that a problem keeps where they are.
func unsent(steps []plan.Step, problems []state.Problem) (n [2]int) {
	type item struct {
		side plan.Side
		id   record.ID
	}
	waits := map[item]bool{}
	for _, st := range steps {
		for _, to := range plan.Sides {
			if from := st.Triple.Items[to.Other()]; st.Acts[to] != nil && from != nil {
				waits[item{to.Other(), from.ID}] = true
			}
		}
		for _, p := range st.Problems {
			if it := st.Triple.Items[p.Side]; it != nil && !plan.Excluded(p.Code) {
				waits[item{p.Side, it.ID}] = true
			}
		}
	}
	for _, p := range problems {
		if !plan.Excluded(p.Code) {
			waits[item{p.Side, p.Item}] = true
		}
	}
	for it := range waits {
		n[it.side]++
	}
	return n
}

// held is what both collections said of themselves when they were last looked at.
type held struct {
	Limits   [2]map[record.Field]record.Limit
	ReadOnly [2]bool
	Owner    string
}

// hold remembers what both collections hold, so that one can tell what waits without asking them again.
func (r *run) hold(ctx context.Context) error {
	infos := [2]provider.Info{r.ends[plan.Left].Info(), r.ends[plan.Right].Info()}
	h := held{Owner: infos[plan.Left].Owner}
	for side, info := range infos {
		h.Limits[side], h.ReadOnly[side] = info.Limits[r.pair.Kind], info.ReadOnly
	}
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	before, err := r.e.state.GetSetting(ctx, heldSetting(r.pair.ID))
	if err != nil || before == string(text) {
		return err
	}
	return r.e.state.StoreSetting(ctx, heldSetting(r.pair.ID), string(text))
}

func rulesHeld(p state.Pair, text string, r *run) (plan.Rules, error) {
	var h held
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return plan.Rules{}, err
	}
	infos := [2]provider.Info{{Owner: h.Owner}, {}}
	for side := range infos {
		infos[side].ReadOnly = h.ReadOnly[side]
		infos[side].Limits = map[record.Kind]map[record.Field]record.Limit{p.Kind: h.Limits[side]}
	}
	return Rules(p, infos, r.began), nil
}

func heldSetting(pair string) string { return "held:" + pair }
