package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestInsertAndRead(t *testing.T) {
	r := checked(t, Options{})
	account := r.Put("Accounts", map[string]any{"Account_Name": "Engines"})
	got := r.want(r.do("POST", "/crm/v8/Contacts", fmt.Sprintf(`{"data":[{"Last_Name":"  Lovelace ","First_Name":"Ada","Email":"ada@one.example.com",
		"Account_Name":{"id":%q},"Tag":[{"name":"vip"}],"Modified_Time":"2001-01-01T00:00:00Z","Nonsense":1,"Date_of_Birth":"1815-12-10","Salutation":"-None-"}],"trigger":[]}`, account)), 201, "SUCCESS")
	one := r.want(r.do("GET", "/crm/v8/Contacts/"+got.id(), ""), 200, "").list("data")[0]
	for name, want := range map[string]any{
		"Last_Name": "Lovelace", "Full_Name": "Ada Lovelace", "Date_of_Birth": "1815-12-10", "Salutation": nil, "Phone": nil, "Email_Opt_Out": false,
		"Modified_Time": "2026-11-22T11:00:00+01:00", "$editable": true,
	} {
		if one[name] != want {
			t.Errorf("%s is %v", name, one[name])
		}
	}
	if one["Account_Name"].(map[string]any)["name"] != "Engines" || one["Tag"].([]any)[0].(map[string]any)["name"] != "vip" {
		t.Error("lookup or tag is wrong")
	}
	if _, kept := one["Nonsense"]; kept {
		t.Error("an unknown field was kept")
	}
	if owner := one["Owner"].(map[string]any); owner["id"] != r.Users()[0] {
		t.Error("the owner is not the user of the token")
	}
	// The name in a lookup is the other record's name of now, and moves no time of change.
	r.Advance(time.Minute)
	r.Edit("Accounts", account, map[string]any{"Account_Name": "Motors"})
	one = r.Record("Contacts", got.id())
	if one["Account_Name"].(map[string]any)["name"] != "Motors" || one["Modified_Time"] != "2026-11-22T11:00:00+01:00" {
		t.Error(one["Account_Name"], one["Modified_Time"])
	}
	r.Delete("Accounts", account)
	if r.Record("Contacts", got.id())["Account_Name"] != nil {
		t.Error("a deleted account is still named")
	}
}

func TestValuesAreChecked(t *testing.T) {
	r := checked(t, Options{MarkField: true})
	r.Put("Contacts", map[string]any{"Last_Name": "X", "ZohoSync_ID": "Taken"})
	person := func(field string) string { return `{"Last_Name":"A",` + field + `}` }
	meeting := func(field string) string {
		return `{"Event_Title":"A","Start_DateTime":"2026-12-01T10:00:00+01:00","End_DateTime":"2026-12-01T11:00:00+01:00",` + field + `}`
	}
	guests := strings.TrimSuffix(strings.Repeat(`{"type":"email","participant":"a@b.example"},`, 51), ",")
	for _, c := range []struct{ module, record, code, field string }{
		{"Contacts", `{"First_Name":"A"}`, "MANDATORY_NOT_FOUND", "Last_Name"},
		{"Contacts", `{"Last_Name":""}`, "MANDATORY_NOT_FOUND", "Last_Name"},
		{"Contacts", `{"Last_Name":"` + strings.Repeat("ä", 81) + `"}`, "INVALID_DATA", "Last_Name"},
		{"Contacts", `{"Last_Name":"` + strings.Repeat("ä", 80) + `"}`, "SUCCESS", ""},
		{"Contacts", `{"Last_Name":5}`, "INVALID_DATA", "Last_Name"},
		{"Contacts", person(`"Email":"not an address"`), "INVALID_DATA", "Email"},
		{"Contacts", person(`"Email":"jürgen@müller.example"`), "SUCCESS", ""},
		{"Contacts", person(`"Phone":"030/1234"`), "INVALID_DATA", "Phone"},
		{"Contacts", person(`"Phone":"+49 (30) 12-34.5, 6"`), "SUCCESS", ""},
		{"Contacts", person(`"Phone":"` + strings.Repeat("1", 31) + `"`), "INVALID_DATA", "Phone"},
		{"Contacts", person(`"Salutation":"Sir"`), "INVALID_DATA", "Salutation"},
		{"Contacts", person(`"Email_Opt_Out":"true"`), "INVALID_DATA", "Email_Opt_Out"},
		{"Contacts", person(`"Date_of_Birth":"2026-02-30"`), "INVALID_DATA", "Date_of_Birth"},
		{"Contacts", person(`"Account_Name":{"id":"1"}`), "INVALID_DATA", "Account_Name"},
		{"Contacts", person(`"Account_Name":"Engines"`), "INVALID_DATA", "Account_Name"},
		{"Contacts", person(`"Owner":{"id":"1"}`), "INVALID_DATA", "Owner"},
		{"Contacts", person(`"ZohoSync_ID":"taken"`), "DUPLICATE_DATA", "ZohoSync_ID"},
		{"Contacts", person(`"Tag":[{"name":"` + strings.Repeat("x", 26) + `"}]`), "INVALID_DATA", "Tag"},
		{"Contacts", `"A"`, "INVALID_DATA", ""},
		{"Tasks", `{"Subject":"A","Status":"Done"}`, "INVALID_DATA", "Status"},
		{"Tasks", `{"Subject":"A","Due_Date":"2026-12-01T00:00:00Z"}`, "INVALID_DATA", "Due_Date"},
		{"Tasks", `{"Subject":"A","What_Id":{"id":"1"}}`, "DEPENDENT_FIELD_MISSING", "$se_module"},
		{"Tasks", `{"Subject":"A","What_Id":{"id":"1"},"$se_module":"Deals"}`, "INVALID_DATA", "What_Id"},
		{"Tasks", `{"Subject":"A","Remind_At":{"ALARM":"FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-12-01T08:00:00+01:00"}}`, "SUCCESS", ""},
		{"Tasks", `{"Subject":"A","Remind_At":{"ALARM":"ACTION=SHOUT;TRIGGER=-P1D"}}`, "INVALID_DATA", "Remind_At"},
		{"Tasks", `{"Subject":"A","Remind_At":"2026-12-01T08:00:00+01:00"}`, "INVALID_DATA", "Remind_At"},
		{"Events", `{"Event_Title":"A"}`, "MANDATORY_NOT_FOUND", "Start_DateTime"},
		{"Events", meeting(`"All_day":false`), "SUCCESS", ""},
		{"Events", meeting(`"End_DateTime":"2026-12-01T09:00:00+01:00"`), "INVALID_DATA", "End_DateTime"},
		{"Events", meeting(`"Start_DateTime":"2026-12-01T10:00:00.000+01:00"`), "INVALID_DATA", "Start_DateTime"},
		{"Events", meeting(`"Start_DateTime":"2026-12-01 10:00"`), "INVALID_DATA", "Start_DateTime"},
		{"Events", meeting(`"Participants":[` + guests + `]`), "LIMIT_EXCEEDED", "Participants"},
		{"Events", meeting(`"Participants":[{"type":"contact","participant":"1"}]`), "INVALID_DATA", "Participants"},
		{"Events", meeting(`"Participants":[{"type":"email","Email":"a@b.example"}]`), "SUCCESS", ""},
		{"Events", meeting(`"Remind_At":[{"unit":15,"period":"minutes"}]`), "SUCCESS", ""},
		{"Events", meeting(`"Remind_At":"15 mins"`), "SUCCESS", ""},
		{"Events", meeting(`"Remind_At":[{"unit":61,"period":"minutes"}]`), "INVALID_DATA", "Remind_At"},
		{"Events", meeting(`"Remind_At":[{"unit":15,"period":"fortnights"}]`), "INVALID_DATA", "Remind_At"},
	} {
		before := len(r.Records(c.module))
		got := r.do("POST", "/crm/v8/"+c.module, `{"data":[`+c.record+`]}`)
		if got.code() != c.code {
			t.Errorf("%s %.90s: %s", c.module, c.record, got.code())
			continue
		}
		details, _ := got.list("data")[0]["details"].(map[string]any)
		if c.field != "" && (details["api_name"] != c.field || details["json_path"] != "$.data[0]."+c.field) {
			t.Errorf("%s %.90s: %v", c.module, c.record, details)
		}
		if made := len(r.Records(c.module)) - before; made != 0 && c.code != "SUCCESS" {
			t.Errorf("%s %.90s: refused, but made", c.module, c.record)
		}
	}
}

func TestResultsOfManyRecords(t *testing.T) {
	r := checked(t, Options{})
	got := r.want(r.do("POST", "/crm/v8/Contacts", `{"data":[{"Last_Name":"A"},{"Last_Name":"B","Email":"?"},{"First_Name":"C"}]}`), 207, "SUCCESS").list("data")
	if got[1]["code"] != "INVALID_DATA" || got[2]["code"] != "MANDATORY_NOT_FOUND" || len(r.Records("Contacts")) != 1 {
		t.Errorf("%v", got)
	}
	if path := got[2]["details"].(map[string]any)["json_path"]; path != "$.data[2].Last_Name" {
		t.Error(path)
	}
	many := func(n int) string {
		return `{"data":[` + strings.TrimSuffix(strings.Repeat(`{"Last_Name":"A"},`, n), ",") + `]}`
	}
	r.want(r.do("POST", "/crm/v8/Contacts", many(100)), 201, "SUCCESS")
	r.want(r.do("POST", "/crm/v8/Contacts", many(101)), 400, "LIMIT_EXCEEDED")
	for body, code := range map[string]string{
		``: "REQUEST_BODY_IS_EMPTY", `{"data":`: "JSON_PARSE_ERROR", `{"data":[]}`: "MANDATORY_NOT_FOUND", `{"trigger":[]}`: "MANDATORY_NOT_FOUND",
		`{"data":[{"Last_Name":"A"}],"triggers":[]}`: "INVALID_DATA", `{"data":[{"Last_Name":"A"}],"trigger":["all"]}`: "INVALID_DATA",
	} {
		r.want(r.do("POST", "/crm/v8/Contacts", body), 400, code)
	}
}

func TestUpdate(t *testing.T) {
	r := checked(t, Options{MarkField: true})
	id := r.Put("Contacts", map[string]any{"Last_Name": "A", "Phone": "1", "Fax": "2", "ZohoSync_ID": "one"})
	other := r.Put("Contacts", map[string]any{"Last_Name": "B"})
	r.Advance(time.Minute)
	got := r.want(r.do("PUT", "/crm/v8/Contacts/"+id, `{"data":[{"Phone":null,"Mobile":"3"}]}`), 200, "SUCCESS")
	if at := got.list("data")[0]["details"].(map[string]any)["Modified_Time"]; at != "2026-11-22T11:01:00+01:00" {
		t.Error(at)
	}
	one := r.Record("Contacts", id)
	if one["Phone"] != nil || one["Fax"] != "2" || one["Mobile"] != "3" || one["ZohoSync_ID"] != "one" {
		t.Errorf("%v", one)
	}
	r.want(r.do("PUT", "/crm/v8/Contacts/"+id, `{"data":[{"Last_Name":null}]}`), 400, "MANDATORY_NOT_FOUND")
	r.want(r.do("PUT", "/crm/v8/Contacts/"+id, `{"data":[{"ZohoSync_ID":"ONE"}]}`), 200, "SUCCESS")
	r.want(r.do("PUT", "/crm/v8/Contacts/"+other, `{"data":[{"ZohoSync_ID":"one"}]}`), 400, "DUPLICATE_DATA")
	r.want(r.do("PUT", "/crm/v8/Contacts/"+id, `{"data":[{"ZohoSync_ID":null}]}`), 200, "SUCCESS")
	r.want(r.do("PUT", "/crm/v8/Contacts/"+other, `{"data":[{"ZohoSync_ID":"one"}]}`), 200, "SUCCESS")
	r.want(r.do("PUT", "/crm/v8/Contacts/1", `{"data":[{"Phone":"1"}]}`), 400, "INVALID_DATA")
	r.want(r.do("PUT", "/crm/v8/Contacts", `{"data":[{"Phone":"1"}]}`), 400, "MANDATORY_NOT_FOUND")
	r.want(r.do("PUT", "/crm/v8/Contacts", `{"data":[{"id":"`+id+`","Phone":"1"},{"id":"1"}]}`), 207, "SUCCESS")
	r.want(r.do("PUT", "/crm/v8/Contacts/"+id, `{"data":[{"Phone":"1"},{"Phone":"2"}]}`), 400, "LIMIT_EXCEEDED")
}

func TestUnmodifiedSince(t *testing.T) {
	r := checked(t, Options{})
	id := r.Put("Events", map[string]any{"Event_Title": "A", "Start_DateTime": "2026-12-01T10:00:00Z", "End_DateTime": "2026-12-01T11:00:00Z"})
	seen := r.Record("Events", id)["Modified_Time"].(string)
	r.Advance(time.Second)
	put := func() reply {
		return r.do("PUT", "/crm/v8/Events/"+id, `{"data":[{"Venue":"B"}]}`, "If-Unmodified-Since", seen)
	}
	r.want(put(), 200, "SUCCESS")
	r.want(put(), 412, "ALREADY_MODIFIED")
	seen = "Sun, 22 Nov 2026 10:00:00 GMT"
	r.want(put(), 400, "INVALID_DATA")
	// Two edits within one second cannot be told apart: the second one is overwritten.
	seen = r.Record("Events", id)["Modified_Time"].(string)
	r.Edit("Events", id, map[string]any{"Venue": "C"})
	r.want(put(), 200, "SUCCESS")
}

func TestUpsert(t *testing.T) {
	r := checked(t, Options{MarkField: true})
	got := r.want(r.do("POST", "/crm/v8/Contacts/upsert", `{"data":[{"Last_Name":"A","Email":"a@b.example"}]}`), 201, "SUCCESS")
	if got.list("data")[0]["action"] != "insert" {
		t.Error(got.text)
	}
	again := r.want(r.do("POST", "/crm/v8/Contacts/upsert", `{"data":[{"Last_Name":"B","Email":"A@b.example"}]}`), 200, "SUCCESS")
	if first := again.list("data")[0]; first["action"] != "update" || first["duplicate_field"] != "Email" || again.id() != got.id() {
		t.Error(again.text)
	}
	r.want(r.do("POST", "/crm/v8/Contacts/upsert", `{"data":[{"Last_Name":"C","Phone":"1"}],"duplicate_check_fields":["Phone"]}`), 400, "INVALID_DATA")
	r.want(r.do("POST", "/crm/v8/Tasks/upsert", `{"data":[{"Subject":"C"}]}`), 400, "INVALID_MODULE")
}

func TestWholeDaysAreMidnightToLastMinute(t *testing.T) {
	r := checked(t, Options{})
	got := r.want(r.do("POST", "/crm/v8/Events", `{"data":[{"Event_Title":"A","All_day":true,
		"Start_DateTime":"2026-12-01T00:00:00+01:00","End_DateTime":"2026-12-02T12:00:00+01:00"}]}`), 201, "SUCCESS")
	one := r.Record("Events", got.id())
	if one["Start_DateTime"] != "2026-12-01T00:00:00+01:00" || one["End_DateTime"] != "2026-12-02T23:59:00+01:00" {
		t.Error(one["Start_DateTime"], one["End_DateTime"])
	}
}

func TestMailsAreCounted(t *testing.T) {
	r := checked(t, Options{})
	meeting := `{"data":[{"Event_Title":"A","Start_DateTime":"2026-12-01T10:00:00Z","End_DateTime":"2026-12-01T11:00:00Z",
		"Participants":[{"type":"email","participant":"a@b.example"},{"type":"email","participant":"c@d.example"}]%s}],"trigger":[]}`
	id := r.want(r.do("POST", "/crm/v8/Events", fmt.Sprintf(meeting, "")), 201, "").id()
	r.want(r.do("PUT", "/crm/v8/Events/"+id, `{"data":[{"Venue":"B","$send_notification":false}],"trigger":[]}`), 200, "")
	r.want(r.do("POST", "/crm/v8/Events/"+id+"/actions/cancel", `{"data":[{"send_cancelling_mail":true}]}`), 400, "NOT_ALLOWED")
	r.want(r.do("POST", "/crm/v8/Tasks", `{"data":[{"Subject":"A","Send_Notification_Email":false}],"trigger":[]}`), 201, "")
	if r.Mails() != 0 || r.Automations() != 0 {
		t.Fatalf("%d mails, %d automations", r.Mails(), r.Automations())
	}
	id = r.want(r.do("POST", "/crm/v8/Events", fmt.Sprintf(meeting, `,"$send_notification":true`)), 201, "").id()
	if r.Mails() != 2 {
		t.Errorf("%d mails after an invitation of two", r.Mails())
	}
	r.want(r.do("POST", "/crm/v8/Events/"+id+"/actions/cancel", `{"data":[{"send_cancelling_mail":true}]}`), 200, "SUCCESS")
	r.want(r.do("POST", "/crm/v8/Tasks", `{"data":[{"Subject":"A","Send_Notification_Email":true}]}`), 201, "")
	if r.Mails() != 5 || r.Automations() != 1 {
		t.Errorf("%d mails, %d automations", r.Mails(), r.Automations())
	}
	got := r.want(r.do("GET", "/crm/v8/Events?fields=Participants,$event_cancelled&sort_order=desc", ""), 200, "").list("data")[0]
	if got["$event_cancelled"] != true || listOf(got["Participants"])[0]["invited"] != true {
		t.Errorf("%v", got)
	}
}

func TestTagsAreReplaced(t *testing.T) {
	r := checked(t, Options{})
	id := r.Put("Tasks", map[string]any{"Subject": "A", "Tag": []any{map[string]any{"name": "one"}, map[string]any{"name": "two"}}})
	r.want(r.do("PUT", "/crm/v8/Tasks/"+id, `{"data":[{"Tag":[{"name":"TWO"},{"name":"three"}]}]}`), 200, "")
	var names []string
	for _, tag := range listOf(r.Record("Tasks", id)["Tag"]) {
		names = append(names, tag["name"].(string))
	}
	if fmt.Sprint(names) != "[two three]" {
		t.Error(names)
	}
	if got := r.want(r.do("GET", "/crm/v8/settings/tags?module=Tasks", ""), 200, "").list("tags"); len(got) != 3 {
		t.Errorf("%d tags", len(got))
	}
	r.want(r.do("PUT", "/crm/v8/Tasks/"+id, `{"data":[{"Tag":[]}]}`), 200, "")
	if len(listOf(r.Record("Tasks", id)["Tag"])) != 0 {
		t.Error("an empty list does not clear the tags")
	}
	r.want(r.do("POST", "/crm/v8/settings/tags?module=Tasks", `{"tags":[{"name":"four"},{"name":"One"}]}`), 207, "SUCCESS")
}

func TestClosedTime(t *testing.T) {
	r := checked(t, Options{})
	id := r.Put("Tasks", map[string]any{"Subject": "A", "Status": "In Progress"})
	r.Advance(time.Hour)
	r.Edit("Tasks", id, map[string]any{"Status": "Completed"})
	if at := r.Record("Tasks", id)["Closed_Time"]; at != "2026-11-22T12:00:00+01:00" {
		t.Error(at)
	}
	r.Edit("Tasks", id, map[string]any{"Status": "Not Started"})
	if r.Record("Tasks", id)["Closed_Time"] != nil {
		t.Error("an open task is closed")
	}
}

func TestOwners(t *testing.T) {
	r := checked(t, Options{})
	users := r.Users()
	got := r.want(r.do("POST", "/crm/v8/Contacts", `{"data":[{"Last_Name":"A","Owner":{"id":"`+users[1]+`"}}]}`), 201, "")
	if owner := r.Record("Contacts", got.id())["Owner"].(map[string]any); owner["id"] != users[1] {
		t.Error(owner)
	}
	// The fourth user is inactive and can own nothing.
	r.want(r.do("POST", "/crm/v8/Contacts", `{"data":[{"Last_Name":"A","Owner":{"id":"`+users[3]+`"}}]}`), 400, "INVALID_DATA")
}
