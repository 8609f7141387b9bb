package sandbox

import (
	"context"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

const someScope = "ZohoCRM.modules.contacts.ALL,ZohoCRM.users.READ"

// config is how a client that we did not write sees the sandbox.
func (r *rig) config(id, secret string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: id, ClientSecret: secret, RedirectURL: DefaultRedirects()[0], Scopes: []string{someScope},
		Endpoint: oauth2.Endpoint{AuthURL: r.url + "/oauth/v2/auth", TokenURL: r.url + "/oauth/v2/token", AuthStyle: oauth2.AuthStyleInParams},
	}
}

var formField = regexp.MustCompile(`name="(\w+)" value="([^"]*)"`)

// browse opens the page, presses a button of its form, and returns the address the browser is sent to.
func (r *rig) browse(address, decision string) (page string, to *url.URL) {
	r.t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		r.t.Fatal(err)
	}
	page = r.read(resp).text
	field := formField.FindStringSubmatch(page)
	if field == nil {
		return page, nil
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err = client.PostForm(r.url+"/oauth/v2/auth/decide", url.Values{field[1]: {field[2]}, "decision": {decision}})
	if err != nil {
		r.t.Fatal(err)
	}
	resp.Body.Close()
	to, err = resp.Location()
	if err != nil {
		r.t.Fatal(err)
	}
	return page, to
}

func TestSignInOfAPublicClient(t *testing.T) {
	r := newRig(t, Options{})
	config := r.config(DesktopClient, "")
	verifier := oauth2.GenerateVerifier()
	page, to := r.browse(config.AuthCodeURL("st&te", oauth2.AccessTypeOffline, oauth2.S256ChallengeOption(verifier),
		oauth2.SetAuthURLParam("login_hint", "bruno@sandbox.test")), "accept")
	for _, want := range []string{"bruno@sandbox.test", "ZohoCRM.modules.contacts.ALL", "Accept", "Reject", "<form"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %s", want)
		}
	}
	q := to.Query()
	if q.Get("state") != "st&te" || q.Get("location") != "us" || q.Get("accounts-server") != r.url || !strings.HasPrefix(to.String(), config.RedirectURL+"?") {
		t.Fatal(to)
	}
	token, err := config.Exchange(context.Background(), q.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if token.RefreshToken == "" || token.Extra("api_domain") != r.url || token.ExpiresIn != 3600 || token.TokenType != "Bearer" {
		t.Fatalf("%+v", token)
	}
	r.token = token.AccessToken
	me := r.want(r.do("GET", "/crm/v8/users?type=CurrentUser", ""), 200, "").list("users")[0]
	if me["email"] != "bruno@sandbox.test" {
		t.Errorf("signed in as somebody else")
	}
	if _, err := config.Exchange(context.Background(), q.Get("code"), oauth2.VerifierOption(verifier)); err == nil {
		t.Error("a code works twice")
	}
	// A second sign-in without prompt=consent gets no refresh token.
	_, to = r.browse(config.AuthCodeURL("x", oauth2.AccessTypeOffline, oauth2.S256ChallengeOption(verifier),
		oauth2.SetAuthURLParam("login_hint", "bruno@sandbox.test")), "accept")
	token, err = config.Exchange(context.Background(), to.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil || token.RefreshToken != "" {
		t.Errorf("second sign-in: %v, refresh token %t", err, token.RefreshToken != "")
	}
}

func TestSignInIsRefused(t *testing.T) {
	r := newRig(t, Options{})
	public := r.config(DesktopClient, "")
	challenge := oauth2.S256ChallengeOption(oauth2.GenerateVerifier())
	elsewhere, spaced := *public, *public
	elsewhere.RedirectURL = "http://localhost:1/callback"
	spaced.Scopes = []string{"ZohoCRM.users.READ", "ZohoCRM.org.READ"} // joined with a space
	unknown := r.config("1000.NOBODY", "")
	for name, address := range map[string]string{
		"no PKCE": public.AuthCodeURL("s"), "other redirect": elsewhere.AuthCodeURL("s", challenge),
		"scopes with spaces": spaced.AuthCodeURL("s", challenge), "unknown client": unknown.AuthCodeURL("s", challenge),
		"odd challenge": public.AuthCodeURL("s", challenge, oauth2.SetAuthURLParam("code_challenge_method", "S1")),
	} {
		if page, to := r.browse(address, "accept"); to != nil || !strings.Contains(page, "Invalid") {
			t.Errorf("%s was let through", name)
		}
	}
	if _, to := r.browse(public.AuthCodeURL("s", challenge), "reject"); to.Query().Get("error") != "access_denied" || to.Query().Get("state") != "s" {
		t.Error(to)
	}
}

// exchange posts to the token endpoint and returns the decoded answer.
func (r *rig) exchange(values ...string) map[string]any {
	r.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	resp, err := http.PostForm(r.url+"/oauth/v2/token", form)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.read(resp).body
}

func TestTokenErrorsComeWith200(t *testing.T) {
	r := newRig(t, Options{})
	config := r.config(MainClient, MainSecret)
	code := func(options ...oauth2.AuthCodeOption) string {
		_, to := r.browse(config.AuthCodeURL("s", options...), "accept")
		return to.Query().Get("code")
	}
	verifier := oauth2.GenerateVerifier()
	base := []string{"grant_type", "authorization_code", "client_id", MainClient, "client_secret", MainSecret, "redirect_uri", config.RedirectURL}
	with := func(more ...string) []string { return append(append([]string{}, base...), more...) }
	late := code()
	r.Advance(codeLife)
	for _, c := range []struct {
		name, want string
		values     []string
	}{
		{"expired", "invalid_code", with("code", late)},
		{"unknown code", "invalid_code", with("code", "x")},
		{"secret", "invalid_client_secret", with("code", code(), "client_secret", "x")},
		{"client", "invalid_client", with("code", code(), "client_id", "x")},
		{"redirect", "invalid_redirect_uri", with("code", code(), "redirect_uri", "http://localhost/")},
		{"verifier", "invalid_code_verifier", with("code", code(oauth2.S256ChallengeOption(verifier)), "code_verifier", "wrong")},
		{"grant", "unsupported_grant_type", with("grant_type", "password")},
		{"refresh", "invalid_code", with("grant_type", "refresh_token", "refresh_token", "x")},
	} {
		if got := r.exchange(c.values...); got["error"] != c.want {
			t.Errorf("%s: %v", c.name, got["error"])
		}
	}
	plain := with("code", code(oauth2.SetAuthURLParam("code_challenge", "some-verifier")), "code_verifier", "some-verifier")
	if got := r.exchange(plain...); got["access_token"] == nil {
		t.Errorf("plain challenge: %v", got["error"])
	}
}

func TestTokenEndpointTakesEveryForm(t *testing.T) {
	r := newRig(t, Options{})
	info := r.Info(r.url)
	values := url.Values{"grant_type": {"refresh_token"}, "client_id": {info.ClientID}, "client_secret": {info.ClientSecret}, "refresh_token": {info.RefreshToken}}
	var body strings.Builder
	parts := multipart.NewWriter(&body)
	for name := range values {
		parts.WriteField(name, values.Get(name))
	}
	parts.Close()
	for kind, send := range map[string]func() (*http.Response, error){
		"urlencoded": func() (*http.Response, error) { return http.PostForm(info.AccountsURL+"/oauth/v2/token", values) },
		"query": func() (*http.Response, error) {
			return http.Post(info.AccountsURL+"/oauth/v2/token?"+values.Encode(), "", nil)
		},
		"multipart": func() (*http.Response, error) {
			return http.Post(info.AccountsURL+"/oauth/v2/token", parts.FormDataContentType(), strings.NewReader(body.String()))
		},
	} {
		resp, err := send()
		if err != nil {
			t.Fatal(err)
		}
		if got := r.read(resp); got.body["access_token"] == nil || got.body["refresh_token"] != nil {
			t.Errorf("%s: %v", kind, got.body["error"])
		}
	}
}

func (r *rig) refresh(info Info) map[string]any {
	r.t.Helper()
	return r.exchange("grant_type", "refresh_token", "client_id", info.ClientID, "client_secret", info.ClientSecret, "refresh_token", info.RefreshToken)
}

func TestTokenLimits(t *testing.T) {
	r := newRig(t, Options{})
	info := r.Info(r.url)
	var tokens []string
	for range maxGrants {
		tokens = append(tokens, r.refresh(info)["access_token"].(string))
	}
	if got := r.refresh(info); got["error"] != "Access Denied" || got["status"] != "failure" {
		t.Fatalf("eleventh token in ten minutes: %v", got["error"])
	}
	r.Advance(window)
	for range maxActive + 1 - maxGrants {
		tokens = append(tokens, r.refresh(info)["access_token"].(string))
	}
	r.token = tokens[0]
	r.want(r.do("GET", "/crm/v8/org", ""), 401, "INVALID_OAUTHTOKEN")
	r.token = tokens[1]
	r.want(r.do("GET", "/crm/v8/org", ""), 200, "")
	r.Advance(accessLife)
	r.want(r.do("GET", "/crm/v8/org", ""), 401, "INVALID_TOKEN")

	// The 21st refresh token of a user and client silently ends the oldest.
	for range maxRefresh - 1 {
		r.Advance(time.Second)
		r.Info(r.url)
	}
	if got := r.refresh(info); got["access_token"] == nil {
		t.Fatalf("twenty refresh tokens: %v", got["error"])
	}
	r.Info(r.url)
	if got := r.refresh(info); got["error"] != "invalid_code" {
		t.Errorf("the oldest of 21 refresh tokens still works")
	}
}

func TestGrantsPerClient(t *testing.T) {
	r := newRig(t, Options{})
	config := r.config(MainClient, MainSecret)
	for i := range maxGrants + 1 {
		_, to := r.browse(config.AuthCodeURL("s"), "accept")
		if denied := to.Query().Get("error") == "access_denied"; denied != (i == maxGrants) {
			t.Errorf("grant %d: denied %t", i+1, denied)
		}
	}
}

func TestRevokeEndsEverything(t *testing.T) {
	r := newRig(t, Options{})
	info := r.Info(r.url)
	r.token = r.refresh(info)["access_token"].(string)
	r.want(r.do("GET", "/crm/v8/org", ""), 200, "")
	resp, err := http.Post(r.url+"/oauth/v2/token/revoke?token="+info.RefreshToken, "", nil)
	if err != nil || r.read(resp).body["status"] != "success" {
		t.Fatal(err)
	}
	r.want(r.do("GET", "/crm/v8/org", ""), 401, "INVALID_TOKEN")
	if r.refresh(info)["error"] != "invalid_code" {
		t.Error("a revoked refresh token works")
	}
}

func TestSelfClientCode(t *testing.T) {
	r := newRig(t, Options{})
	code := r.SelfClientCode([]string{"ZohoCRM.org.READ"}, 3*time.Minute)
	got := r.exchange("grant_type", "authorization_code", "client_id", MainClient, "client_secret", MainSecret, "code", code)
	if got["refresh_token"] == nil || got["scope"] != "ZohoCRM.org.READ" {
		t.Fatalf("%v", got["error"])
	}
}
