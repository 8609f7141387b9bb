package object

import (
	"slices"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

const berlinZone = "BEGIN:VTIMEZONE\r\nTZID:%ID%\r\n" +
	"BEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nDTSTART:19810329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n" +
	"BEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nDTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE"

func TestWhenIsRead(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"utc", []string{"DTSTART:20260701T100000Z", "DTEND:20260701T110000Z"}, "2026-07-01T10:00:00Z/2026-07-01T11:00:00Z"},
		{"zone in summer", []string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DURATION:PT1H"}, "2026-07-01T08:00:00Z/2026-07-01T09:00:00Z"},
		{"zone in winter", []string{"DTSTART;TZID=Europe/Berlin:20260101T100000", "DURATION:PT1H"}, "2026-01-01T09:00:00Z/2026-01-01T10:00:00Z"},
		{"south", []string{"DTSTART;TZID=America/Sao_Paulo:20180101T100000"}, "2018-01-01T12:00:00Z/2018-01-01T12:00:00Z"},
		{"two zones", []string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DTEND;TZID=America/New_York:20260701T100000"}, "2026-07-01T08:00:00Z/2026-07-01T14:00:00Z"},
		{"windows zone", []string{`DTSTART;TZID="W. Europe Standard Time":20260701T100000`}, "2026-07-01T08:00:00Z/2026-07-01T08:00:00Z"},
		{"prefixed zone", []string{"DTSTART;TZID=/freeassociation.sourceforge.net/America/Argentina/Salta:20260701T100000"}, "2026-07-01T13:00:00Z/2026-07-01T13:00:00Z"},
		{"floating", []string{"DTSTART:20260701T100000"}, "2026-07-01T08:00:00Z/2026-07-01T08:00:00Z"},
		{"skipped hour", []string{"DTSTART;TZID=Europe/Berlin:20260329T023000"}, "2026-03-29T01:30:00Z/2026-03-29T01:30:00Z"},
		{"doubled hour", []string{"DTSTART;TZID=Europe/Berlin:20261025T023000"}, "2026-10-25T00:30:00Z/2026-10-25T00:30:00Z"},
		{"nominal day", []string{"DTSTART;TZID=Europe/Berlin:20260328T120000", "DURATION:P1D"}, "2026-03-28T11:00:00Z/2026-03-29T10:00:00Z"},
		{"leap second", []string{"DTSTART:20161231T235960Z"}, "2016-12-31T23:59:59Z/2016-12-31T23:59:59Z"},
		{"day", []string{"DTSTART;VALUE=DATE:20260701"}, "2026-07-01/2026-07-02"},
		{"day without VALUE", []string{"DTSTART:20260701", "DTEND:20260703"}, "2026-07-01/2026-07-03"},
		{"days by duration", []string{"DTSTART;VALUE=DATE:20260701", "DURATION:P1W"}, "2026-07-01/2026-07-08"},
		{"end before start", []string{"DTSTART:20260701T100000Z", "DTEND:20260701T090000Z"}, "2026-07-01T10:00:00Z/2026-07-01T10:00:00Z"},
		{"day ends where it begins", []string{"DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20260701"}, "2026-07-01/2026-07-02"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := read(t, codec(t, record.Event), event(c.lines...)).Record[record.When]; got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestUnknownTimesAreNotGuessed(t *testing.T) {
	for _, line := range []string{
		"DTSTART;TZID=Nowhere:20260701T100000", "DTSTART:next week", "SUMMARY:no start", "DTSTART:99991231T230000Z", "DTSTART:2026-07-01T10:00:00Z",
		"DTSTART;VALUE=DATE:20260701\r\nDTEND:20260701T100000Z", "DTSTART:20260701T100000Z\r\nDURATION:long",
		"DTSTART:99980101T000000Z\r\nDURATION:P90000W",
	} {
		c := codec(t, record.Event)
		_, skip := c.Read("a", []byte(event(line)))
		if skip == nil {
			t.Fatalf("%s was read", line)
		}
		wantCode(t, skip.Err, provider.CodeUnreadable, record.When)
		c.Fields = []record.Field{record.Title}
		read(t, c, event(line)) // who does not sync times does not mind
	}
}

// C-12: an edit of the title leaves every date as it is, byte for byte.
func TestTitleAloneChanges(t *testing.T) {
	in := event("DTSTART;TZID=Europe/Berlin;X-A=\"b;c\":20260701T100000", "DtEnd;TZID=Europe/Berlin:20260701T110000",
		"SUMMARY;LANGUAGE=en:Old", "X-ODD;P=1:", " folded", "SEQUENCE:4")
	out := edited(t, codec(t, record.Event), in, record.Patch{record.Title: "New, better; \\ é"})
	wantChanges(t, in, out, append(stamps(), "-SUMMARY;LANGUAGE=en:Old", `+SUMMARY;LANGUAGE=en:New\, better\; \\ é`)...)
}

func TestEditWithoutNewsChangesNothing(t *testing.T) {
	in := event("DTSTART:20260701T100000Z", "SUMMARY:Old")
	out, err := codec(t, record.Event).Edit([]byte(in), record.Patch{
		record.Title: " Old ", record.When: "2026-07-01T10:00:00Z/2026-07-01T10:00:00Z", record.Owner: "1", "zoho:X": "y"})
	if err != nil || string(out) != in {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestWhenIsEdited(t *testing.T) {
	for _, c := range []struct {
		name, when string
		lines      []string
		want       []string
	}{
		{"own zone", "2026-12-01T09:00:00Z/2026-12-01T10:00:00Z",
			[]string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DTEND;TZID=Europe/Berlin:20260701T110000", "SEQUENCE:2"},
			[]string{"-DTSTART;TZID=Europe/Berlin:20260701T100000", "+DTSTART;TZID=Europe/Berlin:20261201T100000",
				"-DTEND;TZID=Europe/Berlin:20260701T110000", "+DTEND;TZID=Europe/Berlin:20261201T110000", "-SEQUENCE:2", "+SEQUENCE:3"}},
		{"end alone", "2026-07-01T08:00:00Z/2026-07-01T10:00:00Z",
			[]string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DTEND;TZID=Europe/Berlin:20260701T110000"},
			[]string{"-DTEND;TZID=Europe/Berlin:20260701T110000", "+DTEND;TZID=Europe/Berlin:20260701T120000", "+SEQUENCE:1"}},
		{"utc", "2026-12-01T09:00:00Z/2026-12-01T10:00:00Z", []string{"DTSTART:20260701T100000Z"},
			[]string{"-DTSTART:20260701T100000Z", "+DTSTART:20261201T090000Z", "+DTEND:20261201T100000Z", "+SEQUENCE:1"}},
		{"floating", "2026-12-01T09:00:00Z/2026-12-01T10:00:00Z", []string{"DTSTART:20260701T100000"},
			[]string{"-DTSTART:20260701T100000", "+DTSTART:20261201T100000", "+DTEND:20261201T110000", "+SEQUENCE:1"}},
		{"duration stays", "2026-12-01T09:00:00Z/2026-12-01T10:00:00Z", []string{"DTSTART:20260701T100000Z", "DURATION:P0DT60M"},
			[]string{"-DTSTART:20260701T100000Z", "+DTSTART:20261201T090000Z", "+SEQUENCE:1"}},
		{"duration grows", "2026-07-01T10:00:00Z/2026-07-02T12:30:05Z", []string{"DTSTART:20260701T100000Z", "DURATION:PT60M"},
			[]string{"-DURATION:PT60M", "+DURATION:PT26H30M5S", "+SEQUENCE:1"}},
		{"no length", "2026-07-01T10:00:00Z/2026-07-01T10:00:00Z", []string{"DTSTART:20260701T100000Z", "DTEND:20260701T110000Z"},
			[]string{"-DTEND:20260701T110000Z", "+SEQUENCE:1"}},
		{"to days", "2026-07-01/2026-07-03",
			[]string{"DTSTART;TZID=Europe/Berlin;X-P=1:20260701T100000", "DTEND;TZID=Europe/Berlin:20260701T110000"},
			[]string{"-DTSTART;TZID=Europe/Berlin;X-P=1:20260701T100000", "+DTSTART;X-P=1;VALUE=DATE:20260701",
				"-DTEND;TZID=Europe/Berlin:20260701T110000", "+DTEND;VALUE=DATE:20260703", "+SEQUENCE:1"}},
		{"to days with duration", "2026-07-01/2026-07-03", []string{"DTSTART:20260701T100000Z", "DURATION:PT1H"},
			[]string{"-DTSTART:20260701T100000Z", "+DTSTART;VALUE=DATE:20260701", "-DURATION:PT1H", "+DURATION:P2D", "+SEQUENCE:1"}},
		{"to times", "2026-07-01T10:00:00Z/2026-07-01T11:00:00Z", []string{"DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20260702"},
			[]string{"-DTSTART;VALUE=DATE:20260701", "+DTSTART:20260701T100000Z", "-DTEND;VALUE=DATE:20260702", "+DTEND:20260701T110000Z", "+SEQUENCE:1"}},
		{"one day more", "2026-07-01/2026-07-03", []string{"DTSTART;VALUE=DATE:20260701"}, []string{"+DTEND;VALUE=DATE:20260703", "+SEQUENCE:1"}},
		{"the second of a doubled hour", "2026-10-25T01:30:00Z/2026-10-25T02:30:00Z",
			[]string{"DTSTART;TZID=Europe/Berlin:20260701T100000", "DTEND;TZID=Europe/Berlin:20260701T110000"},
			[]string{"-DTSTART;TZID=Europe/Berlin:20260701T100000", "+DTSTART:20261025T013000Z",
				"-DTEND;TZID=Europe/Berlin:20260701T110000", "+DTEND:20261025T023000Z", "+SEQUENCE:1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := event(c.lines...)
			out := edited(t, codec(t, record.Event), in, record.Patch{record.When: c.when})
			wantChanges(t, in, out, append(stamps(), c.want...)...)
		})
	}
}

func TestWhenIsRefused(t *testing.T) {
	in := []byte(event("DTSTART:20260701T100000Z"))
	for v, code := range map[string]string{"": provider.CodeMandatory, "soon": provider.CodeInvalid, "2026-07-02T10:00:00Z/2026-07-01T10:00:00Z": provider.CodeInvalid} {
		_, err := codec(t, record.Event).Edit(in, record.Patch{record.When: v})
		wantCode(t, err, code, record.When)
	}
}

// C-14: an all-day event stays one, whatever the zone of the computer.
func TestDaysStayDays(t *testing.T) {
	for _, zone := range []string{"Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "Europe/Berlin", "America/Sao_Paulo"} {
		c := codec(t, record.Event)
		c.Zone = location(t, zone)
		body := event("DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20260703")
		for _, when := range []string{"2026-07-02/2026-07-04", "2026-10-25/2026-10-26", "2026-07-01/2026-07-03"} {
			body = edited(t, c, body, record.Patch{record.When: when})
		}
		wantChanges(t, event("DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20260703"), body, append(stamps(), "+SEQUENCE:3")...)
	}
}

// C-40: the organiser stays who it is, whoever else is invited by the CRM.
func TestParticipants(t *testing.T) {
	in := event("DTSTART:20260701T100000Z", "ORGANIZER:mailto:boss@x", `ATTENDEE;CN="A, B";PARTSTAT=ACCEPTED:mailto:A@x.example`,
		"ATTENDEE:MAILTO:b%2Bc@x", "ATTENDEE;EMAIL=d@x:urn:uuid:1", "ATTENDEE:urn:uuid:2")
	c := codec(t, record.Event)
	if got := read(t, c, in).Record[record.Participants]; got != "a@x.example;b+c@x;d@x" {
		t.Errorf("read %q", got)
	}
	out := edited(t, c, in, record.Patch{record.Participants: "a@x.example;new one?@x;z@x"})
	wantChanges(t, in, out, append(stamps(), "-ATTENDEE:MAILTO:b%2Bc@x", "-ATTENDEE;EMAIL=d@x:urn:uuid:1",
		"+ATTENDEE;SCHEDULE-AGENT=CLIENT;PARTSTAT=NEEDS-ACTION:mailto:new%20one%3F@x", "+ATTENDEE;SCHEDULE-AGENT=CLIENT;PARTSTAT=NEEDS-ACTION:mailto:z@x")...)
}

// C-32: alarms that we do not map stay, and one in the past does not ring.
func TestReminders(t *testing.T) {
	odd := []string{"BEGIN:VALARM", "TRIGGER;RELATED=END:-PT5M", "END:VALARM", "BEGIN:VALARM", "TRIGGER:PT5M", "END:VALARM",
		"BEGIN:VALARM", "TRIGGER:-PT90S", "END:VALARM", "BEGIN:VALARM", "ACTION:NONE", "TRIGGER:-PT9M", "END:VALARM",
		"BEGIN:VALARM", "TRIGGER;VALUE=DATE-TIME:20260701T000000Z", "END:VALARM"}
	kept := []string{"BEGIN:VALARM", "X-ODD:1", "TRIGGER:-P1D", "ACTION:AUDIO", "END:VALARM"}
	gone := []string{"BEGIN:VALARM", "TRIGGER:-PT0H15M0S", "END:VALARM"}
	in := event(slices.Concat([]string{"DTSTART:20260701T100000Z"}, odd, kept, gone)...)
	c := codec(t, record.Event)
	if got := read(t, c, in).Record[record.Reminders]; got != "15;1440" {
		t.Errorf("read %q", got)
	}
	out := edited(t, c, in, record.Patch{record.Reminders: "0;1440;2880"})
	wantChanges(t, in, out, append(stamps(), "-TRIGGER:-PT0H15M0S", "+BEGIN:VALARM", "+END:VALARM",
		"+ACTION:DISPLAY", "+TRIGGER:-PT0M", "+DESCRIPTION:Reminder", "+ACTION:DISPLAY", "+TRIGGER:-P2D", "+DESCRIPTION:Reminder")...)
	out = edited(t, c, event("DTSTART:20200701T100000Z"), record.Patch{record.Reminders: "5"})
	wantChanges(t, event("DTSTART:20200701T100000Z"), out, append(stamps(), "+BEGIN:VALARM", "+ACTION:DISPLAY", "+TRIGGER:-PT5M",
		"+DESCRIPTION:Reminder", "+ACKNOWLEDGED:"+noonUTC, "+END:VALARM")...)
}

func TestCategories(t *testing.T) {
	in := event("DTSTART:20260701T100000Z", `CATEGORIES;LANGUAGE=en:a,b\,c, d`, "CATEGORIES:e", "CATEGORIES:f,e")
	c := codec(t, record.Event)
	if got := read(t, c, in).Record[record.Categories]; got != "a;b,c;d;e;f" {
		t.Errorf("read %q", got)
	}
	out := edited(t, c, in, record.Patch{record.Categories: "a;b,c;f;g,h"})
	wantChanges(t, in, out, append(stamps(), `-CATEGORIES;LANGUAGE=en:a,b\,c, d`, `+CATEGORIES;LANGUAGE=en:a,b\,c`, "-CATEGORIES:e",
		"-CATEGORIES:f,e", `+CATEGORIES:f,g\,h`)...)
	out = edited(t, c, event("DTSTART:20260701T100000Z", "CATEGORIES;X=1:a,b"), record.Patch{record.Categories: "c"})
	wantChanges(t, event("DTSTART:20260701T100000Z", "CATEGORIES;X=1:a,b"), out, append(stamps(), "-CATEGORIES;X=1:a,b", "+CATEGORIES;X=1:c")...)
	edited(t, c, in, record.Patch{record.Categories: ""})
	edited(t, c, event("DTSTART:20260701T100000Z"), record.Patch{record.Categories: "x;y"})
}

func TestTextsAreSetAndCleared(t *testing.T) {
	c := codec(t, record.Event)
	for _, f := range []record.Field{record.Title, record.Venue, record.Details} {
		empty := event("DTSTART:20260701T100000Z")
		full := edited(t, c, empty, record.Patch{f: "one, two; three"})
		if back := edited(t, c, full, record.Patch{f: ""}); len(changes(empty, back)) != len(stamps()) {
			t.Errorf("%s: %v", f, changes(empty, back))
		}
	}
	edited(t, c, event("DTSTART:20260701T100000Z", "DESCRIPTION:x"), record.Patch{record.Details: "one\n\ntwo"})
}
