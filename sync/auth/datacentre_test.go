package auth

import (
	"errors"
	"strings"
	"testing"
)

func TestDataCentreOf(t *testing.T) {
	for in, want := range map[string]string{
		"eu": "https://accounts.zoho.eu", "CA": "https://accounts.zohocloud.ca",
		"https://accounts.zoho.com": "https://accounts.zoho.com", "HTTPS://Accounts.Zoho.IN/": "https://accounts.zoho.in",
		"http://127.0.0.1:8080": "http://127.0.0.1:8080", "http://localhost:1": "http://localhost:1",
		"https://[::1]:8443/": "https://[::1]:8443", "http://127.9.9.9": "http://127.9.9.9",
	} {
		if d, err := DataCentreOf(in); err != nil || d.Accounts != want {
			t.Errorf("%s: %q, %v, want %q", in, d.Accounts, err, want)
		}
	}
	for _, in := range []string{
		"", "sg", "http://accounts.zoho.com", "https://accounts.zoho.com:8443", "https://accounts.zoho.com.evil.example",
		"https://accounts.zoho.com@evil.example", "https://user@accounts.zoho.com", "https://evil.example/accounts.zoho.com", "https://accounts.zoho.com/x",
		"https://accounts.zoho.com?x", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://127.1",
		"ftp://127.0.0.1", "http://10.0.0.1", "http://[fe80::1]", "http://0.0.0.0", "://",
	} {
		if d, err := DataCentreOf(in); !errors.Is(err, ErrUnknownDataCentre) {
			t.Errorf("%q was accepted as %q, %v", in, d.Accounts, err)
		}
	}
}

func TestAPIDomain(t *testing.T) {
	const eu, loop = "https://accounts.zoho.eu", "http://127.0.0.1:1"
	for _, c := range []struct{ accounts, api, want string }{
		{eu, "https://www.zohoapis.eu", "https://www.zohoapis.eu"},
		{eu, "", "https://www.zohoapis.eu"},
		{eu, "https://sandbox.zohoapis.eu", "https://sandbox.zohoapis.eu"},
		{eu, "https://developer.zohoapis.com.au", "https://developer.zohoapis.com.au"},
		{loop, "http://localhost:2", "http://localhost:2"},
		{eu, "http://www.zohoapis.eu", ""},
		{eu, "https://www.zohoapis.eu.evil.example", ""},
		{eu, "https://wwwXzohoapis.eu", ""},
		{eu, "https://www.zohoapis.eu:444", ""},
		{eu, loop, ""},
		{loop, "https://www.zohoapis.eu", ""},
		{loop, "", ""},
		{"https://evil.example", "https://www.zohoapis.eu", ""},
	} {
		got, err := apiDomain(c.accounts, c.api)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s says %q: %q, %v", c.accounts, c.api, got, err)
		}
	}
}

func TestDataCentreTable(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range DataCentres() {
		for _, u := range []string{d.Accounts, d.API, d.Projects} {
			if _, ok := origin(u); !ok || !strings.HasPrefix(u, "https://") || strings.HasSuffix(u, "/") || seen[u] {
				t.Errorf("%s: %q", d.Location, u)
			}
			seen[u] = true
		}
	}
	if next, err := nextAccounts("https://accounts.zoho.com", "https://accounts.zoho.in"); err != nil || next != "https://accounts.zoho.in" {
		t.Errorf("from .com to .in: %q, %v", next, err)
	}
	if _, err := nextAccounts("https://accounts.zoho.com", "http://127.0.0.1:1"); !errors.Is(err, ErrUnknownDataCentre) {
		t.Errorf("from Zoho to this computer: %v", err)
	}
}
