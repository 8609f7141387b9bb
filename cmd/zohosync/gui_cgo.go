//go:build cgo

package main

import (
	"context"
	"errors"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"zohosync/app/instance"
	"zohosync/app/tray"
	"zohosync/app/ui"
	"zohosync/assets"
	"zohosync/sync/engine"
)

// hasTray: this program was built with tray and windows.
const hasTray = true

// canShow says why there can be no icon.
func canShow() error {
	if !hasDisplay(os.Getenv) {
		return errNoDisplay
	}
	return nil
}

// gui is the tray icon and the windows over one desk.
type gui struct {
	t       *terminal
	app     fyne.App
	desk    *desk
	windows *ui.Windows
	service *service
	hide    func() // takes icon and windows away
}

// showTray shows the icon until the person quits, or until ctx ends, and does what later processes ask for.
func (t *terminal) showTray(ctx context.Context, h *home, c *commands) error {
	d, err := newDesk(ctx, h, t, engine.Options{Log: c.logger(t)})
	if err != nil {
		return err
	}
	shown, hide := context.WithCancel(context.WithoutCancel(ctx))
	defer hide()
	defer serveAside(ctx, h)()
	app.SetMetadata(tray.Metadata(version))
	g := &gui{t: t, app: app.NewWithID(tray.ID), desk: d, hide: hide}
	g.windows = ui.New(g.app, d, d.words())
	g.windows.Quit = g.quit
	defer d.Watch(g.speak(d.words()))()
	asked, err := instance.Listen(h.dir, instance.Handler{
		Raise: func() { fyne.Do(g.raise) },
		Run: func(ctx context.Context, c instance.Command) int {
			defer d.refresh(context.WithoutCancel(ctx))
			return int(t.carryOut(ctx, h, c))
		},
	})
	if err != nil {
		return err
	}
	defer asked.Close()
	g.service = serve(ctx, d)
	defer g.service.stop()
	defer g.raiseQuestions(shown)()
	go func() {
		<-g.service.ended
		hide()
	}()
	err = present(shown, func() error {
		return tray.Run(shown, g.app, g.service.statuses, tray.Options{
			Actions: g.actions(), Words: d.words, Panel: d.panel, Started: func() { g.started(shown) },
		})
	}, asked, func() { os.Exit(0) }, t.err)
	if errors.Is(err, tray.ErrNoDisplay) {
		return errNoDisplay
	}
	return err
}

// serveAside starts this computer's own server without waiting for a keychain that is locked. The returned function ends
// what is left of that. A pair that needs the server says why it does not run.
func serveAside(ctx context.Context, h *home) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = h.serveLocal(ctx)
	}()
	return func() {
		cancel()
		<-served
	}
}

func (g *gui) actions() tray.Actions {
	return tray.Actions{
		SyncNow:     func() { g.desk.SyncNow("", false) },
		Stop:        g.desk.Stop,
		Resume:      func() { go g.desk.Pause(time.Time{}) },
		LogIn:       g.windows.LogIn,
		SignInAgain: g.signInAgain,
		LogOut:      func() { go g.logOut() },
		Settings:    g.windows.Settings,
		Sync:        g.windows.Sync,
		Quit:        g.quit,
		Pause: func(r tray.Rest) {
			until := r.End(time.Now())
			if until.IsZero() {
				until = ui.Forever
			}
			go g.desk.Pause(until)
		},
	}
}

// quit ends the program once the running item has ended, or has had its time.
func (g *gui) quit() {
	go func() {
		g.service.stop()
		g.hide()
	}()
}

// raise shows what a person wants to see who starts the program: the syncs, or how to sign in.
func (g *gui) raise() {
	if s, err := g.desk.Status(context.Background()); err == nil && s.State == engine.StateSignedOut {
		g.windows.LogIn()
		return
	}
	g.windows.Sync("")
}

// started is called once windows can be shown.
func (g *gui) started(ctx context.Context) {
	accounts, err := g.desk.home.state.ListAccounts(ctx)
	if err == nil && len(accounts) == 0 {
		g.windows.LogIn()
	}
	go func() {
		if !waitForTrayHost(ctx, os.Getenv) && ctx.Err() == nil {
			g.noTrayHost(ctx)
		}
	}()
}

// noTrayHost shows a window, since nothing else shows that the program runs, and says so the first time.
func (g *gui) noTrayHost(ctx context.Context) {
	fyne.Do(g.raise)
	told, err := g.desk.home.state.GetSetting(ctx, settingNoTray)
	if err != nil || told != "" {
		return
	}
	w := g.desk.words()
	title, text := w.T("This desktop shows no tray icons"), w.T("So ZohoSync uses this window. Closing it keeps the sync running; Quit ends it.")
	g.t.note(title + ". " + text)
	fyne.Do(func() { g.app.SendNotification(fyne.NewNotification(title, text)) })
	// Not to be told twice is no matter to fail for.
	_ = g.desk.home.state.StoreSetting(ctx, settingNoTray, "yes")
}

// signInAgain opens the window where an account is signed in to.
func (g *gui) signInAgain(account string) {
	a, err := g.desk.home.account(context.Background(), account)
	if err == nil && a.Service != serviceZoho {
		g.windows.Settings()
		return
	}
	g.windows.LogIn()
}

// raiseQuestions shows the question of a guard as soon as there is one. The returned function ends that.
func (g *gui) raiseQuestions(ctx context.Context) (end func()) {
	news := make(chan struct{}, 1)
	news <- struct{}{}
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-news:
			}
			if s, err := g.desk.Status(ctx); err == nil {
				fyne.Do(func() { g.windows.Ask(s) })
			}
		}
	}()
	return g.desk.Watch(func() {
		select {
		case news <- struct{}{}:
		default: // the news under way will tell this, too
		}
	})
}

// logOut signs out of the CRM. What could not be done is told.
func (g *gui) logOut() {
	ctx := context.Background()
	accounts, err := g.desk.Accounts(ctx)
	for _, a := range accounts {
		if a.Service == serviceZoho && a.SignedIn {
			err = errors.Join(err, g.desk.SignOut(ctx, a.Name))
		}
	}
	if err != nil {
		e := g.desk.Explain(err)
		fyne.Do(func() { g.app.SendNotification(fyne.NewNotification(e.Sentence, e.Next)) })
	}
}

// speak returns what has the windows follow the language of the settings.
func (g *gui) speak(now *assets.Words) func() {
	return func() {
		fyne.Do(func() {
			if w := g.desk.words(); w != now {
				now = w
				g.windows.Speak(w)
			}
		})
	}
}
