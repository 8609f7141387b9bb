//go:build cgo

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
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"zohosync/app/ui"
	"zohosync/sync/auth"
	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
	"zohosync/sync/state"
)

func TestAServerGetsItsNameFromItsHost(t *testing.T) {
	s := newDeskStage(t)
	server := realServer(t, "radicale")
	add := ui.Server{Address: server.URL, User: server.User, Password: server.Password}
	a, err := s.desk.AddServer(t.Context(), add)
	if err != nil || a.Name != "127.0.0.1" || !a.SignedIn || a.Who != server.User || !strings.HasPrefix(a.Where, "127.0.0.1:") {
		t.Fatalf("%+v, %v", a, err)
	}
	// The same server and person again is the same account.
	if again, err := s.desk.AddServer(t.Context(), add); err != nil || again.Name != a.Name {
		t.Errorf("again: %+v, %v", again, err)
	}
	// Only a new password: the address and the user stay what they are.
	if again, err := s.desk.AddServer(t.Context(), ui.Server{Name: a.Name, Password: server.Password}); err != nil || again.Who != server.User {
		t.Errorf("only a password: %+v, %v", again, err)
	}
	add.Password = "wrong"
	if _, err := s.desk.AddServer(t.Context(), add); s.desk.Explain(err).Code != "password" {
		t.Errorf("a wrong password: %v", err)
	}
	if _, err := s.desk.Folders(t.Context(), a.Name); err != nil {
		t.Errorf("a wrong password was kept: %v", err)
	}
	s.only()
	if _, err := s.desk.AddServer(t.Context(), ui.Server{Address: "ftp://x", User: "a", Password: "b"}); s.desk.Explain(err).Code != "bad-input" {
		t.Errorf("no address: %v", err)
	}
	for host, want := range map[string]string{"cloud.example.org": "cloud.example.org", "127.0.0.1:80": "127.0.0.1", "[::1]:80": "server", "bücher.example": "bücher.example", "": "server"} {
		if got := baseName(host); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
	for address, want := range map[string]string{"https://a.example:8443/dav/": "a.example:8443", "ann@b.example": "b.example", "c.example": "c.example"} {
		if got := hostOf(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestTheFingerprintOfAStrangerIsShown(t *testing.T) {
	s := newDeskStage(t)
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	add := ui.Server{Address: server.URL, User: "ann", Password: "s3cret"}
	_, err := s.desk.AddServer(t.Context(), add)
	sum := sha256.Sum256(server.Certificate().Raw)
	e := s.desk.Explain(err)
	if e.Code != "certificate" || e.Fingerprint != hex.EncodeToString(sum[:]) || strings.Contains(e.Detail, "s3cret") {
		t.Fatalf("%+v", e)
	}
	add.Trust = e.Fingerprint
	if _, err := s.desk.AddServer(t.Context(), add); s.desk.Explain(err).Code == "certificate" {
		t.Errorf("the trusted certificate was refused: %v", err)
	}
}

// folder makes a folder on a new server.
func (s *deskStage) folder(title string, k record.Kind) (davtest.Server, provider.Info) {
	s.t.Helper()
	server := realServer(s.t, "radicale")
	if _, err := s.desk.AddServer(s.t.Context(), ui.Server{Name: "home", Address: server.URL, User: server.User, Password: server.Password}); err != nil {
		s.t.Fatal(err)
	}
	made, err := s.desk.MakeFolder(s.t.Context(), "home", title, k)
	if err != nil {
		s.t.Fatal(err)
	}
	return server, made
}

func TestLookOnlyReads(t *testing.T) {
	s := newDeskStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 5, Seed: 7})
	s.env[envAccountsURL] = info.AccountsURL
	code := server.SelfClientCode(auth.Scopes(), time.Minute)
	if _, err := s.desk.SignIn(t.Context(), ui.SignIn{Keep: true, SelfCode: code, ClientID: info.ClientID, ClientSecret: sandbox.MainSecret}); err != nil {
		t.Fatal(err)
	}
	got, err := s.desk.Look(t.Context(), "crm", "Contacts", record.Contact)
	if err != nil || got.Count != 5 || got.More || len(got.Names) != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	for _, r := range server.Requests() {
		if r.Method != http.MethodGet && strings.Contains(r.Path, "/crm/") {
			t.Errorf("looking sent %s %s", r.Method, r.Path)
		}
	}
	if _, err := s.desk.Look(t.Context(), "nobody", "Contacts", record.Contact); s.desk.Explain(err).Code != "no-such" {
		t.Errorf("%v", err)
	}
}

func TestLookNamesCategoriesAndCountsSeriesOnce(t *testing.T) {
	s := newDeskStage(t)
	server, made := s.folder("Meetings", record.Event)
	put(t, server, made.Ref+"a.ics", event("a", "One", "RRULE:FREQ=DAILY;COUNT=5", "CATEGORIES:Zoho CRM,VIP"))
	put(t, server, made.Ref+"b.ics", event("b", "Two", "CATEGORIES:VIP"))
	got, err := s.desk.Look(t.Context(), "home", made.Ref, record.Event)
	if err != nil || got.Count != 2 || !slices.Contains(got.Names, "Two") || !slices.Contains(got.Categories, "VIP") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAnotherFolderBeginsAnew(t *testing.T) {
	s := newDeskStage(t)
	_, one := s.folder("One", record.Contact)
	two, err := s.desk.MakeFolder(t.Context(), "home", "Two", record.Contact)
	if err != nil {
		t.Fatal(err)
	}
	p := s.desk.Defaults(record.Contact)
	p.Ends = [2]state.End{{Account: "home", Ref: one.Ref, Title: "One"}, {Account: "home", Ref: two.Ref, Title: "Two"}}
	if err := s.desk.StorePairs(t.Context(), []state.Pair{p}, nil); err != nil {
		t.Fatal(err)
	}
	stored, err := s.desk.Pairs(t.Context())
	if err != nil || len(stored) != 1 {
		t.Fatal(stored, err)
	}
	if _, err := s.desk.engine.Sync(t.Context(), stored[0].ID, engine.RunOptions{}); err != nil {
		t.Fatal(err)
	}
	if runs, err := s.desk.Runs(t.Context(), 10); err != nil || len(runs) != 1 {
		t.Errorf("runs %v, %v", runs, err)
	}
	three, err := s.desk.MakeFolder(t.Context(), "home", "Three", record.Contact)
	if err != nil {
		t.Fatal(err)
	}
	changed := stored[0]
	changed.Ends[plan.Right] = state.End{Account: "home", Ref: three.Ref, Title: "Three"}
	if err := s.desk.StorePairs(t.Context(), []state.Pair{changed}, nil); err != nil {
		t.Fatal(err)
	}
	if runs, err := s.desk.Runs(t.Context(), 10); err != nil || len(runs) != 0 {
		t.Errorf("what was known of the old folder stayed: %v, %v", runs, err)
	}
	if items, err := s.desk.Problems(t.Context(), ""); err != nil || len(items) > 0 {
		t.Errorf("problems %v, %v", items, err)
	}
}

// put stores an object as another program would.
func put(t *testing.T, server davtest.Server, ref, body string) {
	t.Helper()
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, base.ResolveReference(&url.URL{Path: ref}).String(), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(server.User, server.Password)
	req.Header.Set("Content-Type", "text/calendar")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		t.Fatalf("PUT %s: %s", ref, answer.Status)
	}
}

func event(uid, title string, lines ...string) string {
	return fmt.Sprintf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20260101T000000Z\r\n"+
		"DTSTART:%s\r\nDURATION:PT1H\r\nSUMMARY:%s\r\n%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		uid, time.Now().UTC().AddDate(0, 0, 1).Format("20060102T150405Z"), title, strings.Join(lines, "\r\n"))
}

func TestThisComputerIsNeverSignedOut(t *testing.T) {
	s := newDeskStage(t)
	a, err := s.desk.AddThisComputer(t.Context())
	if err != nil || a.Title != "This computer" || !a.SignedIn || a.Service != serviceLocal {
		t.Fatalf("%+v, %v", a, err)
	}
	again, err := s.desk.AddThisComputer(t.Context())
	if err != nil || again.Name != a.Name {
		t.Errorf("again: %+v, %v", again, err)
	}
	keyring.MockInit()
	if a := s.only(); !a.SignedIn || a.Problem != "" {
		t.Errorf("with a keychain that lost everything: %+v", a)
	}
	// It is no CRM: without one there is nothing to do but to log in.
	if st, err := s.desk.Status(t.Context()); err != nil || st.State != engine.StateSignedOut {
		t.Errorf("%+v, %v", st, err)
	}
	serveAside(t.Context(), s.desk.home)()
}
