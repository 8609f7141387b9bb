package dav

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// A yes that is not the server's: the page of a hotel, an answer of nothing, noise. The object is as it was, so the write
// is unsure, or the yes is the server's after all and one look shows it.
func TestAYesIsNotBelievedBlindly(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter){
		"a page":  func(w http.ResponseWriter) { io.WriteString(w, "<html>Please sign in to the network.</html>") },
		"nothing": func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) },
		"noise":   func(w http.ResponseWriter) { io.WriteString(w, "\x00\xff garbage") },
		"a page with a tag": func(w http.ResponseWriter) {
			w.Header().Set("ETag", `"page"`)
			io.WriteString(w, "<html>Please sign in to the network.</html>")
		},
	} {
		for _, op := range []record.Op{record.Create, record.Update, record.Delete} {
			for _, done := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s to an %s, done %v", name, op, done), func(t *testing.T) {
					f := newFake(t, record.Event)
					f.put("a.ics", event("a", "Old"))
					c := f.open(t)
					w := removal(f.one(t, c))
					switch op {
					case record.Create:
						w = newEvent("k", "New")
					case record.Update:
						w = rename(f.one(t, c), "New")
					}
					f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
						if r.Method != http.MethodPut && r.Method != http.MethodDelete {
							return false
						}
						if done {
							f.plain(httptest.NewRecorder(), r, body)
						}
						answer(w)
						return true
					})
					s := &sink{}
					err := c.Apply(t.Context(), []record.Write{w}, s)
					r, told := s.result(t, 0)
					if done && (err != nil || !told || r.Err != nil || op != record.Delete && r.Item.Record[record.Title] != "New") {
						t.Errorf("it was done, and ended %v with %+v, %v", told, r, err)
					}
					var retry *provider.RetryError
					if !done && (told || !errors.As(err, &retry) || !retry.Sent) {
						t.Errorf("it was not done, and ended %v with %+v, %v", told, r, err)
					}
				})
			}
		}
	}
}

// A network that says 404 to a deletion's look has not deleted anything: the collection is asked for as well.
func TestADeletionIsNotBelievedWhereNothingIs(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "Old"))
	c := f.open(t)
	w := removal(f.one(t, c))
	away := false
	f.misbehave(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if away = away || r.Method == http.MethodDelete; away && r.Method == http.MethodDelete {
			io.WriteString(w, "<html>Please sign in to the network.</html>")
		} else if away {
			w.WriteHeader(http.StatusNotFound)
		}
		return away
	})
	s := &sink{}
	err := c.Apply(t.Context(), []record.Write{w}, s)
	var retry *provider.RetryError
	if r, told := s.result(t, 0); told || !errors.As(err, &retry) || !retry.Sent {
		t.Errorf("ended %v with %+v, %v", told, r, err)
	}
}

// What is sent instead of an object is no object that cannot be read: it is asked for again, and nothing is written.
func TestAPageInsteadOfAnObjectIsAskedForAgain(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("a.ics", event("a", "Old"))
	c := f.open(t)
	write := rename(f.one(t, c), "New")
	f.put("b.ics", event("b", "Other"))
	cursor := provider.Cursor("")
	page := func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodGet {
			io.WriteString(w, "<html>Please sign in to the network.</html>")
		}
		return r.Method == http.MethodGet || r.Method == "REPORT" && !strings.Contains(r.Header.Get("Depth"), "0")
	}
	f.misbehave(page)
	p, err := f.open(t).Changes(t.Context(), cursor, record.Window{})
	if err != nil || len(p.Changed) != 0 || len(p.Skipped) != 2 {
		t.Fatalf("%d changed, %d skipped, %v", len(p.Changed), len(p.Skipped), err)
	}
	s := &sink{}
	var retry *provider.RetryError
	if err := c.Apply(t.Context(), []record.Write{write}, s); !errors.As(err, &retry) || retry.Sent {
		t.Errorf("the write ended with %v", err)
	}
	f.misbehave(nil)
	if p, err = f.open(t).Changes(t.Context(), p.Next, record.Window{}); err != nil || len(p.Changed) != 2 {
		t.Errorf("asked again: %d changed, %d skipped, %v", len(p.Changed), len(p.Skipped), err)
	}
}

// The same for an occurrence of a series, whose object is never deleted as long as it has others.
func TestAYesToAWriteOfAnOccurrenceIsNotBelievedBlindly(t *testing.T) {
	for _, op := range []record.Op{record.Update, record.Delete} {
		for _, done := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, done %v", op, done), func(t *testing.T) {
				f := newFake(t, record.Event)
				f.put("a.ics", series("a", "FREQ=WEEKLY;COUNT=4"))
				c := f.open(t)
				first := changes(t, c, "", days(t, "2026-01-01", "2026-03-01")).Changed[0]
				w := rename(first, "New")
				if op == record.Delete {
					w = removal(first)
				}
				f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
					if r.Method != http.MethodPut {
						return false
					}
					if done {
						f.plain(httptest.NewRecorder(), r, body)
					}
					io.WriteString(w, "<html>Please sign in to the network.</html>")
					return true
				})
				s := &sink{}
				err := c.Apply(t.Context(), []record.Write{w}, s)
				r, told := s.result(t, 0)
				if done && (err != nil || !told || r.Err != nil) {
					t.Errorf("it was done, and ended %v with %+v, %v", told, r, err)
				}
				var retry *provider.RetryError
				if !done && (told || !errors.As(err, &retry) || !retry.Sent) {
					t.Errorf("it was not done, and ended %v with %+v, %v", told, r, err)
				}
			})
		}
	}
}
