package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestRules(t *testing.T) {
	start := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC) // a Tuesday
	for line, want := range map[string]string{
		"FREQ=DAILY;INTERVAL=1;DTSTART=2026-12-01;UNTIL=2026-12-03": "1201 1202 1203",
		"FREQ=DAILY;INTERVAL=2;COUNT=3":                             "1201 1203 1205",
		"FREQ=WEEKLY;INTERVAL=1;UNTIL=2026-12-20":                   "1201 1208 1215",
		"FREQ=WEEKLY;BYDAY=SU,TU;INTERVAL=2;UNTIL=2026-12-31":       "1201 1213 1215 1227 1229",
		"FREQ=MONTHLY;INTERVAL=1;DTSTART=2026-12-31;COUNT=3":        "1231 0131 0331",
		"FREQ=YEARLY;INTERVAL=1;COUNT=2":                            "1201 1201",
		"FREQ=HOURLY;COUNT=2":                                       "",
		"FREQ=DAILY":                                                "", // without an end
		"FREQ=DAILY;COUNT=0":                                        "",
		"FREQ=DAILY;COUNT=2;BYSETPOS=1":                             "",
		"FREQ=WEEKLY;BYDAY=XX;COUNT=2":                              "",
	} {
		r, good := readRule(line)
		var days []string
		if good {
			for _, d := range r.dates(start) {
				days = append(days, d.Format("0102"))
			}
		}
		if got := strings.Join(days, " "); got != want {
			t.Errorf("%s: %s", line, got)
		}
	}
}

func TestOneRuleManyRecords(t *testing.T) {
	r := checked(t, Options{MarkField: true})
	got := r.want(r.do("POST", "/crm/v8/Tasks", `{"data":[{"Subject":"A","Due_Date":"2026-12-01","ZohoSync_ID":"k",
		"Recurring_Activity":{"RRULE":"FREQ=DAILY;INTERVAL=1;DTSTART=2026-12-01;UNTIL=2026-12-03"}},{"Subject":"B"}]}`), 201, "SUCCESS")
	if n := len(got.list("data")); n != 4 {
		t.Fatalf("%d results for two records of which one is repeated three times", n)
	}
	for i, task := range r.Records("Tasks")[:3] {
		if task["Due_Date"] != fmt.Sprintf("2026-12-0%d", i+1) || task["Recurring_Activity"] == nil {
			t.Error(task["Due_Date"])
		}
	}
}

// The wall clock stays over a change to summer time.
func TestMeetingsKeepTheirHour(t *testing.T) {
	r := checked(t, Options{})
	meeting := `{"data":[{"Event_Title":"A","Start_DateTime":"2027-03-27T10:00:00+01:00","End_DateTime":"2027-03-27T11:00:00+01:00",%s
		"Participants":[{"type":"email","participant":"a@b.example"}],"$send_notification":true,
		"Recurring_Activity":{"RRULE":"FREQ=DAILY;INTERVAL=1;COUNT=2"}}]}`
	r.want(r.do("POST", "/crm/v8/Events", fmt.Sprintf(meeting, "")), 400, "MANDATORY_NOT_FOUND")
	r.want(r.do("POST", "/crm/v8/Events", fmt.Sprintf(meeting, `"Remind_At":[{"unit":15,"period":"minutes"}],`)), 201, "SUCCESS")
	list := r.Records("Events")
	if len(list) != 2 || list[0]["Start_DateTime"] != "2027-03-27T10:00:00+01:00" || list[1]["Start_DateTime"] != "2027-03-28T10:00:00+02:00" {
		t.Fatalf("%v", list)
	}
	if list[1]["End_DateTime"] != "2027-03-28T11:00:00+02:00" {
		t.Error(list[1]["End_DateTime"])
	}
	if r.Mails() != 2 {
		t.Errorf("%d mails for two occurrences", r.Mails())
	}
}

// Nothing joins the occurrences of one rule: inviting to one invites to no other.
func TestOccurrencesAreRecordsOfTheirOwn(t *testing.T) {
	r := checked(t, Options{})
	r.want(r.do("POST", "/crm/v8/Events", `{"data":[{"Event_Title":"A","Start_DateTime":"2026-12-01T10:00:00Z","End_DateTime":"2026-12-01T11:00:00Z",
		"Remind_At":[{"unit":15,"period":"minutes"}],"Participants":[{"type":"email","participant":"a@b.example"}],
		"Recurring_Activity":{"RRULE":"FREQ=DAILY;COUNT=2"}}]}`), 201, "SUCCESS")
	r.want(r.do("PUT", "/crm/v8/Events/"+r.Records("Events")[0]["id"].(string), `{"data":[{"Venue":"V","$send_notification":true}]}`), 200, "")
	for i, want := range []bool{true, false} {
		if got := listOf(r.Records("Events")[i]["Participants"])[0]["invited"]; got != want {
			t.Errorf("occurrence %d: invited %v", i+1, got)
		}
	}
}
