package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
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
	if r := w.sync(); r.Conflicts != 0 || r.Left.Updated != 0 {
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

func TestEmptyListingStopsThePair(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 8 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	w.right.ExpireCursors(w.ref())
	w.right.Fail(memory.EmptyListing, 1)
	r, err := w.try(RunOptions{})
	wantGuard(t, r, err, plan.CodeEmptied, plan.Right, 8)
	w.count(8, 8)
	w.quiet()
	w.count(8, 8)
}

func TestManyDeletionsStopThePairUntilTheNumberIsConfirmed(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 12 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	for _, it := range w.left.Items(w.ref())[:6] {
		w.left.Remove(w.ref(), it.ID)
	}
	r, err := w.try(RunOptions{})
	wantGuard(t, r, err, plan.CodeMany, plan.Right, 6)
	w.count(6, 12)
	if r, err = w.try(RunOptions{Confirm: []int{5}}); err == nil {
		t.Fatalf("the wrong number went through: %+v", r)
	}
	p, err := w.state.GetPair(context.Background(), "p")
	w.must(err)
	if p.Stop == nil || p.Stop.Number != 6 {
		t.Fatalf("stop %v", p.Stop)
	}
	if _, err = w.try(RunOptions{Confirm: []int{6}}); err != nil {
		t.Fatal(err)
	}
	w.count(6, 6)
	w.quiet()
	if p, _ = w.state.GetPair(context.Background(), "p"); p.Stop != nil {
		t.Fatal("the guard still waits")
	}
}

func TestAllChangedAtOnceStopsThePair(t *testing.T) {
	w := newWorld(t, record.Event, nil)
	for i := range 6 {
		w.left.Put(w.ref(), meeting(i, 0))
	}
	w.sync()
	for i, it := range w.left.Items(w.ref()) {
		w.left.Edit(w.ref(), it.ID, record.Patch{record.When: meeting(i, 1)[record.When]})
	}
	r, err := w.try(RunOptions{})
	wantGuard(t, r, err, plan.CodeAll, plan.Left, 6)
	if r.Wrote() != 0 {
		t.Fatalf("report %+v", r)
	}
}

func meeting(day, shift int) record.Record {
	start := time.Date(2026, 1, 10+day, 9+shift, 0, 0, 0, time.UTC)
	return record.Record{record.Title: fmt.Sprint("m", day), record.When: record.FormatSpan(start, start.Add(time.Hour))}
}

func TestOverlongValueStaysAndIsListed(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	long := strings.Repeat("x", 41)
	w.right.Put(w.ref(), person("1").With(record.Patch{record.FirstName: long, record.Phone: "1"}))
	r := w.sync()
	wantCode(t, r, provider.CodeTooLong, 1)
	if got := w.one(w.left).Record; got[record.FirstName] != "" || got[record.Phone] != "1" {
		t.Fatalf("record %v", got)
	}
	if w.one(w.right).Record[record.FirstName] != long {
		t.Fatal("the long value was cut on its own side")
	}
	w.quiet()
	wantCode(t, w.sync(), provider.CodeTooLong, 1)
}

func TestMissingMandatoryFieldIsListedAndStopsNobodyElse(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), record.Record{record.EmailMain: "a@example.com"})
	w.right.Put(w.ref(), person("1"))
	r := w.sync()
	wantCode(t, r, provider.CodeMandatory, 1)
	w.count(1, 2)
	w.quiet()
}

func TestUntitledEventGetsANameInTheCRMOnly(t *testing.T) {
	w := newWorld(t, record.Event, nil)
	w.right.Put(w.ref(), record.Record{record.When: meeting(1, 0)[record.When]})
	w.sync()
	if got := w.one(w.left).Record[record.Title]; got != plan.Untitled {
		t.Fatalf("title %q", got)
	}
	w.quiet()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Venue: "here"})
	w.sync()
	if got := w.one(w.right).Record[record.Title]; got != "" {
		t.Fatalf("title %q was written back", got)
	}
}

func TestLostAnswersLoseAndDoubleNothing(t *testing.T) {
	for _, fault := range []memory.Fault{memory.LostAnswer, memory.LostConnection, memory.LostRequest, memory.Unsent, memory.NoResult, memory.FalseConflict} {
		for _, side := range plan.Sides {
			t.Run(string(fault)+" "+side.String(), func(t *testing.T) {
				w := newWorld(t, record.Contact, nil)
				for i := range 4 {
					w.left.Put(w.ref(), person(fmt.Sprint(i)))
					w.right.Put(w.ref(), person(fmt.Sprint(i+10)))
				}
				[2]*memory.Service{w.left, w.right}[side].Fail(fault, 2)
				_, _ = w.try(RunOptions{})
				w.left.Calm()
				w.right.Calm()
				w.now = w.now.Add(time.Hour)
				_, _ = w.try(RunOptions{})
				_, _ = w.try(RunOptions{Retry: true})
				w.count(8, 8)
				w.same()
				w.quiet()
			})
		}
	}
}

func TestUnansweredCreateIsNotRepeatedInTheSameRun(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), person("1"))
	w.left.Fail(memory.LostRequest, 1)
	r, err := w.try(RunOptions{})
	if err == nil {
		t.Fatal("a lost connection ends the run")
	}
	wantCode(t, r, plan.CodeUnsure, 1)
	w.count(0, 1)
	w.sync()
	w.count(1, 1)
	w.quiet()
}

func TestLostStateCreatesNothing(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 5 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
		w.right.Put(w.ref(), person(fmt.Sprint(i+10)))
	}
	w.sync()
	w.forget()
	w.quiet()
	w.count(10, 10)
}

func TestEditWhileTheStateWasLostIsFoundByTheMark(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.LastName: "Changed", record.EmailMain: "new@example.com"})
	w.forget()
	w.sync()
	w.count(1, 1)
	w.same()
	w.quiet()
}

func TestLostAccessIsNoDeletion(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 3 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	hidden := w.left.Items(w.ref())[0].ID
	w.left.Hide(w.ref(), hidden)
	w.left.ExpireCursors(w.ref())
	r := w.sync()
	wantCode(t, r, plan.CodeLostAccess, 1)
	if n := len(w.right.Items(w.ref())); n != 3 {
		t.Fatalf("%d items on the right", n)
	}
	w.left.Show(w.ref(), hidden)
	w.left.ExpireCursors(w.ref())
	if r = w.sync(); r.Waits() {
		t.Fatalf("report %+v", r)
	}
}

func TestUnreadableItemIsNeverDeleted(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Spoil(w.ref(), w.one(w.right).ID, provider.CodeUnreadable)
	for range 5 {
		wantCode(t, w.sync(), provider.CodeUnreadable, 1)
	}
	if len(w.left.Items(w.ref())) != 1 {
		t.Fatal("its partner was deleted")
	}
}

func TestMissingCollectionIsAStateOfThePair(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Drop(w.ref())
	if _, err := w.try(RunOptions{}); err == nil {
		t.Fatal("want an error")
	}
	if len(w.left.Items(w.ref())) != 1 {
		t.Fatal("a missing collection deleted an item")
	}
	w.right.Return(w.ref())
	w.quiet()
	w.count(1, 1)
}

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

func TestRefusedFieldStaysAndTheOthersAreWritten(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Fail(memory.Refused, 1)
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "1"})
	r := w.sync()
	if !r.Waits() || w.one(w.left).Record[record.Phone] != "" {
		t.Fatalf("report %+v", r)
	}
	if r, err := w.try(RunOptions{Retry: true}); err != nil || r.Left.Updated != 1 || r.Waits() {
		t.Fatalf("report %+v, error %v", r, err)
	}
	w.same()
}

func TestRunsOfCreatesThatFailAlikeStopBeforeDeleting(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 3 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	w.left.Remove(w.ref(), w.left.Items(w.ref())[0].ID)
	for i := range 4 {
		w.left.Put(w.ref(), person(fmt.Sprint(i+20)))
	}
	w.right.Fail(memory.Refused, 4)
	r, err := w.try(RunOptions{})
	wantGuard(t, r, err, plan.CodeFailing, plan.Right, 4)
	if len(w.right.Items(w.ref())) != 3 {
		t.Fatal("something was deleted")
	}
}
