package zoho

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

// A series of the CRM is one record per occurrence (Zoho CRM v8, Insert Records). Every one of them is an item of its own: an
// edit or a deletion concerns no other, and the rule is never sent (the transport of these tests looks).
func TestOccurrencesOfTheCRMAreSingles(t *testing.T) {
	p := newPlace(t, sandbox.Options{MarkField: true})
	weekly := map[string][]string{
		"Events": p.s.PutSeries("Events", map[string]any{
			"Event_Title": "Stand-up", "Start_DateTime": "2026-12-01T09:00:00Z", "End_DateTime": "2026-12-01T10:00:00Z",
		}, "FREQ=WEEKLY;INTERVAL=1;COUNT=3"),
		"Tasks": p.s.PutSeries("Tasks", map[string]any{"Subject": "Report", "Due_Date": "2026-12-01"}, "FREQ=DAILY;INTERVAL=1;COUNT=3"),
	}
	p.tick()
	for module, ids := range weekly {
		kind := kinds[module]
		c := p.open(t, kind, record.FieldsOf(kind))
		pages := walk(t, c, "")
		items := pages[0].Changed
		if len(ids) != 3 || len(items) != 3 || len(pages[0].Skipped) != 0 {
			t.Fatalf("%s: %d made, %d listed, %d skipped", module, len(ids), len(items), len(pages[0].Skipped))
		}
		starts := map[string]bool{}
		for _, it := range items {
			start, _ := it.Record.Times(kind)
			starts[start.String()] = true
			if it.Group != it.ID || it.Slot != "" {
				t.Errorf("%s: group %q, slot %q", module, it.Group, it.Slot)
			}
		}
		if len(starts) != 3 {
			t.Errorf("%s: %d times", module, len(starts))
		}
		before := p.s.Record(module, string(items[1].ID))
		h, err := apply(t, c,
			record.Write{Op: record.Update, ID: items[0].ID, Revision: items[0].Revision, Seen: items[0].Record, Patch: record.Patch{record.Details: "New"}},
			record.Write{Op: record.Delete, ID: items[2].ID, Revision: items[2].Revision, Seen: items[2].Record})
		if err != nil || h.done[0].Err != nil || h.done[1].Err != nil {
			t.Fatalf("%s: %v, %+v", module, err, h.done)
		}
		changed := p.s.Record(module, string(items[0].ID))
		if changed["Description"] != "New" || changed["Recurring_Activity"] == nil {
			t.Errorf("%s: the changed occurrence is %v", module, changed)
		}
		if after := p.s.Record(module, string(items[1].ID)); fmt.Sprint(after) != fmt.Sprint(before) || p.s.Record(module, string(items[2].ID)) != nil {
			t.Errorf("%s: another occurrence changed, or one is not deleted", module)
		}
	}
}

// A person edits all of a series, or its rule: that arrives as so many changes, in whatever way the CRM carries it out.
func TestAnEditOfTheSeriesArrivesAsManyChanges(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	ids := p.s.PutSeries("Tasks", map[string]any{"Subject": "Report", "Due_Date": "2026-12-01"}, "FREQ=DAILY;INTERVAL=1;COUNT=4")
	p.tick()
	c := p.open(t, record.Task, record.FieldsOf(record.Task))
	since := walk(t, c, "")[0].Next
	p.tick()
	for n, id := range ids {
		p.s.Edit("Tasks", id, map[string]any{"Subject": "Monthly report", "Due_Date": fmt.Sprintf("2026-12-%02d", 10+n)})
	}
	p.tick()
	page := walk(t, c, since)[0]
	if len(page.Changed) != 4 || len(page.Deleted) != 0 {
		t.Fatalf("%d changed, %d deleted", len(page.Changed), len(page.Deleted))
	}
	for _, it := range page.Changed {
		if !slices.Contains(ids, string(it.ID)) || it.Record[record.Subject] != "Monthly report" {
			t.Errorf("%+v", it)
		}
	}
}

// Where the next task is made when one is completed, it is a new item, and the completed one stays what it is.
func TestTheNextTaskIsAnItemOfItsOwn(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	rule := map[string]any{"RRULE": "FREQ=WEEKLY;INTERVAL=1;COUNT=9"}
	first := p.s.Put("Tasks", map[string]any{"Subject": "Report", "Due_Date": "2026-12-01", "Recurring_Activity": rule})
	p.tick()
	c := p.open(t, record.Task, record.FieldsOf(record.Task))
	page := walk(t, c, "")[0]
	it := page.Changed[0]
	h, err := apply(t, c, record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record, Patch: record.Patch{record.Status: "completed"}})
	if err != nil || h.done[0].Err != nil {
		t.Fatalf("%v, %+v", err, h.done)
	}
	next := p.s.Put("Tasks", map[string]any{"Subject": "Report", "Due_Date": "2026-12-08", "Recurring_Activity": rule})
	p.tick()
	listed := map[record.ID]string{}
	for _, it := range walk(t, c, page.Next)[0].Changed {
		listed[it.ID] = it.Record[record.Status]
	}
	if len(listed) != 2 || listed[record.ID(first)] != "completed" || listed[record.ID(next)] == "completed" {
		t.Fatalf("listed %v", listed)
	}
}

// Nothing maps the rule: a create carries none, whatever fields are chosen.
func TestACreateCarriesNoRule(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	rule := record.Field(customPrefix + "Recurring_Activity")
	c := p.open(t, record.Task, append(record.FieldsOf(record.Task), rule))
	if _, held := c.Info().Limits[record.Task][rule]; held {
		t.Error("the rule is a field that can be mapped")
	}
	h, err := apply(t, c, record.Write{Op: record.Create, Key: "k", Patch: record.Patch{record.Subject: "Report", record.Due: "2026-12-01", rule: "FREQ=DAILY;COUNT=3"}})
	if err != nil || h.done[0].Err != nil {
		t.Fatalf("%v, %+v", err, h.done)
	}
	if all := p.s.Records("Tasks"); len(all) != 1 || all[0]["Recurring_Activity"] != nil {
		t.Fatalf("%d tasks: %v", len(all), all)
	}
}

// The reminder of a task that repeats is so many days before it is due, or it cannot be held.
func TestReminderOfARepeatingTask(t *testing.T) {
	for value, want := range map[string]string{
		"2026-12-01T08:30:00Z": "ACTION=EMAIL;TRIGGER=-P1W;TRIGGER_TIME=08:30",
		"2026-12-02T08:30:00Z": "ACTION=EMAIL;TRIGGER=-P6D;TRIGGER_TIME=08:30",
		"2026-12-07T23:59:00Z": "ACTION=EMAIL;TRIGGER=-P1D;TRIGGER_TIME=23:59",
		"2026-11-17T00:00:00Z": "ACTION=EMAIL;TRIGGER=-P3W;TRIGGER_TIME=00:00",
		"2026-12-08T08:30:00Z": "", "2026-11-30T08:30:00Z": "", "2026-12-07T08:30:30Z": "", "2026-12-09T08:30:00Z": "",
	} {
		var now object
		if err := json.Unmarshal([]byte(`{"id":"1","Due_Date":"2026-12-08","Recurring_Activity":{"RRULE":"FREQ=DAILY;COUNT=3"},
			"Remind_At":{"ALARM":"ACTION=EMAIL;TRIGGER=-P2D;TRIGGER_TIME=10:00"}}`), &now); err != nil {
			t.Fatal(err)
		}
		m := *newOrg(t).open(record.Task).(*collection).m
		m.zone = time.UTC
		d := &draft{m: &m, now: now, whole: record.Record{record.Due: "2026-12-08"}, out: map[string]any{}, sent: record.Patch{}}
		d.put(record.Reminder, value)
		sent, _ := json.Marshal(d.out["Remind_At"])
		if want == "" {
			if len(d.left) != 1 || d.left[0].Code != provider.CodeInvalid || len(d.out) != 0 {
				t.Errorf("%s: sent %s, left %v", value, sent, d.left)
			}
			continue
		}
		if string(sent) != `{"ALARM":"`+want+`"}` {
			t.Errorf("%s: sent %s", value, sent)
		}
		now["Remind_At"] = sent
		if back, err := readAlarm(&m, now, []string{"Remind_At"}); err != nil || back != value {
			t.Errorf("%s comes back as %s, %v", value, back, err)
		}
	}
}
