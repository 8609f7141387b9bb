package dav

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/record"
)

// basic is a client with a password, as package auth makes one.
type basic struct {
	user, password string
	seen           func(*http.Request)
}

func (b basic) RoundTrip(r *http.Request) (*http.Response, error) {
	if b.seen != nil {
		b.seen(r)
	}
	r = r.Clone(r.Context())
	r.SetBasicAuth(b.user, b.password)
	return http.DefaultTransport.RoundTrip(r)
}

func accountOf(t testing.TB, s davtest.Server, url string) *account {
	t.Helper()
	a, err := newAccount(provider.Account{Name: "home", Service: "caldav", Settings: map[string]string{SettingURL: url}},
		&http.Client{Transport: basic{user: s.User, password: s.Password}}, lookupSRV)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// onEach runs a test against every real server.
func onEach(t *testing.T, run func(*testing.T, davtest.Server)) {
	for _, name := range davtest.All() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, davtest.Start(t, name))
		})
	}
}

func TestMadeCollectionsAreListed(t *testing.T) {
	onEach(t, func(t *testing.T, s davtest.Server) {
		a := accountOf(t, s, s.URL)
		for _, kind := range record.Kinds {
			title := "Zoho CRM & “" + string(kind) + "”"
			made, err := a.Make(t.Context(), title, kind)
			if err != nil {
				t.Fatalf("make %s: %v", kind, err)
			}
			second, err := a.Make(t.Context(), title, kind)
			if err != nil || second.Ref == made.Ref {
				t.Fatalf("make a second one of the same title: %v, %v", second.Ref, err)
			}
			if made.Title != title || !slices.Contains(made.Kinds, kind) || made.ReadOnly || !made.AbsentIsDeleted {
				t.Errorf("made %+v", made)
			}
			// A new process finds it under the same ref.
			infos, err := accountOf(t, s, s.URL).Collections(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(infos, func(i provider.Info) bool { return i.Ref == made.Ref })
			if i < 0 || infos[i].Title != title || !slices.Equal(infos[i].Kinds, made.Kinds) {
				t.Errorf("the new %s is not listed as it was made", kind)
			}
			c, err := a.Open(t.Context(), made.Ref, kind, record.FieldsOf(kind))
			if err != nil || c.Info().Title != title {
				t.Errorf("open: %v", err)
			}
		}
	})
}

func TestDiscoveryFromEveryAddress(t *testing.T) {
	onEach(t, func(t *testing.T, s davtest.Server) {
		made, err := accountOf(t, s, s.URL).Make(t.Context(), "Zoho CRM", record.Event)
		if err != nil {
			t.Fatal(err)
		}
		origin := strings.TrimSuffix(s.URL, "/")
		for _, url := range []string{origin, strings.TrimPrefix(origin, "http://"), origin + "/.well-known/caldav", origin + "/nothing/here", origin + made.Ref} {
			infos, err := accountOf(t, s, url).Collections(t.Context())
			if err != nil || !slices.ContainsFunc(infos, func(i provider.Info) bool { return i.Ref == made.Ref }) {
				t.Errorf("from %q: %d collections, %v", strings.TrimPrefix(url, origin), len(infos), err)
			}
		}
	})
}
