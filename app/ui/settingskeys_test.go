package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"zohosync/sync/plan"
)

func TestEscapeAndEnterFromEveryFocus(t *testing.T) {
	s := english(t, busyOffice())
	o := s.settings()
	entered, escaped := 0, 0
	o.kit.keys.primary.OnTapped = func() { entered++ }
	o.kit.keys.escape = func() { escaped++ }
	for _, page := range []string{pageAccounts, "contacts", "tasks", "meetings", pageGeneral} {
		s.turn(o, page)
		reached := focusable(o)
		if len(reached) < 5 {
			t.Fatalf("%s: Tab reaches %d things", page, len(reached))
		}
		for _, f := range reached {
			entered, escaped = 0, 0
			o.kit.focus(f)
			key(o, fyne.KeyEscape)
			want := 0
			switch f.(type) {
			case *button, *link: // Enter presses this one
			default:
				want = 1
				key(o, fyne.KeyReturn)
			}
			if escaped != 1 || entered != want {
				t.Errorf("%s: at %T Escape came %d times, Enter %d times", page, f, escaped, entered)
			}
		}
	}
}

func TestEscapeLeavesAndEnterStores(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := onPage("contacts")(s)
	key(o, fyne.KeyEscape)
	if !s.closed() {
		t.Fatal("Escape leaves it open")
	}
	o = onPage("contacts")(s)
	s.choose(o, "Both ways", 2)
	key(o, fyne.KeyEscape)
	key(o, fyne.KeyEscape) // keeps editing
	if s.closed() || len(roots(o)) != 1 {
		t.Fatal("the second Escape discards")
	}
	key(o, fyne.KeyReturn)
	s.until("it is stored", s.closed)
	if p.pairs[0].Direction != plan.ToRight {
		t.Errorf("got %s", p.pairs[0].Direction)
	}
}

func TestEscapeInAQuestionLeavesTheQuestionAlone(t *testing.T) {
	for name, ask := range map[string]func(*stage, *opened){
		"folder":     pressing("Change…", 1),
		"categories": pressing("Change…", 2),
		"remove":     pressing("Remove this pair…", 0),
		"help":       pressing("Help", 0),
	} {
		s := english(t, busyOffice())
		o := onPage("meetings", ask)(s)
		for _, f := range focusable(o) {
			o.kit.focus(f)
			key(o, fyne.KeyEscape)
			if len(roots(o)) != 1 || s.closed() {
				t.Errorf("%s: Escape does not end it at %T", name, f)
			}
			ask(s, o)
			s.settled(o)
		}
	}
}

func TestTheFocusStaysWhereItIs(t *testing.T) {
	s := english(t, busyOffice())
	o := onPage("contacts")(s)
	var direction *choice
	each(o.content, func(n node) {
		if c, ok := n.object.(*choice); ok && c.Selected == "Both ways" {
			direction = c
		}
	})
	o.kit.focus(direction)
	direction.SetSelectedIndex(1)
	if c, ok := o.kit.window.Canvas().Focused().(*choice); !ok || c == direction || c.Selected != "To Zoho CRM" {
		t.Errorf("the focus is at %T", o.kit.window.Canvas().Focused())
	}
}
