package object

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zohosync/sync/contentline"
	"zohosync/sync/record"
)

// unknowns are lines and components that no field stands for, with what programs put into parameters and values.
func unknowns() *rapid.Generator[[]string] {
	word := rapid.SampledFrom([]string{"a", "É", "😀", " ", ";", ",", `\\`, `\n`, `\,`, ":", "=", "^n", "'", "日本", "%41", "\t", "x\r\n y"})
	text := rapid.Map(rapid.SliceOfN(word, 0, 30), func(w []string) string { return strings.Join(w, "") })
	line := rapid.Custom(func(t *rapid.T) []string {
		name := rapid.SampledFrom([]string{"X-CUSTOM", "item7.X-ABDATE", "IANA-NEW", "x-lower", "RELATED-TO", "ATTACH", "X-ALARM-AGENT", "PHOTO", "CONFERENCE"}).Draw(t, "name")
		n := name
		for range rapid.IntRange(0, 3).Draw(t, "params") {
			n += rapid.SampledFrom([]string{";X-P=plain", `;X-Q="a;b:c,d"`, ";TYPE=a,b", ";X-R=", ";LANGUAGE=de", `;X-S="^'q^'"`}).Draw(t, "param")
		}
		return []string{n + ":" + text.Draw(t, "value")}
	})
	return rapid.OneOf(line, rapid.SampledFrom([][]string{
		{"BEGIN:X-COMPONENT", "UID:not-ours", "SUMMARY:not ours", "BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM", "END:X-COMPONENT"},
		{"BEGIN:PARTICIPANT", "UID:p", "DESCRIPTION:of a participant", "END:PARTICIPANT"},
		{"BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER;RELATED=END:PT5M", "X-OWN:kept", "END:VALARM"},
	}))
}

// C-25: properties, parameters and components that we do not know survive every edit, byte for byte and in their order.
func TestUnknownContentSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(record.Kinds).Draw(t, "kind")
		known := map[record.Kind][]string{
			record.Event:   {"DTSTART;TZID=Europe/Berlin:20260701T100000", "SUMMARY;LANGUAGE=en:x", "DESCRIPTION:y", "LOCATION:z", "CATEGORIES:a,b", "ATTENDEE;CN=A:mailto:a@x.example"},
			record.Task:    {"DUE;VALUE=DATE:20260701", "SUMMARY:x", "DESCRIPTION:y", "STATUS:IN-PROCESS", "PRIORITY:1", "PERCENT-COMPLETE:20"},
			record.Contact: {"FN:A B", "N:B;A;;;", "item1.EMAIL;TYPE=work:a@x.example", "TEL;TYPE=CELL:1", "ORG:O;U", "NOTE:n", "ADR:;;s;c;;;"},
		}[kind]
		var lines, foreign []string
		for _, l := range known {
			for range rapid.IntRange(0, 2).Draw(t, "unknowns") {
				u := unknowns().Draw(t, "unknown")
				lines, foreign = append(lines, u...), append(foreign, u...)
			}
			lines = append(lines, l)
		}
		body := map[record.Kind]func(...string) string{record.Event: event, record.Task: task, record.Contact: func(l ...string) string { return vcard("3.0", l...) }}[kind](lines...)
		c := Codec{Kind: kind, Fields: record.FieldsOf(kind), Zone: time.UTC, Now: noon}
		p := record.Patch{}
		for _, f := range record.FieldsOf(kind) {
			// Clearing the reminder of a task means every alarm that could be one.
			if v := newValues(kind, f); rapid.IntRange(0, 3).Draw(t, "edit") == 0 && f != record.Reminder {
				p[f] = rapid.SampledFrom(v).Draw(t, string(f))
			}
		}
		out, err := c.Edit([]byte(body), p)
		if err != nil {
			return // refused, so nothing is written
		}
		if _, skip := c.Read("a", out); skip != nil {
			t.Fatalf("not read again: %v\n%s", skip.Err, out)
		}
		rest := string(out)
		for _, l := range foreign {
			_, after, found := strings.Cut(rest, "\r\n"+l+"\r\n")
			if !found {
				t.Fatalf("%q is gone, or out of its place, after %v:\n%s\nwas\n%s", l, p, out, body)
			}
			rest = "\r\n" + after
		}
	})
}

// C-32: no alarm in the past is made that could ring: it is marked as seen for every program. One to come is not.
func TestOldAlarmsDoNotRing(t *testing.T) {
	for _, c := range []struct {
		kind record.Kind
		p    record.Patch
		old  int
	}{
		{record.Event, record.Patch{record.When: "2026-03-04T11:00:00Z/2026-03-04T11:30:00Z", record.Reminders: "0;15;1440"}, 3},
		{record.Event, record.Patch{record.When: "2026-03-04T12:10:00Z/2026-03-04T12:30:00Z", record.Reminders: "5;15"}, 1},
		{record.Event, record.Patch{record.When: "2026-03-05T12:10:00Z/2026-03-05T12:30:00Z", record.Reminders: "0;5"}, 0},
		{record.Event, record.Patch{record.When: "2020-03-05/2020-03-06", record.Reminders: "15"}, 1},
		{record.Task, record.Patch{record.Subject: "x", record.Reminder: "2026-03-04T11:59:59Z"}, 1},
		{record.Task, record.Patch{record.Subject: "x", record.Reminder: "2026-03-04T12:00:01Z"}, 0},
	} {
		body, err := codec(t, c.kind).Compose("u", record.Write{Op: record.Create, Patch: c.p})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(string(body), "ACKNOWLEDGED:"+noonUTC); got != c.old || strings.Contains(string(body), "X-MOZ-LASTACK:"+noonUTC) != (c.old > 0) {
			t.Errorf("%v: %d alarms are marked as seen, want %d:\n%s", c.p, got, c.old, body)
		}
	}
}

// C-32: alarms that a reminder cannot be are kept by every edit of the reminders; and an edit that has no reminders in it,
// as with a pair that does not sync them, keeps every alarm.
func TestAlarmsAreKept(t *testing.T) {
	alarms := []string{
		"BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER:-PT30M", "ATTACH;VALUE=URI:Basso", "X-WR-ALARMUID:1", "END:VALARM",
		"BEGIN:VALARM", "ACTION:EMAIL", "TRIGGER;RELATED=END:-PT5M", "SUMMARY:s", "DESCRIPTION:d", "ATTENDEE:mailto:a@x.example", "END:VALARM",
		"BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER;VALUE=DATE-TIME:20260701T060000Z", "END:VALARM",
		"BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT45S", "END:VALARM",
	}
	body := event(append([]string{"DTSTART:20260701T100000Z", "SUMMARY:x"}, alarms...)...)
	var kept []string
	for _, l := range strings.Split(body, "\r\n") {
		if strings.HasPrefix(l, "TRIGGER") && !strings.HasSuffix(l, "-PT30M") {
			kept = append(kept, l)
		}
	}
	c := codec(t, record.Event)
	for _, v := range []string{"", "5", "30;60"} {
		out := edited(t, c, body, record.Patch{record.Reminders: v})
		for _, l := range kept {
			if !strings.Contains(out, "\r\n"+l+"\r\n") {
				t.Errorf("reminders %q took %q:\n%s", v, l, out)
			}
		}
		if has := strings.Contains(out, "ATTACH;VALUE=URI:Basso"); has != (v == "30;60") {
			t.Errorf("reminders %q: the alarm of 30 minutes is there: %v", v, has)
		}
	}
	c.Fields = slices.DeleteFunc(slices.Clone(c.Fields), func(f record.Field) bool { return f == record.Reminders })
	p := record.Patch{record.Title: "y", record.When: "2026-08-01T10:00:00Z/2026-08-01T11:00:00Z", record.Details: "z", record.Categories: "q"}
	out, err := c.Edit([]byte(body), p)
	if err != nil || !strings.Contains(string(out), strings.Join(alarms, "\r\n")) {
		t.Errorf("%v: alarms changed:\n%s", err, out)
	}
}

// Huge objects cost no more than their size: a card with a large photo, an event with thousands of alarms and guests.
func TestLargeObjectsAreReadAndEdited(t *testing.T) {
	const n = 20_000
	var lines []string
	for i := range n {
		lines = append(lines, fmt.Sprintf("ATTENDEE:mailto:p%d@x.example", i), "BEGIN:VALARM", "ACTION:DISPLAY", fmt.Sprintf("TRIGGER;RELATED=END:-PT%dM", i), "END:VALARM")
	}
	body := event(append(lines, "DTSTART:20260701T100000Z", "SUMMARY:x", "DESCRIPTION:"+strings.Repeat("y", 1<<20))...)
	out := edited(t, codec(t, record.Event), body, record.Patch{record.Title: "y", record.Reminders: "5", record.Participants: "new@x.example"})
	if f, err := contentline.Parse([]byte(out)); err != nil || f.Flaw != nil {
		t.Error(err)
	}
}

// C-25: parameters that we do not know survive on the very line that is edited, as they were spelled.
func TestUnknownParametersSurvive(t *testing.T) {
	const odd = `;X-P="a;b,^'c^'";x-low=;LANGUAGE=de;X-L=1,"2"`
	for _, c := range []struct {
		kind record.Kind
		head string
		old  string
		p    record.Patch
	}{
		{record.Event, "SUMMARY", "x", record.Patch{record.Title: "y"}},
		{record.Event, "Location", "x", record.Patch{record.Venue: "y"}},
		{record.Event, "DESCRIPTION", "x", record.Patch{record.Details: "y"}},
		{record.Event, "DTSTART;TZID=Europe/Berlin", "20260701T100000", record.Patch{record.When: "2026-08-01T10:00:00Z/2026-08-01T11:00:00Z"}},
		{record.Event, "CATEGORIES", "a", record.Patch{record.Categories: "a;b"}},
		{record.Task, "DUE;VALUE=DATE", "20260701", record.Patch{record.Due: "2026-08-01"}},
		{record.Task, "STATUS", "IN-PROCESS", record.Patch{record.Status: record.Completed}},
		{record.Contact, "item1.TEL;TYPE=CELL", "1", record.Patch{record.Mobile: "2"}},
		{record.Contact, "N", "B;A;;;", record.Patch{record.LastName: "C"}},
		{record.Contact, "ADR;TYPE=work", ";;s;c;;;", record.Patch{record.MailingAddress: "t;c;;;"}},
	} {
		lines := []string{c.head + odd + ":" + c.old}
		if c.kind == record.Event && !strings.HasPrefix(c.head, "DTSTART") {
			lines = append(lines, "DTSTART:20260701T100000Z")
		}
		body := map[record.Kind]func(...string) string{record.Event: event, record.Task: task, record.Contact: func(l ...string) string { return vcard("3.0", append(l, "FN:Z")...) }}[c.kind](lines...)
		out := edited(t, codec(t, c.kind), body, c.p)
		if unfolded := strings.ReplaceAll(out, "\r\n ", ""); !strings.Contains(unfolded, "\r\n"+c.head+odd) || strings.Contains(unfolded, odd+":"+c.old+"\r\n") {
			t.Errorf("%v of %s:\n%s", c.p, c.head, out)
		}
	}
}
