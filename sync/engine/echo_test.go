package engine

import (
	"fmt"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// C-38: a subject that goes to and fro, with other fields edited on both sides, stays as it was written.
func TestASubjectNeverGrows(t *testing.T) {
	for _, kind := range record.Kinds {
		for _, begun := range plan.Sides {
			t.Run(string(kind)+" from the "+begun.String(), func(t *testing.T) {
				w := newWorld(t, kind, nil)
				name := nameOf[kind]
				r := record.Record{name: "Invitation: Roof"}
				if kind == record.Event {
					r[record.When] = "2026-01-06T08:00:00Z/2026-01-06T09:00:00Z"
				}
				w.service(begun).Put(w.ref(), r)
				for round := range 5 {
					side := plan.Side(round % 2)
					w.sync()
					s := w.service(side)
					s.Edit(w.ref(), w.one(s).ID, record.Patch{record.Details: fmt.Sprint("round ", round)})
					w.sync()
					for _, one := range plan.Sides {
						got := w.one(w.service(one)).Record
						if got[name] != "Invitation: Roof" || got[record.Details] != fmt.Sprint("round ", round) {
							t.Fatalf("round %d, %s: %v", round, one, got)
						}
					}
				}
				w.quiet()
			})
		}
	}
}
