//go:build linux

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zohosync/app/desktoptest"
	"zohosync/sync/auth"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
)

// TestFromSignInToSignOut is a person's first day at a real desktop: log in through a real browser, choose a folder of
// Radicale, sync, quit, come back signed in, log out. Everything is done by the tray menu and the keyboard.
func TestFromSignInToSignOut(t *testing.T) {
	p := atDesk(t)
	web := openChromium(t)
	crm, info := checkedCRM(t, sandbox.Options{Contacts: 3, Seed: 2, Redirects: auth.RedirectURIs()})
	server := realServer(t, "radicale")
	p.env = append(p.env, "ZOHOSYNC_CLIENT_ID="+sandbox.DesktopClient, "ZOHOSYNC_ACCOUNTS_URL="+info.AccountsURL)
	p.catchBrowser()

	tray, icon := p.start()
	icon.WaitFor("Sync Now – log in first")
	icon.Click("Log In…")
	p.press("Log In", "Return")
	web.open(p.opened())
	web.click("button[value=accept]")
	eventually(t, "a page that says that it is done", func() bool { return strings.Contains(web.text(), "You can close this page") })
	p.gone("Log In")

	p.addServer(icon, server)
	ref := p.addPair(server)
	p.keep("settings")
	cards := elsewhere(t, server, ref, "text/vcard")
	icon.Click("Sync Now")
	eventually(t, "three contacts of the CRM on the server", func() bool { return len(cards.hrefs()) == 3 })
	icon.WaitFor("In step – last sync ")
	icon.Click("Sync Window…")
	p.settled("Sync")
	p.keep("sync")
	p.quit(tray, icon)

	crm.Put("Contacts", map[string]any{"First_Name": "Ada", "Last_Name": "Lovelace"})
	tray, icon = p.start()
	eventually(t, "the new contact without another sign-in", func() bool { return len(cards.hrefs()) == 4 })
	if !strings.Contains(p.keyring(), "refresh") {
		t.Errorf("the keychain holds no token: %s", p.keyring())
	}
	icon.Click("Log Out")
	icon.WaitFor("Signed out – log in to use these")
	if left := p.keyring(); strings.Contains(left, "refresh") {
		t.Errorf("the keychain still holds %s", left)
	}
	if !revoked(crm) {
		t.Error("the token was not revoked")
	}
	p.quit(tray, icon)
}

// addServer adds Radicale under Settings > Accounts.
func (p *person) addServer(icon *desktoptest.Item, server davtest.Server) {
	p.t.Helper()
	icon.Click("Settings…")
	p.press("Settings", "Tab", "space")
	p.press("Settings", "Tab")
	for i, text := range []string{server.URL, server.User, server.Password} {
		if i > 0 {
			p.key("Tab")
		}
		p.typed(text)
	}
	p.key("Return")
	eventually(p.t, "the account of the server", func() bool {
		return strings.Contains(p.types("", "account", "list", "--json"), `"caldav"`)
	})
}

// addPair adds a pair of contacts with the new folder that Settings offers, and returns the folder.
func (p *person) addPair(server davtest.Server) string {
	p.t.Helper()
	p.press("Settings", "shift+Tab", "Down", "space") // the side list, at Add pair…
	p.press("Settings", "Return")                     // Contacts
	p.press("Settings", "Tab", "Tab", "space")        // Choose… a folder on the other side
	p.press("Settings", "Return")                     // the new folder
	p.press("Settings", "shift+Tab", "shift+Tab", "Return")
	var pairs []shownPair
	eventually(p.t, "the pair", func() bool {
		err := json.Unmarshal([]byte(p.types("", "pair", "list", "--json")), &pairs)
		return err == nil && len(pairs) == 1
	})
	p.gone("Settings")
	return pairs[0].Right.Ref
}

// revoked says whether the CRM was told to forget the token.
func revoked(crm *sandbox.Server) bool {
	for _, r := range crm.Requests() {
		if strings.HasSuffix(r.Path, "/token/revoke") && r.Status == http.StatusOK {
			return true
		}
	}
	return false
}

// start starts the program as the desktop does when a person logs in to it, and waits for its icon.
func (p *person) start() (*exec.Cmd, *desktoptest.Item) {
	p.t.Helper()
	c := p.command()
	var complaints bytes.Buffer
	c.Stderr = &complaints
	p.t.Cleanup(func() {
		if p.t.Failed() {
			p.t.Log(complaints.String())
		}
	})
	p.desktop.Run(c)
	p.t.Cleanup(func() {
		if p.t.Failed() {
			p.keep("failed")
		}
	})
	return c, p.desktop.Item(p.t, c.Process.Pid)
}

func (p *person) quit(c *exec.Cmd, icon *desktoptest.Item) {
	p.t.Helper()
	icon.Click("Quit ZohoSync")
	if err := c.Wait(); err != nil {
		p.t.Errorf("the program ended with %v", err)
	}
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
	p.t.Helper()
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

// keyring names the secrets of the program that the keychain holds.
func (p *person) keyring() string {
	c := exec.Command("secret-tool", "search", "--all", "service", "ZohoSync")
	c.Env = p.desktop.Env()
	out, _ := c.CombinedOutput() // it ends with 1 when there is none
	var names []string
	for _, line := range strings.Split(string(out), "\n") {
		if name, found := strings.CutPrefix(line, "attribute.username = "); found {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// settled waits until a window is there and has stopped changing, gives it the keyboard, and returns its id. A cursor that
// blinks changes it for ever, but brings the same pictures again.
func (p *person) settled(title string) string {
	p.t.Helper()
	id := ""
	seen := map[[32]byte]int{}
	eventually(p.t, "the window "+title, func() bool {
		out, err := p.tool("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$")
		if id, _, _ = strings.Cut(out, "\n"); err != nil || id == "" {
			return false
		}
		if _, err = p.tool("xdotool", "windowactivate", "--sync", id); err != nil {
			return false
		}
		picture, err := p.tool("import", "-window", id, "-depth", "8", "rgb:-")
		now := sha256.Sum256([]byte(picture))
		if err == nil {
			seen[now]++
		}
		return seen[now] >= 4
	})
	return id
}

// press waits until a window has settled and presses keys in it.
func (p *person) press(title string, keys ...string) {
	p.t.Helper()
	p.settled(title)
	for _, k := range keys {
		p.key(k)
	}
}

func (p *person) key(key string) {
	p.t.Helper()
	if _, err := p.tool("xdotool", "key", key); err != nil {
		p.t.Fatal(err)
	}
}

// typed types a text where the keyboard is.
func (p *person) typed(text string) {
	p.t.Helper()
	if _, err := p.tool("xdotool", "type", "--delay", "12", text); err != nil {
		p.t.Fatal(err)
	}
}

// gone waits until no window of this title is left.
func (p *person) gone(title string) {
	p.t.Helper()
	eventually(p.t, "the end of the window "+title, func() bool {
		out, _ := p.tool("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$")
		return out == ""
	})
}

// keep keeps a picture of the screen in the folder that ZOHOSYNC_SCREENSHOTS names.
func (p *person) keep(name string) {
	if dir := os.Getenv("ZOHOSYNC_SCREENSHOTS"); dir != "" {
		p.desktop.Screenshot(filepath.Join(dir, name+".png"))
	}
}
