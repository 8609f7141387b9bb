package main

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"zohosync/sync/engine"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
	"zohosync/sync/sandbox/oascheck"
)

// TestStory plays the main job against this computer's server and each real one, as a person meets it: records of the CRM appear, both sides are
// edited, and everything is in step again.
func TestStory(t *testing.T) {
	for _, name := range append(davtest.All(), serviceLocal) {
		t.Run(name, func(t *testing.T) {
			s := newStory(t, name)
			t.Run("contacts", s.contacts)
			t.Run("tasks", s.tasks)
			t.Run("meetings", s.meetings)
			t.Run("a meeting of another program", s.foreignMeeting)
			t.Run("deletions", s.deletions)
			t.Run("nothing left to do", s.quiet)
		})
	}
}

// story is one server, one CRM and three pairs between them.
type story struct {
	*stage
	crm                     *sandbox.Server
	info                    sandbox.Info
	server                  davtest.Server
	client                  *http.Client // of other programs; nil: an ordinary one
	people, todo, calendar  davPerson
	contactID, taskID, meet string
}

func newStory(t *testing.T, server string) *story {
	s := &story{stage: newStage(t)}
	crm, info := checkedCRM(t, sandbox.Options{Seed: 1})
	s.crm = crm
	s.addCRM(info)
	if server == serviceLocal {
		s.server = s.addLocal()
		s.client = &http.Client{Transport: &atHome{home: s.home, server: s.server}}
	} else {
		s.server = realServer(t, server)
		s.do(s.server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", s.server.URL, "--user", s.server.User, "--password-stdin")
	}
	s.people = s.pair("Contacts", "contact", "text/vcard")
	s.todo = s.pair("Tasks", "task", "text/calendar")
	s.calendar = s.pair("Events", "event", "text/calendar", "--from", "20000", "--to", "20000")
	return s
}

// checkedCRM starts a stand-in of which every exchange is held against the published description.
func checkedCRM(t *testing.T, o sandbox.Options) (*sandbox.Server, sandbox.Info) {
	t.Helper()
	server := organisation(t, o)
	base := listen(t, oascheck.Handler(t, server.Handler()))
	return server, server.Info(base)
}

// pair makes a folder and a pair for one module, and returns somebody with another client for that folder.
func (s *story) pair(module, kind, mime string, more ...string) davPerson {
	s.t.Helper()
	made := decode[[]listed](s.t, s.do("", "collections", "home", "--create", "CRM "+module, "--kind", kind, "--json"))
	s.do("", append([]string{"pair", "add", "--left", "crm:" + module, "--right", "home:" + made[0].Ref, "--conflict", "left", "--delete-left", "propagate", "--delete-right", "propagate"}, more...)...)
	d := elsewhere(s.t, s.server, made[0].Ref, mime)
	d.client = s.client
	return d
}

// sync runs one pair and wants it to end in step.
func (s *story) sync(t *testing.T, pair string) engine.Report {
	t.Helper()
	code, out, errOut := s.try("", "sync", pair, "--json")
	if code != inStep {
		t.Fatalf("sync %s: exit %d\n%s%s", pair, code, out, errOut)
	}
	return decode[struct{ Pairs []syncedPair }](t, out).Pairs[0].Report
}

// written wants the numbers of writes on both sides: created, updated, deleted on the left, then on the right.
func written(t *testing.T, r engine.Report, want [6]int) {
	t.Helper()
	got := [6]int{r.Left.Created, r.Left.Updated, r.Left.Deleted, r.Right.Created, r.Right.Updated, r.Right.Deleted}
	if got != want {
		t.Fatalf("written %v, want %v", got, want)
	}
}

func (s *story) quiet(t *testing.T) {
	for range 2 {
		for _, pair := range []string{"contacts", "tasks", "events"} {
			written(t, s.sync(t, pair), [6]int{})
		}
	}
}

func (s *story) contacts(t *testing.T) {
	account := s.crm.Put("Accounts", map[string]any{"Account_Name": "Analytical Engines; Ltd"})
	boss := s.crm.Put("Contacts", map[string]any{"First_Name": "Charles", "Last_Name": "Babbage"})
	s.contactID = s.crm.Put("Contacts", map[string]any{
		"Salutation": "Mrs.", "First_Name": "Ada", "Last_Name": "Lovelace", "Title": "Analyst, first class", "Department": "Notes",
		"Account_Name": map[string]any{"id": account}, "Reporting_To": map[string]any{"id": boss},
		"Email": "ada@example.com", "Secondary_Email": "ada@home.test", "Phone": "+44 1", "Mobile": "+44 2", "Home_Phone": "+44 3",
		"Other_Phone": "+44 4", "Fax": "+44 5", "Assistant": "Annabella", "Asst_Phone": "+44 6",
		"Mailing_Street": "12 St James’s Square", "Mailing_City": "London", "Mailing_State": "Greater London", "Mailing_Zip": "SW1Y", "Mailing_Country": "UK",
		"Other_Street": "Ockham Park", "Other_City": "Ripley", "Other_Country": "UK",
		"Date_of_Birth": "1815-12-10", "Description": "First line\nSecond, with commas; and more", "Tag": []any{map[string]any{"name": "vip"}},
	})
	written(t, s.sync(t, "contacts"), [6]int{0, 0, 0, 2, 0, 0})
	_, card := s.people.find("Lovelace")
	holds(t, card, "N:Lovelace;Ada;;Mrs.;", "FN:Ada Lovelace", `TITLE:Analyst\, first class`, `ORG:Analytical Engines\; Ltd;Notes`,
		"EMAIL:ada@example.com", "EMAIL:ada@home.test", "TEL:+44 1", "TEL:+44 2", "TEL:+44 3", "TEL:+44 4", "TEL:+44 5", "TEL:+44 6",
		"X-MS-ASSISTANT:Annabella", "X-MS-MANAGER:Charles Babbage", "ADR:;;12 St James’s Square;London;Greater London;SW1Y;UK",
		"ADR:;;Ockham Park;Ripley;;;UK", `NOTE:First line\nSecond\, with commas\; and more`, "CATEGORIES:vip", "X-ZOHO-CRM-ID:"+s.contactID)
	if !strings.Contains(strings.ReplaceAll(card, "-", ""), ":18151210") {
		t.Errorf("no birthday in\n%s", card)
	}

	// Different fields merge; of the same field the CRM's value wins.
	s.crm.Edit("Contacts", s.contactID, map[string]any{"Mobile": "+44 22", "Phone": "+44 11 crm"})
	s.people.edit("Annabella", "Anne Isabella")
	s.people.edit("+44 1", "+44 11 card")
	r := s.sync(t, "contacts")
	written(t, r, [6]int{0, 1, 0, 0, 1, 0})
	if r.Conflicts != 1 {
		t.Errorf("%d conflicts", r.Conflicts)
	}
	_, card = s.people.find("Lovelace")
	holds(t, card, "TEL:+44 22", "TEL:+44 11 crm", "X-MS-ASSISTANT:Anne Isabella")
	if got := s.crm.Record("Contacts", s.contactID); got["Assistant"] != "Anne Isabella" || got["Phone"] != "+44 11 crm" {
		t.Errorf("assistant %v, phone %v", got["Assistant"], got["Phone"])
	}

	// A card of another program comes to the CRM, and keeps what we do not know.
	s.people.put("grace.vcf", lines("BEGIN:VCARD", "VERSION:3.0", "UID:grace-1", "FN:Grace Hopper", "N:Hopper;Grace;Brewster;;", "item1.URL:https://example.com/grace",
		"item1.X-ABLabel:Navy", "TEL;TYPE=CELL:+1 7", "X-COBOL:yes", "END:VCARD"))
	written(t, s.sync(t, "contacts"), [6]int{1, 0, 0, 0, 0, 0})
	before := s.people.get("grace.vcf")
	for _, c := range s.crm.Records("Contacts") {
		if c["Last_Name"] == "Hopper" {
			s.crm.Edit("Contacts", c["id"].(string), map[string]any{"Mobile": "+1 77"})
		}
	}
	written(t, s.sync(t, "contacts"), [6]int{0, 0, 0, 0, 1, 0})
	gone, come := moved(before, s.people.get("grace.vcf"))
	if gone, come = stampless(gone), stampless(come); len(gone) != 1 || len(come) != 1 || !strings.HasSuffix(come[0], ":+1 77") {
		t.Errorf("an edit of one number took %q and brought %q", gone, come)
	}
}

func (s *story) tasks(t *testing.T) {
	s.taskID = s.crm.Put("Tasks", map[string]any{"Subject": "Write the notes", "Due_Date": "2026-03-31", "Priority": "Highest", "Status": "Waiting for input",
		"Description": "On the engine", "Remind_At": map[string]any{"ALARM": "FREQ=NONE;ACTION=EMAILANDPOPUP;TRIGGER=DATE-TIME:2026-03-30T12:30:00+02:00"}})
	written(t, s.sync(t, "tasks"), [6]int{0, 0, 0, 1, 0, 0})
	_, text := s.todo.find("Write the notes")
	holds(t, text, "DUE:20260331", "PRIORITY:1", "STATUS:NEEDS-ACTION", "DESCRIPTION:On the engine", "TRIGGER:20260330T103000Z", "X-ZOHO-CRM-ID:"+s.taskID)
	s.todo.edit("STATUS:NEEDS-ACTION", "STATUS:COMPLETED")
	s.crm.Edit("Tasks", s.taskID, map[string]any{"Due_Date": "2026-04-02"})
	written(t, s.sync(t, "tasks"), [6]int{0, 1, 0, 0, 1, 0})
	if got := s.crm.Record("Tasks", s.taskID)["Status"]; got != "Completed" {
		t.Errorf("status %v", got)
	}
	_, text = s.todo.find("Write the notes")
	holds(t, text, "DUE:20260402", "STATUS:COMPLETED")
}

func (s *story) meetings(t *testing.T) {
	s.meet = s.crm.Put("Events", map[string]any{"Event_Title": "Demonstration", "Start_DateTime": "2026-07-01T10:00:00+02:00", "End_DateTime": "2026-07-01T11:30:00+02:00",
		"Venue": "Room 1, upstairs", "Description": "Bring cards", "Participants": []any{map[string]any{"type": "email", "participant": "guest@example.com"}},
		"Remind_At": []any{map[string]any{"unit": 15, "period": "minutes"}}})
	day := s.crm.Put("Events", map[string]any{"Event_Title": "Fair", "All_day": true, "Start_DateTime": "2026-07-04T00:00:00+02:00", "End_DateTime": "2026-07-05T00:00:00+02:00"})
	written(t, s.sync(t, "events"), [6]int{0, 0, 0, 2, 0, 0})
	_, text := s.calendar.find("Demonstration")
	holds(t, text, "DTSTART:20260701T080000Z", "DTEND:20260701T093000Z", `LOCATION:Room 1\, upstairs`, "DESCRIPTION:Bring cards",
		"ATTENDEE:mailto:guest@example.com", "TRIGGER:-PT15M", "X-ZOHO-CRM-ID:"+s.meet)
	_, text = s.calendar.find("Fair")
	holds(t, text, "DTSTART:20260704", "X-ZOHO-CRM-ID:"+day)
	s.crm.Edit("Events", s.meet, map[string]any{"Start_DateTime": "2026-07-01T12:00:00+02:00", "End_DateTime": "2026-07-01T13:00:00+02:00"})
	s.calendar.edit(`Room 1\, upstairs`, "Garden")
	written(t, s.sync(t, "events"), [6]int{0, 1, 0, 0, 1, 0})
	_, text = s.calendar.find("Demonstration")
	holds(t, text, "DTSTART:20260701T100000Z", "DTEND:20260701T110000Z", "LOCATION:Garden")
	if got := s.crm.Record("Events", s.meet)["Venue"]; got != "Garden" {
		t.Errorf("venue %v", got)
	}
}

// foreignMeeting puts real objects of other programs into the calendar, has them renamed in the CRM and wants nothing
// else of them to change.
func (s *story) foreignMeeting(t *testing.T) {
	corpus := os.Getenv("ZOHOSYNC_CORPUS")
	if corpus == "" {
		var found bool
		if corpus, found = oascheck.Shared("corpus"); !found {
			t.Skip("no folder of real objects: neither beside the project nor in ZOHOSYNC_CORPUS")
		}
	}
	for _, name := range []string{"khal__tests_ics_event_dt_simple_inkl_vtimezone", "khal__tests_ics_tz_windows_format", "ical.js__samples_utc_negative_zero"} {
		text, err := os.ReadFile(corpus + "/ics/" + name + ".ics")
		if err != nil {
			t.Fatal(err)
		}
		href := s.calendar.put(name+".ics", strings.ReplaceAll(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n", "\r\n"))
		before := s.calendar.get(href)
		written(t, s.sync(t, "events"), [6]int{1, 0, 0, 0, 0, 0})
		records := s.crm.Records("Events")
		s.crm.Edit("Events", records[len(records)-1]["id"].(string), map[string]any{"Event_Title": "Renamed, in the CRM"})
		written(t, s.sync(t, "events"), [6]int{0, 0, 0, 0, 1, 0})
		after := s.calendar.get(href)
		gone, come := moved(before, after)
		if gone, come = stampless(gone), stampless(come); len(gone) != 1 || len(come) != 1 || come[0] != `SUMMARY:Renamed\, in the CRM` {
			t.Errorf("%s: renaming took %q and brought %q", name, gone, come)
		}
		if s.server.Name == "sabredav" || s.server.Name == serviceLocal {
			onlyTitleAndStamps(t, before, after)
		}
	}
}

// onlyTitleAndStamps compares byte by byte, line by line: a server that keeps bytes must show every other byte again.
func onlyTitleAndStamps(t *testing.T, before, after string) {
	t.Helper()
	keep := func(text string) (out []string) {
		for _, l := range strings.SplitAfter(text, "\n") {
			if !stamp(l) && !strings.HasPrefix(l, "SUMMARY") {
				out = append(out, l)
			}
		}
		return out
	}
	if a, b := strings.Join(keep(before), ""), strings.Join(keep(after), ""); a != b {
		t.Errorf("before\n%s\nafter\n%s", a, b)
	}
}

func stamp(line string) bool {
	for _, name := range []string{"DTSTAMP", "LAST-MODIFIED", "REV"} {
		if strings.HasPrefix(line, name+":") || strings.HasPrefix(line, name+";") {
			return true
		}
	}
	return false
}

func stampless(lines []string) (out []string) {
	for _, l := range lines {
		if !stamp(l) {
			out = append(out, l)
		}
	}
	return out
}

func (s *story) deletions(t *testing.T) {
	s.crm.Delete("Tasks", s.taskID)
	written(t, s.sync(t, "tasks"), [6]int{0, 0, 0, 0, 0, 1})
	href, _ := s.calendar.find("Demonstration")
	s.calendar.remove(href)
	written(t, s.sync(t, "events"), [6]int{0, 0, 1, 0, 0, 0})
	if s.crm.Record("Events", s.meet) != nil {
		t.Error("the meeting is still in the CRM")
	}
	s.do("", "pair", "set", "contacts", "--delete-right", "ask")
	s.crm.Delete("Contacts", s.contactID)
	if code, out, _ := s.try("", "sync", "contacts", "--json"); code != attention || !strings.Contains(out, "deletion-waits") {
		t.Errorf("exit %d\n%s", code, out)
	}
	s.people.find("Lovelace")
	s.do("", "pair", "set", "contacts", "--delete-right", "propagate")
	written(t, s.sync(t, "contacts"), [6]int{0, 0, 0, 0, 0, 1})
}

// lines writes content lines.
func lines(l ...string) string { return strings.Join(l, "\r\n") + "\r\n" }
