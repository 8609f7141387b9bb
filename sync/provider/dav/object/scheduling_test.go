package object

import (
	"strings"
	"testing"
)

func TestPartOf(t *testing.T) {
	const org = "ORGANIZER:mailto:a@x"
	for _, c := range []struct {
		address, body string
		want          Part
	}{
		{"", event("ATTENDEE:mailto:b@x"), Bystander},
		{"", event(org), Bystander},
		{"a@x", event(org, "ATTENDEE;SCHEDULE-AGENT=client:mailto:b@x"), Bystander},
		{"A@x", event(org, "ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:b@x", "ATTENDEE:mailto:c@x"), Host},
		{"a@x", event(org, "ATTENDEE;SCHEDULE-AGENT=SERVER:mailto:b@x"), Host},
		{"b@x", event(org, "ATTENDEE;SCHEDULE-AGENT=CLIENT:MAILTO:B@x"), Guest},
		{"c@x", event(org, "ATTENDEE:mailto:b@x"), Bystander},
		{"", event(org, "ATTENDEE:mailto:b@x"), Host},
		{"", "?", Host},
	} {
		var addresses []string
		if c.address != "" {
			addresses = []string{"mailto:" + c.address}
		}
		if got := PartOf([]byte(c.body), addresses); got != c.want {
			t.Errorf("%q has part %v, want %v in\n%s", c.address, got, c.want, c.body)
		}
	}
}

func TestQuiet(t *testing.T) {
	was := event("ORGANIZER:mailto:a@x", "ATTENDEE:mailto:b@x", "DTSTART:20260701T100000Z")
	for change, want := range map[string]bool{
		"SUMMARY:Mine\r\n": true, "X-ZOHO-CRM-ID:1\r\n": true, "BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n": true,
		"EXDATE:20260701T100000Z\r\n": false, "ATTENDEE:mailto:c@x\r\n": false, "STATUS:CANCELLED\r\n": false,
		"END:VEVENT\r\nBEGIN:VEVENT\r\nRECURRENCE-ID:20260701T100000Z\r\n": false, "END:VEVENT\r\n": false,
	} {
		if got := Quiet([]byte(was), []byte(strings.Replace(was, "END:VEVENT", change+"END:VEVENT", 1))); got != want {
			t.Errorf("with %q: quiet %v, want %v", change, got, want)
		}
	}
}
