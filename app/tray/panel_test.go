//go:build linux

package tray

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zohosync/app/desktoptest"
)

// TestOnARealPanel works the icon of a real process on a real panel: Sync Now, then Quit.
func TestOnARealPanel(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a desktop")
	}
	desktop := desktoptest.Start(t)
	// A program that hangs is killed, and then has said too little.
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	program := exec.CommandContext(ctx, build(t))
	var complaints bytes.Buffer
	program.Stderr = &complaints
	pipe, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	desktop.Run(program)
	said := bufio.NewScanner(pipe)
	expect := func(want string) {
		t.Helper()
		if !said.Scan() || said.Text() != want {
			t.Fatalf("the program said %q, not %q: %v\n%s", said.Text(), want, said.Err(), complaints.String())
		}
	}

	item := desktop.Item(t, program.Process.Pid)
	item.WaitForMenu("(In step)", "-", "Sync Now", "Pause", "-", "Contacts – Home: in step", "Tasks – my_team: paused", "-",
		"Sync Window…", "Settings…", "-", "Log Out", "Quit ZohoSync")
	calm := item.Pixels()

	item.Click("Sync Now")
	expect("sync now")
	item.WaitFor("1 problem – last sync ")
	if bytes.Equal(calm, item.Pixels()) {
		t.Error("the icon did not change with the state")
	}
	if got := item.Tooltip(); !strings.HasPrefix(got, "ZohoSync: 1 problem, last sync ") || got != item.Title() {
		t.Errorf("the icon says %q, and is called %q", got, item.Title())
	}
	if path := os.Getenv("ZOHOSYNC_SCREENSHOT"); path != "" {
		desktop.Screenshot(path)
	}

	item.Click("Quit ZohoSync")
	expect("quit")
	expect("ended")
	if err := program.Wait(); err != nil {
		t.Errorf("the program ended with %v: %s", err, complaints.String())
	}
}

// build makes the program of package traytest, with the flags that are in force.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "traytest")
	c := exec.Command("go", "build", "-o", program, "./traytest")
	c.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	return program
}
