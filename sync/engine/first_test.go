package engine

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// S2-27: the first run says of every item whether it was matched, is new, or is ambiguous, and why.
func TestTheFirstRunReportsHowItemsWereRecognised(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	both := func(left, right record.Record) { w.left.Put(w.ref(), left); w.right.Put(w.ref(), right) }
	both(person("same"), person("same"))
	both(person("mail"), record.Record{record.EmailMain: person("mail")[record.EmailMain], record.Mobile: "5"})
	both(record.Record{record.LastName: "Name", record.Phone: "1"}, record.Record{record.LastName: "Name", record.Mobile: "2"})
	both(person("doubt"), person("doubt").With(record.Patch{record.FirstName: "Other"}))
	w.left.Put(w.ref(), person("left"))
	w.right.Put(w.ref(), person("right"))
	for _, dry := range []bool{true, false} {
		r, err := w.try(RunOptions{DryRun: dry})
		w.must(err)
		if r.First == nil || r.First.Matched != 3 || r.First.New != [2]int{1, 1} || r.First.Ambiguous != 2 {
			t.Fatalf("first %+v", r.First)
		}
		var by []string
		for _, it := range r.First.Items {
			by = append(by, string(it.By))
		}
		slices.Sort(by)
		if want := "[all-fields ambiguous ambiguous email name new new]"; fmt.Sprint(by) != want {
			t.Errorf("reasons %v, want %s", by, want)
		}
	}
	if r := w.sync(); r.First != nil {
		t.Errorf("a later run is called a first one: %+v", r.First)
	}
	w.count(6, 6)
}

// Exact matches are linked without a write.
func TestWhatIsAlikeIsLinkedWithoutAWrite(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 20 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
		w.right.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.quiet()
	links, err := w.state.ListLinks(context.Background(), "p")
	w.must(err)
	if len(links) != 20 {
		t.Fatalf("%d links", len(links))
	}
}

// neighbour is another installation: it has a state of its own and works on the same services.
func (w *world) neighbour(t testing.TB) *world {
	t.Helper()
	n := *w
	n.path = t.TempDir() + "/other.db"
	n.open()
	t.Cleanup(func() { _ = n.state.Close() })
	return &n
}

// C-56: what another installation brought over is known by its mark, and the person is warned; what people and one
// installation alone do warns nobody.
func TestAnotherInstallationIsNoticed(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.right.Put(w.ref(), person("2"))
	if r := w.sync(); r.Others != 0 {
		t.Fatalf("alone, and yet %d", r.Others)
	}
	n := w.neighbour(t)
	if r, err := n.try(RunOptions{}); err != nil || r.Others != 0 || r.Wrote() != 0 {
		t.Fatalf("the second installation's first run: %+v, %v", r, err)
	}
	w.left.Put(w.ref(), person("3"))
	n.now = w.now
	if _, err := n.try(RunOptions{}); err != nil {
		t.Fatal(err)
	}
	w.now = n.now
	if r := w.sync(); r.Others != 1 || r.Wrote() != 0 {
		t.Fatalf("report %+v", r)
	}
	w.count(3, 3)
	e := w.engine()
	s, err := e.Status(context.Background())
	w.must(err)
	if s.Pairs[0].Other.IsZero() {
		t.Error("the status says nothing of it")
	}
	w.now = w.now.Add(alarm * 2)
	if s, err = e.Status(context.Background()); err != nil || !s.Pairs[0].Other.IsZero() {
		t.Errorf("it is still told after two weeks: %v", err)
	}
}

// C-56: two installations work on one pair in turns, while people create and edit on both sides. Nothing is doubled and
// nothing is lost.
func TestTwoInstallationsInTurnsDoubleNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		marks := rapid.Bool().Draw(rt, "the CRM has a field for marks")
		w := newWorldIn(t, inMemory, state.Options{}, record.Contact, nil)
		defer func() { w.state.Close() }()
		w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), Marks: marks})
		n := *w
		n.open()
		defer func() { n.state.Close() }()
		both, people := []*world{w, &n}, 0
		for range rapid.IntRange(1, 12).Draw(rt, "turns") {
			for range rapid.IntRange(0, 3).Draw(rt, "deeds") {
				side := plan.Side(rapid.IntRange(0, 1).Draw(rt, "side"))
				s := w.service(side)
				items := s.Items(w.ref())
				if len(items) == 0 || rapid.Bool().Draw(rt, "new") {
					people++
					s.Put(w.ref(), person(fmt.Sprint(people)))
					continue
				}
				it := items[rapid.IntRange(0, len(items)-1).Draw(rt, "which")]
				s.Edit(w.ref(), it.ID, record.Patch{record.Phone: fmt.Sprint(rapid.IntRange(1, 1_000_000).Draw(rt, "phone"))})
			}
			one := both[rapid.IntRange(0, 1).Draw(rt, "who")]
			if _, err := one.try(RunOptions{}); err != nil {
				rt.Fatal(err)
			}
			w.now = one.now
			n.now = one.now
		}
		for range 2 {
			for _, one := range both {
				if _, err := one.try(RunOptions{}); err != nil {
					rt.Fatal(err)
				}
				w.now, n.now = one.now, one.now
			}
		}
		if l, r := len(w.left.Items(w.ref())), len(w.right.Items(w.ref())); l != people || r != people {
			rt.Fatalf("%d people, %d on the left, %d on the right", people, l, r)
		}
	})
}
