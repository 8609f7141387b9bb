package local

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
	"zohosync/sync/provider/providertest"
	"zohosync/sync/record"
)

// signedIn adds the password to every request.
type signedIn struct{ password string }

func (s signedIn) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.SetBasicAuth(user, s.password)
	return http.DefaultTransport.RoundTrip(r)
}

func account(t testing.TB, base string) provider.Provider {
	t.Helper()
	client := &http.Client{
		Transport:     signedIn{password},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	p, err := dav.New(provider.Account{Name: "home", Service: "caldav", Settings: map[string]string{dav.SettingURL: base}}, client)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestConformance lets the program's own client loose on the server, as on any other one.
func TestConformance(t *testing.T) {
	for _, kind := range record.Kinds {
		t.Run(string(kind), func(t *testing.T) {
			_, c := serve(t)
			made, err := account(t, c.base).Make(t.Context(), "Conformance "+string(kind), kind)
			if err != nil {
				t.Fatal(err)
			}
			if made.Title != "Conformance "+string(kind) || !slices.Equal(made.Kinds, []record.Kind{kind}) || made.ReadOnly {
				t.Errorf("made %+v", made)
			}
			providertest.Run(t, setup(c, made.Ref, kind))
		})
	}
}

func setup(c client, ref string, kind record.Kind) providertest.Setup {
	return providertest.Setup{
		Kind: kind,
		Open: func(t testing.TB, fields []record.Field) provider.Collection {
			opened, err := account(t, c.base).Open(t.Context(), ref, kind, fields)
			if err != nil {
				t.Fatal(err)
			}
			return opened
		},
		Provider: func(t testing.TB) provider.Provider { return account(t, c.base) },
		Adorn: func(t testing.TB, id record.ID) {
			text := c.get(t, ref+string(id))
			end := strings.LastIndex(text, "END:V")
			if kind != record.Contact {
				end = strings.LastIndex(text[:end], "END:V")
			}
			c.put(t, ref+string(id), text[:end]+adornment(kind)+text[end:])
		},
		Extra: func(t testing.TB, id record.ID) string {
			text := c.get(t, ref+string(id))
			if !strings.Contains(text, adornment(kind)) {
				return text
			}
			return adornment(kind)
		},
		Series: seriesFor(c, ref, kind),
		Can:    providertest.Can{Marks: true, Keys: true, Make: true, Restore: true, Idle: 1},
	}
}

// seriesFor puts series as another program does. Contacts do not repeat.
func seriesFor(c client, ref string, kind record.Kind) func(testing.TB, record.Record, int) func() {
	if kind == record.Contact {
		return nil
	}
	return func(t testing.TB, r record.Record, n int) func() {
		start, end := r.Times(kind)
		name, uid := "VEVENT", "series-"+strings.ToLower(rand.Text())
		lines := []string{"DTSTART:" + start.Format(utcForm), "DTEND:" + end.Format(utcForm), "SUMMARY:" + r[record.Title]}
		if kind == record.Task {
			name, lines = "VTODO", []string{"DTSTART;VALUE=DATE:" + start.Format(dateForm), "DUE;VALUE=DATE:" + start.Format(dateForm), "SUMMARY:" + r[record.Subject]}
		}
		path := ref + uid + ".ics"
		c.put(t, path, strings.Join(slices.Concat([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//X//EN", "BEGIN:" + name, "UID:" + uid, "DTSTAMP:20260101T000000Z",
			fmt.Sprint("RRULE:FREQ=DAILY;COUNT=", n)}, lines, []string{"END:" + name, "END:VCALENDAR", ""}), "\r\n"))
		return func() { c.do(t, http.MethodDelete, path, "") }
	}
}

// adornment is what no field maps, folded and spelt as another program does.
func adornment(kind record.Kind) string {
	if kind == record.Contact {
		return "x-odd;X-P=\"a,b\":kept\r\n  as it is\r\nNICKNAME:Nick\r\n"
	}
	return "x-odd;X-P=\"a,b\":kept\r\n  as it is\r\nURL:https://example.com/x\r\n"
}

// TestDiscovery finds the collections from wherever a person may begin.
func TestDiscovery(t *testing.T) {
	s, c := serve(t)
	for name, kind := range map[string]Kind{"work": Calendar, "todo": TaskList, "people": AddressBook} {
		if err := s.Make(t.Context(), name, "My "+name, kind); err != nil {
			t.Fatal(err)
		}
	}
	host := strings.TrimPrefix(strings.TrimSuffix(c.base, "/"), "http://")
	for _, start := range []string{c.base, strings.TrimSuffix(c.base, "/"), host, c.base + "principal/", c.base + "principal", c.base + ".well-known/caldav"} {
		found, err := account(t, start).Collections(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", start, err)
		}
		var titles []string
		for _, f := range found {
			titles = append(titles, f.Title)
			if u, err := url.Parse(f.Ref); err != nil || !strings.HasSuffix(u.Path, "/") {
				t.Errorf("ref %q", f.Ref)
			}
		}
		slices.Sort(titles)
		if got := strings.Join(titles, ", "); got != "My people, My todo, My work" {
			t.Errorf("from %s: %s", start, got)
		}
	}
}
