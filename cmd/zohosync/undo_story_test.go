package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zohosync/sync/engine"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
)

// TestUndoStory takes back one sync of each kind of item between the stand-in for Zoho CRM and each server, as a person
// does it: objects have every byte again, records their ids and what hangs on them, and no later sync takes it back. C-8
func TestUndoStory(t *testing.T) {
	for _, name := range append(davtest.All(), serviceLocal) {
		t.Run(name, func(t *testing.T) {
			s := newStory(t, name)
			s.contactID = s.crm.Put("Contacts", map[string]any{"First_Name": "Ada", "Last_Name": "Lovelace", "Phone": "+44 1", "Skype_ID": "kept"})
			s.crm.Put("Contacts", map[string]any{"First_Name": "Charles", "Last_Name": "Babbage"})
			s.crm.Put("Tasks", map[string]any{"Subject": "Write the notes", "Due_Date": "2026-03-31"})
			s.taskID = s.crm.Put("Tasks", map[string]any{"Subject": "Read them"})
			s.crm.Put("Events", map[string]any{"Event_Title": "Demonstration", "Start_DateTime": "2026-07-01T10:00:00+02:00", "End_DateTime": "2026-07-01T11:30:00+02:00",
				"Participants": []any{map[string]any{"type": "email", "participant": "guest@example.com"}}})
			s.meet = s.crm.Put("Events", map[string]any{"Event_Title": "Fair", "Start_DateTime": "2026-07-03T10:00:00+02:00", "End_DateTime": "2026-07-03T11:30:00+02:00"})
			for _, pair := range []string{"contacts", "tasks", "events"} {
				s.sync(t, pair)
			}
			t.Run("contacts", func(t *testing.T) {
				s.undone(t, "contacts", "Contacts", s.contactID, s.people, "Babbage", "END:VCARD", map[string]any{"Phone": "+44 2"})
			})
			t.Run("tasks", func(t *testing.T) {
				s.undone(t, "tasks", "Tasks", s.taskID, s.todo, "Write the notes", "END:VTODO", map[string]any{"Subject": "Read them all"})
			})
			t.Run("meetings", func(t *testing.T) {
				s.undone(t, "events", "Events", s.meet, s.calendar, "Demonstration", "END:VEVENT", map[string]any{"Event_Title": "Market"})
			})
			if n := s.crm.Mails(); n != 0 {
				t.Errorf("%d mails were sent to attendees", n)
			}
			if n, err := s.server.Mails(); n != 0 || err != nil {
				t.Errorf("the server sent %d mails to attendees, %v", n, err)
			}
			if n := s.crm.Automations(); n != 0 {
				t.Errorf("%d writes set off automations", n)
			}
		})
	}
}

// snapshot is everything that both sides of a pair hold: objects byte for byte, records by their ids.
func (s *story) snapshot(module string, d davPerson) map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for _, href := range d.hrefs() {
		out[href] = d.get(href)
	}
	for _, r := range s.crm.Records(module) {
		delete(r, "Modified_Time")
		delete(r, "Modified_By")
		out[fmt.Sprint(r["id"])] = fmt.Sprint(r)
	}
	return out
}

// undone makes one sync change, create and delete on both sides, takes it back, and takes the undo back, too.
func (s *story) undone(t *testing.T, pair, module, changed string, d davPerson, deleted, end string, edit map[string]any) {
	// Content that nobody maps, on both sides.
	href, _ := d.find(deleted)
	text := d.get(href)
	d.put(href, strings.Replace(text, end, "X-ODD;X-P=\"a,b\":kept as it is\r\n"+end, 1))
	for _, h := range d.hrefs() {
		if h != href {
			d.put(h, strings.Replace(d.get(h), end, "X-ODD:another\r\n"+end, 1))
		}
	}
	s.sync(t, pair)
	// The CRM changes one record and deletes the other; so the calendar side is changed and deleted by the sync.
	s.crm.Edit(module, changed, edit)
	for _, r := range s.crm.Records(module) {
		if fmt.Sprint(r["id"]) != changed {
			s.crm.Delete(module, fmt.Sprint(r["id"]))
		}
	}
	before := s.snapshot(module, d)
	run := s.sync(t, pair)
	if run.Right.Updated != 1 || run.Right.Deleted != 1 || run.Run == 0 {
		t.Fatalf("report %+v", run)
	}
	after := s.snapshot(module, d)
	first := s.undo(t, run.Run)
	if got := s.snapshot(module, d); !maps.Equal(got, before) {
		t.Fatalf("after the undo %s", differ(got, before))
	}
	for range 3 {
		written(t, s.sync(t, pair), [6]int{})
	}
	if got := s.snapshot(module, d); !maps.Equal(got, before) {
		t.Fatalf("a later sync took the undo back: %s", differ(got, before))
	}
	s.undo(t, first.Run)
	if got := s.snapshot(module, d); !sameBut(got, after) {
		t.Fatalf("after the undo of the undo %s", differ(got, after))
	}
	written(t, s.sync(t, pair), [6]int{})

	// The calendar deletes: the record goes to the recycle bin and comes back with its id.
	if href, _ = d.find(text0(edit)); href == "" {
		t.Fatal("the changed object is gone")
	}
	d.remove(href)
	record := s.crm.Record(module, changed)
	run = s.sync(t, pair)
	if run.Left.Deleted != 1 || s.crm.Record(module, changed) != nil {
		t.Fatalf("report %+v", run)
	}
	u := s.undo(t, run.Run)
	if got := s.crm.Record(module, changed); got == nil || u.Left.Restored != 1 || fmt.Sprint(got["Skype_ID"]) != fmt.Sprint(record["Skype_ID"]) {
		t.Fatalf("the record is not back: %v, %+v", got, u)
	}
	for range 3 {
		written(t, s.sync(t, pair), [6]int{})
	}
	if s.crm.Record(module, changed) == nil {
		t.Fatal("a later sync took the undo back")
	}
}

// text0 is the value that the edit wrote.
func text0(edit map[string]any) string {
	for _, v := range edit {
		return fmt.Sprint(v)
	}
	return ""
}

// sameBut compares all but the stamps of objects.
func sameBut(a, b map[string]string) bool {
	if !slices.Equal(slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b))) {
		return false
	}
	for k := range a {
		gone, come := moved(a[k], b[k])
		if len(stampless(gone))+len(stampless(come)) > 0 {
			return false
		}
	}
	return true
}

func differ(got, want map[string]string) string {
	var out strings.Builder
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if got[k] != want[k] {
			fmt.Fprintf(&out, "\n%s is\n%s\nwant\n%s", k, got[k], want[k])
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got)) {
		if _, there := want[k]; !there {
			fmt.Fprintf(&out, "\n%s is there:\n%s", k, got[k])
		}
	}
	return out.String()
}

// undo takes a run back: what is shown first is what is done.
func (s *story) undo(t *testing.T, run int64) engine.Report {
	t.Helper()
	number := strconv.FormatInt(run, 10)
	dry := decode[syncedPair](t, s.do("", "undo", number, "--dry-run", "--json"))
	r := decode[syncedPair](t, s.do("", "undo", number, "--plan", dry.PlanID, "--json"))
	if r.Wrote() != dry.Wrote() || r.Wrote() == 0 || r.Undoes != run {
		t.Fatalf("shown %+v, done %+v", dry, r)
	}
	return r.Report
}

func TestUndoAsksFirst(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 3, Seed: 7})
	s.addCRM(info)
	s.addServer()
	s.do("", "collections", "home", "--create", "People", "--kind", "contact")
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:People", "--any-owner")
	if out := s.do("", "sync"); !strings.Contains(out, "zohosync undo 1") {
		t.Errorf("a sync does not say how to take it back:\n%s", out)
	}
	holds := func(n int) {
		t.Helper()
		if got := len(server.Records("Contacts")); got != 3 {
			t.Fatalf("%d records", got)
		}
		if out := s.do("", "undo", "1", "--dry-run"); strings.Contains(out, "There is nothing to take back.") != (n == 0) {
			t.Fatalf("printed\n%s", out)
		}
	}
	out := s.do("", "undo", "1", "--dry-run")
	for _, want := range []string{"home, delete (3)", "nothing is written", "--plan contacts-"} {
		if !strings.Contains(out, want) {
			t.Errorf("the preview does not say %q:\n%s", want, out)
		}
	}
	s.fails(failed, "needs-yes", "", "undo", "1")
	s.fails(failed, "needs-yes", "", "undo", "1", "--json")
	s.asks = true
	if out := s.do("n\n", "undo", "1"); !strings.Contains(out, "Nothing was changed.") {
		t.Errorf("printed\n%s", out)
	}
	if out := s.do("\n", "undo", "1"); !strings.Contains(out, "Nothing was changed.") {
		t.Errorf("printed\n%s", out)
	}
	holds(3)
	if out := s.do("y\n", "undo", "1"); !strings.Contains(out, "--again") || !strings.Contains(out, "zohosync undo 2") {
		t.Errorf("printed\n%s", out)
	}
	holds(0)
	if out := s.do("", "history"); !strings.Contains(out, "undone by 2") || !strings.Contains(out, "undoes 1") || !strings.Contains(out, "took a run back") {
		t.Errorf("printed\n%s", out)
	}
	s.do("", "sync", "contacts", "--again")
	if r := decode[[]ranRun](t, s.do("", "history", "--json"))[0]; r.Right.Created != 3 || !r.Undoable {
		t.Errorf("sync again did %+v", r)
	}
	s.fails(failed, "no-run", "", "undo", "999", "--yes")
	s.fails(failed, "bad-input", "", "undo", "1", "--dry-run", "--yes")
}

func TestAPlanIsConfirmedByItsName(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 3, Seed: 7})
	s.addCRM(info)
	s.addServer()
	s.do("", "collections", "home", "--create", "People", "--kind", "contact")
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:People", "--any-owner")
	one := server.Records("Contacts")[0]["id"].(string)
	server.Edit("Contacts", one, map[string]any{"Phone": "1"})
	s.do("", "sync")
	server.Edit("Contacts", one, map[string]any{"Phone": "2"})
	dry := decode[struct{ Pairs []syncedPair }](t, s.do("", "sync", "--dry-run", "--json")).Pairs[0]
	if out := s.do("", "sync", "--dry-run"); !strings.Contains(out, "Phone: 1 → 2") || !strings.Contains(out, "--plan "+dry.PlanID) || !strings.Contains(out, "home, change (1)") {
		t.Errorf("printed\n%s", out)
	}
	server.Edit("Contacts", one, map[string]any{"Phone": "3"})
	code, out, errOut := s.try("", "sync", "--plan", dry.PlanID)
	if code != overtaken || !strings.Contains(errOut, "(plan-moved: ") || !strings.Contains(out, "Phone: 1 → 3") || !strings.Contains(out, "--plan contacts-") {
		t.Errorf("exit %d\n%s%s", code, out, errOut)
	}
	server.Edit("Contacts", one, map[string]any{"Phone": "4"})
	dry = decode[struct{ Pairs []syncedPair }](t, s.do("", "sync", "--dry-run", "--json")).Pairs[0]
	if got := decode[struct{ Pairs []syncedPair }](t, s.do("", "sync", "--plan", dry.PlanID, "--json")).Pairs[0]; got.Right.Updated != 1 {
		t.Errorf("report %+v", got)
	}
	s.fails(failed, "bad-input", "", "sync", "other", "--plan", dry.PlanID)
	s.fails(failed, "bad-input", "", "sync", "--plan", dry.PlanID, "--dry-run")
	s.fails(failed, "bad-input", "", "sync", "--plan", "nobody-0123456789abcdef")
}
