package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// TestEnterAndEscapeFromEveryFocus goes through every state of every window: whatever Tab reaches, Escape does what the
// window's Escape does, and Enter presses the primary button, unless another button or link has the focus. Tab ends at the
// primary button.
func TestEnterAndEscapeFromEveryFocus(t *testing.T) {
	for _, one := range shots() {
		t.Run(one.name, func(t *testing.T) {
			o := one.take(english(t, one.program()))
			front := o.kit.front()
			escaped, entered := 0, 0
			front.escape = func() { escaped++ }
			if front.primary != nil {
				front.primary.OnTapped = func() { entered++ }
			}
			ready := front.primary != nil && !front.primary.Disabled()
			all := focusable(o)
			if len(all) == 0 {
				t.Fatal("Tab reaches nothing")
			}
			if last := all[len(all)-1]; ready && last != fyne.Focusable(front.primary) {
				t.Errorf("Tab ends at %T %q", last, nameOf(last))
			}
			for _, f := range append(all, nil) {
				o.kit.window.Canvas().Focus(f)
				escaped, entered = 0, 0
				key(o, fyne.KeyEscape)
				if escaped != 1 {
					t.Errorf("Escape at %T %q did nothing", f, nameOf(f))
				}
				if b, ok := f.(*button); (ok && b != front.primary) || isLink(f) {
					continue
				}
				key(o, fyne.KeyReturn)
				key(o, fyne.KeyEnter)
				if ready && entered != 2 {
					t.Errorf("Enter at %T %q pressed the primary button %d times", f, nameOf(f), entered)
				}
			}
		})
	}
}

func nameOf(f fyne.Focusable) string {
	if f == nil {
		return "nothing"
	}
	return labelOf(f.(fyne.CanvasObject))
}

func isLink(f fyne.Focusable) bool {
	_, ok := f.(*link)
	return ok
}

// bench is a window with one control of each kind, which count what is done to them.
type bench struct {
	*opened
	entry          *entry
	button, cancel *button
	link           *link
	pressed        map[string]int
}

func newBench(s *stage) *bench {
	b := &bench{pressed: map[string]int{}}
	count := func(what string) func() { return func() { b.pressed[what]++ } }
	b.opened = s.put(func(k *kit, _ string) view {
		b.entry = k.entry("words", "type here", nil)
		b.button, b.link = k.button("Other", count("other")), k.link("Link", count("link"))
		b.cancel = k.button("Cancel", count("cancel"))
		k.keys.escape = count("cancel")
		k.shortcut(fyne.KeyF, count("search"))
		page := fixedPage(b.entry, b.button)
		return view{title: "Bench", size: fyne.NewSize(400, 300),
			content: frame(nil, 0, page, footer(b.link, b.cancel, k.primary("OK", count("ok"))))}
	})
	return b
}

func TestAButtonIsPressedBySpaceAndEnter(t *testing.T) {
	b := newBench(english(t, ready()))
	for _, name := range []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter} {
		b.kit.focus(b.button)
		key(b.opened, name)
		b.kit.focus(b.link)
		key(b.opened, name)
	}
	if b.pressed["other"] != 3 || b.pressed["link"] != 3 || b.pressed["ok"] != 0 {
		t.Errorf("pressed %v", b.pressed)
	}
	if b.kit.window.Canvas().Focused() != b.link {
		t.Error("the link lost the focus when it was followed")
	}
	b.button.Disable()
	b.button.press()
	b.link.Disable()
	b.link.Tapped(nil)
	if b.pressed["other"] != 3 || b.pressed["link"] != 3 {
		t.Error("what is switched off still works")
	}
}

// TestShortcutsReachTheWindowFromAField: Fyne gives a focused field every shortcut, and nothing to the window.
func TestShortcutsReachTheWindowFromAField(t *testing.T) {
	b := newBench(english(t, ready()))
	search := control(fyne.KeyF)
	b.kit.focus(b.entry)
	b.entry.TypedShortcut(search)
	if b.pressed["search"] != 1 {
		t.Error("Ctrl F in a field did nothing")
	}
	b.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	if b.entry.SelectedText() != "words" {
		t.Error("the field lost its own shortcuts")
	}
	b.entry.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF, Modifier: fyne.KeyModifierAlt})
	if b.pressed["search"] != 1 {
		t.Error("another modifier searches too")
	}
	shortcut(b.opened, search)
	if b.pressed["search"] != 2 {
		t.Error("Ctrl F without a focus did nothing")
	}
}

func TestShortcutsOfEveryWindow(t *testing.T) {
	p := ready()
	s := english(t, p)
	quit := 0
	s.windows.Quit = func() { quit++ }
	s.windows.build[nameSettings] = gallery
	b := newBench(s)
	press := func(name fyne.KeyName) { shortcut(b.opened, control(name)) }
	press(fyne.KeyR)
	press(fyne.KeyQ)
	press(fyne.KeyComma)
	if len(p.pressed) != 1 || quit != 1 || s.windows.open[nameSettings] == nil {
		t.Errorf("R asked %d times, Q %d times, comma opened %v", len(p.pressed), quit, s.windows.open[nameSettings])
	}
	press(fyne.KeyW)
	if s.windows.open["test"] != nil {
		t.Error("W did not close the window")
	}
}

func TestAQuestionHasKeysOfItsOwn(t *testing.T) {
	b := newBench(english(t, ready()))
	answers := map[string]int{}
	b.kit.focus(b.entry)
	ask := func() {
		b.kit.ask("Discard the changes?", "Nothing has been stored yet.",
			answer{"Keep editing", func() { answers["keep"]++ }}, answer{"Discard", func() { answers["discard"]++ }})
	}
	c := b.kit.window.Canvas()
	ask()
	key(b.opened, fyne.KeyReturn)
	ask()
	key(b.opened, fyne.KeyEscape)
	ask()
	c.Unfocus()
	key(b.opened, fyne.KeyEscape)
	if answers["keep"] != 3 || answers["discard"] != 0 || len(b.pressed) != 0 {
		t.Errorf("answers %v, the window got %v", answers, b.pressed)
	}
	ask()
	if got := len(b.kit.life.scopes); got != 2 {
		t.Errorf("%d scopes", got)
	}
	shortcut(b.opened, control(fyne.KeyF))
	if b.pressed["search"] != 0 {
		t.Error("a shortcut went through the question")
	}
	discard, _ := find[*button](b.opened, "Discard")
	discard.press()
	if answers["discard"] != 1 || c.Overlays().Top() != nil {
		t.Errorf("answers %v; in front: %v", answers, c.Overlays().Top())
	}
	if c.Focused() != fyne.Focusable(b.entry) {
		t.Errorf("the focus went to %T", c.Focused())
	}
}
