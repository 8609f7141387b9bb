//go:build cgo

package main

// hasTray: this program was built with tray and windows.
const hasTray = true

type trayCmd struct{}

// Run shows the tray icon until the person quits.
func (trayCmd) Run(t *terminal) error { return errNoTray }
