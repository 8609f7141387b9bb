package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// syncFake is a program with pairs: what it shows is set by the test, what it is asked for is kept.
type syncFake struct {
	*fake
	status  engine.Status
	paused  time.Time
	counts  map[string]Counts
	items   map[string][]engine.Item
	runs    []state.Run
	changed func() // of the window that watches
	watches int
	reads   int
	full    int
	calls   []string
	choices []plan.Choice // of the questions; nil: the usual ones
	refused error         // of an answer
	view    *syncView     // of the window that was opened last
}

func (f *syncFake) Status(context.Context) (engine.Status, error) {
	f.Lock()
	defer f.Unlock()
	f.reads++
	s := f.status
	s.Pairs = slices.Clone(s.Pairs)
	return s, f.err
}

func (f *syncFake) Watch(changed func()) (stop func()) {
	f.Lock()
	defer f.Unlock()
	f.watches++
	f.changed = changed
	return func() {
		f.Lock()
		defer f.Unlock()
		f.watches--
	}
}

func (f *syncFake) call(format string, args ...any) {
	f.Lock()
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
	f.Unlock()
	f.wake()
}

// Questions are those of the pairs that are stopped.
func (f *syncFake) Questions(context.Context) ([]engine.Question, error) {
	f.Lock()
	defer f.Unlock()
	var out []engine.Question
	for _, p := range f.status.Pairs {
		if p.Stop == nil {
			continue
		}
		q := stopped(*p.Stop)
		q.ID, q.Pair, q.Stops, q.Names = fmt.Sprint(p.ID, " ", p.Stop.Number), p.ID, true, []string{"Ana Lima", "Bruno Costa", "Carla Dias"}
		switch q.Choices = f.choices; {
		case q.Choices != nil:
		case q.Code == plan.CodeMany || q.Code == plan.CodeEmptied:
			q.Linked, q.Choices = q.Number+604, []plan.Choice{plan.ChoiceBringBack, plan.ChoiceDelete, plan.ChoiceLater}
		case q.Code == plan.CodeAll:
			q.Choices = []plan.Choice{plan.ChoicePutBack, plan.ChoiceGoOn, plan.ChoiceLater}
		default:
			q.Choices = []plan.Choice{plan.ChoiceGoOn, plan.ChoiceLater}
		}
		out = append(out, q)
	}
	return out, f.err
}

// Answer notes what was decided.
func (f *syncFake) Answer(_ context.Context, id string, c plan.Choice) error {
	f.call("answer %s %s", id, c)
	return f.refused
}

func (f *syncFake) called() []string {
	f.Lock()
	defer f.Unlock()
	return f.calls
}

func (f *syncFake) SyncNow(pair string, retry bool)                { f.call("sync %q %v", pair, retry) }
func (f *syncFake) Stop()                                          { f.call("stop") }
func (f *syncFake) Pause(until time.Time)                          { f.call("pause %d", until.Year()) }
func (f *syncFake) PausedUntil() time.Time                         { return f.paused }
func (f *syncFake) Runs(context.Context, int) ([]state.Run, error) { return f.runs, f.err }

func (f *syncFake) Pairs(context.Context) ([]state.Pair, error) {
	f.Lock()
	defer f.Unlock()
	f.full++
	return f.pairs, f.err
}

func (f *syncFake) Counts(_ context.Context, pair string) (Counts, error) {
	return f.counts[pair], f.err
}

func (f *syncFake) Problems(_ context.Context, pair string) ([]engine.Item, error) {
	return f.items[pair], f.err
}

// tell changes what the program shows and says so.
func (f *syncFake) tell(change func()) {
	f.Lock()
	change()
	changed := f.changed
	f.Unlock()
	changed()
}

// today is a time of the day of the stages.
func today(hour, minute int) time.Time { return time.Date(2026, 11, 22, hour, minute, 0, 0, time.UTC) }

// syncOffice is a program with three pairs, all in step.
func syncOffice() *syncFake {
	f := &syncFake{fake: ready(), counts: map[string]Counts{}, items: map[string][]engine.Item{}}
	f.settings.Interval = 5 * time.Minute
	f.accounts = []Account{
		{Name: "crm", Service: "zoho", Title: "Zoho CRM", SignedIn: true},
		{Name: "Nextcloud", Service: "dav", Title: "CalDAV and CardDAV"},
		{Name: "local", Service: "local", Title: "This computer"},
	}
	f.pairs = []state.Pair{
		{ID: "contacts-1", Kind: record.Contact, Direction: plan.Both, Ends: [2]state.End{
			{Account: "crm", Ref: "Contacts", Title: "My contacts"}, {Account: "Nextcloud", Ref: "/card/", Title: "Zoho CRM Contacts"}}},
		{ID: "meetings-1", Kind: record.Event, Direction: plan.ToRight, FromDays: 30, UntilDays: 180, Ends: [2]state.End{
			{Account: "crm", Ref: "Events", Title: "My meetings"}, {Account: "local", Ref: "/cal/", Title: "Zoho CRM"}}},
		{ID: "tasks-1", Kind: record.Task, Direction: plan.Both, Ends: [2]state.End{
			{Account: "crm", Ref: "Tasks", Title: "My open tasks"}, {Account: "Nextcloud", Ref: "/todo/", Title: "Work"}}},
	}
	for _, p := range f.pairs {
		f.status.Pairs = append(f.status.Pairs, engine.PairStatus{ID: p.ID, State: engine.StateInStep, LastSuccess: today(10, 37)})
	}
	for i := range f.pairs {
		f.pairs[i].Delete = [2]plan.Deletion{plan.Propagate, plan.Propagate}
	}
	f.status.State, f.status.LastSuccess = engine.StateInStep, today(10, 37)
	f.counts = map[string]Counts{"contacts-1": {InStep: 1102, Excluded: 84}, "meetings-1": {InStep: 409, Excluded: 27}, "tasks-1": {InStep: 86}}
	f.runs = []state.Run{
		ran(9, "tasks-1", today(10, 37), engine.InStep, engine.Report{Credits: 1, Seconds: 0.6, Right: engine.Counts{Created: 3, Updated: 1, Requests: 5}, Left: engine.Counts{Requests: 1}}),
		ran(8, "meetings-1", today(10, 37), engine.InStep, engine.Report{Credits: 2, Seconds: 0.8}),
		ran(7, "contacts-1", today(10, 37), engine.InStep, engine.Report{Credits: 24, Seconds: 118, Conflicts: 2,
			Left: engine.Counts{Created: 12, Updated: 3, Skipped: 84, Requests: 31}, Right: engine.Counts{Created: 1220, Deleted: 1, Requests: 840}}),
		ran(6, "contacts-1", today(9, 12), engine.Failed, engine.Report{Seconds: 12.2}),
		ran(5, "meetings-1", today(9, 10), engine.Stopped, engine.Report{Seconds: 2.2, Stop: &plan.Guard{Code: plan.CodeMany}}),
		ran(4, "tasks-1", today(9, 0).AddDate(0, 0, -1), engine.Waiting, engine.Report{Seconds: 0.4, Right: engine.Counts{Updated: 2}}),
		{ID: 3, Pair: "gone-1", Began: today(8, 0).AddDate(0, 0, -2)},
	}
	return f
}

func ran(id int64, pair string, at time.Time, outcome string, r engine.Report) state.Run {
	b, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return state.Run{ID: id, Pair: pair, Began: at, Ended: at.Add(time.Duration(r.Seconds * float64(time.Second))), Outcome: outcome, Report: string(b)}
}

// running has the first pair write, and the others wait.
func (f *syncFake) running() *syncFake {
	f.status.State, f.status.Done, f.status.Total = engine.StateSyncing, 512, 1220
	p := &f.status.Pairs[0]
	p.State, p.Stage, p.Side, p.Done, p.Total = engine.StateSyncing, engine.Applying, plan.Right, 512, 1220
	return f
}

// failing has three contacts not in step.
func (f *syncFake) failing() *syncFake {
	f.items["contacts-1"] = []engine.Item{
		{ID: "1", Title: "Carla Dias", Code: provider.CodeTooLong, Side: plan.Right.String(), Field: record.Mobile},
		{ID: "2", Title: "Eva Nunes", Code: provider.CodeTooLong, Side: plan.Right.String(), Field: record.Details},
		{ID: "3", Code: provider.CodeMandatory, Side: plan.Right.String(), Field: record.LastName},
	}
	f.counts["contacts-1"] = Counts{InStep: 1102, Excluded: 84, Failing: 3}
	f.status.State, f.status.Problems = engine.StateAttention, 3
	f.status.Pairs[0].State, f.status.Pairs[0].Problems = engine.StateAttention, 3
	return f
}

// excluded has items left out of the meetings.
func (f *syncFake) excluded() *syncFake {
	f.items["meetings-1"] = []engine.Item{
		{ID: "8", Title: "Weekly review of the offers for Lima & Costa and everybody else", Code: provider.CodeRecurring, Side: plan.Right.String()},
		{ID: "9", Title: "Lunch", Code: plan.OutWindow, Side: plan.Left.String()},
	}
	return f
}

// stopped has a guard stop a pair.
func (f *syncFake) stopped(pair int, g plan.Guard) *syncFake {
	f.status.State, f.status.Waiting = engine.StateAttention, f.status.Waiting+1
	f.status.Pairs[pair].State, f.status.Pairs[pair].Stop = engine.StateAttention, &g
	return f
}

// broken has the run of a pair fail at one side.
func (f *syncFake) broken(pair int, side plan.Side, err error) *syncFake {
	f.status.State = engine.StateAttention
	f.status.Pairs[pair].State = engine.StateAttention
	f.status.Pairs[pair].Err = &engine.EndError{Side: side, Account: f.pairs[pair].Ends[side].Account, Err: err}
	return f
}
