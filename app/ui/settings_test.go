package ui

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// closed tells whether Settings is closed.
func (s *stage) closed() bool { return s.windows.open[nameSettings] == nil }

// stores counts what was stored.
func (o *office) stores() int { return o.called("StorePairs") + o.called("StoreSettings") }

// muchChanged makes a change on every kind of page.
func (s *stage) muchChanged(o *opened) {
	s.turn(o, "contacts")
	s.choose(o, "Both ways", 1)
	s.choose(o, "Ask me first", 2) // deleted in Zoho CRM is not used one way, but shown first
	s.turn(o, "meetings")
	s.choose(o, "Zoho wins", 2)
	s.turn(o, pageGeneral)
	s.choose(o, "Every 5 minutes", 3)
}

func TestCancelChangesNothing(t *testing.T) {
	p := busyOffice()
	want, _ := p.Pairs(nil)
	s := english(t, p)
	o := s.settings()
	s.muchChanged(o)
	s.press(o, "Cancel")
	if s.closed() || !says(o, "Discard your changes?") {
		t.Fatal("it does not ask")
	}
	s.press(o, "Keep editing")
	if s.closed() {
		t.Fatal("it closed")
	}
	s.press(o, "Cancel")
	s.press(o, "Discard")
	if !s.closed() || p.stores() > 0 || !reflect.DeepEqual(p.pairs, want) {
		t.Errorf("closed: %v, stored %d times", s.closed(), p.stores())
	}
}

func TestApplyStoresExactlyTheDraft(t *testing.T) {
	p := busyOffice()
	want, _ := p.Pairs(nil)
	s := english(t, p)
	o := s.settings()
	s.muchChanged(o)
	if !says(o, "General ·") || !says(o, "Nextcloud ·") {
		t.Errorf("changed pages have no mark: %q", words(o))
	}
	s.press(o, "Apply")
	s.until("all is stored", func() bool { return says(o, "Help") && p.called("StorePairs") > 0 })
	want[0].Direction, want[0].Delete[plan.Right] = plan.ToLeft, plan.Propagate
	want[2].Conflict = plan.RightWins
	if !reflect.DeepEqual(p.pairs, want) {
		t.Errorf("got %+v, want %+v", p.pairs, want)
	}
	if p.settings.Interval != 15*time.Minute || p.called("StorePairs") != 1 || p.called("StoreSettings") != 1 {
		t.Errorf("got %v after %v", p.settings.Interval, p.calls)
	}
	if s.closed() || says(o, "General ·") {
		t.Error("it closed, or still shows marks")
	}
	s.press(o, "Cancel")
	if !s.closed() {
		t.Error("it asks although nothing is left to store")
	}
}

// listBeside returns the list that stands beside a label.
func listBeside(o *opened, label string) *choice {
	var found *choice
	at := float32(-1)
	each(o.content, func(n node) {
		switch w := n.object.(type) {
		case *text:
			if w.part.Text == label {
				at = n.at.Y
			}
		case *choice:
			if found == nil && at >= 0 && n.at.Y > at-20 {
				found = w
			}
		}
	})
	return found
}

func TestDeletionsAreStoredForTheSideThatIsWritten(t *testing.T) {
	for label, side := range map[string]plan.Side{"Deleted in Zoho CRM": plan.Right, "Deleted in Nextcloud": plan.Left} {
		p := busyOffice()
		s := english(t, p)
		o := s.settings()
		s.turn(o, "contacts")
		list := listBeside(o, label)
		if want := "Keep it in " + map[plan.Side]string{plan.Right: "Nextcloud", plan.Left: "Zoho CRM"}[side]; list.Options[0] != want {
			t.Errorf("%s: %q", label, list.Options)
		}
		list.SetSelectedIndex(0)
		s.press(o, "OK")
		s.until("it is closed", s.closed)
		want := [2]plan.Deletion{plan.Ask, plan.Ask}
		want[side] = plan.Never
		if p.pairs[0].Delete != want {
			t.Errorf("%s: got %v", label, p.pairs[0].Delete)
		}
	}
}

func TestOneWayOnlyWhatIsUsedCanBeChosen(t *testing.T) {
	for option, used := range map[int]map[string]bool{
		0: {"Edited on both sides": true, "Deleted in Zoho CRM": true, "Deleted in Nextcloud": true},
		1: {"Edited on both sides": false, "Deleted in Zoho CRM": false, "Deleted in Nextcloud": true}, // to Zoho CRM
		2: {"Edited on both sides": false, "Deleted in Zoho CRM": true, "Deleted in Nextcloud": false},
	} {
		s := english(t, busyOffice())
		o := onPage("contacts")(s)
		if option > 0 {
			s.choose(o, "Both ways", option)
		}
		for label, want := range used {
			if got := !listBeside(o, label).Disabled(); got != want {
				t.Errorf("direction %d: %s can be chosen: %v", option, label, got)
			}
		}
	}
}

func TestOKStoresAndCloses(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	s.turn(o, "contacts")
	s.choose(o, "Both ways", 2)
	s.press(o, "OK")
	s.until("it is closed", s.closed)
	if p.pairs[0].Direction != plan.ToRight {
		t.Errorf("got %s", p.pairs[0].Direction)
	}
}

func TestOKWithoutChangesStoresNothing(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	for _, page := range []string{"contacts", "tasks", "meetings", pageGeneral} {
		s.turn(o, page)
	}
	s.press(o, "OK")
	if !s.closed() || p.stores() != 0 {
		t.Errorf("closed: %v, stored %d times", s.closed(), p.stores())
	}
}

func TestWhatCouldNotBeStoredIsKept(t *testing.T) {
	p := busyOffice()
	p.fail["StorePairs"] = errors.New("disk full")
	s := english(t, p)
	o := s.settings()
	s.turn(o, "contacts")
	s.choose(o, "Both ways", 2)
	s.turn(o, pageGeneral)
	s.choose(o, "Every 5 minutes", 0)
	s.press(o, "OK")
	s.until("the error is shown", func() bool { return says(o, "Not everything could be stored") })
	s.press(o, "Close")
	if s.closed() || !says(o, "Nextcloud ·") || says(o, "General ·") {
		t.Errorf("the marks are wrong: %q", words(o))
	}
	p.mu.Lock()
	delete(p.fail, "StorePairs")
	p.mu.Unlock()
	s.press(o, "OK")
	s.until("it is closed", s.closed)
	if p.pairs[0].Direction != plan.ToRight || p.called("StoreSettings") != 1 {
		t.Errorf("got %s after %v", p.pairs[0].Direction, p.calls)
	}
}

func TestANewPairIsChosenStepByStep(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	newPair(s, o)
	s.press(o, "OK")
	if s.closed() || p.stores() > 0 || !says(o, "Until then nothing of this window is stored.") {
		t.Fatalf("a pair without a folder: %q", words(o))
	}
	s.pressNth(o, "Choose…", 0)
	s.settled(o)
	s.press(o, "Work")
	s.settled(o)
	if !says(o, "Calendar · 409 meetings: Demo, Kick-off, Review") {
		t.Errorf("no samples: %q", words(o))
	}
	s.press(o, "Use this folder")
	s.settled(o)
	s.press(o, "OK")
	if !says(o, "Another pair already has these two folders.") {
		t.Errorf("the same two folders twice: %q", words(o))
	}
	s.pressNth(o, "Change…", 1)
	s.settled(o)
	s.press(o, "New folder…")
	s.press(o, "Make and use it")
	s.until("the folder is made", func() bool { return p.called("MakeFolder Zoho CRM") == 1 && len(roots(o)) == 1 })
	s.settled(o)
	s.press(o, "Apply")
	s.until("it is stored", func() bool { return p.called("StorePairs") == 1 && says(o, "Help") })
	got := p.pairs[3]
	want := fresh().Defaults(got.Kind)
	want.ID = "pair-4"
	want.Ends = [2]state.End{{Account: "crm", Ref: "Events", Title: "Meetings"}, {Account: "Nextcloud", Ref: "made", Title: "Zoho CRM"}}
	if !samePair(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if list := sideOf(o); list.chosen != "pair-4" {
		t.Errorf("the page is %q", list.chosen)
	}
}

func TestAPairIsRemovedByOKAlone(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	s.turn(o, "tasks")
	s.press(o, "Remove this pair…")
	s.press(o, "Go on syncing")
	s.press(o, "Remove this pair…")
	s.press(o, "Remove, keep both copies")
	if p.stores() > 0 || says(o, "Tasks") {
		t.Fatalf("stored %d times: %q", p.stores(), words(o))
	}
	s.press(o, "OK")
	s.until("it is closed", s.closed)
	if len(p.pairs) != 2 || p.pairs[1].ID != "meetings" {
		t.Errorf("left: %v", p.pairs)
	}
}

func TestCategoriesAreChosen(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	s.turn(o, "meetings")
	s.pressNth(o, "Change…", 2)
	s.settled(o)
	s.press(o, "Only these:")
	boxes := func(name string, on bool) {
		box, ok := find[*check](o, name)
		if !ok {
			t.Fatalf("no box %q: %q", name, words(o))
		}
		box.SetChecked(on)
	}
	boxes("Zoho CRM", false)
	s.press(o, "Use these")
	if !says(o, "Choose at least one category.") {
		t.Fatalf("nothing chosen: %q", words(o))
	}
	boxes("Travel", true)
	front(o)["0"].SetText("Work")
	s.press(o, "Use these")
	s.press(o, "OK")
	s.until("it is closed", s.closed)
	if got := p.pairs[2]; !slices.Equal(got.Categories, []string{"Travel", "Work"}) || slices.ContainsFunc(got.Mapping, ofCategories) {
		t.Errorf("got %v, %v", got.Categories, got.Mapping)
	}
}

func TestAFolderThatCanOnlyBeReadDecidesTheDirection(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	s.turn(o, "meetings")
	s.pressNth(o, "Change…", 1)
	s.settled(o)
	s.press(o, "Team")
	s.settled(o)
	s.press(o, "Use this folder")
	s.settled(o)
	if !says(o, "“Team” can only be read, so the direction is “To Zoho CRM”.") {
		t.Errorf("it does not say why: %q", words(o))
	}
	each(o.content, func(n node) {
		if c, ok := n.object.(*choice); ok && c.Selected == "To Zoho CRM" && !c.Disabled() {
			t.Error("the direction can be changed")
		}
	})
	s.press(o, "OK")
	s.until("it is closed", s.closed)
	if p.pairs[2].Direction != plan.ToLeft {
		t.Errorf("got %s", p.pairs[2].Direction)
	}
}

func TestTheLanguageIsSpokenByTheNextWindows(t *testing.T) {
	s := english(t, busyOffice())
	o := s.settings()
	s.turn(o, pageGeneral)
	each(o.content, func(n node) {
		if c, ok := n.object.(*choice); ok && slices.Contains(c.Options, "Français") {
			c.SetSelected("Français")
		}
	})
	s.press(o, "OK")
	s.until("it is closed", s.closed)
	if got := s.windows.words.Language(); got != "fr" {
		t.Errorf("got %s", got)
	}
}

func TestWhatCannotBeReadIsReadAgain(t *testing.T) {
	p := busyOffice()
	p.fail["Pairs"] = errors.New("locked")
	s := english(t, p)
	s.windows.Settings()
	o := s.open(nameSettings)
	s.until("the error is shown", func() bool { return says(o, "Try again") })
	s.press(o, "OK")
	if s.closed() {
		t.Error("OK stores what was never read")
	}
	p.mu.Lock()
	delete(p.fail, "Pairs")
	p.mu.Unlock()
	s.press(o, "Try again")
	s.until("the settings are read", func() bool { return says(o, "Add account…") })
}
