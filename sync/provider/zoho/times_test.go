package zoho

import (
	"strings"
	"testing"
	"time"

	"zohosync/sync/record"
)

// Any offset is read, and a meeting is where it is in time whatever zone Zoho shows it in.
func TestWhenReadsAnyOffset(t *testing.T) {
	for _, r := range [][2]string{
		{`{"Start_DateTime":"2026-07-24T10:00:00+02:00","End_DateTime":"2026-07-24T08:30:00Z"}`, "2026-07-24T08:00:00Z/2026-07-24T08:30:00Z"},
		{`{"Start_DateTime":"2026-01-24T00:00:00-0930","End_DateTime":"2026-01-24T10:00:00-09:30"}`, "2026-01-24T09:30:00Z/2026-01-24T19:30:00Z"},
		// All-day: the dates count as they stand, in whatever offset, and an end of 23:59 belongs to its day.
		{`{"All_day":true,"Start_DateTime":"2026-11-24T00:00:00+13:00","End_DateTime":"2026-11-24T00:00:00+13:00"}`, "2026-11-24/2026-11-25"},
		{`{"All_day":true,"Start_DateTime":"2026-11-24T00:00:00-11:00","End_DateTime":"2026-11-25T23:59:00-11:00"}`, "2026-11-24/2026-11-26"},
		{`{"Start_DateTime":"2026-11-24T00:00:00-11:00","End_DateTime":null}`, ""},
	} {
		if v, err := readField(t, record.Event, record.When, r[0]); err != nil || v != r[1] {
			t.Errorf("%s reads as %q, %v, want %q", r[0], v, err, r[1])
		}
	}
}

// Whole days come back as they were sent, in every zone, over both changes of the clock and where midnight is skipped.
func TestAllDayRoundTrip(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "Pacific/Apia", "America/St_Johns", "Asia/Beirut", "America/Asuncion", "Africa/Cairo", "Pacific/Pago_Pago"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		m := moduleOf(t, record.Event)
		m.zone = zone
		a := &applying{collection: &collection{m: m}}
		for day := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2024; day = day.AddDate(0, 0, 1) {
			want := record.FormatDays(day, day.AddDate(0, 0, 1+day.Day()%3))
			d := a.draftOf(record.Patch{record.When: want}, nil, nil)
			o := parse(t, `{"All_day":true,"Start_DateTime":"`+d.out["Start_DateTime"].(string)+`","End_DateTime":"`+d.out["End_DateTime"].(string)+`"}`)
			c, _ := m.column(record.When)
			if got, err := c.form.read(m, o, c.names); err != nil || got != want {
				t.Fatalf("in %s %s comes back as %s, %v", name, want, got, err)
			}
		}
	}
}

// The reminder of a task is read in every form, and keeps the way in which it reminds.
func TestAlarm(t *testing.T) {
	for _, r := range [][2]string{
		{`{"Remind_At":{"ALARM":"FREQ=NONE;ACTION=EMAILANDPOPUP;TRIGGER=DATE-TIME:2020-07-03T12:30:00+05:30"}}`, "2020-07-03T07:00:00Z"},
		{`{"Remind_At":"FREQ=NONE;ACTION=EMAIL;TRIGGER=DATE-TIME:2020-07-03T12:30:00+05:30"}`, "2020-07-03T07:00:00Z"},
		{`{"Remind_At":"2020-07-03T12:30:00+05:30"}`, "2020-07-03T07:00:00Z"},
		{`{"Due_Date":"2020-07-05","Remind_At":{"ALARM":"ACTION=EMAIL;TRIGGER=-P1D;TRIGGER_TIME=22:52"}}`, "2020-07-04T20:52:00Z"},
		{`{"Due_Date":"2020-12-15","Remind_At":{"ALARM":"ACTION=EMAIL;TRIGGER=-P2W;TRIGGER_TIME=08:00"}}`, "2020-12-01T07:00:00Z"},
		{`{"Due_Date":null,"Remind_At":{"ALARM":"ACTION=EMAIL;TRIGGER=-P2W;TRIGGER_TIME=08:00"}}`, ""},
	} {
		if v, err := readField(t, record.Task, record.Reminder, r[0]); err != nil || v != r[1] {
			t.Errorf("%s reads as %q, %v, want %q", r[0], v, err, r[1])
		}
	}
	got, _ := writeField(t, record.Task, record.Reminder, "2026-12-01T07:00:00Z", `{"Remind_At":{"ALARM":"FREQ=NONE;ACTION=EMAIL;TRIGGER=DATE-TIME:2020-07-03T12:30:00+05:30"}}`)
	if want := `{"Remind_At":{"ALARM":"FREQ=NONE;ACTION=EMAIL;TRIGGER=DATE-TIME:2026-12-01T08:00:00+01:00"}}`; got != want {
		t.Errorf("an edited reminder is sent as %s", got)
	}
	if got, _ = writeField(t, record.Task, record.Reminder, "2026-12-01T07:00:00Z", ""); !strings.Contains(got, "ACTION=POPUP;") {
		t.Errorf("a new reminder is sent as %s", got)
	}
}

// Reminders of a meeting are read in every form that Zoho has had.
func TestRemindersRead(t *testing.T) {
	at := `"Start_DateTime":"2026-11-24T10:00:00+01:00","Remind_At":`
	for _, r := range [][2]string{
		{`[{"unit":0,"period":"minutes"},{"unit":2,"period":"weeks"},{"unit":3,"period":"hours"}]`, "0;180;20160"},
		{`[{"unit":1,"period":"days","time":"10:30"}]`, "1410"},
		{`[{"unit":1,"period":"days","time":"09:00"},{"unit":1,"period":"days"}]`, "1440;1500"},
		{`{"unit":15,"period":"minutes"}`, "15"},
		{`"15 mins"`, "15"}, {`"1 hrs"`, "60"}, {`"1 day"`, "1440"}, {`"2 weeks"`, "20160"}, {`"None"`, ""}, {`""`, ""},
		{`"2026-11-24T09:15:00+01:00"`, "45"},
		{`"2026-11-24T11:15:00+01:00"`, "0"},
		{`null`, ""}, {`[]`, ""},
	} {
		if v, err := readField(t, record.Event, record.Reminders, "{"+at+r[0]+"}"); err != nil || v != r[1] {
			t.Errorf("%s reads as %q, %v, want %q", r[0], v, err, r[1])
		}
	}
}

// Every number of minutes that Zoho can express comes back as it was sent, also over a change of the clock.
func TestRemindersRoundTrip(t *testing.T) {
	for _, start := range []string{"2026-11-24T10:00:00+01:00", "2026-03-29T12:00:00+02:00", "2026-10-26T00:10:00+01:00"} {
		for _, minutes := range []string{"0", "1", "60", "120", "1440", "1500", "3600", "4320", "4321", "10080", "40320"} {
			now := `{"Start_DateTime":"` + start + `","End_DateTime":"` + start + `","All_day":false}`
			sent, e := writeField(t, record.Event, record.Reminders, minutes, now)
			if e != nil {
				t.Errorf("%s minutes before %s: %v", minutes, start, e)
				continue
			}
			back := strings.TrimSuffix(now, "}") + "," + strings.TrimPrefix(sent, "{")
			if v, err := readField(t, record.Event, record.Reminders, back); err != nil || v != minutes {
				t.Errorf("%s minutes before %s are sent as %s and come back as %q, %v", minutes, start, sent, v, err)
			}
		}
	}
}
