//go:build unix

package main

import (
	"fmt"
	"syscall"
)

// freeSpace returns how many bytes a person may still write where dir lies.
func freeSpace(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("ask for the free space: %w", err)
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}
