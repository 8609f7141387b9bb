package dav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// site answers PROPFIND by path; what a path does not name is not found.
type site map[string]func(w http.ResponseWriter, r *http.Request)

// hosts sends every request to one handler, whatever its host: the test's own DNS and certificates.
type hosts struct {
	handler http.Handler
	asked   []string
}

func (h *hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	h.asked = append(h.asked, r.Method+" "+r.URL.String())
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if answer, ok := s[r.URL.Host+r.URL.Path]; ok && r.Method == "PROPFIND" {
		answer(w, r)
		return
	}
	w.WriteHeader(http.StatusNotFound)
}

func to(location string, code int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, location, code) }
}

func answers(code int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func has(entries ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { answerMulti(w, strings.Join(entries, "")) }
}

func principal(href string) string {
	return `<current-user-principal><href>` + href + `</href></current-user-principal><resourcetype><collection/></resourcetype>`
}

func calendarHome(hrefs ...string) string {
	s := `<C:calendar-home-set>`
	for _, h := range hrefs {
		s += `<href>` + h + `</href>`
	}
	return s + `</C:calendar-home-set>`
}

const (
	calendarProps = `<displayname>Work</displayname><resourcetype><collection/><C:calendar/></resourcetype>`
	bookProps     = `<resourcetype><collection/><A:addressbook/></resourcetype>`
)

func collectionsOf(t testing.TB, address string, s site, dns lookup) ([]provider.Info, *hosts, error) {
	t.Helper()
	if dns == nil {
		dns = func(context.Context, string, string) (string, error) { return "", errors.New("no such record") }
	}
	h := &hosts{handler: s}
	a, err := newAccount(provider.Account{Settings: map[string]string{SettingURL: address}}, &http.Client{Transport: h}, dns)
	if err != nil {
		t.Fatal(err)
	}
	infos, err := a.Collections(t.Context())
	return infos, h, err
}

func TestDiscovery(t *testing.T) {
	home := has(entry("/home/", ""), entry("/home/work/", calendarProps), entry("/home/people/", bookProps))
	both := calendarHome("/home/") + `<A:addressbook-home-set><href>/home/</href></A:addressbook-home-set>`
	for name, c := range map[string]struct {
		address string
		site    site
		dns     lookup
		want    []string
	}{
		"a URL that names the principal": {"https://example.com/dav/", site{
			"example.com/dav/":  has(entry("/dav/", principal("/me/"))),
			"example.com/me/":   has(entry("/me/", both)),
			"example.com/home/": home,
		}, nil, []string{"/home/people/", "/home/work/"}},
		"well-known with a redirect of every kind": {"https://example.com", site{
			"example.com/":                    answers(405),
			"example.com/.well-known/caldav":  to("/remote/", 301),
			"example.com/.well-known/carddav": to("/remote/", 302),
			"example.com/remote/":             has(entry("/remote/", principal("/me/"))),
			"example.com/me/":                 has(entry("/me/", both)),
			"example.com/home/":               home,
		}, nil, []string{"/home/people/", "/home/work/"}},
		"an address with SRV records": {"alice@example.com", site{
			"dav.example.com:8443/x/":    has(entry("/x/", principal("/me/")+both)),
			"dav.example.com:8443/me/":   has(entry("/me/", both)),
			"dav.example.com:8443/home/": home,
		}, func(_ context.Context, service, domain string) (string, error) {
			return "https://dav." + domain + ":8443/x/", nil
		}, []string{"https://dav.example.com:8443/home/people/", "https://dav.example.com:8443/home/work/"}},
		"an address without SRV records": {"alice@example.com", site{
			"example.com/":      has(entry("/", principal("/me/"))),
			"example.com/me/":   has(entry("/me/", both)),
			"example.com/home/": home,
		}, nil, []string{"https://example.com/home/people/", "https://example.com/home/work/"}},
		"home sets on another host of the same owner": {"https://caldav.example.com/", site{
			"caldav.example.com/":             has(entry("/", principal("/1/principal/"))),
			"caldav.example.com/1/principal/": has(entry("/1/principal/", calendarHome("https://p01.example.com:443/1/c/", "/shared/"))),
			"p01.example.com:443/1/c/":        has(entry("/1/c/work/", calendarProps)),
			"caldav.example.com/shared/":      has(entry("/shared/team/", calendarProps)),
		}, nil, []string{"/shared/team/", "https://p01.example.com:443/1/c/work/"}},
		"a context path that is wrong": {"https://example.com/old/path/", site{
			"example.com/":      has(entry("/", principal("/me/"))),
			"example.com/me/":   has(entry("/me/", both)),
			"example.com/home/": home,
		}, nil, []string{"/home/people/", "/home/work/"}},
		"a collection itself": {"https://example.com/home/work/", site{
			"example.com/home/work/": has(entry("/home/work/", calendarProps)),
		}, nil, []string{"/home/work/"}},
		"a home without a principal": {"https://example.com/home/", site{
			"example.com/home/": func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Depth") == "1" {
					home(w, r)
					return
				}
				answerMulti(w, entry("/home/", `<resourcetype><collection/></resourcetype>`))
			},
		}, nil, []string{"/home/people/", "/home/work/"}},
		"the whole answer of another program at the root": {"https://example.com/dav/", site{
			"example.com/dav/":  has(entry("/dav/", calendarHome("/home/"))),
			"example.com/":      answers(401),
			"example.com/home/": home,
		}, nil, []string{"/home/people/", "/home/work/"}},
	} {
		t.Run(name, func(t *testing.T) {
			infos, h, err := collectionsOf(t, c.address, c.site, c.dns)
			var got []string
			for _, i := range infos {
				got = append(got, i.Ref)
			}
			slices.Sort(got)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %q, %v after\n%s", got, err, strings.Join(h.asked, "\n"))
			}
		})
	}
}

func TestDiscoveryThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		address string
		site    site
		dns     lookup
		is      func(error) bool
		most    int
	}{
		"nothing there": {"https://example.com/", site{}, nil, func(err error) bool { return errors.Is(err, ErrNoService) }, 4},
		"a web page": {"https://example.com/", site{"example.com/": answers(200)}, nil,
			func(err error) bool { return errors.Is(err, ErrNoService) }, 4},
		// Tried again and again, a wrong password locks the person out.
		"a wrong password": {"https://example.com/", site{"example.com/": answers(401)}, nil,
			func(err error) bool { return errors.Is(err, provider.ErrAuth) }, 1},
		"a server under repair": {"https://example.com/", site{"example.com/": answers(503)}, nil,
			func(err error) bool { var r *provider.RetryError; return errors.As(err, &r) }, 1},
		"SRV records that lead elsewhere": {"alice@example.com", site{},
			func(context.Context, string, string) (string, error) { return "https://dav.evil.example/", nil },
			func(err error) bool {
				var h *HostError
				return errors.As(err, &h) && strings.Contains(h.Host, "dav.evil.example")
			}, 4},
		"a home set elsewhere": {"https://example.com/", site{"example.com/": has(entry("/", calendarHome("https://evil.example/")))}, nil,
			func(err error) bool { var h *HostError; return errors.As(err, &h) }, 4},
	} {
		t.Run(name, func(t *testing.T) {
			_, h, err := collectionsOf(t, c.address, c.site, c.dns)
			if err == nil || !c.is(err) || len(h.asked) > c.most {
				t.Errorf("%v after\n%s", err, strings.Join(h.asked, "\n"))
			}
			for _, a := range h.asked {
				if strings.Contains(a, "evil") {
					t.Errorf("the password went elsewhere: %s", a)
				}
			}
		})
	}
}

// One failure while looking is not remembered for ever.
func TestDiscoveryIsAskedAgainAfterAFailure(t *testing.T) {
	down := true
	s := site{
		"example.com/": has(entry("/", calendarHome("/home/"))),
		"example.com/.well-known/carddav": func(w http.ResponseWriter, r *http.Request) {
			if down {
				w.WriteHeader(503)
				return
			}
			answerMulti(w, entry("/x/", `<A:addressbook-home-set><href>/books/</href></A:addressbook-home-set>`))
		},
		"example.com/home/":  has(entry("/home/work/", calendarProps)),
		"example.com/books/": has(entry("/books/people/", bookProps)),
	}
	a, err := newAccount(provider.Account{Settings: map[string]string{SettingURL: "https://example.com/"}},
		&http.Client{Transport: &hosts{handler: s}}, lookupSRV)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 2, 2} {
		infos, err := a.Collections(t.Context())
		if err != nil || len(infos) != want {
			t.Errorf("got %d collections, %v, want %d", len(infos), err, want)
		}
		down = false
	}
}

func TestDescribe(t *testing.T) {
	privilege := func(names ...string) string {
		s := `<current-user-privilege-set>`
		for _, n := range names {
			s += `<privilege><` + n + `/></privilege>`
		}
		return s + `</current-user-privilege-set>`
	}
	components := func(names ...string) string {
		s := `<C:supported-calendar-component-set>`
		for _, n := range names {
			s += `<C:comp name="` + n + `"/>`
		}
		return s + `</C:supported-calendar-component-set>`
	}
	for name, c := range map[string]struct {
		props string
		want  string
	}{
		"any component":          {calendarProps, "Work [task event] false false"},
		"events only":            {calendarProps + components("VEVENT"), "Work [event] false false"},
		"tasks, oddly spelt":     {calendarProps + components("vtodo", "VJOURNAL"), "Work [task] false false"},
		"journals only":          {calendarProps + components("VJOURNAL"), "nothing"},
		"address book, no title": {bookProps, "thing [contact] false false"},
		"read only":              {calendarProps + privilege("read", "read-acl"), "Work [task event] true false"},
		"all":                    {calendarProps + privilege("all"), "Work [task event] false false"},
		"fine privileges":        {calendarProps + privilege("read", "bind", "unbind", "write-content"), "Work [task event] false false"},
		"a sync token":           {calendarProps + `<sync-token>x</sync-token>`, "Work [task event] false true"},
		"a report":               {calendarProps + `<supported-report-set><supported-report><report><sync-collection/></report></supported-report></supported-report-set>`, "Work [task event] false true"},
		"an inbox":               {`<resourcetype><collection/><C:schedule-inbox/></resourcetype>`, "nothing"},
		"a folder":               {`<resourcetype><collection/></resourcetype>`, "nothing"},
	} {
		got := "nothing"
		responses, _, err := readAll(t, multi(entry("/thing/", c.props)))
		if err != nil {
			t.Fatal(err)
		}
		p, _ := responses[0].props()
		if f, ok := describe(mustParse(t, "https://example.com/thing/"), p); ok {
			got = fmt.Sprintf("%s %v %t %t", f.title, f.kinds, f.readOnly, f.sync)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestOpenOfWhatIsNoCollection(t *testing.T) {
	s := site{
		"example.com/work/":      has(entry("/work/", calendarProps+`<C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set>`)),
		"example.com/folder/":    has(entry("/folder/", `<resourcetype><collection/></resourcetype>`)),
		"example.com/forbidden/": answers(403),
		"example.com/closed/":    answers(410),
		"example.com/broken/":    answers(500),
		"example.com/locked/":    answers(401),
	}
	a, err := New(provider.Account{Settings: map[string]string{SettingURL: "https://example.com/"}}, &http.Client{Transport: &hosts{handler: s}})
	if err != nil {
		t.Fatal(err)
	}
	var retry *provider.RetryError
	for ref, is := range map[string]func(error) bool{
		"/work/":                func(err error) bool { return err == nil },
		"/folder/":              func(err error) bool { return errors.Is(err, provider.ErrGone) },
		"/nothing/":             func(err error) bool { return errors.Is(err, provider.ErrGone) },
		"/forbidden/":           func(err error) bool { return errors.Is(err, provider.ErrGone) },
		"/closed/":              func(err error) bool { return errors.Is(err, provider.ErrGone) },
		"/broken/":              func(err error) bool { return errors.As(err, &retry) },
		"/locked/":              func(err error) bool { return errors.Is(err, provider.ErrAuth) },
		"https://evil.example/": func(err error) bool { var h *HostError; return errors.As(err, &h) },
	} {
		if _, err := a.Open(t.Context(), ref, record.Event, nil); !is(err) {
			t.Errorf("%s: %v", ref, err)
		}
	}
	if _, err := a.Open(t.Context(), "/work/", record.Task, nil); !errors.Is(err, provider.ErrGone) {
		t.Errorf("a calendar without tasks, opened for tasks: %v", err)
	}
}

func TestSpec(t *testing.T) {
	s := Spec()
	if s.Name != "caldav" || s.OAuth || len(s.Settings) != 1 || s.Settings[0].Name != SettingURL || !s.Settings[0].Required {
		t.Errorf("spec %+v", s)
	}
	if _, err := s.New(provider.Account{}, nil); err == nil {
		t.Error("an account without an address was accepted")
	}
}

func TestLookupOfNoDomain(t *testing.T) {
	for _, domain := range []string{"127.0.0.1", "::1", "localhost"} {
		if _, err := lookupSRV(t.Context(), "caldav", domain); err == nil {
			t.Errorf("%s has SRV records", domain)
		}
	}
}

func TestMakeThatIsRefused(t *testing.T) {
	for code, is := range map[int]error{403: provider.ErrReadOnly, 405: provider.ErrReadOnly, 501: provider.ErrReadOnly, 401: provider.ErrAuth} {
		s := site{
			"example.com/":      has(entry("/", calendarHome("/home/"))),
			"example.com/home/": has(entry("/home/", "")),
		}
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.Method, "MK") {
				w.WriteHeader(code)
				return
			}
			s.ServeHTTP(w, r)
		})
		a, err := newAccount(provider.Account{Settings: map[string]string{SettingURL: "https://example.com/"}}, &http.Client{Transport: &hosts{handler: h}}, lookupSRV)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Make(t.Context(), "Zoho CRM", record.Event); !errors.Is(err, is) {
			t.Errorf("%d: %v, want %v", code, err, is)
		}
		if _, err := a.Make(t.Context(), "Zoho CRM", record.Contact); !errors.Is(err, provider.ErrReadOnly) {
			t.Errorf("a server without address books: %v", err)
		}
	}
}

func TestFreeURL(t *testing.T) {
	home := mustParse(t, "https://example.com/me/")
	taken := []found{{url: mustParse(t, "https://example.com/me/Zoho-CRM/")}, {url: mustParse(t, "https://example.com/me/zoho-crm-2/")}}
	for title, want := range map[string]string{"Zoho CRM": "/me/zoho-crm-3/", "日本": "/me/zohosync-event/", "../x/": "/me/x/", strings.Repeat("ab ", 40): "/me/" + strings.TrimSuffix(strings.Repeat("ab-", 20), "-") + "/"} {
		if got := freeURL(home, title, record.Event, taken); got.Path != want {
			t.Errorf("%q: %s, want %s", title, got.Path, want)
		}
	}
}
