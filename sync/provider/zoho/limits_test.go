package zoho

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

// ofLength makes a value of a field that is n code points long, or has a part of that length.
func ofLength(t record.Type, part, n int, letter string) string {
	long := strings.Repeat(letter, n)
	switch t {
	case record.Address:
		parts := make([]string, partsOfAddress)
		parts[part] = long
		return record.Join(parts...)
	case record.List:
		return record.Canonical(t, record.Join("short", long))
	case record.Email:
		const domain = "@example.com"
		return strings.Repeat("a", n-len(domain)) + domain
	}
	return long
}

// sizes lists the lengths of a field that have a limit: one, or one for each part of an address.
func sizes(l record.Limit) []int {
	if len(l.Parts) > 0 {
		return l.Parts
	}
	if l.Max > 0 && len(l.Choices) == 0 {
		return []int{l.Max}
	}
	return nil
}

// Every field of every kind at its limit, in letters of one, two and four bytes: what fits arrives whole, one letter more
// is told and never sent, and the other fields of the same write arrive.
func TestEveryFieldAtItsLimit(t *testing.T) {
	tried := 0
	for name, kind := range kinds {
		p := newPlace(t, sandbox.Options{})
		c := p.open(t, kind, record.FieldsOf(kind))
		base := map[string]any{"Last_Name": "L", "Subject": "S", "Event_Title": "T", "Start_DateTime": "2026-07-01T10:00:00+02:00", "End_DateTime": "2026-07-01T11:00:00+02:00"}
		beside := map[record.Kind]record.Field{record.Contact: record.Birthday, record.Task: record.Due, record.Event: record.Reminders}[kind]
		for f, l := range c.Info().Limits[kind] {
			def := record.Lookup(kind, f)
			if def.Label == string(f) || l.ReadOnly {
				continue
			}
			for part, most := range sizes(l) {
				letters := []string{"x"}
				if def.Type == record.Line || def.Type == record.Text || def.Type == record.Address || def.Type == record.List {
					letters = []string{"x", "é", "😀"}
				}
				if strings.Contains(string(f), "phone") || f == record.Mobile || f == record.Fax {
					letters = []string{"7"}
				}
				for _, letter := range letters {
					for _, n := range []int{most - 1, most, most + 1} {
						tried++
						id := p.s.Put(name, base)
						v := ofLength(def.Type, part, n, letter)
						w := updating(id, string(f), v)
						w.Patch[beside] = map[record.Field]string{record.Birthday: "1984-02-29", record.Due: "2026-08-01", record.Reminders: "7"}[beside]
						h, err := apply(t, c, w)
						if err != nil || h.done[0].Err != nil {
							t.Fatalf("%s %s of %d: %v, %v", kind, f, n, err, h.done[0].Err)
						}
						found, _, err := c.(*collection).byID(t.Context(), []string{id})
						if err != nil {
							t.Fatal(err)
						}
						it, _ := c.(*collection).item(found[id])
						want := v
						if n > most {
							want = map[record.Field]string{record.LastName: "L", record.Subject: "S", record.Title: map[record.Kind]string{record.Event: "T"}[kind]}[f]
						}
						told := len(h.done[0].Left) == 1 && h.done[0].Left[0].Field == f && h.done[0].Left[0].Code == provider.CodeTooLong && h.done[0].Left[0].Err == nil
						if it.Record[f] != want || told != (n > most) || it.Record[beside] == "" {
							t.Errorf("%s %s of %d %q: holds %d, told %v %v, beside %q", kind, f, n, letter, utf8.RuneCountInString(it.Record[f]), told, h.done[0].Left, it.Record[beside])
						}
					}
				}
			}
		}
	}
	t.Logf("%d values", tried)
	if tried < 150 {
		t.Errorf("only %d values were tried", tried)
	}
}

// Words that a pick list does not have, more people or tags than a record holds, and fields that must have a value.
func TestMisfitsAreToldBeforeSending(t *testing.T) {
	many := func(n int, form string) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(form, i))
		}
		return record.Join(all...)
	}
	for _, c := range []struct {
		kind record.Kind
		f    record.Field
		v    string
		code string
	}{
		{record.Contact, record.Salutation, "Rev.", provider.CodeNoChoice},
		{record.Task, record.Priority, "urgent", provider.CodeNoChoice},
		{record.Task, record.Status, record.Cancelled, provider.CodeNoChoice},
		{record.Contact, record.LastName, "", provider.CodeMandatory},
		{record.Task, record.Subject, "", provider.CodeMandatory},
		{record.Event, record.Title, "", provider.CodeMandatory},
		{record.Event, record.When, "", provider.CodeMandatory},
		{record.Event, record.Participants, many(50, "p%02d@example.com"), ""},
		{record.Event, record.Participants, many(51, "p%02d@example.com"), provider.CodeTooLong},
		{record.Contact, record.Categories, many(10, "tag%02d"), ""},
		{record.Contact, record.Categories, many(11, "tag%02d"), provider.CodeTooLong},
		{record.Contact, record.Birthday, "--02-29", provider.CodeInvalid},
		{record.Event, record.Reminders, "7;90061", provider.CodeInvalid},
	} {
		name := map[record.Kind]string{record.Contact: "Contacts", record.Task: "Tasks", record.Event: "Events"}[c.kind]
		p := newPlace(t, sandbox.Options{})
		id := p.s.Put(name, map[string]any{"Last_Name": "L", "Subject": "S", "Event_Title": "T", "Start_DateTime": "2026-07-01T10:00:00+02:00", "End_DateTime": "2026-07-01T11:00:00+02:00"})
		before := fmt.Sprint(p.s.Record(name, id))
		h, err := apply(t, p.open(t, c.kind, record.FieldsOf(c.kind)), updating(id, string(c.f), c.v))
		var e *provider.ItemError
		if errors.As(h.done[0].Err, &e); err != nil || (e == nil) != (c.code == "") || e != nil && (e.Code != c.code || e.Field != c.f) {
			t.Errorf("%s %s=%q: %v, %v", c.kind, c.f, c.v, err, h.done[0].Err)
		}
		if c.code != "" && fmt.Sprint(p.s.Record(name, id)) != before {
			t.Errorf("%s %s=%q was written", c.kind, c.f, c.v)
		}
	}
}
