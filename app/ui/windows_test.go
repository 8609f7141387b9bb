package ui

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"zohosync/assets"
)

func plain(k *kit, _ string) view {
	return view{title: "Plain", content: stack(0, k.button("Close", k.close)), size: fyne.NewSize(400, 300)}
}

func TestOneWindowOfEach(t *testing.T) {
	s := english(t, ready())
	var asked []string
	made := 0
	s.windows.build[nameSync] = func(k *kit, which string) view {
		made++
		asked = append(asked, which)
		v := plain(k, which)
		v.again = func(which string) { asked = append(asked, which) }
		return v
	}
	s.windows.Sync("one")
	s.windows.Sync("two")
	if made != 1 || len(asked) != 2 || asked[0] != "one" || asked[1] != "two" {
		t.Errorf("made %d, asked for %v", made, asked)
	}
	s.press(s.open(nameSync), "Close")
	s.windows.Sync("")
	if made != 2 {
		t.Errorf("made %d after closing", made)
	}
	s.windows.CloseAll()
	if len(s.windows.open) != 0 {
		t.Errorf("%d windows open after CloseAll", len(s.windows.open))
	}
}

func TestAWindowRemembersItsSize(t *testing.T) {
	s := english(t, ready())
	o := s.put(plain)
	o.kit.window.Resize(fyne.NewSize(555, 444))
	o.kit.close()
	if got := s.put(plain).kit.window.Canvas().Size(); got != fyne.NewSize(555, 444) {
		t.Errorf("opened with %v", got)
	}
}

func TestAWindowIsNeverSmallerThanItsContent(t *testing.T) {
	s := english(t, ready())
	o := s.put(func(k *kit, _ string) view {
		v := plain(k, "")
		v.content, v.size = stack(0, body(long), gap(350)), fyne.NewSize(300, 100)
		return v
	})
	if size := o.kit.window.Canvas().Size(); size.Height < o.content.MinSize().Height || size.Height < 350 {
		t.Errorf("%v for %v", size, o.content.MinSize())
	}
	if size := o.kit.window.Canvas().Size(); size.Height > 600 {
		t.Errorf("%v: as high as words without a width", size)
	}
}

func TestAViewMayAskBeforeItCloses(t *testing.T) {
	s := english(t, ready())
	asked := 0
	o := s.put(func(k *kit, _ string) view {
		v := plain(k, "")
		v.close = func() { asked++ }
		return v
	})
	key(o, fyne.KeyEscape)
	s.press(o, "Close")
	shortcut(o, control(fyne.KeyW))
	if asked != 3 || s.windows.open["test"] == nil {
		t.Errorf("asked %d times, open: %v", asked, s.windows.open["test"] != nil)
	}
}

func TestWindowsSpeakTheLanguageOfTheDay(t *testing.T) {
	s := english(t, ready())
	s.windows.Speak(assets.Speak("fr"))
	s.windows.LogIn()
	if o := s.open(nameLogIn); o.kit.window.Title() != "Connexion" || !says(o, "Annuler") {
		t.Errorf("%s: %q", o.kit.window.Title(), words(o))
	}
}

// TestClosingEndsTheWork: what a goroutine still tells after the window was closed is not shown.
func TestClosingEndsTheWork(t *testing.T) {
	for name, end := range map[string]func(o *opened, stop func()){
		"close": func(o *opened, _ func()) { o.kit.close() },
		"stop":  func(_ *opened, stop func()) { stop() },
	} {
		t.Run(name, func(t *testing.T) {
			s := english(t, ready())
			o := s.put(plain)
			begun, told := make(chan struct{}), make(chan struct{})
			shown := 0
			stop := o.kit.run(func(ctx context.Context, tell func(func())) {
				tell(func() { shown++ })
				close(begun)
				<-ctx.Done()
				tell(func() { shown++ })
				close(told)
			})
			<-begun
			s.until("the first news", func() bool { return shown == 1 })
			end(o, stop)
			<-told
			s.drain()
			if shown != 1 {
				t.Error("news were shown after the end")
			}
		})
	}
}

func TestNewsFromAnywhere(t *testing.T) {
	s := english(t, ready())
	o := s.put(plain)
	shown, ended := 0, 0
	o.kit.atEnd(func() { ended++ })
	go o.kit.post(func() { shown++ })
	s.until("the news", func() bool { return shown == 1 })
	o.kit.close()
	o.kit.post(func() { shown++ })
	s.drain()
	if shown != 1 || ended != 1 {
		t.Errorf("shown %d, ended %d", shown, ended)
	}
}

func TestAfter(t *testing.T) {
	s := english(t, ready())
	o := s.put(plain)
	rang := 0
	o.kit.after(time.Minute, func() { rang++ })
	stop := o.kit.after(time.Minute, func() { rang += 10 })
	o.kit.after(time.Hour, func() { rang += 100 })
	stop()
	s.pass(59 * time.Second)
	if rang != 0 {
		t.Error("rang too early")
	}
	s.pass(time.Second)
	if rang != 1 {
		t.Errorf("rang %d", rang)
	}
	o.kit.close()
	s.pass(time.Hour)
	if rang != 1 || len(o.kit.life.ends) != 0 {
		t.Errorf("rang %d after closing; %d ends left", rang, len(o.kit.life.ends))
	}
}

// TestNothingIsKeptOfWorkThatIsDone: a window that lives for weeks does not gather what ended.
func TestNothingIsKeptOfWorkThatIsDone(t *testing.T) {
	s := english(t, ready())
	o := s.put(plain)
	done := false
	o.kit.run(func(_ context.Context, tell func(func())) { tell(func() { done = true }) })
	s.until("the end of the work", func() bool { return done && len(o.kit.life.ends) == 0 })
}
