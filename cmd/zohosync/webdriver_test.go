//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"zohosync/app/desktoptest"
)

// browser is a real Chromium without a window, worked through chromedriver (W3C WebDriver).
type browser struct {
	t       *testing.T
	session string // address of the session
}

func openChromium(t *testing.T) *browser {
	t.Helper()
	driver, err := exec.LookPath("chromedriver")
	if err != nil {
		if os.Getenv(desktoptest.Required) == "" {
			t.Skip("needs a browser: the Debian packages chromium and chromium-driver")
		}
		t.Fatal("a browser is missing: install the Debian packages chromium and chromium-driver")
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := exec.CommandContext(ctx, driver, "--port=0")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = c.Wait()
	})
	port := ""
	for said := bufio.NewScanner(out); port == "" && said.Scan(); {
		if _, after, ok := strings.Cut(said.Text(), "started successfully on port "); ok {
			port = strings.TrimSuffix(after, ".")
		}
	}
	b := &browser{t: t, session: "http://127.0.0.1:" + port + "/session"}
	options := map[string]any{"args": []string{"--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir()}}
	made := b.post("", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{"goog:chromeOptions": options}}})
	b.session += "/" + fmt.Sprint(made["sessionId"])
	t.Cleanup(func() {
		if r, err := http.NewRequest(http.MethodDelete, b.session, nil); err == nil {
			if answer, err := http.DefaultClient.Do(r); err == nil {
				answer.Body.Close()
			}
		}
	})
	return b
}

// post gives a command and returns the object that it answers with; another value is under "value".
func (b *browser) post(command string, body map[string]any) map[string]any {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	answer, err := http.Post(b.session+command, "application/json", bytes.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	var said struct{ Value any }
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || answer.StatusCode != http.StatusOK {
		b.t.Fatalf("browser: %s %s: %v %v", command, answer.Status, said.Value, err)
	}
	if object, ok := said.Value.(map[string]any); ok {
		return object
	}
	return map[string]any{"value": said.Value}
}

func (b *browser) open(url string) { b.t.Helper(); b.post("/url", map[string]any{"url": url}) }

// click clicks the first element that a CSS selector finds.
func (b *browser) click(selector string) {
	b.t.Helper()
	for _, id := range b.post("/element", map[string]any{"using": "css selector", "value": selector}) {
		b.post(fmt.Sprintf("/element/%v/click", id), map[string]any{})
	}
}

// text returns what the page says.
func (b *browser) text() string {
	b.t.Helper()
	return fmt.Sprint(b.post("/execute/sync", map[string]any{"script": "return document.body.innerText", "args": []any{}})["value"])
}
