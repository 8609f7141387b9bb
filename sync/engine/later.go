package engine

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
)

// longest is how long a service is left alone at most because it asked for it: a pause that never ends would be a sync
// that stopped without a word.
const longest = 6 * time.Hour

// patient keeps a run from asking a service that wants to be left alone. The pause outlives the process (C-48): a program
// that is started anew must not begin with what the service just refused.
func (r *run) patient(ctx context.Context, side plan.Side) error {
	text, err := r.e.state.GetSetting(ctx, laterSetting(r.pair.Ends[side].Account))
	if err != nil || text == "" {
		return err
	}
	var p pause
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil // Not ours: no pause is known.
	}
	// A clock that was set back must not make hours of minutes.
	if r.began.Before(p.From) || !r.began.Before(p.Until) {
		return nil
	}
	return r.at(side, &provider.RetryError{After: p.Until.Sub(r.began), Err: errPaused})
}

// pause is how long a service is left alone.
type pause struct{ From, Until time.Time }

var errPaused = errors.New("the service asked to be left alone for a while")

// remember keeps the pause that a service asked for, and a little more: programs that were sent away together must not
// come back together.
func (r *run) remember(ctx context.Context, err error) {
	var retry *provider.RetryError
	var end *EndError
	if !errors.As(err, &end) || !errors.As(err, &retry) || retry.After <= 0 || errors.Is(err, errPaused) {
		return
	}
	wait := min(retry.After, longest)
	from := r.e.opt.Clock().UTC()
	text, err := json.Marshal(pause{From: from, Until: from.Add(wait + rand.N(wait/10+1))})
	if err == nil {
		err = r.e.state.StoreSetting(ctx, laterSetting(end.Account), string(text))
	}
	if err != nil {
		r.e.opt.Log.Warn("Pause not stored", "pair", r.pair.ID)
	}
}

func laterSetting(account string) string { return "later:" + account }
