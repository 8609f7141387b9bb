package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/godbus/dbus/v5"
)

// trayWatcher is the name of whoever shows tray icons on a Linux desktop (StatusNotifierItem).
const trayWatcher = "org.kde.StatusNotifierWatcher"

// hasDisplay tells whether there is a screen to show a window on.
func hasDisplay(env func(string) string) bool {
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin" || env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != ""
}

// trayHost tells whether something on this desktop shows tray icons. macOS and Windows always do.
func trayHost(ctx context.Context, env func(string) string) bool {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		return true
	}
	address := env("DBUS_SESSION_BUS_ADDRESS")
	if address == "" {
		// What systemd gives every person; asking for more would start a bus.
		socket := filepath.Join(env("XDG_RUNTIME_DIR"), "bus")
		if _, err := os.Stat(socket); err != nil || env("XDG_RUNTIME_DIR") == "" {
			return false
		}
		address = "unix:path=" + socket
	}
	ctx, cancel := context.WithTimeout(ctx, busPatience)
	defer cancel()
	bus, err := dbus.Connect(address, dbus.WithContext(ctx))
	if err != nil {
		return false
	}
	defer bus.Close()
	has := false
	err = bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, trayWatcher).Store(&has)
	return err == nil && has
}

const (
	busPatience = 3 * time.Second
	hostWithin  = 5 * time.Second // after the start: a panel may come up after the programs that it shows
	hostGlance  = 250 * time.Millisecond
)

// waitForTrayHost is trayHost for a session that just begins.
func waitForTrayHost(ctx context.Context, env func(string) string) bool {
	ctx, cancel := context.WithTimeout(ctx, hostWithin)
	defer cancel()
	for {
		if trayHost(ctx, env) {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(hostGlance):
		}
	}
}
