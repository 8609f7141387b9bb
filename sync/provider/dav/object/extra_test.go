package object

import (
	"testing"

	"zohosync/sync/record"
)

// C-27: what no field stands for is counted, and stays whatever else is edited.
func TestExtraValuesAreCountedAndKept(t *testing.T) {
	alarm := func(trigger string, more ...string) []string {
		return append(append([]string{"BEGIN:VALARM", "ACTION:DISPLAY", trigger}, more...), "END:VALARM")
	}
	var alarms []string
	for _, a := range [][]string{alarm("TRIGGER:-PT15M"), alarm("TRIGGER;RELATED=END:PT5M"), alarm("TRIGGER;VALUE=DATE-TIME:20260701T080000Z"), alarm("TRIGGER:PT0S", "PROXIMITY:ARRIVE")} {
		alarms = append(alarms, a...)
	}
	for name, c := range map[string]struct {
		kind record.Kind
		body string
		want string
	}{
		"two of each": {record.Contact, vcard("3.0", "N:Doe;Jane;;;", "FN:Jane Doe", "EMAIL:a@x", "EMAIL:b@x", "TEL;TYPE=CELL:1", "ADR:;;s;;;;", "ADR:;;t;;;;", "ORG:O;U"), ""},
		"three of each": {record.Contact, vcard("3.0", "N:Doe;Jane;Q;;Jr.", "FN:Jane Q Doe Jr.", "EMAIL:a@x", "EMAIL:b@x", "EMAIL:c@x", "TEL;TYPE=CELL:1", "TEL;TYPE=CELL:2",
			"TEL;TYPE=PAGER:3", "ADR:;;s;;;;", "ADR:;;t;;;;", "item1.ADR:;;u;;;;", "ORG:O;U;Team;"), "7"},
		"alarms of an event": {record.Event, event(append([]string{"DTSTART:20260701T100000Z", "ATTENDEE:mailto:a@x", "ATTENDEE;CN=B:urn:uuid:1"}, alarms...)...), "4"},
		"alarms of a task":   {record.Task, task(append([]string{"DTSTART:20260701T100000Z", "DUE:20260702T100000Z"}, alarms...)...), "3"},
		"no alarm":           {record.Task, task("SUMMARY:x"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			k := codec(t, c.kind)
			k.Fields = append(k.Fields, record.Extra)
			if got := read(t, k, c.body).Record[record.Extra]; got != c.want {
				t.Fatalf("%q extra values, want %q", got, c.want)
			}
			for _, f := range []record.Field{record.EmailMain, record.Mobile, record.MailingAddress, record.Department, record.FirstName, record.Reminders, record.Reminder, record.Participants} {
				for _, v := range newValues(c.kind, f) {
					if v == "" && f == record.Reminder {
						continue // clearing the reminder of a task means every alarm that is one
					}
					out, err := k.Edit([]byte(c.body), record.Patch{f: v, record.Extra: "0"})
					if err != nil {
						t.Fatal(err)
					}
					if got := read(t, k, string(out)).Record[record.Extra]; got != c.want {
						t.Errorf("%s=%q: %q extra values, want %q:\n%s", f, v, got, c.want, out)
					}
				}
			}
		})
	}
}
