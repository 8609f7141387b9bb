package dav

import (
	"slices"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/record"
)

// C-61: a collection tells whose it is, and whether that is somebody else than the person who signed in. What the server does
// not tell warns nobody.
func TestACollectionTellsWhoseItIs(t *testing.T) {
	owned := func(href string) string { return calendarProps + `<owner><href>` + href + `</href></owner>` }
	home := has(entry("/home/", ""), entry("/home/mine/", owned("/me/")), entry("/home/alias/", owned("https://behind.example.com/users/me%40x")),
		entry("/home/boss/", owned("/people/boss%20man/")), entry("/home/nobody/", calendarProps))
	for name, c := range map[string]struct {
		site site
		want map[string]string
	}{
		"a person who is known": {site{
			"example.com/dav/": has(entry("/dav/", principal("/me/"))),
			"example.com/me/": has(entry("/me/", calendarHome("/home/")+
				`<C:calendar-user-address-set><href>mailto:me@x</href><href>/users/me@x/</href></C:calendar-user-address-set>`)),
			"example.com/home/": home,
		}, map[string]string{"/home/mine/": "me", "/home/alias/": "me@x", "/home/boss/": "boss man shared", "/home/nobody/": ""}},
		"the address is the person": {site{
			"example.com/dav/":  has(entry("/dav/", principal("/dav/")+calendarHome("/home/"))),
			"example.com/home/": has(entry("/home/boss/", owned("/boss/")), entry("/home/mine/", owned("/dav"))),
		}, map[string]string{"/home/boss/": "boss shared", "/home/mine/": "dav"}},
		"nobody is known": {site{
			"example.com/dav/":  has(entry("/dav/", calendarHome("/home/"))),
			"example.com/home/": has(entry("/home/boss/", owned("/boss/"))),
		}, map[string]string{"/home/boss/": "boss"}},
	} {
		t.Run(name, func(t *testing.T) {
			infos, _, err := collectionsOf(t, "https://example.com/dav/", c.site, nil)
			if err != nil || len(infos) != len(c.want) {
				t.Fatalf("%d collections, %v", len(infos), err)
			}
			for _, i := range infos {
				got := i.OwnedBy
				if i.Shared {
					got += " shared"
				}
				if got != c.want[i.Ref] {
					t.Errorf("%s: %q, want %q", i.Ref, got, c.want[i.Ref])
				}
			}
		})
	}
}

// C-61: no real server makes a person's own collections look like somebody else's.
func TestOwnCollectionsAreNobodyElses(t *testing.T) {
	onEach(t, func(t *testing.T, s davtest.Server) {
		for _, kind := range []record.Kind{record.Event, record.Contact} {
			made, err := accountOf(t, s, s.URL).Make(t.Context(), "Mine", kind)
			if err != nil {
				t.Fatal(err)
			}
			a := accountOf(t, s, s.URL)
			infos, err := a.Collections(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(infos, func(i provider.Info) bool { return i.Ref == made.Ref })
			if i < 0 || infos[i].Shared {
				t.Errorf("%s: %+v", kind, infos)
				continue
			}
			t.Logf("%s: owner %q", kind, infos[i].OwnedBy)
			if c, err := a.Open(t.Context(), made.Ref, kind, nil); err != nil || c.Info().Shared || c.Info().OwnedBy != infos[i].OwnedBy {
				t.Errorf("%s opened: %v", kind, err)
			}
		}
	})
}
