package main

import (
	"fmt"
	"runtime"
)

// version is also that of FyneApp.toml; a test compares them.
const version = "0.1.0"

type versionCmd struct{}

// Run prints the version, and what the program was built for.
func (versionCmd) Run(t *terminal) error {
	system := runtime.GOOS + "/" + runtime.GOARCH
	if t.json {
		return t.show(map[string]any{"version": version, "go": runtime.Version(), "system": system, "tray": hasTray})
	}
	t.say(fmt.Sprintf("zohosync %s (%s, %s)", version, system, runtime.Version()))
	return nil
}
