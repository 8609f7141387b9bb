package engine

import (
	"context"
	"fmt"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

func TestFirstSyncBringsBothSidesTogether(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 3 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
		w.right.Put(w.ref(), person(fmt.Sprint(i+10)))
	}
	r := w.sync()
	if r.Left.Created != 3 || r.Right.Created != 3 || r.Waits() {
		t.Fatalf("report %+v", r)
	}
	w.count(6, 6)
	w.same()
	w.quiet()
	w.quiet()
}

func TestEqualItemsAreLinkedWithoutAWrite(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.right.Put(w.ref(), person("1"))
	w.quiet()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "1"})
	if r := w.sync(); r.Right.Updated != 1 {
		t.Fatalf("report %+v", r)
	}
	w.same()
}

func TestLinkingFillsEmptyFieldsAndAsksAboutDifferentOnes(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1"}))
	w.right.Put(w.ref(), person("1").With(record.Patch{record.Mobile: "2"}))
	w.left.Put(w.ref(), person("2").With(record.Patch{record.Phone: "1"}))
	w.right.Put(w.ref(), person("2").With(record.Patch{record.Phone: "9"}))
	r := w.sync()
	if r.Left.Created+r.Right.Created != 0 || r.Left.Updated != 1 || r.Right.Updated != 1 {
		t.Fatalf("report %+v", r)
	}
	wantCode(t, r, plan.CodeAmbiguous, 2)
	if !r.Waits() {
		t.Fatal("an ambiguous item waits for a person")
	}
	w.count(2, 2)
	w.quiet()
	wantCode(t, w.sync(), plan.CodeAmbiguous, 2)
}

func TestEditsOfDifferentFieldsMerge(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "1"})
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Mobile: "2"})
	if r := w.sync(); r.Conflicts != 0 || r.Left.Updated != 1 || r.Right.Updated != 1 {
		t.Fatalf("report %+v", r)
	}
	w.same()
	w.quiet()
}

func TestPolicyDecidesTheSameField(t *testing.T) {
	for _, policy := range []plan.Policy{plan.LeftWins, plan.RightWins} {
		t.Run(string(policy), func(t *testing.T) {
			w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = policy })
			w.left.Put(w.ref(), person("1"))
			w.sync()
			w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "left"})
			w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "right"})
			if r := w.sync(); r.Conflicts != 1 {
				t.Fatalf("report %+v", r)
			}
			w.same()
			if got := w.one(w.left).Record[record.Phone]; got != string(policy) {
				t.Fatalf("phone is %q", got)
			}
			lost := map[plan.Policy]string{plan.LeftWins: "right", plan.RightWins: "left"}[policy]
			if !w.journalled(record.Phone, lost) {
				t.Fatalf("the losing value %q is not in the journal", lost)
			}
			w.quiet()
		})
	}
}

// journalled says whether some run's journal holds a value as it was before.
func (w *world) journalled(f record.Field, value string) bool {
	w.t.Helper()
	runs, err := w.state.ListRuns(context.Background(), 100)
	w.must(err)
	for _, run := range runs {
		entries, err := w.state.ListJournal(context.Background(), run.ID)
		w.must(err)
		for _, e := range entries {
			if e.Before[f] == value {
				return true
			}
		}
	}
	return false
}

func TestSameEditOnBothSidesIsNoConflict(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "5"})
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "5"})
	w.quiet()
}

func TestDeletionFollowsThePolicy(t *testing.T) {
	cases := []struct {
		policy    plan.Deletion
		remaining int
		code      string
	}{{plan.Propagate, 0, ""}, {plan.Never, 1, plan.CodeHeld}, {plan.Ask, 1, plan.CodeDeletion}}
	for _, c := range cases {
		for _, gone := range plan.Sides {
			t.Run(string(c.policy)+" after "+gone.String(), func(t *testing.T) {
				w := newWorld(t, record.Contact, func(p *state.Pair) { p.Delete = [2]plan.Deletion{c.policy, c.policy} })
				w.left.Put(w.ref(), person("1"))
				w.sync()
				from, to := w.left, w.right
				if gone == plan.Right {
					from, to = to, from
				}
				from.Remove(w.ref(), w.one(from).ID)
				r := w.sync()
				if n := len(to.Items(w.ref())); n != c.remaining {
					t.Fatalf("%d items remain, want %d", n, c.remaining)
				}
				if len(from.Items(w.ref())) != 0 {
					t.Fatal("a deleted item came back")
				}
				if c.code != "" {
					wantCode(t, r, c.code, 1)
				}
				w.quiet()
			})
		}
	}
}

func TestWaitingDeletionIsCarriedOutWhenTheRuleChanges(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Delete[plan.Right] = plan.Ask })
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Remove(w.ref(), w.one(w.left).ID)
	w.sync()
	w.count(0, 1)
	w.pair.Delete[plan.Right] = plan.Propagate
	w.must(w.state.StorePair(context.Background(), w.pair))
	if r := w.sync(); r.Right.Deleted != 1 || r.Waits() {
		t.Fatalf("report %+v", r)
	}
	w.count(0, 0)
	w.quiet()
}

func TestModifiedBeatsDeleted(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Remove(w.ref(), w.one(w.left).ID)
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "7"})
	if r := w.sync(); r.Left.Created != 1 || r.Right.Deleted != 0 {
		t.Fatalf("report %+v", r)
	}
	w.count(1, 1)
	w.same()
	w.quiet()
}

func TestKeptItemIsCreatedAnewWhenItIsEdited(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Delete = [2]plan.Deletion{plan.Never, plan.Never} })
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Remove(w.ref(), w.one(w.right).ID)
	w.sync()
	w.count(1, 0)
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "7"})
	w.sync()
	w.count(1, 1)
	w.same()
	w.quiet()
}

func TestOneWayLeavesTheTargetsEditsUntilTheSourceChanges(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Direction = plan.ToRight })
	w.left.Put(w.ref(), person("1"))
	w.right.Put(w.ref(), person("2"))
	w.sync()
	w.count(1, 2)
	mine := w.right.Items(w.ref())
	for _, it := range mine {
		if it.Record[record.LastName] == "L1" {
			w.right.Edit(w.ref(), it.ID, record.Patch{record.Phone: "target", record.Mobile: "target"})
		}
	}
	w.quiet()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "source"})
	if r := w.sync(); r.Conflicts != 1 || r.Left.Updated != 0 {
		t.Fatalf("report %+v", r)
	}
	for _, it := range w.right.Items(w.ref()) {
		if it.Record[record.LastName] == "L1" && (it.Record[record.Phone] != "source" || it.Record[record.Mobile] != "target") {
			t.Fatalf("record %v", it.Record)
		}
	}
	w.quiet()
}

func TestDeletionOnAOneWayTargetIsRemembered(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Direction = plan.ToRight })
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Remove(w.ref(), w.one(w.right).ID)
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "7"})
	w.sync()
	w.count(1, 0)
}
