package object

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/record"
)

// withZone is an event at noon of a day, in a zone that its object may define.
func withZone(id, day, definition string) string {
	tzid := id
	if strings.ContainsAny(id, ",:;") {
		tzid = `"` + id + `"`
	}
	body := event("DTSTART;TZID=" + tzid + ":" + day + "T120000")
	if definition == "" {
		return body
	}
	escaped := strings.NewReplacer(`\`, `\\`, ",", `\,`, ";", `\;`).Replace(id)
	return strings.Replace(body, "BEGIN:VEVENT", strings.ReplaceAll(definition, "%ID%", escaped)+"\r\nBEGIN:VEVENT", 1)
}

// noonIn returns the time of day in UTC at which it is noon in a zone, in January and in July of 2026; "" where the
// event cannot be read.
func noonIn(t testing.TB, id, definition string) [2]string {
	t.Helper()
	var out [2]string
	for i, day := range []string{"20260115", "20260715"} {
		item, skip := codec(t, record.Event).Read("a", []byte(withZone(id, day, definition)))
		if skip == nil {
			out[i] = item.Record[record.When][:16]
		}
	}
	return out
}

// noonOf is noonIn by Go's own reading of the tz database.
func noonOf(t testing.TB, zone string) [2]string {
	t.Helper()
	var out [2]string
	for i, month := range []time.Month{1, 7} {
		out[i] = time.Date(2026, month, 15, 12, 0, 0, 0, location(t, zone)).UTC().Format("2006-01-02T15:04")
	}
	return out
}

// fixedRule is a definition without seasons.
func fixedRule(offset string) string {
	return "BEGIN:VTIMEZONE\r\nTZID:%ID%\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:" + offset + "\r\nTZOFFSETTO:" + offset + "\r\nEND:STANDARD\r\nEND:VTIMEZONE"
}

func windowsRows(t testing.TB) [][2]string {
	t.Helper()
	var out [][2]string
	for row := range strings.SplitSeq(strings.TrimSpace(windowsNames), "\n") {
		name, zone, ok := strings.Cut(row, "=")
		if !ok {
			t.Fatalf("no row: %q", row)
		}
		out = append(out, [2]string{name, zone})
	}
	if len(out) < 139 || !slices.IsSortedFunc(out, func(a, b [2]string) int { return strings.Compare(a[0]+"=", b[0]+"=") }) {
		t.Fatalf("%d rows, sorted?", len(out))
	}
	return out
}

// C-12: every zone of Windows is the one of CLDR's table, in any case and behind Exchange's prefix, and also where the
// object defines it by rules that were true once. A definition that is another place altogether counts.
func TestEveryWindowsZone(t *testing.T) {
	rows := windowsRows(t)
	for _, row := range rows {
		name, want := row[0], noonOf(t, row[1])
		for _, id := range []string{name, strings.ToUpper(name), strings.ToLower(name), "tzone://Microsoft/" + name, "/Microsoft/" + name} {
			if got := noonIn(t, id, ""); got != want {
				t.Errorf("%s: %s, want %s", id, got, want)
			}
		}
		winter, _ := time.Parse("2006-01-02T15:04", want[0])
		offset := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC).Sub(winter)
		if got := noonIn(t, name, fixedRule(offsetText(offset))); got != want {
			t.Errorf("%s with an old definition: %s, want %s", name, got, want)
		}
		if got, want := noonIn(t, name, fixedRule("+0317")), [2]string{"2026-01-15T08:43", "2026-07-15T08:43"}; got != want {
			t.Errorf("%s that is somewhere else: %s, want %s", name, got, want)
		}
	}
	if windowsZone("") != "" || windowsZone("Standard Time") != "" || databaseZone("Local") != nil || databaseZone("localtime") != nil || databaseZone("right/Europe/Berlin") != nil {
		t.Error("a name that is none was found")
	}
	t.Logf("%d zones of Windows under 7 names and definitions each", len(rows))
}

func offsetText(d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	return sign + time.Time{}.Add(d).Format("150405")
}

// The table is CLDR's, as the ICU library of this computer knows it too. CLDR 45 and 46 moved two zones of Windows to
// other places of the tz database.
func TestWindowsZonesAreICUs(t *testing.T) {
	const ask = `
import ctypes, glob, re, sys
found = sorted(glob.glob('/usr/lib/*/libicui18n.so.[0-9]*'))
if not found: sys.exit(3)
version = re.search(r'so\.(\d+)', found[0]).group(1)
call = getattr(ctypes.CDLL(found[0]), 'ucal_getTimeZoneIDForWindowsID_' + version)
for line in sys.stdin:
    name = line.rstrip('\n')
    raw = name.encode('utf-16-le')
    text = (ctypes.c_uint16 * len(name)).from_buffer_copy(raw)
    out, err = (ctypes.c_uint16 * 200)(), ctypes.c_int(0)
    n = call(text, len(name), None, out, 200, ctypes.byref(err))
    print(''.join(map(chr, out[:n])))
`
	moved := map[string]string{"Central Asia Standard Time": "Asia/Almaty", "Mountain Standard Time (Mexico)": "America/Chihuahua"}
	rows := windowsRows(t)
	var names strings.Builder
	for _, row := range rows {
		names.WriteString(row[0] + "\n")
	}
	answers := strings.Split(strings.TrimSuffix(python(t, ask, names.String()), "\n"), "\n")
	if len(answers) != len(rows) {
		t.Fatalf("%d answers", len(answers))
	}
	for i, row := range rows {
		if got := answers[i]; got != row[1] && got != moved[row[0]] {
			t.Errorf("%s is %s here and %s to ICU", row[0], row[1], got)
		}
	}
	t.Logf("%d zones of Windows compared with ICU", len(rows))
}

// The names of the tz database count with what programs put before them, in capitals and with spaces, and whatever the
// object's definition says: that is often the rule of another year.
func TestEveryPlaceBehindAPrefix(t *testing.T) {
	checked := 0
	for _, z := range tzdb(t) {
		if !strings.Contains(z.name, "/") || strings.HasPrefix(z.name, "Etc/") {
			continue
		}
		want := noonOf(t, z.name)
		for _, id := range []string{"/mozilla.org/20050126_1/" + z.name, "/freeassociation.sourceforge.net/" + z.name, "/softwarestudio.org/Tzfile/" + z.name, strings.ReplaceAll(z.name, "_", " ")} {
			checked++
			if got := noonIn(t, id, ""); got != want {
				t.Errorf("%s: %s, want %s", id, got, want)
			}
		}
		if got := noonIn(t, z.name, fixedRule("+0317")); got != want {
			t.Errorf("%s with a definition of somewhere else: %s, want %s", z.name, got, want)
		}
	}
	t.Logf("%d names behind prefixes", checked)
}

// A name that looks like a zone without being a place means what the object defines, and only without a definition what
// it looks like. What nobody knows is not guessed.
func TestNamesThatLie(t *testing.T) {
	berlin := noonOf(t, "Europe/Berlin")
	for _, id := range []string{"GMT+0100", "GMT", "UTC", "EST", "(UTC+01:00) Amsterdam, Berlin; Bern", "Etc/GMT+5", "Customized Time Zone", "W. Europe Standard Time 1",
		`back\slash`, "(GMT+01.00) Sarajevo/Warsaw/Zagreb", "tzone://Microsoft/Custom", "/example.com/Own", "Mitteleuropäische Zeit", "CST", "Berlin/Mitte"} {
		if got := noonIn(t, id, berlinZone); got != berlin {
			t.Errorf("%s with the rules of Berlin: %s", id, got)
		}
	}
	for id, zone := range map[string]string{"GMT+0100": "Etc/GMT-1", "UTC+1": "Etc/GMT-1", "gmt-03:00": "Etc/GMT+3", "+05:30": "Asia/Kolkata", "UTC": "Etc/UTC", "EST5EDT": "America/New_York",
		"Etc/GMT+5": "Etc/GMT+5", "EUROPE/BERLIN": "Europe/Berlin", "america/new york": "America/New_York", "/mozilla.org/20050126_1/UTC": "Etc/UTC", "UTC-11": "Etc/GMT+11"} {
		if got, want := noonIn(t, id, ""), noonOf(t, zone); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	for _, id := range []string{"(UTC+01:00) Berlin", "Customized Time Zone", "Nowhere", "Nowhere/At All", "UTC+99", "localtime", "../etc/localtime", "/etc/localtime", "/usr/share/zoneinfo/", "+", "GMT+"} {
		if got := noonIn(t, id, ""); got != [2]string{} {
			t.Errorf("the zone %s was guessed: %s", id, got)
		}
	}
	twice := strings.Replace(withZone("Own", "20260715", fixedRule("+01")), "BEGIN:VEVENT", strings.ReplaceAll(berlinZone, "%ID%", "Own")+"\r\nBEGIN:VEVENT", 1)
	if got := read(t, codec(t, record.Event), twice).Record[record.When]; got[:16] != berlin[1] {
		t.Errorf("a definition that can be read behind one that cannot: %s", got)
	}
}
