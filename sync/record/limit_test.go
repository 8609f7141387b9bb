package record

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func limits() *rapid.Generator[Limit] {
	return rapid.Custom(func(t *rapid.T) Limit {
		l := Limit{
			Max:      rapid.SampledFrom([]int{0, 0, 1, 2, 3, 5, 10}).Draw(t, "max"),
			Unit:     rapid.SampledFrom([]time.Duration{0, time.Minute, 5 * time.Minute}).Draw(t, "unit"),
			DateOnly: rapid.Bool().Draw(t, "dateOnly"),
		}
		if rapid.Bool().Draw(t, "hasParts") {
			l.Parts = rapid.SliceOfN(rapid.IntRange(0, 4), 1, 5).Draw(t, "parts")
		}
		return l
	})
}

// values are values of a type as services make them: canonical, and spans and instants well formed half of the time.
func values(typ Type) *rapid.Generator[string] {
	any := rapid.Map(texts(), func(v string) string { return Canonical(typ, v) })
	switch typ {
	case Span:
		return rapid.OneOf(any, rapid.Custom(func(t *rapid.T) string {
			a, b := dates().Draw(t, "start"), dates().Draw(t, "end")
			if rapid.Bool().Draw(t, "days") {
				return FormatDays(a, b)
			}
			return FormatSpan(a, b)
		}))
	case Instant:
		return rapid.OneOf(any, rapid.Map(dates(), FormatInstant))
	case Address, List, Emails, Minutes:
		return rapid.Map(rapid.SliceOfN(texts(), 0, 5), func(p []string) string { return Canonical(typ, Join(p...)) })
	}
	return any
}

func TestHeld(t *testing.T) {
	for _, c := range []struct {
		l        Limit
		t        Type
		in, want string
	}{
		{Limit{}, Line, "whatever", "whatever"},
		{Limit{Max: 3}, Line, "äöüß", "äöü"},
		{Limit{Max: 4}, Line, "abc def", "abc"},
		{Limit{Max: 3}, Text, "ab\ncd", "ab"},
		{Limit{Parts: []int{3, 2}}, Address, "Street;City;State;;", "Str;Ci;State;;"},
		{Limit{Parts: []int{3}}, Address, `a\;bc;City;;;`, `a\;b;City;;;`},
		{Limit{Unit: time.Minute}, Span, "2026-05-04T08:00:59Z/2026-05-04T09:00:01Z", "2026-05-04T08:00:00Z/2026-05-04T09:00:00Z"},
		{Limit{Unit: time.Minute}, Span, "2026-05-04/2026-05-05", "2026-05-04/2026-05-05"},
		{Limit{DateOnly: true}, Span, "2026-05-04T08:00:00Z/2026-05-04T09:00:00Z", "2026-05-04/2026-05-05"},
		{Limit{DateOnly: true}, Span, "2026-05-04T23:00:00Z/2026-05-05T01:00:00Z", "2026-05-04/2026-05-06"},
		{Limit{DateOnly: true}, Span, "2026-05-04T23:00:00Z/2026-05-05T00:00:00Z", "2026-05-04/2026-05-05"},
		{Limit{Unit: time.Minute}, Instant, "2026-05-04T08:00:59Z", "2026-05-04T08:00:00Z"},
		{Limit{DateOnly: true}, Instant, "2026-05-04T08:00:59Z", "2026-05-04"},
		{Limit{DateOnly: true}, Instant, "never", "never"},
		{Limit{DateOnly: true}, Span, "sometime", "sometime"},
	} {
		if got := c.l.Held(c.t, c.in); got != c.want {
			t.Errorf("%+v holds %q as %q, want %q", c.l, c.in, got, c.want)
		}
	}
}

// What a service holds, it holds.
func TestHeldOfHeldIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom(types).Draw(t, "type")
		l, v := limits().Draw(t, "limit"), values(typ).Draw(t, "value")
		once := l.Held(typ, v)
		if twice := l.Held(typ, once); twice != once {
			t.Fatalf("%+v holds %q as %q, and that as %q", l, v, once, twice)
		}
	})
}

// A value that fits loses no letter, and what is held fits.
func TestHeldAndFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom([]Type{Line, Text, Email, Address, List, Emails}).Draw(t, "type")
		l, v := limits().Draw(t, "limit"), values(typ).Draw(t, "value")
		held := l.Held(typ, v)
		if l.Fits(typ, v) && held != v {
			t.Fatalf("%q fits into %+v, and is held as %q", v, l, held)
		}
		if !l.Fits(typ, held) {
			t.Fatalf("%+v holds %q, which does not fit", l, held)
		}
	})
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		l    Limit
		t    Type
		v    string
		want bool
	}{
		{Limit{}, Line, strings.Repeat("x", 1000), true},
		{Limit{Max: 3}, Line, "äöü", true},
		{Limit{Max: 3}, Line, "äöüß", false},
		{Limit{Choices: []string{"a", "b"}}, Line, "b", true},
		{Limit{Choices: []string{"a", "b"}}, Line, "c", false},
		{Limit{Choices: []string{"a", "b"}}, Line, "", true},
		{Limit{Parts: []int{3, 2}}, Address, `a\;b;Ci;State;;`, true},
		{Limit{Parts: []int{3, 2}}, Address, "Street;Ci;;;", false},
		{Limit{Parts: []int{3, 2}}, Address, "Str;City;;;", false},
		{Limit{Unit: time.Hour}, Span, "2026-05-04T08:00:59Z/2026-05-04T09:00:01Z", true},
	} {
		if got := c.l.Fits(c.t, c.v); got != c.want {
			t.Errorf("%q fits into %+v: %v, want %v", c.v, c.l, got, c.want)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		t    Type
		a    string
		la   Limit
		b    string
		lb   Limit
		want bool
	}{
		{Line, "a", Limit{}, "a", Limit{}, true},
		{Line, "a", Limit{}, "b", Limit{}, false},
		{Line, "", Limit{}, "a", Limit{Max: 5}, false},
		{Line, "long name", Limit{}, "long", Limit{Max: 4}, true},
		{Line, "long", Limit{Max: 4}, "long name", Limit{}, true},
		{Line, "long", Limit{}, "long name", Limit{Max: 4}, false},
		{Line, "long name", Limit{}, "long", Limit{Max: 5}, true}, // cut behind the space, then trimmed
		{Span, "2026-05-04T08:00:30Z/2026-05-04T09:00:00Z", Limit{}, "2026-05-04T08:00:00Z/2026-05-04T09:00:00Z", Limit{Unit: time.Minute}, true},
		{Span, "2026-05-04T08:00:30Z/2026-05-04T09:00:00Z", Limit{}, "2026-05-04T08:00:00Z/2026-05-04T09:00:00Z", Limit{}, false},
		{List, "MEETING;Project", Limit{}, "Project;meeting", Limit{}, true}, // C-28, C-30
		{List, "meeting", Limit{}, "meetings", Limit{}, false},
		{Line, "meeting", Limit{}, "Meeting", Limit{}, false},
	} {
		if got := Same(c.t, c.a, c.la, c.b, c.lb); got != c.want {
			t.Errorf("Same(%q %+v, %q %+v) = %v, want %v", c.a, c.la, c.b, c.lb, got, c.want)
		}
	}
}

func TestSameIsReflexiveAndSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom(types).Draw(t, "type")
		la, lb := limits().Draw(t, "la"), limits().Draw(t, "lb")
		a, b := values(typ).Draw(t, "a"), values(typ).Draw(t, "b")
		if !Same(typ, a, la, a, lb) {
			t.Fatalf("%q is not the same as itself", a)
		}
		if Same(typ, a, la, b, lb) != Same(typ, b, lb, a, la) {
			t.Fatalf("%q and %q are the same only one way round", a, b)
		}
		if held := lb.Held(typ, a); !Same(typ, a, la, held, lb) {
			t.Fatalf("%q and what the other side holds of it, %q, are not the same", a, held)
		}
	})
}

// A value is never cut inside a letter.
func TestHeldIsValidText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := values(Line).Draw(t, "value")
		if held := limits().Draw(t, "limit").Held(Line, v); utf8.ValidString(v) && !utf8.ValidString(held) {
			t.Fatalf("%q is held as %q", v, held)
		}
	})
}
