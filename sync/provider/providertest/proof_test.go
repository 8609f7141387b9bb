package providertest

import (
	"context"
	"maps"
	"slices"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// bug is one way to break the contract, with the checks that find it, and no others.
type bug struct {
	name  string
	found []string
	kind  record.Kind // "": contact
	spoil func(*memory.Service, *Setup)
}

// wrapped is a collection of which parts are replaced.
type wrapped struct {
	provider.Collection
	changes func(c provider.Collection, ctx context.Context, since provider.Cursor, w record.Window) (provider.Page, error)
	apply   func(c provider.Collection, ctx context.Context, writes []record.Write, sink provider.Sink) error
}

func (w wrapped) Changes(ctx context.Context, since provider.Cursor, win record.Window) (provider.Page, error) {
	if w.changes == nil {
		return w.Collection.Changes(ctx, since, win)
	}
	return w.changes(w.Collection, ctx, since, win)
}

func (w wrapped) Apply(ctx context.Context, writes []record.Write, k provider.Sink) error {
	if w.apply == nil {
		return w.Collection.Apply(ctx, writes, k)
	}
	return w.apply(w.Collection, ctx, writes, k)
}

// wrap puts the replacements over every collection that the set-up opens.
func (s *Setup) wrap(w wrapped) {
	open := s.Open
	s.Open = func(t testing.TB, fields []record.Field) provider.Collection {
		w := w
		w.Collection = open(t, fields)
		return w
	}
}

// onWrite changes each write before the service gets it.
func onWrite(f func(s *memory.Service, w *record.Write)) func(*memory.Service, *Setup) {
	return func(s *memory.Service, setup *Setup) {
		setup.wrap(wrapped{apply: func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
			writes = slices.Clone(writes)
			for i := range writes {
				writes[i].Patch = maps.Clone(writes[i].Patch)
				f(s, &writes[i])
			}
			return c.Apply(ctx, writes, k)
		}})
	}
}

// onResult changes each result, or withholds it.
func onResult(f func(s *memory.Service, w record.Write, r *provider.Result)) func(*memory.Service, *Setup) {
	return func(s *memory.Service, setup *Setup) {
		setup.wrap(wrapped{apply: func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
			return c.Apply(ctx, writes, between{k, k.Before, func(i int, r provider.Result) error {
				f(s, writes[i], &r)
				return k.Done(i, r)
			}})
		}})
	}
}

// onPage changes each page.
func onPage(f func(s *memory.Service, since provider.Cursor, p *provider.Page, err *error)) func(*memory.Service, *Setup) {
	return func(s *memory.Service, setup *Setup) {
		setup.wrap(wrapped{changes: func(c provider.Collection, ctx context.Context, since provider.Cursor, w record.Window) (provider.Page, error) {
			p, err := c.Changes(ctx, since, w)
			f(s, since, &p, &err)
			return p, err
		}})
	}
}

// always lets a fault of the memory service happen on every occasion.
func always(f memory.Fault) func(*memory.Service, *Setup) {
	return func(s *memory.Service, _ *Setup) { s.Chance(f, 1) }
}

// between stands between a collection and a sink.
type between struct {
	provider.Sink
	before func(i int, raw []byte) error
	done   func(i int, r provider.Result) error
}

func (b between) Before(i int, raw []byte) error      { return b.before(i, raw) }
func (b between) Done(i int, r provider.Result) error { return b.done(i, r) }

// Every check finds the bug that it is there for, and a bug is found by the checks named and no others. A check that no
// bug proves is itself a failure.
func TestEveryCheckCanFail(t *testing.T) {
	proven := map[string]bool{}
	for _, b := range bugs() {
		t.Run(b.name, func(t *testing.T) {
			for _, c := range checks() {
				// Each check gets a service of its own, as a bug may spoil what the next one would find.
				s := memory.New(memory.Options{Marks: true, Limits: narrow(), PageSize: 20})
				kind := b.kind
				if kind == "" {
					kind = record.Contact
				}
				setup := inMemory(s, kind, Can{Marks: true, Keys: true, Make: true, Restore: true, Idle: 1})
				setup.Outside = func(testing.TB) Editor { return person{s, string(kind)} }
				if kind == record.Task {
					setup.Can.Many = 30
				}
				b.spoil(s, &setup)
				r := c.record(t, setup)
				if want := slices.Contains(b.found, c.name); r.failed != want {
					t.Errorf("%s: failed %v, want %v\n%s", c.name, r.failed, want, r)
				}
				proven[c.name] = proven[c.name] || r.failed
			}
		})
	}
	for _, c := range checks() {
		if !proven[c.name] {
			t.Errorf("no bug proves that %s can fail", c.name)
		}
	}
}
