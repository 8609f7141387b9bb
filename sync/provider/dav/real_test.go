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

// Xandikos lets every calendar hold everything: the events of a task list are left alone, and are no failure.
func TestObjectsOfAnotherKindAreNoItems(t *testing.T) {
	s := davtest.Start(t, "xandikos")
	a := accountOf(t, s, s.URL)
	made, err := a.Make(t.Context(), "Both", record.Task)
	if err != nil {
		t.Fatal(err)
	}
	for kind, w := range map[record.Kind]record.Write{
		record.Event: newEvent("event", "An event"),
		record.Task:  {Op: record.Create, Key: "task", Patch: record.Patch{record.Subject: "A task"}},
	} {
		c, err := a.Open(t.Context(), made.Ref, kind, record.FieldsOf(kind))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Apply(t.Context(), []record.Write{w}, &sink{}); err != nil {
			t.Fatal(err)
		}
	}
	c, err := a.Open(t.Context(), made.Ref, record.Task, record.FieldsOf(record.Task))
	if err != nil {
		t.Fatal(err)
	}
	page, err := c.Changes(t.Context(), "", record.Window{})
	if err != nil || len(page.Changed) != 1 || page.Changed[0].Record[record.Subject] != "A task" {
		t.Fatalf("%d items, %v", len(page.Changed), err)
	}
	for _, skip := range page.Skipped {
		if skip.Err.Code != provider.CodeOtherKind {
			t.Errorf("the event is told as %v", skip.Err)
		}
	}
}

// Another program gave our object another address: a create that is sent again finds it there, wherever the server takes
// a UID only once. SabreDAV 1.8 never does, Xandikos and Cyrus not for cards.
func TestCreateFindsItsObjectElsewhere(t *testing.T) {
	onEach(t, func(t *testing.T, s davtest.Server) {
		once := map[string][]record.Kind{"radicale": record.Kinds, "xandikos": {record.Event, record.Task}, "cyrus": {record.Event, record.Task}}
		for _, kind := range once[s.Name] {
			a := accountOf(t, s, s.URL)
			made, err := a.Make(t.Context(), "Moved "+string(kind), kind)
			if err != nil {
				t.Fatal(err)
			}
			opened, err := a.Open(t.Context(), made.Ref, kind, record.FieldsOf(kind))
			if err != nil {
				t.Fatal(err)
			}
			c, w := opened.(*collection), newEvent(string(kind)+"1", "One") // Cyrus takes a UID once in all calendars of a person
			switch kind {
			case record.Contact:
				w.Patch = record.Patch{record.LastName: "One"}
			case record.Task:
				w.Patch = record.Patch{record.Subject: "One"}
			}
			before := &sink{}
			if err := c.Apply(t.Context(), []record.Write{w}, before); err != nil {
				t.Fatal(err)
			}
			r, _ := before.result(t, 0)
			now, err := c.get(t.Context(), r.Item.ID)
			if err != nil {
				t.Fatal(err)
			}
			mover := &run{collection: c, sending: t.Context()}
			if _, err := mover.send(r.Item.ID, nil, map[string]string{}); err != nil {
				t.Fatal(err)
			}
			moved := record.ID("moved" + nameOf("", kind))
			if _, err := mover.send(moved, now.body, map[string]string{}); err != nil {
				t.Fatal(err)
			}
			after := &sink{}
			if err := c.Apply(t.Context(), []record.Write{w}, after); err != nil {
				t.Fatal(err)
			}
			if r, _ := after.result(t, 0); r.Err != nil || r.Item.ID != moved {
				t.Errorf("%s: %q, %v, want %q", kind, r.Item.ID, r.Err, moved)
			}
		}
	})
}
