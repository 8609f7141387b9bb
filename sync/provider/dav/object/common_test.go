package object

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// noon is when every edit in these tests happens.
func noon() time.Time { return time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) }

const noonUTC = "20260304T120000Z"

func codec(t testing.TB, k record.Kind) Codec {
	t.Helper()
	return Codec{Kind: k, Fields: record.FieldsOf(k), Zone: location(t, "Europe/Berlin"), Now: noon}
}

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func text(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n" }

func calendar(name string, lines ...string) string {
	lines = append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//X//Y//EN", "BEGIN:" + name, "UID:u1", "DTSTAMP:20200101T000000Z"}, lines...)
	return text(append(lines, "END:"+name, "END:VCALENDAR")...)
}

func event(lines ...string) string { return calendar("VEVENT", lines...) }

func task(lines ...string) string { return calendar("VTODO", lines...) }

func vcard(version string, lines ...string) string {
	return text(append(append([]string{"BEGIN:VCARD", "VERSION:" + version, "UID:u1"}, lines...), "END:VCARD")...)
}

func read(t testing.TB, c Codec, body string) record.Item {
	t.Helper()
	item, skip := c.Read("/cal/a.ics", []byte(body))
	if skip != nil {
		t.Fatalf("not read: %v\n%s", skip.Err, body)
	}
	return item
}

// edited carries out a patch and checks that exactly its fields are different afterwards.
func edited(t testing.TB, c Codec, body string, p record.Patch) string {
	t.Helper()
	before := read(t, c, body)
	out, err := c.Edit([]byte(body), p)
	if err != nil {
		t.Fatalf("Edit: %v\n%s", err, body)
	}
	after := read(t, c, string(out))
	if want := before.Record.With(p); !maps.Equal(after.Record, want) {
		t.Errorf("after the edit the record is\n%v\nwant\n%v\nin\n%s", after.Record, want, out)
	}
	return string(out)
}

// changes lists the lines that are only in one of two texts: "-old", "+new".
func changes(old, fresh string) []string {
	count := map[string]int{}
	for l := range strings.SplitSeq(fresh, "\r\n") {
		count[l]++
	}
	var out []string
	for l := range strings.SplitSeq(old, "\r\n") {
		if count[l]--; count[l] < 0 {
			out = append(out, "-"+l)
		}
	}
	for l := range strings.SplitSeq(fresh, "\r\n") {
		if count[l] > 0 {
			count[l]--
			out = append(out, "+"+l)
		}
	}
	return out
}

// stamps are the changes that every edit of a calendar object in these tests makes.
func stamps() []string {
	return []string{"-DTSTAMP:20200101T000000Z", "+DTSTAMP:" + noonUTC, "+LAST-MODIFIED:" + noonUTC}
}

func wantChanges(t testing.TB, old, fresh string, want ...string) {
	t.Helper()
	got := changes(old, fresh)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("changed lines\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func wantCode(t testing.TB, err error, code string, f record.Field) {
	t.Helper()
	var e *provider.ItemError
	if !errors.As(err, &e) || e.Code != code || e.Field != f {
		t.Errorf("got %v, want %s (%s)", err, code, f)
	}
}

// corpus returns the folder of real objects: ZOHOSYNC_CORPUS, or corpus in the folder shared beside the project.
func corpus(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("ZOHOSYNC_CORPUS"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, gone := os.Stat(filepath.Join(dir, "go.mod")); gone == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	shared := os.Getenv("ZOHOSYNC_SHARED")
	if shared == "" {
		shared = filepath.Join(filepath.Dir(dir), "shared")
	}
	if _, err := os.Stat(filepath.Join(shared, "corpus")); err != nil {
		t.Skip("no corpus here; ZOHOSYNC_CORPUS names a folder of .ics and .vcf files")
	}
	return filepath.Join(shared, "corpus")
}
