package zoho

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// moduleOf is a module of an organisation that nobody has changed, for a person in Berlin.
func moduleOf(t testing.TB, kind record.Kind) *module {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	m := &module{kind: kind, zone: zone, fields: map[string]fieldMeta{}, profile: "77"}
	for _, f := range metadata(kind) {
		b, _ := json.Marshal(f)
		var meta fieldMeta
		if err := json.Unmarshal(b, &meta); err != nil {
			t.Fatal(err)
		}
		m.fields[meta.APIName] = meta
	}
	return m
}

func parse(t testing.TB, s string) object {
	t.Helper()
	var o object
	if err := json.Unmarshal([]byte(s), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// readField reads one field of a record given as JSON.
func readField(t testing.TB, kind record.Kind, f record.Field, o string) (string, error) {
	t.Helper()
	m := moduleOf(t, kind)
	c, ok := m.column(f)
	if !ok {
		t.Fatalf("field %s is not held", f)
	}
	v, err := c.form.read(m, parse(t, o), c.names)
	return record.Canonical(record.Lookup(kind, f).Type, v), err
}

// writeField returns what is sent to set one field of a record given as JSON, or why it stays behind.
func writeField(t testing.TB, kind record.Kind, f record.Field, v, now string) (string, *provider.ItemError) {
	t.Helper()
	c := &collection{m: moduleOf(t, kind)}
	a := &applying{collection: c, links: links{
		{"Accounts", "Engines Ltd"}: {id: "11"}, {"Contacts", "Charles Babbage"}: {id: "12"},
	}}
	var o object
	if now != "" {
		o = parse(t, now)
	}
	d := a.draftOf(c.canonical(record.Patch{f: v}), o, nil)
	if len(d.left) > 0 {
		return "", d.left[0]
	}
	b, err := json.Marshal(d.out)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), nil
}

// Every field is read from what Zoho sends, and written as Zoho takes it.
func TestFields(t *testing.T) {
	type row struct {
		field       record.Field
		json        string
		value       string
		sent        string // "": the same as json
		sentCleared string // "": all names null
	}
	rows := map[record.Kind][]row{
		record.Contact: {
			{record.Salutation, `{"Salutation":"Dr."}`, "Dr.", "", ""},
			{record.FirstName, `{"First_Name":"Ada"}`, "Ada", "", ""},
			{record.LastName, `{"Last_Name":"Lovelace; King"}`, "Lovelace; King", "", "mandatory"},
			{record.Title, `{"Title":"Countess"}`, "Countess", "", ""},
			{record.Account, `{"Account_Name":{"name":"Engines Ltd","id":"11"}}`, "Engines Ltd", `{"Account_Name":{"id":"11"}}`, ""},
			{record.Department, `{"Department":"Analysis"}`, "Analysis", "", ""},
			{record.EmailMain, `{"Email":"Ada@Example.test"}`, "ada@example.test", `{"Email":"ada@example.test"}`, ""},
			{record.EmailOther, `{"Secondary_Email":"a@b.test"}`, "a@b.test", "", ""},
			{record.Phone, `{"Phone":"+44 1"}`, "+44 1", "", ""},
			{record.Mobile, `{"Mobile":"+44 2"}`, "+44 2", "", ""},
			{record.HomePhone, `{"Home_Phone":"+44 3"}`, "+44 3", "", ""},
			{record.OtherPhone, `{"Other_Phone":"+44 4"}`, "+44 4", "", ""},
			{record.Fax, `{"Fax":"+44 5"}`, "+44 5", "", ""},
			{record.Assistant, `{"Assistant":"Mary"}`, "Mary", "", ""},
			{record.AssistantPhone, `{"Asst_Phone":"+44 6"}`, "+44 6", "", ""},
			{record.ReportsTo, `{"Reporting_To":{"name":"Charles Babbage","id":"12"}}`, "Charles Babbage", `{"Reporting_To":{"id":"12"}}`, ""},
			{record.MailingAddress, `{"Mailing_City":"London","Mailing_Country":null,"Mailing_State":null,"Mailing_Street":"1; St","Mailing_Zip":"W1"}`, `1\; St;London;;W1;`, "", ""},
			{record.OtherAddress, `{"Other_City":null,"Other_Country":"UK","Other_State":null,"Other_Street":null,"Other_Zip":null}`, ";;;;UK", "", ""},
			{record.Birthday, `{"Date_of_Birth":"1815-12-10"}`, "1815-12-10", "", ""},
			{record.Details, `{"Description":"first\nsecond"}`, "first\nsecond", "", ""},
			{record.Categories, `{"Tag":[{"name":"vip","id":"3","color_code":null},{"name":"a;b"}]}`, `a\;b;vip`, `{"Tag":[{"name":"a;b"},{"name":"vip"}]}`, `{"Tag":[]}`},
			{record.Owner, `{"Owner":{"name":"Me","id":"901","email":"me@example.test"}}`, "901", "forbidden", "forbidden"},
			{"zoho:Number__c", `{"Number__c":12}`, "12", "", ""},
			{"zoho:Flag__c", `{"Flag__c":true}`, "true", "", `{"Flag__c":false}`},
			{"zoho:Moment__c", `{"Moment__c":"2026-07-01T12:00:00+02:00"}`, "2026-07-01T10:00:00Z", "", ""},
			{"zoho:Several__c", `{"Several__c":["b","a"]}`, "a;b", `{"Several__c":["a","b"]}`, `{"Several__c":[]}`},
		},
		record.Task: {
			{record.Subject, `{"Subject":"Call"}`, "Call", "", "mandatory"},
			{record.Due, `{"Due_Date":"2026-12-01"}`, "2026-12-01", "", ""},
			{record.Priority, `{"Priority":"HIGH"}`, record.High, "", ""},
			{record.Priority, `{"Priority":"Whenever"}`, "Whenever", "", ""},
			{record.Status, `{"Status":"In progress"}`, record.InProgress, "", ""},
			{record.Status, `{"Status":"Waiting for input"}`, record.Waiting, "", ""},
			{record.Details, `{"Description":"text"}`, "text", "", ""},
			{record.Reminder, `{"Remind_At":{"ALARM":"FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-07-03T12:30:00+02:00"}}`, "2026-07-03T10:30:00Z", "", ""},
			{record.Categories, `{"Tag":[{"name":"vip"}]}`, "vip", "", `{"Tag":[]}`},
			{record.Owner, `{"Owner":{"id":"901"}}`, "901", "forbidden", "forbidden"},
		},
		record.Event: {
			{record.Title, `{"Event_Title":"Review"}`, "Review", "", "mandatory"},
			{record.When, `{"All_day":false,"End_DateTime":"2026-11-24T11:00:00+01:00","Start_DateTime":"2026-11-24T10:00:00+01:00"}`, "2026-11-24T09:00:00Z/2026-11-24T10:00:00Z", "", "mandatory"},
			{record.When, `{"All_day":true,"End_DateTime":"2026-11-25T00:00:00+01:00","Start_DateTime":"2026-11-24T00:00:00+01:00"}`, "2026-11-24/2026-11-26", "", "mandatory"},
			{record.Venue, `{"Venue":"Room 1"}`, "Room 1", "", ""},
			{record.Details, `{"Description":"text"}`, "text", "", ""},
			{record.Participants, `{"Participants":[{"participant":"bob@example.test","type":"email"}]}`, "bob@example.test", "", `{"Participants":[]}`},
			{record.Reminders, `{"Remind_At":[{"unit":15,"period":"minutes"},{"unit":24,"period":"hours"}]}`, "15;1440", "", `{"Remind_At":[]}`},
			{record.Categories, `{"Tag":[{"name":"vip"}]}`, "vip", "", `{"Tag":[]}`},
			{record.Owner, `{"Owner":{"id":"901"}}`, "901", "forbidden", "forbidden"},
		},
	}
	for _, def := range record.Fields {
		found := false
		for _, r := range rows[def.Kind] {
			found = found || r.field == def.Field
		}
		if !found && def.Field != record.Extra { // the CRM has none of these
			t.Errorf("field %s of a %s is not tried", def.Field, def.Kind)
		}
	}
	for kind, list := range rows {
		for _, r := range list {
			if v, err := readField(t, kind, r.field, r.json); err != nil || v != r.value {
				t.Errorf("%s %s reads as %q, %v, want %q", kind, r.json, v, err, r.value)
			}
			if r.sent == "" {
				r.sent = r.json
			}
			expect(t, kind, r.field, r.value, r.sent)
			if r.sentCleared == "" {
				r.sentCleared = nulls(t, r.json)
			}
			expect(t, kind, r.field, "", r.sentCleared)
		}
	}
}

// expect writes a field to a record that exists and compares what is sent, or the code of the refusal.
func expect(t *testing.T, kind record.Kind, f record.Field, v, want string) {
	t.Helper()
	got, e := writeField(t, kind, f, v, `{"Participants":[]}`)
	if e != nil {
		got = e.Code
		if e.Field != f {
			t.Errorf("%s stays behind and is called %q", f, e.Field)
		}
	}
	if got != want {
		t.Errorf("%s %s = %q sends %s, want %s", kind, f, v, got, want)
	}
}

func nulls(t testing.TB, s string) string {
	out := map[string]any{}
	for n := range parse(t, s) {
		out[n] = nil
	}
	b, _ := json.Marshal(out)
	return string(b)
}

// What nobody filled in is absent, whatever form of nothing Zoho sends.
func TestNothingIsAbsent(t *testing.T) {
	for _, kind := range record.Kinds {
		for _, def := range record.Fields {
			if def.Kind != kind || def.Field == record.Extra {
				continue
			}
			m := moduleOf(t, kind)
			c, _ := m.column(def.Field)
			o := map[string]any{}
			for _, n := range c.names {
				o[n] = nil
			}
			b, _ := json.Marshal(o)
			for _, s := range []string{string(b), `{}`} {
				if v, err := readField(t, kind, def.Field, s); v != "" || err != nil {
					t.Errorf("%s of %s reads as %q, %v", def.Field, s, v, err)
				}
			}
		}
	}
	if v, _ := readField(t, record.Contact, record.Salutation, `{"Salutation":"-None-"}`); v != "" {
		t.Errorf("-None- reads as %q", v)
	}
}

// A value that cannot be read is an error: read as nothing it would be cleared on the other side.
func TestUnreadable(t *testing.T) {
	for _, r := range []struct {
		kind  record.Kind
		field record.Field
		json  string
	}{
		{record.Event, record.When, `{"Start_DateTime":"soon","End_DateTime":"later"}`},
		{record.Event, record.Reminders, `{"Remind_At":[{"unit":1,"period":"fortnights"}]}`},
		{record.Event, record.Reminders, `{"Remind_At":"every now and then"}`},
		{record.Event, record.Participants, `{"Participants":"Ada"}`},
		{record.Task, record.Reminder, `{"Remind_At":{"ALARM":"TRIGGER=SOON"}}`},
		{record.Task, record.Reminder, `{"Remind_At":{"ALARM":"TRIGGER=DATE-TIME:SOON"}}`},
		{record.Contact, record.Categories, `{"Tag":"vip"}`},
		{record.Contact, record.Account, `{"Account_Name":"Engines Ltd"}`},
	} {
		if v, err := readField(t, r.kind, r.field, r.json); !errors.Is(err, errUnreadable) {
			t.Errorf("%s reads as %q, %v", r.json, v, err)
		}
	}
}

// What does not fit stays behind with its reason, and is never cut.
func TestMisfits(t *testing.T) {
	many := make([]string, maxParticipants+1)
	for i := range many {
		many[i] = string(rune('a'+i%26)) + string(rune('a'+i/26)) + "@example.test"
	}
	for _, r := range []struct {
		kind  record.Kind
		field record.Field
		value string
		code  string
	}{
		{record.Contact, record.FirstName, strings.Repeat("ä", 101), provider.CodeTooLong},
		{record.Contact, record.MailingAddress, record.Join("", strings.Repeat("x", 101), "", "", ""), provider.CodeTooLong},
		{record.Contact, record.MailingAddress, record.Join("1", "2", "3", "4", "5", "6"), provider.CodeInvalid},
		{record.Contact, record.Salutation, "Lady", provider.CodeNoChoice},
		{record.Contact, record.Birthday, "--12-10", provider.CodeInvalid},
		{record.Contact, record.Account, "Unknown Ltd", provider.CodeUnknownAccount},
		{record.Contact, record.ReportsTo, "Nobody", provider.CodeUnknownContact},
		{record.Contact, "zoho:Number__c", "twelve", provider.CodeInvalid},
		{record.Contact, "zoho:Flag__c", "perhaps", provider.CodeInvalid},
		{record.Task, record.Status, record.Cancelled, provider.CodeNoChoice},
		{record.Task, record.Reminder, "soon", provider.CodeInvalid},
		{record.Event, record.When, "2026-11-24", provider.CodeInvalid},
		{record.Event, record.Reminders, "90", provider.CodeInvalid},
		{record.Event, record.Participants, record.Join(many...), provider.CodeTooLong},
	} {
		if got, e := writeField(t, r.kind, r.field, r.value, `{"Participants":[]}`); e == nil || e.Code != r.code {
			t.Errorf("%s = %.20q: got %s %v, want %s", r.field, r.value, got, e, r.code)
		}
	}
}

// Those who stay among the participants stay as Zoho sent them, with those whom only Zoho knows.
func TestParticipantsAreKept(t *testing.T) {
	now := `{"Participants":[
		{"type":"contact","participant":"55","name":"Ada","Email":"Ada@example.test","invited":true,"status":"accepted"},
		{"type":"user","participant":"56","name":"No address"},
		{"type":"email","participant":"bob@example.test","Email":"bob@example.test"}]}`
	got, e := writeField(t, record.Event, record.Participants, "ada@example.test;eve@example.test", now)
	if e != nil {
		t.Fatal(e)
	}
	var sent struct{ Participants []map[string]any }
	if err := json.Unmarshal([]byte(got), &sent); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{
		{"type": "contact", "participant": "55", "name": "Ada", "Email": "Ada@example.test", "invited": true, "status": "accepted"},
		{"type": "user", "participant": "56", "name": "No address"},
		{"type": "email", "participant": "eve@example.test"},
	}
	if !reflect.DeepEqual(sent.Participants, want) {
		t.Errorf("sent %v", sent.Participants)
	}
	// A list that was not told cannot be replaced without losing somebody.
	if _, e := writeField(t, record.Event, record.Participants, "eve@example.test", `{"id":"1"}`); e == nil {
		t.Error("participants that were not told are overwritten")
	}
	if got, e := writeField(t, record.Event, record.Participants, "eve@example.test", ""); e != nil || !strings.Contains(got, "eve@") {
		t.Errorf("a new meeting has participants %s, %v", got, e)
	}
}

// Limits follow the organisation's metadata.
func TestLimits(t *testing.T) {
	m := moduleOf(t, record.Contact)
	set := func(name string, f func(*fieldMeta)) {
		meta := m.fields[name]
		f(&meta)
		m.fields[name] = meta
	}
	no := false
	set("Last_Name", func(f *fieldMeta) { f.Length = 80 })
	set("Mailing_Zip", func(f *fieldMeta) { f.Length = 30 })
	set("Fax", func(f *fieldMeta) { f.Operation.Update = &no })
	set("Phone", func(f *fieldMeta) { f.Profiles[0].Permission = "read_only" })
	delete(m.fields, "Other_State")
	m.hasMark = true
	m.fields[markName] = fieldMeta{APIName: markName, DataType: "text", Length: 255}
	limits := m.info().Limits[record.Contact]
	want := map[record.Field]record.Limit{
		record.LastName:       {Max: 80, Mandatory: true},
		record.MailingAddress: {Parts: []int{100, 100, 100, 30, 100}},
		record.Fax:            {Max: 100, ReadOnly: true},
		record.Phone:          {Max: 100, ReadOnly: true},
		record.Salutation:     {Choices: []string{"Mr.", "Dr."}},
		record.Owner:          {ReadOnly: true},
		record.Categories:     {},
		record.Account:        {},
		"zoho:Number__c":      {},
	}
	for f, l := range want {
		if got, ok := limits[f]; f != "zoho:Number__c" && (!ok || !reflect.DeepEqual(got, l)) {
			t.Errorf("%s: limit %+v, want %+v", f, got, l)
		}
	}
	for _, f := range []record.Field{record.OtherAddress, customPrefix + markName, "zoho:Picture__c", "zoho:Email"} {
		if _, ok := limits[f]; ok {
			t.Errorf("field %s is held", f)
		}
	}
	task := moduleOf(t, record.Task).info().Limits[record.Task]
	if got := task[record.Priority].Choices; !reflect.DeepEqual(got, []string{"high", "highest", "low", "lowest", "normal", "Whenever"}) {
		t.Errorf("choices of priority: %q", got)
	}
	if event := moduleOf(t, record.Event).info().Limits[record.Event]; event[record.Reminders].Mandatory || !event[record.When].Mandatory {
		t.Error("of a meeting, the time is mandatory and reminders are not")
	}
}
