//go:build linux

package main

import "testing"

// TestDemoOnADesktop: where there is a display, the demo is the tray icon, signed in, with everything in step.
func TestDemoOnADesktop(t *testing.T) {
	p := atDesk(t)
	demo := p.command("demo", "--contacts", "12", "--tasks", "11", "--events", "10")
	p.desktop.Run(demo)
	icon := p.desktop.Item(t, demo.Process.Pid)
	icon.WaitFor("In step – last sync ")
	icon.Click("Sync Window…")
	p.settled("Sync")
	p.keep("demo")
	p.quit(demo, icon)
}
