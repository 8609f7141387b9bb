package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zohosync/sync/sandbox"
)

func TestABadHomeIsExplained(t *testing.T) {
	s := newStage(t)
	s.do("", "account", "list")
	release, err := lockHome(s.home)
	if err != nil {
		t.Fatal(err)
	}
	s.fails(failed, "locked-home", "", "status")
	release()
	file := filepath.Join(s.home, stateFile)
	if err := os.WriteFile(file, []byte("this is no database, and long enough to be taken for one: "+strings.Repeat("x", 4096)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, rest := range []string{"-wal", "-shm"} {
		os.Remove(file + rest)
	}
	s.fails(failed, "damaged-state", "", "status")
	if data, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(data), "this is no database") {
		t.Errorf("the damaged file was touched: %v", err)
	}
}

func TestAStateOfANewerVersionIsLeftAlone(t *testing.T) {
	s := newStage(t)
	s.do("", "account", "list")
	file := filepath.Join(s.home, stateFile)
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 9999"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s.fails(failed, "newer-state", "", "status")
	s.fails(failed, "newer-state", "", "sync")
}

func TestAFullDiskLosesNothing(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{Contacts: 60, Seed: 2})
	s.addCRM(info)
	server := s.addServer()
	s.do("", "collections", "home", "--create", "People", "--kind", "contact")
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:People", "--any-owner")
	size := func() int {
		info, err := os.Stat(filepath.Join(s.home, stateFile))
		if err != nil {
			t.Fatal(err)
		}
		return int(info.Size() / 4096)
	}
	s.pages = size() + 4
	code, out, errOut := s.try("", "sync")
	if code != failed || !strings.Contains(errOut, "(disk-full: ") {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	// In the middle of writing there is no place for the journal any more.
	s.pages = 0
	s.do("", "sync", "--dry-run")
	s.pages = size() + 3
	if code, out, errOut := s.try("", "sync"); code != failed || !strings.Contains(errOut, "(disk-full: ") {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	s.pages = 0
	if code, out, errOut := s.try("", "sync"); code > attention {
		t.Fatalf("with room again: exit %d\n%s%s", code, out, errOut)
	}
	again := decode[struct{ Pairs []syncedPair }](t, second(s))
	if again.Pairs[0].Wrote() > 0 || again.Pairs[0].Waits() {
		t.Errorf("not in step: %+v", again.Pairs[0].Report)
	}
	held := davItems(t, s, server)
	if held != 60 {
		t.Errorf("the server holds %d of 60 contacts", held)
	}
}
