package contentline

import (
	"io"
	"mime/quotedprintable"
	"strings"
)

// Escape writes text as a value (RFC 5545 section 3.3.11, RFC 6350 section 3.4).
func Escape(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", `\n`).Replace(s)
}

// Unescape reads a text value. A backslash before a character that needs none stays, as in C:\temp, except before a
// colon, which some programs escape.
func Unescape(v string) string {
	if !strings.Contains(v, `\`) {
		return v
	}
	var b strings.Builder
	b.Grow(len(v))
	for i := 0; i < len(v); i++ {
		if v[i] != '\\' || i+1 == len(v) {
			b.WriteByte(v[i])
			continue
		}
		switch i++; v[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ';', ',', ':':
			b.WriteByte(v[i])
		default:
			b.WriteByte('\\')
			b.WriteByte(v[i])
		}
	}
	return b.String()
}

// Split cuts a value at every sep without a backslash before it. The parts are still escaped; "" has one empty part.
func Split(v string, sep byte) []string {
	var parts []string
	from := 0
	for i := 0; i < len(v); i++ {
		switch v[i] {
		case '\\':
			i++
		case sep:
			parts = append(parts, v[from:i])
			from = i + 1
		}
	}
	return append(parts, v[from:])
}

// Join puts parts together that Split, or Escape, made. A backslash that escapes nothing, at the end of a part, is escaped
// itself: before sep it would take the next part into its own.
func Join(parts []string, sep byte) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteByte(sep)
		}
		b.WriteString(p)
		if ends := len(p) - len(strings.TrimRight(p, `\`)); ends%2 == 1 && i < len(parts)-1 {
			b.WriteByte('\\')
		}
	}
	return b.String()
}

// WithPart returns a structured value (N, ADR, ORG) in which part i is the given text; the other parts keep their
// spelling. Empty parts are added where the value is shorter.
func WithPart(v string, i int, text string) string {
	parts := Split(v, ';')
	for len(parts) <= i {
		parts = append(parts, "")
	}
	parts[i] = Escape(text)
	return Join(parts, ';')
}

// DecodeQuotedPrintable reads a value of ENCODING=QUOTED-PRINTABLE as bytes in the line's CHARSET. Where it is broken
// it is kept as it stands.
func DecodeQuotedPrintable(v string) string {
	out, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(v)))
	if err != nil {
		return v
	}
	return string(out)
}

// What a parameter value cannot hold even in quotes (RFC 6868).
var (
	paramEncoder = strings.NewReplacer("^", "^^", "\r\n", "^n", "\n", "^n", "\r", "^n", `"`, "^'")
	paramDecoder = strings.NewReplacer("^^", "^", "^n", "\n", "^N", "\n", "^'", `"`)
)

// encodeParam writes a parameter value, in quotes where it needs them.
func encodeParam(v string) string {
	v = paramEncoder.Replace(v)
	if strings.ContainsAny(v, ":;, \t") {
		return `"` + v + `"`
	}
	return v
}

func decodeParam(v string) string {
	if !strings.Contains(v, "^") {
		return v
	}
	return paramDecoder.Replace(v)
}
