package object

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Every series of the corpus: an edit of one occurrence adds a component or changes lines of its own, a deletion adds one
// line, an undo brings back every byte, and no other occurrence is touched.
func TestCorpusSeriesAreWrittenByOccurrence(t *testing.T) { // C-16, C-19
	series, writes := 0, 0
	refused := map[string]int{}
	err := filepath.WalkDir(corpus(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".ics") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, one := range seriesIn(t, b) {
			for _, k := range []record.Kind{record.Event, record.Task} {
				c := codec(t, k)
				w := around(t, one)
				l := c.List(group, one, w)
				switch {
				case len(l.Skipped) > 0 && l.Skipped[0].Err.Code != provider.CodeOtherKind:
					refused[l.Skipped[0].Err.Error()]++
				case l.Series && l.Whole:
					series++
					writes += writeSeries(t, filepath.Base(path), c, string(one), w, l)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d series, %d occurrences edited, deleted and restored; refused: %v", series, writes, refused)
	if series < 20 {
		t.Error("too few series were read")
	}
}

// seriesIn cuts a file into objects of one UID each, those that repeat.
func seriesIn(t *testing.T, b []byte) [][]byte {
	t.Helper()
	uids := map[string]bool{}
	f, err := contentline.Parse(b)
	if err != nil || f.Flaw != nil || len(f.Roots()) != 1 || f.Legacy() {
		return nil
	}
	uid := func(c *contentline.Component) string {
		if l := c.First("UID"); l != nil {
			return l.Value
		}
		return ""
	}
	for _, c := range f.Roots()[0].Children("") {
		if recurs(c) && c.Name != "VTIMEZONE" {
			uids[uid(c)] = true
		}
	}
	var out [][]byte
	for u := range uids {
		g, err := contentline.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range g.Roots()[0].Children("") {
			if c.Name != "VTIMEZONE" && uid(c) != u {
				g.Roots()[0].RemoveComponent(c)
			}
		}
		out = append(out, g.Bytes())
	}
	return out
}

// around is a slice of three months after a series begins.
func around(t *testing.T, b []byte) record.Window {
	t.Helper()
	f, err := contentline.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for l := range f.Lines() {
		if v := strings.TrimSpace(l.Value); l.Is("DTSTART") && len(v) >= 8 {
			if at, err := time.Parse(dayLayout, v[:8]); err == nil {
				from = at
			}
		}
	}
	return record.Window{From: from, Until: from.AddDate(0, 3, 0)}
}

func writeSeries(t *testing.T, from string, c Codec, in string, w record.Window, l Listing) int {
	t.Helper()
	name := record.Title
	if c.Kind == record.Task {
		name = record.Subject
	}
	n := 0
	for _, it := range l.Items {
		const most = 6
		if n == most {
			break
		}
		n++
		own := strings.Count(in, "RECURRENCE-ID")
		g := open(t, c, in)
		must(t, g.Edit(it.ID, record.Patch{name: "A new name"}, "crm"))
		edited := bytesOf(t, g)
		siblings(t, from+": edit", c, edited, w, l, it.ID)
		if again, err := g.Item(it.ID); err != nil || again.Record[name] != "A new name" || len(record.Diff(it.Record, again.Record)) != 1 {
			t.Errorf("%s: %s is %v, was %v, %v", from, it.Slot, again.Record, it.Record, err)
		}
		if strings.Count(edited, "RECURRENCE-ID") > own && !inserted(in, edited) {
			t.Errorf("%s: an exception for %s changed other lines:\n%s", from, it.Slot, strings.Join(changes(in, edited), "\n"))
		}
		for _, line := range exceptionLines(t, edited) {
			if slices.Contains([]string{"RRULE", "RDATE", "EXDATE", "EXRULE"}, line) && !strings.Contains(in, line) {
				t.Errorf("%s: %s in an exception", from, line)
			}
		}
		must(t, g.Restore(it.ID, []byte(in), record.Patch(it.Record)))
		if back, err := g.Item(it.ID); err != nil || back.Revision != it.Revision {
			t.Errorf("%s: the edit of %s is not undone: %v", from, it.Slot, err)
		}
		g = open(t, c, in)
		must(t, g.Delete(it.ID))
		out, err := g.Bytes()
		must(t, err)
		if out == nil {
			continue
		}
		siblings(t, from+": delete", c, string(out), w, l, it.ID)
		must(t, g.Restore(it.ID, []byte(in), record.Patch(it.Record)))
		if back, err := g.Item(it.ID); err != nil || back.Revision != it.Revision {
			t.Errorf("%s: the deletion of %s is not undone: %v", from, it.Slot, err)
		}
		if back := bytesOf(t, g); !strings.Contains(in, "RECURRENCE-ID") && back != in {
			t.Errorf("%s: undoing the deletion of %s leaves\n%s", from, it.Slot, strings.Join(changes(in, back), "\n"))
		}
	}
	return n
}

// siblings makes sure that all occurrences but one are what they were.
func siblings(t *testing.T, what string, c Codec, body string, w record.Window, l Listing, but record.ID) {
	t.Helper()
	now := map[record.ID]record.Revision{}
	for _, it := range c.List(group, []byte(body), w).Items {
		now[it.ID] = it.Revision
	}
	for _, it := range l.Items {
		if it.ID != but && now[it.ID] != it.Revision {
			t.Errorf("%s of %s touched %s", what, but, it.ID)
		}
	}
}

// inserted says whether out is in with something put in at one place.
func inserted(in, out string) bool {
	n := 0
	for n < len(in) && in[n] == out[n] {
		n++
	}
	return len(out) > len(in) && strings.HasSuffix(out, in[n:])
}

// exceptionLines lists the names of the lines that stand in components with a RECURRENCE-ID.
func exceptionLines(t *testing.T, body string) (out []string) {
	t.Helper()
	f, err := contentline.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range f.Roots()[0].Children("") {
		if c.First("RECURRENCE-ID") == nil {
			continue
		}
		for l := range c.Lines() {
			out = append(out, strings.ToUpper(l.Name))
		}
	}
	return out
}
