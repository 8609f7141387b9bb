package ui

import (
	"slices"
	"strings"
	"testing"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/state"
)

func listing(days []dayView) []string {
	var said []string
	for _, d := range days {
		said = append(said, strings.ToUpper(d.title))
		for _, r := range d.runs {
			said = append(said, r.title+" | "+r.caption)
		}
	}
	return said
}

func TestHistory(t *testing.T) {
	tell := syncOffice().tells(t, "en")
	want := []string{
		"TODAY", "10:37 · 4 written | Tasks – Nextcloud · 0.6 s", "10:37 · 1,236 written | Contacts – Nextcloud · 2 min",
		"9:12 · not finished | Contacts – Nextcloud · 12 s", "9:10 · stopped to ask | Meetings – This computer · 2.2 s",
		"YESTERDAY", "9:00 · 2 written | Tasks – Nextcloud · 0.4 s",
		"20 NOVEMBER", "8:00 · not finished | A pair that was removed",
	}
	if got := listing(tell.history(false)); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	all := listing(tell.history(true))
	if len(all) != len(want)+1 || all[2] != "10:37 · 0 written | Meetings – This computer · 0.8 s" {
		t.Errorf("all of them: %q", all)
	}
	if got := listing(syncOffice().tells(t, "fr").history(false))[1]; got != "10\u00a0h\u00a037 · 4 écrits | Tâches – Nextcloud · 0,6\u00a0s" {
		t.Errorf("French: %q", got)
	}
}

func TestOutcomes(t *testing.T) {
	cases := []struct {
		name, want string
		program    *syncFake
		run        state.Run
	}{
		{"wrote", "Everything was in step at the end.", syncOffice(), ran(1, "tasks-1", today(9, 0), engine.InStep, engine.Report{Left: engine.Counts{Updated: 1}})},
		{"quiet", "Everything was in step already.", syncOffice(), ran(1, "tasks-1", today(9, 0), engine.InStep, engine.Report{})},
		{"waiting", "Some items were not in step at the end; Problems lists those that still are not.", syncOffice(), ran(1, "tasks-1", today(9, 0), engine.Waiting, engine.Report{})},
		{"stopped", "It stopped to ask before it went on.", syncOffice(), ran(1, "tasks-1", today(9, 0), engine.Stopped, engine.Report{})},
		{"failed", "It did not come to its end. The rest follows at the next sync.", syncOffice(), ran(1, "tasks-1", today(9, 0), engine.Failed, engine.Report{})},
		{"killed", "The program ended during this sync. The next one goes on from there; nothing is written twice.", syncOffice(), state.Run{ID: 99, Pair: "tasks-1", Began: today(9, 0)}},
		{"running", "It is still under way.", with(syncOffice().running(), func(f *syncFake) {
			f.runs = append([]state.Run{{ID: 99, Pair: "contacts-1"}}, f.runs...)
		}), state.Run{ID: 99, Pair: "contacts-1", Began: today(10, 40)}},
		{"killed before the running one", "The program ended during this sync. The next one goes on from there; nothing is written twice.",
			with(syncOffice().running(), func(f *syncFake) { f.runs = append([]state.Run{{ID: 99, Pair: "contacts-1"}}, f.runs...) }),
			state.Run{ID: 98, Pair: "contacts-1", Began: today(10, 40)}},
	}
	for _, c := range cases {
		if got := c.program.tells(t, "en").run(c.run).outcome; got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestARunTellsEachSide(t *testing.T) {
	f := syncOffice()
	v := f.tells(t, "en").run(f.runs[2])
	if v.sides != [2]string{"Zoho CRM", "Nextcloud"} || v.counts[plan.Left].Created != 12 || v.counts[plan.Right].Created != 1220 ||
		v.credits != "24 credits" || v.took != "2 min" || v.decided != 2 || v.heading != "Today, 10:37" || v.wrote() != 1236 {
		t.Errorf("got %+v", v)
	}
}

func TestAReportThatCannotBeRead(t *testing.T) {
	v := syncOffice().tells(t, "en").run(state.Run{ID: 1, Pair: "tasks-1", Outcome: engine.InStep, Ended: today(9, 1), Report: `{"left":{"created":5},"seconds":"x"`})
	if v.wrote() != 0 || v.outcome != "Everything was in step already." {
		t.Errorf("got %+v", v)
	}
}
