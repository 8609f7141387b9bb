package engine

import (
	"context"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

func TestDryRunWritesAndLinksNothing(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.right.Put(w.ref(), person("2"))
	r, err := w.try(RunOptions{DryRun: true})
	w.must(err)
	if r.Left.Created != 1 || r.Right.Created != 1 || len(r.Plan) != 2 {
		t.Fatalf("report %+v", r)
	}
	w.count(1, 1)
	links, err := w.state.ListLinks(context.Background(), "p")
	w.must(err)
	if len(links) != 0 {
		t.Fatal("a dry run linked items")
	}
	w.sync()
	w.count(2, 2)
}

func TestOnlyTheOwnersItemsAreSynced(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Owner: "somebody else"}))
	r := w.sync()
	w.count(1, 0)
	if r.Left.Skipped != 1 || r.Waits() {
		t.Fatalf("report %+v", r)
	}
	id := w.one(w.left).ID
	w.left.Edit(w.ref(), id, record.Patch{record.Owner: owner})
	w.sync()
	w.count(1, 1)
	w.left.Edit(w.ref(), id, record.Patch{record.Owner: "somebody else", record.Phone: "9"})
	w.sync()
	if w.one(w.right).Record[record.Phone] != "" {
		t.Fatal("an item that left the pair was still synchronised")
	}
	w.quiet()
	w.left.Edit(w.ref(), id, record.Patch{record.Owner: owner})
	w.sync()
	w.count(1, 1)
	if w.one(w.right).Record[record.Phone] != "9" {
		t.Fatal("an item that came back was not brought in step")
	}
}

func TestCategoriesFilterTheRightAndAreGivenToWhatComesFromTheLeft(t *testing.T) {
	w := newWorld(t, record.Event, func(p *state.Pair) {
		p.Categories, p.Mapping = []string{"Zoho CRM"}, plan.DefaultMapping(record.Event, true)
	})
	w.left.Put(w.ref(), meeting(1, 0))
	w.right.Put(w.ref(), meeting(2, 0))
	w.right.Put(w.ref(), meeting(3, 0).With(record.Patch{record.Categories: "zoho crm"}))
	w.sync()
	w.count(2, 3)
	for _, it := range w.right.Items(w.ref()) {
		if it.Record[record.Title] == "m1" && it.Record[record.Categories] != "Zoho CRM" {
			t.Fatalf("record %v", it.Record)
		}
	}
	w.quiet()
}

// C-29, R3: an item whose category is taken away rests on both sides, and is brought in step when it gets it back.
func TestAnItemThatLosesItsCategoryRests(t *testing.T) {
	w := newWorld(t, record.Event, func(p *state.Pair) {
		p.Categories, p.Mapping = []string{"Work"}, plan.DefaultMapping(record.Event, true)
	})
	w.right.Put(w.ref(), meeting(1, 0).With(record.Patch{record.Categories: "Work"}))
	w.sync()
	left, right := w.one(w.left).ID, w.one(w.right).ID
	w.right.Edit(w.ref(), right, record.Patch{record.Categories: "", record.Venue: "theirs"})
	w.left.Edit(w.ref(), left, record.Patch{record.Details: "ours"})
	w.sync()
	w.quiet()
	if w.one(w.left).Record[record.Venue] != "" || w.one(w.right).Record[record.Details] != "" {
		t.Fatal("something flowed although the item does not belong to the pair")
	}
	w.right.Edit(w.ref(), right, record.Patch{record.Categories: "Work"})
	w.sync()
	w.count(1, 1)
	if w.one(w.left).Record[record.Venue] != "theirs" || w.one(w.right).Record[record.Details] != "ours" {
		t.Fatal("an item that came back was not brought in step")
	}
	w.quiet()
}

func TestWindowLimitsWhatComesInAndFollowsWhatIsLinked(t *testing.T) {
	w := newWorld(t, record.Event, func(p *state.Pair) { p.FromDays, p.UntilDays = 5, 10 })
	near := w.left.Put(w.ref(), meeting(0, 0))
	w.left.Put(w.ref(), meeting(60, 0))
	w.sync()
	w.count(2, 1)
	w.left.Edit(w.ref(), near, record.Patch{record.When: meeting(100, 0)[record.When]})
	if r := w.sync(); r.Right.Updated != 1 {
		t.Fatalf("report %+v", r)
	}
	w.now = w.now.AddDate(0, 0, 60)
	w.sync()
	w.count(2, 2)
	w.quiet()
}

func TestWhatOnePairBroughtInStaysOutOfAnother(t *testing.T) {
	w := newWorld(t, record.Event, nil)
	w.right.Add("second", record.Event)
	other := w.pair
	other.ID, other.Ends[plan.Right].Ref = "q", "second"
	w.must(w.state.StorePair(context.Background(), other))
	w.right.Put(w.ref(), meeting(1, 0))
	w.sync()
	_, err := w.engine().Sync(context.Background(), "q", RunOptions{})
	w.must(err)
	if n := len(w.right.Items("second")); n != 0 {
		t.Fatalf("calendar A flowed into calendar B: %d items", n)
	}
}
