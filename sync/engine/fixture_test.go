package engine

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// world is a pair of two services in memory, with a state in a file, as a person would have it.
type world struct {
	t       testing.TB
	left    *memory.Service
	right   *memory.Service
	state   *state.State
	path    string
	options state.Options
	pair    state.Pair
	now     time.Time
	wrap    func(provider.Provider) provider.Provider // around both services; nil: none
	hook    func(plan.Side, record.Write)             // right before each write; nil: nothing
	ticks   func(time.Duration)                       // when the clock moves by itself; nil: nothing
	wary    bool                                      // nobody answers what a first sync asks
}

const owner = "me"

// inMemory is the path of a state that no file keeps.
const inMemory = ":memory:"

// newWorld: on the left what behaves like a CRM, on the right what behaves like a CalDAV server.
func newWorld(t testing.TB, kind record.Kind, change func(*state.Pair)) *world {
	t.Helper()
	w := newWorldIn(t, filepath.Join(t.TempDir(), "state.db"), state.Options{}, kind, change)
	t.Cleanup(func() { _ = w.state.Close() })
	return w
}

// newWorldIn is newWorld with a state in a place of its own, which the test closes.
func newWorldIn(t testing.TB, path string, o state.Options, kind record.Kind, change func(*state.Pair)) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC), path: path, options: o}
	w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), OnApply: w.onApply(plan.Left)})
	w.right = memory.New(memory.Options{Name: "dav", Marks: true, AbsentIsDeleted: true, Terse: true, OnApply: w.onApply(plan.Right)})
	w.pair = state.Pair{
		ID: "p", Kind: kind, Mapping: plan.DefaultMapping(kind, false), Direction: plan.Both, Conflict: plan.LeftWins,
		Delete: [2]plan.Deletion{plan.Propagate, plan.Propagate},
		Ends:   [2]state.End{{Account: "crm", Ref: string(kind), Title: "CRM"}, {Account: "home", Ref: string(kind), Title: "Home"}},
	}
	if change != nil {
		change(&w.pair)
	}
	w.open()
	return w
}

func (w *world) onApply(side plan.Side) func(record.Write) {
	return func(wr record.Write) {
		if w.hook != nil {
			w.hook(side, wr)
		}
	}
}

func crmLimits() map[record.Kind]map[record.Field]record.Limit {
	out := map[record.Kind]map[record.Field]record.Limit{}
	for _, d := range record.Fields {
		if out[d.Kind] == nil {
			out[d.Kind] = map[record.Field]record.Limit{}
		}
		out[d.Kind][d.Field] = record.Limit{ReadOnly: d.Filter}
	}
	out[record.Contact][record.LastName] = record.Limit{Mandatory: true, Max: 80}
	out[record.Contact][record.FirstName] = record.Limit{Max: 40}
	out[record.Task][record.Subject] = record.Limit{Mandatory: true, Max: 255}
	out[record.Event][record.Title] = record.Limit{Mandatory: true, Max: 255}
	out[record.Event][record.When] = record.Limit{Mandatory: true}
	return out
}

// open opens the state, as after a start of the program.
func (w *world) open() {
	w.t.Helper()
	w.must(fresh(w.path))
	s, err := state.Open(w.path, w.options)
	w.must(err)
	w.state = s
	ctx := context.Background()
	w.must(s.StoreAccount(ctx, state.Account{Name: "crm", Service: "memory"}))
	w.must(s.StoreAccount(ctx, state.Account{Name: "home", Service: "memory"}))
	w.must(s.StorePair(ctx, w.pair))
}

// fresh puts an empty state where there is none: making the first one takes SQLite longer than many a test.
func fresh(path string) error {
	if _, err := os.Stat(path); path == inMemory || err == nil {
		return nil
	}
	empty, err := emptyState()
	if err != nil {
		return err
	}
	return os.WriteFile(path, empty, 0o600)
}

// emptyState is the file of a state as a first start leaves it.
var emptyState = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "zohosync-state")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "state.db")
	s, err := state.Open(path, state.Options{})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// limit opens the state again, on a disk that has so many pages for it; 0: any number.
func (w *world) limit(pages int) {
	w.t.Helper()
	w.must(w.state.Close())
	s, err := state.Open(w.path, state.Options{MaxPages: pages})
	w.must(err)
	w.t.Cleanup(func() { _ = s.Close() })
	w.state = s
}

// used returns how many pages the state takes.
func (w *world) used() int {
	w.t.Helper()
	w.limit(0) // What lies beside the file comes into it.
	info, err := os.Stat(w.path)
	w.must(err)
	const page = 4096
	return int(info.Size() / page)
}

// service is what stands on a side.
func (w *world) service(side plan.Side) *memory.Service {
	return [2]*memory.Service{w.left, w.right}[side]
}

// forget loses the state, as after a reinstallation.
func (w *world) forget() {
	w.must(w.state.Close())
	if w.path != inMemory {
		w.path = filepath.Join(w.t.TempDir(), "state.db")
	}
	w.open()
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) dial(_ context.Context, a state.Account) (provider.Provider, error) {
	p := w.right.Provider()
	if a.Name == "crm" {
		p = w.left.Provider()
	}
	if w.wrap != nil {
		p = w.wrap(p)
	}
	return p, nil
}

func (w *world) engine() *Engine {
	return New(w.state, w.dial, Options{Clock: func() time.Time {
		w.now = w.now.Add(time.Second)
		if w.ticks != nil {
			w.ticks(time.Second)
		}
		return w.now
	}})
}

// try runs the pair, and says yes to what a first sync would create.
func (w *world) try(o RunOptions) (Report, error) {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	r, err := w.engine().Sync(context.Background(), w.pair.ID, o)
	if unmet(r, err) && !w.wary && !o.DryRun {
		o.Confirm = append(slices.Clone(o.Confirm), r.Stop.Number)
		return w.engine().Sync(context.Background(), w.pair.ID, o)
	}
	return r, err
}

// unmet says whether a run stopped to ask about what a first sync would create.
func unmet(r Report, err error) bool {
	return errors.Is(err, ErrGuard) && r.Stop != nil && r.Stop.Code == plan.CodeFirst
}

// sync runs the pair and wants it to end without an error.
func (w *world) sync() Report {
	w.t.Helper()
	r, err := w.try(RunOptions{})
	w.must(err)
	return r
}

// quiet wants a run that writes nothing.
func (w *world) quiet() {
	w.t.Helper()
	before := w.left.Writes() + w.right.Writes()
	if r := w.sync(); r.Wrote() != 0 || w.left.Writes()+w.right.Writes() != before {
		w.t.Fatalf("a second run wrote: left %+v, right %+v", r.Left, r.Right)
	}
}

func (w *world) ref() string { return string(w.pair.Kind) }

// one returns the only item of a service.
func (w *world) one(s *memory.Service) record.Item {
	w.t.Helper()
	items := s.Items(w.ref())
	if len(items) != 1 {
		w.t.Fatalf("%d items, want 1", len(items))
	}
	return items[0]
}

func (w *world) count(left, right int) {
	w.t.Helper()
	if l, r := len(w.left.Items(w.ref())), len(w.right.Items(w.ref())); l != left || r != right {
		w.t.Fatalf("left holds %d items, right %d; want %d and %d", l, r, left, right)
	}
}

// same wants both services to hold the same records, whatever their ids.
func (w *world) same() {
	w.t.Helper()
	left, right := contents(w.left.Items(w.ref())), contents(w.right.Items(w.ref()))
	if !maps.Equal(left, right) {
		w.t.Fatalf("the sides differ:\nleft  %v\nright %v", left, right)
	}
}

func contents(items []record.Item) map[string]int {
	out := map[string]int{}
	for _, it := range items {
		r := maps.Clone(it.Record)
		delete(r, record.Owner)
		out[string(record.Revise(r))+" "+r.Name(record.Contact)]++
	}
	return out
}

func codes(r Report) map[string]int {
	out := map[string]int{}
	for _, it := range r.Items {
		out[it.Code]++
	}
	return out
}

func wantCode(t testing.TB, r Report, code string, n int) {
	t.Helper()
	if got := codes(r); got[code] != n {
		t.Fatalf("codes %v, want %d of %q", got, n, code)
	}
}

func wantGuard(t *testing.T, r Report, err error, code string, side plan.Side, n int) {
	t.Helper()
	if !errors.Is(err, ErrGuard) || r.Stop == nil {
		t.Fatalf("want a guard, got error %v and stop %v", err, r.Stop)
	}
	if r.Stop.Question == "" || *r.Stop != (plan.Guard{Code: code, Side: side, Number: n, Question: r.Stop.Question}) {
		t.Fatalf("guard %+v, want %s on the %s with %d", *r.Stop, code, side, n)
	}
}

func person(n string) record.Record {
	return record.Record{record.FirstName: "Ada", record.LastName: "L" + n, record.EmailMain: "ada" + n + "@example.com"}
}
