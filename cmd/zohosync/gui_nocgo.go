//go:build !cgo

package main

// hasTray: this program was built without tray and windows.
const hasTray = false

type trayCmd struct{}

// Run says that there is no tray here, and what to do instead.
func (trayCmd) Run(t *terminal) error { return errNoTray }
