package engine

import (
	"context"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// The state forgets by their names what this package remembers of a pair and of an account.
func TestWhatIsRememberedOfAPairGoesWithIt(t *testing.T) {
	w, ctx := newWorld(t, record.Contact, nil), context.Background()
	pair, err := w.state.GetPair(ctx, "p")
	w.must(err)
	account := pair.Ends[plan.Right].Account
	r := w.engine().begin(pair, RunOptions{})
	names := []string{
		r.deepSetting(), r.comparedSetting(), othersSetting(pair.ID), heldSetting(pair.ID),
		heardSetting(pair.ID, plan.Left), heardSetting(pair.ID, plan.Right), laterSetting(account),
	}
	for _, name := range names {
		w.must(w.state.StoreSetting(ctx, name, "x"))
	}
	w.must(w.state.DeleteAccount(ctx, account))
	for _, name := range names {
		if value, err := w.state.GetSetting(ctx, name); err != nil || value != "" {
			t.Errorf("%s is still there: %v", name, err)
		}
	}
}
