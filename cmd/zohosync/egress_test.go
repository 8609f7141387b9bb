package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"zohosync/sync/sandbox"
)

// outside is the world beyond this computer: a proxy that every connection to it has to pass. It knows one host, and remembers
// who asked for which.
type outside struct {
	mu    sync.Mutex
	asked map[string]int
}

func (o *outside) to(host, server string) http.Handler {
	at, _ := url.Parse(server)
	at.Path = ""
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(at) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.asked[r.URL.Hostname()]++
		o.mu.Unlock()
		if r.URL.Hostname() != host {
			http.NotFound(w, r)
			return
		}
		forward.ServeHTTP(w, r)
	})
}

// C-63, R13: from the first sign-in to an undo the built program asks the servers of the accounts, and nobody else: no third
// host whose failure could stop a sync, none that could count who syncs.
func TestOnlyTheServersOfTheAccountsAreAsked(t *testing.T) {
	program, s := built(t), newStage(t)
	crmServer, info := crm(t, sandbox.Options{Contacts: 4, Seed: 7})
	server := realServer(t, "radicale")
	o := &outside{asked: map[string]int{}}
	proxy := httptest.NewServer(o.to("calendar.test", server.URL))
	defer proxy.Close()
	do := func(input string, args ...string) {
		t.Helper()
		c := exec.Command(program, append([]string{"--home", s.home, "--vault", "file"}, args...)...)
		c.Env = append(os.Environ(), "ZOHOSYNC_PASSPHRASE=correct horse", "ZOHOSYNC_CLIENT_SECRET="+sandbox.MainSecret,
			"HTTP_PROXY="+proxy.URL, "HTTPS_PROXY="+proxy.URL, "http_proxy="+proxy.URL, "https_proxy="+proxy.URL, "NO_PROXY=", "no_proxy=")
		c.Stdin = strings.NewReader(input)
		out, err := c.CombinedOutput()
		if code := c.ProcessState.ExitCode(); err != nil && code != int(attention) && !slices.Contains(args, "http://elsewhere.test/") {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	do(info.RefreshToken+"\n", "account", "add", "zoho", "--name", "crm", "--accounts-url", info.AccountsURL, "--client-id", info.ClientID, "--refresh-token-stdin")
	at, _ := url.Parse(server.URL)
	at.Host = "calendar.test"
	do(server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", at.String(), "--user", server.User, "--password-stdin")
	(&victim{stage: s}).quickVault()
	do("", "collections", "home", "--create", "People", "--kind", "contact")
	do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:People", "--any-owner")
	for _, args := range [][]string{{"sync", "--dry-run"}, {"sync"}, {"status"}, {"check"}, {"history"}, {"questions"}, {"undo", "1", "--yes"}, {"sync", "contacts", "--again"}, {"doctor"},
		{"pair", "remove", "contacts", "--yes"}, {"account", "remove", "home"}, {"account", "remove", "crm"}} {
		do("", args...)
	}
	if hosts := slices.Sorted(maps.Keys(o.asked)); !slices.Equal(hosts, []string{"calendar.test"}) || o.asked["calendar.test"] < 20 {
		t.Errorf("asked were %v", o.asked)
	}
	if len(crmServer.Requests()) < 10 {
		t.Errorf("the CRM was asked %d times", len(crmServer.Requests()))
	}
	// The proxy is really in the way of everything else.
	do("s3cret\n", "account", "add", "caldav", "--name", "other", "--url", "http://elsewhere.test/", "--user", "a", "--password-stdin")
	if o.asked["elsewhere.test"] == 0 {
		t.Error("a connection passed by the proxy")
	}
}

// C-63, R13: one place opens connections, and it is given the servers of the accounts. The other one is the socket by which
// this program speaks to itself.
func TestOnePlaceOpensConnections(t *testing.T) {
	openers := map[string]bool{}
	for _, name := range []string{"net.Dial", "net.DialTimeout", "net.DialTCP", "net.DialUDP", "net.Dialer", "tls.Dial", "tls.Dialer", "tls.DialWithDialer",
		"http.Get", "http.Head", "http.Post", "http.PostForm", "http.DefaultClient", "http.DefaultTransport", "http.Transport"} {
		openers[name] = true
	}
	found := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "sandbox" || d.Name() == "davtest" || d.Name() == ".git" || d.Name() == "build") {
			return errorsOr(err, filepath.SkipDir)
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := sel.X.(*ast.Ident); ok && openers[pkg.Name+"."+sel.Sel.Name] {
					found[filepath.ToSlash(strings.TrimPrefix(path, "../../"))] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Sorted(maps.Keys(found)), []string{"app/instance/socket.go", "sync/auth/transport.go"}; !slices.Equal(got, want) {
		t.Errorf("connections are opened in %v, want %v", got, want)
	}
}

func errorsOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
