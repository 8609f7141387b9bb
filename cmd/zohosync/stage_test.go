package main

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"zohosync/sync/auth"
	"zohosync/sync/provider/all"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

// stage is a home with everything around it, and a person who types commands.
type stage struct {
	t     *testing.T
	home  string
	vault string
	env   map[string]string
	pages int  // of the state; 0: any number
	asks  bool // a person answers at the terminal

	limits *auth.Limits     // nil: the usual ones
	clock  func() time.Time // nil: the computer's
	pass   func(time.Duration)
}

func newStage(t *testing.T) *stage {
	keyring.MockInit()
	return &stage{t: t, home: filepath.Join(t.TempDir(), "home"), vault: "keychain", env: map[string]string{
		"ZOHOSYNC_PASSPHRASE": "correct horse", "ZOHOSYNC_CLIENT_SECRET": sandbox.MainSecret,
	}}
}

// try carries out one command line with an input and returns its exit code and what it printed.
func (s *stage) try(input string, args ...string) (code exit, out, errOut string) {
	term, o, e := testTerminal(input)
	term.env = func(name string) string { return s.env[name] }
	term.specs, term.pages, term.limits, term.asks, term.clock = all.Specs(), s.pages, s.limits, s.asks, s.clock
	term.browse = func(string) error { return errors.New("no browser here") }
	code = run(s.t.Context(), append([]string{"--home", s.home, "--vault", s.vault}, args...), term)
	return code, o.String(), e.String()
}

// do is try for a command that has to succeed.
func (s *stage) do(input string, args ...string) string {
	s.t.Helper()
	code, out, errOut := s.try(input, args...)
	if code != inStep {
		s.t.Fatalf("zohosync %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errOut)
	}
	return out
}

// fails expects a command to end with this exit code and this code of a problem.
func (s *stage) fails(want exit, problem, input string, args ...string) {
	s.t.Helper()
	code, out, errOut := s.try(input, args...)
	if code != want || !strings.Contains(errOut, "("+problem+": ") {
		s.t.Errorf("zohosync %s: exit %d, want %d and the problem %s\n%s%s", strings.Join(args, " "), code, want, problem, out, errOut)
	}
}

// decode reads the JSON that a command printed.
func decode[T any](t *testing.T, printed string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(printed), &v); err != nil {
		t.Fatalf("%v in %s", err, printed)
	}
	return v
}

// crm starts a stand-in for Zoho CRM.
func crm(t *testing.T, o sandbox.Options) (*sandbox.Server, sandbox.Info) {
	t.Helper()
	server := organisation(t, o)
	info, err := server.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server, info
}

// addCRM adds the stand-in as an account.
func (s *stage) addCRM(info sandbox.Info) {
	s.t.Helper()
	s.do(info.RefreshToken+"\n", "account", "add", "zoho", "--name", "crm", "--accounts-url", info.AccountsURL, "--client-id", info.ClientID, "--refresh-token-stdin")
}

// addServer starts Radicale and adds it as an account.
func (s *stage) addServer() davtest.Server {
	s.t.Helper()
	server := realServer(s.t, "radicale")
	s.do(server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", server.URL, "--user", server.User, "--password-stdin")
	return server
}

func second(s *stage) string {
	_, out, _ := s.try("", "sync", "--json")
	return out
}

// davItems counts the cards that the folder People holds.
func davItems(t *testing.T, s *stage, server davtest.Server) int {
	t.Helper()
	ref := decode[[]shownPair](t, s.do("", "pair", "list", "--json"))[0].Right.Ref
	d := &demo{t: &terminal{specs: all.Specs()}, server: server, refs: map[record.Kind]string{record.Contact: ref}}
	items, err := d.items(t.Context(), record.Contact)
	if err != nil {
		t.Fatal(err)
	}
	return len(items)
}
