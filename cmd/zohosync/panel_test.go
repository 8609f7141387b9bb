//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"zohosync/app/desktoptest"
	"zohosync/sync/sandbox"
)

// person is somebody at a real desktop with the real program: its keychain, its panel, its tray icon.
type person struct {
	t       *testing.T
	desktop *desktoptest.Desktop
	program string
	home    string
	env     []string
}

func atDesk(t *testing.T) *person {
	if testing.Short() {
		t.Skip("starts a desktop")
	}
	p := &person{t: t, desktop: desktoptest.Start(t), program: filepath.Join(t.TempDir(), "zohosync"), home: filepath.Join(t.TempDir(), "home")}
	build := exec.Command("go", "build", "-o", p.program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	return p
}

func (p *person) command(args ...string) *exec.Cmd {
	// A program that hangs is ended, and tells where it hung.
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	p.t.Cleanup(cancel)
	c := exec.CommandContext(ctx, p.program, args...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGQUIT) }
	c.WaitDelay = 10 * time.Second
	c.Env = append([]string{"ZOHOSYNC_HOME=" + p.home}, p.env...)
	return c
}

// types carries out a command in a terminal on this desktop and returns what it printed.
func (p *person) types(input string, args ...string) string {
	p.t.Helper()
	c := p.command(args...)
	var out, complaints bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(input), &out, &complaints
	p.desktop.Run(c)
	if err := c.Wait(); err != nil {
		p.t.Fatalf("zohosync %s: %v\n%s%s", strings.Join(args, " "), err, out.String(), complaints.String())
	}
	return out.String()
}

// TestSyncNowOnARealPanel: the program keeps its secrets in the real keychain, shows its icon on a real panel, and Sync Now
// brings a contact of the CRM to Radicale.
func TestSyncNowOnARealPanel(t *testing.T) {
	p := atDesk(t)
	crm, info := checkedCRM(t, sandbox.Options{Contacts: 3, Seed: 2})
	server := realServer(t, "radicale")
	p.env = append(p.env, "ZOHOSYNC_CLIENT_SECRET="+sandbox.MainSecret)
	p.types(info.RefreshToken+"\n", "account", "add", "zoho", "--name", "crm", "--accounts-url", info.AccountsURL, "--client-id", info.ClientID, "--refresh-token-stdin")
	p.types(server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", server.URL, "--user", server.User, "--password-stdin")
	var made []listed
	if err := json.Unmarshal([]byte(p.types("", "collections", "home", "--create", "People", "--kind", "contact", "--json")), &made); err != nil {
		t.Fatal(err)
	}
	p.types("", "pair", "add", "--left", "crm:Contacts", "--right", "home:"+made[0].Ref)

	tray := p.command()
	var complaints bytes.Buffer
	tray.Stderr = &complaints
	p.desktop.Run(tray)
	icon := p.desktop.Item(t, tray.Process.Pid)
	icon.WaitFor("In step – last sync ")
	cards := elsewhere(t, server, made[0].Ref, "text/vcard")
	if n := len(cards.hrefs()); n != 3 {
		t.Fatalf("%d cards after the start, want 3", n)
	}

	before := len(crm.Requests())
	crm.Put("Contacts", map[string]any{"First_Name": "Ada", "Last_Name": "Lovelace"})
	icon.Click("Sync Now")
	eventually(t, "the new contact on the server", func() bool { return len(cards.hrefs()) == 4 })
	cards.find("Lovelace")
	if len(crm.Requests()) == before {
		t.Error("the CRM was not asked")
	}
	icon.WaitFor("In step – last sync ")
	if path := os.Getenv("ZOHOSYNC_SCREENSHOT"); path != "" {
		p.desktop.Screenshot(path)
	}
	// Commands and a second start reach this process, which owns the home.
	if out := p.types("", "status"); !strings.Contains(out, "in step") {
		t.Errorf("status says %q", out)
	}
	if out := p.types(""); out != "" {
		t.Errorf("the second start says %q", out)
	}
	icon.Click("Log Out")
	icon.WaitFor("Signed out")
	if out := p.types("", "account", "list"); !strings.Contains(out, "crm") {
		t.Errorf("the account is gone: %q", out)
	}
	icon.Click("Quit ZohoSync")
	if err := tray.Wait(); err != nil {
		t.Errorf("the program ended with %v: %s", err, complaints.String())
	}
	if data, err := os.ReadFile(filepath.Join(p.home, stateFile)); err != nil || bytes.Contains(data, []byte(info.RefreshToken)) {
		t.Errorf("a secret lies in the state: %v", err)
	}
}

// eventually waits for something that happens in another process, until the test's own time is over.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for !happened() {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
