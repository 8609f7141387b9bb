package main

import (
	"os/exec"
	"runtime"
)

// openBrowser shows a page in the person's browser. It does not wait for it.
func openBrowser(url string) error {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	program := exec.Command(name, args...)
	if err := program.Start(); err != nil {
		return err
	}
	go func() { _ = program.Wait() }() // or it stays as a zombie
	return nil
}
