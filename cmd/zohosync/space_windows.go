package main

import (
	"fmt"
	"syscall"
	"unsafe"
)

// freeSpace returns how many bytes a person may still write where dir lies.
func freeSpace(dir string) (uint64, error) {
	name, err := syscall.UTF16PtrFromString(dir)
	if err != nil {
		return 0, fmt.Errorf("ask for the free space: %w", err)
	}
	var free uint64
	ask := syscall.NewLazyDLL("kernel32.dll").NewProc("GetDiskFreeSpaceExW")
	if ok, _, err := ask.Call(uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&free)), 0, 0); ok == 0 {
		return 0, fmt.Errorf("ask for the free space: %w", err)
	}
	return free, nil
}
