package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
)

// C-50: secrets of every kind, in every way that a careless line could print them.
func TestPrintingHidesSecrets(t *testing.T) {
	c := Credentials{ClientID: "1000.CLIENTID123", ClientSecret: "canary-client", AccountsURL: "https://accounts.zoho.eu"}
	g := Grant{Credentials: c, RefreshToken: "canary-refresh", access: accessToken{Token: "canary-access"}}
	var out bytes.Buffer
	for _, log := range []*slog.Logger{slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))} {
		log.Info("x", "credentials", c, "grant", g, "pointer", &g)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		fmt.Fprintf(&out, verb+verb+verb+verb+"\n", c, &c, g, &g)
		fmt.Fprintf(&out, verb+"\n", struct{ G Grant }{g})
	}
	s := NewSource(nil, "crm", c, SourceOptions{})
	s.access = g.access
	fmt.Fprintf(&out, "%+v %+v %+v %#v", SignIn{Credentials: c}, c.Settings(), s, s)
	for _, v := range []any{c, g} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(b)
	}
	if i := strings.Index(out.String(), "canary"); i >= 0 {
		t.Errorf("a secret was printed: …%s", out.String()[max(0, i-80):i+20])
	}
	if !strings.Contains(out.String(), "accounts.zoho.eu") {
		t.Error("nothing useful was printed")
	}
}

// C-50: no error of a whole life of an account quotes what it sent or what it was answered.
func TestErrorsHideSecrets(t *testing.T) {
	var all []error
	note := func(_ any, err error) {
		if err != nil {
			all = append(all, err)
		}
	}
	for _, body := range []string{
		`{"error":"canary-refresh"}`, `{"error":"invalid_code","error_description":"canary-refresh is not known"}`,
		`canary`, `{"canary`, `{"access_token":"canary","api_domain":"https://canary:canary@evil.example"}`,
	} {
		for _, status := range []int{200, 302, 400, 401, 429, 500} {
			a := newAccounts(t)
			a.answer = func(string, url.Values) (int, string) { return status, body }
			s := SignIn{Credentials: a.credentials(), Ports: []int{0}, Show: newBrowser().show}
			v, _ := OpenVault(VaultMemory, "", nil)
			for _, name := range []string{secretRefresh("crm"), secretAccess("crm")} {
				if err := v.Set(t.Context(), name, "canary-refresh"); err != nil {
					t.Fatal(err)
				}
			}
			note(s.Browser(t.Context()))
			note(s.SelfClient(t.Context(), "canary-code"))
			note(s.FromRefreshToken(t.Context(), "canary-refresh"))
			note(s.Device(t.Context(), func(DeviceCode) {}))
			note(NewSource(v, "crm", s.Credentials, SourceOptions{}).Token(t.Context()))
			note(nil, SignOut(t.Context(), v, "crm", s.Credentials, nil))
			a.Close()
			note(s.SelfClient(t.Context(), "canary-code"))
			note(nil, revoke(t.Context(), accountsClient(), a.URL, "canary-refresh"))
			note(nil, revoke(t.Context(), accountsClient(), "http://127.0.0.1:1", "canary-refresh"))
		}
	}
	if len(all) < 200 {
		t.Errorf("only %d errors were looked at", len(all))
	}
	for _, err := range all {
		for e := err; e != nil; e = errors.Unwrap(e) {
			if strings.Contains(fmt.Sprintf("%v %+v", e, e), "canary") {
				t.Errorf("%v", e)
			}
		}
	}
}
