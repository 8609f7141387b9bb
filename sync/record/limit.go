package record

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limit says what a service can hold in one field. The zero Limit holds everything.
type Limit struct {
	Max       int           // longest text in code points, of a List or Emails the longest part; 0: any
	Parts     []int         // the same for each part of an Address
	Unit      time.Duration // instants are rounded down to it; 0: whole seconds
	DateOnly  bool          // of a Span or Instant only the dates are held
	ReadOnly  bool          // the field cannot be written
	Mandatory bool          // an item cannot be created without it
	Choices   []string      // the only values; empty: any
}

// Held returns what the service would hold of v: cut, rounded, trimmed. It is for comparing only: nothing is ever cut
// before it is sent.
func (l Limit) Held(t Type, v string) string {
	switch t {
	case Span:
		return l.heldSpan(v)
	case Instant:
		return l.heldInstant(v)
	}
	return Canonical(t, l.cut(t, v))
}

// cut shortens v to what the service has room for. Half a date or half a number would be another value, so those are
// left whole.
func (l Limit) cut(t Type, v string) string {
	switch t {
	case Line, Text, Email, Choice, Identity:
		return firstRunes(v, l.Max)
	case Address, List, Emails:
		parts := Split(v)
		for i := range parts {
			switch {
			case t != Address:
				parts[i] = firstRunes(parts[i], l.Max)
			case i < len(l.Parts):
				parts[i] = firstRunes(parts[i], l.Parts[i])
			}
		}
		return Join(parts...)
	}
	return v
}

// firstRunes returns the first n code points of v; 0: all of them.
func firstRunes(v string, n int) string {
	if n <= 0 || utf8.RuneCountInString(v) <= n {
		return v
	}
	return string([]rune(v)[:n])
}

func (l Limit) heldSpan(v string) string {
	start, end, allDay, ok := ParseSpan(v)
	switch {
	case !ok || allDay:
		return v
	case l.DateOnly:
		// Every day that the span touches is held, as the end of whole days is not included.
		return FormatDays(start, end.Add(24*time.Hour-time.Second))
	case l.Unit > 0:
		return FormatSpan(start.Truncate(l.Unit), end.Truncate(l.Unit))
	}
	return v
}

func (l Limit) heldInstant(v string) string {
	at, err := time.Parse(InstantLayout, v)
	switch {
	case err != nil:
		return v
	case l.DateOnly:
		return at.Format(DateLayout)
	case l.Unit > 0:
		return FormatInstant(at.Truncate(l.Unit))
	}
	return v
}

// Fits says whether the service takes v, a canonical value, as it is: not too long and one of the choices. Rounding of
// times is no misfit.
func (l Limit) Fits(t Type, v string) bool {
	if len(l.Choices) > 0 && v != "" {
		words := []string{v}
		if t == List {
			words = Split(v)
		}
		for _, w := range words {
			if !slices.Contains(l.Choices, w) {
				return false
			}
		}
	}
	return l.cut(t, v) == v
}

// Same says whether a, held under limit la, and b, held under lb, are one value: when either is what the other's
// service would hold of it. Otherwise a value cut on one side would overwrite the whole one on the other. Words of a List
// are one whatever their case: the CRM has a tag once, as it was spelled first.
func Same(t Type, a string, la Limit, b string, lb Limit) bool {
	if a == b || lb.Held(t, a) == b || la.Held(t, b) == a || strings.TrimSpace(a) == strings.TrimSpace(b) {
		return true
	}
	return t == List && folded(a) == folded(b)
}

func folded(list string) string { return Canonical(List, strings.ToLower(list)) }
