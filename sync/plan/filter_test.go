package plan

import (
	"testing"

	"zohosync/sync/record"
)

func TestOutsideSaysWhy(t *testing.T) {
	view := record.View("7")
	r := Rules{Kind: record.Task, Owner: "me", View: "7", Categories: []string{"Work"}, Uncategorised: true}
	at := func(fields record.Record) *Seen { return &Seen{Item: record.Item{Record: fields}, Presence: Present} }
	for why, c := range map[string]struct {
		s  Side
		it *Seen
	}{
		"":          {Left, at(record.Record{record.Owner: "me", view: record.InView})},
		OutOwner:    {Left, at(record.Record{record.Owner: "you", view: record.InView})},
		OutView:     {Left, at(record.Record{record.Owner: "me"})},
		OutCategory: {Right, at(record.Record{record.Categories: "Private"})},
		OutForeign:  {Left, &Seen{Foreign: true}},
	} {
		if got := r.outside(c.it, c.s, false); got != why {
			t.Errorf("%q, want %q", got, why)
		}
	}
	if r.outside(at(record.Record{view: record.InView}), Left, false) != "" {
		t.Error("what has no owner belongs to nobody else")
	}
	// An item of several categories needs one of the chosen ones, in whatever case; one of none needs the permission.
	for categories, inside := range map[string]bool{record.Join("Private", "WORK"): true, "": true, "Workshop": false} {
		if got := r.outside(at(record.Record{record.Categories: categories}), Right, false) == ""; got != inside {
			t.Errorf("%q inside %v", categories, got)
		}
	}
	r.Uncategorised = false
	if r.outside(at(nil), Right, false) != OutCategory {
		t.Error("what has no category belongs to a pair of one category")
	}
}
