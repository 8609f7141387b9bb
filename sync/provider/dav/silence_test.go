package dav

import (
	"net/http"
	"strings"
	"testing"

	"zohosync/sync/provider"
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
