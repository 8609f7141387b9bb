package zoho

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"zohosync/sync/provider"
)

// remove deletes records into the recycle bin. Only what is exactly as the plan saw it is deleted.
func (a *applying) remove(ctx context.Context, idx []int) error {
	found, _, err := a.current(ctx, idx)
	if err != nil {
		return err
	}
	var gone []int
	for _, i := range idx {
		needed, err := a.removable(i, found[string(a.writes[i].ID)])
		if err != nil {
			return err
		}
		if needed {
			gone = append(gone, i)
		}
	}
	return a.discard(ctx, gone)
}

// removable settles a delete that needs no request, and says whether one is needed.
func (a *applying) removable(i int, o object) (bool, error) {
	if o == nil {
		return false, a.done(i, provider.Result{})
	}
	it, skip := a.now(i, o)
	switch {
	case skip != nil:
		return false, a.done(i, provider.Result{Err: skip.Err})
	case a.writes[i].Revision != "" && a.writes[i].Revision != it.Revision:
		return false, a.done(i, provider.Result{Item: it, Err: provider.ErrConflict})
	}
	return true, a.before(i, o)
}

func (a *applying) discard(ctx context.Context, idx []int) error {
	if len(idx) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	q := url.Values{"ids": {strings.Join(a.ids(idx), ",")}, "wf_trigger": {"false"}}
	results, err := a.p.write(ctx, request{method: http.MethodDelete, path: a.path(), query: q, credits: 1}, len(idx))
	var refused *refusal
	var retry *provider.RetryError
	switch {
	case errors.As(err, &retry) && retry.Sent:
		return a.doubt(idx, err)
	case errors.As(err, &refused) && !errors.Is(err, provider.ErrAuth) && !errors.Is(err, provider.ErrGone):
		if half := len(idx) / 2; half > 0 && !refused.forbidden() {
			// One record may spoil a whole request.
			if err := a.discard(ctx, idx[:half]); err != nil {
				return err
			}
			return a.discard(ctx, idx[half:])
		}
		results = slices.Repeat([]result{refused.result}, len(idx))
	case err != nil:
		return err
	}
	var left []int
	for n, i := range idx {
		if !results[n].done() {
			left = append(left, n)
			continue
		}
		if err := a.done(i, provider.Result{}); err != nil {
			return err
		}
	}
	return a.undeleted(ctx, idx, left, results)
}

// undeleted settles what Zoho did not delete: somebody else did, or it is refused.
func (a *applying) undeleted(ctx context.Context, idx, left []int, results []result) error {
	if len(left) == 0 {
		return nil
	}
	var which []int
	for _, n := range left {
		which = append(which, idx[n])
	}
	found, _, err := a.current(ctx, which)
	if err != nil {
		return err
	}
	for _, n := range left {
		r := provider.Result{}
		if found[string(a.writes[idx[n]].ID)] != nil {
			r.Err = results[n].itemError()
		}
		if err := a.done(idx[n], r); err != nil {
			return err
		}
	}
	return nil
}
