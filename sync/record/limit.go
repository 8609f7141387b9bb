package record

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limit says what a service can hold in one field. The zero Limit holds everything.
type Limit struct {
	Max       int           // longest value in code points; 0: any
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
	switch {
	case t == Address && len(l.Parts) > 0:
		parts := Split(v)
		for i := range parts {
			if i < len(l.Parts) {
				parts[i] = cut(parts[i], l.Parts[i])
			}
		}
		return Canonical(t, Join(parts...))
	case t == Span:
		return l.heldSpan(v)
	case t == Instant:
		return l.heldInstant(v)
	}
	return Canonical(t, cut(v, l.Max))
}

func (l Limit) heldSpan(v string) string {
	start, end, allDay, ok := ParseSpan(v)
	switch {
	case !ok || allDay:
		return v
	case l.DateOnly:
		return FormatDays(start.Truncate(24*time.Hour), end.Truncate(24*time.Hour))
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

func cut(v string, max int) string {
	if max <= 0 || utf8.RuneCountInString(v) <= max {
		return v
	}
	return string([]rune(v)[:max])
}

// Fits says whether the service takes v as it is: not too long and one of the choices. Rounding of times is no misfit.
func (l Limit) Fits(t Type, v string) bool {
	if len(l.Choices) > 0 && v != "" && !slices.Contains(l.Choices, v) {
		return false
	}
	if t == Address && len(l.Parts) > 0 {
		for i, p := range Split(v) {
			if i < len(l.Parts) && utf8.RuneCountInString(p) > l.Parts[i] {
				return false
			}
		}
		return true
	}
	return l.Max <= 0 || utf8.RuneCountInString(v) <= l.Max
}

// Same says whether a, held under limit la, and b, held under lb, are one value: when either is what the other's
// service would hold of it. Otherwise a value cut on one side would overwrite the whole one on the other.
func Same(t Type, a string, la Limit, b string, lb Limit) bool {
	return a == b || lb.Held(t, a) == b || la.Held(t, b) == a || strings.TrimSpace(a) == strings.TrimSpace(b)
}
