//go:build !cgo

package main

import "context"

// hasTray: this program was built without tray and windows.
const hasTray = false

// canShow says why there can be no icon.
func canShow() error { return errNoTray }

func (t *terminal) showTray(context.Context, *home, *commands) error { return errNoTray }
