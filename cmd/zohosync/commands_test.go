package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"zohosync/sync/auth"
	"zohosync/sync/engine"
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
	pages int // of the state; 0: any number
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
	term.specs, term.pages = all.Specs(), s.pages
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
	server := sandbox.New(o)
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
	server := davtest.Start(s.t, "radicale")
	s.do(server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", server.URL, "--user", server.User, "--password-stdin")
	return server
}

func TestFromNothingToInStep(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{Contacts: 5, Tasks: 4, Events: 3, Seed: 7})
	s.addCRM(info)
	s.addServer()

	for module, kind := range map[string]string{"Contacts": "contact", "Tasks": "task", "Events": "event"} {
		made := decode[[]listed](t, s.do("", "collections", "home", "--create", "CRM "+module, "--kind", kind, "--json"))
		if len(made) != 1 || made[0].Ref == "" {
			t.Fatalf("made %v", made)
		}
		s.do("", "pair", "add", "--left", "crm:"+module, "--right", "home:"+made[0].Ref)
	}
	if pairs := decode[[]shownPair](t, s.do("", "pair", "list", "--json")); len(pairs) != 3 {
		t.Fatalf("pairs %v", pairs)
	}

	dry := decode[struct{ Pairs []syncedPair }](t, s.do("", "sync", "contacts", "--dry-run", "--json"))
	if len(dry.Pairs) != 1 || dry.Pairs[0].Right.Created != 5 || len(dry.Pairs[0].Plan) != 5 {
		t.Errorf("dry run: %+v", dry)
	}
	code, out, errOut := s.try("", "sync", "--json")
	first := decode[struct{ Pairs []syncedPair }](t, out)
	created := 0
	for _, p := range first.Pairs {
		created += p.Right.Created
		if p.Left.Created+p.Left.Updated+p.Left.Deleted > 0 || p.Error != nil {
			t.Errorf("the first sync wrote to the CRM: %+v", p.Report)
		}
		if p.Credits == 0 || p.Left.Requests == 0 || p.Right.Requests == 0 {
			t.Errorf("%s: %d credits, %d and %d requests", p.ID, p.Credits, p.Left.Requests, p.Right.Requests)
		}
	}
	if created == 0 || code > attention {
		t.Errorf("exit %d, created %d\n%s%s", code, created, out, errOut)
	}
	again := decode[struct{ Pairs []syncedPair }](t, second(s))
	for _, p := range again.Pairs {
		if p.Wrote() > 0 {
			t.Errorf("the second sync wrote: %+v", p.Report)
		}
	}

	_, status, _ := s.try("", "status", "--json")
	if got := decode[shownStatus](t, status); len(got.Pairs) != 3 || got.State == engine.StateSignedOut {
		t.Errorf("status %+v", got)
	}
	s.fails(failed, "in-use", "", "account", "remove", "home")
	for _, p := range again.Pairs {
		s.do("", "pair", "remove", p.ID)
	}
	s.do("", "account", "remove", "home")
	s.do("", "account", "remove", "crm")
	if left := s.do("", "account", "list", "--json"); strings.TrimSpace(left) != "[]" {
		t.Errorf("left over: %s", left)
	}
}

func second(s *stage) string {
	_, out, _ := s.try("", "sync", "--json")
	return out
}

func TestGuardsStopAndAreConfirmed(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 12, Seed: 3})
	s.addCRM(info)
	s.addServer()
	made := decode[[]listed](t, s.do("", "collections", "home", "--create", "People", "--kind", "contact", "--json"))
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:"+made[0].Ref, "--delete-right", "propagate", "--any-owner")
	if code, out, errOut := s.try("", "sync"); code > attention {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	for _, r := range server.Records("Contacts")[:8] {
		server.Delete("Contacts", r["id"].(string))
	}
	code, out, errOut := s.try("", "sync", "contacts")
	if code != guarded || !strings.Contains(out, "zohosync sync contacts --confirm 8") {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	if code, _, _ := s.try("", "sync", "contacts", "--confirm", "7"); code != guarded {
		t.Errorf("another number: exit %d", code)
	}
	if code, out, errOut := s.try("", "sync", "contacts", "--confirm", "8"); code > attention {
		t.Errorf("confirmed: exit %d\n%s%s", code, out, errOut)
	}
	s.fails(failed, "bad-input", "", "sync", "--confirm", "8")
}

func TestBadInputIsExplainedAndLosesNothing(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{})
	s.addCRM(info)
	server := s.addServer()
	before := s.do("", "account", "list", "--json")
	caldav := func(url, user string) []string {
		return []string{"account", "add", "caldav", "--name", "other", "--url", url, "--user", user, "--password-stdin"}
	}
	zoho := func(url string, more ...string) []string {
		return append([]string{"account", "add", "zoho", "--name", "other", "--accounts-url", url, "--client-id", info.ClientID, "--refresh-token-stdin"}, more...)
	}
	s.fails(failed, "auth", "wrong\n", caldav(server.URL, server.User)...)
	s.fails(failed, "unreachable", "s3cret\n", caldav("http://127.0.0.1:1/", "alice")...)
	s.fails(failed, "bad-input", "", caldav(server.URL, server.User)...)
	s.fails(failed, "bad-input", "s3cret\n", caldav("ftp://127.0.0.1/", "alice")...)
	s.fails(failed, "unknown-data-centre", "token\n", zoho("https://accounts.example.org")...)
	s.fails(failed, "revoked", "1000.no-such-token\n", zoho(info.AccountsURL)...)
	s.fails(failed, "bad-input", "token\n", zoho(info.AccountsURL, "--device")...)
	s.fails(failed, "name-taken", "s3cret\n", "account", "add", "caldav", "--name", "crm", "--url", server.URL, "--user", server.User, "--password-stdin")
	s.fails(failed, "bad-input", "s3cret\n", "account", "add", "caldav", "--name", "a:b", "--url", server.URL, "--user", server.User, "--password-stdin")
	s.fails(failed, "no-such", "", "collections", "nobody")
	s.fails(failed, "no-such", "", "account", "remove", "nobody")
	s.fails(failed, "no-such", "", "sync", "nothing")
	s.fails(failed, "no-such", "", "pair", "add", "--left", "crm:Contacts", "--right", "home:/nowhere/")
	s.fails(failed, "bad-input", "", "pair", "add", "--left", "Contacts", "--right", "home:/nowhere/")
	s.fails(failed, "read-only", "", "collections", "crm", "--create", "Leads", "--kind", "contact")
	if after := s.do("", "account", "list", "--json"); after != before {
		t.Errorf("accounts before %s and after %s", before, after)
	}
}

func TestTheFileOfSecretsWantsItsPassphrase(t *testing.T) {
	s := newStage(t)
	s.vault = "file"
	_, info := crm(t, sandbox.Options{})
	s.addCRM(info)
	if _, err := os.Stat(filepath.Join(s.home, vaultFile)); err != nil {
		t.Fatal(err)
	}
	// Once there is a file, it needs no flag.
	s.vault = ""
	s.do("", "collections", "crm")
	s.env["ZOHOSYNC_PASSPHRASE"] = "battery staple"
	s.fails(failed, "passphrase", "", "collections", "crm")
	s.env["ZOHOSYNC_PASSPHRASE"] = ""
	s.fails(failed, "passphrase", "", "collections", "crm")
}

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

func TestPairRules(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{})
	s.addCRM(info)
	s.addServer()
	ref := decode[[]listed](t, s.do("", "collections", "home", "--create", "Meetings", "--kind", "event", "--json"))[0].Ref
	tasks := decode[[]listed](t, s.do("", "collections", "home", "--create", "To do", "--kind", "task", "--json"))[0].Ref

	p := decode[shownPair](t, s.do("", "pair", "add", "--left", "crm:Events", "--right", "home:Meetings", "--json"))
	if p.ID != "events" || p.Direction != "both" || p.Conflict != "left" || p.DeleteLeft != "ask" || p.DeleteRight != "ask" || p.From != 30 || p.To != 180 {
		t.Errorf("defaults %+v", p)
	}
	if p.Right.Ref != ref {
		t.Errorf("the title led to %q, not %q", p.Right.Ref, ref)
	}
	if p := decode[shownPair](t, s.do("", "pair", "add", "--left", "crm:Tasks", "--right", "home:"+tasks, "--json")); p.ID != "tasks" || p.From != 0 || p.To != 0 {
		t.Errorf("tasks have no time range unless one is asked for: %+v", p)
	}
	s.fails(failed, "name-taken", "", "pair", "add", "--left", "crm:Events", "--right", "home:"+ref)
	s.fails(failed, "bad-input", "", "pair", "add", "--left", "crm:Tasks", "--right", "home:"+ref)
	s.fails(failed, "bad-input", "", "pair", "add", "--left", "crm:Events", "--right", "home:"+ref, "--direction", "sideways")

	p = decode[shownPair](t, s.do("", "pair", "set", "events", "--conflict", "right", "--delete-left", "never", "--delete-right", "propagate",
		"--direction", "to-right", "--from", "7", "--to", "14", "--category", "CRM", "--category", "Work", "--any-owner", "--json"))
	if p.Conflict != "right" || p.DeleteLeft != "never" || p.DeleteRight != "propagate" || p.Direction != "to-right" || p.From != 7 || p.To != 14 ||
		strings.Join(p.Categories, ",") != "CRM,Work" || !p.AnyOwner {
		t.Errorf("set %+v", p)
	}
	p = decode[shownPair](t, s.do("", "pair", "set", "events", "--conflict", "left", "--json"))
	if p.Conflict != "left" || p.From != 7 || !p.AnyOwner || len(p.Categories) != 2 {
		t.Errorf("one rule changed others: %+v", p)
	}
	s.fails(failed, "bad-input", "", "pair", "set", "events", "--from=-1")
}

func TestSignInWithABrowser(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{Redirects: auth.RedirectURIs()})
	term, out, errOut := testTerminal("")
	term.env = func(name string) string { return s.env[name] }
	term.specs = all.Specs()
	term.browse = func(url string) error { return accept(t, url) }
	code := run(t.Context(), []string{"--home", s.home, "account", "add", "zoho", "--name", "crm", "--accounts-url", info.AccountsURL, "--client-id", info.ClientID}, term)
	if code != inStep || !strings.Contains(errOut.String(), info.AccountsURL) {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	if found := decode[[]listed](t, s.do("", "collections", "crm", "--json")); len(found) != 3 {
		t.Errorf("found %v", found)
	}
}

func TestSandboxSaysHowToUseIt(t *testing.T) {
	reader, writer := io.Pipe()
	term, _, errOut := testTerminal("")
	term.out = writer
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan exit)
	go func() { ended <- run(ctx, []string{"sandbox", "--contacts", "2", "--seed", "5"}, term) }()
	var info sandbox.Info
	if err := json.NewDecoder(reader).Decode(&info); err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get(info.ControlURL)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("control: %v, %v", answer, err)
	}
	stop()
	if code := <-ended; code != inStep {
		t.Errorf("exit %d: %s", code, errOut)
	}
	for _, listen := range []string{"0.0.0.0:0", "nowhere"} {
		term, _, errOut := testTerminal("")
		if code := run(t.Context(), []string{"sandbox", "--listen", listen}, term); code != failed || !strings.Contains(errOut.String(), "(bad-input: ") {
			t.Errorf("%s: exit %d, %s", listen, code, errOut)
		}
	}
}

func TestWorse(t *testing.T) {
	for _, c := range []struct{ a, b, want exit }{
		{inStep, attention, attention}, {attention, inStep, attention}, {attention, failed, failed}, {failed, guarded, guarded}, {guarded, failed, guarded},
	} {
		if got := worse(c.a, c.b); got != c.want {
			t.Errorf("%d and %d: got %d", c.a, c.b, got)
		}
	}
}

func TestAFailedPairIsToldAndTheOthersGoOn(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 2})
	s.addCRM(info)
	s.addServer()
	for _, title := range []string{"One", "Two"} {
		ref := decode[[]listed](t, s.do("", "collections", "home", "--create", title, "--kind", "contact", "--json"))[0].Ref
		s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:"+ref)
	}
	server.Fault(sandbox.Fault{Match: "GET /crm/v8/Contacts", Kind: "400"})
	code, out, _ := s.try("", "sync", "--json")
	got := decode[struct{ Pairs []syncedPair }](t, out)
	if code != failed || len(got.Pairs) != 2 || got.Pairs[0].Error == nil || got.Pairs[1].Error != nil {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestACertificateThatNothingVouchesFor(t *testing.T) {
	s := newStage(t)
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	add := []string{"account", "add", "caldav", "--name", "home", "--url", server.URL, "--user", "alice", "--password-stdin"}
	_, _, errOut := s.try("s3cret\n", add...)
	sum := sha256.Sum256(server.Certificate().Raw)
	if want := "--trust-certificate " + hex.EncodeToString(sum[:]); !strings.Contains(errOut, want) || !strings.Contains(errOut, "(certificate: ") {
		t.Errorf("%s lacks %s", errOut, want)
	}
	s.fails(failed, "certificate", "s3cret\n", append(add, "--trust-certificate", strings.Repeat("0", 64))...)
	_, _, errOut = s.try("s3cret\n", append(add, "--trust-certificate", hex.EncodeToString(sum[:]))...)
	if strings.Contains(errOut, "(certificate: ") {
		t.Errorf("the trusted certificate was refused: %s", errOut)
	}
}

func TestSigningInAgainKeepsPairs(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{})
	s.addCRM(info)
	server := s.addServer()
	s.do("", "collections", "home", "--create", "People", "--kind", "contact")
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:People")
	s.addCRM(info)
	s.do(server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", server.URL, "--user", server.User, "--password-stdin")
	if pairs := decode[[]shownPair](t, s.do("", "pair", "list", "--json")); len(pairs) != 1 {
		t.Errorf("pairs %v", pairs)
	}
	other := davtest.Start(t, "xandikos")
	s.fails(failed, "other-account", other.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", other.URL, "--user", other.User, "--password-stdin")
	s.do("", "sync", "contacts")
}

func TestDemo(t *testing.T) {
	term, out, errOut := testTerminal("")
	term.specs = all.Specs()
	began := time.Now()
	if code := run(t.Context(), []string{"demo", "--contacts", "12", "--tasks", "12", "--events", "12"}, term); code != inStep {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	if strings.Contains(out.String(), "NO") || strings.Count(out.String(), ": yes") != 10 {
		t.Error(out)
	}
	t.Logf("%.1f s", time.Since(began).Seconds())
	s := newStage(t)
	s.fails(failed, "bad-input", "", "demo", "--tasks", "3")
}

// accept does what a person does on the page of the accounts server. It does not wait for the end, as a browser does not.
func accept(t *testing.T, page string) error {
	answer, err := http.Get(page)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	request := regexp.MustCompile(`name="request" value="([^"]+)"`).FindSubmatch(body)
	if request == nil {
		return fmt.Errorf("no form in %s", body)
	}
	go func() {
		answer, err := http.PostForm(answer.Request.URL.JoinPath("decide").String(), url.Values{"request": {string(request[1])}, "decision": {"accept"}})
		if err != nil {
			t.Error(err)
			return
		}
		answer.Body.Close()
	}()
	return nil
}
