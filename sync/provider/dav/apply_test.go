package dav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// sink remembers what it hears.
type sink struct {
	mu     sync.Mutex
	before map[int][]string
	done   map[int][]provider.Result
	asked  func() // in Before
	fail   error
}

func (s *sink) Before(i int, raw []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.before == nil {
		s.before = map[int][]string{}
	}
	s.before[i] = append(s.before[i], string(raw))
	if s.asked != nil {
		s.asked()
	}
	return s.fail
}

func (s *sink) Done(i int, r provider.Result) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done == nil {
		s.done = map[int][]provider.Result{}
	}
	s.done[i] = append(s.done[i], r)
	return nil
}

// result is how a write ended; ok is false when it is unsure.
func (s *sink) result(t testing.TB, i int) (r provider.Result, ok bool) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.done[i]) > 1 {
		t.Fatalf("write %d ended %d times", i, len(s.done[i]))
	}
	if len(s.done[i]) == 0 {
		return provider.Result{}, false
	}
	return s.done[i][0], true
}

func unsentResult(r provider.Result) bool {
	var retry *provider.RetryError
	return errors.As(r.Err, &retry) && !retry.Sent
}

func code(err error) string {
	var item *provider.ItemError
	if errors.As(err, &item) {
		return item.Code
	}
	return ""
}

func newEvent(key, title string) record.Write {
	return record.Write{Op: record.Create, Key: key, Mark: "crm-" + record.Mark(key),
		Patch: record.Patch{record.Title: title, record.When: "2026-05-04T08:00:00Z/2026-05-04T09:00:00Z"}}
}

// one lists the single object of the fake.
func (f *fake) one(t testing.TB, c *collection) record.Item {
	t.Helper()
	p, err := c.Changes(t.Context(), "", record.Window{})
	if err != nil || len(p.Changed) != 1 {
		t.Fatalf("%d items, %d skipped, %v", len(p.Changed), len(p.Skipped), err)
	}
	f.requests()
	return p.Changed[0]
}

func rename(it record.Item, title string) record.Write {
	return record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record, Patch: record.Patch{record.Title: title}}
}

func removal(it record.Item) record.Write {
	return record.Write{Op: record.Delete, ID: it.ID, Revision: it.Revision, Seen: it.Record}
}

// onMethod spoils the first n requests of one method.
func onMethod(method string, n int, then func(w http.ResponseWriter, r *http.Request, body string) bool) func(http.ResponseWriter, *http.Request, string) bool {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request, body string) bool {
		mu.Lock()
		defer mu.Unlock()
		if r.Method != method || n == 0 {
			return false
		}
		n--
		return then(w, r, body)
	}
}

func says(code int, condition string) func(http.ResponseWriter, *http.Request, string) bool {
	return func(w http.ResponseWriter, _ *http.Request, _ string) bool {
		w.WriteHeader(code)
		if condition != "" {
			fmt.Fprintf(w, `<error xmlns="DAV:" xmlns:C="%s"><C:%s/></error>`, nsCalDAV, condition)
		}
		return true
	}
}

func says207(inner string) func(http.ResponseWriter, *http.Request, string) bool {
	return func(w http.ResponseWriter, r *http.Request, _ string) bool {
		answerMulti(w, `<response><href>`+r.URL.Path+`</href><propstat><status>HTTP/1.1 `+inner+`</status><prop/></propstat></response>`)
		return true
	}
}

// lost carries the request out and breaks the connection instead of answering.
func (f *fake) lost(w http.ResponseWriter, r *http.Request, body string) bool {
	f.plain(&discard{h: http.Header{}}, r, body)
	panic(http.ErrAbortHandler)
}

// swallowed breaks the connection without doing anything.
func swallowed(http.ResponseWriter, *http.Request, string) bool { panic(http.ErrAbortHandler) }

type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

// The answer was lost, but one look shows that the write happened.
func TestLostAnswersAreLookedUp(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "A"))
	c := f.open(t)
	it := f.one(t, c)
	f.misbehave(onMethod("PUT", 2, f.lost))
	s := &sink{}
	err := c.Apply(t.Context(), []record.Write{newEvent("k1", "One"), rename(it, "B")}, s)
	for i := range 2 {
		if r, ended := s.result(t, i); !ended || r.Err != nil || r.Item.ID == "" {
			t.Errorf("write %d: %+v, %v", i, r, ended)
		}
	}
	if err != nil || !strings.Contains(f.body("a.ics"), "SUMMARY:B") {
		t.Errorf("apply: %v", err)
	}
	it, _ = readItem(t, c, f, "a.ics")
	f.misbehave(onMethod("DELETE", 1, f.lost))
	s = &sink{}
	if err := c.Apply(t.Context(), []record.Write{removal(it)}, s); err != nil {
		t.Fatal(err)
	}
	if r, ended := s.result(t, 0); !ended || r.Err != nil {
		t.Errorf("delete: %+v, %v", r, ended)
	}
}

func readItem(t testing.TB, c *collection, f *fake, name string) (record.Item, *provider.Skip) {
	t.Helper()
	return c.codec.Read(record.ID(name), []byte(f.body(name)))
}

// A write that may have happened has no end, and nothing is sent after it; what was not sent is told.
func TestUnsureWriteStopsTheRest(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "A"))
	c := f.open(t)
	it := f.one(t, c)
	f.misbehave(onMethod("PUT", 1, swallowed))
	s := &sink{}
	writes := []record.Write{rename(it, "B"), removal(it)} // One object: one after the other.
	err := c.Apply(t.Context(), writes, s)
	var retry *provider.RetryError
	if !errors.As(err, &retry) || !retry.Sent {
		t.Errorf("apply: %v", err)
	}
	if r, ended := s.result(t, 0); ended {
		t.Errorf("the unsure write ended as %+v", r)
	}
	if r, _ := s.result(t, 1); !unsentResult(r) || f.body("a.ics") == "" {
		t.Errorf("the write after it ended as %+v", r)
	}
}

func TestDeletionsComeLastAndNoMoreThanFourAtATime(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "A"))
	c := f.open(t)
	writes := []record.Write{removal(f.one(t, c))}
	for i := range 20 {
		writes = append(writes, newEvent(fmt.Sprint("k", i), "N"))
	}
	var mu sync.Mutex
	now, most := 0, 0
	f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		f.plain(w, r, body)
		mu.Lock()
		now--
		mu.Unlock()
		return true
	})
	if err := c.Apply(t.Context(), writes, &sink{}); err != nil {
		t.Fatal(err)
	}
	log := f.requests()
	if most > inFlight || log[len(log)-1] != "DELETE a.ics" || count(log, "PUT") != 20 {
		t.Errorf("%d at a time; the last were %q", most, log[len(log)-2:])
	}
}

// R7: when the context ends, the write under way comes to its end and nothing else is sent.
func TestStoppingFinishesWhatIsUnderWay(t *testing.T) {
	f := newFake(t, record.Event)
	c, s := f.open(t), &sink{}
	ctx, cancel := context.WithCancel(t.Context())
	f.misbehave(onMethod("PUT", 1, func(http.ResponseWriter, *http.Request, string) bool { cancel(); return false }))
	// One object, so that the writes come one after the other.
	writes := []record.Write{newEvent("k", "One"), newEvent("k", "Two")}
	if err := c.Apply(ctx, writes, s); !errors.Is(err, context.Canceled) {
		t.Errorf("apply: %v", err)
	}
	first, _ := s.result(t, 0)
	second, _ := s.result(t, 1)
	if first.Err != nil || first.Item.ID == "" || !unsentResult(second) || !strings.Contains(f.body("zohosync-k.ics"), "One") {
		t.Errorf("first %+v, second %+v", first, second)
	}
}

// Stopped after the object was read and before it was written: it was not.
func TestStoppingBeforeTheWriteSendsNothing(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "A"))
	c := f.open(t)
	it := f.one(t, c)
	for _, w := range []record.Write{rename(it, "B"), removal(it)} {
		ctx, cancel := context.WithCancel(t.Context())
		s := &sink{asked: cancel}
		if err := c.Apply(ctx, []record.Write{w}, s); !errors.Is(err, context.Canceled) {
			t.Errorf("apply: %v", err)
		}
		if r, _ := s.result(t, 0); !unsentResult(r) || !strings.Contains(f.body("a.ics"), "SUMMARY:A") {
			t.Errorf("%s ended as %+v", w.Op, r)
		}
	}
}

// We stopped waiting for the answer: the write may have been carried out.
func TestAnswerThatNobodyWaitsForIsUnsure(t *testing.T) {
	f := newFake(t, record.Event)
	c := f.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.misbehave(onMethod("PUT", 1, func(_ http.ResponseWriter, r *http.Request, _ string) bool {
		cancel()
		<-r.Context().Done()
		return true
	}))
	s := &sink{}
	r := &run{collection: c, writes: []record.Write{newEvent("k", "One")}, sink: s, sending: ctx}
	r.one(t.Context(), 0)
	var retry *provider.RetryError
	if _, ended := s.result(t, 0); ended || !errors.As(r.stopped(t.Context()), &retry) || !retry.Sent {
		t.Errorf("ended: %v, stopped by %v", ended, r.stopped(t.Context()))
	}
}

func TestSinkThatCannotStoreStopsTheWrite(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "A"))
	c, s := f.open(t), &sink{fail: errors.New("disk full")}
	it := f.one(t, c)
	if err := c.Apply(t.Context(), []record.Write{rename(it, "B")}, s); !errors.Is(err, s.fail) {
		t.Errorf("apply: %v", err)
	}
	if !strings.Contains(f.body("a.ics"), "SUMMARY:A") || count(f.requests(), "PUT") > 0 {
		t.Error("it was written although the before-image was not stored")
	}
}
