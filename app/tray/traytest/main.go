//go:build cgo

// Package main is a tray without an engine, for the test on a real panel: it tells each action on its standard output and
// answers Sync Now with a short sync.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"fyne.io/fyne/v2/app"

	"zohosync/app/tray"
	"zohosync/assets"
)

func main() {
	ctx, quit := context.WithCancel(context.Background())
	kicks := make(chan struct{}, 1)
	statuses := make(chan tray.Status, 1)
	go pretend(ctx, kicks, statuses)

	app.SetMetadata(tray.Metadata("test"))
	err := tray.Run(ctx, app.NewWithID(tray.ID), statuses, tray.Options{Words: func() *assets.Words { return assets.Speak("") }, Actions: tray.Actions{
		SyncNow: func() {
			fmt.Println("sync now")
			kicks <- struct{}{}
		},
		Quit: func() {
			fmt.Println("quit")
			quit()
		},
		Pause: func(r tray.Rest) { fmt.Println("pause", r) },
	}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	fmt.Println("ended")
}

// pretend is in step; a kick makes it sync, with a problem at the end.
func pretend(ctx context.Context, kicks <-chan struct{}, statuses chan<- tray.Status) {
	s := tray.Status{State: "in-step", Pairs: []tray.PairStatus{
		{ID: "1", Title: "Contacts – Home", State: "in-step"}, {ID: "2", Title: "Tasks – my_team", State: "paused"}}}
	for {
		select {
		case statuses <- s:
		case <-ctx.Done():
			return
		}
		select {
		case <-kicks:
			s.State, s.Problems, s.LastSuccess = "attention", s.Problems+1, time.Now()
			s.Pairs[0].State, s.Pairs[0].Problems = s.State, s.Problems
		case <-ctx.Done():
			return
		}
	}
}
