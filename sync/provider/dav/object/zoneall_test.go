package object

import (
	"strings"
	"testing"
	"time"

	"zohosync/sync/record"
)

// C-10: in every zone there is, what clocks show is taken for the right instant: also around every change of the clock
// since 1900, in the hour that comes twice and in the one that is left out.
func TestEveryWallClockOfEveryZone(t *testing.T) {
	zones, checked := tzdb(t), 0
	for _, z := range zones {
		found := databaseZone(z.name)
		if found == nil {
			t.Errorf("%s is not known", z.name)
			continue
		}
		z.walls(func(wall time.Time) {
			checked++
			if got, want := found.instant(wall), z.instant(wall); !got.Equal(want) {
				t.Errorf("%s: %s is %s, want %s", z.name, wall.Format(wallLayout), got, want)
			}
		})
	}
	t.Logf("%d zones of the tz database, %d times of day from %d to %d", len(zones), checked, firstYear, lastYear)
}

// C-10, C-11, C-12: in every zone, an event that a person moves in the CRM, to either season or
// around a change of the clock, is at that instant afterwards. Its TZID stays, with the time that the clocks there show,
// and so does everything else. Only the second reading of an hour that comes twice is written in UTC, as RFC 5545 has no
// way to say it in a zone.
func TestMovesInEveryZone(t *testing.T) {
	c := codec(t, record.Event)
	moves, inUTC := 0, 0
	for _, z := range tzdb(t) {
		name := z.name
		body := event("SUMMARY:Old", "DTSTART;TZID="+name+";X-A=1:20260115T100000", "DTEND;X-B=2;TZID="+name+":20260115T110000")
		for _, start := range z.moves() {
			end := start.Add(90 * time.Minute)
			out := edited(t, c, body, record.Patch{record.When: record.FormatSpan(start, end)})
			moves++
			if !z.says(start) || !z.says(end) {
				inUTC++
				wantLines(t, out, "DTSTART;X-A=1:"+start.Format(utcLayout), "DTEND;X-B=2:"+end.Format(utcLayout))
				continue
			}
			wantLines(t, out, "DTSTART;TZID="+name+";X-A=1:"+start.In(z.loc).Format(wallLayout), "DTEND;X-B=2;TZID="+name+":"+end.In(z.loc).Format(wallLayout))
			titled := edited(t, c, out, record.Patch{record.Title: "New"})
			wantChanges(t, out, titled, "-SUMMARY:Old", "+SUMMARY:New")
		}
	}
	if inUTC == 0 {
		t.Error("no second reading was tried")
	}
	t.Logf("%d moves, %d of them to the second reading of an hour that comes twice", moves, inUTC)
}

// moves are instants to which a person may move an event: both seasons, and around two changes of the clock after 2000.
func (z *dbZone) moves() []time.Time {
	out := []time.Time{time.Date(2026, 1, 20, 9, 0, 0, 0, time.UTC), time.Date(2026, 7, 20, 9, 0, 0, 0, time.UTC),
		time.Date(1901, 2, 28, 23, 0, 0, 0, time.UTC), time.Date(2028, 2, 29, 12, 0, 0, 0, time.UTC), time.Date(2199, 7, 1, 9, 0, 0, 0, time.UTC)}
	changes := 0
	for _, s := range z.spans {
		if s.from.Year() < 2000 {
			continue
		}
		for _, d := range []time.Duration{-time.Hour, -30 * time.Minute, 0, 30 * time.Minute} {
			out = append(out, s.from.Add(d))
		}
		if changes++; changes == 2 {
			break
		}
	}
	return out
}

// says reports whether the clocks of a zone tell an instant from every other one.
func (z *dbZone) says(t time.Time) bool {
	_, offset := t.In(z.loc).Zone()
	return z.instant(t.Add(time.Duration(offset) * time.Second)).Equal(t)
}

func wantLines(t testing.TB, body string, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if !strings.Contains(body, "\r\n"+l+"\r\n") {
			t.Errorf("no line %s in\n%s", l, body)
		}
	}
}

// C-10: the season in which the program runs has no say: objects written in January and in July differ in their stamps
// alone, and the events of both seasons, north and south, are where they were.
func TestTheSeasonOfTheClockHasNoSay(t *testing.T) {
	january, july := codec(t, record.Event), codec(t, record.Event)
	january.Now = func() time.Time { return time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC) }
	july.Now = func() time.Time { return time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC) }
	for _, name := range []string{"Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Sydney", "Pacific/Auckland", "Asia/Kolkata", "Africa/Casablanca"} {
		for _, day := range []string{"20260110", "20260710"} {
			in := event("SUMMARY:Old", "DTSTART;TZID="+name+":"+day+"T100000", "DTEND;TZID="+name+":"+day+"T110000")
			want, err := time.ParseInLocation(wallLayout, day+"T100000", location(t, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range []record.Patch{{record.Title: "New"}, {record.When: "2026-02-01T08:00:00Z/2026-02-01T09:00:00Z"}, {record.When: "2026-08-01T08:00:00Z/2026-08-01T09:00:00Z"}} {
				a, b := edited(t, january, in, p), edited(t, july, in, p)
				if b = strings.ReplaceAll(b, "20260715T120000Z", "20260115T120000Z"); a != b {
					t.Errorf("January writes\n%s\nand July\n%s", a, b)
				}
			}
			for _, c := range []Codec{january, july} {
				if got := read(t, c, in).Record[record.When]; got != record.FormatSpan(want, want.Add(time.Hour)) {
					t.Errorf("%s on %s: %s", name, day, got)
				}
			}
		}
	}
}
