package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zohosync/sync/sandbox"
)

// C-49: a first sync of 20,000 meetings and 5,000 contacts, and a further one, take less than 300 MB, this computer's own server
// included; told to stop in the middle the program ends within two seconds. It takes many minutes, so that only ZOHOSYNC_SOAK=1
// plays it.
func TestManyItemsTakeLittleMemory(t *testing.T) {
	if os.Getenv("ZOHOSYNC_SOAK") == "" {
		t.Skip("it takes many minutes: ZOHOSYNC_SOAK=1 plays it")
	}
	const contacts, meetings = 5000, 20000
	program, s := built(t), newStage(t)
	s.vault = "file"
	org, midway, requests := organisation(t, sandbox.Options{Contacts: contacts, Events: meetings, Seed: 7, Unlimited: true}), make(chan struct{}), atomic.Int32{}
	handler := org.Handler()
	s.addCRM(org.Info(listen(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/Contacts") && requests.Add(1) == 1 {
			close(midway)
		}
		handler.ServeHTTP(w, r)
	}))))
	s.addLocal()
	for module, kind := range map[string]string{"Contacts": "contact", "Events": "event"} {
		s.do("", "collections", "home", "--create", "CRM "+module, "--kind", kind)
		s.do("", "pair", "add", "--left", "crm:"+module, "--right", "home:CRM "+module, "--any-owner", "--from", "20000", "--to", "20000")
	}
	// Opening the file of secrets takes 256 MB by itself, for a moment: that makes it hard to guess its passphrase.
	(&victim{stage: s}).quickVault()
	start := func() *exec.Cmd {
		c := exec.Command(program, "--home", s.home, "--vault", "file", "sync", "--json")
		c.Env = append(os.Environ(), "ZOHOSYNC_PASSPHRASE=correct horse")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Process.Kill() })
		return c
	}
	ended := func(c *exec.Cmd) {
		t.Helper()
		used, err := peak(c)
		var code *exec.ExitError
		if err != nil && (!errors.As(err, &code) || code.ExitCode() > int(guarded)) {
			t.Fatal(err)
		}
		t.Logf("%d contacts and %d meetings: %d MB, exit %d", contacts, meetings, used>>10, c.ProcessState.ExitCode())
		if used == 0 || used > 300<<10 {
			t.Errorf("%d KB were used", used)
		}
	}
	c := start()
	<-midway
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	ended(c)
	if took := time.Since(stopped); took > 2*time.Second {
		t.Errorf("it went on for %v", took)
	}
	for range 2 {
		ended(start())
	}
	for _, p := range pairsOf(t, s) {
		if p.LastSuccess == nil {
			t.Errorf("%s was never in step", p.ID)
		}
	}
}

// peak waits for a program and returns the most memory in KB that it had, as it was last seen. What wait4 tells is of no use: a
// process inherits the peak of the one that started it.
func peak(c *exec.Cmd) (most int, err error) {
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	for {
		if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid)); err == nil {
			if _, at, ok := strings.Cut(string(text), "VmHWM:"); ok {
				_, _ = fmt.Sscan(at, &most)
			}
		}
		select {
		case err := <-done:
			return most, err
		case <-time.After(20 * time.Millisecond):
		}
	}
}
