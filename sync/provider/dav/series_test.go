package dav

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// series is an object that repeats at nine o'clock UTC.
func series(uid, rule string, more ...string) string {
	lines := append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "BEGIN:VEVENT", "UID:" + uid, "DTSTAMP:20260101T000000Z",
		"DTSTART:20260105T090000Z", "DTEND:20260105T100000Z", "RRULE:" + rule, "SUMMARY:Series"}, more...)
	return strings.Join(append(lines, "END:VEVENT", "END:VCALENDAR", ""), "\r\n")
}

func days(t testing.TB, from, until string) record.Window {
	t.Helper()
	a, err1 := time.Parse(record.DateLayout, from)
	b, err2 := time.Parse(record.DateLayout, until)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return record.Window{From: a, Until: b}
}

// changes reads all pages after a cursor.
func changes(t testing.TB, c *collection, since provider.Cursor, w record.Window) (all provider.Page) {
	t.Helper()
	all.Next, all.More = since, true
	for all.More {
		p, err := c.Changes(t.Context(), all.Next, w)
		if err != nil {
			t.Fatal(err)
		}
		p.Changed, p.Deleted = append(all.Changed, p.Changed...), append(all.Deleted, p.Deleted...)
		p.Skipped, p.Whole = append(all.Skipped, p.Skipped...), append(all.Whole, p.Whole...)
		all = p
	}
	return all
}

func bySlot(items []record.Item) map[string]record.Item {
	out := map[string]record.Item{}
	for _, it := range items {
		out[it.Slot] = it
	}
	return out
}

func puts(log []string) (n int) {
	for _, l := range log {
		if strings.HasPrefix(l, "PUT") || strings.HasPrefix(l, "DELETE") {
			n++
		}
	}
	return n
}

// The window moves with the clock: only series that have an occurrence in what is new are read again, once.
func TestMovingWindowListsWhatComesIn(t *testing.T) {
	for _, mode := range []mode{bySync, byETag} {
		t.Run(string(mode), func(t *testing.T) {
			f := newFake(t, record.Event)
			if mode == bySync {
				withSync(f)
			}
			f.put("weekly.ics", series("weekly", "FREQ=WEEKLY"))
			f.put("ended.ics", series("ended", "FREQ=DAILY;COUNT=3"))
			f.put("single.ics", event("single", "Single"))
			c := f.open(t)
			p := changes(t, c, "", days(t, "2026-01-01", "2026-01-15"))
			if len(p.Changed) != 2+3+1 || len(p.Whole) != 3 || p.Slice != days(t, "2026-01-01", "2026-01-15") {
				t.Fatalf("%d items, whole %v, slice %v", len(p.Changed), p.Whole, p.Slice)
			}
			f.requests()
			same := changes(t, f.open(t), p.Next, days(t, "2026-01-01", "2026-01-15"))
			if n := len(f.requests()); len(same.Changed)+len(same.Whole) != 0 || n > 1 {
				t.Errorf("without news %d items by %d requests", len(same.Changed), n)
			}
			later := changes(t, f.open(t), same.Next, days(t, "2026-01-06", "2026-01-19"))
			if len(later.Changed) != 0 || len(later.Whole) != 0 {
				t.Errorf("nothing takes place in what is new, yet %v are listed", later.Whole)
			}
			later = changes(t, f.open(t), later.Next, days(t, "2026-01-07", "2026-01-20"))
			if !slices.Equal(later.Whole, []record.ID{"weekly.ics"}) || later.Slice != days(t, "2026-01-07", "2026-01-20") {
				t.Errorf("whole %v, slice %v", later.Whole, later.Slice)
			}
			if got := bySlot(later.Changed); len(got) != 2 || got["2026-01-19T09:00:00Z"].ID != "weekly.ics#2026-01-19T09:00:00Z" {
				t.Errorf("listed %v", got)
			}
			back := changes(t, f.open(t), later.Next, days(t, "2026-01-05", "2026-01-20"))
			if !slices.Equal(back.Whole, []record.ID{"weekly.ics"}) || len(back.Changed) != 3 {
				t.Errorf("the window grew backwards: whole %v", back.Whole)
			}
			f.drop("weekly.ics")
			gone := changes(t, f.open(t), back.Next, days(t, "2026-01-05", "2027-01-20"))
			if !slices.Equal(gone.Deleted, []record.ID{"weekly.ics"}) || len(gone.Whole) != 0 {
				t.Errorf("deleted %v, whole %v", gone.Deleted, gone.Whole)
			}
		})
	}
}

// A cursor of a time when series were left out begins anew.
func TestCursorWithoutSliceIsNoLongerGood(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	if _, err := f.open(t).Changes(t.Context(), `{"m":"sync","t":"t1"}`, record.Window{}); !errors.Is(err, provider.ErrCursor) {
		t.Error(err)
	}
	f.kind = record.Contact
	f.info = strings.ReplaceAll(f.info, "calendar", "addressbook")
	if _, err := f.open(t).Changes(t.Context(), `{"m":"sync","t":"t1"}`, record.Window{}); err != nil {
		t.Error("contacts have no slice:", err)
	}
}

// A series that cannot be read is not listed as whole: none of its occurrences is taken for gone.
func TestUnreadableSeriesIsNotWhole(t *testing.T) { // C-15, C-18
	f := withSync(newFake(t, record.Event))
	f.put("a.ics", series("a", "FREQ=WEEKLY", "EXDATE:no date"))
	f.put("b.ics", series("b", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"))
	f.put("c.ics", series("c", "FREQ=MONTHLY;BYDAY=-8FR"))
	f.put("d.ics", series("d", "FREQ=SECONDLY"))
	f.put("e.ics", series("e", "FREQ=WEEKLY"))
	p := changes(t, f.open(t), "", days(t, "2026-01-01", "2026-03-01"))
	if !slices.Equal(p.Whole, []record.ID{"e.ics"}) || len(p.Skipped) != 4 || len(p.Changed) != 8 {
		t.Errorf("whole %v, %d skipped, %d items", p.Whole, len(p.Skipped), len(p.Changed))
	}
	for i, want := range []string{provider.CodeUnreadable, provider.CodeNoOccurrence, provider.CodeUnreadable, provider.CodeTooOften} {
		if s := p.Skipped[i]; s.Err.Code != want || s.ID != s.Group || s.Title != "Series" {
			t.Errorf("%s is told as %v", s.ID, s.Err)
		}
	}
}

// All writes to one series are one GET and one PUT, and the before-image comes once.
func TestWritesToOneSeriesAreOnePut(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	f.put("s.ics", series("s", "FREQ=DAILY;COUNT=10"))
	c := f.open(t)
	w := days(t, "2026-01-01", "2026-02-01")
	was := bySlot(changes(t, c, "", w).Changed)
	f.requests()
	writes := []record.Write{
		rename(was["2026-01-06T09:00:00Z"], "Second"),
		removal(was["2026-01-07T09:00:00Z"]),
		rename(was["2026-01-08T09:00:00Z"], "Fourth"),
		removal(record.Item{ID: "s.ics#2026-02-07T09:00:00Z"}),
		{Op: record.Update, ID: "s.ics#2026-02-07T09:00:00Z", Patch: record.Patch{record.Title: "x"}},
	}
	s := &sink{}
	if err := c.Apply(t.Context(), writes, s); err != nil {
		t.Fatal(err)
	}
	if log := f.requests(); len(log) != 2 || puts(log) != 1 {
		t.Errorf("requests %v", log)
	}
	images := 0
	for i := range writes {
		r, _ := s.result(t, i)
		if want := map[bool]error{i == 4: provider.ErrNotFound}[true]; !errors.Is(r.Err, want) || (r.Err == nil) != (want == nil) {
			t.Errorf("write %d: %v", i, r.Err)
		}
		for _, raw := range s.before[i] {
			if raw != "" {
				images++
			}
		}
		if told := len(s.before[i]); told != map[bool]int{true: 1}[i < 3] {
			t.Errorf("write %d is announced %d times", i, told)
		}
	}
	if images != 1 {
		t.Errorf("%d before-images of one object", images)
	}
	now := bySlot(changes(t, c, "", w).Changed)
	for slot, it := range was {
		switch title := now[slot].Record[record.Title]; slot {
		case "2026-01-06T09:00:00Z":
			r, _ := s.result(t, 0)
			if title != "Second" || r.Item.Revision != now[slot].Revision {
				t.Errorf("%s is %q", slot, title)
			}
		case "2026-01-07T09:00:00Z":
			if now[slot].ID != "" {
				t.Error("the deleted occurrence is still there")
			}
		case "2026-01-08T09:00:00Z":
		default:
			if now[slot].Revision != it.Revision {
				t.Errorf("%s changed with its siblings", slot)
			}
		}
	}
}

// Conflicts are found for each occurrence by itself, and the others go on.
func TestConflictOfOneOccurrence(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	f.put("s.ics", series("s", "FREQ=DAILY;COUNT=10"))
	c := f.open(t)
	w := days(t, "2026-01-01", "2026-02-01")
	was := bySlot(changes(t, c, "", w).Changed)
	one, two := was["2026-01-06T09:00:00Z"], was["2026-01-07T09:00:00Z"]
	if err := f.open(t).Apply(t.Context(), []record.Write{rename(one, "By another")}, &sink{}); err != nil {
		t.Fatal(err)
	}
	s := &sink{}
	if err := c.Apply(t.Context(), []record.Write{rename(one, "Mine"), rename(two, "Mine too")}, s); err != nil {
		t.Fatal(err)
	}
	if r, _ := s.result(t, 0); !errors.Is(r.Err, provider.ErrConflict) || r.Item.Record[record.Title] != "By another" {
		t.Errorf("%v, %q", r.Err, r.Item.Record[record.Title])
	}
	if r, _ := s.result(t, 1); r.Err != nil || r.Item.Record[record.Title] != "Mine too" {
		t.Errorf("%v, %q", r.Err, r.Item.Record[record.Title])
	}
	if r, _ := s.result(t, 0); r.Item.ID != one.ID {
		t.Error("the item of the conflict has another name")
	}
}

// Somebody else changes another occurrence between our GET and our PUT: we read again, and both edits are there.
func TestSeriesChangedUnderTheWrite(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	f.put("s.ics", series("s", "FREQ=DAILY;COUNT=3"))
	c := f.open(t)
	w := days(t, "2026-01-01", "2026-02-01")
	was := bySlot(changes(t, c, "", w).Changed)
	f.misbehave(onMethod(http.MethodPut, 1, func(http.ResponseWriter, *http.Request, string) bool {
		f.put("s.ics", series("s", "FREQ=DAILY;COUNT=3", "EXDATE:20260107T090000Z"))
		return false
	}))
	s := &sink{}
	if err := c.Apply(t.Context(), []record.Write{rename(was["2026-01-06T09:00:00Z"], "Mine"), removal(was["2026-01-05T09:00:00Z"])}, s); err != nil {
		t.Fatal(err)
	}
	now := bySlot(changes(t, c, "", w).Changed)
	if len(now) != 1 || now["2026-01-06T09:00:00Z"].Record[record.Title] != "Mine" {
		t.Errorf("left are %v", now)
	}
	if len(s.before[0]) != 2 || !strings.Contains(s.before[0][1], "EXDATE") {
		t.Error("the before-image is not that of the object that was changed")
	}
}

// A server that refuses a series for good, in the words of a conflict, is not asked again and again.
func TestSeriesRefusedThoughNobodyChangedIt(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	f.put("s.ics", series("s", "FREQ=DAILY;COUNT=3"))
	c := f.open(t)
	was := bySlot(changes(t, c, "", days(t, "2026-01-01", "2026-02-01")).Changed)
	f.misbehave(onMethod(http.MethodPut, maxTries, says(http.StatusPreconditionFailed, "")))
	f.requests()
	s := &sink{}
	if err := c.Apply(t.Context(), []record.Write{rename(was["2026-01-06T09:00:00Z"], "Mine")}, s); err != nil {
		t.Fatal(err)
	}
	if r, _ := s.result(t, 0); code(r.Err) != provider.CodeInvalid || len(s.before[0]) != 1 {
		t.Errorf("%v, announced %d times", r.Err, len(s.before[0]))
	}
	if n := puts(f.requests()); n != 1 {
		t.Errorf("%d PUT", n)
	}
}

// A lost answer is settled by one look, for all writes of the object.
func TestLostAnswerToAGroup(t *testing.T) {
	for name, carriedOut := range map[string]bool{"carried out": true, "not carried out": false} {
		t.Run(name, func(t *testing.T) {
			f := withSync(newFake(t, record.Event))
			f.put("s.ics", series("s", "FREQ=DAILY;COUNT=3"))
			c := f.open(t)
			was := bySlot(changes(t, c, "", days(t, "2026-01-01", "2026-02-01")).Changed)
			f.misbehave(onMethod(http.MethodPut, 1, func(w http.ResponseWriter, r *http.Request, body string) bool {
				if carriedOut {
					f.put("s.ics", body)
				}
				panic(http.ErrAbortHandler)
			}))
			s := &sink{}
			err := c.Apply(t.Context(), []record.Write{rename(was["2026-01-06T09:00:00Z"], "Mine"), removal(was["2026-01-05T09:00:00Z"])}, s)
			for i := range 2 {
				r, ended := s.result(t, i)
				if ended != carriedOut || carriedOut && r.Err != nil {
					t.Errorf("write %d: ended %v, %v", i, ended, r.Err)
				}
			}
			if (err == nil) != carriedOut {
				t.Error(err)
			}
		})
	}
}

// The last occurrence takes the object along; a restore brings it back as it was.
func TestLastOccurrenceAndItsRestore(t *testing.T) { // C-16
	f := withSync(newFake(t, record.Event))
	body := series("s", "FREQ=DAILY;COUNT=2", "X-ODD:kept")
	f.put("s.ics", body)
	c := f.open(t)
	w := days(t, "2026-01-01", "2026-02-01")
	var writes, undo []record.Write
	for _, it := range changes(t, c, "", w).Changed {
		writes = append(writes, removal(it))
		undo = append(undo, record.Write{Op: record.Restore, ID: it.ID, Patch: record.Patch(it.Record)})
	}
	s := &sink{}
	if err := c.Apply(t.Context(), writes, s); err != nil {
		t.Fatal(err)
	}
	if f.body("s.ics") != "" {
		t.Fatal("an object without any occurrence is left")
	}
	undo[0].Raw = []byte(s.before[0][0])
	back := &sink{}
	if err := c.Apply(t.Context(), undo, back); err != nil {
		t.Fatal(err)
	}
	if got := f.body("s.ics"); got != body {
		t.Errorf("brought back as\n%s", got)
	}
	for i, u := range undo {
		if r, ok := back.result(t, i); !ok || r.Err != nil || r.Item.ID != u.ID {
			t.Errorf("restore %d: %v", i, r.Err)
		}
	}
}

// A series was deleted since: what comes back is the one occurrence, not the series.
func TestRestoreOfOneOccurrenceOfADeletedSeries(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	f.put("s.ics", series("s", "FREQ=DAILY"))
	c := f.open(t)
	w := days(t, "2026-01-01", "2026-01-20")
	it := bySlot(changes(t, c, "", w).Changed)["2026-01-08T09:00:00Z"]
	s := &sink{}
	if err := c.Apply(t.Context(), []record.Write{removal(it)}, s); err != nil {
		t.Fatal(err)
	}
	f.drop("s.ics")
	back := &sink{}
	undo := record.Write{Op: record.Restore, ID: it.ID, Patch: record.Patch(it.Record), Raw: []byte(s.before[0][0])}
	if err := c.Apply(t.Context(), []record.Write{undo}, back); err != nil {
		t.Fatal(err)
	}
	if r, _ := back.result(t, 0); r.Err != nil || r.Item.ID != it.ID {
		t.Errorf("%v", r.Err)
	}
	now := changes(t, c, "", w)
	if len(now.Changed) != 1 || now.Changed[0].Slot != it.Slot || now.Changed[0].Record[record.Title] != "Series" {
		t.Errorf("%d items came back:\n%s", len(now.Changed), f.body("s.ics"))
	}
}
