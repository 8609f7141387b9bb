package engine

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// apart returns a world whose only contact has another phone number on either side, both changed since the last run.
func apart(t *testing.T, policy plan.Policy, change func(*world)) *world {
	t.Helper()
	w := newWorldIn(t, inMemory, state.Options{}, record.Contact, func(p *state.Pair) { p.Conflict = policy })
	t.Cleanup(func() { _ = w.state.Close() })
	if change != nil {
		change(w)
	}
	w.part()
	return w
}

// part has people edit both sides of a contact that was in step.
func (w *world) part() {
	w.t.Helper()
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "before"}))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "left", record.Fax: "l"})
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "right", record.Mobile: "r"})
}

// phones returns the phone numbers of a side, and how many items have each.
func (w *world) phones(s *memory.Service) map[string]int {
	out := map[string]int{}
	for _, it := range s.Items(w.ref()) {
		out[it.Record[record.Phone]]++
	}
	return out
}

// C-6: keep both loses nothing: the version of the right becomes an item of its own on both sides, and the left wins in the
// old one.
func TestKeepBothMakesAnItemOfTheOtherVersion(t *testing.T) {
	w := apart(t, plan.KeepBoth, nil)
	old := w.one(w.right).ID
	r := w.sync()
	w.count(2, 2)
	w.same()
	for _, s := range []*memory.Service{w.left, w.right} {
		if got := w.phones(s); got["left"] != 1 || got["right"] != 1 {
			t.Fatalf("phones %v", got)
		}
	}
	if it, _ := w.right.Item(w.ref(), old); it.Record[record.Phone] != "left" || it.Record[record.Fax] != "l" || it.Record[record.Mobile] != "r" {
		t.Fatalf("the old item holds %v", it.Record)
	}
	if r.Conflicts != 1 || r.Left.Created != 1 || r.Right.Created != 1 || r.Waits() {
		t.Fatalf("report %+v", r)
	}
	w.quiet()
	w.quiet()
	// Each goes its own way from now on.
	w.right.Edit(w.ref(), old, record.Patch{record.Phone: "later"})
	w.sync()
	w.same()
	if got := w.phones(w.left); got["later"] != 1 || got["right"] != 1 {
		t.Fatalf("phones %v", got)
	}
}

// A version belongs to the pair wherever its time lies, as the item does that it is a version of.
func TestKeepBothOutsideTheWindow(t *testing.T) {
	w := newWorld(t, record.Event, func(p *state.Pair) { p.Conflict, p.FromDays, p.UntilDays = plan.KeepBoth, 30, 30 })
	start := w.now.Add(time.Hour)
	w.left.Put(w.ref(), record.Record{record.Title: "Fair", record.When: record.FormatSpan(start, start.Add(time.Hour))})
	w.sync()
	far := func(days int) record.Patch {
		at := start.AddDate(0, 0, days)
		return record.Patch{record.When: record.FormatSpan(at, at.Add(time.Hour))}
	}
	w.left.Edit(w.ref(), w.one(w.left).ID, far(100))
	w.right.Edit(w.ref(), w.one(w.right).ID, far(200))
	w.sync()
	w.count(2, 2)
	w.same()
	w.quiet()
}

// Killed at any transaction, the program makes one copy and no more, and the left wins only where the other version is safe.
func TestKeepBothSurvivesAKillAnywhere(t *testing.T) {
	for fuse := 1; ; fuse++ {
		left := 0
		w := newWorldIn(t, inMemory, state.Options{Gate: func() error {
			if left--; left == 0 {
				panic(errKilled)
			}
			return nil
		}}, record.Contact, func(p *state.Pair) { p.Conflict = plan.KeepBoth })
		t.Cleanup(func() { _ = w.state.Close() })
		w.part()
		left = fuse
		killed := w.killed()
		left = 0
		w.now = w.now.Add(time.Hour)
		w.sync()
		w.sync()
		for _, s := range []*memory.Service{w.left, w.right} {
			if got := w.phones(s); len(got) != 2 || got["left"] != 1 || got["right"] != 1 {
				t.Fatalf("killed at transaction %d: phones %v", fuse, got)
			}
		}
		w.same()
		w.quiet()
		if !killed {
			if fuse < 15 {
				t.Fatalf("the run has %d transactions only", fuse)
			}
			return
		}
	}
}

// killed runs the pair and returns whether the program was killed.
func (w *world) killed() (killed bool) {
	defer func() {
		if p := recover(); p != nil {
			if p != any(errKilled) {
				panic(p)
			}
			killed = true
		}
	}()
	_, _ = w.try(RunOptions{})
	return false
}

// An answer that gets lost while the copy is made makes no second one, whether the service did it or not.
func TestKeepBothWithLostAnswers(t *testing.T) {
	for _, f := range []memory.Fault{memory.LostAnswer, memory.LostConnection, memory.LostRequest, memory.Refused, memory.Unsent, memory.FalseConflict} {
		for _, side := range plan.Sides {
			for times := 1; times <= 2; times++ {
				w := apart(t, plan.KeepBoth, nil)
				w.service(side).Fail(f, times)
				_, _ = w.try(RunOptions{})
				w.service(side).Calm()
				for range 3 {
					w.now = w.now.Add(time.Hour)
					_, err := w.try(RunOptions{Retry: true})
					w.must(err)
				}
				w.same()
				if got := w.phones(w.left); len(got) != 2 || got["left"] != 1 || got["right"] != 1 {
					t.Fatalf("%v on the %s: phones %v", f, side, got)
				}
				w.quiet()
			}
		}
	}
}

// The fields that nobody contests flow while the other version becomes an item.
func TestKeepBothWaitsForTheCopy(t *testing.T) {
	w := apart(t, plan.KeepBoth, nil)
	old := w.one(w.right).ID
	refuse := func(side plan.Side, wr record.Write) {
		if side == plan.Left && wr.Op == record.Create {
			w.left.Fail(memory.LostRequest, 1)
		}
	}
	w.hook = refuse
	_, err := w.try(RunOptions{})
	w.hook = nil
	if err == nil {
		t.Fatal("the connection was lost")
	}
	it, _ := w.right.Item(w.ref(), old)
	if it.Record[record.Phone] != "right" || it.Record[record.Fax] != "l" {
		t.Fatalf("while its copy is on one side only, the item holds %v", it.Record)
	}
	w.now = w.now.Add(time.Hour)
	w.sync()
	w.count(2, 2)
	w.same()
}

func TestNewestWins(t *testing.T) {
	cases := []struct {
		name   string
		noTime bool
		edits  func(w *world, away *bool, left, right func())
		want   string // the phone number of both; "": it stays open
	}{
		{"the left told a later time", false, func(w *world, _ *bool, left, right func()) { right(); w.left.Advance(time.Hour); left() }, "left"},
		{"the right told a later time", false, func(w *world, _ *bool, left, right func()) { left(); w.right.Advance(time.Hour); right() }, "right"},
		{"the right was edited while it could not be reached", true, func(w *world, away *bool, left, right func()) {
			left()
			*away = true
			if _, err := w.try(RunOptions{}); err == nil {
				w.t.Fatal("the right was reached")
			}
			*away = false
			right()
		}, "right"},
		{"both were first seen in one run", true, func(_ *world, _ *bool, left, right func()) { left(); right() }, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.Newest })
			away := false
			if c.noTime {
				w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), NoTimes: true, OnPage: func(string) {
					if away {
						w.right.Fail(memory.RateLimited, 1)
					}
				}})
			}
			w.now = w.now.AddDate(0, 0, 1)
			w.left.Put(w.ref(), person("1"))
			w.sync()
			l, r := w.one(w.left).ID, w.one(w.right).ID
			c.edits(w, &away,
				func() { w.left.Edit(w.ref(), l, record.Patch{record.Phone: "left"}) },
				func() { w.right.Edit(w.ref(), r, record.Patch{record.Phone: "right"}) })
			w.sync()
			left, right := w.one(w.left).Record[record.Phone], w.one(w.right).Record[record.Phone]
			if c.want == "" && (left != "left" || right != "right") || c.want != "" && (left != c.want || right != c.want) {
				t.Fatalf("phones %q and %q", left, right)
			}
			w.quiet()
		})
	}
}

// What we wrote is no edit: the other fields of an item that flow meanwhile decide nothing about the one in question.
func TestNewestIsNotFooledByOurOwnWrites(t *testing.T) {
	w := apart(t, plan.Newest, func(w *world) {
		w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), NoTimes: true})
	})
	w.sync()
	left, right := w.one(w.left).Record, w.one(w.right).Record
	if left[record.Phone] != "left" || right[record.Phone] != "right" || left[record.Mobile] != "r" || right[record.Fax] != "l" {
		t.Fatalf("left %v, right %v", left, right)
	}
	w.quiet()
}

// C-6: one question for all fields of an item that both sides changed differently; the others flow meanwhile.
func TestAskMeAsksOncePerItem(t *testing.T) {
	w := apart(t, plan.AskMe, nil)
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Department: "left"})
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Department: "right"})
	r := w.sync()
	left, right := w.one(w.left).Record, w.one(w.right).Record
	if left[record.Phone] != "left" || right[record.Phone] != "right" || left[record.Mobile] != "r" || right[record.Fax] != "l" {
		t.Fatalf("left %v, right %v", left, right)
	}
	wantCode(t, r, plan.CodeConflict, 2)
	q := w.asked(plan.CodeConflict)
	want := map[record.Field][2]string{record.Phone: {"left", "right"}, record.Department: {"left", "right"}}
	if q.Code != plan.CodeConflict || !maps.Equal(q.Values, want) || !slices.Equal(q.Choices, []plan.Choice{plan.ChoiceLeft, plan.ChoiceRight, plan.ChoiceBoth, plan.ChoiceLater}) {
		t.Fatalf("question %+v", q)
	}
	w.quiet()
	// Another field is edited: the question is the same one.
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Assistant: "a"})
	w.sync()
	if again := w.asked(plan.CodeConflict); again.ID != q.ID || w.one(w.right).Record[record.Assistant] != "a" {
		t.Fatalf("question %+v, the right holds %v", again, w.one(w.right).Record)
	}
}

// Every answer does what it says, also when the program was started anew since the question.
func TestAnswersToAConflict(t *testing.T) {
	for _, c := range []plan.Choice{plan.ChoiceLeft, plan.ChoiceRight, plan.ChoiceBoth, plan.ChoiceLater} {
		t.Run(string(c), func(t *testing.T) {
			w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.AskMe })
			w.part()
			w.sync()
			w.answer(plan.CodeConflict, c)
			r := w.sync()
			want := map[plan.Choice]map[string]int{plan.ChoiceLeft: {"left": 1}, plan.ChoiceRight: {"right": 1}, plan.ChoiceBoth: {"left": 1, "right": 1}}
			if c == plan.ChoiceLater {
				if w.one(w.left).Record[record.Phone] != "left" || w.one(w.right).Record[record.Phone] != "right" {
					t.Fatal("who decides later decided nothing")
				}
				w.quiet()
				return
			}
			if got := w.phones(w.left); !maps.Equal(got, want[c]) || r.Conflicts != 1 || r.Waits() {
				t.Fatalf("phones %v, report %+v", got, r)
			}
			w.same()
			w.nothingAsked()
			w.quiet()
		})
	}
}

// An answer holds for exactly the values that were asked about.
func TestAnAnswerHoldsForTheValuesAskedAbout(t *testing.T) {
	for _, side := range plan.Sides {
		w := apart(t, plan.AskMe, nil)
		w.sync()
		q := w.asked(plan.CodeConflict)
		s := w.service(side)
		s.Edit(w.ref(), w.one(s).ID, record.Patch{record.Phone: "edited since"})
		w.must(w.engine().Answer(context.Background(), q.ID, plan.ChoiceLeft))
		w.sync()
		if again := w.asked(plan.CodeConflict); again.ID == q.ID {
			t.Fatal("the old answer was taken for an answer to new values")
		}
		if l, r := w.one(w.left).Record[record.Phone], w.one(w.right).Record[record.Phone]; l == r {
			t.Fatalf("the %s was edited since, and both hold %q", side, l)
		}
	}
}

// R4: who makes both values equal has answered.
func TestAConflictThatEndsByItselfClosesItsQuestion(t *testing.T) {
	for _, side := range plan.Sides {
		w := apart(t, plan.AskMe, nil)
		w.sync()
		w.asked(plan.CodeConflict)
		s := w.service(side)
		s.Edit(w.ref(), w.one(s).ID, record.Patch{record.Phone: side.Other().String()})
		w.sync()
		w.nothingAsked()
		w.same()
		w.quiet()
	}
}

// Two edits of which nobody can say which is newer are asked about.
func TestNewestAsksWhereItCannotTell(t *testing.T) {
	w := apart(t, plan.Newest, func(w *world) {
		w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), NoTimes: true})
	})
	w.sync()
	w.must(w.engine().Answer(context.Background(), w.asked(plan.CodeConflict).ID, plan.ChoiceRight))
	w.sync()
	w.same()
	if got := w.one(w.left).Record[record.Phone]; got != "right" {
		t.Fatalf("phone %q", got)
	}
	w.nothingAsked()
}

// Both sides add a category: both have both in the end, also when the program is killed between the two writes.
func TestCategoriesOfBothSidesSurviveAKill(t *testing.T) {
	for fuse := 1; ; fuse++ {
		left := 0
		w := newWorldIn(t, inMemory, state.Options{Gate: func() error {
			if left--; left == 0 {
				panic(errKilled)
			}
			return nil
		}}, record.Contact, func(p *state.Pair) { p.Conflict = plan.AskMe })
		t.Cleanup(func() { _ = w.state.Close() })
		w.left.Put(w.ref(), person("1").With(record.Patch{record.Categories: "A;Z"}))
		w.sync()
		w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Categories: "A;B;Z"})
		w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Categories: "A;C"})
		left = fuse
		killed := w.killed()
		left = 0
		w.now = w.now.Add(time.Hour)
		w.sync()
		w.same()
		if got := w.one(w.left).Record[record.Categories]; got != "A;B;C" {
			t.Fatalf("killed at transaction %d: categories %q", fuse, got)
		}
		w.nothingAsked()
		w.quiet()
		if !killed {
			return
		}
	}
}
