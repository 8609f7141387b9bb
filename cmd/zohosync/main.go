// Command zohosync keeps Zoho CRM in step with the calendars, task lists and address books a person already uses: from
// a tray icon, or from the command line on machines without a display.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // Windows has no time zones of its own, and small systems none at all.

	"golang.org/x/term"

	"zohosync/assets"
	"zohosync/sync/provider/all"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], &terminal{
		in:     os.Stdin,
		out:    os.Stdout,
		err:    os.Stderr,
		live:   term.IsTerminal(int(os.Stderr.Fd())),
		asks:   term.IsTerminal(int(os.Stdin.Fd())),
		env:    os.Getenv,
		words:  assets.Speak(""),
		specs:  all.Specs(),
		browse: openBrowser,
	})
	stop()
	os.Exit(int(code))
}
