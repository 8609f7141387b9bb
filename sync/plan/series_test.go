package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/record"
)

// eventRules are those of a pair of calendars between two services that hold everything.
func eventRules() Rules {
	r := rules()
	limits := map[record.Field]record.Limit{}
	for _, f := range record.FieldsOf(record.Event) {
		limits[f] = record.Limit{}
	}
	r.Kind, r.Mapping = record.Event, DefaultMapping(record.Event, false)
	r.Limits = [2]map[record.Field]record.Limit{limits, limits}
	return r
}

// at returns a moment of January 2026: a day, or a day and an hour as "5 14".
func at(text string) time.Time {
	day, hour := 0, 9
	fmt.Sscan(text, &day, &hour)
	return time.Date(2026, 1, day, hour, 0, 0, 0, time.UTC)
}

// occurrence is one of a series, in the place that text names.
func occurrence(group, text string) *Seen {
	start := at(text)
	slot := record.FormatInstant(start)
	it := item(group+"#"+slot, record.Record{record.Title: "T", record.When: record.FormatSpan(start, start.Add(time.Hour))})
	it.Group, it.Slot, it.News = record.ID(group), slot, true
	return it
}

// shift is what becomes of a series in the calendar: what was linked and is gone, what is new, what stayed.
type shift struct {
	name             string
	gone, new, stays string // lists such as "g 5, g 12 14"
	want             string // pairs of days, then what is deleted and created
}

func (c shift) list(text string) (out []*Seen) {
	for _, one := range strings.Split(text, ", ") {
		if group, place, ok := strings.Cut(one, " "); ok {
			out = append(out, occurrence(group, place))
		}
	}
	return out
}

// play lets the planner look at it and tells what comes of it.
func (c shift) play(side Side) string {
	var links []Triple
	for i, was := range c.list(c.gone) {
		was.Presence = Gone
		partner := item(fmt.Sprint("partner ", i), was.Record)
		t := Triple{Link: int64(i + 1), Base: [2]record.Record{was.Record, was.Record}}
		t.Items[side], t.Items[side.Other()] = was, partner
		links = append(links, t)
	}
	items := [2][]*Seen{}
	items[side] = c.list(c.new)
	links, items = Reschedule(links, items, eventRules(), func(s Side, g record.ID) (out []record.Item) {
		for _, it := range c.list(c.stays) {
			if it.Group == g && s == side {
				out = append(out, it.Item)
			}
		}
		return out
	})
	out := ""
	for _, t := range links {
		st := Make(t, eventRules())
		was, now := string(t.Was[side]), t.Items[side]
		switch a := st.Acts[side.Other()]; {
		case a != nil && a.Write.Op == record.Delete:
			out += "deleted " + short(string(now.ID)) + "; "
		default:
			out += fmt.Sprintf("%s to %s; ", short(was), short(string(now.ID)))
		}
	}
	for _, it := range items[side] {
		out += "created " + short(string(it.ID)) + "; "
	}
	return strings.TrimSuffix(out, "; ")
}

func short(id string) string {
	group, slot, _ := strings.Cut(id, "#2026-01-")
	return group + slot[:2]
}

// A series that was moved is as many changes of its time, and nothing else is deleted or created than what a person did.
func TestARescheduledSeriesKeepsItsPartners(t *testing.T) {
	cases := []shift{
		{"an hour later", "g 5, g 12, g 19", "g 5 10, g 12 10, g 19 10", "", "g05 to g05; g12 to g12; g19 to g19"},
		{"the next day", "g 5, g 12, g 19", "g 6, g 13, g 20", "", "g05 to g06; g12 to g13; g19 to g20"},
		{"the day before", "g 5, g 12, g 19", "g 4, g 11, g 18", "", "g05 to g04; g12 to g11; g19 to g18"},
		{"past the edge of the window", "g 5, g 12, g 19", "g 6, g 13", "", "g05 to g06; g12 to g13; deleted g19"},
		{"one comes in at the front", "g 5, g 12", "g 1, g 8, g 15", "", "g05 to g08; g12 to g15; created g01"},
		{"far away", "g 5", "g 31", "", "g05 to g31"},
		{"one was deleted, nothing moved", "g 12", "", "g 5, g 19", "deleted g12"},
		{"one came in, nothing moved", "", "g 26", "g 5, g 12, g 19", "created g26"},
		{"one was deleted and one came in", "g 12", "g 26", "g 5, g 19", "deleted g12; created g26"},
		{"one was moved among the others", "g 12", "g 13", "g 5, g 19", "g12 to g13"},
		{"every second one went", "g 12, g 26", "", "g 5, g 19", "deleted g12; deleted g26"},
		{"another series beside it", "g 5", "h 6", "", "deleted g05; created h06"},
		{"this and all following", "g 19, g 26", "h 19, h 26", "g 5, g 12", "g19 to h19; g26 to h26"},
		{"this and all following, later", "g 19, g 26", "h 19 11, h 26 11", "g 5, g 12", "g19 to h19; g26 to h26"},
		{"in the middle there is no following", "g 12", "h 12", "g 5, g 19", "deleted g12; created h12"},
		{"a series that was there goes its own way", "g 19", "h 19", "g 5, h 5", "deleted g19; created h19"},
	}
	for _, c := range cases {
		for _, side := range Sides {
			t.Run(c.name+" on the "+side.String(), func(t *testing.T) {
				if got := c.play(side); got != c.want {
					t.Fatalf("%q, want %q", got, c.want)
				}
			})
		}
	}
}

// A single that becomes a series is its first occurrence, and the other way round.
func TestASingleBecomesASeriesAndBack(t *testing.T) {
	single := occurrence("g", "12")
	single.ID, single.Slot = "g", ""
	series := []*Seen{occurrence("g", "5"), occurrence("g", "12"), occurrence("g", "19")}
	link := func(was *Seen) Triple {
		gone := *was
		gone.Presence = Gone
		return Triple{Link: 1, Items: [2]*Seen{item("l", was.Record), &gone}, Base: [2]record.Record{was.Record, was.Record}}
	}
	nobody := func(Side, record.ID) []record.Item { return nil }
	links, rest := Reschedule([]Triple{link(single)}, [2][]*Seen{nil, series}, eventRules(), nobody)
	if links[0].Items[Right] != series[1] || links[0].Was[Right] != "g" || len(rest[Right]) != 2 {
		t.Fatalf("the single became %+v, %d are new", links[0].Items[Right], len(rest[Right]))
	}
	links, rest = Reschedule([]Triple{link(series[0]), link(series[1])}, [2][]*Seen{nil, {single}}, eventRules(), nobody)
	if links[0].Was[Right] != "" || links[1].Items[Right] != single || len(rest[Right]) != 0 {
		t.Fatalf("the series became %+v", links)
	}
}

// What rests, what was planned before, and what belongs to another pair takes part in nothing.
func TestOnlyNewsTakesAPlace(t *testing.T) {
	nobody := func(Side, record.ID) []record.Item { return nil }
	for name, change := range map[string]func(*Triple, *Seen){
		"it rests":            func(t *Triple, _ *Seen) { t.Held = CodeHeld },
		"both are gone":       func(t *Triple, _ *Seen) { t.Items[Left].Presence = Gone },
		"known for long":      func(_ *Triple, it *Seen) { it.News = false },
		"of another pair":     func(_ *Triple, it *Seen) { it.Foreign = true },
		"cannot be read":      func(_ *Triple, it *Seen) { it.Presence = Skipped },
		"gone as well":        func(_ *Triple, it *Seen) { it.Presence = Gone },
		"several claim it":    func(t *Triple, _ *Seen) { t.Contested = true },
		"it is not gone":      func(t *Triple, _ *Seen) { t.Items[Right].Presence = Missing },
		"it was never linked": func(t *Triple, _ *Seen) { t.Items[Left] = nil },
	} {
		was, heir := occurrence("g", "5"), occurrence("g", "6")
		was.Presence = Gone
		tr := Triple{Link: 1, Items: [2]*Seen{item("l", was.Record), was}}
		change(&tr, heir)
		links, rest := Reschedule([]Triple{tr}, [2][]*Seen{nil, {heir}}, eventRules(), nobody)
		if links[0].Was[Right] != "" || len(rest[Right]) != 1 {
			t.Errorf("%s: it took the place of one that is gone", name)
		}
	}
}

// The mark of a single that became a series names the partner of none of its occurrences.
func TestOccurrencesThatShareAMarkHaveNone(t *testing.T) {
	a, b := occurrence("g", "5"), occurrence("g", "12")
	a.Mark, b.Mark = "l", "l"
	m := Match([2][]*Seen{nil, {a, b}}, eventRules(), func(Side, record.Mark) Standing { return Unknown })
	if len(m.Triples) != 2 || len(m.Asked) != 0 {
		t.Fatalf("%d go on, %d are asked about", len(m.Triples), len(m.Asked))
	}
	was := item("g", a.Record)
	was.Presence = Gone
	links, _ := Reattach([]Triple{{Link: 1, Items: [2]*Seen{item("l", a.Record), was}}}, [2][]*Seen{nil, {a, b}})
	if links[0].Contested || a.Mark != "l" {
		t.Fatal("occurrences contest a place by a mark that is not theirs")
	}
}

// Two series of many years are looked at in time that a person does not notice, and more than that is still paired.
func TestLongSeriesArePaired(t *testing.T) {
	list := func(n int, at time.Time) (out []place) {
		for i := range n {
			out = append(out, place{at: at.AddDate(0, 0, i), item: &Seen{}})
		}
		return out
	}
	start := at("5")
	if pairs := align(list(1, start), list(2, start.AddDate(0, 0, 2*60)), distance); len(pairs) != 1 || !pairs[0][1].at.Equal(start.AddDate(0, 0, 2*60)) {
		t.Fatalf("what is far away is paired as %v", pairs)
	}
	if n := len(align(list(2100, start), list(2000, start.Add(time.Hour)), distance)); n != 2000 {
		t.Fatalf("%d pairs", n)
	}
	pairs := align(list(400, start), list(400, start.AddDate(0, 0, 1)), distance)
	if len(pairs) != 399 || slices.ContainsFunc(pairs, func(p [2]place) bool { return distance(p[0], p[1]) > 24*time.Hour }) {
		t.Fatalf("%d pairs", len(pairs))
	}
}

// A series that a person deletes is one object, however many records the CRM has of it (R2).
func TestGuardsCountSeriesAsOneObject(t *testing.T) {
	deleted := func(group func(int) string) (out []Step) {
		for i := range 20 {
			was := occurrence(group(i), fmt.Sprint(i+1))
			was.Presence = Gone
			partner := item(fmt.Sprint("l", i), was.Record)
			tr := Triple{Link: int64(i + 1), Items: [2]*Seen{partner, was}, Base: [2]record.Record{was.Record, was.Record}}
			out = append(out, Make(tr, eventRules()))
		}
		return out
	}
	if got := Check(deleted(func(int) string { return "g" }), eventRules(), [2]int{20, 1}); len(got) != 0 {
		t.Errorf("a series that was deleted trips %v", got)
	}
	each := deleted(func(i int) string { return fmt.Sprint("g", i) })
	if got := Check(each, eventRules(), [2]int{120, 21}); len(got) != 1 || got[0].Number != 20 {
		t.Errorf("twenty objects of twenty-one that were deleted trip %v", got)
	}
}

// Creates of siblings whose answers were lost find each its own record, although they differ in their time alone.
func TestSiblingsAreRecoveredEachByItsTime(t *testing.T) {
	sent := at("1")
	var intents []Intent
	var made []*Seen
	for i, day := range []string{"5", "12", "19"} {
		o := occurrence("g", day)
		o.Record[record.Venue], o.Record[record.Details] = "Room 1", "Agenda"
		intents = append(intents, Intent{ID: int64(i), Side: Left, Source: o.ID, Patch: record.Patch(o.Record), Sent: sent})
		it := item(fmt.Sprint("l", i), o.Record)
		it.FirstSeen = sent.Add(time.Minute)
		made = append(made, it)
	}
	for _, there := range [][]*Seen{made, made[1:], made[2:], made[:1]} {
		for i, o := range Recover(eventRules(), intents, [2][]*Seen{there, nil}) {
			was := slices.Contains(there, made[i])
			if was && o.Found != made[i] || !was && (o.Found != nil || !o.Again) {
				t.Errorf("%d of 3 are there: the create %d found %v, again %v", len(there), i, o.Found, o.Again)
			}
		}
	}
}
