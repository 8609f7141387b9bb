package engine

import (
	"context"
	"strconv"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

// expect asks a service that tells only differences for what this program made there since the last listing, too: what
// somebody deleted before anybody listed it would never be heard of. It returns what is to be stored when the listing ended.
func (r *run) expect(ctx context.Context, side plan.Side, c *state.Cursor) (heard string, err error) {
	text, err := r.e.state.GetSetting(ctx, heardSetting(r.pair.ID, side))
	if err != nil {
		return "", err
	}
	since, _ := strconv.ParseInt(text, 10, 64) // none yet: all that the journal tells of
	made, number, err := r.e.state.Made(ctx, r.pair.ID, side, since)
	if err != nil {
		return "", err
	}
	service, ok := r.ends[side].(provider.Expecter)
	if ok && len(made) > 0 && c.Value != "" && !c.Listing {
		value, err := service.Expect(c.Value, made)
		if err == nil {
			c.Value = value
		} // A cursor that is no longer good has everything listed.
	}
	if heard = strconv.FormatInt(number, 10); heard == text {
		return "", nil
	}
	return heard, nil
}

func heardSetting(pair string, side plan.Side) string { return "heard:" + pair + ":" + side.String() }
