package dav

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/record"
)

// taskState is one way in which a program says how far a task is, and what that means.
type taskState struct {
	lines []string
	want  record.Record
}

// taskStates is every status with every percentage, with and without the time of completion, with every kind of due date.
func taskStates() []taskState {
	var out []taskState
	for _, status := range []string{"", "NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "CANCELLED"} {
		for _, percent := range []string{"", "0", "50", "100"} {
			for _, completed := range []string{"", "20260610T120000Z"} {
				for due, day := range map[string]string{"": "", "DUE;VALUE=DATE:20260615": "2026-06-15", "DUE:20260615T220000Z": "2026-06-15"} {
					s := taskState{want: record.Record{}}
					add := func(name, v string) {
						if v != "" {
							s.lines = append(s.lines, name+v)
						}
					}
					add("STATUS:", status)
					add("PERCENT-COMPLETE:", percent)
					add("COMPLETED:", completed)
					add("", due)
					if due != "" {
						s.lines = append(s.lines, strings.Replace(strings.Replace(due, "DUE", "DTSTART", 1), "20260615", "20260612", 1))
						s.want[record.Due] = day
					}
					code := map[string]string{"NEEDS-ACTION": record.NotStarted, "IN-PROCESS": record.InProgress, "COMPLETED": record.Completed, "CANCELLED": record.Cancelled}[status]
					if status == "" && (completed != "" || percent == "100") {
						code = record.Completed // told by the percentage alone
					}
					if code != "" {
						s.want[record.Status] = code
					}
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// C-31: every way to say how far a task is means the same on every server, also after it was changed: done, reopened, due
// earlier than it starts, due at no day any more.
func TestTaskStatesOnEveryServer(t *testing.T) {
	patches := []record.Patch{
		{record.Status: record.Completed}, {record.Status: record.NotStarted}, {record.Due: ""}, {record.Due: "2026-06-01"},
		{record.Status: record.InProgress, record.Due: "2026-07-01"}, {record.Status: record.Deferred, record.Due: ""}, {record.Status: ""},
	}
	onEach(t, func(t *testing.T, s davtest.Server) {
		made, err := accountOf(t, s, s.URL).Make(t.Context(), "Task states", record.Task)
		if err != nil {
			t.Fatal(err)
		}
		open := func() *collection {
			c, err := accountOf(t, s, s.URL).Open(t.Context(), made.Ref, record.Task, []record.Field{record.Subject, record.Status, record.Due})
			if err != nil {
				t.Fatal(err)
			}
			return c.(*collection)
		}
		states := taskStates()
		c, want := open(), map[string]record.Record{}
		for i, state := range states {
			name := fmt.Sprintf("task %d", i)
			body := strings.Join(append(append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//X//Y//EN", "BEGIN:VTODO", "UID:state-" + s.Name + fmt.Sprint(i),
				"DTSTAMP:20260101T000000Z", "SUMMARY:" + name}, state.lines...), "END:VTODO", "END:VCALENDAR", ""), "\r\n")
			if _, err := (&run{collection: c, sending: t.Context()}).send(record.ID(fmt.Sprintf("state%d.ics", i)), []byte(body), map[string]string{}); err != nil {
				t.Fatalf("%s: %v\n%s", s.Name, err, body)
			}
			want[name] = state.want.With(record.Patch{record.Subject: name})
		}
		items := compareTasks(t, open(), want, states, "as it was put")
		var writes []record.Write
		for i := range states {
			name := fmt.Sprintf("task %d", i)
			it, p := items[name], patches[i%len(patches)]
			writes = append(writes, record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record, Patch: p})
			want[name] = want[name].With(p)
		}
		told := &sink{}
		if err := c.Apply(t.Context(), writes, told); err != nil {
			t.Fatal(err)
		}
		for i := range writes {
			if r, _ := told.result(t, i); r.Err != nil || len(r.Left) > 0 {
				t.Errorf("%v of %v: %v, %v", writes[i].Patch, states[i].lines, r.Err, r.Left)
			}
		}
		compareTasks(t, open(), want, states, "after it was changed")
		t.Logf("%d states", len(states))
	})
}

func compareTasks(t *testing.T, c *collection, want map[string]record.Record, states []taskState, when string) map[string]record.Item {
	t.Helper()
	items := map[string]record.Item{}
	cursor := provider.Cursor("")
	for more := true; more; {
		page, err := c.Changes(t.Context(), cursor, record.Window{})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Changed {
			items[it.Record[record.Subject]] = it
		}
		for _, s := range page.Skipped {
			t.Errorf("%s: skipped: %v", when, s.Err)
		}
		cursor, more = page.Next, page.More
	}
	for i := range states {
		name := fmt.Sprintf("task %d", i)
		if got := items[name].Record; !maps.Equal(got, want[name]) {
			t.Errorf("%s: %v reads as %v, want %v", when, states[i].lines, got, want[name])
		}
	}
	return items
}
