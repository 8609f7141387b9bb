package object

import (
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// C-31: a day stays the day that the task's own line names, and a due date that is removed is gone.
func TestDueIsRead(t *testing.T) {
	for want, lines := range map[string][]string{
		"":           {"DTSTART:20260701T100000Z"},
		"2026-07-01": {"DUE;VALUE=DATE:20260701"},
		"2026-07-02": {"DUE;TZID=America/Los_Angeles:20260702T233000"},
		"2026-07-03": {"DUE:20260703T233000"},
		"2026-07-04": {"DUE:20260704T233000Z"},
		"2026-07-05": {"DTSTART;TZID=Europe/Berlin:20260704T100000", "DURATION:P1DT2H"},
		"2026-07-06": {"DUE;TZID=Nowhere:20260706T100000"},
	} {
		if got := read(t, codec(t, record.Task), task(lines...)).Record[record.Due]; got != want {
			t.Errorf("%v: got %q, want %q", lines, got, want)
		}
	}
}

func TestDueIsEdited(t *testing.T) {
	for _, c := range []struct {
		name, due string
		lines     []string
		want      []string
	}{
		{"new", "2026-12-01", nil, []string{"+DUE;VALUE=DATE:20261201"}},
		{"day", "2026-12-01", []string{"DUE;VALUE=DATE:20260701"}, []string{"-DUE;VALUE=DATE:20260701", "+DUE;VALUE=DATE:20261201"}},
		{"time stays", "2026-12-01", []string{"DUE;TZID=Europe/Berlin;X-A=1:20260701T101500"},
			[]string{"-DUE;TZID=Europe/Berlin;X-A=1:20260701T101500", "+DUE;TZID=Europe/Berlin;X-A=1:20261201T101500"}},
		{"z stays", "2026-12-01", []string{"DUE:20260701T233000Z"}, []string{"-DUE:20260701T233000Z", "+DUE:20261201T233000Z"}},
		{"unknown zone", "2026-12-01", []string{"DUE;TZID=Nowhere:20260701T101500"},
			[]string{"-DUE;TZID=Nowhere:20260701T101500", "+DUE;TZID=Nowhere:20261201T101500"}},
		{"like the start", "2026-12-01", []string{"DTSTART;TZID=Europe/Berlin:20260701T101500"}, []string{"+DUE;TZID=Europe/Berlin:20261201T101500"}},
		{"start moves along", "2026-06-01", []string{"DTSTART;VALUE=DATE:20260620", "DUE;VALUE=DATE:20260701"},
			[]string{"-DTSTART;VALUE=DATE:20260620", "+DTSTART;VALUE=DATE:20260601", "-DUE;VALUE=DATE:20260701", "+DUE;VALUE=DATE:20260601"}},
		{"start keeps its time", "2026-06-01", []string{"DTSTART:20260620T080000Z", "DUE:20260701T100000Z"},
			[]string{"-DTSTART:20260620T080000Z", "+DTSTART:20260601T080000Z", "-DUE:20260701T100000Z", "+DUE:20260601T100000Z"}},
		{"start not after", "2026-06-01", []string{"DTSTART:20260620T120000Z", "DUE:20260701T100000Z"},
			[]string{"-DTSTART:20260620T120000Z", "+DTSTART:20260601T100000Z", "-DUE:20260701T100000Z", "+DUE:20260601T100000Z"}},
		{"start of another form", "2026-06-01", []string{"DTSTART:20260620T120000Z", "DUE;VALUE=DATE:20260701"},
			[]string{"-DTSTART:20260620T120000Z", "+DTSTART:20260531T120000Z", "-DUE;VALUE=DATE:20260701", "+DUE;VALUE=DATE:20260601"}},
		{"duration becomes due", "2026-12-01", []string{"DTSTART:20260701T100000Z", "DURATION:P2DT1H"},
			[]string{"-DURATION:P2DT1H", "+DUE:20261201T110000Z"}},
		{"cleared", "", []string{"DTSTART;VALUE=DATE:20260620", "DUE;VALUE=DATE:20260701"}, []string{"-DUE;VALUE=DATE:20260701"}},
		{"duration cleared", "", []string{"DTSTART;VALUE=DATE:20260620", "DURATION:P1D"}, []string{"-DURATION:P1D"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := task(c.lines...)
			out := edited(t, codec(t, record.Task), in, record.Patch{record.Due: c.due})
			wantChanges(t, in, out, append(stamps(), c.want...)...)
		})
	}
	_, err := codec(t, record.Task).Edit([]byte(task()), record.Patch{record.Due: "tomorrow"})
	wantCode(t, err, provider.CodeInvalid, record.Due)
}

func TestPriority(t *testing.T) {
	for _, c := range []struct {
		want  string
		lines []string
	}{
		{"", nil}, {"", []string{"PRIORITY:0"}}, {"", []string{"PRIORITY:x"}},
		{"high", []string{"PRIORITY:1"}}, {"high", []string{"PRIORITY:4"}}, {"normal", []string{"PRIORITY:5"}},
		{"low", []string{"PRIORITY:6"}}, {"low", []string{"PRIORITY:9"}},
		{"highest", []string{"PRIORITY:1", "X-ZOHO-PRIORITY:highest"}}, {"lowest", []string{"PRIORITY:9", "X-ZOHO-PRIORITY:lowest"}},
		{"normal", []string{"PRIORITY:5", "X-ZOHO-PRIORITY:highest"}}, {"high", []string{"PRIORITY:2", "X-ZOHO-PRIORITY:highest"}},
		{"Urgent", []string{"X-ZOHO-PRIORITY:Urgent"}}, {"high", []string{"PRIORITY:1", "X-ZOHO-PRIORITY:Urgent"}},
	} {
		in := task(c.lines...)
		if got := read(t, codec(t, record.Task), in).Record[record.Priority]; got != c.want {
			t.Errorf("%v: got %q, want %q", c.lines, got, c.want)
		}
		for _, v := range []string{"", "highest", "high", "normal", "low", "lowest", "Urgent, really"} {
			edited(t, codec(t, record.Task), in, record.Patch{record.Priority: v})
		}
	}
	in := task("PRIORITY:3")
	out := edited(t, codec(t, record.Task), in, record.Patch{record.Priority: "highest"})
	wantChanges(t, in, out, append(stamps(), "-PRIORITY:3", "+PRIORITY:1", "+X-ZOHO-PRIORITY:highest")...)
	wantChanges(t, out, edited(t, codec(t, record.Task), out, record.Patch{record.Priority: "high"}), "-X-ZOHO-PRIORITY:highest")
}

// C-31: every combination of STATUS, PERCENT-COMPLETE and COMPLETED, and every change of it.
func TestStatus(t *testing.T) {
	for _, c := range []struct {
		want  string
		lines []string
	}{
		{"", nil}, {"", []string{"PERCENT-COMPLETE:50"}}, {"", []string{"STATUS:FINAL"}},
		{"completed", []string{"PERCENT-COMPLETE:100"}}, {"completed", []string{"COMPLETED:20260101T000000Z"}},
		{"completed", []string{"STATUS:completed"}}, {"completed", []string{"STATUS:COMPLETED", "PERCENT-COMPLETE:50"}},
		{"not_started", []string{"STATUS:NEEDS-ACTION"}}, {"not_started", []string{"STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:100"}},
		{"in_progress", []string{"STATUS:IN-PROCESS"}}, {"in_progress", []string{"STATUS:IN-PROCESS", "COMPLETED:20260101T000000Z"}},
		{"cancelled", []string{"STATUS:CANCELLED", "X-ZOHO-STATUS:deferred"}},
		{"deferred", []string{"STATUS:NEEDS-ACTION", "X-ZOHO-STATUS:deferred"}}, {"waiting", []string{"X-ZOHO-STATUS:waiting"}},
		{"completed", []string{"STATUS:COMPLETED", "X-ZOHO-STATUS:deferred"}},
	} {
		in := task(c.lines...)
		if got := read(t, codec(t, record.Task), in).Record[record.Status]; got != c.want {
			t.Errorf("%v: got %q, want %q", c.lines, got, c.want)
		}
		for _, v := range []string{"", "not_started", "in_progress", "completed", "deferred", "waiting", "cancelled", "On hold; maybe"} {
			edited(t, codec(t, record.Task), in, record.Patch{record.Status: v})
		}
	}
	in := task("STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:30", "X-ZOHO-STATUS:waiting")
	done := edited(t, codec(t, record.Task), in, record.Patch{record.Status: "completed"})
	wantChanges(t, in, done, append(stamps(), "-STATUS:NEEDS-ACTION", "+STATUS:COMPLETED", "-PERCENT-COMPLETE:30", "+PERCENT-COMPLETE:100",
		"-X-ZOHO-STATUS:waiting", "+COMPLETED:"+noonUTC)...)
	again := edited(t, codec(t, record.Task), done, record.Patch{record.Status: "deferred"})
	wantChanges(t, done, again, "-STATUS:COMPLETED", "+STATUS:NEEDS-ACTION", "-PERCENT-COMPLETE:100", "-COMPLETED:"+noonUTC, "+X-ZOHO-STATUS:deferred")
}

func TestReminderOfATask(t *testing.T) {
	alarm := func(trigger string) []string { return []string{"BEGIN:VALARM", trigger, "X-KEEP:1", "END:VALARM"} }
	for want, lines := range map[string][]string{
		"2026-07-01T07:00:00Z": append(alarm("TRIGGER;VALUE=DATE-TIME:20260701T070000Z"), alarm("TRIGGER;VALUE=DATE-TIME:20260701T080000Z")...),
		"2026-07-01T08:30:00Z": append([]string{"DUE;TZID=Europe/Berlin:20260701T110000"}, alarm("TRIGGER:-PT30M")...),
		"2026-07-01T08:31:00Z": append([]string{"DTSTART:20260701T070000Z", "DUE:20260701T083200Z"}, alarm("TRIGGER;RELATED=END:-PT1M")...),
		"2026-07-01T06:59:00Z": append([]string{"DTSTART:20260701T070000Z", "DUE:20260701T083200Z"}, alarm("TRIGGER:-PT1M")...),
		"2026-06-30T21:59:00Z": append([]string{"DUE;VALUE=DATE:20260701"}, alarm("TRIGGER;RELATED=END:-PT1M")...),
		"2026-07-01T08:29:00Z": append([]string{"DTSTART:20260701T070000Z", "DURATION:PT90M"}, alarm("TRIGGER;RELATED=END:-PT1M")...),
		"":                     slicesOf(alarm("TRIGGER:-PT1M"), alarm("TRIGGER:soon"), alarm("TRIGGER;VALUE=DATE-TIME:19760401T005545Z\r\nACTION:NONE"), alarm("TRIGGER:20260101T000000Z\r\nX-APPLE-PROXIMITY:ARRIVE")),
	} {
		in := task(lines...)
		c := codec(t, record.Task)
		if got := read(t, c, in).Record[record.Reminder]; got != want {
			t.Errorf("got %q, want %q in\n%s", got, want, in)
		}
		for _, v := range []string{"", "2026-06-01T00:00:00Z", "2026-12-01T00:00:00Z"} {
			out := edited(t, c, in, record.Patch{record.Reminder: v})
			edited(t, c, out, record.Patch{record.Reminder: "2025-01-01T00:00:00Z"})
		}
	}
	in := task(append([]string{"DUE:20260701T083200Z"}, alarm("TRIGGER;RELATED=END;X-A=b:-PT1M")...)...)
	out := edited(t, codec(t, record.Task), in, record.Patch{record.Reminder: "2026-06-01T00:00:00Z"})
	wantChanges(t, in, out, append(stamps(), "-TRIGGER;RELATED=END;X-A=b:-PT1M", "+TRIGGER;X-A=b;VALUE=DATE-TIME:20260601T000000Z")...)
}

func slicesOf(lists ...[]string) []string {
	var out []string
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}
