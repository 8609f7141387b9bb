package main

import (
	"encoding/hex"
	"fmt"
	"strings"

	"zohosync/sync/engine"
	"zohosync/sync/state"
)

// planned says how to carry out exactly what a dry run found.
func (t *terminal) planned(p state.Pair, r engine.Report) {
	if r.Links > 0 {
		t.say("  " + t.words.N("{{.n}} items would be linked without a write.", r.Links))
	}
	if r.PlanID != "" && len(r.Plan)+r.Links > 0 {
		t.say("  " + t.words.T("To carry out exactly this:") + " zohosync sync " + p.ID + " --plan " + r.PlanID)
	}
}

// errNoPlan says that there can be no such plan.
var errNoPlan = badInput("--plan wants the name of a plan of this pair, as --dry-run printed it, and no --dry-run")

// pairOfPlan returns the pair that the name of a plan belongs to, "" when it is no such name.
func pairOfPlan(id string) string {
	at := strings.LastIndexByte(id, '-')
	if digest, err := hex.DecodeString(id[at+1:]); err != nil || len(digest) != 8 {
		return ""
	}
	return id[:max(at, 0)]
}

// changes prints what a dry run found: by side and by what is done, item by item, field by field.
func (t *terminal) changes(p state.Pair, changes []engine.Change) {
	var groups []string
	by := map[string][]engine.Change{}
	for _, c := range changes {
		key := accountOf(p, c.Side) + ", " + t.operation(c.Op)
		if by[key] == nil {
			groups = append(groups, key)
		}
		by[key] = append(by[key], c)
	}
	for _, key := range groups {
		t.say(fmt.Sprintf("  %s (%d):", key, len(by[key])))
		for _, c := range by[key] {
			title := engine.Dated(c.Title, c.Day)
			if title == "" {
				title = string(c.ID)
			}
			t.say("    " + oneLine([]string{title})[0])
			for _, v := range c.Values {
				t.say("      " + t.label(p.Kind, v.Field) + ": " + shownValue(v))
			}
		}
	}
}

// shownValue tells what becomes of one field.
func shownValue(v engine.Value) string {
	switch {
	case v.From == "":
		return short(v.To)
	case v.To == "":
		return short(v.From) + " → –"
	}
	return short(v.From) + " → " + short(v.To)
}

// short keeps a long text on one line of a terminal; JSON tells all of it.
func short(s string) string {
	const most = 60
	r := []rune(oneLine([]string{s})[0])
	if len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return string(r)
}
