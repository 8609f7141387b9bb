package main

import (
	"context"
	"slices"

	"zohosync/sync/plan"
)

type checkCmd struct {
	Pair string `arg:"" optional:"" help:"The pair; without it all of them."`
	Fix  bool   `help:"Settle what differs by the rule of the pair for fields that both sides changed."`
}

// Run syncs the pairs with a complete listing of both sides and says what still differs.
func (k checkCmd) Run(ctx context.Context, t *terminal, c *commands) error {
	results, code, err := syncCmd{Pair: k.Pair, deep: true, mend: k.Fix}.carryOut(ctx, t, c)
	if err != nil {
		return err
	}
	drift := 0
	for _, r := range results {
		for _, it := range r.Items {
			if it.Code == plan.CodeDrift {
				drift++
			}
		}
	}
	switch {
	case t.json:
		if err := t.show(map[string]any{"pairs": results, "drift": drift}); err != nil {
			return err
		}
	case len(results) == 0:
		t.say(t.words.T("No pairs yet"))
	case drift > 0:
		t.say(t.words.T("What differs although neither side changed it is listed above. zohosync check --fix settles it."))
	case !slices.ContainsFunc(results, func(r syncedPair) bool { return r.Error != nil || r.Stop != nil }):
		t.say(t.words.T("Everything that is linked is the same on both sides."))
	}
	return code
}
