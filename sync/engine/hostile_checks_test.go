package engine

import (
	"context"
	"fmt"
	"strings"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

func contains(text, token string) bool { return text != "" && strings.Contains(text, token) }

// census counts the items of each family on each side.
func (h *history) census() (out [2]map[string]int) {
	for i, s := range h.services() {
		out[i] = map[string]int{}
		for _, it := range s.Items(h.ref()) {
			out[i][it.Record[nameOf[h.pair.Kind]]]++
		}
	}
	return out
}

// writable says whether the program may write on a side.
func (h *history) writable(s plan.Side) bool {
	if h.readOnly[s] {
		return false
	}
	return h.pair.Direction == plan.Both || (h.pair.Direction == plan.ToLeft) == (s == plan.Left)
}

// compare looks at what a run did: nothing is there twice, and what is gone was deleted by a person on the other side.
func (h *history) compare(before, after [2]map[string]int) {
	for _, s := range plan.Sides {
		for family, n := range after[s] {
			if n > 1+h.versions(family) && !h.series[family] {
				h.rt.Fatalf("%s is there %d times on the %s%s", family, n, s, h.logs())
			}
		}
		for family, n := range before[s] {
			switch {
			case after[s][family] >= n:
			case s == plan.Left && h.shifted[family]: // its last ones may have left the window
			case !h.removed[family]:
				h.rt.Fatalf("%s was deleted on the %s, and nobody had deleted it%s", family, s, h.logs())
			case h.pair.Delete[s] != plan.Propagate:
				h.rt.Fatalf("%s was deleted on the %s although the rule is %s%s", family, s, h.pair.Delete[s], h.logs())
			}
		}
	}
	if !h.forgot {
		h.nothingLost()
	}
}

// versions is how many items of a family may have been made of versions that lost: every edit of a person on the right
// makes one at most.
func (h *history) versions(family string) int {
	if h.pair.Conflict == plan.KeepBoth {
		h.keepsBoth = true
	}
	if !h.keepsBoth {
		return 0
	}
	return h.versed[family]
}

// noTwins: of what was kept of both sides, no version is there twice. What waits for its partner, since that cannot be brought
// over, is listed there; where the right may no longer be written, no version gives way on it.
func (h *history) noTwins(listed map[name]bool) {
	if !h.writable(plan.Right) {
		return
	}
	links, err := h.state.ListLinks(context.Background(), h.pair.ID)
	h.must(err)
	for _, l := range links {
		for _, s := range plan.Sides {
			if listed[name{s.Other(), l.IDs[s.Other()]}] {
				listed[name{s, l.IDs[s]}] = true
			}
		}
	}
	for i, s := range h.services() {
		seen := map[string]record.ID{}
		for _, it := range s.Items(h.ref()) {
			text := it.Record[nameOf[h.pair.Kind]]
			if h.series[text] {
				continue // a person may move one occurrence to the time of another
			}
			for _, f := range contentOf[h.pair.Kind] {
				text += "|" + it.Record[f]
			}
			if twin, there := seen[text]; there && !listed[name{plan.Side(i), it.ID}] && !listed[name{plan.Side(i), twin}] {
				h.rt.Fatalf("%s and %s on the %s are the same version%s", twin, it.ID, plan.Side(i), h.logs())
			}
			seen[text] = it.ID
		}
	}
}

// nothingLost: every value that nobody replaced is on a side or in the journal.
func (h *history) nothingLost() {
	var all strings.Builder
	for _, s := range h.services() {
		for _, it := range s.Items(h.ref()) {
			for _, v := range it.Record {
				all.WriteString(v + "\n")
			}
		}
	}
	live := all.String()
	journal := ""
	for token, v := range h.values {
		if v.replaced || contains(live, token) {
			continue
		}
		if journal == "" {
			journal = h.journal()
		}
		if !contains(journal, token) {
			h.rt.Fatalf("%s of %s is lost: neither on a side nor in the journal%s", token, v.family, h.logs())
		}
	}
}

// journal is all that the journal holds of how things were.
func (h *history) journal() string {
	var all strings.Builder
	runs, err := h.state.ListRuns(context.Background(), 1000)
	h.must(err)
	for _, run := range runs {
		entries, err := h.state.ListJournal(context.Background(), run.ID)
		h.must(err)
		for _, e := range entries {
			for _, v := range e.Before {
				all.WriteString(v + "\n")
			}
			all.Write(e.Raw)
			all.WriteString("\n")
		}
	}
	return all.String()
}

// atRest: once the services are calm, all is in step or listed, no write is left unanswered unless a person is asked, and
// nothing more is written.
func (h *history) atRest() {
	ctx := context.Background()
	before := h.left.Writes() + h.right.Writes()
	if r, err := h.run(RunOptions{}); err != nil || h.left.Writes()+h.right.Writes() != before {
		h.rt.Fatalf("a further run wrote: %+v, error %v%s", r, err, h.logs())
	}
	open, err := h.state.OpenIntents(ctx, h.pair.ID)
	h.must(err)
	asked := h.asked()
	for _, in := range open {
		if !asked[name{in.Side.Other(), in.Source}] {
			h.rt.Fatalf("a write is left unanswered, and nobody is asked%s", h.logs())
		}
	}
	listed := h.listed()
	h.everyItemHasItsPlace(listed)
	h.noTwins(listed)
	h.linksAgree(listed)
}

// asked lists the items of which a person is asked what became of a write.
func (h *history) asked() map[name]bool {
	all, err := h.state.ListQuestions(context.Background(), h.pair.ID)
	h.must(err)
	out := map[name]bool{}
	for _, q := range all {
		for _, s := range plan.Sides {
			for _, id := range q.Items[s] {
				out[name{s, id}] = out[name{s, id}] || q.Code == plan.CodeUnsure
			}
		}
	}
	return out
}

// name is an item of a side.
type name struct {
	side plan.Side
	id   record.ID
}

// listed lists the items that have a reason to be out of step.
func (h *history) listed() map[name]bool {
	problems, err := h.state.ListProblems(context.Background(), h.pair)
	h.must(err)
	out := map[name]bool{}
	for _, p := range problems {
		out[name{p.Side, p.Item}] = true
	}
	return out
}

// everyItemHasItsPlace: it is linked, or listed with its reason, or there is nowhere to bring it.
func (h *history) everyItemHasItsPlace(listed map[name]bool) {
	links, err := h.state.ListLinks(context.Background(), h.pair.ID)
	h.must(err)
	linked := map[name]bool{}
	for _, l := range links {
		for _, s := range plan.Sides {
			linked[name{s, l.IDs[s]}] = true
		}
	}
	for i, s := range h.services() {
		side := plan.Side(i)
		for _, it := range s.Items(h.ref()) {
			if n := (name{side, it.ID}); !linked[n] && !listed[n] && !h.hidden[it.ID] && h.writable(side.Other()) && h.visible(it.ID) {
				h.rt.Fatalf("%s on the %s is neither linked nor listed%s", it.ID, side, h.logs())
			}
		}
	}
}

// linksAgree: linked items that are there hold the same, as far as both services can; what differs is listed.
func (h *history) linksAgree(listed map[name]bool) {
	ctx := context.Background()
	if !h.writable(plan.Left) || !h.writable(plan.Right) {
		return
	}
	links, err := h.state.ListLinks(ctx, h.pair.ID)
	h.must(err)
	for _, l := range links {
		if !h.visible(l.IDs[1]) || l.Held != "" || h.hidden[l.IDs[0]] || listed[name{plan.Left, l.IDs[0]}] || listed[name{plan.Right, l.IDs[1]}] {
			continue
		}
		left, ok := h.left.Item(h.ref(), l.IDs[0])
		right, ok2 := h.right.Item(h.ref(), l.IDs[1])
		if !ok || !ok2 {
			h.rt.Fatalf("link %d of %v misses a side and nothing says so%s", l.ID, l.IDs, h.logs())
		}
		if diff := h.differences(left.Record, right.Record); diff != "" {
			h.rt.Fatalf("linked items differ: %s%s", diff, h.logs())
		}
	}
}

func (h *history) differences(left, right record.Record) (out string) {
	a, b := crmLimits()[h.pair.Kind], davLimits()[h.pair.Kind]
	for _, row := range h.pair.Mapping {
		_, held := b[row.Right]
		t := record.Lookup(h.pair.Kind, row.Left).Type
		if held && !record.Same(t, left[row.Left], a[row.Left], right[row.Right], b[row.Right]) {
			out += fmt.Sprintf("%s %q %q; ", row.Left, left[row.Left], right[row.Right])
		}
	}
	return out
}
