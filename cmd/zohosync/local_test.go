package main

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zohosync/sync/auth"
	"zohosync/sync/local"
	"zohosync/sync/provider/dav"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
	"zohosync/sync/state"
)

// addLocal adds this computer's server and returns it as another program sees it.
func (s *stage) addLocal() davtest.Server {
	s.t.Helper()
	s.do("", "account", "add", "local", "--name", "home")
	password := strings.TrimSpace(s.do("", "account", "password", "home"))
	return davtest.Server{Name: serviceLocal, URL: localURL, User: localUser, Password: password}
}

// atHome serves another program's requests while no process owns the home: the server runs as long as the answer takes.
type atHome struct {
	home   string
	server davtest.Server
}

// RoundTrip implements http.RoundTripper.
func (a *atHome) RoundTrip(r *http.Request) (*http.Response, error) {
	s, err := local.Open(filepath.Join(a.home, localFile), local.Options{User: a.server.User, Password: a.server.Password})
	if err != nil {
		return nil, err
	}
	in := httptest.NewRequest(r.Method, r.URL.String(), r.Body)
	in.Header, in.RemoteAddr = r.Header, "127.0.0.1:1"
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, in)
	return w.Result(), s.Close()
}

func TestThisComputerIsAnAccount(t *testing.T) {
	s := newStage(t)
	out := s.do("", "account", "add", "local", "--name", "home")
	if !strings.Contains(out, "3 folders") || !strings.Contains(out, "zohosync account password home") || !strings.Contains(out, "http://127.0.0.1:") {
		t.Error(out)
	}
	folders := decode[[]listed](t, s.do("", "collections", "home", "--json"))
	if len(folders) != 3 {
		t.Errorf("folders %v", folders)
	}
	password := strings.TrimSpace(s.do("", "account", "password", "home"))
	if len(password) < 26 {
		t.Errorf("a password of %d letters", len(password))
	}
	// Added again it is the same one, with the folders it has.
	s.do("", "collections", "home", "--create", "Mine", "--kind", "task")
	if out := s.do("", "account", "add", "local", "--name", "home"); !strings.Contains(out, "4 folders") {
		t.Error(out)
	}
	if again := strings.TrimSpace(s.do("", "account", "password", "home")); again != password {
		t.Error("the password changed although it was not lost")
	}
	s.fails(failed, "name-taken", "", "account", "add", "local", "--name", "second")
	// Removed and added under another name, everything is still there.
	s.do("", "account", "remove", "home")
	if out := s.do("", "account", "add", "local", "--name", "second"); !strings.Contains(out, "4 folders") {
		t.Error(out)
	}
	if fresh := strings.TrimSpace(s.do("", "account", "password", "second")); fresh == password {
		t.Error("the password of a removed account still opens the server")
	}
	files, err := filepath.Glob(filepath.Join(s.home, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), password) {
			t.Errorf("%s holds the password, %v", filepath.Base(file), err)
		}
	}
}

func TestOnlyTheOwnPasswordIsTold(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{})
	s.addCRM(info)
	s.fails(failed, "bad-input", "", "account", "password", "crm")
	s.fails(failed, "no-such", "", "account", "password", "home")
}

func TestDamagedCalendarsAreExplained(t *testing.T) {
	s := newStage(t)
	s.do("", "account", "list")
	file := filepath.Join(s.home, localFile)
	text := strings.Repeat("this is no database. ", 300)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s.fails(failed, "damaged-calendars", "", "account", "add", "local", "--name", "home")
	if kept, err := os.ReadFile(file); err != nil || string(kept) != text {
		t.Errorf("the damaged file was touched: %v", err)
	}
}

// TestThePortIsKept: the server comes back where other programs know it, and says when it cannot.
func TestThePortIsKept(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	vault, err := auth.OpenVault(auth.VaultMemory, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var moved []string
	open := func(at string) string {
		o := &ownServer{dir: t.TempDir(), vault: vault, moved: func(url string) { moved = append(moved, url) }}
		a, err := o.resolve(t.Context(), state.Account{Name: "home", Service: serviceLocal, Settings: map[string]string{dav.SettingURL: at, settingUser: localUser}})
		if err != nil {
			t.Fatal(err)
		}
		if a.Service != "caldav" {
			t.Errorf("service %s", a.Service)
		}
		if err := errors.Join(o.Close(), o.Close()); err != nil {
			t.Fatal(err)
		}
		return a.Settings[dav.SettingURL]
	}
	at := "http://" + taken.Addr().String() + "/"
	other := open(at)
	if len(moved) != 1 || moved[0] != other || other == at {
		t.Errorf("at %s, told %v", other, moved)
	}
	if again := open(other); again != other || len(moved) != 1 {
		t.Errorf("at %s instead of %s, told %v", again, other, moved)
	}
}

// TestANewPasswordClosesTheOldDoor: who was removed or signed out while the server ran no longer opens it.
func TestANewPasswordClosesTheOldDoor(t *testing.T) {
	vault, err := auth.OpenVault(auth.VaultMemory, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &ownServer{dir: t.TempDir(), vault: vault, moved: func(string) {}}
	defer o.Close()
	settings := map[string]string{dav.SettingURL: "http://127.0.0.1:0/", settingUser: localUser}
	seen := map[string]bool{}
	for _, name := range []string{"first", "second", "second"} {
		if err := vault.Delete(t.Context(), auth.SecretPassword(name)); err != nil {
			t.Fatal(err)
		}
		a, err := o.resolve(t.Context(), state.Account{Name: name, Service: serviceLocal, Settings: settings})
		if err != nil {
			t.Fatal(err)
		}
		password, err := o.password(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if seen[password] {
			t.Error("the same password again")
		}
		seen[password] = true
		r, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, a.Settings[dav.SettingURL], nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(localUser, password)
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusNoContent {
			t.Errorf("%s: %s", name, answer.Status)
		}
	}
}

// TestTheHomeServesOtherPrograms: what the tray icon's process does at its start.
func TestTheHomeServesOtherPrograms(t *testing.T) {
	s := newStage(t)
	server := s.addLocal()
	term, _, errOut := testTerminal("")
	h, err := openHome(&commands{Home: s.home, Vault: s.vault}, term)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.serveLocal(t.Context()); err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(h.own.url)
	if err != nil {
		t.Fatal(err)
	}
	book := davPerson{t: t, folder: base.JoinPath("contacts/contacts/"), user: server.User, password: server.Password, mime: "text/vcard"}
	book.put("ada.vcf", lines("BEGIN:VCARD", "VERSION:3.0", "UID:ada", "FN:Ada", "N:;Ada;;;", "END:VCARD"))
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	book.client = &http.Client{Transport: &atHome{home: s.home, server: server}}
	if got := book.get("ada.vcf"); !strings.Contains(got, "UID:ada") {
		t.Errorf("%s\n%s", got, errOut)
	}
}
