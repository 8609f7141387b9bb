package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
)

func many(n int) plan.Guard { return plan.Guard{Code: plan.CodeMany, Side: plan.Left, Number: n} }

// asking returns the pairs about which a window asks.
func asking(s *stage) (pairs []string) {
	for name := range s.windows.open {
		if pair, is := strings.CutPrefix(name, nameGuard); is {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

func TestQuestionsAreAskedOnce(t *testing.T) {
	with := func(stops map[string]plan.Guard) engine.Status {
		var s engine.Status
		for _, id := range []string{"a", "b"} {
			p := engine.PairStatus{ID: id}
			if g, ok := stops[id]; ok {
				p.Stop = &g
			}
			s.Pairs = append(s.Pairs, p)
		}
		return s
	}
	type stops = map[string]plan.Guard
	var q questions
	for i, step := range []struct {
		now       stops
		want      []string
		ask       string // is then asked, and put off
		confirm   string // is then confirmed
		confirmed int
	}{
		{now: stops{}, want: nil},
		{now: stops{"a": many(7)}, want: []string{"a"}},
		{now: stops{"a": many(7)}, want: []string{"a"}, ask: "a"}, // nobody asked it so far
		{now: stops{"a": many(7)}, want: nil},
		{now: stops{"a": many(9)}, want: nil}, // it grew
		{now: stops{"a": many(9), "b": many(7)}, want: []string{"b"}},
		{now: stops{"a": {Code: plan.CodeAll, Side: plan.Left, Number: 9}}, want: []string{"a"}, ask: "a"}, // another question
		{now: stops{}, want: nil},
		{now: stops{"a": {Code: plan.CodeAll, Side: plan.Left, Number: 9}}, want: []string{"a"}, ask: "a"}, // it came back
		{now: stops{"a": {Code: plan.CodeAll, Side: plan.Right, Number: 9}}, want: []string{"a"}, confirm: "a", confirmed: 9},
		{now: stops{"a": {Code: plan.CodeAll, Side: plan.Right, Number: 9}}, want: nil},            // the run has not begun
		{now: stops{"a": {Code: plan.CodeAll, Side: plan.Right, Number: 11}}, want: []string{"a"}}, // more than was confirmed
	} {
		if got := q.fresh(with(step.now)); !slices.Equal(got, step.want) {
			t.Errorf("step %d: asks %q, want %q", i, got, step.want)
		}
		if step.ask != "" {
			q.note(step.ask, 0)
		}
		if step.confirm != "" {
			q.note(step.confirm, step.confirmed)
		}
	}
}

// TestOneQuestionAtATime: the next one comes when the first is closed, each once.
func TestOneQuestionAtATime(t *testing.T) {
	f := syncOffice().stopped(0, many(212)).stopped(2, many(9))
	s := english(t, f)
	s.windows.Ask(f.status)
	s.windows.Ask(f.status)
	if got := asking(s); !slices.Equal(got, []string{"contacts-1"}) {
		t.Fatalf("asks about %q", got)
	}
	s.open(nameGuard + "contacts-1").kit.close()
	s.drain()
	if got := asking(s); !slices.Equal(got, []string{"tasks-1"}) {
		t.Fatalf("asks about %q", got)
	}
	s.open(nameGuard + "tasks-1").kit.close()
	s.drain()
	s.windows.Ask(f.status)
	if got := asking(s); got != nil {
		t.Errorf("asks again about %q", got)
	}
	s.windows.Answer("contacts-1")
	if got := asking(s); !slices.Equal(got, []string{"contacts-1"}) {
		t.Errorf("a person who wants to answer sees %q", got)
	}
}

func TestClosingAllAsksNothingMore(t *testing.T) {
	f := syncOffice().stopped(0, many(212)).stopped(2, many(9))
	s := english(t, f)
	s.windows.Ask(f.status)
	s.windows.CloseAll()
	s.drain()
	if got := asking(s); got != nil {
		t.Errorf("asks about %q while the program ends", got)
	}
}

// ask opens the question about the first pair.
func (f *syncFake) ask(t *testing.T) (*stage, *opened) {
	t.Helper()
	s := english(t, f)
	s.windows.Ask(f.status)
	return s, questioned(s)
}

// TestTheSafeAnswerIsAtHand: whatever is typed when the window appears does no harm.
func TestTheSafeAnswerIsAtHand(t *testing.T) {
	for _, name := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyEscape} {
		f := syncOffice().stopped(0, many(212))
		s, o := f.ask(t)
		if got := nameOf(o.kit.window.Canvas().Focused()); got != "Decide later" {
			t.Errorf("the focus is at %q", got)
		}
		key(o, name)
		s.drain()
		want := []string{"answer contacts-1 212 later"}
		if name == fyne.KeyEscape {
			want = nil
		}
		s.until("the window closes", func() bool { return s.windows.open[nameGuard+"contacts-1"] == nil })
		if got := f.called(); !slices.Equal(got, want) {
			t.Errorf("%s: called %q", name, got)
		}
	}
}

func TestAnswering(t *testing.T) {
	f := syncOffice().stopped(0, many(212))
	s, o := f.ask(t)
	s.press(o, "Delete 212 in Zoho CRM")
	s.until("the window closes", func() bool { return s.windows.open[nameGuard+"contacts-1"] == nil })
	if got := f.called(); !slices.Equal(got, []string{"answer contacts-1 212 delete"}) {
		t.Errorf("called %q", got)
	}
	s.windows.Ask(f.status)
	if got := asking(s); got != nil {
		t.Errorf("asks again about %q before the run", got)
	}
	f.status = syncOffice().stopped(0, many(230)).status
	s.windows.Ask(f.status)
	if got := asking(s); !slices.Equal(got, []string{"contacts-1"}) {
		t.Errorf("asks about %q when there is more than was confirmed", got)
	}
}

// TestTheNumberIsTheOneThatIsShown: a person confirms what they read, and reads it anew when it changes.
func TestTheNumberIsTheOneThatIsShown(t *testing.T) {
	f := syncOffice().stopped(0, many(212))
	s, o := f.ask(t)
	f.news(s, "the new number", func() { g := many(600); f.status.Pairs[0].Stop = &g }, func() bool { return says(o, "600 contacts are gone from Nextcloud") })
	if says(o, "Delete 212 in Zoho CRM") {
		t.Error("the old button is left")
	}
	if got := nameOf(o.kit.window.Canvas().Focused()); got != "Decide later" {
		t.Errorf("the focus is at %q", got)
	}
	s.press(o, "Delete 600 in Zoho CRM")
	s.until("the window closes", func() bool { return s.windows.open[nameGuard+"contacts-1"] == nil })
	if got := f.called(); !slices.Equal(got, []string{"answer contacts-1 600 delete"}) {
		t.Errorf("called %q", got)
	}
}

func TestAQuestionThatSettlesItself(t *testing.T) {
	f := syncOffice().stopped(0, many(212))
	s, o := f.ask(t)
	f.news(s, "nothing to decide", func() { f.status = syncOffice().status }, func() bool { return says(o, "There is nothing to decide any more") })
	if _, left := find[*button](o, "Delete 212 in Zoho CRM"); left {
		t.Error("the button is left")
	}
	f.news(s, "it comes back", func() { f.status = syncOffice().stopped(0, many(8)).status }, func() bool { return says(o, "Delete 8 in Zoho CRM") })
}

func TestLookingAgainWritesNothing(t *testing.T) {
	f := syncOffice().stopped(0, plan.Guard{Code: plan.CodeEmptied, Side: plan.Right, Number: 212})
	s, o := f.ask(t)
	s.press(o, "Look again now")
	if got := f.called(); !slices.Equal(got, []string{`sync "contacts-1" false`}) {
		t.Errorf("called %q", got)
	}
}

func TestRefusedItemsCanBeLookedAt(t *testing.T) {
	f := syncOffice().failing().stopped(0, plan.Guard{Code: plan.CodeFailing, Side: plan.Right, Number: 3})
	s, o := f.ask(t)
	s.press(o, "Show problems")
	sync := s.open(nameSync)
	s.until("the problems are listed", func() bool { return says(sync, "Carla Dias") })
}

func TestAQuestionThatCannotBeRead(t *testing.T) {
	f := syncOffice().stopped(0, many(212))
	f.err = coded("disk-full")
	s, o := f.ask(t)
	if !says(o, "The disk is full, so the sync stopped. Nothing was lost.") {
		t.Errorf("the window says %q", words(o))
	}
	f.Lock()
	f.err = nil
	f.Unlock()
	f.news(s, "the question is asked", func() {}, func() bool { return says(o, "Delete 212 in Zoho CRM") })
}

// C-62: the three ways out do what they say, and the names are there to decide by.
func TestEachWayOutIsAnAnswer(t *testing.T) {
	for label, want := range map[string]string{
		"Bring 212 back to Nextcloud": "answer contacts-1 212 bring-back",
		"Delete 212 in Zoho CRM":      "answer contacts-1 212 delete",
		"Decide later":                "answer contacts-1 212 later",
	} {
		f := syncOffice().stopped(0, many(212))
		s, o := f.ask(t)
		for _, words := range []string{"212 contacts are gone from Nextcloud", "Ana Lima, Bruno Costa, Carla Dias and 209 more"} {
			if !says(o, words) {
				t.Errorf("the window does not say %q", words)
			}
		}
		s.press(o, label)
		s.until("the window closes", func() bool { return s.windows.open[nameGuard+"contacts-1"] == nil })
		if got := f.called(); !slices.Equal(got, []string{want}) {
			t.Errorf("called %q, want %q", got, want)
		}
		s.windows.Ask(f.status)
		if got := asking(s); got != nil {
			t.Errorf("%s: asks again about %q", label, got)
		}
	}
}

func TestAnAnswerThatCannotBeGivenIsExplained(t *testing.T) {
	f := syncOffice().stopped(0, many(212))
	f.refused = coded("no-question")
	s, o := f.ask(t)
	s.press(o, "Delete 212 in Zoho CRM")
	s.until("the window says why", func() bool { return says(o, "There is no such question any more. Nothing was changed.") })
}

// C-7: what was put off before the program was started is not asked by itself.
func TestWhatWasPutOffIsNotAskedAfterAStart(t *testing.T) {
	f := syncOffice().stopped(0, many(212))
	f.status.Pairs[0].Later = true
	s := english(t, f)
	s.windows.Ask(f.status)
	if got := asking(s); got != nil {
		t.Errorf("asks about %q", got)
	}
}
