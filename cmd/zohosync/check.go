package main

import (
	"context"

	"zohosync/sync/plan"
)

type checkCmd struct {
	Pair string `arg:"" optional:"" help:"The pair; without it all of them."`
	Fix  bool   `help:"Sync, and settle what differs by the rule of the pair for fields that both sides changed."`
}

// Run lists both sides of the pairs wholly and says what differs and what a sync would do. It writes nothing, unless it is
// to settle what differs.
func (k checkCmd) Run(ctx context.Context, t *terminal, c *commands) error {
	results, code, err := syncCmd{Pair: k.Pair, DryRun: !k.Fix, deep: true, mend: k.Fix}.carryOut(ctx, t, c)
	if err != nil {
		return err
	}
	drift, waits := 0, 0
	for _, r := range results {
		for _, it := range r.Items {
			if it.Code == plan.CodeDrift {
				drift++
			}
		}
		waits += r.questions
		if len(r.Plan)+r.Links+r.questions > 0 {
			code = worse(code, attention)
		}
	}
	switch {
	case t.json:
		if err := t.show(map[string]any{"pairs": results, "drift": drift, "questions": waits}); err != nil {
			return err
		}
	case len(results) == 0:
		t.say(t.words.T("No pairs yet"))
	case drift > 0:
		t.say(t.words.T("What differs although neither side changed it is listed above. zohosync check --fix settles it."))
	case code == inStep:
		t.say(t.words.T("Everything that is linked is the same on both sides."))
	}
	return code
}
