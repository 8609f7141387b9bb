package main

import (
	"net/http"
	"strings"
	"testing"

	"zohosync/sync/sandbox"
)

// newFiltered is a CRM and this computer's own server, without pairs.
func newFiltered(t *testing.T) *story {
	s := &story{stage: newStage(t)}
	crm, info := checkedCRM(t, sandbox.Options{Seed: 1})
	s.crm = crm
	s.addCRM(info)
	s.server = s.addLocal()
	s.client = &http.Client{Transport: &atHome{home: s.home, server: s.server}}
	return s
}

// C-29, S1-52, S1-53, R3: leaving the view of the CRM, or the category of the other side, is no deletion on either side; and what
// comes back is the same item again.
func TestLeavingAFilterDeletesNothing(t *testing.T) {
	s := newFiltered(t)
	todo := s.pair("Tasks", "task", "text/calendar", "--view", "open tasks")
	if p := decode[[]shownPair](t, s.do("", "pair", "list", "--json"))[0]; p.View != "Open Tasks" {
		t.Fatalf("pair %+v", p)
	}
	open := s.crm.Put("Tasks", map[string]any{"Subject": "Call", "Status": "Not Started"})
	s.crm.Put("Tasks", map[string]any{"Subject": "Long done", "Status": "Completed"})
	written(t, s.sync(t, "tasks"), [6]int{0, 0, 0, 1, 0, 0})

	s.crm.Edit("Tasks", open, map[string]any{"Status": "Completed", "Description": "spoke"})
	written(t, s.sync(t, "tasks"), [6]int{})
	if _, text := todo.find("Call"); strings.Contains(text, "spoke") {
		t.Error("a task that left the view still flowed")
	}
	todo.edit("SUMMARY:Call", "SUMMARY:Call her")
	written(t, s.sync(t, "tasks"), [6]int{})
	if got := s.crm.Record("Tasks", open)["Subject"]; got != "Call" {
		t.Errorf("subject %v: what left the view was written", got)
	}

	s.crm.Edit("Tasks", open, map[string]any{"Status": "In Progress"})
	written(t, s.sync(t, "tasks"), [6]int{0, 1, 0, 0, 1, 0})
	_, text := todo.find("Call her")
	holds(t, text, "DESCRIPTION:spoke", "STATUS:IN-PROCESS")
	if got := s.crm.Record("Tasks", open)["Subject"]; got != "Call her" {
		t.Errorf("subject %v", got)
	}
	written(t, s.sync(t, "tasks"), [6]int{})
	if n := len(todo.hrefs()); n != 1 {
		t.Errorf("%d tasks on the server", n)
	}
}

// What comes from the other side stays in step although the view may not show it.
func TestANewItemThatTheViewDoesNotShowStaysAsItIs(t *testing.T) {
	s := newFiltered(t)
	todo := s.pair("Tasks", "task", "text/calendar", "--view", "Open Tasks")
	href := todo.put("done.ics", lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", "BEGIN:VTODO", "UID:done", "DTSTAMP:20260101T000000Z",
		"SUMMARY:Done", "STATUS:COMPLETED", "END:VTODO", "END:VCALENDAR"))
	written(t, s.sync(t, "tasks"), [6]int{1, 0, 0, 0, 0, 0})
	for range 3 {
		written(t, s.sync(t, "tasks"), [6]int{})
	}
	if todo.get(href) == "" {
		t.Error("the task is gone")
	}
}

// S0-33: contacts, tasks and meetings filter by category alike; S0-32: all means uncategorised ones, too.
func TestCategoriesFilterEveryModule(t *testing.T) {
	for _, m := range []struct{ module, kind, mime, pair, with, without string }{
		{"Contacts", "contact", "text/vcard", "contacts", card("in", "work"), card("out", "")},
		{"Tasks", "task", "text/calendar", "tasks", todoObject("in", "Private,WORK"), todoObject("out", "")},
		{"Events", "event", "text/calendar", "events", meetingObject("in", "Work"), meetingObject("out", "")},
	} {
		t.Run(m.module, func(t *testing.T) {
			s := newFiltered(t)
			d := s.pair(m.module, m.kind, m.mime, "--category", "Work", "--from", "20000", "--to", "20000")
			ext := map[string]string{"text/vcard": ".vcf", "text/calendar": ".ics"}[m.mime]
			d.put("in"+ext, m.with)
			d.put("out"+ext, m.without)
			written(t, s.sync(t, m.pair), [6]int{1, 0, 0, 0, 0, 0})
			s.do("", "pair", "set", m.pair, "--uncategorised")
			written(t, s.sync(t, m.pair), [6]int{1, 0, 0, 0, 0, 0})
			// A category that is renamed takes its items out of the pair, and deletes nothing.
			d.edit("CATEGORIES:", "CATEGORIES:Not")
			written(t, s.sync(t, m.pair), [6]int{})
			s.do("", "pair", "set", m.pair, "--all-categories")
			r := s.sync(t, m.pair)
			if r.Left.Created+r.Left.Deleted+r.Right.Created+r.Right.Deleted != 0 {
				t.Errorf("another filter made or deleted something: %+v", r)
			}
			written(t, s.sync(t, m.pair), [6]int{})
		})
	}
}

func card(uid, category string) string {
	l := []string{"BEGIN:VCARD", "VERSION:3.0", "UID:" + uid, "FN:Ada " + uid, "N:" + uid + ";Ada;;;"}
	return lines(append(withCategory(l, category), "END:VCARD")...)
}

func todoObject(uid, category string) string {
	l := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", "BEGIN:VTODO", "UID:" + uid, "DTSTAMP:20260101T000000Z", "SUMMARY:" + uid}
	return lines(append(withCategory(l, category), "END:VTODO", "END:VCALENDAR")...)
}

func meetingObject(uid, category string) string {
	l := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", "BEGIN:VEVENT", "UID:" + uid, "DTSTAMP:20260101T000000Z", "SUMMARY:" + uid,
		"DTSTART:20260801T100000Z", "DTEND:20260801T110000Z"}
	return lines(append(withCategory(l, category), "END:VEVENT", "END:VCALENDAR")...)
}

func withCategory(l []string, category string) []string {
	if category == "" {
		return l
	}
	return append(l, "CATEGORIES:"+category)
}

func TestAViewIsChosenByNameOrID(t *testing.T) {
	s := newFiltered(t)
	s.fails(failed, "no-such", "", "pair", "add", "--left", "crm:Tasks", "--right", "home:"+s.folder("task"), "--view", "No such view")
	s.do("", "pair", "add", "--left", "crm:Tasks", "--right", "home:"+s.folder("task"), "--view", "My Tasks")
	p := decode[shownPair](t, s.do("", "pair", "set", "tasks", "--view", "", "--json"))
	if p.View != "" {
		t.Errorf("pair %+v", p)
	}
	s.fails(failed, "bad-input", "", "pair", "set", "tasks", "--category", "A", "--all-categories")
}

// folder makes a folder and returns its ref.
func (s *story) folder(kind string) string {
	s.t.Helper()
	return decode[[]listed](s.t, s.do("", "collections", "home", "--create", "For "+kind, "--kind", kind, "--json"))[0].Ref
}
