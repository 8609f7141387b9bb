package local

import (
	"database/sql"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestRestartKeepsEverything: objects, tags, tokens and properties are the same for who comes later.
func TestRestartKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "local.db")
	const folder = "/calendars/work/"
	var etag, ctag, token string
	for round := range 2 {
		s, err := Open(path, Options{User: user, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		url, err := s.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		c := client{url}
		if round == 0 {
			withFolders(t, s)
			etag = c.put(t, folder+"a.ics", event("a", "SUMMARY:kept"))
			c.put(t, folder+"b.ics", event("b"))
			c.wants(t, http.StatusNoContent, http.MethodDelete, folder+"b.ics", "")
			ctag, token = c.tags(t, folder)
		} else {
			same(t, "body", c.get(t, folder+"a.ics"), event("a", "SUMMARY:kept"))
			same(t, "tag", c.put(t, folder+"a.ics", event("a", "SUMMARY:kept"), "If-Match", etag), etag)
			nowCTag, nowToken := c.tags(t, folder)
			same(t, "tags", []string{nowCTag, nowToken}, []string{ctag, token})
			same(t, "news", c.since(t, folder, token, 0).hrefs(), []string{})
			l := c.list(t, "PROPFIND", folder, "0", request("D:propfind", `<D:prop><D:displayname/></D:prop>`))
			same(t, "name", l.Responses[0].Propstat[0].Prop.Name, "WORK")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKilledServerKeepsWhatItAnswered kills a process right after its answer, without any goodbye.
func TestKilledServerKeepsWhatItAnswered(t *testing.T) {
	if path := os.Getenv("ZOHOSYNC_TEST_KILLED"); path != "" {
		s, err := Open(path, Options{User: user, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		withFolders(t, s)
		url, err := s.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		client{url}.put(t, "/calendars/work/a.ics", event("a"))
		self, err := os.FindProcess(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		_ = self.Kill()
		select {}
	}
	path := filepath.Join(t.TempDir(), "local.db")
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledServerKeepsWhatItAnswered$")
	cmd.Env = append(os.Environ(), "ZOHOSYNC_TEST_KILLED="+path)
	if out, err := cmd.CombinedOutput(); err == nil || strings.Contains(string(out), "FAIL") {
		t.Fatalf("%v\n%s", err, out)
	}
	_, c := serveFile(t, path, Options{})
	same(t, "body", c.get(t, "/calendars/work/a.ics"), event("a"))
	same(t, "news", c.since(t, "/calendars/work/", "", 0).hrefs(), "[/calendars/work/a.ics]")
}

func TestNobodyElseReadsTheFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has other permissions")
	}
	path := filepath.Join(t.TempDir(), "home", "local.db")
	s, c := serveFile(t, path, Options{})
	withFolders(t, s)
	c.put(t, "/calendars/work/a.ics", event("a"))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", suffix, info, err)
		}
	}
}

func TestFilesThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	damaged := filepath.Join(dir, "damaged.db")
	if err := os.WriteFile(damaged, []byte(strings.Repeat("no database at all. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(damaged, Options{User: user, Password: password}); !errors.Is(err, ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
	newer := filepath.Join(dir, "newer.db")
	db, err := sql.Open("sqlite", newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(newer, Options{User: user, Password: password}); !errors.Is(err, ErrNewer) {
		t.Errorf("newer: %v", err)
	}
}

// TestVersionOneIsBroughtUpToDate opens a file as version 1 made it.
func TestVersionOneIsBroughtUpToDate(t *testing.T) {
	frozen, err := os.ReadFile("testdata/version-1.sql")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "local.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(string(frozen)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, c := serveFile(t, path, Options{})
	same(t, "card", c.get(t, "/contacts/people/ada.vcf"), "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ada\r\nFN:Ada\r\nEND:VCARD\r\n")
	same(t, "news", c.since(t, "/contacts/people/", "urn:x-zohosync:sync:1:WRITER:1", 0).hrefs(), "[/contacts/people/ada.vcf /contacts/people/bob.vcf 404]")
}

// TestNoSpaceLeft: a full disk refuses the write and keeps the rest.
func TestNoSpaceLeft(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	c.put(t, "/calendars/work/a.ics", event("a"))
	if _, err := s.store.db.Exec("PRAGMA max_page_count = 1"); err != nil {
		t.Fatal(err)
	}
	c.wants(t, http.StatusInsufficientStorage, http.MethodPut, "/calendars/work/b.ics", event("b", "DESCRIPTION:"+strings.Repeat("x", 1<<20)))
	same(t, "objects", c.since(t, "/calendars/work/", "", 0).hrefs(), "[/calendars/work/a.ics]")
}
