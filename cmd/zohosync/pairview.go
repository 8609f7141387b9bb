package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

// filterByView lets a pair sync only what a view of its left side shows, given by name or id; nil changes nothing, and an
// empty name takes the filter away.
func (h *home) filterByView(ctx context.Context, p *state.Pair, named *string) error {
	if named == nil {
		return nil
	}
	if *named == "" {
		p.View, p.ViewTitle = "", ""
		return nil
	}
	left := p.Ends[plan.Left]
	account, err := h.account(ctx, left.Account)
	if err != nil {
		return err
	}
	service, err := h.dialer.dial(ctx, account)
	if err != nil {
		return err
	}
	viewer, ok := service.(provider.Viewer)
	if !ok {
		return badInput("%s has no views", endName(left))
	}
	views, err := viewer.Views(ctx, left.Ref)
	if err != nil {
		return err
	}
	v, err := chooseView(views, *named)
	if err != nil {
		return fmt.Errorf("%w: view %q of %s; it has %s", err, *named, endName(left), viewTitles(views))
	}
	p.View, p.ViewTitle = v.ID, v.Title
	return nil
}

// chooseView finds a view by its id, else by a name that only one of them has.
func chooseView(views []provider.View, named string) (provider.View, error) {
	var titled []provider.View
	for _, v := range views {
		if v.ID == named {
			return v, nil
		}
		if strings.EqualFold(v.Title, named) {
			titled = append(titled, v)
		}
	}
	switch len(titled) {
	case 0:
		return provider.View{}, errNoSuch
	case 1:
		return titled[0], nil
	}
	return provider.View{}, badInput("%d views have this name: use the id", len(titled))
}

func viewTitles(views []provider.View) string {
	var out []string
	for _, v := range views {
		out = append(out, v.Title)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}
