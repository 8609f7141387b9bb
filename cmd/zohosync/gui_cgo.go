//go:build cgo

package main

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/app"

	"zohosync/app/tray"
	"zohosync/sync/engine"
)

// hasTray: this program was built with tray and windows.
const hasTray = true

type trayCmd struct{}

// Run shows the tray icon and syncs until the person quits, or until ctx ends.
func (trayCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	// A pair that needs the server says why it does not run.
	_ = h.serveLocal(ctx)
	service := serve(ctx, engine.New(h.state, h.dialer.dial, engine.Options{Log: c.logger(t)}))
	defer service.stop()
	shown, hide := context.WithCancel(context.WithoutCancel(ctx))
	defer hide()
	go func() {
		<-service.ended
		hide()
	}()
	app.SetMetadata(tray.Metadata(version))
	err = tray.Run(shown, app.NewWithID(tray.ID), service.statuses, t.words, tray.Actions{
		SyncNow: service.engine.SyncNow,
		Quit:    func() { go service.stop() },
	})
	if errors.Is(err, tray.ErrNoDisplay) {
		return errNoDisplay
	}
	return err
}
