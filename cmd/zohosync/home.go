package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// errLocked says that another process owns the home.
var errLocked = errors.New("another process owns this home")

// homeFolder returns the folder that holds everything: the one that was asked for, else the one the system has for it.
// It exists afterwards, and nobody else may look into it.
func homeFolder(asked string) (string, error) {
	dir := asked
	if dir == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return "", fmt.Errorf("find the home: %w", err)
		}
		dir = filepath.Join(base, "zohosync")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the home: %w", err)
	}
	return dir, nil
}

// lockHome makes this process the one that owns the home. The system takes the lock back when the process ends, however
// it ends. errLocked when another one has it.
func lockHome(dir string) (release func(), err error) {
	lock := flock.New(filepath.Join(dir, "lock"), flock.SetPermissions(0o600))
	mine, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the home: %w", err)
	}
	if !mine {
		return nil, errLocked
	}
	return func() { _ = lock.Unlock() }, nil
}
