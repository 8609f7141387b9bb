package engine

import (
	"context"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// A client that moves an object to another address deletes it and creates it: the record in the CRM stays what it is, and
// whatever was edited on the way is brought over.
func TestAMovedObjectKeepsItsPartner(t *testing.T) {
	for _, delete := range []plan.Deletion{plan.Propagate, plan.Never, plan.Ask} {
		t.Run(string(delete), func(t *testing.T) {
			w := newWorld(t, record.Contact, func(p *state.Pair) { p.Delete = [2]plan.Deletion{delete, delete} })
			left := w.left.Put(w.ref(), person("1"))
			w.sync()
			before := w.one(w.right)
			w.right.Remove(w.ref(), before.ID)
			after := w.right.Put(w.ref(), before.Record.With(record.Patch{record.Phone: "1"}))
			w.right.SetMark(w.ref(), after, before.Mark)
			if r := w.sync(); r.Wrote() != 1 || r.Left.Updated != 1 || r.Waits() {
				t.Fatalf("report %+v", r)
			}
			if w.one(w.left).ID != left || w.one(w.right).ID != after {
				t.Fatal("an item became another one")
			}
			w.same()
			w.quiet()
			links, err := w.state.ListLinks(context.Background(), "p")
			w.must(err)
			if len(links) != 1 || links[0].IDs != [2]record.ID{left, after} || links[0].Held != "" {
				t.Fatalf("links %+v", links)
			}
			w.left.Edit(w.ref(), left, record.Patch{record.Fax: "2"})
			w.sync()
			w.same()
		})
	}
}

func TestADryRunMovesNoLink(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	before := w.one(w.right)
	w.right.Remove(w.ref(), before.ID)
	w.right.SetMark(w.ref(), w.right.Put(w.ref(), before.Record), before.Mark)
	r, err := w.try(RunOptions{DryRun: true})
	w.must(err)
	links, err := w.state.ListLinks(context.Background(), "p")
	w.must(err)
	if len(r.Plan) != 0 || links[0].IDs[plan.Right] != before.ID {
		t.Fatalf("plan %+v, links %+v", r.Plan, links)
	}
	w.quiet()
	w.count(1, 1)
}
