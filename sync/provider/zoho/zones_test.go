package zoho

import (
	"archive/zip"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"zohosync/sync/record"
)

// zones lists every zone of the tz database that Go carries.
func zones(t testing.TB) []*time.Location {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	var out []*time.Location
	for i, f := range z.File {
		if strings.HasSuffix(f.Name, "/") || i%everyZone != 0 && f.Name != "Pacific/Apia" {
			continue
		}
		// A person of this zone: as the CRM names it.
		zone := user{Zone: f.Name, Offset: 1}.location(nil)
		if zone == nil || zone.String() != f.Name {
			t.Fatalf("%s is not known", f.Name)
		}
		out = append(out, zone)
	}
	return out
}

// answered is what Zoho answers about a meeting after it got a draft: instants, shown in the offset of a zone. With
// minute it keeps the last day up to 23:59.
func answered(t testing.TB, d *draft, host, viewer *time.Location, minute bool) object {
	t.Helper()
	start, err1 := parseTime(d.out["Start_DateTime"].(string))
	end, err2 := parseTime(d.out["End_DateTime"].(string))
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if allDay := d.out["All_day"].(bool); allDay && minute {
		end = midnight(dayOf(end.In(host)).AddDate(0, 0, 1), host).Add(-time.Minute)
	}
	return parse(t, `{"All_day":`+strconv.FormatBool(d.out["All_day"].(bool))+`,"Start_DateTime":"`+stamp(start, viewer)+`","End_DateTime":"`+stamp(end, viewer)+`"}`)
}

// draftIn is what is sent for an organisation of a zone.
func (m *module) draftIn(zone *time.Location, when string) *draft {
	m.zone = zone
	return (&applying{collection: &collection{m: m}}).draftOf(record.Patch{record.When: when}, nil, nil)
}

func whenOf(t testing.TB, m *module, o object) string {
	t.Helper()
	c, _ := m.column(record.When)
	v, err := c.form.read(m, o, c.names)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// C-14: in every zone, all-day meetings come back from Zoho as they were sent: around every change of the clock, where
// midnight comes twice or never, on leap days and from 1925 to 2200, and whether Zoho keeps the last midnight or 23:59.
// A day that a zone never had is not sent, or it would come back as another.
func TestDaysInEveryZone(t *testing.T) {
	all, checked, never, m := zones(t), 0, 0, moduleOf(t, record.Event)
	for _, zone := range all {
		days := []time.Time{}
		for _, y := range []int{1925, 1955, 1972, 2000, 2026, 2100, 2200} {
			days = append(days, time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(y, 2, 28, 0, 0, 0, 0, time.UTC), time.Date(y, 7, 1, 0, 0, 0, 0, time.UTC))
		}
		for at := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2030; {
			_, until := at.In(zone).ZoneBounds()
			if until.IsZero() {
				break
			}
			days = append(days, dayOf(until.In(zone)).AddDate(0, 0, -1), dayOf(until.In(zone)))
			at = until
		}
		for _, day := range days {
			_, before := midnight(day, zone).Zone()
			_, after := midnight(day.AddDate(0, 0, 3), zone).Zone()
			if before%60 != 0 || after%60 != 0 {
				continue // days before standard time, by a clock that Zoho cannot write
			}
			for length := 1; length <= 2; length++ {
				want := record.FormatDays(day, day.AddDate(0, 0, length))
				d := m.draftIn(zone, want)
				if d.out["All_day"] == nil {
					never++
					continue
				}
				for _, minute := range []bool{false, true} {
					checked++
					if got := whenOf(t, m, answered(t, d, zone, zone, minute)); got != want {
						t.Errorf("in %s %s comes back as %s", zone, want, got)
					}
				}
			}
		}
	}
	if never == 0 {
		t.Error("Apia left out a day in 2011")
	}
	t.Logf("%d spans of days in %d zones; %d with a day that the zone never had", checked, len(all), never)
}

// C-14: an all-day meeting whose host lives in another zone is on the host's days, though Zoho shows it from one
// afternoon to the next: for zones up to eleven hours apart, on every day of a year and over the changes of the clock.
func TestDaysOfAHostElsewhere(t *testing.T) {
	names := []string{"America/Los_Angeles", "America/New_York", "America/Sao_Paulo", "Europe/London", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo", "Australia/Lord_Howe"}
	checked, m := 0, moduleOf(t, record.Event)
	for _, host := range names {
		for _, viewer := range names {
			h, v := location(t, host), location(t, viewer)
			for day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2027; day = day.AddDate(0, 0, 1) {
				_, a := day.In(h).Zone()
				_, b := day.In(v).Zone()
				if apart := a - b; apart > 11*3600 || apart < -11*3600 {
					continue
				}
				for _, length := range []int{1, 2, 7} {
					want := record.FormatDays(day, day.AddDate(0, 0, length))
					d := m.draftIn(h, want)
					for _, minute := range []bool{false, true} {
						checked++
						if got := whenOf(t, m, answered(t, d, h, v, minute)); got != want {
							t.Errorf("host in %s, seen in %s: %s is %s", host, viewer, want, got)
						}
					}
				}
			}
		}
	}
	t.Logf("%d spans of days between %d zones", checked, len(names))
}

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// C-10, C-12: a meeting is at the same instant after Zoho, whatever zone the organisation shows it in: in both readings
// of an hour that comes twice, beside one that is left out, in both seasons and in the years 1900 to 2200.
func TestInstantsInEveryZone(t *testing.T) {
	all, checked, m := zones(t), 0, moduleOf(t, record.Event)
	for _, zone := range all {
		var times []time.Time
		for y := 1901; y <= 2200; y += 13 {
			times = append(times, time.Date(y, 1, 15, 23, 30, 0, 0, time.UTC), time.Date(y, 7, 15, 0, 30, 0, 0, time.UTC))
		}
		_, change := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC).In(zone).ZoneBounds()
		_, next := change.In(zone).ZoneBounds()
		for _, at := range []time.Time{change, next} {
			for _, d := range []time.Duration{-time.Hour, -time.Minute, 0, 30 * time.Minute, time.Hour} {
				if !at.IsZero() {
					times = append(times, at.Add(d))
				}
			}
		}
		for _, start := range times {
			want := record.FormatSpan(start, start.Add(45*time.Minute))
			d := m.draftIn(zone, want)
			checked++
			if got := whenOf(t, m, answered(t, d, zone, zone, false)); got != want {
				t.Errorf("in %s %s comes back as %s", zone, want, got)
			}
		}
	}
	t.Logf("%d instants in %d zones", checked, len(all))
}

// C-12: an edit of the title alone sends no date at all.
func TestATitleSendsNoDates(t *testing.T) {
	m := moduleOf(t, record.Event)
	d := (&applying{collection: &collection{m: m}}).draftOf(record.Patch{record.Title: "New"}, nil, nil)
	for name := range d.out {
		if name != "Event_Title" {
			t.Errorf("%s is sent too", name)
		}
	}
}

// A reminder at a time of day is either at the moment that was meant or refused, also in the hour that comes twice.
func TestRemindersAroundChangesOfTheClock(t *testing.T) {
	sent, refused := 0, 0
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana"} {
		zone := location(t, name)
		for start := time.Date(2026, 10, 20, 0, 15, 0, 0, time.UTC); start.Month() < 12; start = start.Add(30 * time.Minute) {
			for _, minutes := range []int{3601, 5775, 7 * 1440} {
				b, ok := toBefore(minutes, start.In(zone))
				if !ok {
					refused++
					continue
				}
				sent++
				if got, ok := b.minutes(start, zone); !ok || got != minutes {
					t.Errorf("in %s %d minutes before %s come back as %d", name, minutes, start, got)
				}
			}
		}
	}
	if refused == 0 || refused > sent/50 {
		t.Errorf("%d sent, %d refused", sent, refused)
	}
}

// The zone of a person that nobody knows by name still has its offset, and UTC is one.
func TestZoneOfAPerson(t *testing.T) {
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	home := location(t, "Asia/Tokyo")
	for _, c := range []struct {
		who  user
		want string
	}{
		{user{Zone: "America/New_York", Offset: 3600000}, "-0400"}, {user{Zone: "US/Samoa"}, "-1100"}, {user{Zone: "UTC"}, "+0000"},
		{user{Zone: "Nowhere/City", Offset: 19800000}, "+0530"}, {user{Zone: "Nowhere/City"}, "+0000"}, {user{Zone: "Local"}, "+0000"},
		{user{Offset: -34200000}, "-0930"}, {user{}, "+0900"},
	} {
		if got := at.In(c.who.location(home)).Format("-0700"); got != c.want {
			t.Errorf("%+v: %s, want %s", c.who, got, c.want)
		}
	}
}
