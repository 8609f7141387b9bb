package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zohosync/sync/sandbox"
)

// C-51: a file that cannot be read costs no setting up: accounts and pairs come back from the last copy, the file is kept, and
// the next sync creates nothing.
func TestSettingsComeBackFromTheLastCopy(t *testing.T) {
	s := newStage(t)
	s.fails(failed, "no-copy", "", "settings", "restore")
	crm, info := checkedCRM(t, sandbox.Options{Contacts: 3, Seed: 2})
	s.addCRM(info)
	s.addServer()
	s.do("", "collections", "home", "--create", "CRM contacts", "--kind", "contact")
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:CRM contacts", "--conflict", "newest", "--yes")
	s.do("", "sync")
	s.fails(failed, "settings-there", "", "settings", "restore")
	file := filepath.Join(s.home, stateFile)
	for _, rest := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(file + rest)
	}
	bad := "this is no database, and long enough to be taken for one: " + strings.Repeat("x", 4096)
	if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, said := s.try("", "sync")
	if !strings.Contains(said, "zohosync settings restore") {
		t.Errorf("nobody is told how to go on: %s", said)
	}
	r := decode[shownRestore](t, s.do("", "settings", "restore", "--json"))
	if r.Accounts != 2 || r.Pairs != 1 || r.At.IsZero() {
		t.Errorf("%+v", r)
	}
	if kept, err := os.ReadFile(r.Aside); err != nil || string(kept) != bad {
		t.Errorf("the file that could not be read is not kept: %v", err)
	}
	if pairs := decode[[]shownPair](t, s.do("", "pair", "list", "--json")); len(pairs) != 1 || pairs[0].Conflict != "newest" {
		t.Errorf("pairs %+v", pairs)
	}
	before := writes(crm)
	s.do("", "sync")
	if n := writes(crm) - before; n != 0 {
		t.Errorf("the sync after it wrote %d times", n)
	}
}

// writes counts what was sent to the CRM to be changed there.
func writes(crm *sandbox.Server) (n int) {
	for _, r := range crm.Requests() {
		if r.Method != "GET" && !strings.Contains(r.Path, "/coql") && !strings.Contains(r.Path, "/oauth/") {
			n++
		}
	}
	return n
}
