package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"zohosync/assets"
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// tells reads everything of a program at 10:42 and puts it into words.
func (f *syncFake) tells(t *testing.T, language string) teller {
	t.Helper()
	f.on(assets.Speak(language), func() {})
	o, err := overview{}.read(context.Background(), f, today(10, 42))
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{program: f, words: f.words, loop: loop{now: func() time.Time { return today(10, 42) }}}
	return k.teller(o)
}

// with changes a program.
func with(f *syncFake, change func(*syncFake)) *syncFake {
	change(f)
	return f
}

func TestTop(t *testing.T) {
	cases := []struct {
		name           string
		program        *syncFake
		stopping       bool
		title, caption string
		canSync        bool
	}{
		{"in step", syncOffice(), false, "In step", "Last sync 10:37", true},
		{"running", syncOffice().running(), false, "Syncing – 41%", "512 of 1,220 items", false},
		{"reading", with(syncOffice().running(), func(f *syncFake) { f.status.Total = 0 }), false, "Syncing", "Reading changes…", false},
		{"stopping", syncOffice().running(), true, "Stopping…", "The running item is finished first. The rest follows at the next sync.", false},
		{"failing", syncOffice().failing(), false, "Needs attention", "3 problems · last sync 10:37", true},
		{"stopped", syncOffice().failing().stopped(1, plan.Guard{Code: plan.CodeMany}), false, "Needs attention", "1 question, 3 problems · last sync 10:37", true},
		{"paused", with(syncOffice(), func(f *syncFake) { f.paused, f.status.State = today(14, 0), engine.StatePaused }), false,
			"Paused until 14:00", "Nothing is synced until you resume · last sync 10:37", false},
		{"paused till tomorrow", with(syncOffice(), func(f *syncFake) { f.paused, f.status.State = today(8, 0).AddDate(0, 0, 1), engine.StatePaused }), false,
			"Paused until 23 November, 8:00", "Nothing is synced until you resume · last sync 10:37", false},
		{"paused for good", with(syncOffice(), func(f *syncFake) { f.paused, f.status.State = Forever, engine.StatePaused }), false,
			"Paused", "Nothing is synced until you resume · last sync 10:37", false},
		{"paused during a run", with(syncOffice().running(), func(f *syncFake) { f.paused = Forever }), false, "Syncing – 41%", "512 of 1,220 items", false},
		{"offline", with(syncOffice(), func(f *syncFake) { f.status.State = engine.StateOffline }), false, "Offline", "Last sync 10:37", true},
		{"signed out", with(syncOffice(), func(f *syncFake) { f.status.State = engine.StateSignedOut }), false,
			"Signed out", "Log in to sync these pairs. What was synced stays as it is.", false},
		{"new", with(syncOffice(), func(f *syncFake) { f.status.State, f.status.LastSuccess = engine.StateStarting, time.Time{} }), false,
			"Not synced yet", "Nothing written yet", true},
		{"stale", stale(), false, "Needs attention", "No success since 20 November, 18:04", true},
		{"nothing anywhere", with(syncOffice(), func(f *syncFake) { f.counts = nil }), false, "Nothing found", "Last sync 10:37", true},
		{"a state of tomorrow", with(syncOffice(), func(f *syncFake) { f.status.State = "dreaming" }), false, "Needs attention", "Last sync 10:37", true},
	}
	for _, c := range cases {
		v := c.program.tells(t, "en").top(c.stopping)
		if v.title != c.title || v.caption != c.caption || v.canSync != c.canSync {
			t.Errorf("%s: got %q, %q, can sync: %v", c.name, v.title, v.caption, v.canSync)
		}
	}
	if v := syncOffice().running().tells(t, "en").top(false); v.share < 0.41 || v.share > 0.42 {
		t.Errorf("the bar stands at %v", v.share)
	}
}

func TestSyncNowWantsAPair(t *testing.T) {
	f := syncOffice()
	f.pairs, f.status.Pairs = nil, nil
	if f.tells(t, "en").top(false).canSync {
		t.Error("Sync Now is offered without a pair")
	}
}

// TestNoSuccess: the warning comes after a day, or three intervals where those are longer.
func TestNoSuccess(t *testing.T) {
	for _, c := range []struct {
		since, interval time.Duration
		warns           bool
	}{
		{23 * time.Hour, time.Minute, false},
		{25 * time.Hour, time.Minute, true},
		{25 * time.Hour, 12 * time.Hour, false},
		{37 * time.Hour, 12 * time.Hour, true},
	} {
		f := syncOffice()
		f.settings.Interval = c.interval
		f.status.LastSuccess = today(10, 42).Add(-c.since)
		f.status.Pairs[0].LastSuccess = f.status.LastSuccess
		tell := f.tells(t, "en")
		if got := tell.top(false).warns; got != c.warns {
			t.Errorf("the whole, %v after the last success, every %v: %v", c.since, c.interval, got)
		}
		v := tell.row(f.pairs[0], f.status.Pairs[0])
		if v.warns != c.warns || c.warns != (v.mark == markAttention) || c.warns != strings.HasPrefix(v.doing, "no success since") {
			t.Errorf("a pair, %v after the last success, every %v: %v %q %q", c.since, c.interval, v.warns, v.state, v.doing)
		}
	}
}

func TestRow(t *testing.T) {
	reading := func(done int) *syncFake {
		return with(syncOffice().running(), func(f *syncFake) {
			p := &f.status.Pairs[0]
			p.Stage, p.Side, p.Done, p.Total = engine.Discovering, plan.Left, done, 0
		})
	}
	cases := []struct {
		name         string
		program      *syncFake
		state, doing string
		mark         mark
	}{
		{"in step", syncOffice(), "In step", "last sync 10:38, 1,236 written, 24 credits", markInStep},
		{"writing", syncOffice().running(), "512 of 1,220", "writing to Nextcloud", markSyncing},
		{"reading", reading(0), "Syncing", "reading from Zoho CRM", markSyncing},
		{"reading on", reading(1200), "Syncing", "reading from Zoho CRM: 1,200", markSyncing},
		{"planning", with(syncOffice().running(), func(f *syncFake) { f.status.Pairs[0].Stage, f.status.Pairs[0].Total = engine.Planning, 0 }),
			"Syncing", "comparing both sides", markSyncing},
		{"failing", syncOffice().failing(), "3 problems", "last sync 10:38, 1,236 written, 24 credits", markAttention},
		{"asked", syncOffice().failing().stopped(0, plan.Guard{Code: plan.CodeMany}), "1 question", "last sync 10:38, 1,236 written, 24 credits", markAttention},
		{"broken", syncOffice().failing().broken(0, plan.Left, provider.ErrAuth), "Needs attention", "last sync 10:38, 1,236 written, 24 credits", markAttention},
		{"paused", with(syncOffice(), func(f *syncFake) { f.paused = today(14, 0) }), "Paused until 14:00", "last sync 10:38, 1,236 written, 24 credits", markPaused},
		{"asked and paused", with(syncOffice().stopped(0, plan.Guard{}), func(f *syncFake) { f.paused = today(14, 0) }), "1 question",
			"last sync 10:38, 1,236 written, 24 credits", markAttention},
		{"offline", with(syncOffice(), func(f *syncFake) { f.status.Pairs[0].State = engine.StateOffline }), "Offline", "last sync 10:38, 1,236 written, 24 credits", markOffline},
		{"found nothing", with(syncOffice(), func(f *syncFake) { f.counts = nil }), "Nothing found", "last sync 10:38, 1,236 written, 24 credits", markAttention},
		{"the last run failed", with(syncOffice(), func(f *syncFake) { f.runs = f.runs[3:] }), "In step", "last sync 10:37", markInStep},
		{"never ran", with(syncOffice(), func(f *syncFake) {
			f.runs, f.status.Pairs[0] = nil, engine.PairStatus{ID: "contacts-1", State: engine.StateStarting}
		}),
			"Not synced yet", "", markNone},
		{"signed out", with(syncOffice(), func(f *syncFake) { f.status.State = engine.StateSignedOut }), "Signed out",
			"last sync 10:38, 1,236 written, 24 credits", markNone},
	}
	for _, c := range cases {
		v := c.program.tells(t, "en").row(c.program.pairs[0], c.program.status.Pairs[0])
		if v.state != c.state || v.doing != c.doing || v.mark != c.mark {
			t.Errorf("%s: got %q, %q, mark %d", c.name, v.state, v.doing, v.mark)
		}
	}
}

func TestRowCounts(t *testing.T) {
	f := syncOffice().failing()
	v := f.tells(t, "fr").row(f.pairs[0], f.status.Pairs[0])
	if v.inStep != "1\u00a0102 à jour" || v.excluded != "84 exclus" || v.failing != "3 en échec" || !v.anyExcluded || !v.anyFailing {
		t.Errorf("got %+v", v)
	}
	v = f.tells(t, "en").row(f.pairs[2], f.status.Pairs[2])
	if v.excluded != "0 excluded" || v.failing != "0 failing" || v.anyExcluded || v.anyFailing {
		t.Errorf("nothing leads somewhere: %+v", v)
	}
}

func TestNote(t *testing.T) {
	unreachable := coded("unreachable")
	cases := []struct {
		name    string
		program *syncFake
		title   string
		button  string
		remedy  remedy
	}{
		{"in step", syncOffice(), "", "", noRemedy},
		{"failing items", syncOffice().failing(), "", "", noRemedy},
		{"a question", syncOffice().stopped(0, plan.Guard{Code: plan.CodeMany, Side: plan.Left, Number: 212}), "212 contacts are gone from Nextcloud", "Answer…", doAnswer},
		{"signed out of the CRM", syncOffice().broken(0, plan.Left, provider.ErrAuth), "The command could not be carried out. Nothing was lost.", "Sign In Again…", doSignIn},
		{"a server's password", syncOffice().broken(0, plan.Right, provider.ErrAuth), "The command could not be carried out. Nothing was lost.", "Sign In Again…", doSettings},
		{"a folder is gone", syncOffice().broken(0, plan.Right, provider.ErrGone), "The command could not be carried out. Nothing was lost.", "Change folder…", doSettings},
		{"unreachable", syncOffice().broken(0, plan.Right, unreachable), "The server cannot be reached. Nothing was lost.", "Retry", doRetry},
		{"an error of neither side", with(syncOffice(), func(f *syncFake) { f.status.Pairs[0].Err = errors.New("x") }), "The command could not be carried out. Nothing was lost.", "Retry", doRetry},
		{"offline for a moment", with(syncOffice().broken(0, plan.Right, unreachable), func(f *syncFake) { f.status.Pairs[0].State = engine.StateOffline }), "", "", noRemedy},
		{"trying again", with(syncOffice().broken(0, plan.Right, unreachable), func(f *syncFake) { f.status.Pairs[0].State = engine.StateSyncing }), "", "", noRemedy},
		{"nothing found", with(syncOffice(), func(f *syncFake) { f.counts = nil }), "Both sides answered, but with 0 items", "Change folder…", doSettings},
		{"nothing found yet", with(syncOffice(), func(f *syncFake) { f.counts, f.status.Pairs[0].LastSuccess = nil, time.Time{} }), "", "", noRemedy},
	}
	for _, c := range cases {
		v := c.program.tells(t, "en").note(c.program.pairs[0], c.program.status.Pairs[0])
		if v.title != c.title || v.button != c.button || v.remedy != c.remedy {
			t.Errorf("%s: got %q, %q, %d", c.name, v.title, v.button, v.remedy)
		}
	}
}

// TestNothingFoundSaysWhatWasAsked: contacts have no time range, meetings have.
func TestNothingFoundSaysWhatWasAsked(t *testing.T) {
	f := syncOffice()
	f.counts = nil
	tell := f.tells(t, "en")
	want := "“My contacts” in Zoho CRM and “Zoho CRM Contacts” in Nextcloud were asked for everything. Are they the right ones?"
	if got := tell.note(f.pairs[0], f.status.Pairs[0]).words; got != want {
		t.Errorf("got %q", got)
	}
	want = "“My meetings” in Zoho CRM and “Zoho CRM” in This computer were asked for 23 October to 21 May. Are they the right ones?"
	if got := tell.note(f.pairs[1], f.status.Pairs[1]).words; got != want {
		t.Errorf("got %q", got)
	}
}

func TestNames(t *testing.T) {
	f := syncOffice()
	tell := f.tells(t, "en")
	if got := tell.pairName(f.pairs[1]); got != "Meetings – This computer" {
		t.Errorf("got %q", got)
	}
	f.accounts = append(f.accounts, Account{Name: "other", Service: "zoho", Title: "Zoho CRM"})
	if got := f.tells(t, "en").side(f.pairs[0], plan.Left); got != "crm" {
		t.Errorf("one of two accounts with Zoho CRM is called %q", got)
	}
	f.accounts = nil
	if got := f.tells(t, "en").side(f.pairs[0], plan.Left); got != "crm" {
		t.Errorf("an account that is gone is called %q", got)
	}
}

// TestTwoPairsNeverShareAName: or a person would look at the wrong one.
func TestTwoPairsNeverShareAName(t *testing.T) {
	f := syncOffice()
	f.pairs[2].Kind = record.Contact
	tell := f.tells(t, "en")
	want := []string{"Contacts – Nextcloud (Zoho CRM Contacts)", "Meetings – This computer", "Contacts – Nextcloud (Work)"}
	for i, p := range f.pairs {
		if got := tell.pairName(p); got != want[i] {
			t.Errorf("got %q, want %q", got, want[i])
		}
	}
}

func TestBegins(t *testing.T) {
	for given, want := range map[string]string{"": "", "état": "État", "1 problem": "1 problem", "Last": "Last"} {
		if got := begins(given); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestOverviewReadsLittleDuringARun: progress alone does not read everything again, until it is old.
func TestOverviewReadsLittleDuringARun(t *testing.T) {
	f := syncOffice().running()
	f.on(assets.Speak("en"), func() {})
	o, at := overview{}, today(10, 42)
	read := func(after time.Duration) {
		t.Helper()
		var err error
		at = at.Add(after)
		if o, err = o.read(context.Background(), f, at); err != nil {
			t.Fatal(err)
		}
	}
	read(0)
	f.status.Done = 600
	read(pace)
	if f.full != 1 || o.status.Done != 600 {
		t.Errorf("read everything %d times, %d done", f.full, o.status.Done)
	}
	read(fullPace)
	if f.full != 2 {
		t.Errorf("an old overview was read %d times", f.full)
	}
	f.status.Pairs[0].State, f.status.Pairs[1].State = engine.StateInStep, engine.StateSyncing
	read(pace)
	if f.full != 3 {
		t.Error("the counts of a run that ended are not read")
	}
	f.status.Pairs[1].State, f.status.State = engine.StateInStep, engine.StateInStep
	read(pace)
	read(pace)
	if f.full != 5 {
		t.Errorf("without a run everything is read every time, not %d times", f.full)
	}
}
