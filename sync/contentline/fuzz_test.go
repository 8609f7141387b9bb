package contentline

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever is parsed is written back byte for byte, and a line that is added can be read and taken away again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(card("VERSION:2.1", "NOTE;ENCODING=QUOTED-PRINTABLE:a=", "b", `TEL;TYPE="a,b";X=^n:1`, " 2")))
	f.Add([]byte("\ufeff\nbegin:vcalendar\nBEGIN:VEVENT\nDTSTART;TZID=\"x\"y:1\nEND:VEVENT\nEND:X\nend:vcalendar\r"))
	f.Fuzz(func(t *testing.T, in []byte) {
		file, err := Parse(in)
		if err != nil {
			return
		}
		if !bytes.Equal(file.Bytes(), in) {
			t.Fatalf("written back as %q", file.Bytes())
		}
		if file.Flaw != nil {
			return
		}
		c := file.Roots()[0]
		l := c.Add(Content{Name: "X-NEW", Value: Escape("v;1\n" + strings.Repeat("é", 60))})
		again, err := Parse(file.Bytes())
		if err != nil || again.Flaw != nil {
			t.Fatalf("after an edit: %v, %v", err, again.Flaw)
		}
		if all := again.Roots()[0].All("X-NEW"); !slices.ContainsFunc(all, func(m *Line) bool { return m.Value == l.Value }) {
			t.Fatalf("the new line is not read back from %q", file.Bytes())
		}
		c.Remove(l)
		if !bytes.Equal(file.Bytes(), in) {
			t.Fatalf("after removing the new line: %q", file.Bytes())
		}
	})
}

// An edit of any line changes no byte of another one, and what was written is what is read.
func FuzzEdit(f *testing.F) {
	f.Add([]byte(card("FN:x", `TEL;TYPE="a,b";X=^n:1`, " 2", "NOTE:\xe9")), uint(1), "X", "a\"\n^;", "value;\n,\x00")
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nA;B=\xff:1\n\n 2\nEND:VEVENT\nEND:VCALENDAR\n"), uint(0), "", "", strings.Repeat("é", 50))
	f.Fuzz(func(t *testing.T, in []byte, at uint, name, param, text string) {
		file, err := Parse(in)
		if err != nil || file.Flaw != nil || file.Legacy() || !utf8.ValidString(param+text) || strings.Contains(param+text, "\r") {
			return
		}
		var lines []*Line
		for c := range all(file.Roots()) {
			for l := range c.Lines() {
				if l.Name != "" && !l.Is("BEGIN") && !l.Is("END") && !l.Is("VERSION") {
					lines = append(lines, l)
				}
			}
		}
		if len(lines) == 0 {
			return
		}
		l := lines[at%uint(len(lines))]
		head, tail, found := bytes.Cut(in, []byte(l.Raw()))
		if !found || bytes.Contains(tail, []byte(l.Raw())) {
			return
		}
		n := l.WithValue(Escape(text))
		if plain := ParseContent("X;" + name + "=:"); len(plain.Params) == 1 && plain.Params[0].Name == name && name != "" && clean(name) == name {
			n = n.With(name, param)
		}
		l.owner.Replace(l, n)
		out := file.Bytes()
		// A byte order mark stands before the first line, and nothing else may go.
		if !bytes.HasPrefix(out, head) || !bytes.HasSuffix(out, tail) {
			t.Fatalf("%q became %q", in, out)
		}
		again, err := Parse(out)
		if err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		want := strings.Join(strings.Fields(clean(strings.ReplaceAll(text, "\n", `\n`))), "")
		for m := range again.Lines() {
			got := strings.Join(strings.Fields(strings.ReplaceAll(Unescape(m.Value), "\n", `\n`)), "")
			if m.Number == l.Number && got != want && clean(n.head()) == n.head() {
				t.Fatalf("%q was read back as %q", want, got)
			}
		}
	})
}

// all yields components and those inside them.
func all(list []*Component) func(func(*Component) bool) {
	return func(yield func(*Component) bool) {
		for _, c := range list {
			if !yield(c) {
				return
			}
			for k := range all(c.Children("")) {
				if !yield(k) {
					return
				}
			}
		}
	}
}

// Texts, parts and parameters come back as they went.
func FuzzText(f *testing.F) {
	f.Add("a,b;c\\n\nd", 1)
	f.Add("\xff^'\"^", 3)
	f.Fuzz(func(t *testing.T, s string, i int) {
		if strings.Contains(s, "\r") {
			return
		}
		if got := Unescape(Escape(s)); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
		if got := decodeParam(strings.Trim(encodeParam(s), `"`)); got != s {
			t.Errorf("parameter %q came back as %q", s, got)
		}
		Unescape(s)
		DecodeQuotedPrintable(s)
		ParseContent(s)
		if strings.Join(Split(s, ';'), ";") != s {
			t.Errorf("%q is not the sum of its parts", s)
		}
		if i = i & 7; Unescape(Split(WithPart(s, i, s), ';')[i]) != s {
			t.Errorf("part %d of %q", i, s)
		}
	})
}
