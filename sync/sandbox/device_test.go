package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func (r *rig) device(path string, values ...string) map[string]any {
	r.t.Helper()
	form := url.Values{"client_id": {MainClient}, "client_secret": {MainSecret}}
	for i := 0; i+1 < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	resp, err := http.PostForm(r.url+"/oauth/v3/device/"+path, form)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.read(resp).body
}

func TestDeviceFlow(t *testing.T) {
	for decision, want := range map[string]string{"accept": "", "reject": "access_denied", "eu": "other_dc"} {
		r := newRig(t, Options{})
		d := r.device("code", "grant_type", "device_request", "scope", someScope, "access_type", "offline")
		if d["interval"] != 30000.0 || d["expires_in"] != 300000.0 {
			t.Fatalf("times are in milliseconds: %v %v", d["interval"], d["expires_in"])
		}
		poll := func() map[string]any {
			return r.device("token", "grant_type", "device_token", "code", d["device_code"].(string))
		}
		if got := poll(); got["error"] != "authorization_pending" {
			t.Fatal(got["error"])
		}
		if got := poll(); got["error"] != "slow_down" {
			t.Fatal(got["error"])
		}
		r.Advance(devicePace)
		if !r.DecideDevice(strings.ToLower(d["user_code"].(string)), decision) {
			t.Fatal("the code that the device shows is unknown")
		}
		got := poll()
		if want == "" && got["refresh_token"] == nil || want != "" && got["error"] != want {
			t.Errorf("%s: %v", decision, got["error"])
		}
		if want == "other_dc" && got["user_location"] != "eu" {
			t.Error("no location")
		}
	}
}

func TestDevicePageAndExpiry(t *testing.T) {
	r := newRig(t, Options{})
	d := r.device("code", "grant_type", "device_request", "scope", someScope)
	resp, err := http.Get(d["verification_uri_complete"].(string))
	if err != nil || !strings.Contains(r.read(resp).text, d["user_code"].(string)) {
		t.Fatal("the page does not show the code", err)
	}
	resp, err = http.PostForm(r.url+"/oauth/v3/device/decide", url.Values{"user_code": {d["user_code"].(string)}, "decision": {"accept"}})
	if err != nil || r.read(resp).status != 200 {
		t.Fatal(err)
	}
	r.Advance(deviceLife)
	if got := r.device("token", "grant_type", "device_token", "code", d["device_code"].(string)); got["error"] != "expired" {
		t.Error(got["error"])
	}
}
