package state

import (
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

func slot(id, slot string) record.Item {
	it := card(id, id)
	it.Group, it.Slot = "g", slot
	return it
}

// stand writes down how the items of the right stand, in the order of their ids.
func stand(t *testing.T, s *State, ids ...string) string {
	t.Helper()
	out := ""
	for _, id := range ids {
		it, err := s.GetItem(ctx, "p", plan.Right, record.ID(id))
		must(t, err)
		if it == nil {
			out += id + " unknown; "
		} else {
			out += id + " " + string(it.Presence) + "; "
		}
	}
	return out
}

// linkAll links items of the right to partners of their own.
func linkAll(t *testing.T, s *State, p Pair, items ...record.Item) {
	t.Helper()
	for _, it := range items {
		must(t, s.Discovered(ctx, found(plan.Left, 1, card("of "+string(it.ID), "A"))))
		left, err := s.GetItem(ctx, "p", plan.Left, "of "+it.ID)
		must(t, err)
		right, err := s.GetItem(ctx, "p", plan.Right, it.ID)
		must(t, err)
		_, err = s.Settle(ctx, p, plan.Step{Triple: plan.Triple{Items: [2]*plan.Seen{left, right}}})
		must(t, err)
	}
}

// January 5 to 20, in whole days.
var january = record.Window{From: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC)}

// A page speaks for its slice: what it does not bring of a group that it lists whole is gone there and nowhere else.
func TestAWholeGroupSpeaksForItsSliceOnly(t *testing.T) {
	all := []record.Item{
		slot("before", "2026-01-04T23:59:59Z"), slot("first", "2026-01-05T00:00:00Z"), slot("day", "2026-01-05"), slot("last", "2026-01-19T23:59:59Z"),
		slot("after", "2026-01-20"), slot("later", "2026-01-20T00:00:00Z"), slot("main", ""),
	}
	ids := []string{"before", "first", "day", "last", "after", "later", "main"}
	const present = "before present; first present; day present; last present; after present; later present; main present; "
	cases := []struct {
		name string
		page provider.Page
		want string
	}{
		{"never listed", provider.Page{Slice: january}, present},
		{"another group", provider.Page{Slice: january, Whole: []record.ID{"h"}}, present},
		{"with nothing in the slice", provider.Page{Slice: january, Whole: []record.ID{"g"}},
			"before present; first gone; day gone; last gone; after present; later present; main gone; "},
		{"with one of them", provider.Page{Slice: january, Whole: []record.ID{"g"}, Changed: all[1:2]},
			"before present; first present; day gone; last gone; after present; later present; main gone; "},
		{"with one that cannot be read", provider.Page{Slice: january, Whole: []record.ID{"g"}, Skipped: []provider.Skip{{ID: "day", Group: "g"}}},
			"before present; first gone; day skipped; last gone; after present; later present; main gone; "},
		{"of all time", provider.Page{Whole: []record.ID{"g"}},
			"before gone; first gone; day gone; last gone; after gone; later gone; main gone; "},
		{"that cannot be read", provider.Page{Whole: []record.ID{"g"}, Skipped: []provider.Skip{{ID: "g", Group: "g"}}},
			"before skipped; first skipped; day skipped; last skipped; after skipped; later skipped; main skipped; "},
		{"deleted", provider.Page{Slice: january, Deleted: []record.ID{"g"}},
			"before gone; first gone; day gone; last gone; after gone; later gone; main gone; "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, p := withPair(t)
			must(t, s.Discovered(ctx, found(plan.Right, 1, all...)))
			linkAll(t, s, p, all...)
			f := found(plan.Right, 1)
			f.Page = c.page
			must(t, s.Discovered(ctx, f))
			if got := stand(t, s, ids...); got != c.want {
				t.Fatalf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// A complete listing that looks at a slice makes nothing absent that lies beyond it, unless the whole group is missing.
func TestACompleteListingOfASliceLeavesTheRest(t *testing.T) {
	s, p := withPair(t)
	must(t, s.Discovered(ctx, found(plan.Right, 1, slot("past", "2026-01-01"), slot("lone", "2026-01-02"), slot("sent", "2026-01-03"), slot("now", "2026-01-06"), card("x", "X"))))
	linkAll(t, s, p, slot("past", "2026-01-01"))
	run, err := s.BeginRun(ctx, "p", noon)
	must(t, err)
	must(t, s.Intend(ctx, []Intent{{Pair: "p", Run: run, Side: plan.Left, Op: record.Create, Source: "sent", Sent: noon}}))
	f := found(plan.Right, 2, slot("now", "2026-01-06"))
	f.Page.Full, f.Page.Slice, f.Page.Whole, f.Absent = true, january, []record.ID{"g"}, plan.Gone
	must(t, s.Discovered(ctx, f))
	if got := stand(t, s, "past", "lone", "sent", "now", "x"); got != "past present; lone gone; sent present; now present; x gone; " {
		t.Fatal(got)
	}
	f = found(plan.Right, 3)
	f.Page.Full, f.Page.Slice, f.Absent = true, january, plan.Gone
	must(t, s.Discovered(ctx, f))
	if got := stand(t, s, "past", "now"); got != "past gone; now gone; " {
		t.Fatal(got)
	}
}

// A series that cannot be read for a while and can be read again is what it was.
func TestAnUnreadableSeriesComesBackWhole(t *testing.T) {
	s, p := withPair(t)
	must(t, s.Discovered(ctx, found(plan.Right, 1, slot("a", "2026-01-05"), slot("b", "2026-01-06"))))
	for generation := 2; generation < 4; generation++ {
		f := found(plan.Right, generation)
		f.Page.Full, f.Page.Whole, f.Absent = true, []record.ID{"g"}, plan.Gone
		f.Page.Skipped = []provider.Skip{{ID: "g", Group: "g", Title: "Weekly", Err: &provider.ItemError{Code: provider.CodeUnreadable}}}
		must(t, s.Discovered(ctx, f))
	}
	problems, err := s.ListProblems(ctx, p)
	must(t, err)
	if got := stand(t, s, "a", "b", "g"); got != "a skipped; b skipped; g skipped; " || len(problems) != 1 {
		t.Fatalf("%s%v", got, problems)
	}
	f := found(plan.Right, 3, slot("a", "2026-01-05"), slot("b", "2026-01-06"))
	f.Page.Whole = []record.ID{"g"}
	must(t, s.Discovered(ctx, f))
	if got := stand(t, s, "a", "b", "g"); got != "a present; b present; g gone; " {
		t.Fatal(got)
	}
}

// Objects are counted for the guards, and what stays of a series is told to the planner.
func TestOccurrencesOfASeriesAreOneObject(t *testing.T) {
	s, p := withPair(t)
	must(t, s.Discovered(ctx, found(plan.Right, 1, slot("a", "2026-01-05"), slot("b", "2026-01-06"), slot("c", "2026-01-07"), card("x", "X"))))
	linkAll(t, s, p, slot("a", "2026-01-05"), slot("b", "2026-01-06"))
	if objects, err := s.CountLinks(ctx, "p"); err != nil || objects != [2]int{2, 1} {
		t.Errorf("links of %v objects, error %v", objects, err)
	}
	if all, listed, err := s.CountItems(ctx, "p", plan.Right, 1); err != nil || all != 2 || listed != 4 {
		t.Errorf("%d objects, %d items listed, error %v", all, listed, err)
	}
	f := found(plan.Right, 1, slot("a", "2026-01-05"))
	f.Page.Whole = []record.ID{"g"}
	must(t, s.Discovered(ctx, f))
	stayed, err := s.Stayed(ctx, "p", plan.Right, "g")
	must(t, err)
	if len(stayed) != 1 || stayed[0].Slot != "2026-01-05" {
		t.Errorf("stayed: %+v", stayed)
	}
}
