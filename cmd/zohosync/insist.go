//go:build cgo

package main

import (
	"context"
	"fmt"
	"io"
	"runtime/pprof"
	"time"
)

// present runs what shows icon and windows, and returns its error once they are gone. When they do not go after hidden is done,
// the commands of later processes come to their end, and the program exits in its own way.
func present(hidden context.Context, run func() error, commands io.Closer, exit func(), log io.Writer) error {
	defer insist(hidden, func() {
		finish(commands)
		exit()
	}, log)()
	return run()
}

// finish ends the commands under way and waits for their end, but no longer than patience.
func finish(commands io.Closer) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = commands.Close()
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
	}
}

// insist calls exit when icon and windows do not go within a while after hidden is done: the toolkit may wait for itself for
// ever, and who asked a program to quit wants it gone. The engine is at rest by then. What it hung at is written to log. The
// returned function says that all went well.
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
