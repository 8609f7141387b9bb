package object

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// touched lists the lines that an edit of a field may change, besides the stamps.
func touched(f record.Field) []string {
	switch f {
	case record.When:
		return []string{"DTSTART", "DTEND", "DURATION", "SEQUENCE"}
	case record.Due:
		return []string{"DUE", "DURATION", "DTSTART"}
	case record.Reminder, record.Reminders:
		return []string{"TRIGGER", reminderLine}
	case record.Status:
		return []string{"STATUS", "COMPLETED", "PERCENT-COMPLETE", statusLine}
	case record.Priority:
		return []string{"PRIORITY", priorityLine}
	case record.Participants:
		return []string{"ATTENDEE"}
	case record.Categories:
		return []string{"CATEGORIES"}
	case record.Salutation, record.FirstName, record.LastName:
		return []string{"N", "FN"}
	case record.Account, record.Department:
		return []string{"ORG", "X-ABLabel", "FN"}
	case record.EmailMain, record.EmailOther:
		return []string{"EMAIL", "X-ABLabel", "FN"}
	case record.Phone, record.Mobile, record.HomePhone, record.OtherPhone, record.Fax, record.AssistantPhone:
		return []string{"TEL", "X-ABLabel"}
	case record.MailingAddress, record.OtherAddress:
		return []string{"ADR", "X-ABLabel", "X-ABADR"}
	case record.Birthday:
		return []string{"BDAY"}
	case record.Assistant:
		return []string{"X-MS-ASSISTANT", "X-ASSISTANT", "X-EVOLUTION-ASSISTANT"}
	case record.ReportsTo:
		return []string{"X-MS-MANAGER", "X-MANAGER", "X-EVOLUTION-MANAGER"}
	case record.Venue:
		return []string{"LOCATION"}
	case record.Subject:
		return []string{"SUMMARY"}
	}
	return nil
}

// names lists the lines that an edit of this field of this kind may change.
func names(k record.Kind, f record.Field) []string {
	list := append(touched(f), "DTSTAMP", "LAST-MODIFIED", "REV")
	switch {
	case f == record.Title && k == record.Event:
		list = append(list, "SUMMARY")
	case f == record.Title:
		list = append(list, "TITLE")
	case f == record.Details && k == record.Contact:
		list = append(list, "NOTE")
	case f == record.Details:
		list = append(list, "DESCRIPTION", "X-ALT-DESC", "STYLED-DESCRIPTION")
	}
	return list
}

// newValues are what each field is set to.
func newValues(k record.Kind, f record.Field) []string {
	switch record.Lookup(k, f).Type {
	case record.Span:
		return []string{"2031-03-05T08:15:00Z/2031-03-05T09:45:00Z", "2031-03-05/2031-03-07"}
	case record.Date:
		return []string{"2031-03-05", ""}
	case record.Instant:
		return []string{"2031-03-05T08:15:00Z", ""}
	case record.Minutes:
		return []string{"7;1440", ""}
	case record.Choice:
		return append(slices.Clone(record.Lookup(k, f).Codes), "Own word")
	case record.Address:
		return []string{"9 New St;New, Town;NT;99;Nowhere", ""}
	case record.List:
		return []string{"new, word;other", ""}
	case record.Emails, record.Email:
		return []string{"new@new.example", ""}
	}
	return []string{"A new value, long enough to be folded: " + strings.Repeat("é; ", 20) + ".", ""}
}

// others returns every line that an edit of the field may not touch, as bytes in their order; for reminders without
// the alarms that are whole in only one of two objects.
func others(t *testing.T, b, other []byte, f record.Field, allowed []string) string {
	t.Helper()
	file, err := contentline.Parse(b)
	if err != nil || file.Flaw != nil {
		t.Fatalf("cannot be read again: %v, %v\n%s", err, file.Flaw, b)
	}
	var out, alarm strings.Builder
	inside := false
	for l := range file.Lines() {
		inside = inside || f == record.Reminders && l.Is("BEGIN") && strings.EqualFold(l.Value, "VALARM")
		switch {
		case inside:
			alarm.WriteString(l.Raw())
			if l.Is("END") && strings.EqualFold(l.Value, "VALARM") {
				if bytes.Contains(other, []byte(alarm.String())) {
					out.WriteString(alarm.String())
				}
				inside = false
				alarm.Reset()
			}
		case l.Name == "" || !slices.ContainsFunc(allowed, l.Is):
			out.WriteString(l.Raw())
		}
	}
	return out.String()
}

// sameOthers says whether an edit of the field changed none but its own lines.
func sameOthers(t *testing.T, k record.Kind, f record.Field, in, out []byte) bool {
	t.Helper()
	allowed := names(k, f)
	if f == record.Reminder {
		f = record.Reminders
	}
	return others(t, in, out, f, allowed) == others(t, out, in, f, allowed)
}

// After a patch of each field of each object of the corpus, only that field's lines and the stamps are different, and
// reading gives the new value and all other fields as they were.
func TestCorpusIsEditedLineByLine(t *testing.T) {
	objects, edits, series := 0, 0, 0
	skipped := map[string]int{}
	err := filepath.WalkDir(corpus(t), func(path string, d fs.DirEntry, err error) error {
		if ext := strings.ToLower(filepath.Ext(path)); err != nil || d.IsDir() || ext != ".ics" && ext != ".vcf" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, one := range singles(t, b) {
			for _, k := range record.Kinds {
				c := codec(t, k)
				if _, skip := c.Read("a", one); skip != nil {
					if skip.Err.Code == provider.CodeRecurring {
						series++
						edits += editSeries(t, path, c, one)
					} else if skip.Err.Code != provider.CodeOtherKind {
						skipped[skip.Err.Error()]++
					}
					continue
				}
				objects++
				edits += editObject(t, path, c, one)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d objects and %d series, %d edits", objects, series, edits)
	for reason, n := range skipped {
		t.Logf("skipped %d: %s", n, reason)
	}
	if objects == 0 {
		t.Error("nothing was read")
	}
}

// singles cuts a file into objects as a server would hold them: an item each, with the zones of its calendar.
func singles(t *testing.T, b []byte) [][]byte {
	t.Helper()
	f, err := contentline.Parse(b)
	if err != nil || f.Flaw != nil {
		return nil
	}
	var out [][]byte
	for i, root := range f.Roots() {
		if root.Name == "VCARD" && len(f.Roots()) == 1 {
			return [][]byte{b}
		}
		if root.Name != "VCALENDAR" {
			continue
		}
		items := 0
		for _, c := range root.Children("") {
			if c.Name != "VTIMEZONE" {
				items++
			}
		}
		const most = 40 // of a file with hundreds of items a part must do
		for n := range max(1, items) {
			if len(out) == most {
				return out
			}
			g, err := contentline.Parse(b)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, only(g, i, n))
		}
	}
	return out
}

// only returns root i of a file with item n of it alone.
func only(f *contentline.File, i, n int) []byte {
	root := f.Roots()[i]
	at := -1
	for _, c := range root.Children("") {
		if c.Name == "VTIMEZONE" {
			continue
		}
		if at++; at != n {
			root.RemoveComponent(c)
		}
	}
	inside := 0
	var b bytes.Buffer
	count := -1
	for l := range f.Lines() {
		if l.Is("BEGIN") {
			if inside == 0 {
				count++
			}
			inside++
		}
		if inside > 0 && count == i {
			b.WriteString(l.Raw())
		}
		if l.Is("END") {
			inside--
		}
	}
	return b.Bytes()
}

func editObject(t *testing.T, path string, c Codec, in []byte) int {
	t.Helper()
	before, _ := c.Read("a", in)
	edits := 0
	for _, f := range record.FieldsOf(c.Kind) {
		for _, v := range newValues(c.Kind, f) {
			out, err := c.Edit(in, record.Patch{f: v})
			if err != nil {
				// A name may be the only thing that a card has.
				wantCode(t, err, provider.CodeMandatory, record.LastName)
				continue
			}
			edits++
			after, skip := c.Read("a", out)
			if skip != nil {
				t.Errorf("%s: %s: not read again: %v", path, f, skip.Err)
				continue
			}
			want := before.Record.With(record.Patch{f: v})
			moved := c.Kind == record.Task && f == record.Due // an alarm before the due time moves with it
			for _, g := range record.FieldsOf(c.Kind) {
				if after.Record[g] != want[g] && !(moved && g == record.Reminder) {
					t.Errorf("%s: after %s=%q: %s is %q, want %q", path, f, v, g, after.Record[g], want[g])
				}
			}
			if !sameOthers(t, c.Kind, f, in, out) {
				t.Errorf("%s: %s=%q changed other lines:\n%s\nwas\n%s", path, f, v, out, in)
			}
		}
	}
	return edits
}

// editSeries makes the same edits in the first component of a series, which Edit itself leaves alone.
func editSeries(t *testing.T, path string, c Codec, in []byte) int {
	t.Helper()
	edits := 0
	for _, f := range record.FieldsOf(c.Kind) {
		for _, v := range newValues(c.Kind, f) {
			o, _ := c.open(in)
			if _, err := o.edit(record.Patch{f: v}); err != nil {
				t.Errorf("%s: %s: %v", path, f, err)
				continue
			}
			edits++
			if !sameOthers(t, c.Kind, f, in, o.file.Bytes()) {
				t.Errorf("%s: %s=%q changed other lines of a series", path, f, v)
			}
		}
	}
	return edits
}
