package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// TestHostileSeries: people have series in their calendar, and the window moves with the clock. They change and delete single
// occurrences on both sides, edit, move, split and delete whole series, and let a single repeat.
func TestHostileSeries(t *testing.T) {
	check(t, func(rt *rapid.T) {
		h := beginOf(t, rt, []record.Kind{record.Event, record.Task}, 0)
		defer h.state.Close()
		h.plain = true
		h.pair.FromDays, h.pair.UntilDays = rapid.IntRange(1, 3).Draw(rt, "days back"), rapid.IntRange(4, 12).Draw(rt, "days ahead")
		h.must(h.state.StorePair(t.Context(), h.pair))
		for range rapid.IntRange(2, 10).Draw(rt, "rounds") {
			for range rapid.IntRange(0, 2).Draw(rt, "deeds to series") {
				h.seriesDeed()
			}
			h.pass(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(rt, "days")) * 24 * time.Hour)
			h.round()
		}
		h.calm()
		h.everyRecordHasItsOccurrence()
	})
}

// seriesDeed lets a person do something to a series in the calendar.
func (h *history) seriesDeed() {
	op := rapid.IntRange(0, 8).Draw(h.rt, "series op")
	groups := h.groups()
	if len(groups) == 0 || op <= 1 {
		h.putSeries()
		return
	}
	g := rapid.SampledFrom(groups).Draw(h.rt, "series")
	family := h.familyOf(g)
	text, token := h.token(record.Details)
	h.tell("series deed %d to %s %s", op, g, family)
	if op >= 3 && op <= 6 && h.strays(g) {
		return
	}
	switch op {
	case 2:
		h.replacedIn(g, record.Details)
		h.right.EditSeries(h.ref(), g, record.Patch{record.Details: text})
		h.values[token] = &value{family: family}
	case 3, 4:
		h.shift(g, time.Duration(rapid.SampledFrom([]int{-5, -1, 1, 3}).Draw(h.rt, "hours moved"))*time.Hour)
	case 5:
		h.shift(g, time.Duration(rapid.SampledFrom([]int{-1, 1, 2, 7}).Draw(h.rt, "days moved"))*24*time.Hour)
	case 6:
		slots := h.slots(g)
		from := rapid.SampledFrom(slots).Draw(h.rt, "from")
		h.replacedIn(g, record.Details)
		h.shifted[family] = true
		h.right.SplitSeries(h.ref(), g, from, record.Patch{record.Details: text})
		h.values[token] = &value{family: family}
	case 7:
		h.removeSeries(g)
	case 8:
		h.repeat()
	}
}

func (h *history) putSeries() {
	h.n++
	family := familyName(h.n)
	h.fromRight[family], h.series[family] = true, true
	text, token := h.token(record.Details)
	h.values[token] = &value{family: family}
	start := h.now.UTC().Truncate(24*time.Hour).AddDate(0, 0, rapid.IntRange(-3, 6).Draw(h.rt, "begins")).Add(8 * time.Hour)
	r := record.Record{nameOf[h.pair.Kind]: family, record.Details: text, record.Due: start.Format(record.DateLayout)}
	if h.pair.Kind == record.Event {
		r[record.When] = record.FormatSpan(start, start.Add(time.Hour))
	}
	every, count := rapid.IntRange(1, 4).Draw(h.rt, "every"), rapid.IntRange(1, 9).Draw(h.rt, "count")
	g := h.right.PutSeries(h.ref(), r, every, count)
	h.tell("put series %s %s: every %d days, %d times from %v", g, family, every, count, start)
}

// shift moves a series. What people wrote as times of single occurrences moves along.
func (h *history) shift(g record.ID, by time.Duration) {
	if h.pair.Kind == record.Task {
		by = by.Truncate(24 * time.Hour)
	}
	h.replacedIn(g, record.When)
	h.replacedIn(g, record.Due)
	h.shifted[h.familyOf(g)] = true
	h.tell("moved by %v", by)
	h.right.MoveSeries(h.ref(), g, by)
}

func (h *history) removeSeries(g record.ID) {
	for _, it := range h.right.Items(h.ref()) {
		if it.Group == g {
			for _, v := range it.Record {
				h.replaced(v)
			}
		}
	}
	h.removed[h.familyOf(g)] = true
	h.right.RemoveSeries(h.ref(), g)
}

// repeat makes a series of a single.
func (h *history) repeat() {
	for _, it := range h.met(plan.Right) {
		if start, _ := it.Record.Times(h.pair.Kind); it.Slot == "" && !start.IsZero() {
			family := it.Record[nameOf[h.pair.Kind]]
			h.series[family], h.shifted[family] = true, true
			h.tell("repeat %s %s", it.ID, family)
			h.right.Repeat(h.ref(), it.ID, 2, 4)
			return
		}
	}
}

// groups lists the series of the calendar.
func (h *history) groups() (out []record.ID) {
	for _, it := range h.right.Items(h.ref()) {
		if it.Slot != "" && !slices.Contains(out, it.Group) {
			out = append(out, it.Group)
		}
	}
	return out
}

func (h *history) slots(g record.ID) (out []string) {
	for _, it := range h.right.Items(h.ref()) {
		if it.Group == g {
			out = append(out, it.Slot)
		}
	}
	return out
}

func (h *history) familyOf(g record.ID) string {
	for _, it := range h.right.Items(h.ref()) {
		if it.Group == g {
			return it.Record[nameOf[h.pair.Kind]]
		}
	}
	return ""
}

// replacedIn marks what the occurrences of a series held in a field as replaced.
func (h *history) replacedIn(g record.ID, f record.Field) {
	for _, it := range h.right.Items(h.ref()) {
		if it.Group == g {
			h.replaced(it.Record[f])
		}
	}
}

// visible: an occurrence is listed while its slot lies in the window; outside it is left as it is.
func (h *history) visible(id record.ID) bool {
	_, slot, series := strings.Cut(string(id), "#")
	if !series {
		return true
	}
	w := window(h.pair, h.now)
	for _, layout := range []string{record.InstantLayout, record.DateLayout} {
		if at, err := time.Parse(layout, slot); err == nil {
			return w.Holds(at, at)
		}
	}
	return true
}

// strays says that an occurrence is known whose slot lies outside the window: it was changed by itself, or the window left it.
// What becomes of its slot is not told, so where the series is moved it counts as another one.
func (h *history) strays(g record.ID) bool {
	for _, it := range h.right.Items(h.ref()) {
		if it.Group == g && !h.visible(it.ID) {
			known, err := h.state.GetItem(h.rt.Context(), h.pair.ID, plan.Right, it.ID)
			h.must(err)
			if known != nil {
				return true
			}
		}
	}
	return false
}

// everyRecordHasItsOccurrence: of a series the CRM holds one record per occurrence, and no other.
func (h *history) everyRecordHasItsOccurrence() {
	links, err := h.state.ListLinks(h.rt.Context(), h.pair.ID)
	h.must(err)
	linked := map[record.ID]bool{}
	for _, l := range links {
		linked[l.IDs[plan.Left]] = true
	}
	for _, it := range h.left.Items(h.ref()) {
		if h.series[it.Record[nameOf[h.pair.Kind]]] && !linked[it.ID] {
			h.rt.Fatalf("%s of a series belongs to no occurrence%s", it.ID, h.logs())
		}
	}
}
