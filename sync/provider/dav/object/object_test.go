package object

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

func TestReadNamesTheItem(t *testing.T) {
	item := read(t, codec(t, record.Event), event("DTSTART:20260701T100000Z", "X-ZOHO-CRM-ID:4711", "LAST-MODIFIED:20260102T030405Z"))
	if item.ID != "/cal/a.ics" || item.Group != item.ID || item.Slot != "" || item.Self != "u1" || item.Mark != "4711" ||
		!item.Modified.Equal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)) || item.Revision == "" {
		t.Errorf("%+v", item)
	}
	card := "BEGIN:VCARD\nVERSION:3.0\nFN:x\nREV:2026-01-02T03:04:05.5Z\nEND:VCARD"
	item, skip := codec(t, record.Contact).Read("/book/b%40c.vcf", []byte(card))
	if skip != nil || item.Self != "b%40c.vcf" || item.Modified.Unix() != 1767323045 {
		t.Errorf("%+v, %+v", item, skip)
	}
}

func TestReadFillsOnlyItsFields(t *testing.T) {
	c := codec(t, record.Event)
	c.Fields = []record.Field{record.Title, record.Owner}
	got := read(t, c, event("DTSTART:20260701T100000Z", "SUMMARY:x", "LOCATION:y")).Record
	if !maps.Equal(got, record.Record{record.Title: "x"}) {
		t.Errorf("%v", got)
	}
}

func TestSkips(t *testing.T) {
	two := strings.Replace(event("DTSTART:20260701T100000Z"), "END:VCALENDAR\r\n", "", 1)
	second := "BEGIN:VEVENT\r\nUID:%\r\nDTSTART:20260701T100000Z\r\n&END:VEVENT\r\nEND:VCALENDAR\r\n"
	with := func(uid, line string) string {
		return two + strings.NewReplacer("%", uid, "&", line).Replace(second)
	}
	for _, c := range []struct {
		name, body, code string
		kind             record.Kind
		title            string
	}{
		{"rule", event("SUMMARY:T", "DTSTART:20260701T100000Z", "RRULE:FREQ=DAILY"), provider.CodeRecurring, record.Event, "T"},
		{"dates", event("DTSTART:20260701T100000Z", "rdate:20260702T100000Z"), provider.CodeRecurring, record.Event, ""},
		{"old rule", event("DTSTART:20260701T100000Z", "EXRULE:FREQ=DAILY"), provider.CodeRecurring, record.Event, ""},
		{"override", event("DTSTART:20260701T100000Z", "RECURRENCE-ID:20260701T100000Z"), provider.CodeRecurring, record.Event, ""},
		{"series of tasks", task("SUMMARY:S", "DUE:20260701T100000Z", "RRULE:FREQ=DAILY"), provider.CodeRecurring, record.Task, "S"},
		{"master and override", with("u1", "RECURRENCE-ID:20260701T100000Z\r\n"), provider.CodeRecurring, record.Event, ""},
		{"twice", with("u1", ""), provider.CodeUnreadable, record.Event, ""},
		{"two items", with("u2", ""), provider.CodeUnreadable, record.Event, ""},
		{"task among events", task("SUMMARY:x"), provider.CodeOtherKind, record.Event, ""},
		{"event among tasks", event("DTSTART:20260701T100000Z"), provider.CodeOtherKind, record.Task, ""},
		{"card among events", vcard("3.0", "FN:x"), provider.CodeOtherKind, record.Event, ""},
		{"event among cards", event(), provider.CodeOtherKind, record.Contact, ""},
		{"group", vcard("4.0", "FN:G", "KIND:group"), provider.CodeOtherKind, record.Contact, "G"},
		{"group of Apple", vcard("3.0", "FN:G", "X-ADDRESSBOOKSERVER-KIND:group"), provider.CodeOtherKind, record.Contact, "G"},
		{"nothing", text("BEGIN:VCALENDAR", "END:VCALENDAR"), provider.CodeUnreadable, record.Event, ""},
		{"vCalendar", strings.Replace(event("SUMMARY:O", "DTSTART:20260701T100000Z"), "2.0", "1.0", 1), provider.CodeUnreadable, record.Event, "O"},
		{"flaw", event("DTSTART:20260701T100000Z", "BEGIN:VALARM"), provider.CodeUnreadable, record.Event, ""},
		{"two cards", vcard("3.0", "FN:x") + vcard("3.0", "FN:y"), provider.CodeUnreadable, record.Contact, ""},
		{"html", "<html>", provider.CodeUnreadable, record.Event, ""},
		{"cut", strings.TrimSuffix(event("DTSTART:20260701T100000Z"), "END:VCALENDAR\r\n"), provider.CodeUnreadable, record.Event, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			cc := codec(t, c.kind)
			_, skip := cc.Read("a", []byte(c.body))
			if skip == nil {
				t.Fatal("it was read")
			}
			wantCode(t, skip.Err, c.code, "")
			if skip.ID != "a" || skip.Group != "a" || skip.Title != c.title {
				t.Errorf("%+v", skip)
			}
			_, err := cc.Edit([]byte(c.body), record.Patch{record.Title: "x"})
			wantCode(t, err, c.code, "")
		})
	}
	read(t, codec(t, record.Event), event("DTSTART:20260701T100000Z", "EXDATE:20260702T100000Z")) // without a rule it says nothing
}

func TestRefusalsHoldNoContent(t *testing.T) {
	_, skip := codec(t, record.Event).Read("a", []byte("BEGIN:VCALENDAR\nSECRET\nEND:VEVENT\nEND:VCALENDAR"))
	var e *contentline.Error
	if skip == nil || !errors.As(skip.Err, &e) || e.Line != 3 || strings.Contains(skip.Err.Error(), "SECRET") {
		t.Errorf("%+v", skip)
	}
}

// A server that writes the same content in its own way does not make news.
func TestRevisionSurvivesReserialising(t *testing.T) {
	const long = "a description, long enough to be folded by whoever writes it; with a comma and more"
	a := event("DTSTART;TZID=Europe/Berlin;X-A=1:20260701T100000", "SUMMARY:S", "DESCRIPTION:"+strings.ReplaceAll(strings.ReplaceAll(long, ",", `\,`), ";", `\;`),
		`ATTENDEE;CN="A";ROLE=CHAIR:mailto:a@x`, "X-ODD:1", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "END:VALARM",
		"BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER:-PT7M", "END:VALARM", "LAST-MODIFIED:20200101T000000Z")
	b := "BEGIN:VCALENDAR\nPRODID:other\nVERSION:2.0\nBEGIN:VEVENT\nattendee;ROLE=CHAIR;CN=A:mailto:a@x\ndescription:" + long[:20] + "\n  " + long[21:] +
		"\ndtstart;x-a=1;tzid=Europe/Berlin:20260701T100000\nDTSTAMP:20260101T000000Z\nsummary:S\nUID:u1\nX-ODD:1\n" +
		"begin:VALARM\nTRIGGER:-PT7M\nACTION:AUDIO\nEND:VALARM\nBEGIN:VALARM\nTRIGGER:-PT5M\nACTION:DISPLAY\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
	b = strings.Replace(b, long[:20]+"\n  "+long[21:], long[:20]+"\n "+long[20:], 1)
	c := codec(t, record.Event)
	if x, y := read(t, c, a), read(t, c, b); x.Revision != y.Revision || !maps.Equal(x.Record, y.Record) {
		t.Errorf("%+v\n%+v", x, y)
	}
	for _, change := range [][2]string{{"X-ODD:1", "X-ODD:2"}, {"ROLE=CHAIR", "ROLE=NONE"}, {"ACTION:AUDIO", "ACTION:X"}, {"SUMMARY:S", "SUMMARY:T"}} {
		if read(t, c, strings.Replace(a, change[0], change[1], 1)).Revision == read(t, c, a).Revision {
			t.Errorf("%s is not in the revision", change[1])
		}
	}
	x := vcard("3.0", "FN:x", "TEL;TYPE=WORK,VOICE:1", "EMAIL;TYPE=\"INTERNET\":a@x", "PHOTO;ENCODING=b:AAAABBBB", "REV:1", "NOTE:a")
	y := vcard("3.0", "NOTE;CHARSET=UTF-8:a", "tel;type=voice;type=work:1", "EMAIL;type=internet:a@x", "PHOTO;ENCODING=B:AAAA", " BBBB", "REV:2", "FN:x")
	if read(t, codec(t, record.Contact), x).Revision != read(t, codec(t, record.Contact), y).Revision {
		t.Error("the revision of a card changed with its writing")
	}
}

func TestComposeHoldsEveryField(t *testing.T) {
	full := map[record.Kind]record.Patch{
		record.Event: {record.Title: "T, t", record.When: "2026-07-01T10:00:00Z/2026-07-01T11:00:00Z", record.Venue: "V", record.Details: "a\nb",
			record.Participants: "a@x;b@x", record.Reminders: "0;15;1440", record.Categories: "a;b,c"},
		record.Task: {record.Subject: "S", record.Due: "2026-07-01", record.Priority: "highest", record.Status: "deferred", record.Details: "d",
			record.Reminder: "2026-06-30T10:00:00Z", record.Categories: "x"},
		record.Contact: {},
	}
	for _, f := range record.FieldsOf(record.Contact) {
		full[record.Contact][f] = samples()[f][0]
	}
	for kind, p := range full {
		c := codec(t, kind)
		p[record.Owner], p["zoho:Custom"] = "1", "x"
		body, err := c.Compose("uid,1", record.Write{Op: record.Create, Patch: p, Mark: "crm;7"})
		if err != nil {
			t.Fatal(err)
		}
		item := read(t, c, string(body))
		want := record.Record(p).Only(record.FieldsOf(kind))
		if !maps.Equal(item.Record, want) || item.Self != "uid,1" || item.Mark != "crm;7" {
			t.Errorf("%v\nwant\n%v\nin\n%s", item, want, body)
		}
		for l := range strings.SplitSeq(string(body), "\r\n") {
			if len(l) > 75 || strings.Contains(l, "\n") {
				t.Errorf("line %q", l)
			}
		}
	}
}

func TestComposedObjects(t *testing.T) {
	for name, c := range map[string]struct {
		kind  record.Kind
		patch record.Patch
		want  string
	}{
		"days": {record.Event, record.Patch{record.When: "2020-07-01/2020-07-02", record.Reminders: "5"}, text("BEGIN:VCALENDAR", "VERSION:2.0",
			"PRODID:-//ZohoSync//ZohoSync//EN", "BEGIN:VEVENT", "UID:u", "DTSTAMP:"+noonUTC, "DTSTART;VALUE=DATE:20200701", "LAST-MODIFIED:"+noonUTC,
			"X-MOZ-LASTACK:"+noonUTC, "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:Reminder", "ACKNOWLEDGED:"+noonUTC, "END:VALARM",
			"END:VEVENT", "END:VCALENDAR")},
		"empty task": {record.Task, nil, text("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ZohoSync//ZohoSync//EN", "BEGIN:VTODO", "UID:u",
			"DTSTAMP:"+noonUTC, "LAST-MODIFIED:"+noonUTC, "END:VTODO", "END:VCALENDAR")},
		"card": {record.Contact, record.Patch{record.EmailMain: "a@x"}, text("BEGIN:VCARD", "VERSION:3.0", "PRODID:-//ZohoSync//ZohoSync//EN", "N:;;;;",
			"FN:a@x", "UID:u", "EMAIL;TYPE=INTERNET:a@x", "REV:2026-03-04T12:00:00Z", "END:VCARD")},
	} {
		body, err := codec(t, c.kind).Compose("u", record.Write{Patch: c.patch})
		if err != nil || string(body) != c.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, body, c.want)
		}
	}
}

func TestComposeRefuses(t *testing.T) {
	for _, c := range []struct {
		kind record.Kind
		uid  string
		p    record.Patch
		code string
		f    record.Field
	}{
		{record.Event, "u", record.Patch{record.Title: "x"}, provider.CodeMandatory, record.When},
		{record.Event, "u", record.Patch{record.When: "soon"}, provider.CodeInvalid, record.When},
		{record.Contact, "u", record.Patch{record.Phone: "1"}, provider.CodeMandatory, record.LastName},
		{record.Contact, "u", nil, provider.CodeMandatory, record.LastName},
		{record.Task, " ", nil, provider.CodeInvalid, ""},
	} {
		_, err := codec(t, c.kind).Compose(c.uid, record.Write{Patch: c.p})
		wantCode(t, err, c.code, c.f)
	}
}

func TestPut(t *testing.T) {
	c := codec(t, record.Event)
	before, now := event("DTSTART:20260701T100000Z", "SUMMARY:a", "X-ODD:1"), event("DTSTART:20260701T100000Z", "SUMMARY:b")
	if out, err := c.Put([]byte(now), []byte(before)); err != nil || string(out) != before {
		t.Errorf("%v\n%s", err, out)
	}
	_, err := c.Put([]byte(strings.Replace(now, "UID:u1", "UID:u2", 1)), []byte(before))
	wantCode(t, err, provider.CodeRefused, "")
	_, err = c.Put([]byte(now), []byte("?"))
	wantCode(t, err, provider.CodeUnreadable, "")
	_, err = c.Put([]byte("?"), []byte(before))
	wantCode(t, err, provider.CodeUnreadable, "")
}

func TestLimitsNameEveryField(t *testing.T) {
	for _, k := range record.Kinds {
		limits := Limits(k)
		for _, f := range record.FieldsOf(k) {
			if l, there := limits[f]; !there || l.Mandatory != (f == record.When) {
				t.Errorf("%s %s: %+v, %v", k, f, l, there)
			}
		}
		if !limits[record.Extra].ReadOnly || len(limits) != len(record.FieldsOf(k))+1 {
			t.Errorf("%s: %v", k, limits)
		}
	}
	if len(Limits("other")) != 0 {
		t.Error("limits of no kind")
	}
}

func TestZeroCodecHasClockAndZone(t *testing.T) {
	c := Codec{Kind: record.Event, Fields: []record.Field{record.Title}}
	out, err := c.Edit([]byte(event("DTSTART:20260701T100000")), record.Patch{record.Title: "x", record.When: "2026-07-01T10:00:00Z/2026-07-01T11:00:00Z"})
	if err != nil || strings.Contains(string(out), "DTSTAMP:2020") {
		t.Errorf("%v\n%s", err, out)
	}
}

// An object as large as a hostile server may send takes no more than linear time. A test that hangs is its failure.
func TestHugeObjects(t *testing.T) {
	const n = 5_000
	alarms := strings.Repeat("BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n", n) + "X-LAST:1"
	c := codec(t, record.Task)
	edited(t, c, task("DUE:20260701T100000Z", alarms), record.Patch{record.Reminder: ""})
	c = codec(t, record.Event)
	body := event("DTSTART:20260701T100000Z", strings.Repeat("ATTENDEE:mailto:a@x\r\nCATEGORIES:a,b\r\n", n)+alarms)
	edited(t, c, body, record.Patch{record.Participants: "b@x", record.Categories: "c", record.Reminders: "7"})
	c = codec(t, record.Contact)
	body = vcard("3.0", "FN:x", strings.Repeat("TEL:1\r\nEMAIL:a@x\r\nADR:;;s\r\n", n)+"CATEGORIES:"+strings.Repeat("a,", n))
	edited(t, c, body, record.Patch{record.Phone: "2", record.EmailOther: "b@x", record.Categories: "z"})
}
