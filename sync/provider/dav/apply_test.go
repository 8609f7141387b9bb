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

func TestCreateIsOneRequest(t *testing.T) {
	f := newFake(t, record.Event)
	c, s := f.open(t), &sink{}
	if err := c.Apply(t.Context(), []record.Write{newEvent("k1", "One")}, s); err != nil {
		t.Fatal(err)
	}
	r, _ := s.result(t, 0)
	if log := f.requests(); len(log) != 1 || log[0] != "PUT zohosync-k1.ics" {
		t.Errorf("requests: %q", log)
	}
	if r.Err != nil || r.Item.ID != "zohosync-k1.ics" || r.Item.Self != "zohosync-k1" || r.Item.Mark != "crm-k1" {
		t.Errorf("result %+v", r)
	}
	if listed := f.one(t, c); listed.Revision != r.Item.Revision || listed.ID != r.Item.ID {
		t.Error("the item is listed under another revision than the create told")
	}
}

// Without an ETag in the answer the server may have changed what it took: the object is read once more.
func TestCreateWithoutETagIsReadAgain(t *testing.T) {
	f := newFake(t, record.Event)
	f.misbehave(onMethod("PUT", 1, func(w http.ResponseWriter, r *http.Request, body string) bool {
		f.put(strings.TrimPrefix(r.URL.Path, fakePath), strings.Replace(body, "SUMMARY:One", "SUMMARY:One (by the server)", 1))
		w.WriteHeader(http.StatusCreated)
		return true
	}))
	s := &sink{}
	if err := f.open(t).Apply(t.Context(), []record.Write{newEvent("k1", "One")}, s); err != nil {
		t.Fatal(err)
	}
	if r, _ := s.result(t, 0); r.Err != nil || r.Item.Record[record.Title] != "One (by the server)" {
		t.Errorf("result %+v", r)
	}
}

func TestCreateThatIsNotAnsweredByYes(t *testing.T) {
	ours := event("zohosync-k1", "One")
	for name, c := range map[string]struct {
		there map[string]string
		spoil func(http.ResponseWriter, *http.Request, string) bool
		want  string // "done", "conflict", "unsure", "unsent" or a code
		id    record.ID
		stops bool
	}{
		"it is there from an earlier try":    {there: map[string]string{"zohosync-k1.ics": ours}, want: "done", id: "zohosync-k1.ics"},
		"something else is there":            {there: map[string]string{"zohosync-k1.ics": event("foreign", "Foreign")}, want: "conflict", id: "zohosync-k1.ics"},
		"its UID is elsewhere, 409":          {there: map[string]string{"moved.ics": ours}, spoil: says(409, "no-uid-conflict"), want: "done", id: "moved.ics"},
		"its UID is elsewhere, 403":          {there: map[string]string{"moved.ics": ours}, spoil: says(403, "no-uid-conflict"), want: "done", id: "moved.ics"},
		"its UID is elsewhere, 412 in a 207": {there: map[string]string{"moved.ics": ours}, spoil: says207("412 Precondition Failed"), want: "done", id: "moved.ics"},
		"bad content, 412 in a 207":          {spoil: says207("412 Precondition Failed"), want: provider.CodeInvalid},
		"bad content, 412":                   {spoil: says(412, ""), want: provider.CodeInvalid},
		"bad content, 403":                   {spoil: says(403, "valid-calendar-data"), want: provider.CodeInvalid},
		"bad content, 415":                   {spoil: says(415, ""), want: provider.CodeInvalid},
		"bad content, 404":                   {spoil: says(404, ""), want: provider.CodeInvalid},
		"bad content, 500":                   {spoil: says(500, ""), want: provider.CodeRefused},
		"too large":                          {spoil: says(413, ""), want: provider.CodeTooLong},
		"too large by name":                  {spoil: says(403, "max-resource-size"), want: provider.CodeTooLong},
		"not allowed":                        {spoil: says(403, ""), want: provider.CodeForbidden},
		"locked":                             {spoil: says(423, ""), want: provider.CodeLocked},
		"no space":                           {spoil: says(507, ""), want: provider.CodeRefused},
		"signed out":                         {spoil: says(401, ""), want: "unsent", stops: true},
		"too many requests":                  {spoil: says(429, ""), want: "unsent", stops: true},
		"under repair":                       {spoil: says(503, ""), want: "unsent", stops: true},
		"gateway":                            {spoil: says(504, ""), want: "unsure", stops: true},
		"the connection broke":               {spoil: swallowed, want: "unsure", stops: true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, record.Event)
			for n, b := range c.there {
				f.put(n, b)
			}
			col, s := f.open(t), &sink{}
			if c.spoil != nil {
				f.misbehave(onMethod("PUT", 1, c.spoil))
			}
			err := col.Apply(t.Context(), []record.Write{newEvent("k1", "One")}, s)
			r, ended := s.result(t, 0)
			got := code(r.Err)
			switch {
			case !ended:
				got = "unsure"
			case r.Err == nil:
				got = "done"
			case errors.Is(r.Err, provider.ErrConflict):
				got = "conflict"
			case unsentResult(r):
				got = "unsent"
			}
			if got != c.want || r.Item.ID != c.id || (err != nil) != c.stops {
				t.Errorf("got %s (%q, %v), Apply said %v; want %s (%q)", got, r.Item.ID, r.Err, err, c.want, c.id)
			}
		})
	}
}

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

func TestUpdateSendsOnlyWhatChanges(t *testing.T) {
	f := newFake(t, record.Event)
	before := event("a", "A")
	f.put("a.ics", before)
	c, s := f.open(t), &sink{}
	it := f.one(t, c)
	if err := c.Apply(t.Context(), []record.Write{rename(it, "B")}, s); err != nil {
		t.Fatal(err)
	}
	r, _ := s.result(t, 0)
	if r.Err != nil || r.Item.Record[record.Title] != "B" || len(s.before[0]) != 1 || s.before[0][0] != before {
		t.Errorf("result %+v, before %q", r, s.before[0])
	}
	if log := f.requests(); len(log) != 2 || log[0] != "GET a.ics" || log[1] != "PUT a.ics" {
		t.Errorf("requests: %q", log)
	}
	if !strings.Contains(f.body("a.ics"), "X-ODD;X-P=\"a,b\":kept\r\n") {
		t.Error("a line that we do not know was lost")
	}
}

// Somebody edits between our reading and our writing.
func TestEditUnderOurHands(t *testing.T) {
	for name, c := range map[string]struct {
		edit     string
		write    func(record.Item) record.Write
		conflict bool
		want     string
	}{
		"another field":  {"LOCATION:Hall\r\nSUMMARY:A", func(it record.Item) record.Write { return rename(it, "B") }, false, "LOCATION:Hall\r\nSUMMARY:B"},
		"the same field": {"SUMMARY:Theirs", func(it record.Item) record.Write { return rename(it, "B") }, true, "SUMMARY:Theirs"},
		"a delete":       {"SUMMARY:Theirs", removal, true, "SUMMARY:Theirs"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, record.Event)
			f.put("a.ics", event("a", "A"))
			col, s := f.open(t), &sink{}
			it := f.one(t, col)
			w := c.write(it)
			edited := false
			f.misbehave(func(_ http.ResponseWriter, r *http.Request, _ string) bool {
				if (r.Method == "PUT" || r.Method == "DELETE") && !edited {
					edited = true
					f.put("a.ics", strings.Replace(event("a", "A"), "SUMMARY:A", c.edit, 1))
				}
				return false
			})
			if err := col.Apply(t.Context(), []record.Write{w}, s); err != nil {
				t.Fatal(err)
			}
			r, _ := s.result(t, 0)
			if errors.Is(r.Err, provider.ErrConflict) != c.conflict || !c.conflict && r.Err != nil || r.Item.ID != "a.ics" {
				t.Errorf("result %+v", r)
			}
			if !strings.Contains(f.body("a.ics"), c.want) {
				t.Errorf("the object is now\n%s", f.body("a.ics"))
			}
		})
	}
}

// An ETag that a proxy weakened never matches as it stands; without its mark it does.
func TestWeakETagIsMadeStrong(t *testing.T) {
	for _, strongAtHeart := range []bool{true, false} {
		f := newFake(t, record.Event)
		f.put("a.ics", event("a", "A"))
		c, s := f.open(t), &sink{}
		it := f.one(t, c)
		f.etag = func(v int) string { return fmt.Sprintf(`W/"v%d"`, v) }
		if strongAtHeart {
			f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
				if m := r.Header.Get("If-Match"); strings.HasPrefix(m, "W/") {
					w.WriteHeader(http.StatusPreconditionFailed)
					return true
				} else if m != "" {
					r.Header.Set("If-Match", "W/"+m)
				}
				return false
			})
		}
		if err := c.Apply(t.Context(), []record.Write{rename(it, "B")}, s); err != nil {
			t.Fatal(err)
		}
		if r, _ := s.result(t, 0); r.Err != nil || len(s.before[0]) != 1 {
			t.Errorf("strong at heart %v: %+v", strongAtHeart, r)
		}
	}
}

// DAViCal answers 412 to content that it dislikes, however often it is sent.
func TestPreconditionThatIsNone(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "A"))
	c, s := f.open(t), &sink{}
	it := f.one(t, c)
	f.misbehave(onMethod("PUT", 9, says(412, "")))
	if err := c.Apply(t.Context(), []record.Write{rename(it, "B")}, s); err != nil {
		t.Fatal(err)
	}
	if r, _ := s.result(t, 0); code(r.Err) != provider.CodeInvalid || count(f.requests(), "PUT") != 1 {
		t.Errorf("result %+v", r)
	}
}

func TestGoneItemsAndGoneCollections(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "A"))
	c := f.open(t)
	it := f.one(t, c)
	before := f.body("a.ics")
	f.drop("a.ics")
	restore := record.Write{Op: record.Restore, ID: it.ID, Raw: []byte(before)}
	empty := record.Write{Op: record.Restore, ID: "b.ics"}
	s := &sink{}
	if err := c.Apply(t.Context(), []record.Write{rename(it, "B"), removal(it), empty}, s); err != nil {
		t.Fatal(err)
	}
	update, _ := s.result(t, 0)
	deletion, ended := s.result(t, 1)
	nothing, _ := s.result(t, 2)
	if !errors.Is(update.Err, provider.ErrNotFound) || !ended || deletion.Err != nil || !errors.Is(nothing.Err, provider.ErrNotFound) {
		t.Errorf("update %v, delete %v, restore of nothing %v", update.Err, deletion.Err, nothing.Err)
	}
	s = &sink{}
	if err := c.Apply(t.Context(), []record.Write{restore}, s); err != nil || f.body("a.ics") != before {
		t.Errorf("restore: %v, %q", err, f.body("a.ics"))
	}
	if len(s.before[0]) > 0 {
		t.Error("there is no before-image of what was gone")
	}

	f.misbehave(func(w http.ResponseWriter, _ *http.Request, _ string) bool { w.WriteHeader(404); return true })
	s = &sink{}
	writes := []record.Write{rename(it, "B"), removal(it), newEvent("k", "K")}
	if err := c.Apply(t.Context(), writes, s); !errors.Is(err, provider.ErrGone) {
		t.Errorf("the collection is gone: %v", err)
	}
	for i := range writes {
		if r, _ := s.result(t, i); !unsentResult(r) {
			t.Errorf("write %d to a collection that is gone: %+v", i, r)
		}
	}
}

func TestRestorePutsBackIntoWhatIsThere(t *testing.T) {
	f := newFake(t, record.Event)
	before := event("a", "A")
	f.put("a.ics", before)
	c := f.open(t)
	old := f.one(t, c)
	f.put("a.ics", strings.Replace(before, "SUMMARY:A", "SUMMARY:B", 1))
	now := f.one(t, c)
	for _, w := range []struct {
		revision record.Revision
		conflict bool
	}{{old.Revision, true}, {now.Revision, false}} {
		s := &sink{}
		if err := c.Apply(t.Context(), []record.Write{{Op: record.Restore, ID: "a.ics", Revision: w.revision, Raw: []byte(before)}}, s); err != nil {
			t.Fatal(err)
		}
		r, _ := s.result(t, 0)
		if errors.Is(r.Err, provider.ErrConflict) != w.conflict || !w.conflict && r.Item.Record[record.Title] != "A" {
			t.Errorf("result %+v", r)
		}
	}
}

// A 207 is not a success: Xandikos refuses inside one.
func TestUpdateRefusedInsideA207(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "A"))
	c, s := f.open(t), &sink{}
	it := f.one(t, c)
	f.misbehave(onMethod("PUT", 1, says207("403 Forbidden")))
	if err := c.Apply(t.Context(), []record.Write{rename(it, "B")}, s); err != nil {
		t.Fatal(err)
	}
	if r, _ := s.result(t, 0); code(r.Err) != provider.CodeForbidden {
		t.Errorf("result %+v", r)
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

// When the context ends, the write under way comes to its end and nothing else is sent.
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

// No id, however spoilt, may delete the collection.
func TestSpoiltIDsAreNotSent(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "A"))
	c, s := f.open(t), &sink{}
	var writes []record.Write
	for _, id := range []record.ID{"", ".", "..", "%2e%2e", record.ID(fakePath), "/dav"} {
		writes = append(writes, record.Write{Op: record.Delete, ID: id}, record.Write{Op: record.Restore, ID: id, Raw: []byte(event("a", "A"))})
	}
	if err := c.Apply(t.Context(), writes, s); err != nil {
		t.Fatal(err)
	}
	if log := f.requests(); count(log, "DELETE") > 0 || count(log, "PUT") > 0 {
		t.Errorf("requests: %q", log)
	}
}

// Xandikos turns the path C:\new into two lines. Taken for somebody's edit, that would spoil the CRM too.
func TestSpoiltFieldsAreLeftBehind(t *testing.T) {
	spoil := func(f *fake) {
		f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
			if r.Method == "PUT" {
				f.plain(w, r, strings.ReplaceAll(body, `\\n`, `\n`))
			}
			return r.Method == "PUT"
		})
	}
	f := newFake(t, record.Event)
	f.put("a.ics", strings.Replace(event("a", "A"), "SUMMARY", "DESCRIPTION:Before\r\nSUMMARY", 1))
	c, s := f.open(t), &sink{}
	it := f.one(t, c)
	spoil(f)
	edit := rename(it, "B")
	edit.Patch[record.Details] = `C:\new`
	create := newEvent("k1", "One")
	create.Patch[record.Details] = `C:\new`
	if err := c.Apply(t.Context(), []record.Write{edit, create}, s); err != nil {
		t.Fatal(err)
	}
	for i, want := range []record.Record{{record.Title: "B", record.Details: "Before"}, {record.Title: "One"}} {
		r, _ := s.result(t, i)
		if r.Err != nil || len(r.Left) != 1 || r.Left[0].Field != record.Details {
			t.Fatalf("result %+v", r)
		}
		now, _ := readItem(t, c, f, string(r.Item.ID))
		if now.Revision != r.Item.Revision || now.Record[record.Details] != want[record.Details] || now.Record[record.Title] != want[record.Title] {
			t.Errorf("write %d left %q", i, now.Record)
		}
	}
}
