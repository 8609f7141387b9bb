package object

import (
	"archive/zip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// dbZone is a zone of the tz database.
type dbZone struct {
	name   string
	loc    *time.Location
	spans  []span // from firstYear to lastYear, rising
	footer string // the rule for all later years, as POSIX writes it
}

// span is a time during which clocks keep one offset.
type span struct {
	from, until time.Time // zero: since ever, for ever
	offset      time.Duration
}

const firstYear, lastYear = 1900, 2200

// tzdb lists every name of the tz database that Go carries, the same one as in the program.
func tzdb(t testing.TB) []*dbZone {
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
	var out []*dbZone
	for i, f := range z.File {
		if i%everyZone != 0 || strings.HasSuffix(f.Name, "/") || f.Name == "Factory" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		zone := &dbZone{name: f.Name, loc: location(t, f.Name), footer: footer(data)}
		zone.spans = spansOf(zone.loc)
		out = append(out, zone)
	}
	if len(out)*everyZone < 590 {
		t.Fatalf("only %d zones", len(out))
	}
	return out
}

func footer(data []byte) string {
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	return lines[len(lines)-1]
}

// spansOf lists the offsets of a zone. ZoneBounds ends a span with the year, and in leap years a day before that.
func spansOf(loc *time.Location) []span {
	var out []span
	for t := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC); t.Year() <= lastYear; {
		from, until := t.In(loc).ZoneBounds()
		_, seconds := t.In(loc).Zone()
		offset := time.Duration(seconds) * time.Second
		if n := len(out); n > 0 && out[n-1].offset == offset {
			out[n-1].until = until.UTC()
		} else {
			out = append(out, span{from.UTC(), until.UTC(), offset})
		}
		if until.IsZero() {
			break
		}
		if !until.After(t) {
			until = t.Add(48 * time.Hour)
		}
		t = until
	}
	return out
}

// sampled says whether tests look at a change: at all up to 2040, and in one year of twenty of the rules that go on.
func sampled(t time.Time) bool { return t.Year() <= 2040 || t.Year()%20 == 0 }

// instant finds by trial when clocks show wall: the first time, or for an hour left out with the offset before it.
func (z *dbZone) instant(wall time.Time) time.Time {
	i, _ := slices.BinarySearchFunc(z.spans, wall.Add(-48*time.Hour), func(s span, t time.Time) int { return s.from.Compare(t) })
	gap := time.Time{}
	for _, s := range z.spans[max(0, i-2):] {
		t := wall.Add(-s.offset)
		switch {
		case t.Before(s.from):
			return gap
		case s.until.IsZero() || t.Before(s.until):
			return t
		}
		gap = t
	}
	return gap
}

// walls are times of day around the changes of a zone, by the clock before and by the clock after, and two a year apart
// from them. Each is given to f.
func (z *dbZone) walls(f func(wall time.Time)) {
	for i, s := range z.spans[1:] {
		if !sampled(s.from) {
			continue
		}
		for _, offset := range []time.Duration{z.spans[i].offset, s.offset} {
			for _, d := range []time.Duration{-25 * time.Hour, -time.Hour, -time.Second, 0, time.Second, 29 * time.Minute, time.Hour - time.Second, time.Hour, 3 * time.Hour, 25 * time.Hour} {
				f(s.from.Add(offset + d))
			}
		}
	}
	for y := firstYear; y < lastYear; y += 10 {
		f(time.Date(y, time.January, 15, 9, 30, 0, 0, time.UTC))
		f(time.Date(y, time.July, 15, 9, 30, 0, 0, time.UTC))
		f(time.Date(y, time.February, 29, 23, 59, 59, 0, time.UTC))
	}
}

// python runs a script of Python 3 and returns what it prints. Exit 3 means that a module is missing.
func python(t *testing.T, script, stdin string) string {
	t.Helper()
	program := "/usr/bin/python3" // the one that has Debian's modules
	if _, err := os.Stat(program); err != nil {
		t.Skip("no Python here")
	}
	c := exec.Command(program, "-c", script)
	c.Stdin = strings.NewReader(stdin)
	out, err := c.Output()
	if c.ProcessState != nil && c.ProcessState.ExitCode() == 3 {
		t.Skip("a module of Python is missing here")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, err.(*exec.ExitError).Stderr)
	}
	return string(out)
}
