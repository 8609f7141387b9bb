package record

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func records() *rapid.Generator[Record] {
	return rapid.Map(rapid.MapOfN(rapid.SampledFrom([]Field{Title, When, Venue, Details, "zoho:Custom"}), rapid.SampledFrom([]string{"", "a", "b", "c\nd"}), 0, 5),
		func(m map[Field]string) Record { return m })
}

// equal compares records the way the program does: an absent field and an empty one are equal.
func equal(a, b Record) bool { return maps.Equal(a.With(nil), b.With(nil)) }

func TestDiffAndWith(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := records().Draw(t, "a"), records().Draw(t, "b")
		before := maps.Clone(a)
		p := Diff(a, b)
		if !equal(a.With(p), b) {
			t.Fatalf("%v with %v is %v, want %v", a, p, a.With(p), b)
		}
		if !maps.Equal(a, before) {
			t.Fatalf("With changed its receiver from %v to %v", before, a)
		}
		if d := Diff(a, a); len(d) != 0 {
			t.Fatalf("%v differs from itself by %v", a, d)
		}
		if equal(a, b) != (len(p) == 0) {
			t.Fatalf("%v and %v differ by %v", a, b, p)
		}
		for f, v := range p {
			if a[f] == v {
				t.Fatalf("the patch from %v to %v sets %s to what it is", a, b, f)
			}
		}
		if again := a.With(p).With(p); !equal(again, b) {
			t.Fatalf("carried out twice, %v makes %v", p, again)
		}
		for f, v := range a.With(p) {
			if v == "" {
				t.Fatalf("field %s is there and empty", f)
			}
		}
	})
}

// Patches of different fields do not stand in each other's way.
func TestPatchesOfDifferentFieldsMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := records().Draw(t, "record")
		p, q := Patch{Title: "left"}, Patch{Venue: "", Details: "right"}
		if !equal(r.With(p).With(q), r.With(q).With(p)) {
			t.Fatalf("%v depends on the order of its patches", r)
		}
	})
}

func TestOnly(t *testing.T) {
	r := Record{Title: "a", Venue: "", Details: "b"}
	if got, want := r.Only([]Field{Title, Venue, When}), (Record{Title: "a"}); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := r.Only(nil); got == nil || len(got) != 0 {
		t.Errorf("got %v, want an empty record", got)
	}
}

func TestWindowHolds(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 5, d, 0, 0, 0, 0, time.UTC) }
	w := Window{From: day(10), Until: day(20)}
	for _, c := range []struct {
		name       string
		w          Window
		start, end time.Time
		want       bool
	}{
		{"no time", w, time.Time{}, time.Time{}, true},
		{"inside", w, day(12), day(13), true},
		{"around", w, day(1), day(30), true},
		{"over the beginning", w, day(9), day(11), true},
		{"over the end", w, day(19), day(21), true},
		{"before", w, day(1), day(2), false},
		{"after", w, day(25), day(26), false},
		{"begins with the window", w, day(10), day(11), true},
		{"ends where the window begins", w, day(9), day(10), false},
		{"a moment where the window begins", w, day(10), day(10), true},
		{"begins where the window ends", w, day(20), day(21), false},
		{"without an end", w, day(12), time.Time{}, true},
		{"without an end, before", w, day(9), time.Time{}, false},
		{"without an end, where the window begins", w, day(10), time.Time{}, true},
		{"no window", Window{}, day(12), day(13), true},
		{"only from", Window{From: day(10)}, day(25), day(26), true},
		{"only from, before", Window{From: day(10)}, day(1), day(2), false},
		{"only until", Window{Until: day(20)}, day(1), day(2), true},
		{"only until, after", Window{Until: day(20)}, day(20), day(21), false},
	} {
		if got := c.w.Holds(c.start, c.end); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestRevise(t *testing.T) {
	base := Revise(Record{Title: "a", Venue: "b"}, "x", "y")
	for name, same := range map[string]Revision{
		"order of extra": Revise(Record{Title: "a", Venue: "b"}, "y", "x"),
		"an empty field": Revise(Record{Title: "a", Venue: "b", Details: ""}, "x", "y"),
	} {
		if same != base {
			t.Errorf("%s changes the revision", name)
		}
	}
	for name, other := range map[string]Revision{
		"another value":      Revise(Record{Title: "A", Venue: "b"}, "x", "y"),
		"exchanged values":   Revise(Record{Title: "b", Venue: "a"}, "x", "y"),
		"a field less":       Revise(Record{Title: "a"}, "x", "y"),
		"extra less":         Revise(Record{Title: "a", Venue: "b"}, "x"),
		"extra joined":       Revise(Record{Title: "a", Venue: "b"}, "xy"),
		"extra joined by 0":  Revise(Record{Title: "a", Venue: "b"}, "x\x00y"),
		"extra twice":        Revise(Record{Title: "a", Venue: "b"}, "x", "x", "y"),
		"an empty extra":     Revise(Record{Title: "a", Venue: "b"}, "x", "y", ""),
		"value with a field": Revise(Record{Title: "a\x00" + string(Venue) + "\x00b"}, "x", "y"),
	} {
		if other == base {
			t.Errorf("%s does not change the revision", name)
		}
	}
	extra := []string{"y", "x"}
	Revise(nil, extra...)
	if !slices.Equal(extra, []string{"y", "x"}) {
		t.Error("Revise sorts its argument")
	}
}

func TestReviseTellsRecordsApart(t *testing.T) {
	content := rapid.MapOfN(rapid.SampledFrom([]Field{Title, Venue}), texts(), 0, 2)
	rapid.Check(t, func(t *rapid.T) {
		a, b := Record(content.Draw(t, "a")), Record(content.Draw(t, "b"))
		x, y := rapid.SliceOfN(texts(), 0, 2).Draw(t, "x"), rapid.SliceOfN(texts(), 0, 2).Draw(t, "y")
		slices.Sort(x)
		slices.Sort(y)
		if got, want := Revise(a, x...) == Revise(b, y...), equal(a, b) && slices.Equal(x, y); got != want {
			t.Fatalf("%q %q and %q %q: equal revisions %v, want %v", a, x, b, y, got, want)
		}
	})
}

func TestFieldsTable(t *testing.T) {
	type row struct {
		k Kind
		f Field
	}
	seen := map[row]bool{}
	labels := map[Kind]map[string]bool{}
	for _, d := range Fields {
		at := row{d.Kind, d.Field}
		if labels[d.Kind] == nil {
			labels[d.Kind] = map[string]bool{}
		}
		switch {
		case !slices.Contains(Kinds, d.Kind):
			t.Errorf("%v: no such kind", at)
		case !slices.Contains(types, d.Type):
			t.Errorf("%v: no such type %q", at, d.Type)
		case d.Label == "" || labels[d.Kind][d.Label]:
			t.Errorf("%v: the label %q is empty or stands twice", at, d.Label)
		case seen[at]:
			t.Errorf("%v stands twice", at)
		case (d.Type == Choice) != (len(d.Codes) > 0):
			t.Errorf("%v: type %s with %d codes", at, d.Type, len(d.Codes))
		}
		seen[at], labels[d.Kind][d.Label] = true, true
		if got := Lookup(d.Kind, d.Field); got.Label != d.Label || got.Type != d.Type {
			t.Errorf("%v is looked up as %v", at, got)
		}
		if slices.Contains(FieldsOf(d.Kind), d.Field) == d.Filter {
			t.Errorf("%v: filter %v, in a mapping %v", at, d.Filter, !d.Filter)
		}
		for _, c := range d.Codes {
			if Canonical(Choice, c) != c {
				t.Errorf("%v: code %q is not canonical", at, c)
			}
		}
	}
	if d := Lookup(Contact, "zoho:Custom"); d.Type != Line || d.Label != "zoho:Custom" {
		t.Errorf("a custom field is looked up as %v", d)
	}
	if d := Lookup(Task, Birthday); d.Type != Line {
		t.Errorf("a field of another kind is looked up as %v", d)
	}
}

func TestName(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		r    Record
		want string
	}{
		{Event, Record{Title: "Meeting", Subject: "no"}, "Meeting"},
		{Task, Record{Title: "no", Subject: "Call"}, "Call"},
		{Contact, Record{FirstName: "Zoë", LastName: "Ång", EmailMain: "z@x.org"}, "Zoë Ång"},
		{Contact, Record{LastName: "Ång", EmailMain: "z@x.org"}, "Ång"},
		{Contact, Record{FirstName: "Zoë", EmailMain: "z@x.org"}, "Zoë"},
		{Contact, Record{EmailMain: "z@x.org"}, "z@x.org"},
		{Contact, Record{}, ""},
	} {
		if got := c.r.Name(c.kind); got != c.want {
			t.Errorf("name of %v: %q, want %q", c.r, got, c.want)
		}
	}
}
