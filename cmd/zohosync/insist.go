//go:build cgo

package main

import (
	"context"
	"fmt"
	"io"
	"runtime/pprof"
	"time"
)

// insist ends the program in its own way when icon and windows do not go within a while after hidden is done: the toolkit may
// wait for itself for ever, and who asked a program to quit wants it gone. Nothing is under way any more by then. What it
// hung at is written to log. The returned function says that all went well.
func insist(hidden context.Context, exit func(), log io.Writer) (gone func()) {
	done := make(chan struct{})
	go func() {
		select {
		case <-hidden.Done():
		case <-done:
			return
		}
		timer := time.NewTimer(goesWithin)
		defer timer.Stop()
		select {
		case <-done:
		case <-timer.C:
			fmt.Fprintln(log, "icon and windows do not go; ended without them")
			// Names of functions and where they are, and nothing that a person wrote.
			_ = pprof.Lookup("goroutine").WriteTo(log, 1)
			exit()
		}
	}()
	return func() { close(done) }
}

// goesWithin is how long the toolkit may take to end.
const goesWithin = 15 * time.Second
