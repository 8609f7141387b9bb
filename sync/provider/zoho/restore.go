package zoho

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// restore sets records back that still live, and brings back from the recycle bin those that are gone: with their ids and
// all that hangs on them (https://www.zoho.com/crm/developer/docs/api/v8/restore-recycle-bin-records.html). What is no
// longer in the bin is ErrNotFound.
func (a *applying) restore(ctx context.Context, idx []int) error {
	found, _, err := a.current(ctx, idx)
	if err != nil {
		return err
	}
	var living, gone []int
	for _, i := range idx {
		if found[string(a.writes[i].ID)] != nil {
			living = append(living, i)
		} else {
			gone = append(gone, i)
		}
	}
	for _, i := range slices.Clone(living) {
		if a.writes[i].Revision != "" {
			continue
		}
		// It is there again: whoever brought it back may have edited it.
		living = slices.DeleteFunc(living, func(l int) bool { return l == i })
		if err := a.there(i, found[string(a.writes[i].ID)]); err != nil {
			return err
		}
	}
	if len(living) > 0 {
		if err := a.update(ctx, living); err != nil {
			return err
		}
	}
	return a.raise(ctx, gone)
}

// there ends the restore of a record that is not gone at all.
func (a *applying) there(i int, o object) error {
	it, skip := a.item(o)
	if skip != nil {
		return a.done(i, provider.Result{Err: skip.Err})
	}
	r := provider.Result{Item: it}
	if len(record.Diff(it.Record, it.Record.With(a.canonical(a.writes[i].Patch)))) > 0 {
		r.Err = provider.ErrConflict
	}
	return a.done(i, r)
}

// raise asks for records out of the recycle bin.
func (a *applying) raise(ctx context.Context, idx []int) error {
	if len(idx) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	results, err := a.p.raise(ctx, a.ids(idx))
	var retry *provider.RetryError
	var refused *refusal
	switch {
	case errors.As(err, &retry) && retry.Sent:
		return a.raised(ctx, idx, nil, err)
	case errors.As(err, &refused) && !errors.Is(err, provider.ErrAuth) && !errors.Is(err, provider.ErrGone):
		if len(idx) > 1 {
			// One record may spoil a whole request.
			half := len(idx) / 2
			if err := a.raise(ctx, idx[:half]); err != nil {
				return err
			}
			return a.raise(ctx, idx[half:])
		}
		results = map[string]result{string(a.writes[idx[0]].ID): refused.result}
	case err != nil:
		return err
	}
	return a.raised(ctx, idx, results, nil)
}

// raised settles what was asked out of the recycle bin. why says that no answer came.
func (a *applying) raised(ctx context.Context, idx []int, results map[string]result, why error) error {
	found, _, err := a.current(ctx, idx)
	if err != nil {
		return a.doubt(idx, errors.Join(&provider.RetryError{Sent: true, Err: err}, why))
	}
	var back, open []int
	for _, i := range idx {
		r := results[string(a.writes[i].ID)]
		switch {
		case found[string(a.writes[i].ID)] != nil:
			back = append(back, i)
		case why != nil, r.Code == "SCHEDULED", r.Code == "INTERNAL_ERROR", r.Code == "":
			open = append(open, i)
		case r.done():
			// It is there, but reading it lags.
			err = a.done(i, provider.Result{})
		case r.Code == "INVALID_DATA", r.missing():
			err = a.done(i, provider.Result{Err: provider.ErrNotFound})
		default:
			// It is in the bin still. One that is made in its place would be a second one when somebody brings it back.
			err = a.done(i, provider.Result{Err: r.itemError()})
		}
		if err != nil {
			return err
		}
	}
	if len(back) > 0 {
		// The bin gives back what was deleted last; the write may name what was before.
		if err := a.update(ctx, back); err != nil {
			return err
		}
	}
	if why == nil {
		why = &provider.RetryError{Sent: true, Err: errors.New("zoho: the restoring was put off, or nothing was said of it")}
	}
	return a.doubt(open, why)
}

func (a *applying) ids(idx []int) []string {
	out := make([]string, len(idx))
	for n, i := range idx {
		out[n] = string(a.writes[i].ID)
	}
	return out
}

// raise restores records from the recycle bin and returns what Zoho says of each, by id.
func (c *client) raise(ctx context.Context, ids []string) (map[string]result, error) {
	r := request{method: http.MethodPost, path: "/settings/recycle_bin/actions/restore", body: map[string]any{"ids": ids}, credits: 1}
	if len(ids) == 1 {
		r.path, r.body = "/settings/recycle_bin/"+ids[0]+"/actions/restore", nil
	}
	sending, end := provider.Graceful(ctx)
	defer end()
	a, err := c.send(sending, r)
	var refused *refusal
	if err != nil && !errors.As(err, &refused) {
		return nil, err
	}
	var list struct {
		Results []result `json:"recycle_bin"`
	}
	if json.Unmarshal(a.body, &list) != nil || len(list.Results) != len(ids) {
		if err == nil {
			err = &provider.RetryError{Sent: true, Err: errors.New("zoho: answer does not tell what happened to each record")}
		}
		return nil, err
	}
	out := map[string]result{}
	for n, one := range list.Results {
		id := one.details().ID
		if id == "" {
			id = ids[n]
		}
		out[id] = one
	}
	return out, nil
}
