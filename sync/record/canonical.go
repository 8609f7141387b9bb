package record

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Layouts of canonical dates and instants. Instants are always UTC, of whole seconds.
const (
	DateLayout    = "2006-01-02"
	InstantLayout = "2006-01-02T15:04:05Z"
)

// Canonical writes a value the one way in which equal text means an equal value: line ends are "\n", outer white space
// is gone, a Line has single spaces where it had line ends or tabs, addresses are lower-case, lists are sorted sets, and
// there are no characters that iCalendar, vCard or XML cannot hold. Dates, instants and spans are left as they are: services make them with FormatInstant and FormatSpan.
func Canonical(t Type, v string) string {
	v = clean(v)
	switch t {
	case Text:
		return strings.TrimSpace(v)
	case Email:
		return strings.ToLower(oneLine(v))
	case Address:
		parts := Split(v)
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		return Join(parts...)
	case List, Emails:
		return canonicalSet(t, Split(v))
	case Minutes:
		return canonicalMinutes(Split(v))
	}
	return oneLine(v)
}

// clean gives line ends one form and takes away what no service could hand on: control characters (RFC 5545 section 3.1),
// the two non-characters that XML 1.0 forbids, and bytes that are no text. Word processors write a line end as \v or \f.
func clean(v string) string {
	v = strings.ReplaceAll(v, "\r\n", "\n")
	if utf8.ValidString(v) && !strings.ContainsFunc(v, unwritable) {
		return v
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\v' || r == '\f':
			return '\n'
		case unwritable(r):
			return -1
		}
		return r
	}, v)
}

func unwritable(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff
}

func oneLine(v string) string {
	return strings.TrimSpace(strings.Join(strings.FieldsFunc(v, func(r rune) bool { return r == '\n' || r == '\t' }), " "))
}

func canonicalSet(t Type, parts []string) string {
	var set []string
	for _, p := range parts {
		if p = oneLine(p); t == Emails {
			p = strings.ToLower(p)
		}
		if p != "" {
			set = append(set, p)
		}
	}
	slices.Sort(set)
	return Join(slices.Compact(set)...)
}

func canonicalMinutes(parts []string) string {
	var set []int
	for _, p := range parts {
		if n, err := strconv.Atoi(strings.TrimSpace(p)); err == nil && n >= 0 {
			set = append(set, n)
		}
	}
	slices.Sort(set)
	set = slices.Compact(set)
	out := make([]string, len(set))
	for i, n := range set {
		out[i] = strconv.Itoa(n)
	}
	return Join(out...)
}

// Join makes one value of several parts, divided by semicolons; a backslash stands before one that belongs to a part.
// All parts empty make "". Split takes it apart again.
func Join(parts ...string) string {
	if !slices.ContainsFunc(parts, func(p string) bool { return p != "" }) {
		return ""
	}
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i] = strings.ReplaceAll(strings.ReplaceAll(p, `\`, `\\`), `;`, `\;`)
	}
	return strings.Join(escaped, ";")
}

// Split takes apart what Join made. "" has no parts.
func Split(v string) []string {
	if v == "" {
		return nil
	}
	var parts []string
	var part strings.Builder
	for i := 0; i < len(v); i++ {
		switch {
		case v[i] == '\\' && i+1 < len(v):
			i++
			part.WriteByte(v[i])
		case v[i] == ';':
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteByte(v[i])
		}
	}
	return append(parts, part.String())
}

// FormatInstant writes t as a canonical instant.
func FormatInstant(t time.Time) string { return t.UTC().Format(InstantLayout) }

// FormatSpan writes a span of two instants.
func FormatSpan(start, end time.Time) string { return FormatInstant(start) + "/" + FormatInstant(end) }

// FormatDays writes an all-day span. The end is the day after the last one; an end that is not on a later day than the
// start makes a span of one day.
func FormatDays(start, end time.Time) string {
	from, to := start.Format(DateLayout), end.Format(DateLayout)
	if to <= from {
		to = start.AddDate(0, 0, 1).Format(DateLayout)
	}
	return from + "/" + to
}

// ParseSpan reads a span. The times are UTC; those of an all-day span are midnights. ok is false for anything else.
func ParseSpan(v string) (start, end time.Time, allDay, ok bool) {
	from, to, found := strings.Cut(v, "/")
	if !found {
		return start, end, false, false
	}
	layout := InstantLayout
	if allDay = len(from) == len(DateLayout); allDay {
		layout = DateLayout
	}
	var err1, err2 error
	start, err1 = time.Parse(layout, from)
	end, err2 = time.Parse(layout, to)
	return start, end, allDay, err1 == nil && err2 == nil
}

// Day returns the day by which a person tells an item from others of its name, as 2006-01-02: on which an event begins in a zone,
// or a task is due. "" for an item without a time.
func (r Record) Day(k Kind, zone *time.Location) string {
	start, _ := r.Times(k)
	switch _, _, allDay, _ := ParseSpan(r[When]); {
	case start.IsZero():
		return ""
	case k == Event && !allDay:
		start = start.In(zone)
	}
	return start.Format(DateLayout)
}

// Times returns when an item takes place: an event's span, a task's due day. Both are zero for an item without a time.
func (r Record) Times(k Kind) (start, end time.Time) {
	switch k {
	case Event:
		start, end, _, _ = ParseSpan(r[When])
	case Task:
		if t, err := time.Parse(DateLayout, r[Due]); err == nil {
			start, end = t, t.AddDate(0, 0, 1)
		}
	}
	return start, end
}
