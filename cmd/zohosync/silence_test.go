package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
)

// The services of all tests here are started by these two, so that at the end of each nobody was sent mail (C-37).

// organisation makes a stand-in for Zoho CRM. When the test ends it must have sent no mail and set off no automation.
func organisation(t testing.TB, o sandbox.Options) *sandbox.Server {
	s := sandbox.New(o)
	t.Cleanup(func() {
		if n := s.Mails(); n != 0 {
			t.Errorf("the CRM sent %d mails", n)
		}
		if n := s.Automations(); n != 0 {
			t.Errorf("%d automations were set off", n)
		}
	})
	return s
}

// realServer starts a CalDAV and CardDAV server. When the test ends it must have sent no mail.
func realServer(t testing.TB, name string) davtest.Server {
	t.Helper()
	s := davtest.Start(t, name)
	t.Cleanup(func() {
		if n, err := s.Mails(); n != 0 || err != nil {
			t.Errorf("the server sent %d mails, %v", n, err)
		}
	})
	return s
}

func TestNobodyIsSentMailByAnyTest(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range []string{"davtest." + "Start(", "sandbox." + "New("} {
			if strings.Contains(string(text), call) && f != "silence_test.go" {
				t.Errorf("%s uses %s: organisation and realServer also count the mails", f, strings.TrimSuffix(call, "("))
			}
		}
	}
}
