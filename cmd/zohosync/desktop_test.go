//go:build linux

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zohosync/sync/auth"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
)

// TestFromSignInToSignOut is a person's first day: log in through the browser, choose folders of Radicale, sync, quit, come
// back signed in, log out.
func TestFromSignInToSignOut(t *testing.T) {
	p := atDesk(t)
	web := openChromium(t)
	crm, info := checkedCRM(t, sandbox.Options{Contacts: 3, Seed: 2, Redirects: auth.RedirectURIs()})
	server := davtest.Start(t, "radicale")
	p.env = append(p.env, "ZOHOSYNC_CLIENT_ID="+sandbox.DesktopClient, "ZOHOSYNC_ACCOUNTS_URL="+info.AccountsURL)
	p.catchBrowser()

	tray := p.start()
	icon := p.desktop.Item(t, tray.Process.Pid)
	icon.Click("Log In…")
	p.keys("Log In", "Return")
	web.open(p.opened())
	web.click("button[value=accept]")
	eventually(t, "the page that says signed in", func() bool { return strings.Contains(web.text(), "You can close this page") })
	_ = crm
	_ = server
	p.gone("Log In")
	icon.Click("Settings…")
	p.window("Settings")
	time.Sleep(1 * time.Second)
	p.keys("Settings", "Tab", "space")
	time.Sleep(1 * time.Second)
	shot(p, "1")
	p.keys("Settings", "Tab")
	p.typed(server.URL)
	p.keys("Settings", "Tab")
	p.typed(server.User)
	p.keys("Settings", "Tab")
	p.typed(server.Password)
	p.keys("Settings", "Return")
	time.Sleep(2 * time.Second)
	p.keys("Settings", "shift+Tab", "Down", "space")
	time.Sleep(500 * time.Millisecond)
	p.keys("Settings", "Return")
	time.Sleep(1 * time.Second)
	p.keys("Settings", "Tab", "Tab", "space")
	time.Sleep(2 * time.Second)
	shot(p, "1")
	p.keys("Settings", "Tab")
	time.Sleep(500 * time.Millisecond)
	shot(p, "2")
	p.keys("Settings", "Return")
	time.Sleep(2 * time.Second)
	shot(p, "3")
	p.keys("Settings", "Return")
	time.Sleep(2 * time.Second)
	shot(p, "4")
	icon.WaitFor("Sync Now")
	icon.Click("Sync Now")
	time.Sleep(3 * time.Second)
	icon.Click("Sync Window…")
	time.Sleep(2 * time.Second)
	shot(p, "5")
	t.Log(icon.Labels())
}
func shot(p *person, n string) { p.desktop.Screenshot("/tmp/desk-" + n + ".png") }

// start starts the program as the desktop does when a person logs in to it.
func (p *person) start() *exec.Cmd {
	c := p.command()
	var complaints bytes.Buffer
	c.Stderr = &complaints
	p.t.Cleanup(func() {
		if p.t.Failed() {
			p.t.Log(complaints.String())
		}
	})
	p.desktop.Run(c)
	return c
}

// catchBrowser has pages written down instead of shown: this desktop's browser is worked by the test.
func (p *person) catchBrowser() {
	dir := p.t.TempDir()
	script := "#!/bin/sh\necho \"$1\" >>" + filepath.Join(p.desktop.Home(), "opened") + "\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o755); err != nil {
		p.t.Fatal(err)
	}
	p.env = append(p.env, "PATH="+dir+":"+os.Getenv("PATH"))
}

// opened waits for the page that the program opens.
func (p *person) opened() string {
	var url string
	eventually(p.t, "a page in the browser", func() bool {
		text, err := os.ReadFile(filepath.Join(p.desktop.Home(), "opened"))
		url = strings.TrimSpace(string(text))
		return err == nil && url != ""
	})
	return url
}

// tool runs a program of the desktop and returns what it printed.
func (p *person) tool(name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Env = p.desktop.Env()
	out, err := c.Output()
	return strings.TrimSpace(string(out)), err
}

// window waits for a window of this title and gives it the keyboard.
func (p *person) window(title string) string {
	p.t.Helper()
	id := ""
	eventually(p.t, "the window "+title, func() bool {
		out, err := p.tool("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$")
		id, _, _ = strings.Cut(out, "\n")
		if err != nil || id == "" {
			return false
		}
		_, err = p.tool("xdotool", "windowactivate", "--sync", id)
		return err == nil
	})
	return id
}

// gone waits until no window of this title is left.
func (p *person) gone(title string) {
	p.t.Helper()
	eventually(p.t, "the end of the window "+title, func() bool {
		out, _ := p.tool("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$")
		return out == ""
	})
}

// typed types a text where the keyboard is.
func (p *person) typed(text string) {
	p.t.Helper()
	if _, err := p.tool("xdotool", "type", "--delay", "20", text); err != nil {
		p.t.Fatal(err)
	}
}

// keys presses keys in a window.
func (p *person) keys(title string, keys ...string) {
	p.t.Helper()
	p.window(title)
	for _, k := range keys {
		if _, err := p.tool("xdotool", "key", "--delay", "60", k); err != nil {
			p.t.Fatal(err)
		}
	}
}
