package ui

import (
	"fyne.io/fyne/v2"

	"zohosync/assets"
)

// Windows are the windows of the program, at most one of each. They are used on the application's own goroutine.
type Windows struct {
	// Quit, where it is set, ends the program when a person asks for it by Ctrl or Cmd and Q.
	Quit func()

	app     fyne.App
	program Program
	words   *assets.Words
	loop    loop
	build   map[string]build
	open    map[string]*opened

	questions questions
}

// The windows by name, which is also the key of their remembered size.
const (
	nameLogIn    = "logIn"
	nameSettings = "settings"
	nameSync     = "sync"
)

// build makes what a window shows. which is what it is opened for: the pair of Sync, else "".
type build func(k *kit, which string) view

// view is what a window shows.
type view struct {
	title   string
	content *fyne.Container
	size    fyne.Size // the first time
	fixed   bool      // a person cannot change the size
	focus   fyne.Focusable
	close   func()             // what closing does: it calls the window's Close, sooner or later; nil: at once
	again   func(which string) // the window was asked for while it was open; nil: nothing but raising it
}

// opened is a window on the screen.
type opened struct {
	view
	kit *kit
}

// New returns the windows of an application, all closed, and gives it their theme.
func New(a fyne.App, p Program, w *assets.Words) *Windows {
	a.Settings().SetTheme(Theme())
	return &Windows{app: a, program: p, words: w, loop: realLoop(), open: map[string]*opened{}, build: map[string]build{
		nameLogIn:    newLogIn,
		nameSettings: newSettings,
		nameSync:     newSync,
	}}
}

// LogIn opens or raises the window that signs in to Zoho CRM.
func (w *Windows) LogIn() { w.show(nameLogIn, "") }

// Settings opens or raises the settings.
func (w *Windows) Settings() { w.show(nameSettings, "") }

// Sync opens or raises the window of the syncs, at a pair or at all of them with "".
func (w *Windows) Sync(pair string) { w.show(nameSync, pair) }

// Speak has windows that are opened from now on speak another language.
func (w *Windows) Speak(words *assets.Words) { w.words = words }

// CloseAll closes every window without asking.
func (w *Windows) CloseAll() {
	w.questions = questions{}
	for _, o := range w.open {
		o.kit.window.Close()
	}
}

func (w *Windows) show(name, which string) {
	if o := w.open[name]; o != nil {
		o.kit.window.Show()
		o.kit.window.RequestFocus()
		if o.again != nil {
			o.again(which)
		}
		return
	}
	make := w.build[name]
	if make == nil {
		return
	}
	window := w.app.NewWindow("")
	k := w.kit(window)
	v := make(k, which)
	w.open[name] = &opened{v, k}
	w.furnish(name, v, k)
	window.CenterOnScreen()
	window.Show()
}

// kit makes the kit of a new window.
func (w *Windows) kit(window fyne.Window) *kit {
	main := newKeys()
	k := &kit{
		program: w.program, words: w.words, window: window, windows: w, loop: w.loop,
		keys: main, life: &life{leave: window.Close, ends: map[int]func(){}, scopes: []*keys{main}},
	}
	main.escape = k.close
	return k
}

// furnish puts a view into its window.
func (w *Windows) furnish(name string, v view, k *kit) {
	window := k.window
	window.SetTitle(v.title)
	window.SetPadded(false)
	size := v.size
	if v.fixed {
		k.life.least = size
	} else {
		size = w.remembered(name, size)
	}
	// Words know their height once they have a width, and the window wants to know its least size.
	k.life.pages = []*fyne.Container{v.content}
	v.content.Resize(size)
	settle(v.content)
	size = size.Max(v.content.MinSize())
	window.SetContent(v.content)
	window.SetFixedSize(v.fixed)
	window.Resize(size)
	window.SetOnClosed(func() {
		if !v.fixed {
			w.remember(name, window.Canvas().Size())
		}
		delete(w.open, name)
		k.life.end()
	})
	if v.close != nil {
		k.life.leave = v.close
		window.SetCloseIntercept(v.close)
	}
	w.keyboard(k)
	if v.focus != nil {
		window.Canvas().Focus(v.focus)
	}
}

// keyboard has keys work that reach no control, and the shortcuts that every window has.
func (w *Windows) keyboard(k *kit) {
	k.window.Canvas().SetOnTypedKey(func(ev *fyne.KeyEvent) { k.front().typed(ev) })
	k.shortcut(fyne.KeyW, k.close)
	k.shortcut(fyne.KeyComma, w.Settings)
	k.shortcut(fyne.KeyR, func() { w.program.SyncNow("", false) })
	if w.Quit != nil {
		k.shortcut(fyne.KeyQ, w.Quit)
	}
}

// remembered returns the size that a window had last.
func (w *Windows) remembered(name string, first fyne.Size) fyne.Size {
	p := w.app.Preferences()
	return fyne.NewSize(
		float32(p.FloatWithFallback(name+".width", float64(first.Width))),
		float32(p.FloatWithFallback(name+".height", float64(first.Height))))
}

func (w *Windows) remember(name string, size fyne.Size) {
	p := w.app.Preferences()
	p.SetFloat(name+".width", float64(size.Width))
	p.SetFloat(name+".height", float64(size.Height))
}
