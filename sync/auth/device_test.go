package auth

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"
)

// deviceSignIn runs the device flow against scripted polls and returns the pauses between them.
func deviceSignIn(t *testing.T, a *accounts, polls ...string) (Grant, DeviceCode, []time.Duration, error) {
	t.Helper()
	n := 0
	a.answer = func(path string, form url.Values) (int, string) {
		if path == "/oauth/v3/device/code" {
			return 200, `{"user_code":"ABC","device_code":"canary-device","verification_url":"https://accounts.zoho.com/device",` +
				`"verification_uri_complete":"javascript:alert(1)","interval":30000,"expires_in":300000}`
		}
		n++
		if polls[n-1] == "503" {
			return 503, ""
		}
		return 200, polls[n-1]
	}
	now := newClock()
	var pauses []time.Duration
	s := SignIn{Credentials: a.credentials(), Now: now.Now, Sleep: func(_ context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		now.Add(d)
		return nil
	}}
	var shown DeviceCode
	g, err := s.Device(t.Context(), func(c DeviceCode) { shown = c })
	return g, shown, pauses, err
}

func TestDevice(t *testing.T) {
	a := newAccounts(t)
	pending := `{"error":"authorization_pending"}`
	g, shown, pauses, err := deviceSignIn(t, a, pending, "503", `{"error":"slow_down"}`, a.tokens(""))
	if err != nil {
		t.Fatal(err)
	}
	if g.RefreshToken != "canary-refresh" || g.APIDomain != a.URL {
		t.Errorf("grant at %s", g.APIDomain)
	}
	if shown.UserCode != "ABC" || shown.URL != "https://accounts.zoho.com/device" || shown.CompleteURL != "" {
		t.Errorf("shown: %+v", shown)
	}
	want := []time.Duration{30 * time.Second, 30 * time.Second, 30 * time.Second, 35 * time.Second}
	if len(pauses) != len(want) || pauses[2] != want[2] || pauses[3] != want[3] {
		t.Errorf("pauses %v, want %v", pauses, want)
	}
	form := a.forms("/oauth/v3/device/code")[0]
	if form.Get("grant_type") != "device_request" || form.Get("scope") != strings.Join(Scopes(), ",") || form.Has("client_secret") {
		t.Errorf("initiation: %v", form)
	}
	form = a.forms("/oauth/v3/device/token")[0]
	if form.Get("grant_type") != "device_token" || form.Get("code") != "canary-device" || form.Get("client_secret") != "canary-client" {
		t.Errorf("poll: %v", form)
	}
}

func TestDeviceEnds(t *testing.T) {
	for answer, code := range map[string]string{
		`{"error":"access_denied"}`: CodeDenied, `{"error":"expired"}`: CodeExpired,
		`{"error":"invalid_client"}`: CodeClient, `{}`: CodeAnswer, `not JSON`: CodeAnswer,
	} {
		_, _, _, err := deviceSignIn(t, newAccounts(t), answer)
		wantCode(t, err, code)
	}
	pending := make([]string, 20)
	for i := range pending {
		pending[i] = `{"error":"authorization_pending"}`
	}
	_, _, pauses, err := deviceSignIn(t, newAccounts(t), pending...)
	wantCode(t, err, CodeExpired)
	if len(pauses) != 10 { // 300 s by 30 s
		t.Errorf("%d polls", len(pauses))
	}
}

// A person of another data centre is polled for there, if it is one of the table.
func TestDeviceOtherDataCentre(t *testing.T) {
	a := newAccounts(t)
	_, _, _, err := deviceSignIn(t, a, `{"error":"other_dc","user_location":"in"}`)
	if err == nil || len(a.forms("/oauth/v3/device/token")) != 1 {
		t.Errorf("an account of this computer went to Zoho: %v", err)
	}
}

func TestMillisOr(t *testing.T) {
	for _, c := range []struct {
		n    int64
		want time.Duration
	}{{0, time.Hour}, {-1, time.Hour}, {5, 5 * time.Second}, {999, 999 * time.Second}, {30000, 30 * time.Second}} {
		if got := millisOr(c.n, 1000, time.Hour); got != c.want {
			t.Errorf("%d: %v, want %v", c.n, got, c.want)
		}
	}
}
