package davtest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider/dav/davtest"
)

func propfind(t *testing.T, s davtest.Server, password string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "PROPFIND", s.URL, strings.NewReader(
		`<?xml version="1.0"?><propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>`))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(s.User, password)
	req.Header.Set("Depth", "0")
	req.Header.Set("Content-Type", "application/xml; charset=utf-8")
	resp, err := (&http.Client{Timeout: 20 * time.Second}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func TestEveryServerLetsItsPersonIn(t *testing.T) {
	for _, name := range davtest.All() {
		t.Run(name, func(t *testing.T) {
			s := davtest.Start(t, name)
			if got := propfind(t, s, s.Password); got != http.StatusMultiStatus {
				t.Errorf("PROPFIND with the password: %d", got)
			}
			want := http.StatusUnauthorized
			if name == "xandikos" {
				want = http.StatusMultiStatus // It knows no passwords.
			}
			if got := propfind(t, s, "wrong"); got != want {
				t.Errorf("PROPFIND with a wrong password: %d, want %d", got, want)
			}
		})
	}
}

func TestRunKeepsTheStateAndEnds(t *testing.T) {
	for _, name := range davtest.All() {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for range 2 {
				s, stop, err := davtest.Run(t.Context(), name, dir)
				if err != nil {
					t.Fatal(err)
				}
				if err := stop(); err != nil {
					t.Fatal(err)
				}
				if resp, err := http.Get(s.URL); err == nil {
					resp.Body.Close()
					t.Fatal("the server still answers after it was stopped")
				}
			}
		})
	}
}

func TestUnknownServer(t *testing.T) {
	_, _, err := davtest.Run(context.Background(), "exchange", t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "radicale") {
		t.Errorf("an unknown name: %v, want an error that lists the names", err)
	}
}

func TestMissingProgramNamesThePackage(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for name, debian := range map[string]string{"radicale": "radicale", "xandikos": "xandikos", "sabredav": "php-cli", "cyrus": "util-linux"} {
		_, _, err := davtest.Run(t.Context(), name, t.TempDir())
		if err == nil || !strings.Contains(err.Error(), "install the Debian package "+debian) {
			t.Errorf("%s without its program: %v", name, err)
		}
	}
}

// A server that ends must not take another one of its kind along.
func TestServersOfOneKindAreIndependent(t *testing.T) {
	for _, name := range davtest.All() {
		t.Run(name, func(t *testing.T) {
			stays := davtest.Start(t, name)
			_, stop, err := davtest.Run(t.Context(), name, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			if got := propfind(t, stays, stays.Password); got != http.StatusMultiStatus {
				t.Errorf("PROPFIND after another one ended: %d", got)
			}
		})
	}
}
