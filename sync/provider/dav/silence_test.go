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

// scheduler makes the fake a server that schedules, whose person has an address; heard are the headers of what it was sent
// that writes.
func scheduler(f *fake, options map[string]string, address string, heard *[]http.Header) {
	f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
		switch {
		case r.Method == http.MethodOptions:
			for name, value := range options {
				w.Header().Set(name, value)
			}
		case r.Method == "PROPFIND" && strings.Contains(body, "owner") && !strings.Contains(body, "displayname") && address != "":
			answerMulti(w, entry(fakePath, `<owner><href>/me/</href></owner><current-user-principal><href>/me/</href></current-user-principal>`))
		case r.Method == "PROPFIND" && r.URL.Path == "/me/":
			answerMulti(w, entry("/me/", `<C:calendar-user-address-set><href>/me/</href><href>mailto:`+address+`</href></C:calendar-user-address-set>`))
		default:
			if r.Method == http.MethodPut || r.Method == http.MethodDelete {
				*heard = append(*heard, r.Header)
			}
			return false
		}
		return true
	})
}

// A server that schedules by itself mails the guests of what its people organise, and the organiser of what they answer
// (RFC 6638 section 3.2). Such writes are left alone, and no others (C-37).
func TestNoGuestIsSentMail(t *testing.T) {
	const mails, cyrus = "1, 3, calendar-access, calendar-auto-schedule", "Cyrus-HTTP/3.6.1"
	aside := strings.Replace(withGuests, "ATTENDEE:", "ATTENDEE;SCHEDULE-AGENT=CLIENT:", 1)
	quietBoss := strings.Replace(withGuests, "ORGANIZER:", "ORGANIZER;SCHEDULE-AGENT=NONE:", 1)
	const no = provider.CodeWouldMail
	for _, c := range []struct {
		name, dav, server, address, body string
		update, move, remove             string
		reply                            string // the header of a deletion
	}{
		{"the host's", mails, "", "ME@example.com", withGuests, no, no, no, ""},
		{"the guest's", mails, "", "guest@example.com", withGuests, "", no, no, ""},
		{"the guest's on a server that can keep it to itself", mails, cyrus, "guest@example.com", withGuests, "", no, "", "F"},
		{"other people's", mails, "", "else@example.com", withGuests, "", "", "", ""},
		{"nobody knows whose", mails, cyrus, "", withGuests, no, no, no, ""},
		{"the guest's of a host who is told by his own client", mails, "", "guest@example.com", quietBoss, "", "", "", ""},
		{"the host's whose client tells the guests", mails, "", "me@example.com", aside, "", "", "", ""},
		{"the guest's whom the host's client tells", mails, "", "guest@example.com", aside, "", no, no, ""},
		{"the server does not schedule", "1, 3, calendar-access", "", "me@example.com", withGuests, "", "", "", ""},
		{"nobody is invited", mails, "", "me@example.com", strings.Replace(withGuests, "ATTENDEE:mailto:guest@example.com\r\n", "", 1), "", "", "", ""},
		{"written in another way", mails, "", "me@example.com", strings.Replace(withGuests, "mailto:me@", "urn:uuid:1?", 1), no, no, no, ""},
	} {
		writes := map[string]struct {
			make func(record.Item) record.Write
			want string
		}{
			"rename": {func(it record.Item) record.Write { return rename(it, "N") }, c.update},
			"move": {func(it record.Item) record.Write {
				return record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record,
					Patch: record.Patch{record.When: "2026-05-05T08:00:00Z/2026-05-05T09:00:00Z"}}
			}, c.move},
			"delete": {removal, c.remove},
		}
		for op, write := range writes {
			t.Run(c.name+", "+op, func(t *testing.T) {
				f := newFake(t, record.Event)
				f.put("m.ics", c.body)
				var heard []http.Header
				scheduler(f, map[string]string{"DAV": c.dav, "Server": c.server}, c.address, &heard)
				col := f.open(t)
				s := &sink{}
				if err := col.Apply(t.Context(), []record.Write{write.make(f.one(t, col))}, s); err != nil {
					t.Fatal(err)
				}
				if r, ok := s.result(t, 0); !ok || code(r.Err) != write.want {
					t.Fatalf("ended %v with %v, want code %q", ok, r.Err, write.want)
				}
				if changed := f.body("m.ics") != c.body; changed != (write.want == "") || len(heard) > 0 != changed {
					t.Errorf("the object changed: %v; %d requests that write", changed, len(heard))
				}
				if op == "delete" && write.want == "" && heard[0].Get("Schedule-Reply") != c.reply {
					t.Errorf("Schedule-Reply %q, want %q", heard[0].Get("Schedule-Reply"), c.reply)
				}
			})
		}
	}
}

// An object that comes back, or comes from us, is another matter than one that changes: its guests would be invited, or
// its organiser told (RFC 6638 section 3.2.2.2).
func TestNobodyIsInvitedByWhatComesBack(t *testing.T) {
	for address, want := range map[string]string{
		"me@example.com": provider.CodeWouldMail, "guest@example.com": provider.CodeWouldMail, "else@example.com": "",
	} {
		f := newFake(t, record.Event)
		var heard []http.Header
		scheduler(f, map[string]string{"DAV": "calendar-auto-schedule", "Server": "Cyrus-HTTP/3.6.1"}, address, &heard)
		s := &sink{}
		w := record.Write{Op: record.Restore, ID: "m.ics", Raw: []byte(withGuests)}
		if err := f.open(t).Apply(t.Context(), []record.Write{w}, s); err != nil {
			t.Fatal(err)
		}
		if r, ok := s.result(t, 0); !ok || code(r.Err) != want {
			t.Errorf("%s: ended %v with %v, want code %q", address, ok, r.Err, want)
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
	accepted := strings.NewReplacer("UID:n", "UID:a", "ATTENDEE:", "ATTENDEE;PARTSTAT=ACCEPTED:").Replace(theirs)
	others := strings.NewReplacer("UID:m", "UID:o", "alice@example.org", "boss@example.com").Replace(mine)
	for id, body := range map[record.ID]string{"mine.ics": mine, "theirs.ics": theirs, "accepted.ics": accepted, "others.ics": others} {
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
	// What its person organises may be neither changed nor deleted: the guests would be told.
	apply(provider.CodeWouldMail, rename(listed()["mine.ics"], "N"), removal(listed()["mine.ics"]))
	// Where he is a guest nobody hears of a reminder of his own, and nobody of a deletion that says so.
	for _, id := range []string{"theirs.ics", "accepted.ics"} {
		it := listed()[id]
		apply("", record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record, Patch: record.Patch{record.Reminders: "10"}})
		apply("", removal(listed()[id]))
	}
	// Other people's meetings are nothing that this server schedules.
	apply("", rename(listed()["others.ics"], "N"))
	apply("", removal(listed()["others.ics"]))
	// What we make names the guests and keeps the server out of it.
	w := newEvent("ours", "Ours")
	w.Patch[record.Participants] = record.Join("guest@example.com", "other@example.com")
	apply("", w)
	ours := func() record.Item {
		for id, it := range listed() {
			if id != "mine.ics" {
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
	if left := listed(); len(left) != 1 || left["mine.ics"].Record[record.Title] != "M" {
		t.Errorf("%d meetings are left, want the one of the other client as it was", len(left))
	}
}
