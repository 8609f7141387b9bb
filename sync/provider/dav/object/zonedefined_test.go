package object

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zohosync/sync/contentline"
	"zohosync/sync/record"
)

func parsed(t testing.TB, definition string) zone {
	t.Helper()
	f, err := contentline.Parse([]byte("BEGIN:VCALENDAR\r\n" + definition + "\r\nEND:VCALENDAR\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	z := definedZone(f.Roots()[0].Children("VTIMEZONE")[0])
	if z == nil {
		t.Fatalf("not understood:\n%s", definition)
	}
	return z
}

func observanceLines(kind string, start time.Time, from, to time.Duration, more ...string) string {
	lines := append([]string{"BEGIN:" + kind, "DTSTART:" + start.Format(wallLayout), "TZOFFSETFROM:" + offsetText(from), "TZOFFSETTO:" + offsetText(to)}, more...)
	return strings.Join(append(lines, "END:"+kind), "\r\n")
}

func definition(parts ...string) string {
	return "BEGIN:VTIMEZONE\r\nTZID:%ID%\r\n" + strings.Join(parts, "\r\n") + "\r\nEND:VTIMEZONE"
}

// Every zone of the tz database, written down as single dates (RDATE) with every offset that it ever had, is read as
// that zone again: odd seconds, jumps over a whole day and summer time below standard time (Dublin) included.
func TestDefinitionsByDates(t *testing.T) {
	checked, onsets := 0, 0
	for _, z := range tzdb(t) {
		var parts []string
		byChange := map[[2]time.Duration][]time.Time{}
		for i, s := range z.spans[1:] {
			if s.from.Year() < 2040 {
				change := [2]time.Duration{z.spans[i].offset, s.offset}
				byChange[change] = append(byChange[change], s.from.Add(change[0]))
				onsets++
			}
		}
		for change, walls := range byChange {
			var dates []string
			for _, w := range walls[1:] {
				dates = append(dates, w.Format(wallLayout))
			}
			var more []string
			if len(dates) > 0 {
				more = append(more, "RDATE;VALUE=DATE-TIME:"+strings.Join(dates, ","))
			}
			parts = append(parts, observanceLines("STANDARD", walls[0], change[0], change[1], more...))
		}
		if len(parts) == 0 {
			continue
		}
		found := parsed(t, definition(parts...))
		checked++
		for _, s := range z.spans {
			for _, at := range []time.Time{s.from.Add(-time.Second), s.from, s.from.Add(time.Second)} {
				if want := locationZone(z.loc)(at); at.Year() >= firstYear && at.Year() < 2039 && found(at) != want {
					t.Errorf("%s at %s: %s, want %s", z.name, at, found(at), want)
				}
			}
		}
	}
	t.Logf("%d definitions with %d dates", checked, onsets)
}

// posixRule is one half of the changes of a zone by POSIX, such as M10.5.0/3: the last Sunday of October at 3:00.
type posixRule struct{ month, week, day, seconds int }

// rule returns the RRULE of it, and the first onset after 1970; false where it is too odd for one.
func (p posixRule) rule() (string, time.Time, bool) {
	shift, clock := 0, p.seconds
	for ; clock < 0; clock += 86400 {
		shift--
	}
	for ; clock >= 86400; clock -= 86400 {
		shift++
	}
	low, high := 7*(p.week-1)+1+shift, 7*p.week+shift
	if p.week == 5 {
		low, high = -7+shift, -1+shift
	}
	if low < 0 && high >= 0 || low <= 0 && p.week < 5 || high > 28 {
		return "", time.Time{}, false
	}
	var days []string
	for d := low; d <= high; d++ {
		days = append(days, strconv.Itoa(d))
	}
	weekday := time.Weekday((p.day + shift + 35) % 7)
	first := time.Date(1970, time.Month(p.month), 1, 0, 0, clock, 0, time.UTC)
	for ; ; first = first.AddDate(0, 0, 1) {
		length := time.Date(1970, first.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
		d := first.Day()
		if first.Weekday() == weekday && (slices.Contains(days, strconv.Itoa(d)) || slices.Contains(days, strconv.Itoa(d-length-1))) {
			break
		}
	}
	rule := fmt.Sprintf("RRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=%s", p.month, strings.ToUpper(weekday.String()[:2]))
	switch {
	case shift != 0:
		rule += ";BYMONTHDAY=" + strings.Join(days, ",")
	case p.week == 5:
		rule = strings.Replace(rule, "BYDAY=", "BYDAY=-1", 1)
	default:
		rule = strings.Replace(rule, "BYDAY=", "BYDAY="+strconv.Itoa(p.week), 1)
	}
	return rule, first, true
}

// Every rule by which a zone of the tz database goes on for ever, written as RRULE, is read as that zone again.
func TestDefinitionsByRules(t *testing.T) {
	checked, odd := 0, 0
	for _, z := range tzdb(t) {
		parts := strings.Split(z.footer, ",")
		if len(parts) != 3 {
			continue
		}
		winter, summer := locationZone(z.loc)(time.Date(2060, 1, 15, 0, 0, 0, 0, time.UTC)), locationZone(z.loc)(time.Date(2060, 7, 15, 0, 0, 0, 0, time.UTC))
		var lines []string
		for _, p := range parts[1:] {
			rule, clock, timed := strings.Cut(p, "/")
			var r posixRule
			if n, err := fmt.Sscanf(rule, "M%d.%d.%d", &r.month, &r.week, &r.day); n != 3 || err != nil {
				t.Fatalf("%s: %s", z.name, z.footer)
			}
			r.seconds = 2 * 3600
			if timed {
				h, m, _ := strings.Cut(clock, ":")
				hours, err := strconv.Atoi(h)
				minutes, _ := strconv.Atoi(m)
				if err != nil {
					t.Fatal(err)
				}
				r.seconds = hours*3600 + minutes*60
			}
			text, first, ok := r.rule()
			if !ok {
				continue
			}
			from, to := winter, summer
			if r.month > 6 {
				from, to = summer, winter
			}
			lines = append(lines, observanceLines("DAYLIGHT", first, from, to, text))
		}
		if len(lines) != 2 {
			odd++
			continue
		}
		checked++
		found := parsed(t, definition(lines...))
		for _, s := range z.spans[1:] {
			for _, at := range []time.Time{s.from.Add(-time.Second), s.from, s.from.Add(time.Hour)} {
				if want := locationZone(z.loc)(at); at.Year() > 2040 && found(at) != want {
					t.Errorf("%s at %s: %s, want %s\n%s", z.name, at, found(at), want, strings.Join(lines, "\n"))
				}
			}
		}
	}
	if checked*everyZone < 150 || odd > 10 {
		t.Errorf("%d checked, %d too odd", checked, odd)
	}
	t.Logf("%d zones with rules, to %d; %d too odd for one", checked, lastYear, odd)
}

// Definitions that nobody ever wrote are read as another program reads them: python3-dateutil.
func TestDefinitionsLikeDateutil(t *testing.T) {
	const ask = `
import sys
try:
    from dateutil.tz import tzical
except ImportError:
    sys.exit(3)
import io, datetime
blocks = sys.stdin.read().split('\x00')
for block in blocks:
    if not block: continue
    text, walls = block.split('\x01')
    zone = tzical(io.StringIO(text)).get()
    for w in walls.split():
        d = datetime.datetime.strptime(w, '%Y%m%dT%H%M%S').replace(tzinfo=zone)
        print(int(d.utcoffset().total_seconds()))
`
	const definitions, walls = 300, 50
	rnd := rand.New(rand.NewPCG(1, 2)) // the same times in every run
	var in strings.Builder
	var zones []zone
	var texts []string
	var asked [][]time.Time
	for i := range definitions {
		text := strings.ReplaceAll(definition(randomParts().Example(i)...), "%ID%", "Odd")
		z := parsed(t, text)
		var times []time.Time
		in.WriteString(text + "\x01")
		for range walls {
			w := time.Date(1971+rnd.IntN(130), time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28), rnd.IntN(24), 17, 0, 0, time.UTC)
			// Within a day of a change the two may mean different readings of the same hour.
			if at := z.instant(w); z(at.Add(-30*time.Hour)) == z(at) && z(at.Add(30*time.Hour)) == z(at) {
				times = append(times, w)
				in.WriteString(w.Format(wallLayout) + " ")
			}
		}
		in.WriteString("\x00")
		zones, texts, asked = append(zones, z), append(texts, text), append(asked, times)
	}
	answers := strings.Fields(python(t, ask, in.String()))
	n := 0
	for i, times := range asked {
		for _, w := range times {
			got := w.Sub(zones[i].instant(w))
			if n >= len(answers) {
				t.Fatal("too few answers")
			}
			if want, err := strconv.Atoi(answers[n]); err != nil || got != time.Duration(want)*time.Second {
				t.Errorf("at %s %s, dateutil says %s\n%s", w.Format(wallLayout), got, answers[n], texts[i])
			}
			n++
		}
	}
	if n < definitions*walls/2 {
		t.Errorf("only %d times compared", n)
	}
	t.Logf("%d generated definitions at %d times compared with dateutil", definitions, n)
}

// randomParts are observances of a zone that never was: onsets by rule with COUNT, UNTIL or INTERVAL, or by dates, with
// offsets of odd minutes and seconds.
func randomParts() *rapid.Generator[[]string] {
	return rapid.Custom(func(r *rapid.T) []string {
		offset := func() time.Duration {
			return time.Duration(rapid.IntRange(-12*3600, 14*3600).Draw(r, "offset")) * time.Second
		}
		winter, summer := offset(), offset()
		half := func(kind string, month int, from, to time.Duration) string {
			start := time.Date(1970, time.Month(month), rapid.IntRange(1, 28).Draw(r, "day"), rapid.IntRange(0, 23).Draw(r, "hour"), rapid.IntRange(0, 59).Draw(r, "minute"), 0, 0, time.UTC)
			var more []string
			switch rapid.IntRange(0, 5).Draw(r, "rule") {
			case 0:
				more = []string{fmt.Sprintf("RRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", month, rapid.SampledFrom([]int{-2, -1, 1, 2, 3, 4}).Draw(r, "nth"), weekdayWord(r))}
			case 1:
				more = []string{fmt.Sprintf("RRULE:FREQ=YEARLY;BYMONTH=%d;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=%s", month, weekdayWord(r))}
			case 2:
				more = []string{fmt.Sprintf("RRULE:FREQ=YEARLY;INTERVAL=%d;BYMONTHDAY=%d;BYMONTH=%d", rapid.IntRange(1, 4).Draw(r, "interval"), rapid.SampledFrom([]int{-3, -1, 1, 28}).Draw(r, "monthday"), month)}
			case 3:
				more = []string{fmt.Sprintf("RRULE:FREQ=YEARLY;BYYEARDAY=%d", rapid.SampledFrom([]int{60, 100, -300, -200}).Draw(r, "yearday"))}
			case 4:
				more = []string{fmt.Sprintf("RRULE:FREQ=YEARLY;UNTIL=%d0101T000000Z", rapid.IntRange(1972, 2090).Draw(r, "until"))}
			case 5:
				more = []string{fmt.Sprintf("RDATE:%d%s,%d%s", 1980, start.Format("0102T150405"), 2030, start.Format("0102T150405"))}
			}
			if strings.Contains(more[0], "FREQ") && !strings.Contains(more[0], "UNTIL") && rapid.Bool().Draw(r, "counted") {
				more[0] += fmt.Sprintf(";COUNT=%d", rapid.IntRange(2, 60).Draw(r, "count"))
			}
			if strings.Contains(more[0], "BY") { // the rule itself says when it first holds, or the two would count differently
				return observanceLines(kind, firstOnset(r, strings.TrimPrefix(more[0], "RRULE:"), start), from, to, more...)
			}
			return observanceLines(kind, start, from, to, more...)
		}
		return []string{half("STANDARD", 10, summer, winter), half("DAYLIGHT", 3, winter, summer)}
	})
}

func weekdayWord(r *rapid.T) string {
	return rapid.SampledFrom([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}).Draw(r, "weekday")
}

func firstOnset(r *rapid.T, rule string, start time.Time) time.Time {
	only, _, _ := strings.Cut(rule, ";COUNT")
	year := observance{start: time.Date(1970, 1, 1, start.Hour(), start.Minute(), 0, 0, time.UTC)}
	parsed, ok := parseOnsetRule(only, year)
	if !ok || len(parsed.in(1970)) == 0 {
		r.Fatalf("no rule: %s", rule)
	}
	return parsed.in(1970)[0]
}

// A zone that only the object knows moves an event like any other: by its own clocks, in its own name, and with its
// definition as it stands, whatever the name looks like.
func TestMovesInADefinedZone(t *testing.T) {
	c := codec(t, record.Event)
	for _, id := range []string{"Own", "My: zone, here; there", "(UTC+01:00) Berlin", "GMT+0100", "Zoné/with/slashes", `back\slash`} {
		in := withZone(id, "20260715", berlinZone)
		line := strings.TrimSuffix(in[strings.Index(in, "DTSTART;TZID"):], "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
		for _, s := range []string{"2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z", "2026-12-31T23:30:00Z", "2150-07-01T10:00:00Z"} {
			start, err := time.Parse(record.InstantLayout, s)
			if err != nil {
				t.Fatal(err)
			}
			out := edited(t, c, in, record.Patch{record.When: record.FormatSpan(start, start)})
			wall := start.In(location(t, "Europe/Berlin")).Format(wallLayout)
			wantChanges(t, in, out, append(stamps(), "-"+line, "+"+strings.Replace(line, "20260715T120000", wall, 1), "+SEQUENCE:1")...)
		}
	}
}
