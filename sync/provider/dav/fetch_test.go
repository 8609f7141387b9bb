package dav

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// delta lists n objects, changes all of them, and lists what changed while the server misbehaves.
func (f *fake) delta(t *testing.T, n int, spoil func(w http.ResponseWriter, r *http.Request, body string) bool) (names []string, l listing) {
	t.Helper()
	f.put("other.ics", event("other", "Other"))
	l = f.list(t, f.open(t), "")
	names = f.fill(n)
	c := f.open(t)
	f.misbehave(spoil)
	return names, f.list(t, c, l.next)
}

func refuse404(w http.ResponseWriter, what bool) bool {
	if what {
		w.WriteHeader(http.StatusNotFound)
	}
	return what
}

// SabreDAV answers 404 to a whole multiget when a single object of it is missing.
func TestMultigetRefusedAsAWhole(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	names, l := f.delta(t, 40, func(w http.ResponseWriter, r *http.Request, body string) bool {
		return refuse404(w, strings.Contains(body, "multiget") && strings.Contains(body, "e0007.ics")) ||
			refuse404(w, r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "e0007.ics"))
	})
	if want := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "e0007.ics" }); !slices.Equal(l.there, want) {
		t.Errorf("%d of %d", len(l.there), len(want))
	}
	if n := count(f.requests(), "GET"); n > 4 {
		t.Errorf("%d single reads for one missing object", n)
	}
}

// DAViCal leaves objects out of the answer; others say 404 of one that is there.
func TestAbsentFromMultigetIsReadSingly(t *testing.T) {
	for name, answer := range map[string]string{"left out": "", "called missing": missing(fakePath + "e0001.ics")} {
		f := withSync(newFake(t, record.Event))
		names, l := f.delta(t, 3, func(w http.ResponseWriter, r *http.Request, body string) bool {
			if !strings.Contains(body, "multiget") {
				return false
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			answerMulti(w, answer+f.full(fakePath+"e0000.ics")+f.full(fakePath+"e0002.ics"))
			return true
		})
		if log := f.requests(); !slices.Equal(l.there, names) || count(log, "GET") != 1 {
			t.Errorf("%s: %q by %q", name, l.there, log)
		}
	}
}

// A control character makes the XML of all objects unreadable, but not the object itself.
func TestControlCharacterSpoilsOneObjectOnly(t *testing.T) {
	bothWays(t, func(t *testing.T, f *fake) {
		f.data = func(body string) string { return strings.ReplaceAll(escape(body), "BELL", "\x07") }
		names := f.fill(40)
		f.put(names[9], event("u9", "Rings the BELL"))
		c := f.open(t)
		if l := f.list(t, c, ""); !slices.Equal(l.there, names) {
			t.Errorf("first listing: %d of %d", len(l.there), len(names))
		}
		l := f.list(t, c, "")
		f.fill(40)
		f.put(names[9], event("u9", "Rings the BELL again"))
		if l = f.list(t, f.open(t), l.next); !slices.Equal(l.there, names) {
			t.Errorf("delta: %d of %d", len(l.there), len(names))
		}
	})
}

func TestServerWithoutMultigetAndQuery(t *testing.T) {
	bothWays(t, func(t *testing.T, f *fake) {
		names := f.fill(6)
		c := f.open(t)
		f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
			if strings.Contains(body, "multiget") || strings.Contains(body, "-query") {
				w.WriteHeader(http.StatusNotImplemented)
				return true
			}
			return false
		})
		if l := f.list(t, c, ""); !slices.Equal(l.there, names) {
			t.Errorf("%q", l.there)
		}
	})
}

// What the server fails at now is asked for again, and is neither deleted nor forgotten.
func TestObjectThatTheServerFailsAt(t *testing.T) {
	bothWays(t, func(t *testing.T, f *fake) {
		ill := true
		names, l := f.delta(t, 5, func(w http.ResponseWriter, r *http.Request, body string) bool {
			if ill && (strings.Contains(body, "multiget") || strings.HasSuffix(r.URL.Path, "e0002.ics")) {
				w.WriteHeader(http.StatusInternalServerError)
				return true
			}
			return false
		})
		if !slices.Equal(l.there, names) || len(l.deleted) > 0 {
			t.Errorf("%q there, %q deleted", l.there, l.deleted)
		}
		page, err := f.open(t).Changes(t.Context(), l.next, record.Window{})
		if err != nil || len(page.Skipped) == 0 || page.Skipped[0].ID != "e0002.ics" || len(page.Deleted) > 0 {
			t.Fatalf("still failing: %+v, %v", page, err)
		}
		ill = false
		if l = f.list(t, f.open(t), page.Next); !slices.Equal(l.there, []string{"e0002.ics"}) {
			t.Errorf("once it works: %q", l.there)
		}
		if l = f.list(t, f.open(t), l.next); len(l.there) > 0 {
			t.Errorf("and then: %q", l.there)
		}
	})
}

func TestObjectThatMayNotBeReadIsSkipped(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	f.fill(3)
	c := f.open(t)
	f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
		if strings.Contains(body, "-query") || strings.Contains(body, "multiget") || strings.HasSuffix(r.URL.Path, "e0001.ics") {
			w.WriteHeader(http.StatusForbidden)
			return true
		}
		return false
	})
	page, err := c.Changes(t.Context(), "", record.Window{})
	i := slices.IndexFunc(page.Skipped, func(s provider.Skip) bool { return s.ID == "e0001.ics" && s.Group == s.ID })
	if err != nil || i < 0 || page.Skipped[i].Err.Code != provider.CodeForbidden {
		t.Errorf("%+v, %v", page.Skipped, err)
	}
}

// Taking the collection away in the middle of a listing must not look like the deletion of every object.
func TestCollectionThatVanishesWhileListing(t *testing.T) {
	bothWays(t, func(t *testing.T, f *fake) {
		f.fill(3)
		c := f.open(t)
		listed := false
		f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
			if strings.Contains(body, "-query") || strings.Contains(body, "multiget") {
				listed = true
			}
			return refuse404(w, listed)
		})
		if _, err := c.Changes(t.Context(), "", record.Window{}); !errors.Is(err, provider.ErrGone) {
			t.Errorf("got %v, want ErrGone", err)
		}
	})
}

// SOGo escapes addresses in one place and not in another; an object stays the same all the same.
func TestSpellingsThatChange(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	f.put("a%20b%40c%C3%A9.ics", event("odd", "Odd"))
	c := f.open(t)
	l := f.list(t, c, "")
	if !slices.Equal(l.there, []string{"a%20b@c%C3%A9.ics"}) {
		t.Fatalf("%q", l.there)
	}
	f.put("a%20b%40c%C3%A9.ics", event("odd", "Odder"))
	f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
		if strings.Contains(body, "sync-collection") {
			answerMulti(w, entry(fakePath+"a b@cé.ics", `<getetag>"9"</getetag>`)+"<sync-token>t9</sync-token>")
			return true
		}
		// The path is answered for however the client spells it, as by the real server.
		if r.Method == http.MethodGet && r.URL.Path == fakePath+"a b@cé.ics" {
			w.Header().Set("ETag", `"9"`)
			w.Write([]byte(f.body("a%20b%40c%C3%A9.ics")))
			return true
		}
		return false
	})
	if l = f.list(t, c, l.next); !slices.Equal(l.there, []string{"a%20b@c%C3%A9.ics"}) {
		t.Errorf("%q after the edit", l.there)
	}
}
