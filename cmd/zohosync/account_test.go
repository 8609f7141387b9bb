package main

import (
	"crypto/sha256"
	"encoding/hex"
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

	"zohosync/sync/auth"
	"zohosync/sync/provider/all"
	"zohosync/sync/sandbox"
)

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

// C-44: a certificate that nothing vouches for is told by its SHA-256, and trusted alone and for this server when a person says so.
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
	other := realServer(t, "xandikos")
	s.fails(failed, "other-account", other.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", other.URL, "--user", other.User, "--password-stdin")
	s.do("", "sync", "contacts")
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

// C-43: an account is kept only once the server has answered a real request with these credentials.
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
	s.fails(failed, "password", "wrong\n", caldav(server.URL, server.User)...)
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
