package ui

import (
	"reflect"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"zohosync/assets"
)

// stage is the windows over a fake program, with work and time in the test's hands: what goroutines tell waits in a queue
// until the test takes it, and timers wait for pass.
type stage struct {
	t       *testing.T
	app     fyne.App
	windows *Windows
	queue   chan func()
	timers  []*timer
	now     time.Time
}

type timer struct {
	at      time.Time
	do      func()
	stopped bool
}

// newStage opens nothing yet.
func newStage(t *testing.T, p Program, language string, v fyne.ThemeVariant) *stage {
	t.Helper()
	s := &stage{t: t, app: test.NewTempApp(t), queue: make(chan func(), 1000), now: time.Date(2026, 11, 22, 10, 42, 0, 0, time.UTC)}
	spoken := assets.Speak(language)
	if f, ok := p.(interface{ on(*assets.Words, func()) }); ok {
		f.on(spoken, func() { s.queue <- func() {} })
	}
	s.windows = New(s.app, p, spoken)
	s.app.Settings().SetTheme(fixedTheme(v))
	s.windows.loop = loop{
		do:    func(f func()) { s.queue <- f },
		spawn: func(f func()) { go f() },
		timer: func(d time.Duration, f func()) func() bool {
			one := &timer{at: s.now.Add(d), do: f}
			s.timers = append(s.timers, one)
			return func() bool { one.stopped = true; return true }
		},
		now: func() time.Time { return s.now },
	}
	t.Cleanup(s.windows.CloseAll)
	return s
}

// english is a light stage.
func english(t *testing.T, p Program) *stage {
	t.Helper()
	return newStage(t, p, "en", theme.VariantLight)
}

// until carries out what goroutines told until a condition holds.
func (s *stage) until(what string, holds func() bool) {
	s.t.Helper()
	timeout := time.After(20 * time.Second)
	for !holds() {
		select {
		case f := <-s.queue:
			f()
		case <-timeout:
			s.t.Fatalf("never: %s", what)
		}
	}
}

// drain carries out what waits now.
func (s *stage) drain() {
	for {
		select {
		case f := <-s.queue:
			f()
		default:
			return
		}
	}
}

// pass lets time go by.
func (s *stage) pass(d time.Duration) {
	s.now = s.now.Add(d)
	due := s.timers
	s.timers = nil
	for _, one := range due {
		switch {
		case one.stopped:
		case one.at.After(s.now):
			s.timers = append(s.timers, one)
		default:
			one.do()
		}
	}
	s.drain()
}

// put opens a window that shows what build makes.
func (s *stage) put(build build) *opened {
	s.t.Helper()
	s.windows.build["test"] = build
	s.windows.show("test", "")
	return s.open("test")
}

// open returns a window that is open.
func (s *stage) open(name string) *opened {
	s.t.Helper()
	o := s.windows.open[name]
	if o == nil {
		s.t.Fatalf("the window %s is not open", name)
	}
	return o
}

// words returns everything that a window says now, what it asks in front last.
func words(o *opened) []string {
	var said []string
	c := o.kit.window.Canvas()
	for _, root := range append([]fyne.CanvasObject{c.Content()}, c.Overlays().List()...) {
		each(root, func(n node) {
			switch w := n.object.(type) {
			case *text:
				said = append(said, w.part.Text)
			case *link:
				said = append(said, w.label)
			case *button:
				said = append(said, w.Text)
			case *check:
				said = append(said, w.Text)
			case *entry:
				said = append(said, w.Text)
			case *choice:
				said = append(said, w.Selected)
			}
		})
	}
	return said
}

// says tells whether a window shows exactly these words somewhere.
func says(o *opened, sentence string) bool {
	for _, said := range words(o) {
		if said == sentence {
			return true
		}
	}
	return false
}

// find returns the control of a type with a label.
func find[T fyne.CanvasObject](o *opened, label string) (found T, ok bool) {
	c := o.kit.window.Canvas()
	for _, root := range append([]fyne.CanvasObject{c.Content()}, c.Overlays().List()...) {
		each(root, func(n node) {
			if w, is := n.object.(T); is && labelOf(n.object) == label {
				found, ok = w, true
			}
		})
	}
	return found, ok
}

func labelOf(o fyne.CanvasObject) string {
	switch w := o.(type) {
	case *link:
		return w.label
	case *button:
		return w.Text
	case *check:
		return w.Text
	case *radio:
		return w.label
	case *entry:
		return w.PlaceHolder
	}
	return ""
}

// press presses a button or follows a link by its label.
func (s *stage) press(o *opened, label string) {
	s.t.Helper()
	if b, ok := find[*button](o, label); ok {
		b.press()
	} else if l, ok := find[*link](o, label); ok {
		l.press()
	} else if r, ok := find[*radio](o, label); ok {
		r.Tapped(nil)
	} else {
		s.t.Fatalf("nothing is called %q; the window says %q", label, words(o))
	}
	s.drain()
}

// key types a key at what has the focus, or at the window.
func key(o *opened, name fyne.KeyName) {
	c := o.kit.window.Canvas()
	ev := &fyne.KeyEvent{Name: name}
	if f := c.Focused(); f != nil {
		f.TypedKey(ev)
	} else {
		c.OnTypedKey()(ev)
	}
}

// focusable returns what Tab reaches, in its order.
func focusable(o *opened) []fyne.Focusable {
	c := o.kit.window.Canvas()
	c.Unfocus()
	var all []fyne.Focusable
	for {
		c.FocusNext()
		f := c.Focused()
		if f == nil || len(all) > 0 && f == all[0] {
			return all
		}
		all = append(all, f)
	}
}

// shortcut types a shortcut while nothing has the focus. The test canvas hides the one that takes it.
func shortcut(o *opened, s fyne.Shortcut) {
	inner := reflect.ValueOf(o.kit.window.Canvas()).Elem().FieldByName("WindowlessCanvas").Interface()
	inner.(fyne.Shortcutable).TypedShortcut(s)
}
