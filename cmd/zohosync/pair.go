package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

type pairCmd struct {
	Add    pairAddCmd    `cmd:"" help:"Keep two collections in step from now on. Nothing is written before the first sync."`
	List   pairListCmd   `cmd:"" help:"List the pairs and their rules."`
	Set    pairSetCmd    `cmd:"" help:"Change the rules of a pair."`
	Remove pairRemoveCmd `cmd:"" help:"Forget a pair. Both sides keep their items."`
}

// rulesFlags are the rules that pair add and pair set share; a flag that is not given is nil.
type rulesFlags struct {
	Direction     *string  `help:"Which sides are written: both, to-left or to-right (default: both)." enum:"both,to-left,to-right" placeholder:"WAY"`
	Conflict      *string  `help:"What becomes of a field that both sides changed differently: left (wins), right (wins), newest (wins), ask (me), or both (versions are kept), as one word: left|right|newest|ask|both (default: ask). Edits of different fields are merged." enum:"left,right,newest,ask,both" placeholder:"RULE"`
	DeleteLeft    *string  `help:"What happens on the left when the right deleted: never, ask or propagate (default: ask)." enum:"never,ask,propagate" placeholder:"RULE"`
	DeleteRight   *string  `help:"What happens on the right when the left deleted (default: ask)." enum:"never,ask,propagate" placeholder:"RULE"`
	Guests        *string  `help:"What happens to meetings with participants when the other side deleted them: ask, or propagate like others (default: ask)." enum:"ask,propagate" placeholder:"RULE"`
	From          *int     `help:"How many days back the pair reaches (default: 30 for events; with --to 0 too: everything)." placeholder:"DAYS"`
	To            *int     `help:"How many days ahead it reaches (default: 180 for events)." placeholder:"DAYS"`
	Category      []string `help:"Sync only items with one of these categories on the right. May be repeated. What comes from the CRM is given the first." placeholder:"NAME" xor:"categories"`
	AllCategories bool     `help:"Sync items of all categories, and those without any (default)." xor:"categories"`
	Uncategorised *bool    `help:"With --category: sync items without any category, too." negatable:""`
	View          *string  `help:"Sync only what this custom view of the CRM module shows, by its name or id; \"\" for the whole module." placeholder:"NAME"`
	AnyOwner      *bool    `help:"Sync what other people own in the CRM, too." negatable:""`
}

// into changes a pair as the flags say.
func (f rulesFlags) into(p *state.Pair) error {
	set(&p.Direction, f.Direction)
	set(&p.Conflict, f.Conflict)
	set(&p.Delete[plan.Left], f.DeleteLeft)
	set(&p.Delete[plan.Right], f.DeleteRight)
	set(&p.Guests, f.Guests)
	f.window(p)
	if p.FromDays < 0 || p.UntilDays < 0 {
		return badInput("--from and --to are days, 0 or more")
	}
	f.categories(p)
	if f.AnyOwner != nil {
		p.AnyOwner = *f.AnyOwner
	}
	return nil
}

// window changes the time range. Who names one end of what had none means no end at today for the other.
func (f rulesFlags) window(p *state.Pair) {
	events := defaults(record.Event)
	if p.FromDays == 0 && p.UntilDays == 0 && (f.From != nil && *f.From > 0 || f.To != nil && *f.To > 0) {
		p.FromDays, p.UntilDays = events.FromDays, events.UntilDays
	}
	if f.From != nil {
		p.FromDays = *f.From
	}
	if f.To != nil {
		p.UntilDays = *f.To
	}
}

// categories changes by which categories a pair filters.
func (f rulesFlags) categories(p *state.Pair) {
	filtered := len(p.Categories) > 0
	if f.Category != nil || f.AllCategories {
		p.Categories = f.Category
	}
	if f.Uncategorised != nil {
		p.Uncategorised = *f.Uncategorised
	}
	p.Uncategorised = p.Uncategorised && len(p.Categories) > 0
	fitMapping(p, filtered)
}

func set[T ~string](to *T, from *string) {
	if from != nil {
		*to = T(*from)
	}
}

// defaults are the rules of a pair when nothing else is said.
func defaults(k record.Kind) state.Pair {
	p := state.Pair{
		Kind: k, Direction: plan.Both, Conflict: plan.AskMe, Delete: [2]plan.Deletion{plan.Ask, plan.Ask},
		Mapping: plan.DefaultMapping(k, false),
	}
	// An open task stays of interest however long it is overdue; a meeting does not.
	if k == record.Event {
		p.FromDays, p.UntilDays = 30, 180
	}
	return p
}

// shownPair is a pair as JSON prints it.
type shownPair struct {
	ID            string        `json:"id"`
	Kind          record.Kind   `json:"kind"`
	Left          state.End     `json:"left"`
	Right         state.End     `json:"right"`
	Direction     string        `json:"direction"`
	Conflict      string        `json:"conflict"`
	DeleteLeft    plan.Deletion `json:"delete_left"`
	DeleteRight   plan.Deletion `json:"delete_right"`
	Guests        plan.Deletion `json:"guests"`
	From          int           `json:"from_days"`
	To            int           `json:"to_days"`
	Categories    []string      `json:"categories"`
	Uncategorised bool          `json:"uncategorised"`
	View          string        `json:"view,omitempty"`
	AnyOwner      bool          `json:"any_owner"`
	LastSuccess   *time.Time    `json:"last_success"`
	Stop          *plan.Guard   `json:"stop,omitempty"`
}

func showPair(p state.Pair) shownPair {
	s := shownPair{
		ID: p.ID, Kind: p.Kind, Left: p.Ends[plan.Left], Right: p.Ends[plan.Right],
		Direction: string(p.Direction), Conflict: string(p.Conflict),
		DeleteLeft: p.Delete[plan.Left], DeleteRight: p.Delete[plan.Right],
		From: p.FromDays, To: p.UntilDays, Categories: nonNil(p.Categories), Uncategorised: p.Uncategorised, View: p.ViewTitle, AnyOwner: p.AnyOwner, Stop: p.Stop,
	}
	if s.Guests = p.Guests; s.Guests == "" {
		s.Guests = plan.Ask
	}
	if !p.Success.IsZero() {
		s.LastSuccess = &p.Success
	}
	return s
}

type pairListCmd struct{}

// Run lists the pairs.
func (pairListCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	all, err := h.state.ListPairs(ctx)
	if err != nil {
		return err
	}
	w := t.words
	shown, rows := []shownPair{}, [][]string{}
	for _, p := range all {
		shown = append(shown, showPair(p))
		rows = append(rows, []string{
			p.ID, endName(p.Ends[plan.Left]), endName(p.Ends[plan.Right]), string(p.Direction), string(p.Conflict),
			string(p.Delete[plan.Left]), string(p.Delete[plan.Right]),
		})
	}
	heading := []string{w.T("PAIR"), w.T("LEFT"), w.T("RIGHT"), w.T("DIRECTION"), w.T("CONFLICT"), w.T("DELETE LEFT"), w.T("DELETE RIGHT")}
	return t.list(shown, heading, rows, w.T("No pairs yet"))
}

// endName names one side of a pair for people.
func endName(e state.End) string { return e.Account + ":" + e.Title }

type pairSetCmd struct {
	Pair string `arg:"" help:"The pair."`
	rulesFlags
}

// Run changes the rules of a pair; the next sync plans everything anew.
func (s pairSetCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	p, err := h.pair(ctx, s.Pair)
	if err != nil {
		return err
	}
	if err := s.into(&p); err != nil {
		return err
	}
	if err := h.filterByView(ctx, &p, s.View); err != nil {
		return err
	}
	if err := h.storePairs(ctx, []state.Pair{p}, nil); err != nil {
		return err
	}
	return t.result(showPair(p), t.words.T("{{.name}} was changed. zohosync sync --dry-run shows what that means.", "name", p.ID))
}

type pairRemoveCmd struct {
	Pair string `arg:"" help:"The pair."`
	Yes  bool   `help:"Do not ask first, although changes wait that were not carried out yet, or its runs can no longer be taken back."`
}

// Run forgets a pair. It asks first where changes wait in it, or runs are forgotten that undo could take back.
func (r pairRemoveCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	p, err := h.pair(ctx, r.Pair)
	if err != nil {
		return err
	}
	if on, err := t.mayLeave(ctx, h, []state.Pair{p}, r.Yes); err != nil || !on {
		return t.left(err)
	}
	if err := h.storePairs(ctx, nil, []string{p.ID}); err != nil {
		return err
	}
	return t.result(map[string]string{"removed": p.ID}, t.words.T("{{.name}} was removed.", "name", p.ID))
}

// pair returns a pair by its ID.
func (h *home) pair(ctx context.Context, id string) (state.Pair, error) {
	p, err := h.state.GetPair(ctx, id)
	if errors.Is(err, state.ErrNotFound) {
		err = fmt.Errorf("%w: pair %q", errNoSuch, id)
	}
	return p, err
}
