package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
)

// S4-3, S4-4: the state is deleted and everything is set up anew. Nothing is created and nothing is deleted, on either side,
// whether or not the CRM has a field for marks; the report says that all items were recognised.
func TestALostStateCreatesNothing(t *testing.T) {
	for _, name := range append(davtest.All(), serviceLocal) {
		for _, marks := range []bool{false, true} {
			t.Run(name+map[bool]string{false: " without marks", true: " with marks"}[marks], func(t *testing.T) {
				s := newFurnished(t, name, marks)
				s.anew(t)
				for _, pair := range []string{"contacts", "tasks", "events"} {
					r := s.sync(t, pair)
					written(t, r, [6]int{})
					if r.First == nil || r.First.Matched != 4 || r.First.New != [2]int{} || r.First.Ambiguous != 0 {
						t.Errorf("%s: %+v", pair, r.First)
					}
				}
			})
		}
	}
}

// C-56: two installations work in turns on the same pairs of a real server.
func TestTwoInstallationsInTurns(t *testing.T) {
	s := newFurnished(t, davtest.All()[0], false)
	first := s.home
	s.anew(t)
	other := s.home
	turn := func(home string) {
		s.home = home
		for _, pair := range []string{"contacts", "tasks", "events"} {
			s.sync(t, pair)
		}
	}
	turn(other)
	s.crm.Put("Contacts", map[string]any{"Last_Name": "Hopper", "First_Name": "Grace", "Email": "grace@example.com"})
	turn(first)
	s.people.put("later.vcf", card("later", ""))
	s.people.edit("one@example.com", "uno@example.com")
	turn(other)
	turn(first)
	turn(other)
	if n := len(s.people.hrefs()); n != 6 {
		t.Errorf("%d cards on the server", n)
	}
	if n := len(s.crm.Records("Contacts")); n != 6 {
		t.Errorf("%d contacts in the CRM", n)
	}
	st := decode[shownStatus](t, s.do("", "status", "--json"))
	if st.Pairs[0].Other == nil {
		t.Error("nobody is warned of the other installation")
	}
}

// newFurnished is a server and a CRM with four items of each kind on both sides, two of which came from each, in step.
func newFurnished(t *testing.T, server string, marks bool) *story {
	s := &story{stage: newStage(t)}
	crm, info := checkedCRM(t, sandbox.Options{MarkField: marks})
	s.crm, s.info = crm, info
	s.addCRM(info)
	if server == serviceLocal {
		s.server = s.addLocal()
		s.client = &http.Client{Transport: &atHome{home: s.home, server: s.server}}
	} else {
		s.server = realServer(t, server)
		s.addHome()
	}
	s.people = s.pair("Contacts", "contact", "text/vcard")
	s.todo = s.pair("Tasks", "task", "text/calendar")
	s.calendar = s.pair("Events", "event", "text/calendar", "--from", "20000", "--to", "20000")
	for _, n := range []string{"one", "two"} {
		s.crm.Put("Contacts", map[string]any{"Last_Name": n, "First_Name": "Ada", "Email": n + "@example.com"})
		s.crm.Put("Tasks", map[string]any{"Subject": n, "Due_Date": "2026-03-31", "Status": "Not Started"})
		s.crm.Put("Events", map[string]any{"Event_Title": n, "Start_DateTime": "2026-07-01T10:00:00+02:00", "End_DateTime": "2026-07-01T11:30:00+02:00"})
		s.people.put(n+".vcf", card("from the server "+n, ""))
		s.todo.put(n+".ics", todoObject("todo"+n, ""))
		s.calendar.put(n+".ics", meetingObject("meeting"+n, ""))
	}
	for _, pair := range []string{"contacts", "tasks", "events"} {
		written(t, s.sync(t, pair), [6]int{2, 0, 0, 2, 0, 0})
	}
	return s
}

// addHome adds the server as the account home.
func (s *story) addHome() {
	s.t.Helper()
	s.do(s.server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", s.server.URL, "--user", s.server.User, "--password-stdin")
}

// anew is a new installation: another home, in which the same accounts and pairs are set up. This computer's own server
// keeps its objects, and only what is known of them is lost.
func (s *story) anew(t *testing.T) {
	t.Helper()
	pairs := decode[[]shownPair](t, s.do("", "pair", "list", "--json"))
	if s.server.Name == serviceLocal {
		for _, f := range []string{"state.db", "state.db-wal", "state.db-shm"} {
			if err := os.Remove(filepath.Join(s.home, f)); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		s.addCRM(s.info)
		s.addLocal()
	} else {
		s.home = filepath.Join(t.TempDir(), "home")
		s.addCRM(s.info)
		s.addHome()
	}
	for _, p := range pairs {
		s.do("", "pair", "add", "--left", "crm:"+p.Left.Ref, "--right", "home:"+p.Right.Ref, "--kind", string(p.Kind),
			"--delete-left", "propagate", "--delete-right", "propagate", "--from", "20000", "--to", "20000")
	}
}
