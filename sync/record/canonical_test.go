package record

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var types = []Type{Line, Text, Email, Date, Instant, Span, Address, List, Emails, Minutes, Choice, Identity}

// texts are any strings, with those that formats trip over far more often than chance gives.
func texts() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"", " ", "\t", "\n", "\r\n", "\r", "\\", ";", ",", "/", "a", "Ä", "é", "e\u0301", "日本", "🎉", "\u00a0", "\u2028", "\u0085", "\v", "\x00", "-", "15", "2026-03-29", "T01:30:00Z", "@"}),
		rapid.String(),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 6), func(p []string) string { return strings.Join(p, "") })
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct {
		t        Type
		in, want string
	}{
		{Line, " a  b\tc\r\nd ", "a  b c d"},
		{Line, " outer ", "outer"},
		{Line, "\n", ""},
		{Text, "\r\n a\r\nb\rc \n", "a\nb\nc"},
		{Text, " \t\n", ""},
		{Text, "a \n b", "a \n b"},
		{Email, " Zoë@Example.COM\n", "zoë@example.com"},
		{Address, " Street ; City;;; ", "Street;City;;;"},
		{Address, ` a\;b ;c\\`, `a\;b;c\\`},
		{Address, ";;;;", ""},
		{List, "b;a; b ;;c", "a;b;c"},
		{List, `x\;y;x`, `x;x\;y`},
		{Emails, "B@x.org;a@x.org;b@X.org", "a@x.org;b@x.org"},
		{Minutes, "60;5;x;-1;5;015", "5;15;60"},
		{Minutes, "x", ""},
		{Choice, " in_progress ", "in_progress"},
		{Date, " 2026-03-29\n", "2026-03-29"},
		{Identity, " 123 ", "123"},
		{Text, "a\x00b\x1bc\x7fd\ve\ff\ufffe\uffffg", "abcd\ne\nfg"},
		{Line, "a\x00b\vc\u2028\u0085d", "ab c\u2028\u0085d"},
		{Text, "Jos\xe9", "Jos\ufffd"},
		{List, "a\x01;\x02", "a"},
	} {
		if got := Canonical(c.t, c.in); got != c.want {
			t.Errorf("Canonical(%s, %q) = %q, want %q", c.t, c.in, got, c.want)
		}
	}
}

func TestCanonicalOfCanonicalIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ, v := rapid.SampledFrom(types).Draw(t, "type"), texts().Draw(t, "value")
		once := Canonical(typ, v)
		if twice := Canonical(typ, once); twice != once {
			t.Fatalf("Canonical(%s, %q) = %q, and again %q", typ, v, once, twice)
		}
		if strings.ContainsRune(once, '\r') {
			t.Fatalf("Canonical(%s, %q) = %q holds a carriage return", typ, v, once)
		}
		if typ != Text && typ != Address && typ != List && typ != Emails && strings.ContainsAny(once, "\n\t") {
			t.Fatalf("Canonical(%s, %q) = %q is not one line", typ, v, once)
		}
	})
}

// Sets do not depend on the order or the number of their parts.
func TestCanonicalSetsHaveNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom([]Type{List, Emails, Minutes}).Draw(t, "type")
		parts := rapid.SliceOf(texts()).Draw(t, "parts")
		shuffled := rapid.Permutation(slices.Concat(parts, parts)).Draw(t, "shuffled")
		if a, b := Canonical(typ, Join(parts...)), Canonical(typ, Join(shuffled...)); a != b {
			t.Fatalf("%q and %q for the same set", a, b)
		}
	})
}

func TestSplitUndoesJoin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(texts()).Draw(t, "parts")
		joined := Join(parts...)
		got := Split(joined)
		if strings.Join(parts, "") == "" {
			if joined != "" || got != nil {
				t.Fatalf("empty parts make %q, split into %q", joined, got)
			}
			return
		}
		if !slices.Equal(got, parts) {
			t.Fatalf("Split(Join(%q)) = %q", parts, got)
		}
	})
}

// Split takes any text, also one that Join never makes.
func TestSplitOfAnything(t *testing.T) {
	for in, want := range map[string][]string{
		"":       nil,
		"a":      {"a"},
		";":      {"", ""},
		`a\`:     {`a\`},
		`a\b`:    {"ab"},
		`a\\;b`:  {`a\`, "b"},
		`a\;b;c`: {"a;b", "c"},
	} {
		if got := Split(in); !slices.Equal(got, want) {
			t.Errorf("Split(%q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := texts().Draw(t, "value")
		if again := Split(Join(Split(v)...)); strings.Join(Split(v), "") != "" && !slices.Equal(again, Split(v)) {
			t.Fatalf("%q splits into %q, joined and split again %q", v, Split(v), again)
		}
	})
}

func TestSpans(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	berlin := time.FixedZone("", 2*60*60)
	if got, want := FormatSpan(at("2026-03-29T01:30:00.9Z").In(berlin), at("2026-03-29T02:00:00Z")), "2026-03-29T01:30:00Z/2026-03-29T02:00:00Z"; got != want {
		t.Errorf("FormatSpan = %q, want %q", got, want)
	}
	day := at("2026-02-28T00:00:00Z")
	for _, c := range []struct {
		end  time.Time
		want string
	}{
		{day.AddDate(0, 0, 3), "2026-02-28/2026-03-03"},
		{day, "2026-02-28/2026-03-01"},
		{day.AddDate(0, 0, -5), "2026-02-28/2026-03-01"},
		{time.Time{}, "2026-02-28/2026-03-01"},
	} {
		if got := FormatDays(day, c.end); got != c.want {
			t.Errorf("FormatDays(%v, %v) = %q, want %q", day, c.end, got, c.want)
		}
	}
	for v, want := range map[string]struct{ allDay, ok bool }{
		"2026-02-28/2026-03-01":                     {true, true},
		"2026-02-28T08:00:00Z/2026-02-28T09:00:00Z": {false, true},
		"":                                {false, false},
		"2026-02-28":                      {false, false},
		"2026-02-30/2026-03-01":           {true, false},
		"2026-02-28/2026-02-28T09:00:00Z": {true, false},
		"2026-02-28T08:00:00/2026-02-28T09:00:00":             {false, false},
		"2026-02-28T08:00:00+01:00/2026-02-28T09:00:00+01:00": {false, false},
	} {
		if _, _, allDay, ok := ParseSpan(v); allDay != want.allDay && ok || ok != want.ok {
			t.Errorf("ParseSpan(%q) = all day %v, ok %v, want %v", v, allDay, ok, want)
		}
	}
}

// dates are instants of whole seconds in any year that a calendar holds.
func dates() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(-2_000_000_000, 4_000_000_000), func(s int64) time.Time { return time.Unix(s, 0).UTC() })
}

func TestParseSpanUndoesFormat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := dates().Draw(t, "start"), dates().Draw(t, "end")
		start, end, allDay, ok := ParseSpan(FormatSpan(a, b))
		if !ok || allDay || !start.Equal(a) || !end.Equal(b) {
			t.Fatalf("instants %v/%v read as %v/%v, all day %v, ok %v", a, b, start, end, allDay, ok)
		}
		start, end, allDay, ok = ParseSpan(FormatDays(a, b))
		if !ok || !allDay || start.Format(DateLayout) != a.Format(DateLayout) || !end.After(start) {
			t.Fatalf("days %v/%v read as %v/%v, all day %v, ok %v", a, b, start, end, allDay, ok)
		}
	})
}

func TestTimes(t *testing.T) {
	for _, c := range []struct {
		kind       Kind
		r          Record
		start, end string
	}{
		{Event, Record{When: "2026-05-04T08:00:00Z/2026-05-04T09:00:00Z"}, "2026-05-04T08:00:00Z", "2026-05-04T09:00:00Z"},
		{Event, Record{When: "2026-05-04/2026-05-06"}, "2026-05-04T00:00:00Z", "2026-05-06T00:00:00Z"},
		{Task, Record{Due: "2026-12-31"}, "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
		{Task, Record{}, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
		{Event, Record{When: "soon"}, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
		{Contact, Record{Birthday: "1984-02-29"}, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
	} {
		if start, end := c.r.Times(c.kind); FormatInstant(start) != c.start || FormatInstant(end) != c.end {
			t.Errorf("Times of %v = %v, %v, want %s, %s", c.r, start, end, c.start, c.end)
		}
	}
}
