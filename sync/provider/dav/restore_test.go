package dav

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/record"
)

// restored carries out one Restore of what is gone and returns how it ended.
func restored(t *testing.T, c *collection, id record.ID, raw string) provider.Result {
	t.Helper()
	s := &sink{}
	if err := c.Apply(t.Context(), []record.Write{{Op: record.Restore, ID: id, Raw: []byte(raw)}}, s); err != nil {
		t.Fatal(err)
	}
	r, ok := s.result(t, 0)
	if !ok {
		t.Fatal("the restore has no end")
	}
	return r
}

// Something else lives at the address by now: the object comes back beside it, once, with every line.
func TestRestoreWhereTheNameIsTaken(t *testing.T) {
	f := newFake(t, record.Event)
	before := strings.Replace(event("a", "A"), "END:VEVENT", "X-ODD:kept\r\nEND:VEVENT", 1)
	other := event("b", "B")
	f.put("a.ics", other)
	c := f.open(t)
	first := restored(t, c, "a.ics", before)
	second := restored(t, c, "a.ics", before)
	if first.Err != nil || first.Item.ID == "a.ics" || second.Item.ID != first.Item.ID && second.Err == nil {
		t.Fatalf("first %+v, second %+v", first, second)
	}
	if f.body("a.ics") != other || f.body(string(first.Item.ID)) != before || len(f.paths()) != 2 {
		t.Errorf("there are %q", f.paths())
	}
}

// Somebody brought the object back already and edited it, here or under another name: it is left as it is.
func TestRestoreOfWhatIsThereAgain(t *testing.T) {
	for _, name := range []string{"a.ics", "elsewhere.ics"} {
		f := newFake(t, record.Event)
		f.put(name, event("a", "Edited"))
		r := restored(t, f.open(t), "a.ics", event("a", "A"))
		if name == "a.ics" && (!errors.Is(r.Err, provider.ErrConflict) || r.Item.ID != "a.ics") || f.body(name) != event("a", "Edited") {
			t.Errorf("%s: result %+v, body %q", name, r, f.body(name))
		}
	}
}

// A server that sends mail to guests by itself gets no meeting back that has some (RFC 6638, 3.2). C-37
func TestRestoreSendsNoMail(t *testing.T) {
	f := newFake(t, record.Event)
	f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodOptions {
			w.Header().Set("DAV", "1, 3, calendar-access, calendar-auto-schedule")
		}
		return r.Method == http.MethodOptions
	}
	c := f.open(t)
	if r := restored(t, c, "m.ics", withGuests); code(r.Err) != provider.CodeWouldMail || len(f.paths()) != 0 {
		t.Errorf("result %+v, there are %q", r, f.paths())
	}
	f.put("m.ics", event("other", "O"))
	if r := restored(t, c, "m.ics", withGuests); code(r.Err) != provider.CodeWouldMail || len(f.paths()) != 1 {
		t.Errorf("beside another: result %+v, there are %q", r, f.paths())
	}
}

// On each real server: deleted, another object takes the address, and what was deleted comes back.
func TestRestoreBesideAnotherOnRealServers(t *testing.T) {
	onEach(t, func(t *testing.T, s davtest.Server) {
		a := accountOf(t, s, s.URL)
		made, err := a.Make(t.Context(), "Taken", record.Event)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := a.Open(t.Context(), made.Ref, record.Event, record.FieldsOf(record.Event))
		if err != nil {
			t.Fatal(err)
		}
		c := opened.(*collection)
		writer := &run{collection: c, sending: t.Context()}
		if _, err := writer.send("x.ics", []byte(event("first", "First")), map[string]string{}); err != nil {
			t.Fatal(err)
		}
		now, err := c.get(t.Context(), "x.ics")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := writer.send("x.ics", nil, map[string]string{}); err != nil {
			t.Fatal(err)
		}
		if r := restored(t, c, "x.ics", string(now.body)); r.Err != nil || r.Item.ID != "x.ics" {
			t.Fatalf("restored to a free name: %+v", r)
		}
		if _, err := writer.send("x.ics", nil, map[string]string{}); err != nil {
			t.Fatal(err)
		}
		if _, err := writer.send("x.ics", []byte(event("second", "Second")), map[string]string{}); err != nil {
			t.Fatal(err)
		}
		r := restored(t, c, "x.ics", string(now.body))
		if r.Err != nil || r.Item.ID == "x.ics" {
			t.Fatalf("restored beside another: %+v", r)
		}
		back, err := c.get(t.Context(), r.Item.ID)
		if err != nil || string(back.body) != string(now.body) {
			t.Errorf("%v, came back as %q, was %q", err, back.body, now.body)
		}
	})
}
