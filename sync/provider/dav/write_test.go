package dav

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

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

// R10: somebody edits between our reading and our writing.
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

// R10: an update of what is gone is told as lost, a deletion of it is done, and a collection that is gone takes no item with it.
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
