package main

import (
	"slices"
	"strings"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
	"zohosync/sync/state"
)

func TestPairRules(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{})
	s.addCRM(info)
	s.addServer()
	ref := decode[[]listed](t, s.do("", "collections", "home", "--create", "Meetings", "--kind", "event", "--json"))[0].Ref
	tasks := decode[[]listed](t, s.do("", "collections", "home", "--create", "To do", "--kind", "task", "--json"))[0].Ref

	p := decode[shownPair](t, s.do("", "pair", "add", "--left", "crm:Events", "--right", "home:Meetings", "--json"))
	if p.ID != "events" || p.Direction != "both" || p.Conflict != "ask" || p.DeleteLeft != "ask" || p.DeleteRight != "ask" || p.From != 30 || p.To != 180 {
		t.Errorf("defaults %+v", p)
	}
	if p.Right.Ref != ref {
		t.Errorf("the title led to %q, not %q", p.Right.Ref, ref)
	}
	if p := decode[shownPair](t, s.do("", "pair", "add", "--left", "crm:Tasks", "--right", "home:"+tasks, "--json")); p.ID != "tasks" || p.From != 0 || p.To != 0 {
		t.Errorf("tasks have no time range unless one is asked for: %+v", p)
	}
	s.fails(failed, "name-taken", "", "pair", "add", "--left", "crm:Events", "--right", "home:"+ref)
	s.fails(failed, "bad-input", "", "pair", "add", "--left", "crm:Tasks", "--right", "home:"+ref)
	s.fails(failed, "bad-input", "", "pair", "add", "--left", "crm:Events", "--right", "home:"+ref, "--direction", "sideways")

	p = decode[shownPair](t, s.do("", "pair", "set", "events", "--conflict", "right", "--delete-left", "never", "--delete-right", "propagate",
		"--direction", "to-right", "--from", "7", "--to", "14", "--category", "CRM", "--category", "Work", "--any-owner", "--json"))
	if p.Conflict != "right" || p.DeleteLeft != "never" || p.DeleteRight != "propagate" || p.Direction != "to-right" || p.From != 7 || p.To != 14 ||
		strings.Join(p.Categories, ",") != "CRM,Work" || !p.AnyOwner {
		t.Errorf("set %+v", p)
	}
	p = decode[shownPair](t, s.do("", "pair", "set", "events", "--conflict", "left", "--json"))
	if p.Conflict != "left" || p.From != 7 || !p.AnyOwner || len(p.Categories) != 2 {
		t.Errorf("one rule changed others: %+v", p)
	}
	for _, policy := range plan.Policies {
		if p := decode[shownPair](t, s.do("", "pair", "set", "events", "--conflict", string(policy), "--json")); p.Conflict != string(policy) {
			t.Errorf("%s: %+v", policy, p)
		}
	}
	s.fails(failed, "bad-input", "", "pair", "set", "events", "--conflict", "nobody")
	s.fails(failed, "bad-input", "", "pair", "set", "events", "--from=-1")
	for _, w := range []struct {
		flag, days string
		from, to   int
	}{{"--from", "30", 30, 180}, {"--to", "14", 30, 14}, {"--from", "0", 0, 14}, {"--to", "0", 0, 0}} {
		if p := decode[shownPair](t, s.do("", "pair", "set", "tasks", w.flag, w.days, "--json")); p.From != w.from || p.To != w.to {
			t.Errorf("%s %s: from %d to %d", w.flag, w.days, p.From, p.To)
		}
	}
}

// C-29: a filter by which nothing that comes from the CRM could ever pass is refused.
func TestAFilterThatExcludesItsOwnIsRefused(t *testing.T) {
	holds := func(l map[record.Field]record.Limit) provider.Info {
		return provider.Info{Limits: map[record.Kind]map[record.Field]record.Limit{record.Event: l}}
	}
	for _, c := range []struct {
		name       string
		categories []string
		direction  plan.Direction
		right      map[record.Field]record.Limit
		refused    bool
	}{
		{"no filter", nil, plan.Both, nil, false},
		{"categories are held", []string{"CRM"}, plan.Both, map[record.Field]record.Limit{record.Categories: {}}, false},
		{"none are held", []string{"CRM"}, plan.Both, nil, true},
		{"none can be given", []string{"CRM"}, plan.Both, map[record.Field]record.Limit{record.Categories: {ReadOnly: true}}, true},
		{"none need be given", []string{"CRM"}, plan.ToLeft, map[record.Field]record.Limit{record.Categories: {ReadOnly: true}}, false},
		{"none are held to filter by", []string{"CRM"}, plan.ToLeft, nil, true},
	} {
		p := defaults(record.Event)
		p.Categories, p.Direction = c.categories, c.direction
		if err := filterable(p, holds(c.right)); (err != nil) != c.refused {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// C-29: nor is the category by which a pair filters added to items or taken from them.
func TestACategoryThatFiltersIsNoContent(t *testing.T) {
	mapped := func(p state.Pair) bool {
		return slices.ContainsFunc(p.Mapping, func(r plan.Row) bool { return r.Left == record.Categories })
	}
	p := defaults(record.Event)
	if !mapped(p) {
		t.Error("without a filter categories are kept in step")
	}
	if err := (rulesFlags{Category: []string{"CRM"}}).into(&p); err != nil || mapped(p) {
		t.Errorf("the category that says what belongs to the pair is mapped as content: %v", err)
	}
}
