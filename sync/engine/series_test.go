package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// january5 is the day on which worlds begin.
var january5 = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// newSeriesWorld is a pair of calendars with a window of so many days before and after today.
func newSeriesWorld(t *testing.T, from, until int) *world {
	t.Helper()
	return newWorld(t, record.Event, func(p *state.Pair) { p.FromDays, p.UntilDays = from, until })
}

// standup takes place at nine, so many days after January 5.
func standup(day int) record.Record {
	start := january5.AddDate(0, 0, day).Add(9 * time.Hour)
	return record.Record{record.Title: "Stand-up", record.When: record.FormatSpan(start, start.Add(time.Hour))}
}

// times lists when the items of a side take place, as days after January 5 and hours, with what else is told.
func (w *world) times(s *memory.Service, fields ...record.Field) string {
	var out []string
	for _, it := range s.Items(w.ref()) {
		start, _ := it.Record.Times(record.Event)
		since := start.Sub(january5)
		text := fmt.Sprintf("%02d:%02d", int(since.Hours()/24), int(since.Hours())%24)
		for _, f := range fields {
			text += " " + it.Record[f]
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// ids lists the items of the CRM by their time.
func (w *world) ids() map[string]record.ID {
	out := map[string]record.ID{}
	for _, it := range w.left.Items(w.ref()) {
		start, _ := it.Record.Times(record.Event)
		out[record.FormatInstant(start)] = it.ID
	}
	return out
}

// inStep wants the CRM to hold this, and a further run to write nothing.
func (w *world) inStep(want string, fields ...record.Field) {
	w.t.Helper()
	if got := w.times(w.left, fields...); got != want {
		w.t.Fatalf("the CRM holds %s\nwant %s", got, want)
	}
	w.quiet()
	w.quiet()
}

// at returns the occurrence of a group that is so many days after January 5.
func (w *world) occurrence(group record.ID, day int) record.ID {
	return group + "#" + record.ID(record.FormatInstant(january5.AddDate(0, 0, day).Add(9*time.Hour)))
}

// leftAt returns the record of the CRM that takes place then.
func (w *world) leftAt(day, hour int) record.ID {
	w.t.Helper()
	id := w.ids()[record.FormatInstant(january5.AddDate(0, 0, day).Add(time.Duration(hour)*time.Hour))]
	if id == "" {
		w.t.Fatalf("nothing takes place on day %d at %d", day, hour)
	}
	return id
}

func TestASeriesIsInTheCRMInsideTheWindow(t *testing.T) {
	w := newSeriesWorld(t, 2, 10)
	w.now = w.now.AddDate(0, 0, 9)
	w.right.PutSeries(w.ref(), standup(0), 7, 20)
	if r := w.sync(); r.Left.Created != 2 || r.Right.Created != 0 {
		t.Fatalf("report %+v", r)
	}
	w.inStep("07:09, 14:09")
}

// One occurrence is changed from either side, and deleted from either side: nothing happens to its siblings.
func TestOneOccurrenceFollows(t *testing.T) {
	w := newSeriesWorld(t, 2, 30)
	g := w.right.PutSeries(w.ref(), standup(0), 7, 5)
	w.sync()
	w.inStep("00:09, 07:09, 14:09, 21:09, 28:09")
	before := w.ids()

	w.left.Edit(w.ref(), w.leftAt(7, 9), record.Patch{record.Venue: "Room 1", record.When: standup(8)[record.When]})
	w.right.Edit(w.ref(), w.occurrence(g, 14), record.Patch{record.Venue: "Room 2"})
	if r := w.sync(); r.Wrote() != 2 {
		t.Fatalf("report %+v", r)
	}
	w.inStep("00:09 , 08:09 Room 1, 14:09 Room 2, 21:09 , 28:09 ", record.Venue)
	w.same()

	w.left.Remove(w.ref(), w.leftAt(21, 9))
	w.right.Remove(w.ref(), w.occurrence(g, 28))
	if r := w.sync(); r.Right.Deleted != 1 || r.Left.Deleted != 1 || r.Wrote() != 2 {
		t.Fatalf("report %+v", r)
	}
	w.inStep("00:09, 08:09, 14:09")
	w.same()
	if w.leftAt(0, 9) != before["2026-01-05T09:00:00Z"] || w.leftAt(8, 9) != before["2026-01-12T09:00:00Z"] {
		t.Fatal("a record of the CRM became another one")
	}
	// What was deleted does not return (C-16), and an edit of the same occurrence again is no other one (C-20).
	for n := range 3 {
		w.left.Edit(w.ref(), w.leftAt(8, 9), record.Patch{record.Venue: fmt.Sprint("Room ", n)})
		w.sync()
		w.same()
	}
	w.inStep("00:09, 08:09, 14:09")
}

// A series that is moved is as many changes of records that stay what they are; nothing counts as deleted, whatever is
// done about deletions, and no guard stops it.
func TestARescheduledSeriesKeepsItsRecords(t *testing.T) {
	for _, deletion := range []plan.Deletion{plan.Propagate, plan.Never, plan.Ask} {
		for name, by := range map[string]time.Duration{"an hour": time.Hour, "a day": 24 * time.Hour, "back": -3 * 24 * time.Hour} {
			t.Run(string(deletion)+" "+name, func(t *testing.T) {
				w := newSeriesWorld(t, 10, 60)
				w.pair.Delete = [2]plan.Deletion{deletion, deletion}
				w.must(w.state.StorePair(t.Context(), w.pair))
				g := w.right.PutSeries(w.ref(), standup(0), 7, 8)
				w.sync()
				before := w.ids()
				for at, id := range before {
					w.left.Adorn(w.ref(), id, "notes of "+at)
				}
				w.right.MoveSeries(w.ref(), g, by)
				r := w.sync()
				if r.Left.Updated != 8 || r.Wrote() != 8 || r.Waits() {
					t.Fatalf("report %+v", r)
				}
				for at, id := range before {
					start, err := time.Parse(record.InstantLayout, at)
					w.must(err)
					if now := w.ids()[record.FormatInstant(start.Add(by))]; now != id {
						t.Fatalf("what was at %s is %s now, not %s", at, now, id)
					}
				}
				w.same()
				w.quiet()
				w.quiet()
			})
		}
	}
}

// "This and all following": the app ends one series and begins another. The records go on, none is there twice.
func TestThisAndAllFollowing(t *testing.T) {
	for _, deletion := range []plan.Deletion{plan.Propagate, plan.Never, plan.Ask} {
		t.Run(string(deletion), func(t *testing.T) {
			w := newSeriesWorld(t, 10, 60)
			w.pair.Delete = [2]plan.Deletion{deletion, deletion}
			w.must(w.state.StorePair(t.Context(), w.pair))
			g := w.right.PutSeries(w.ref(), standup(0), 7, 6)
			w.sync()
			before := w.ids()
			w.right.SplitSeries(w.ref(), g, "2026-01-26", record.Patch{record.Venue: "Room 1"})
			if r := w.sync(); r.Left.Updated != 3 || r.Wrote() != 3 || r.Waits() {
				t.Fatalf("report %+v", r)
			}
			w.inStep("00:09 , 07:09 , 14:09 , 21:09 Room 1, 28:09 Room 1, 35:09 Room 1", record.Venue)
			w.same()
			for at, id := range w.ids() {
				if before[at] != id {
					t.Fatalf("the record at %s became another one", at)
				}
			}
		})
	}
}

// A series that a person deletes takes all its records along without a question: it is one object (R2).
func TestADeletedSeriesIsOneDeletion(t *testing.T) {
	w := newSeriesWorld(t, 10, 60)
	g := w.right.PutSeries(w.ref(), standup(0), 1, 40)
	w.right.Put(w.ref(), standup(3).With(record.Patch{record.Title: "Something else"}))
	w.sync()
	w.right.RemoveSeries(w.ref(), g)
	if r := w.sync(); r.Left.Deleted != 40 || r.Wrote() != 40 {
		t.Fatalf("report %+v", r)
	}
	w.inStep("03:09 Something else", record.Title)
}

// A CRM from which many records vanish is asked about, also when they are of one series there.
func TestManyRecordsOfOneSeriesAreManyInTheCRM(t *testing.T) {
	w := newSeriesWorld(t, 10, 60)
	w.right.PutSeries(w.ref(), standup(0), 1, 40)
	w.sync()
	for n := range 10 {
		w.left.Remove(w.ref(), w.leftAt(n, 9))
	}
	r, err := w.try(RunOptions{})
	wantGuard(t, r, err, plan.CodeMany, plan.Right, 10)
	w.count(30, 40)
}

// Editing the series in the calendar changes all its records.
func TestAnEditedSeriesChangesItsRecords(t *testing.T) {
	w := newSeriesWorld(t, 10, 60)
	g := w.right.PutSeries(w.ref(), standup(0), 7, 4)
	w.right.Put(w.ref(), standup(3).With(record.Patch{record.Title: "Something else"}))
	w.sync()
	w.right.EditSeries(w.ref(), g, record.Patch{record.Title: "Daily"})
	if r := w.sync(); r.Left.Updated != 4 || r.Wrote() != 4 {
		t.Fatalf("report %+v", r)
	}
	w.same()
	w.quiet()
}

// A single that is made to repeat is the first of its series, and the other way round.
func TestASingleThatIsMadeToRepeat(t *testing.T) {
	w := newSeriesWorld(t, 10, 60)
	single := w.right.Put(w.ref(), standup(0))
	w.sync()
	record := w.one(w.left).ID
	w.right.Repeat(w.ref(), single, 7, 3)
	w.sync()
	w.inStep("00:09, 07:09, 14:09")
	if w.leftAt(0, 9) != record {
		t.Fatal("the record of the single was replaced")
	}
}

// The window moves on with the clock for forty days: what comes into it is created, what leaves it is kept and followed.
func TestTheWindowMovesWithTheClock(t *testing.T) {
	for _, expire := range []bool{false, true} {
		t.Run(fmt.Sprint("cursors expire ", expire), func(t *testing.T) {
			w := newSeriesWorld(t, 3, 10)
			g := w.right.PutSeries(w.ref(), standup(0), 7, 60)
			created := w.sync().Left.Created
			for day := 1; day <= 40; day++ {
				w.now = w.now.AddDate(0, 0, 1)
				if expire {
					w.right.ExpireCursors(w.ref())
				}
				r := w.sync()
				if created += r.Left.Created; r.Wrote() != r.Left.Created {
					t.Fatalf("day %d: report %+v", day, r)
				}
				if want := (day+10)/7 + 1; created != want || len(w.left.Items(w.ref())) != want {
					t.Fatalf("day %d: %d records, want %d", day, created, want)
				}
				w.quiet()
			}
			// Long out of the window: edits and deletions are followed still.
			w.left.Edit(w.ref(), w.leftAt(0, 9), record.Patch{record.Venue: "Room 1"})
			w.left.Remove(w.ref(), w.leftAt(7, 9))
			w.right.Edit(w.ref(), w.occurrence(g, 14), record.Patch{record.Venue: "Room 2"})
			if r := w.sync(); r.Wrote() != 3 || r.Right.Deleted != 1 {
				t.Fatalf("report %+v", r)
			}
			if it, _ := w.right.Item(w.ref(), w.occurrence(g, 0)); it.Record[record.Venue] != "Room 1" {
				t.Fatal("the past occurrence did not follow")
			}
			w.quiet()
			if it, _ := w.left.Item(w.ref(), w.leftAt(14, 9)); it.Record[record.Venue] != "Room 2" {
				t.Fatal("the record of the past occurrence did not follow")
			}
		})
	}
}

// A series that cannot be read for a while loses nothing (C-15).
func TestAnUnreadableOccurrenceIsKept(t *testing.T) {
	w := newSeriesWorld(t, 10, 60)
	g := w.right.PutSeries(w.ref(), standup(0), 7, 4)
	w.sync()
	w.right.Spoil(w.ref(), w.occurrence(g, 7), "unreadable")
	w.right.ExpireCursors(w.ref())
	for range 5 {
		if r := w.sync(); r.Wrote() != 0 {
			t.Fatalf("report %+v", r)
		}
	}
	w.right.Spoil(w.ref(), w.occurrence(g, 7), "")
	w.inStep("00:09, 07:09, 14:09, 21:09")
}

// The state is lost: every occurrence finds its record again, also after the series was moved.
func TestALostStateFindsOccurrencesAgain(t *testing.T) {
	for _, marks := range []bool{false, true} {
		for _, moved := range []bool{false, true} {
			t.Run(fmt.Sprintf("marks %v, moved %v", marks, moved), func(t *testing.T) {
				w := newSeriesWorld(t, 10, 60)
				w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), Marks: marks})
				g := w.right.PutSeries(w.ref(), standup(0), 7, 6)
				w.sync()
				if moved {
					w.right.MoveSeries(w.ref(), g, 24*time.Hour)
					w.sync()
				}
				w.forget()
				if r := w.sync(); r.Wrote() != 0 || r.Waits() {
					t.Fatalf("report %+v", r)
				}
				w.count(6, 6)
				w.quiet()
				w.right.EditSeries(w.ref(), g, record.Patch{record.Venue: "Room 1"})
				if r := w.sync(); r.Left.Updated != 6 || r.Wrote() != 6 {
					t.Fatalf("report %+v", r)
				}
			})
		}
	}
}

// A series is moved or split while the CRM does not list yet what became of a create: no record is there twice.
func TestAMovedSeriesWaitsForAnUnansweredCreate(t *testing.T) {
	for name, act := range map[string]func(*world, record.ID){
		"moved": func(w *world, g record.ID) { w.right.MoveSeries(w.ref(), g, time.Hour) },
		"split": func(w *world, g record.ID) { w.right.SplitSeries(w.ref(), g, "2026-01-05", nil) },
	} {
		for _, marks := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " marks ", marks), func(t *testing.T) {
				w := newSeriesWorld(t, 10, 60)
				w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: crmLimits(), Marks: marks, Lag: time.Hour})
				g := w.right.PutSeries(w.ref(), standup(0), 7, 3)
				w.left.Fail(memory.LostAnswer, 1)
				w.sync()
				act(w, g)
				w.sync()
				w.count(3, 3)
				w.now = w.now.Add(2 * time.Hour)
				w.left.Advance(2 * time.Hour)
				w.sync()
				w.count(3, 3)
				w.left.Advance(2 * time.Hour)
				w.sync()
				w.same()
				w.quiet()
			})
		}
	}
}
