package local

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// TestOnlyThePersonComesIn: everything but the redirects wants user and password, and says so.
func TestOnlyThePersonComesIn(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	c.put(t, "/calendars/work/a.ics", event("a"))
	for _, path := range []string{"/", "/principal/", "/calendars/", "/calendars/work/", "/calendars/work/a.ics", "/nothing"} {
		for _, method := range []string{"GET", "PROPFIND", "REPORT", "OPTIONS", "PUT", "DELETE", "MKCOL", "PROPPATCH", "POST"} {
			for _, who := range [][2]string{{"", ""}, {user, ""}, {user, "wrong"}, {"bob", password}, {"", password}, {password, user}, {user + "\x00" + password, ""}, {user, password + "x"}, {user + password[:1], password[1:]}} {
				r, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(c.base, "/")+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				if who[0]+who[1] != "" {
					r.SetBasicAuth(who[0], who[1])
				}
				a, err := http.DefaultTransport.RoundTrip(r)
				if err != nil {
					t.Fatal(err)
				}
				a.Body.Close()
				if a.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(a.Header.Get("WWW-Authenticate"), "Basic ") {
					t.Fatalf("%s %s as %q: %s", method, path, who, a.Status)
				}
			}
		}
	}
	c.wants(t, http.StatusUnauthorized, "GET", "/", "", "Authorization", "Bearer "+password)
	c.get(t, "/calendars/work/a.ics")
}

// TestWebPagesStayOutside: neither a name that was made to lead here nor a page of another origin is served.
func TestWebPagesStayOutside(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	for _, host := range []string{"evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.0.5", "[2001:db8::1]:80", "0.0.0.0", ""} {
		r := httptest.NewRequest("OPTIONS", "/", nil)
		r.Host, r.RemoteAddr = host, "127.0.0.1:5000"
		r.SetBasicAuth(user, password)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		same(t, "host "+host, w.Code, http.StatusForbidden)
	}
	for _, host := range []string{"127.0.0.1:1", "localhost", "localhost:8080", "[::1]:80", "[::1]", "127.0.0.2"} {
		r := httptest.NewRequest("OPTIONS", "/", nil)
		r.Host, r.RemoteAddr = host, "[::1]:5000"
		r.SetBasicAuth(user, password)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		same(t, "host "+host, w.Code, http.StatusNoContent)
	}
	elsewhere := httptest.NewRequest("OPTIONS", "/", nil)
	elsewhere.Host, elsewhere.RemoteAddr = "127.0.0.1", "192.168.0.5:5000"
	elsewhere.SetBasicAuth(user, password)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, elsewhere)
	same(t, "from another computer", w.Code, http.StatusForbidden)
	for _, origin := range []string{"https://evil.example", "null", strings.TrimSuffix(c.base, "/")} {
		a := c.wants(t, http.StatusForbidden, "PROPFIND", "/", "", "Origin", origin, "Depth", "0")
		if a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Error("a page of another origin may read the answer")
		}
	}
}

func TestWellKnownLeadsToTheRoot(t *testing.T) {
	_, c := serve(t)
	for _, name := range []string{"caldav", "carddav"} {
		r, err := http.NewRequestWithContext(t.Context(), "PROPFIND", c.base+".well-known/"+name, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != http.StatusTemporaryRedirect || a.Header.Get("Location") != "/" {
			t.Errorf("%s: %s, %s", name, a.Status, a.Header.Get("Location"))
		}
	}
}

func TestStartListensOnThisComputerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "local.db")
	s, err := Open(path, Options{User: user, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.com:80", "nonsense"} {
		if url, err := s.Start(addr); err == nil {
			t.Errorf("%s: serves at %s", addr, url)
		}
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	url, err := s.Start(taken.Addr().String())
	if err != nil || strings.Contains(url, taken.Addr().String()) {
		t.Fatalf("%s, %v", url, err)
	}
	if a := (client{url}).get(t, "/"); !strings.Contains(a, "CalDAV") {
		t.Error(a)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := (client{url}).try(t, "GET", "/", ""); err == nil {
		t.Error("it still answers after Close")
	}
	// The port is free again for the next start.
	s, err = Open(path, Options{User: user, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if again, err := s.Start(strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/")); err != nil || again != url {
		t.Errorf("%s, %v, want %s", again, err, url)
	}
}

func TestOpenWantsAPassword(t *testing.T) {
	for _, o := range []Options{{}, {User: user}, {Password: password}} {
		if s, err := Open(filepath.Join(t.TempDir(), "local.db"), o); err == nil {
			s.Close()
			t.Errorf("opened for %q", o.User)
		}
	}
}

// TestLogTellsNothing: a failing storage is told without paths, names and the password.
func TestLogTellsNothing(t *testing.T) {
	var out bytes.Buffer
	s, c := serveFile(t, filepath.Join(t.TempDir(), "canary.db"), Options{Log: slog.New(slog.NewTextHandler(&out, nil))})
	withFolders(t, s)
	c.put(t, "/contacts/people/canary-name.vcf", vcard("canary-uid", "Canary"))
	if _, err := s.store.db.Exec("DROP TABLE deletions"); err != nil {
		t.Fatal(err)
	}
	a := c.wants(t, http.StatusInternalServerError, http.MethodDelete, "/contacts/people/canary-name.vcf", "")
	c.get(t, "/contacts/people/canary-name.vcf") // nothing half done
	said := strings.ToLower(out.String() + a.body)
	if !strings.Contains(said, "request failed") || strings.Contains(said, "canary") || strings.Contains(said, password) || strings.Contains(said, "people") {
		t.Error(said)
	}
}
