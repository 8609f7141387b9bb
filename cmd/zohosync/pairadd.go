package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

type pairAddCmd struct {
	Left  string `required:"" help:"The CRM module: ACCOUNT:REF, such as crm:Contacts." placeholder:"ACCOUNT:REF"`
	Right string `required:"" help:"The other service's collection: ACCOUNT:REF, with REF or the title as zohosync collections prints them." placeholder:"ACCOUNT:REF"`
	Kind  string `help:"What is synced, where both sides hold several kinds: event, task or contact." enum:"event,task,contact," default:""`
	Yes   bool   `help:"Do not ask whether these are the right collections."`
	rulesFlags
}

// Run looks at both collections and stores the pair.
func (a pairAddCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	var infos [2]provider.Info
	var ends [2]state.End
	for side, named := range [2]string{a.Left, a.Right} {
		if ends[side], infos[side], err = h.end(ctx, named); err != nil {
			return err
		}
	}
	kind, err := commonKind(infos, a.Kind)
	if err != nil {
		return err
	}
	p := defaults(kind)
	p.Ends = ends
	if err := a.into(&p); err != nil {
		return err
	}
	if err := h.filterByView(ctx, &p, a.View); err != nil {
		return err
	}
	if err := writable(p, infos); err != nil {
		return err
	}
	if err := filterable(p, infos[plan.Right]); err != nil {
		return err
	}
	others, err := h.state.ListPairs(ctx)
	if err != nil {
		return err
	}
	if p.ID, err = newID(p, others); err != nil {
		return err
	}
	if on, err := t.mayPair(ctx, h, p, infos, a.Yes); err != nil || !on {
		return t.left(err)
	}
	if err := h.storePairs(ctx, []state.Pair{p}, nil); err != nil {
		return err
	}
	said := t.words.T("{{.name}} was added: {{.left}} – {{.right}}. zohosync sync --dry-run shows what the first sync will do.",
		"name", p.ID, "left", endName(p.Ends[plan.Left]), "right", endName(p.Ends[plan.Right]))
	return t.result(showPair(p), said)
}

// end finds the collection that ACCOUNT:REF names: by its ref, else by a title that only one of them has.
func (h *home) end(ctx context.Context, named string) (state.End, provider.Info, error) {
	account, ref, ok := strings.Cut(named, ":")
	if !ok || account == "" || ref == "" {
		return state.End{}, provider.Info{}, badInput("%q is not ACCOUNT:REF", named)
	}
	acc, err := h.account(ctx, account)
	if err != nil {
		return state.End{}, provider.Info{}, err
	}
	found, err := prove(ctx, h.dialer, acc)
	if err != nil {
		return state.End{}, provider.Info{}, err
	}
	info, err := choose(found, ref)
	if err != nil {
		return state.End{}, provider.Info{}, fmt.Errorf("%w: collection %q", err, named)
	}
	return state.End{Account: account, Ref: info.Ref, Title: info.Title}, info, nil
}

func choose(found []provider.Info, ref string) (provider.Info, error) {
	var titled []provider.Info
	for _, f := range found {
		if f.Ref == ref {
			return f, nil
		}
		if f.Title == ref {
			titled = append(titled, f)
		}
	}
	switch len(titled) {
	case 0:
		return provider.Info{}, errNoSuch
	case 1:
		return titled[0], nil
	}
	return provider.Info{}, badInput("%d collections have this title: use the ref", len(titled))
}

// commonKind is what both collections hold.
func commonKind(infos [2]provider.Info, asked string) (record.Kind, error) {
	var both []record.Kind
	for _, k := range infos[plan.Left].Kinds {
		if slices.Contains(infos[plan.Right].Kinds, k) && (asked == "" || asked == string(k)) {
			both = append(both, k)
		}
	}
	switch len(both) {
	case 0:
		return "", badInput("the left holds %v and the right holds %v: there is nothing to keep in step", infos[plan.Left].Kinds, infos[plan.Right].Kinds)
	case 1:
		return both[0], nil
	}
	return "", badInput("both hold %v: choose one with --kind", both)
}

// writable refuses a direction that would write where nothing can be written.
func writable(p state.Pair, infos [2]provider.Info) error {
	for side, only := range [2]plan.Direction{plan.Left: plan.ToRight, plan.Right: plan.ToLeft} {
		if infos[side].ReadOnly && p.Direction != only {
			return fmt.Errorf("%w: %s; use --direction %s", provider.ErrReadOnly, endName(p.Ends[side]), only)
		}
	}
	return nil
}

// filterable refuses a filter by categories where items cannot be given one: what came from the CRM would leave the pair
// by its own rules.
func filterable(p state.Pair, right provider.Info) error {
	limit, held := right.Limits[p.Kind][record.Categories]
	if len(p.Categories) == 0 || held && !limit.ReadOnly || p.Direction == plan.ToLeft && held {
		return nil
	}
	return badInput("%s does not hold categories: sync without --category", endName(p.Ends[plan.Right]))
}

// newID names a pair by what it syncs: contacts, contacts-2. The same two collections make no second pair.
func newID(p state.Pair, others []state.Pair) (string, error) {
	taken := map[string]bool{}
	left, right := p.Ends[plan.Left], p.Ends[plan.Right]
	if left.Account == right.Account && left.Ref == right.Ref {
		return "", badInput("a collection cannot be kept in step with itself")
	}
	for _, o := range others {
		taken[o.ID] = true
		l, r := o.Ends[plan.Left], o.Ends[plan.Right]
		if o.Kind == p.Kind && l.Account == left.Account && l.Ref == left.Ref && r.Account == right.Account && r.Ref == right.Ref {
			return "", fmt.Errorf("%w: pair %s has the same sides", errTaken, o.ID)
		}
	}
	id := string(p.Kind) + "s"
	for n := 2; taken[id]; n++ {
		id = fmt.Sprintf("%ss-%d", p.Kind, n)
	}
	return id, nil
}
