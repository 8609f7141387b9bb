// Package memory is a service that lives in memory: the reference implementation of the provider contract, for tests. It
// can also be as hostile as real services are (see Fault): answers get lost, listings break off, values are cut.
package memory

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Options say what kind of service it is. The zero Options make a kind one: it holds every field of every kind without
// limits, and what is written is listed at once.
type Options struct {
	Name            string                                        // begins every ID, so that two services differ; "": memory
	Limits          map[record.Kind]map[record.Field]record.Limit // nil: every field of every kind, without limits
	AbsentIsDeleted bool
	Lag             time.Duration    // a change is listed only when this time has passed; writing sees it at once
	PageSize        int              // groups on a page; 0: 100
	Marks           bool             // items hold a mark, and the same Key never makes two of them
	Owner           string           // record.Owner of what is created here; "": there are no owners
	Credits         int              // what a request costs
	NoMake          bool             // Make answers ErrReadOnly
	NoRestore       bool             // what was deleted cannot be brought back
	NoBin           bool             // it cannot tell what was deleted from what is out of sight
	Terse           bool             // what came and went between two listings is not told, unless it is expected
	NoTimes         bool             // items do not tell when they were changed
	Clock           func() time.Time // nil: a clock that moves one second with every change, and with Advance

	Seed    uint64             // of everything that happens by chance
	Chances map[Fault]float64  // how often each fault happens; see also Service.Fail
	OnApply func(record.Write) // runs after Before and right before the write: here a test can edit the item
	OnPage  func(ref string)   // runs before each page is made: here a test can edit between two pages
}

// Service is one service with its collections. It begins with three, named "contact", "task" and "event" like their
// kinds. It is safe for concurrent use.
type Service struct {
	opts    Options
	mu      sync.Mutex
	refs    []string // in the order in which they were made
	colls   map[string]*collection
	now     time.Time // of its own clock
	rng     *rand.Rand
	chances map[Fault]float64
	script  map[Fault]int
	lastID  int
	writes  int
	log     []string
}

// New returns a service.
func New(opts Options) *Service {
	if opts.Name == "" {
		opts.Name = "memory"
	}
	if opts.PageSize == 0 {
		opts.PageSize = 100
	}
	if opts.Limits == nil {
		opts.Limits = everyField(opts.Owner != "")
	}
	s := &Service{
		opts:    opts,
		colls:   map[string]*collection{},
		now:     time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC),
		rng:     rand.New(rand.NewPCG(opts.Seed, 1)),
		chances: map[Fault]float64{},
		script:  map[Fault]int{},
	}
	for f, p := range opts.Chances {
		s.chances[f] = p
	}
	for _, k := range record.Kinds {
		s.Add(string(k), k)
	}
	return s
}

func everyField(owners bool) map[record.Kind]map[record.Field]record.Limit {
	out := map[record.Kind]map[record.Field]record.Limit{}
	for _, d := range record.Fields {
		if out[d.Kind] == nil {
			out[d.Kind] = map[record.Field]record.Limit{}
		}
		if d.Field != record.Owner || owners {
			out[d.Kind][d.Field] = record.Limit{ReadOnly: d.Filter}
		}
	}
	return out
}

// Provider returns the service as the program sees it.
func (s *Service) Provider() provider.Provider { return account{s} }

type account struct{ s *Service }

// Collections lists what there is.
func (a account) Collections(ctx context.Context) ([]provider.Info, error) {
	if err := a.s.call(ctx, "collections"); err != nil {
		return nil, err
	}
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	var out []provider.Info
	for _, ref := range a.s.refs {
		if c := a.s.colls[ref]; !c.dropped {
			out = append(out, a.s.info(c))
		}
	}
	return out, nil
}

// Make creates a collection.
func (a account) Make(ctx context.Context, title string, kind record.Kind) (provider.Info, error) {
	if err := a.s.call(ctx, "make"); err != nil {
		return provider.Info{}, err
	}
	if a.s.opts.NoMake {
		return provider.Info{}, fmt.Errorf("make a collection: %w", provider.ErrReadOnly)
	}
	ref := fmt.Sprintf("made-%d", len(a.s.refs)+1)
	a.s.Add(ref, kind)
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.s.colls[ref].title = title
	return a.s.info(a.s.colls[ref]), nil
}

// Open returns one collection.
func (a account) Open(ctx context.Context, ref string, kind record.Kind, fields []record.Field) (provider.Collection, error) {
	if err := a.s.call(ctx, "open"); err != nil {
		return nil, err
	}
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	c, err := a.s.find(ref)
	if err != nil {
		return nil, err
	}
	var held []record.Field
	for _, f := range fields {
		if _, ok := a.s.opts.Limits[kind][f]; ok {
			held = append(held, f)
		}
	}
	return &opened{s: a.s, ref: ref, kind: kind, fields: held, info: a.s.info(c)}, nil
}

// opened is a collection as Open returns it.
type opened struct {
	s      *Service
	ref    string
	kind   record.Kind
	fields []record.Field
	info   provider.Info
}

// Info describes the collection as it was when it was opened.
func (o *opened) Info() provider.Info { return o.info }

// call counts one request and says why it fails, if it does.
func (s *Service) call(ctx context.Context, what string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	provider.MeterOf(ctx).Request(s.opts.Credits)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note("%s", what)
	switch {
	case s.happens(SignedOut):
		return fmt.Errorf("%s: %w", what, provider.ErrAuth)
	case s.happens(RateLimited):
		return &provider.RetryError{After: 30 * time.Second, Err: errRate}
	}
	return nil
}

// find returns the collection, or ErrGone. The lock is held.
func (s *Service) find(ref string) (*collection, error) {
	c, ok := s.colls[ref]
	if !ok || c.dropped || s.happens(Gone) {
		return nil, fmt.Errorf("find the collection: %w", provider.ErrGone)
	}
	return c, nil
}

func (s *Service) info(c *collection) provider.Info {
	limits := map[record.Kind]map[record.Field]record.Limit{}
	for _, k := range c.kinds {
		limits[k] = s.opts.Limits[k]
	}
	return provider.Info{
		Ref: c.ref, Title: c.title, Kinds: slices.Clone(c.kinds), ReadOnly: c.readOnly, Limits: limits,
		AbsentIsDeleted: s.opts.AbsentIsDeleted, Lag: s.opts.Lag, Owner: s.opts.Owner,
	}
}

// time returns what the clock shows. The lock is held.
func (s *Service) time() time.Time {
	if s.opts.Clock != nil {
		return s.opts.Clock()
	}
	return s.now
}

func (s *Service) newID(ref string) record.ID {
	s.lastID++
	return record.ID(strings.Join([]string{s.opts.Name, ref, fmt.Sprintf("%05d", s.lastID)}, ":"))
}

func (s *Service) note(format string, args ...any) {
	s.log = append(s.log, fmt.Sprintf(format, args...))
}
