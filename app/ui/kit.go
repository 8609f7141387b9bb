package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"zohosync/assets"
)

// loop is how work leaves the goroutine of the windows and comes back to it; nothing else here starts a goroutine.
type loop struct {
	do    func(func())                                   // runs on the goroutine of the windows: fyne.Do
	spawn func(func())                                   // runs beside it
	timer func(time.Duration, func()) (stop func() bool) // calls on any goroutine
	now   func() time.Time
}

func realLoop() loop {
	return loop{
		do:    fyne.Do,
		spawn: func(f func()) { go f() },
		timer: func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop },
		now:   time.Now,
	}
}

// kit makes the parts of one window. All of it is used on the goroutine of the windows, except post.
type kit struct {
	program Program
	words   *assets.Words
	window  fyne.Window
	windows *Windows
	loop    loop
	keys    *keys
	life    *life
}

// life is what ends with a window.
type life struct {
	over   bool
	leave  func() // asks to close
	ends   map[int]func()
	next   int
	scopes []*keys           // the window's, and those of the questions in front of it
	pages  []*fyne.Container // what each of them shows
	least  fyne.Size         // of a window that is as large as what it shows; zero for one that a person sizes
}

// run does work beside the windows and lets it tell what to show. After stop, or once the window is closed, ctx has ended
// and nothing is shown any more.
func (k *kit) run(work func(ctx context.Context, tell func(show func()))) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	stopped := false
	forget := k.life.add(func() {
		stopped = true
		cancel()
	})
	tell := func(show func()) {
		k.loop.do(func() {
			if !stopped {
				show()
			}
		})
	}
	k.loop.spawn(func() {
		work(ctx, tell)
		k.loop.do(forget)
		cancel()
	})
	return func() {
		stopped = true
		cancel()
		forget()
	}
}

// after calls f once d has passed, unless the window was closed or stop was called.
func (k *kit) after(d time.Duration, f func()) (stop func()) {
	stopped := false
	var forget func()
	halt := k.loop.timer(d, func() {
		k.loop.do(func() {
			if !stopped {
				forget()
				f()
			}
		})
	})
	end := func() {
		stopped = true
		halt()
	}
	forget = k.life.add(end)
	return func() {
		end()
		forget()
	}
}

// post shows something from any goroutine, unless the window was closed: what Program.Watch is given.
func (k *kit) post(show func()) {
	k.loop.do(func() {
		if !k.life.over {
			show()
		}
	})
}

// atEnd calls f when the window is closed.
func (k *kit) atEnd(f func()) { k.life.add(f) }

// add remembers what to call at the end, until it is forgotten.
func (l *life) add(end func()) (forget func()) {
	id := l.next
	l.next++
	l.ends[id] = end
	return func() { delete(l.ends, id) }
}

func (l *life) end() {
	l.over = true
	for id, f := range l.ends {
		delete(l.ends, id)
		f()
	}
}

// shortcut has Ctrl (Cmd on macOS) and a key do something in this window, whatever has the focus.
func (k *kit) shortcut(key fyne.KeyName, do func()) {
	s := control(key)
	k.keys.custom[s.ShortcutName()] = do
	k.window.Canvas().AddShortcut(s, func(fyne.Shortcut) { k.front().shortcut(s) })
}

// front returns the keys of what is in front.
func (k *kit) front() *keys { return k.life.scopes[len(k.life.scopes)-1] }

// close is what Escape, Cancel and the title bar do: the window closes, or asks first.
func (k *kit) close() { k.life.leave() }

// focus gives a control the focus.
func (k *kit) focus(o fyne.Focusable) { k.window.Canvas().Focus(o) }

// copyText puts text on the clipboard.
func (k *kit) copyText(s string) { fyne.CurrentApp().Clipboard().SetContent(s) }

// show replaces what a container holds, laid out for the room there is.
func show(in *fyne.Container, o fyne.CanvasObject) {
	in.Objects = []fyne.CanvasObject{o}
	settle(in)
}

// settle lays out what changed, from the inside out, and again: the second time, wrapped text knows its height.
func settle(in *fyne.Container) {
	relay(in)
	relay(in)
	in.Refresh()
}

func relay(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *fyne.Container:
		for _, inner := range o.Objects {
			if inner.Visible() {
				relay(inner)
			}
		}
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
	case *radios:
		relay(o.list)
	case *container.Scroll:
		relay(o.Content)
	}
}

// settle lays out the window, and the questions in front of it, once more after something changed.
func (k *kit) settle() {
	for _, page := range k.life.pages {
		settle(page)
	}
	if content := k.window.Canvas().Content(); content != nil && !k.life.least.IsZero() {
		k.window.Resize(k.life.least.Max(content.MinSize()))
	}
}
