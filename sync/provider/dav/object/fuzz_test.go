package object

import (
	"strings"
	"testing"

	"zohosync/sync/record"
)

// Whatever a server sends: no panic, exactly one of item and skip, and an edit of what was read can be read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(event("DTSTART;TZID=X:20260701T100000", "DURATION:P1D", "ATTENDEE:mailto:a", "CATEGORIES:a,b", "BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM")))
	f.Add([]byte(inZone(berlinZone, "20261025T023000")))
	f.Add([]byte(task("DTSTART:20260701T100000Z", "DURATION:P1D", "PRIORITY:1", "X-ZOHO-PRIORITY:highest", "BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM")))
	f.Add([]byte(vcard("2.1", "N;ENCODING=QUOTED-PRINTABLE:a=", ";b", "TEL;WORK:1", "TEL:2")))
	f.Add([]byte(vcard("4.0", "FN:a b", "item1.ADR;PREF=1:;;a", "item1.X-ABLabel:x", "EMAIL;X-ZOHO-FIELD=none:b", "BDAY:--0102")))
	f.Add([]byte(with(weekly("EXDATE:20260323T090000Z", "RDATE;VALUE=PERIOD:20260502T060000Z/PT3H"), "RECURRENCE-ID;RANGE=THISANDFUTURE:20260330T080000Z", "DTSTART:20260401T080000Z")))
	codecs := []Codec{codec(f, record.Event), codec(f, record.Task), codec(f, record.Contact)}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, c := range codecs {
			item, skip := c.Read("a", in)
			if (skip == nil) != (item.ID != "") {
				t.Fatalf("item %+v and skip %+v", item, skip)
			}
			fuzzSeries(t, c, in)
			if skip != nil {
				continue
			}
			if again, _ := c.Read("a", in); again.Revision != item.Revision {
				t.Fatal("two revisions of one object")
			}
			for _, f := range record.FieldsOf(c.Kind) {
				for _, v := range []string{"", "2026-07-01", "2026-10-25T00:30:00Z/2026-10-25T01:30:00Z", strings.Repeat("é;\n", 40)} {
					out, err := c.Edit(in, record.Patch{f: v})
					if err != nil {
						continue
					}
					if _, skip := c.Read("a", out); skip != nil {
						t.Fatalf("%s=%q: cannot be read again: %v\n%q", f, v, skip.Err, out)
					}
				}
			}
		}
	})
}

// fuzzSeries edits and deletes the first occurrences of whatever repeats.
func fuzzSeries(t *testing.T, c Codec, in []byte) {
	l := c.List(group, in, year(t))
	if !l.Series || len(l.Items) == 0 {
		return
	}
	for _, it := range l.Items[:min(3, len(l.Items))] {
		g, skip := c.Open(group, in)
		if skip != nil {
			t.Fatalf("listed and not opened: %v", skip.Err)
		}
		if err := g.Edit(it.ID, record.Patch{record.Title: "new", record.Subject: "new"}, "m"); err != nil {
			continue
		}
		if again, err := g.Item(it.ID); err != nil || again.Slot != it.Slot {
			t.Fatalf("%s is lost by an edit: %v", it.Slot, err)
		}
		if err := g.Delete(it.ID); err != nil {
			t.Fatalf("%s cannot be deleted: %v", it.Slot, err)
		}
		if _, err := g.Item(it.ID); err == nil {
			t.Fatalf("%s is there after it was deleted\n%s", it.Slot, in)
		}
	}
}
