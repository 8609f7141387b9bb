package dav

import (
	"net/http"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/record"
)

const withGuests = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:m\r\nDTSTAMP:20260101T000000Z\r\n" +
	"DTSTART:20260504T080000Z\r\nDTEND:20260504T090000Z\r\nSUMMARY:M\r\nORGANIZER:mailto:me@example.com\r\n" +
	"ATTENDEE:mailto:guest@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

// A server that schedules by itself mails the guests of what it is given (RFC 6638, 3.2): such meetings are left alone.
func TestNoGuestIsSentMail(t *testing.T) {
	for _, c := range []struct {
		name, dav, body string
		want            string
	}{
		{"the server schedules", "1, 3, calendar-access, calendar-auto-schedule", withGuests, provider.CodeWouldMail},
		{"the server does not", "1, 3, calendar-access", withGuests, ""},
		{"nobody is invited", "1, calendar-auto-schedule", strings.Replace(withGuests, "ATTENDEE:mailto:guest@example.com\r\n", "", 1), ""},
		{"the client looks after the guests", "1, calendar-auto-schedule", strings.Replace(withGuests, "ATTENDEE:", "ATTENDEE;SCHEDULE-AGENT=CLIENT:", 1), ""},
	} {
		for _, op := range []record.Op{record.Update, record.Delete} {
			t.Run(c.name+" "+string(op), func(t *testing.T) {
				f := newFake(t, record.Event)
				f.put("m.ics", c.body)
				f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
					if r.Method == http.MethodOptions {
						w.Header().Set("DAV", c.dav)
					}
					return r.Method == http.MethodOptions
				}
				col := f.open(t)
				it := f.one(t, col)
				w := removal(it)
				if op == record.Update {
					w = rename(it, "N")
				}
				s := &sink{}
				if err := col.Apply(t.Context(), []record.Write{w}, s); err != nil {
					t.Fatal(err)
				}
				if r, ok := s.result(t, 0); !ok || code(r.Err) != c.want {
					t.Fatalf("ended %v with %v, want code %q", ok, r.Err, c.want)
				}
				if changed := f.body("m.ics") != c.body; changed != (c.want == "") {
					t.Errorf("the object changed: %v", changed)
				}
			})
		}
	}
}

func TestAServerThatDoesNotSayIsTakenToMail(t *testing.T) {
	f := newFake(t, record.Event)
	f.put("m.ics", withGuests)
	f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
		return r.Method == http.MethodOptions
	}
	col := f.open(t)
	s := &sink{}
	if err := col.Apply(t.Context(), []record.Write{rename(f.one(t, col), "N")}, s); err != nil {
		t.Fatal(err)
	}
	if r, _ := s.result(t, 0); code(r.Err) != provider.CodeWouldMail {
		t.Fatalf("ended with %v", r.Err)
	}
}

// Cyrus schedules by itself, and here it hands over what it would send. First somebody's client invites a guest, so that
// the count is known to count; then we make, change and delete meetings with guests, and it must not move (C-37, C-39).
func TestCyrusSendsNothingForUs(t *testing.T) {
	s := davtest.Start(t, "cyrus")
	mails := func() int {
		t.Helper()
		n, err := s.Mails()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	a := accountOf(t, s, s.URL)
	made, err := a.Make(t.Context(), "Meetings", record.Event)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := a.Open(t.Context(), made.Ref, record.Event, record.FieldsOf(record.Event))
	if err != nil {
		t.Fatal(err)
	}
	c := opened.(*collection)
	person := &run{collection: c, sending: t.Context()}
	mine := strings.Replace(strings.ReplaceAll(withGuests, "20260504", "20380504"), "me@example.com", "alice@example.org", 1)
	theirs := strings.NewReplacer("UID:m", "UID:n", "alice@example.org", "boss@example.com", "guest@example.com", "alice@example.org").Replace(mine)
	for id, body := range map[record.ID]string{"mine.ics": mine, "theirs.ics": theirs} {
		if _, err := person.send(id, []byte(body), map[string]string{}); err != nil {
			t.Fatal(err)
		}
	}
	sent := mails()
	if sent == 0 {
		t.Fatal("the server told of no mail although a guest was invited: the watch is blind")
	}

	apply := func(want string, writes ...record.Write) {
		t.Helper()
		heard := &sink{}
		if err := c.Apply(t.Context(), writes, heard); err != nil {
			t.Fatal(err)
		}
		for i, w := range writes {
			if r, ok := heard.result(t, i); !ok || r.Err != nil && want == "" || code(r.Err) != want {
				t.Errorf("%s ended %v with %v, want code %q", w.Op, ok, r.Err, want)
			}
		}
	}
	listed := func() map[string]record.Item {
		t.Helper()
		p, err := c.Changes(t.Context(), "", record.Window{})
		if err != nil || len(p.Skipped) > 0 {
			t.Fatalf("%d skipped, %v", len(p.Skipped), err)
		}
		out := map[string]record.Item{}
		for _, it := range p.Changed {
			out[string(it.ID)] = it
		}
		return out
	}
	// What another client made may be neither changed nor deleted: the guests would be told, or the organiser.
	for _, it := range listed() {
		apply(provider.CodeWouldMail, rename(it, "N"), removal(it))
	}
	// What we make names the guests and keeps the server out of it.
	w := newEvent("ours", "Ours")
	w.Patch[record.Participants] = record.Join("guest@example.com", "other@example.com")
	apply("", w)
	ours := func() record.Item {
		for id, it := range listed() {
			if id != "mine.ics" && id != "theirs.ics" {
				return it
			}
		}
		t.Fatal("our meeting is not listed")
		return record.Item{}
	}
	apply("", rename(ours(), "Renamed"))
	it := ours()
	apply("", record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record, Patch: record.Patch{
		record.When: "2038-05-05T08:00:00Z/2038-05-05T09:00:00Z", record.Participants: record.Join("third@example.com")}})
	apply("", removal(ours()))
	if n := mails(); n != sent {
		t.Errorf("%d messages were sent because of us", n-sent)
	}
	if left := listed(); len(left) != 2 || left["mine.ics"].Record[record.Title] != "M" {
		t.Errorf("%d meetings are left, want the two of the other client as they were", len(left))
	}
}
