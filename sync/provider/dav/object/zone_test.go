package object

import (
	"strings"
	"testing"
	"time"

	"zohosync/sync/record"
)

// inZone is an event in a zone that only its object defines.
func inZone(definition, start string) string {
	return strings.Replace(event("DTSTART;TZID=Our Own:"+start), "BEGIN:VEVENT", strings.ReplaceAll(definition, "%ID%", "Our Own")+"\r\nBEGIN:VEVENT", 1)
}

// A definition and the tz database agree at every hour around the changes of a year.
func TestDefinedZoneIsTheDatabasesZone(t *testing.T) {
	c := codec(t, record.Event)
	for _, month := range []time.Month{3, 10} {
		for hour := range 24 * 3 {
			wall := time.Date(2026, month, 24, hour, 30, 0, 0, time.UTC)
			if month == 3 {
				wall = wall.AddDate(0, 0, 4)
			}
			got := read(t, c, inZone(berlinZone, wall.Format(wallLayout))).Record[record.When]
			want := read(t, c, event("DTSTART;TZID=Europe/Berlin:"+wall.Format(wallLayout))).Record[record.When]
			if got != want {
				t.Errorf("%v: %s, want %s", wall, got, want)
			}
		}
	}
}

func TestDefinedZones(t *testing.T) {
	single := func(kind, start, from, to, more string) string {
		return "BEGIN:" + kind + "\r\nDTSTART:" + start + "\r\nTZOFFSETFROM:" + from + "\r\nTZOFFSETTO:" + to + "\r\n" + more + "END:" + kind + "\r\n"
	}
	zone := func(parts ...string) string {
		return "BEGIN:VTIMEZONE\r\nTZID:%ID%\r\n" + strings.Join(parts, "") + "END:VTIMEZONE"
	}
	yearly := func(rule string) string {
		return zone(single("STANDARD", "20000101T000000", "+0000", "+0000", ""), single("DAYLIGHT", "20000402T020000", "+0000", "+0100", "RRULE:"+rule+"\r\n"),
			single("STANDARD", "20001001T020000", "+0100", "+0000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU\r\n"))
	}
	for name, c := range map[string]struct{ definition, start, want string }{
		"fixed":              {zone(single("STANDARD", "19700101T000000", "+0530", "+0530", "")), "20260701T120000", "06:30"},
		"seconds":            {zone(single("STANDARD", "19700101T000000", "-001530", "-001530", "")), "20260701T120000", "12:15"},
		"before any onset":   {zone(single("STANDARD", "20300101T000000", "+0200", "+0100", "")), "20260701T120000", "10:00"},
		"single dates":       {zone(single("STANDARD", "20000101T000000", "+0100", "+0100", ""), single("DAYLIGHT", "20250401T000000", "+0100", "+0200", "RDATE:20260401T000000\r\n")), "20260701T120000", "10:00"},
		"first sunday":       {yearly("FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"), "20260701T120000", "11:00"},
		"sunday from 8th":    {yearly("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU;WKST=MO;INTERVAL=1"), "20260411T120000", "12:00"},
		"after that":         {yearly("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU"), "20260412T120000", "11:00"},
		"anniversary":        {yearly("FREQ=YEARLY"), "20260402T120000", "11:00"},
		"fifth sunday":       {yearly("FREQ=YEARLY;BYMONTH=3;BYDAY=5SU"), "20260401T120000", "11:00"},
		"last day":           {yearly("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-1"), "20260331T120000", "11:00"},
		"until":              {yearly("FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20250406T020000Z"), "20260701T120000", "12:00"},
		"until its last":     {yearly("FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20260405T020000Z"), "20260701T120000", "11:00"},
		"until a day":        {yearly("FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20260405"), "20260701T120000", "11:00"},
		"until by the clock": {yearly("FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20260405T020000"), "20260701T120000", "11:00"},
		"sunday of the year": {yearly("FREQ=YEARLY;BYDAY=14SU"), "20260404T120000", "12:00"},
		"that sunday":        {yearly("FREQ=YEARLY;BYDAY=14SU"), "20260405T120000", "11:00"},
		"last of the year":   {yearly("FREQ=YEARLY;BYDAY=-39SU;BYHOUR=2;BYMINUTE=0"), "20260405T120000", "11:00"},
		"day of the year":    {yearly("FREQ=YEARLY;BYYEARDAY=-270"), "20260406T120000", "11:00"},
		"not yet that day":   {yearly("FREQ=YEARLY;BYYEARDAY=-270"), "20260405T120000", "12:00"},
		"every second year":  {yearly("FREQ=YEARLY;INTERVAL=2;BYMONTH=4;BYDAY=1SU"), "20250701T120000", "12:00"},
		"in that year":       {yearly("FREQ=YEARLY;INTERVAL=2;BYMONTH=4;BYDAY=1SU"), "20260701T120000", "11:00"},
		"two weekdays":       {yearly("FREQ=YEARLY;BYMONTH=4;BYDAY=1SA,1MO"), "20260404T120000", "11:00"},
		"leap day":           {yearly("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"), "20240301T120000", "11:00"},
		"colons":             {zone(single("STANDARD", "19700101T000000", "+05:30", "+05:30", "")), "20260701T120000", "06:30"},
		"count":              {yearly("FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;COUNT=26"), "20260701T120000", "12:00"},
		"count enough":       {yearly("FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;COUNT=27"), "20260701T120000", "11:00"},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, codec(t, record.Event), inZone(c.definition, c.start)).Record[record.When]
			if got[11:16] != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	for _, bad := range []string{"FREQ=MONTHLY", "FREQ=YEARLY;INTERVAL=0", "FREQ=YEARLY;BYDAY=SU,XX", "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYDAY=54SU", "BYMONTH=4",
		"FREQ=YEARLY;UNTIL=soon", "FREQ=YEARLY;COUNT=0", "FREQ=YEARLY;BYMONTHDAY=40", "FREQ=YEARLY;BYSETPOS=1", "FREQ=YEARLY;BYHOUR=3", "FREQ=YEARLY;BYDAY=U",
		"FREQ=YEARLY;BYDAY=0SU", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYMINUTE=1", "FREQ=YEARLY;BYYEARDAY=0"} {
		if _, skip := codec(t, record.Event).Read("a", []byte(inZone(yearly(bad), "20260701T120000"))); skip == nil {
			t.Errorf("a time was guessed by %s", bad)
		}
	}
	for _, bad := range []string{zone(), zone(single("STANDARD", "x", "+0100", "+0100", "")), zone(single("STANDARD", "20000101T000000", "+01", "+0100", "")),
		zone(single("STANDARD", "20000101T000000", "+0100", "0100+", ""))} {
		if _, skip := codec(t, record.Event).Read("a", []byte(inZone(bad, "20260701T120000"))); skip == nil {
			t.Errorf("a time was guessed by\n%s", bad)
		}
	}
}

// C-10: whatever the season of the computer's clock, an event of either season keeps its instant when it is edited.
func TestInstantsSurviveInEveryZone(t *testing.T) {
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo"} {
		c := codec(t, record.Event)
		body := event("DTSTART;TZID="+zone+":20260115T100000", "DTEND;TZID="+zone+":20260115T110000")
		for day := range 400 {
			start := time.Date(2026, 1, 1, 1, 30, 0, 0, time.UTC).AddDate(0, 0, day)
			body = edited(t, c, body, record.Patch{record.When: record.FormatSpan(start, start.Add(2*time.Hour))})
		}
	}
}

func TestDurations(t *testing.T) {
	for in, want := range map[string]duration{
		"PT1H": {0, time.Hour}, "-P1W": {-7, 0}, "+P1DT2H3M4S": {1, 2*time.Hour + 3*time.Minute + 4*time.Second}, "pt0s": {},
	} {
		if got, err := parseDuration(in); err != nil || got != want {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "P", "PT", "1H", "P1H", "PT1", "PT1D", "P-1D", "PTH", "P99999999D", "P9999999D", "PT9999999H", "P1Y"} {
		if got, err := parseDuration(in); err == nil {
			t.Errorf("%s: %v", in, got)
		}
	}
}
