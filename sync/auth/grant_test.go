package auth

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"
)

// tokenServer gives a new refresh token for each sign-in, and knows which of them live.
func tokenServer(t *testing.T) (*accounts, *[]string) {
	a := newAccounts(t)
	var living []string
	n := 0
	a.answer = func(path string, form url.Values) (int, string) {
		if path == "/oauth/v2/token/revoke" {
			i := slices.Index(living, form.Get("token"))
			if i < 0 {
				return 400, `{"error":"invalid_token"}`
			}
			living = slices.Delete(living, i, i+1)
			return 200, `{"status":"success"}`
		}
		n++
		living = append(living, fmt.Sprintf("canary-refresh-%d", n))
		return 200, fmt.Sprintf(`{"access_token":"a","refresh_token":"canary-refresh-%d","api_domain":"%s","expires_in":3600}`, n, a.URL)
	}
	return a, &living
}

// Zoho keeps few tokens per person, so signing in and out leaves none behind.
func TestNoTokensAreLeftBehind(t *testing.T) {
	a, living := tokenServer(t)
	v, _ := OpenVault(VaultMemory, "", nil)
	s := SignIn{Credentials: a.credentials()}
	for range 20 {
		g, err := s.SelfClient(t.Context(), "c")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Keep(t.Context(), v, "crm", g); err != nil {
			t.Fatal(err)
		}
		if got, _ := v.Get(t.Context(), "crm/refresh-token"); !slices.Equal(*living, []string{got}) {
			t.Fatalf("%d tokens live", len(*living))
		}
	}
	if err := v.Set(t.Context(), SecretPassword("crm"), "p"); err != nil {
		t.Fatal(err)
	}
	if err := SignOut(t.Context(), v, "crm", s.Credentials, nil); err != nil {
		t.Fatal(err)
	}
	if len(*living) != 0 {
		t.Errorf("%d tokens live after signing out", len(*living))
	}
	if left := v.(*memoryVault).secrets; len(left) != 0 {
		t.Errorf("%d secrets are left", len(left))
	}
	if err := SignOut(t.Context(), v, "crm", s.Credentials, nil); err != nil {
		t.Errorf("signing out twice: %v", err)
	}
}

func TestKeepFails(t *testing.T) {
	a, living := tokenServer(t)
	memory, _ := OpenVault(VaultMemory, "", nil)
	s := SignIn{Credentials: a.credentials()}
	for _, v := range []Vault{
		&order{Vault: memory, fail: "refresh-token"}, &order{Vault: memory, fail: "client-secret"},
		unreadable{memory, "crm/refresh-token"},
	} {
		g, err := s.SelfClient(t.Context(), "c")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Keep(t.Context(), v, "crm", g); !errors.Is(err, ErrNoKeychain) {
			t.Errorf("Keep: %v, want ErrNoKeychain", err)
		}
		if len(*living) != 0 {
			t.Errorf("a token that nobody holds lives on")
		}
	}
}

// A token that a person brought along may serve another program: only signing out ends it.
func TestGivenTokenIsNotDropped(t *testing.T) {
	a, living := tokenServer(t)
	v, _ := OpenVault(VaultMemory, "", nil)
	s := SignIn{Credentials: a.credentials()}
	made, err := s.SelfClient(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	answer := a.answer
	a.answer = func(path string, form url.Values) (int, string) {
		if form.Get("grant_type") == "refresh_token" {
			return 200, `{"access_token":"a","api_domain":"` + a.URL + `","expires_in":3600}`
		}
		return answer(path, form)
	}
	g, err := s.FromRefreshToken(t.Context(), made.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Keep(t.Context(), &order{Vault: v, fail: "refresh-token"}, "crm", g); err == nil {
		t.Error("Keep reported no failure")
	}
	if err := s.Drop(t.Context(), g); err != nil || len(*living) != 1 {
		t.Errorf("Drop: %v, %d tokens live", err, len(*living))
	}
	if err := s.Drop(t.Context(), made); err != nil || len(*living) != 0 {
		t.Errorf("Drop of our own: %v, %d tokens live", err, len(*living))
	}
}

// Signing out offline forgets everything here, and says that Zoho does not know.
func TestSignOutOffline(t *testing.T) {
	a, _ := tokenServer(t)
	v, _ := OpenVault(VaultMemory, "", nil)
	s := SignIn{Credentials: a.credentials()}
	g, err := s.SelfClient(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Keep(t.Context(), v, "crm", g); err != nil {
		t.Fatal(err)
	}
	a.Close()
	wantRetry(t, SignOut(t.Context(), v, "crm", s.Credentials, nil), 0, false)
	if left := v.(*memoryVault).secrets; len(left) != 0 {
		t.Errorf("%d secrets are left", len(left))
	}
	if err := SignOut(t.Context(), unreadable{v, "crm/refresh-token"}, "crm", s.Credentials, nil); !errors.Is(err, ErrNoKeychain) {
		t.Errorf("locked keychain: %v", err)
	}
}

func TestRevokeAnswers(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		code   string // "" is success
	}{
		{200, `{"status":"success"}`, ""},
		{200, ``, ""},
		{400, `{"error":"invalid_code"}`, ""},
		{200, `{"error":"invalid_client"}`, CodeClient},
		{404, `canary`, CodeAnswer},
	} {
		a := newAccounts(t)
		a.answer = func(string, url.Values) (int, string) { return c.status, c.body }
		err := revoke(t.Context(), accountsClient(), a.URL, "canary-refresh")
		if c.code == "" {
			if err != nil {
				t.Errorf("%d %s: %v", c.status, c.body, err)
			}
			continue
		}
		wantCode(t, err, c.code)
	}
	if err := revoke(t.Context(), accountsClient(), "https://evil.example", "t"); !errors.Is(err, ErrUnknownDataCentre) {
		t.Errorf("unknown data centre: %v", err)
	}
}
