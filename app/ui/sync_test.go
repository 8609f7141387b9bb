package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
)

// opened opens the Sync window of a program, in English.
func (f *syncFake) opened(t *testing.T, pair string) (*stage, *opened) {
	t.Helper()
	s := english(t, f)
	s.windows.build[nameSync] = func(k *kit, which string) (shown view) {
		f.view, shown = k.syncView(which)
		return shown
	}
	return s, s.looked(pair)
}

// news tells the window that the program changed, and waits until it shows it.
func (f *syncFake) news(s *stage, what string, change func(), holds func() bool) {
	s.t.Helper()
	f.tell(change)
	s.drain()
	s.pass(pace)
	s.until(what, holds)
}

func TestSyncOpensWhereAPersonIsNeeded(t *testing.T) {
	for _, c := range []struct {
		name    string
		program *syncFake
		pair    string
		page    string
	}{
		{"all in step", syncOffice(), "", pagePairs},
		{"problems", syncOffice().failing(), "", pageProblems},
		{"problems, but asked for a pair", syncOffice().failing(), "tasks-1", pagePairs},
		{"a question", syncOffice().stopped(0, plan.Guard{Code: plan.CodeMany}), "", pagePairs},
	} {
		_, o := c.program.opened(t, c.pair)
		if got := sideOf(o).chosen; got != c.page {
			t.Errorf("%s: opens at %s", c.name, got)
		}
		o.kit.close()
	}
}

// TestSyncIsRaisedAtAPair: the menu names pairs, and the window may be open at another page.
func TestSyncIsRaisedAtAPair(t *testing.T) {
	f := syncOffice().failing()
	for range 6 {
		f.pairs = append(f.pairs, f.pairs[2])
		f.pairs[len(f.pairs)-1].ID += string(rune('a' + len(f.pairs)))
		f.status.Pairs = append(f.status.Pairs, f.status.Pairs[2])
		f.status.Pairs[len(f.pairs)-1].ID = f.pairs[len(f.pairs)-1].ID
	}
	s, o := f.opened(t, "")
	s.windows.Sync(f.pairs[8].ID)
	if got := sideOf(o).chosen; got != pagePairs {
		t.Fatalf("raised at %s", got)
	}
	p := f.view.pairs
	top := p.scroll.Offset.Y
	if row := p.rows[8].content; row.Position().Y+row.Size().Height > top+p.scroll.Size().Height || top == 0 {
		t.Errorf("the pair lies at %v, shown is %v of %v", row.Position().Y, top, p.scroll.Size().Height)
	}
	f.news(s, "the news is shown", func() { f.status.Problems = 4 }, func() bool { return says(o, "4 problems · last sync 10:37") })
	if p.scroll.Offset.Y != top {
		t.Errorf("news scrolled from %v to %v", top, p.scroll.Offset.Y)
	}
}

func TestPressing(t *testing.T) {
	paused := func() *syncFake {
		return with(syncOffice(), func(f *syncFake) { f.paused, f.status.State = Forever, engine.StatePaused })
	}
	for _, c := range []struct {
		program *syncFake
		page    string
		label   string
		want    string
	}{
		{syncOffice(), pagePairs, "Sync Now", `sync "" false`},
		{syncOffice(), pagePairs, "Pause", "pause 9999"},
		{paused(), pagePairs, "Resume", "pause 1"},
		{syncOffice().running(), pagePairs, "Stop", "stop"},
		{syncOffice().broken(1, plan.Right, coded("unreachable")), pagePairs, "Retry", `sync "meetings-1" true`},
		{syncOffice().failing(), pageProblems, "Retry", `sync "contacts-1" true`},
		{syncOffice().failing(), pageProblems, "Retry all 3", `sync "" true`},
	} {
		s, o := c.program.opened(t, "")
		sideOf(o).choose(c.page)
		s.press(o, c.label)
		if got := c.program.called(); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: called %q, want %q", c.label, got, c.want)
		}
		o.kit.close()
	}
}

func TestRetryAllKeepsToTheChosenPair(t *testing.T) {
	f := syncOffice().failing()
	s, o := f.opened(t, "")
	f.view.filterBy(problemFilter{pair: "contacts-1"})
	s.press(o, "Retry all 3")
	if got := f.called(); !slices.Equal(got, []string{`sync "contacts-1" true`}) {
		t.Errorf("called %q", got)
	}
}

// TestOneButtonPerTrouble: each leads to where it can be mended.
func TestOneButtonPerTrouble(t *testing.T) {
	for _, c := range []struct {
		program *syncFake
		label   string
		window  string
	}{
		{syncOffice().broken(0, plan.Left, provider.ErrAuth), "Sign In Again…", nameLogIn},
		{syncOffice().broken(0, plan.Right, provider.ErrAuth), "Sign In Again…", nameSettings},
		{syncOffice().broken(0, plan.Right, provider.ErrGone), "Change folder…", nameSettings},
		{syncOffice().stopped(0, plan.Guard{Code: plan.CodeMany, Side: plan.Left, Number: 212}), "Answer…", nameGuard + "contacts-1"},
	} {
		s, o := c.program.opened(t, "")
		s.windows.build[nameSettings] = plain
		s.press(o, c.label)
		if s.windows.open[c.window] == nil {
			t.Errorf("%s does not open %s", c.label, c.window)
		}
		s.windows.CloseAll()
	}
}

func TestCountsLeadToWhatTheyCount(t *testing.T) {
	f := syncOffice().failing().excluded()
	s, o := f.opened(t, "contacts-1")
	if _, ok := find[*link](o, "1,102 in step"); ok {
		t.Error("what is in step leads somewhere")
	}
	s.press(o, "27 excluded")
	if got := f.view; got.page != pageProblems || got.filter != (problemFilter{pair: "meetings-1", excluded: true}) {
		t.Errorf("at %s with %+v", got.page, got.filter)
	}
	if !says(o, "Lunch") || !says(o, "25 more are only counted.") || says(o, "Carla Dias") {
		t.Errorf("the window says %q", words(o))
	}
	sideOf(o).choose(pagePairs)
	s.press(o, "3 failing")
	if !says(o, "Carla Dias") || says(o, "Lunch") {
		t.Errorf("the window says %q", words(o))
	}
}

// TestStopIsShownAtOnce: until the run has ended, and not for the next one.
func TestStopIsShownAtOnce(t *testing.T) {
	f := syncOffice().running()
	s, o := f.opened(t, "")
	s.press(o, "Stop")
	if b, _ := find[*button](o, "Stop"); !says(o, "Stopping…") || !b.Disabled() {
		t.Errorf("the window says %q", words(o))
	}
	f.news(s, "the run has ended", func() { f.status = syncOffice().status }, func() bool { return says(o, "In step") && says(o, "Sync Now") })
	f.news(s, "another run", func() { f.status = syncOffice().running().status }, func() bool { return says(o, "Syncing – 41%") })
}

// TestTheFocusFollowsTheButton: who pressed Sync Now by key can press Stop by key, and Resume after Pause.
func TestTheFocusFollowsTheButton(t *testing.T) {
	f := syncOffice()
	s, o := f.opened(t, "")
	focused := func() string { return nameOf(o.kit.window.Canvas().Focused()) }
	p := f.view.pairs
	o.kit.focus(p.start)
	f.news(s, "a run begins", func() { f.status = syncOffice().running().status }, func() bool { return says(o, "Stop") })
	if focused() != "Stop" {
		t.Errorf("the focus is at %q", focused())
	}
	f.news(s, "the run ends", func() { f.status = syncOffice().status }, func() bool { return !says(o, "Stop") })
	if focused() != "Sync Now" {
		t.Errorf("the focus is at %q", focused())
	}
	o.kit.focus(p.pause)
	f.news(s, "paused", func() { f.paused, f.status.State = Forever, engine.StatePaused }, func() bool { return says(o, "Resume") })
	if focused() != "Resume" {
		t.Errorf("the focus is at %q", focused())
	}
}

// TestNoPrimaryButtonDuringARun: Enter must not do what nobody meant.
func TestNoPrimaryButtonDuringARun(t *testing.T) {
	f := syncOffice().failing()
	s, o := f.opened(t, "tasks-1")
	o.kit.window.Canvas().Unfocus()
	key(o, fyne.KeyReturn)
	f.news(s, "a run begins", func() { f.status, f.paused = syncOffice().failing().running().status, Forever }, func() bool { return says(o, "Stop") })
	none := func() {
		t.Helper()
		if p := o.kit.keys.primary; p != nil {
			t.Errorf("Enter presses %q", p.Text)
		}
	}
	none()
	key(o, fyne.KeyReturn)
	sideOf(o).choose(pageProblems)
	o.kit.window.Canvas().Unfocus()
	none()
	key(o, fyne.KeyReturn)
	if got := f.called(); !slices.Equal(got, []string{`sync "" false`}) {
		t.Errorf("called %q", got)
	}
	if !says(o, "A sync is under way.") {
		t.Errorf("nothing says why Retry is disabled: %q", words(o))
	}
}

// TestLayoutStaysWhileNumbersMove: rows keep their place when a run begins, goes on and ends.
func TestLayoutStaysWhileNumbersMove(t *testing.T) {
	f := syncOffice().failing()
	s, o := f.opened(t, "tasks-1")
	p := f.view.pairs
	places := func() (all []fyne.Position) {
		driver := fyne.CurrentApp().Driver()
		for _, r := range p.rows {
			all = append(all, driver.AbsolutePositionForObject(r.content), driver.AbsolutePositionForObject(r.doing))
		}
		return all
	}
	before, row := places(), p.rows[0]
	f.news(s, "a run begins", func() { f.status = syncOffice().failing().running().status }, func() bool { return says(o, "512 of 1,220 items") })
	f.news(s, "it goes on", func() { f.status.Done, f.status.Pairs[0].Done = 1220, 1220 }, func() bool { return says(o, "1,220 of 1,220 items") })
	for i, at := range places() {
		if at.Y != before[i].Y {
			t.Errorf("part %d moved from %v to %v", i, before[i].Y, at.Y)
		}
	}
	if p.rows[0] != row {
		t.Error("the row was made anew")
	}
}

// TestTheChosenProblemStaysChosen: also when others come and go before it.
func TestTheChosenProblemStaysChosen(t *testing.T) {
	f := syncOffice().failing()
	s, o := f.opened(t, "")
	list := f.view.problems.list
	o.kit.focus(list)
	key(o, fyne.KeyDown)
	heading := func() string { return f.view.problems.shown.Title }
	if heading() != "Eva Nunes" {
		t.Fatalf("shown is %q", heading())
	}
	items := f.items["contacts-1"]
	f.news(s, "the first is gone", func() { f.items = map[string][]engine.Item{"contacts-1": items[1:]} }, func() bool { return !says(o, "Carla Dias") })
	if heading() != "Eva Nunes" {
		t.Errorf("shown is %q", heading())
	}
	f.news(s, "the chosen one is gone", func() { f.items = map[string][]engine.Item{"contacts-1": items[2:]} }, func() bool { return !says(o, "Eva Nunes") })
	if heading() != "(no name)" {
		t.Errorf("shown is %q", heading())
	}
	f.news(s, "all are gone", func() { f.items = nil; f.status = syncOffice().status }, func() bool { return says(o, "No problems") })
	f.news(s, "all are back", func() { f.items = map[string][]engine.Item{"contacts-1": items} }, func() bool { return says(o, "Carla Dias") })
}

func TestNoProblemsIsSaidOnlyWhenTrue(t *testing.T) {
	for name, c := range map[string]struct {
		program *syncFake
		says    string
	}{
		"in step":  {syncOffice(), "1,597 items are in step. Last checked: 10:37."},
		"question": {syncOffice().stopped(0, plan.Guard{}), "What keeps a pair from syncing is shown under Pairs."},
		"error":    {syncOffice().broken(0, plan.Left, provider.ErrAuth), "What keeps a pair from syncing is shown under Pairs."},
		"stale":    {stale(), "What keeps a pair from syncing is shown under Pairs."},
		"never":    {with(syncOffice(), func(f *syncFake) { f.status.LastSuccess = time.Time{} }), "Nothing was synced yet."},
	} {
		_, o := c.program.opened(t, "")
		sideOf(o).choose(pageProblems)
		if !says(o, c.says) {
			t.Errorf("%s: the window says %q", name, words(o))
		}
		o.kit.close()
	}
}

func TestAllRuns(t *testing.T) {
	f := syncOffice()
	_, o := f.opened(t, "")
	sideOf(o).choose(pageHistory)
	if says(o, "10:37 · 0 written") {
		t.Error("a quiet run is listed")
	}
	f.view.history.choice.SetSelectedIndex(1)
	if !says(o, "10:37 · 0 written") {
		t.Errorf("the window says %q", words(o))
	}
}

func TestHistoryTellsWhyItIsEmpty(t *testing.T) {
	f := syncOffice()
	f.runs = f.runs[1:2]
	_, o := f.opened(t, "")
	sideOf(o).choose(pageHistory)
	if !says(o, "The runs so far found nothing to write. “All runs” lists them.") {
		t.Errorf("the window says %q", words(o))
	}
}

func TestWithoutPairsThereIsOneThingToDo(t *testing.T) {
	f := syncOffice()
	f.pairs, f.status.Pairs = nil, nil
	s, o := f.opened(t, "")
	s.windows.build[nameSettings] = plain
	o.kit.window.Canvas().Unfocus()
	key(o, fyne.KeyReturn)
	if s.windows.open[nameSettings] == nil {
		t.Error("Enter does not open the settings")
	}
	f.news(s, "signed out", func() { f.status.State = engine.StateSignedOut }, func() bool { return says(o, "Signed out") })
	key(o, fyne.KeyReturn)
	if s.windows.open[nameLogIn] == nil {
		t.Error("Enter does not open Log In")
	}
}

// TestAFailureIsToldAndEnds: the page comes back with the next look that succeeds.
func TestAFailureIsToldAndEnds(t *testing.T) {
	f := syncOffice()
	s, o := f.opened(t, "")
	f.news(s, "the failure is told", func() { f.err = coded("disk-full") }, func() bool { return says(o, "The disk is full, so the sync stopped. Nothing was lost.") })
	f.Lock()
	f.err = nil
	f.Unlock()
	s.pass(pace)
	s.press(o, "Retry")
	s.until("the page is back", func() bool { return says(o, "In step") })
}

func TestNothingIsWatchedOnceTheWindowIsClosed(t *testing.T) {
	f := syncOffice()
	s, o := f.opened(t, "")
	o.kit.close()
	if f.watches != 0 {
		t.Errorf("%d watches are left", f.watches)
	}
	reads := f.reads
	f.tell(func() {})
	s.drain()
	s.pass(time.Minute)
	if f.reads != reads {
		t.Error("a closed window looks")
	}
}
