package contentline

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"
)

// wide lets through what DefaultLimits refuses, so that the parser itself is tried.
func wide() Limits { return Limits{Size: 1 << 30, Lines: 1 << 30, Depth: 1 << 30} }

// hostile are inputs of about n bytes that exhaust one parser or another.
func hostile(n int) map[string]string {
	fill := func(s string) string { return strings.Repeat(s, n/len(s)) }
	some := func(s string) string { return strings.Repeat(s, n/4/len(s)) } // each takes a Line, a Param or a value
	nested := n / 4 / len("BEGIN:A\r\nEND:A\r\n")
	return map[string]string{
		"one line":             card("NOTE:" + fill("x")),
		"one line in the head": card("X;A=" + fill("x") + ":v"),
		"a name":               card(fill("x") + ":v"),
		"folds":                card("NOTE:" + fill("\r\n x")),
		"empty folds":          card("NOTE:" + fill("\r\n ")),
		"quotes":               card("X;A=" + fill(`"`) + ":v"),
		"zero bytes":           card("NOTE:" + fill("\x00")),
		"broken UTF-8":         card("NOTE:" + fill("\xff\xc3\xed\xa0\x80")),
		"carriage returns":     card("NOTE:" + fill("\r")),
		"soft breaks":          card("X;ENCODING=QUOTED-PRINTABLE:" + fill("a=\r\n")),
		"white space":          fill(" \t\r\n") + card("FN:x"),
		"parameters":           card("X" + fill(";A=b") + ":v"),
		"bare parameters":      card("X" + some(";A") + ":v"),
		"values":               card("X;A=" + some("b,") + ":v"),
		"quoted values":        card("X;A=" + some(`"b",`) + ":v"),
		"escaped values":       card("X;A=" + some("^n,") + ":v"),
		"nesting":              card(strings.Repeat("BEGIN:A\r\n", nested) + strings.Repeat("END:A\r\n", nested) + "X:"),
		"left open":            "BEGIN:VCARD\r\n" + some("BEGIN:A\r\n") + "END:VCARD\r\n",
		"zero lines":           card(some("\x00\r\n")),
		"broken UTF-8 names":   card(some("\xc3\xc3:\xed\xa0\x80\r\n")),
		"line feeds":           card(some("\n")),
		"both":                 card(some("\n\r")),
		"siblings":             card(some("BEGIN:A\r\nEND:A\r\n") + "X:"),
		"stray ends":           card(some("END:A\r\n") + "X:"),
	}
}

// allocated returns how many bytes run allocates.
func allocated(run func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Up to 10 MB of each: no panic, every byte written back, and memory that grows no faster than the input. A parser that takes
// quadratic time does not end.
func TestHostileInputsAreBounded(t *testing.T) {
	const size, part = hostileSize, 8
	for name, small := range hostile(size / part) {
		big := hostile(size)[name]
		t.Run(name, func(t *testing.T) {
			parse := func(s string) uint64 {
				return allocated(func() {
					f, err := wide().Parse([]byte(s))
					if err != nil {
						t.Fatal(err)
					}
					if !bytes.Equal(f.Bytes(), []byte(s)) {
						t.Fatal("not written back byte for byte")
					}
				})
			}
			few, many := parse(small), parse(big)
			if many > 2*part*few {
				t.Errorf("%d times the input takes %d bytes instead of %d", part, many, few)
			}
			const most = 150 // bytes for each of the input: an empty line takes a Line
			if many > most*size {
				t.Errorf("%d bytes for an input of %d", many, size)
			}
			t.Logf("%.1f bytes for each byte", float64(many)/size)
		})
	}
}

// A million parameters, and an edit of the line that has them.
func TestMillionParametersAreEdited(t *testing.T) {
	const n = 1_000_000
	in := card("X"+strings.Repeat(";A=b", n)+":v", "Y:1")
	f := mustParse(t, in)
	c := f.Roots()[0]
	l := c.First("X")
	if len(l.Params) != n {
		t.Fatalf("%d parameters", len(l.Params))
	}
	c.Replace(l, l.WithValue("w"))
	if want := strings.Replace(in, ":v\r\n", ":w\r\n", 1); strings.ReplaceAll(string(f.Bytes()), "\r\n ", "") != want {
		t.Error("the parameters did not survive")
	}
}

// 100,000 components inside each other are refused by the usual limits, and harm nothing without them.
func TestDeepNesting(t *testing.T) {
	const n = 100_000
	in := card(strings.Repeat("BEGIN:A\r\n", n) + "X:1\r\n" + strings.Repeat("END:A\r\n", n) + "FN:x")
	var e *Error
	if _, err := Parse([]byte(in)); !errors.As(err, &e) || e.Line != DefaultLimits().Depth+1 {
		t.Errorf("got %v", err)
	}
	f, err := wide().Parse([]byte(in))
	if err != nil || f.Flaw != nil {
		t.Fatal(err, f.Flaw)
	}
	depth := 0
	for c := f.Roots()[0]; ; depth++ {
		inner := c.Children("A")
		if len(inner) == 0 {
			break
		}
		c = inner[0]
	}
	if depth != n || string(f.Bytes()) != in {
		t.Errorf("%d deep", depth)
	}
}

// What nobody edited keeps its bytes, whatever they are, also on the very line that is edited: C-25.
func TestEditKeepsBytesThatAreNoText(t *testing.T) {
	in := card("X;CN=Jos\xe9;Y=\"a\xc3\";BARE\xff:old", "NOTE:\xe9\xff\x00 stays", "Z\xed\xa0:\x80")
	f := mustParse(t, in)
	c := f.Roots()[0]
	l := c.First("X")
	c.Replace(l, l.WithValue("new"))
	if want := strings.Replace(in, ":old", ":new", 1); string(f.Bytes()) != want {
		t.Errorf("got %q, want %q", f.Bytes(), want)
	}
}
