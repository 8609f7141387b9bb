package main

import (
	"maps"
	"strconv"
	"strings"
	"testing"

	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
)

// TestCreatedStory removes what ZohoSync created between the stand-in for Zoho CRM and each server, on one side after the other,
// as a person does it: with the state that knows it, and after that was deleted and everything was set up anew. C-8
func TestCreatedStory(t *testing.T) {
	for _, name := range append(davtest.All(), serviceLocal) {
		t.Run(name, func(t *testing.T) {
			s := newFurnished(t, name, true)
			s.crm.Put("Events", map[string]any{"Event_Title": "Demonstration", "Start_DateTime": "2026-07-01T10:00:00+02:00", "End_DateTime": "2026-07-01T11:30:00+02:00",
				"Participants": []any{map[string]any{"type": "email", "participant": "guest@example.com"}}})
			s.sync(t, "events")
			for _, lost := range []bool{false, true} {
				if lost {
					s.anew(t)
				}
				s.withoutCreated(t, "contacts", "Contacts", s.people, 2, lost)
				s.withoutCreated(t, "tasks", "Tasks", s.todo, 2, lost)
				s.withoutCreated(t, "events", "Events", s.calendar, 3, lost)
			}
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

// withoutCreated removes what was created on the right, n items, and then what was created on the left, two, and takes both
// removals back.
func (s *story) withoutCreated(t *testing.T, pair, module string, d davPerson, n int, lost bool) {
	t.Helper()
	before := s.snapshot(module, d)
	records, objects := len(s.crm.Records(module)), len(d.hrefs())
	right := s.uncreate(t, pair, "home", n, lost)
	if len(s.crm.Records(module)) != records || len(d.hrefs()) != objects-n {
		t.Fatalf("%s: %d records and %d objects are left of %d and %d", pair, len(s.crm.Records(module)), len(d.hrefs()), records, objects)
	}
	for range 3 {
		written(t, s.sync(t, pair), [6]int{})
	}
	left := s.uncreate(t, pair, "left", 2, lost)
	if len(s.crm.Records(module)) != records-2 || len(d.hrefs()) != objects-n {
		t.Fatalf("%s: %d records and %d objects are left", pair, len(s.crm.Records(module)), len(d.hrefs()))
	}
	for range 3 {
		written(t, s.sync(t, pair), [6]int{})
	}
	s.undo(t, left)
	s.undo(t, right)
	if got := s.snapshot(module, d); !maps.Equal(got, before) {
		t.Fatalf("%s: after taking it back %s", pair, differ(got, before))
	}
	for range 2 {
		written(t, s.sync(t, pair), [6]int{})
	}
}

// uncreate removes what was created on a side and returns the number of the run. With the state lost the number has to be
// confirmed.
func (s *story) uncreate(t *testing.T, pair, side string, n int, lost bool) int64 {
	t.Helper()
	args := []string{"undo", "--created", pair, "--side", side, "--yes", "--json"}
	if lost {
		code, out, errOut := s.try("", args...)
		if code != guarded {
			t.Fatalf("%s: exit %d, want a guard\n%s%s", pair, code, out, errOut)
		}
		r := decode[syncedPair](t, out)
		if r.Stop == nil || r.Stop.Code != "guard-untold" || r.Stop.Number != n || len(r.Plan) != n || len(r.Items) != n {
			t.Fatalf("%s: shown %+v", pair, r)
		}
		args = append(args, "--confirm", strconv.Itoa(n))
	}
	r := decode[syncedPair](t, s.do("", args...))
	if r.Left.Deleted+r.Right.Deleted != n || r.Wrote() != n || len(r.Items) != 0 {
		t.Fatalf("%s: %+v", pair, r)
	}
	return r.Run
}

// Without marks in the CRM and without the state nothing is known, and that is said in one sentence.
func TestWithoutMarksAndStateNothingIsRemoved(t *testing.T) {
	s := newFurnished(t, serviceLocal, false)
	s.anew(t)
	s.fails(failed, "no-marks", "", "undo", "--created", "contacts", "--side", "crm", "--dry-run")
	s.sync(t, "contacts")
	s.fails(failed, "no-marks", "", "undo", "--created", "contacts", "--side", "left", "--yes")
	if n := len(s.crm.Records("Contacts")); n != 4 {
		t.Errorf("%d records are left", n)
	}
	// On the other side the objects tell.
	s.uncreate(t, "contacts", "right", 2, true)
	if n := len(s.crm.Records("Contacts")); n != 4 {
		t.Errorf("%d records are left", n)
	}
}

func TestRemovingAsksFirst(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 3, Seed: 7})
	s.addCRM(info)
	s.addServer()
	s.do("", "collections", "home", "--create", "People", "--kind", "contact")
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:People", "--any-owner")
	s.do("", "sync")
	created := []string{"undo", "--created", "contacts", "--side", "home"}
	out := s.do("", append(created, "--dry-run")...)
	for _, want := range []string{"home, delete (3)", "nothing is written", "zohosync undo --created contacts --side right --plan contacts-"} {
		if !strings.Contains(out, want) {
			t.Errorf("the preview does not say %q:\n%s", want, out)
		}
	}
	s.fails(failed, "needs-yes", "", created...)
	s.fails(failed, "needs-yes", "", append(created, "--json")...)
	for _, wrong := range [][]string{
		{"undo"}, {"undo", "1", "--created", "contacts", "--side", "right"}, {"undo", "--created", "contacts"}, {"undo", "1", "--side", "left"},
		{"undo", "1", "--edited"}, append(created, "--dry-run", "--yes"), {"undo", "--created", "contacts", "--side", "middle"},
	} {
		s.fails(failed, "bad-input", "", wrong...)
	}
	s.fails(failed, "no-such", "", "undo", "--created", "nobody", "--side", "left")
	s.asks = true
	if out := s.do("n\n", created...); !strings.Contains(out, "Nothing was changed.") {
		t.Errorf("printed\n%s", out)
	}
	out = s.do("y\n", created...)
	for _, want := range []string{"home, delete (3)", "zohosync pair remove contacts", "zohosync undo 2"} {
		if !strings.Contains(out, want) {
			t.Errorf("the removal does not say %q:\n%s", want, out)
		}
	}
	if n := len(server.Records("Contacts")); n != 3 {
		t.Errorf("%d records are left", n)
	}
	if out := s.do("", "history"); !strings.Contains(out, "removed what was created") {
		t.Errorf("printed\n%s", out)
	}
	if r := decode[[]ranRun](t, s.do("", "history", "--json"))[0]; !r.Removal || r.Undoes != 0 || r.Right.Deleted != 3 {
		t.Errorf("history %+v", r)
	}
	if out := s.do("", append(created, "--dry-run")...); !strings.Contains(out, "There is nothing to take back.") {
		t.Errorf("printed\n%s", out)
	}
	s.do("", "undo", "2", "--yes")
	if out := s.do("", append(created, "--yes")...); !strings.Contains(out, "nothing is written") || !strings.Contains(out, "zohosync undo 4") {
		t.Errorf("who is not asked is not shown what goes:\n%s", out)
	}
	// On the left everything was there before, and this CRM has no field for marks.
	if out := s.do("", "undo", "--created", "contacts", "--side", "left", "--dry-run"); !strings.Contains(out, "There is nothing to take back.") {
		t.Errorf("printed\n%s", out)
	}
}
