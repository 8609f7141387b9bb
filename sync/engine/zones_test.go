package engine

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/local"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
	"zohosync/sync/provider/zoho"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
	"zohosync/sync/state"
)

// inChild says that the process was started by TestTheZoneOfTheProcessHasNoSay, in a zone of its own.
const inChild = "ZOHOSYNC_ZONES_CHILD"

// C-10, C-12, C-14: on computers in five zones, from -11 to +14 hours, meetings pass between a CRM and a calendar server
// as the same instants, dates and lines, in January and in July.
func TestTheZoneOfTheProcessHasNoSay(t *testing.T) {
	if os.Getenv(inChild) != "" {
		for _, month := range []time.Month{time.January, time.July} {
			zonedRounds(t, time.Date(2026, month, 15, 9, 0, 0, 0, time.UTC))
		}
		return
	}
	for _, zone := range []string{"Pacific/Pago_Pago", "America/New_York", "UTC", "Europe/Berlin", "Pacific/Kiritimati"} {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheZoneOfTheProcessHasNoSay$")
		c.Env = append(os.Environ(), "TZ="+zone, inChild+"=1")
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("on a computer in %s: %v\n%s", zone, err, out)
		}
	}
}

// zoned is a sandbox and a calendar server, kept in step by an engine of a person in Berlin.
type zoned struct {
	t      *testing.T
	now    time.Time
	crm    *sandbox.Server
	url    string // of the calendar
	engine *Engine
}

// signed adds credentials to every request.
type signed struct{ sign func(*http.Request) }

func (s signed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	s.sign(r)
	return http.DefaultTransport.RoundTrip(r)
}

func newZoned(t *testing.T, now time.Time) *zoned {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	z := &zoned{t: t, now: now}
	clock := func() time.Time { return z.now }
	z.crm = sandbox.New(sandbox.Options{Now: clock, Zone: "Europe/Berlin", Unlimited: true})
	h := z.crm.Handler()
	crm := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", z.now.UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(crm.Close)
	server, err := local.Open(filepath.Join(t.TempDir(), "local.db"), local.Options{User: "u", Password: "p", Now: clock})
	must(err)
	calendars := httptest.NewServer(server.Handler())
	t.Cleanup(func() { calendars.Close(); _ = server.Close() })
	ctx := t.Context()
	must(server.Make(ctx, "work", "Work", local.Calendar))
	z.url = calendars.URL + "/calendars/work/"
	berlin, err := time.LoadLocation("Europe/Berlin")
	must(err)
	s, err := state.Open(inMemory, state.Options{})
	must(err)
	t.Cleanup(func() { _ = s.Close() })
	must(s.StoreAccount(ctx, state.Account{Name: "crm", Service: "zoho"}))
	must(s.StoreAccount(ctx, state.Account{Name: "home", Service: "dav"}))
	must(s.StorePair(ctx, state.Pair{ID: "p", Kind: record.Event, Mapping: plan.DefaultMapping(record.Event, false), Direction: plan.Both, Conflict: plan.LeftWins,
		Delete: [2]plan.Deletion{plan.Propagate, plan.Propagate}, AnyOwner: true,
		Ends: [2]state.End{{Account: "crm", Ref: "Events", Title: "CRM"}, {Account: "home", Ref: z.url, Title: "Home"}}}))
	z.engine = New(s, func(_ context.Context, a state.Account) (provider.Provider, error) {
		if a.Name == "crm" {
			c := &http.Client{Transport: signed{func(r *http.Request) { r.Header.Set("Authorization", "Zoho-oauthtoken "+z.crm.Token()) }}}
			return zoho.New(provider.Account{Settings: map[string]string{zoho.SettingURL: crm.URL}, Zone: berlin}, c)
		}
		return dav.New(provider.Account{Settings: map[string]string{dav.SettingURL: calendars.URL}, Zone: berlin}, z.client())
	}, Options{Clock: clock})
	return z
}

func (z *zoned) client() *http.Client {
	return &http.Client{Transport: signed{func(r *http.Request) { r.SetBasicAuth("u", "p") }}}
}

// sync runs twice; the second run must find nothing to do.
func (z *zoned) sync() {
	z.t.Helper()
	wrote := 0
	for range 2 {
		z.now = z.now.Add(5 * time.Minute)
		r, err := z.engine.Sync(z.t.Context(), "p", RunOptions{})
		if err != nil || len(r.Items) > 0 {
			z.t.Fatalf("%v %+v %+v", err, r.Items, r.Stop)
		}
		wrote = r.Wrote()
	}
	if wrote != 0 {
		z.t.Errorf("a second run writes %d times", wrote)
	}
}

func (z *zoned) http(method, url, body string) string {
	z.t.Helper()
	r, err := http.NewRequestWithContext(z.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		z.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/calendar")
	a, err := z.client().Do(r)
	if err != nil {
		z.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode >= 300 {
		z.t.Fatalf("%s: %d %v", method, a.StatusCode, err)
	}
	return string(text)
}

// lines returns the lines of an object that hold times.
func (z *zoned) lines(name string) string {
	z.t.Helper()
	var out []string
	for l := range strings.SplitSeq(z.http(http.MethodGet, z.url+name+".ics", ""), "\r\n") {
		if strings.HasPrefix(l, "DTSTART") || strings.HasPrefix(l, "DTEND") || strings.HasPrefix(l, "DURATION") {
			out = append(out, l)
		}
	}
	return strings.Join(out, " ")
}

// meeting returns the record of a title: its start, end and whether it is all day, as the CRM shows them.
func (z *zoned) meeting(title string) (id, when string) {
	z.t.Helper()
	for _, r := range z.crm.Records("Events") {
		if r["Event_Title"] == title {
			allDay := ""
			if r["All_day"] == true {
				allDay = " all day"
			}
			return r["id"].(string), r["Start_DateTime"].(string) + " " + r["End_DateTime"].(string) + allDay
		}
	}
	z.t.Fatalf("no meeting %s", title)
	return "", ""
}

// zonedCases are the times of an event, and how a CRM in Berlin shows them.
var zonedCases = map[string][2]string{
	"winter":   {"DTSTART;TZID=Europe/Berlin:20260120T100000 DTEND;TZID=Europe/Berlin:20260120T110000", "2026-01-20T10:00:00+01:00 2026-01-20T11:00:00+01:00"},
	"summer":   {"DTSTART;TZID=America/New_York:20260720T100000 DTEND;TZID=America/New_York:20260720T110000", "2026-07-20T16:00:00+02:00 2026-07-20T17:00:00+02:00"},
	"south":    {`DTSTART;TZID="AUS Eastern Standard Time":20260120T100000 DURATION:PT1H`, "2026-01-20T00:00:00+01:00 2026-01-20T01:00:00+01:00"},
	"floating": {"DTSTART:20260720T100000 DTEND:20260720T110000", "2026-07-20T10:00:00+02:00 2026-07-20T11:00:00+02:00"},
	"doubled":  {"DTSTART:20261025T013000Z DTEND:20261025T023000Z", "2026-10-25T02:30:00+01:00 2026-10-25T03:30:00+01:00"},
	"day":      {"DTSTART;VALUE=DATE:20260329 DTEND;VALUE=DATE:20260330", "2026-03-29T00:00:00+01:00 2026-03-29T23:59:00+02:00 all day"},
	"days":     {"DTSTART;VALUE=DATE:20281231 DTEND;VALUE=DATE:20290102", "2028-12-31T00:00:00+01:00 2029-01-01T23:59:00+01:00 all day"},
}

// zonedRounds lets three rounds of edits of the title pass, from either side, and one move.
func zonedRounds(t *testing.T, now time.Time) {
	t.Helper()
	z := newZoned(t, now)
	for name, c := range zonedCases {
		z.http(http.MethodPut, z.url+name+".ics", strings.Join([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//X//Y//EN", "BEGIN:VEVENT", "UID:" + name,
			"DTSTAMP:20260101T000000Z", "SUMMARY:" + name, strings.ReplaceAll(c[0], " D", "\r\nD"), "END:VEVENT", "END:VCALENDAR", ""}, "\r\n"))
	}
	check := func(suffix string) {
		t.Helper()
		z.sync()
		for name, c := range zonedCases {
			if _, when := z.meeting(name + suffix); when != c[1] || z.lines(name) != c[0] {
				t.Errorf("in %s, %s%s: %s and %s, want %s and %s", time.Local, name, suffix, when, z.lines(name), c[1], c[0])
			}
		}
	}
	check("")
	suffix := ""
	for _, more := range []string{" a", " b", " c"} {
		for i, name := range slices.Sorted(maps.Keys(zonedCases)) {
			id, _ := z.meeting(name + suffix)
			z.crm.Edit("Events", id, map[string]any{"Event_Title": name + suffix + more})
			if i == len(zonedCases)/2 {
				z.sync() // a guard would stop a run in which everything changed
			}
		}
		suffix += more
		check(suffix)
	}
	id, _ := z.meeting("summer" + suffix)
	z.crm.Edit("Events", id, map[string]any{"Start_DateTime": "2026-12-01T16:00:00+01:00", "End_DateTime": "2026-12-01T17:00:00+01:00"})
	z.sync()
	if got, want := z.lines("summer"), "DTSTART;TZID=America/New_York:20261201T100000 DTEND;TZID=America/New_York:20261201T110000"; got != want {
		t.Errorf("moved in the CRM: %s, want %s", got, want)
	}
	if z.crm.Mails() != 0 {
		t.Errorf("%d mails", z.crm.Mails())
	}
}
