package contentline

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func mustParse(t *testing.T, s string) *File {
	t.Helper()
	f, err := Parse([]byte(s))
	if err != nil {
		t.Fatalf("Parse(%q): %v", s, err)
	}
	if got := string(f.Bytes()); got != s {
		t.Fatalf("written back as %q, want %q", got, s)
	}
	return f
}

func card(lines ...string) string {
	return "BEGIN:VCARD\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCARD\r\n"
}

func TestParseKeepsEveryByte(t *testing.T) {
	for name, s := range map[string]string{
		"folds":           card("NOTE:one", "  two", "\tthree"),
		"line feeds":      "BEGIN:VCARD\nFN:x\nEND:VCARD",
		"carriage return": "BEGIN:VCARD\rFN:x\rEND:VCARD\r",
		"doubled ends":    "BEGIN:VCARD\r\r\nFN:x\r\r\nEND:VCARD\r\r\n",
		"mixed ends":      "BEGIN:VCARD\r\nFN:x\nN:y\r\nEND:VCARD",
		"mark and blanks": "\ufeff\r\n \r\nBEGIN:VCARD\r\n\r\nFN:x\r\n\r\nEND:VCARD\r\n\r\n \t\r\n",
		"indented":        "  begin:vcard\nFN:x\nend:vcard  ",
		"junk":            card("no colon here", ";=:", `X;A="b:c`, "\x00\xff:\xfe", ":x", "a b:c"),
		"soft breaks":     card("NOTE;ENCODING=QUOTED-PRINTABLE:a=", "b=", " c", "FN:x"),
		"two objects":     card("FN:a") + card("FN:b"),
	} {
		t.Run(name, func(t *testing.T) { mustParse(t, s) })
	}
}

func TestLinesAreUnfoldedAndTakenApart(t *testing.T) {
	f := mustParse(t, card(
		`item1.adr;TYPE="work;x","home":;;1 Main St\;`, "  Apt 2\\,;Town", "TEL;WORK;VOICE:1", "X-N;CN=a^'b^^^n:v:w",
		`X-P;TZID="A:B"c;D=e:`, "NOTE;ENCODING=QUOTED-PRINTABLE:caf=C3=A9=", "  x=", "END;NOT:"))
	c := f.Roots()[0]
	adr := c.First("ADR")
	if adr.Group != "item1" || adr.Name != "adr" || adr.Value != `;;1 Main St\; Apt 2\,;Town` || adr.Number != 2 {
		t.Errorf("adr read as %+v", adr.Content)
	}
	if got := adr.Param("type"); !slices.Equal(got, []string{"work;x", "home"}) {
		t.Errorf("types %q", got)
	}
	if got := c.First("tel").Param(""); !slices.Equal(got, []string{"WORK", "VOICE"}) {
		t.Errorf("bare words %q", got)
	}
	if l := c.First("X-N"); l.Param("CN")[0] != "a\"b^\n" || l.Value != "v:w" {
		t.Errorf("RFC 6868: %+v", l.Content)
	}
	if l := c.First("X-P"); l.Param("TZID")[0] != "A:Bc" || l.Param("D")[0] != "e" || l.Value != "" {
		t.Errorf("quoted: %+v", l.Content)
	}
	if got := DecodeQuotedPrintable(c.First("NOTE").Value); got != "café  xEND;NOT:" {
		t.Errorf("quoted-printable: %q", got)
	}
}

func TestFoldOfOldCardsKeepsTheSpace(t *testing.T) {
	f := mustParse(t, card("VERSION:2.1", "NOTE:one", " two"))
	if got := f.Roots()[0].First("NOTE").Value; got != "one two" || !f.Legacy() {
		t.Errorf("got %q", got)
	}
}

func TestRefusals(t *testing.T) {
	small := Limits{Size: 400, Lines: 20, Depth: 3}
	deep := strings.Repeat("BEGIN:A\r\n", 3)
	for _, c := range []struct {
		name, in, reason string
		line             int
	}{
		{"empty", "", "does not begin", 1},
		{"other text", "\n\nhello\n", "does not begin", 3},
		{"bare component", "BEGIN:VEVENT\nEND:VEVENT\n", "does not begin", 1},
		{"cut", "BEGIN:VCARD\nFN:x\n", "does not end with END:VCARD", 2},
		{"other end", "BEGIN:VCARD\nFN:x\nEND:VCALENDAR\n\n", "does not end with END:VCARD", 3},
		{"text behind", "BEGIN:VCARD\nEND:VCARD\nx", "does not end", 3},
		{"long", card("NOTE:" + strings.Repeat("x", 500)), "longer than 400 bytes", 2},
		{"many lines", card(strings.Repeat("A:\r\n", 30)), "more than 20 lines", 21},
		{"deep", card(deep), "more than 3 components", 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := small.Parse([]byte(c.in))
			var e *Error
			if !errors.As(err, &e) || e.Line != c.line || !strings.Contains(e.Reason, c.reason) {
				t.Errorf("got %v, want line %d: %s", err, c.line, c.reason)
			}
		})
	}
}

func TestFlaws(t *testing.T) {
	for _, c := range []struct {
		name, in, reason string
		line             int
	}{
		{"sound", card("BEGIN:A", "END:A"), "", 0},
		{"left open", card("BEGIN:A", "X:"), "end of a component inside another", 4},
		{"not begun", card("END:A"), "did not begin", 2},
		{"between", card("FN:x") + "hello\n" + card("FN:y"), "outside", 4},
		{"soft break", card("NOTE;ENCODING=QUOTED-PRINTABLE:x="), "soft line break", 2},
		{"no end", card("FN:x", "BEGIN:VCARD", "FN:y"), "without an end", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustParse(t, c.in)
			switch {
			case c.reason == "" && f.Flaw != nil:
				t.Errorf("flaw: %v", f.Flaw)
			case c.reason != "" && (f.Flaw == nil || f.Flaw.Line != c.line || !strings.Contains(f.Flaw.Reason, c.reason)):
				t.Errorf("got %v, want line %d: %s", f.Flaw, c.line, c.reason)
			}
		})
	}
}

func TestEditChangesOnlyItsLine(t *testing.T) {
	const in = "BEGIN:VCARD\nitem1.Email;TYPE=\"work\":a@x\nFN:A\nNOTE:one\n  two\nBEGIN:A\nX:1\nEND:A\nBEGIN:B\nEND:B\nEND:VCARD\n"
	f := mustParse(t, in)
	c := f.Roots()[0]
	mail := c.First("EMAIL")
	if c.Replace(mail, mail.Content) != mail {
		t.Error("the same content made a new line")
	}
	mail = c.Replace(mail, mail.WithValue("b@x"))
	c.AddAfter(mail, Content{Name: "EMAIL", Value: "c@x"}.With("TYPE", "home").With("CN", "a;b"))
	c.AddBefore(mail, Content{Name: "REV", Value: "1"})
	c.Add(Content{Name: "UID", Value: "u"})
	c.Remove(c.First("FN"))
	c.RemoveComponent(c.Children("B")[0])
	c.AddComponent("valarm", Content{Name: "ACTION", Value: "DISPLAY"})
	const want = "BEGIN:VCARD\nREV:1\nitem1.Email;TYPE=\"work\":b@x\nEMAIL;TYPE=home;CN=\"a;b\":c@x\nNOTE:one\n  two\nUID:u\n" +
		"BEGIN:A\nX:1\nEND:A\nBEGIN:VALARM\nACTION:DISPLAY\nEND:VALARM\nEND:VCARD\n"
	if got := string(f.Bytes()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if names := c.Children(""); len(names) != 2 || names[1].Name != "VALARM" || len(names[1].All("action")) != 1 {
		t.Errorf("children %v", names)
	}
	mustParse(t, want)
}

func TestNewLinesAreFoldedBetweenCharacters(t *testing.T) {
	f := mustParse(t, card("FN:x"))
	value := strings.Repeat("aé€😀", 60)
	f.Roots()[0].Add(Content{Name: "NOTE", Value: value})
	out := string(f.Bytes())
	for _, l := range strings.Split(out, "\r\n") {
		if len(l) > 75 || !utf8.ValidString(l) {
			t.Errorf("line of %d octets: %q", len(l), l)
		}
	}
	if got := mustParse(t, out).Roots()[0].First("NOTE").Value; got != value {
		t.Errorf("read back as %q", got)
	}
	old := mustParse(t, card("VERSION:2.1"))
	old.Roots()[0].Add(Content{Name: "NOTE", Value: value})
	if strings.Contains(string(old.Bytes()), "\r\n ") {
		t.Error("a fold in vCard 2.1 adds white space to the value")
	}
}

func TestValueCannotForgeLines(t *testing.T) {
	f := mustParse(t, card("FN:x"))
	c := f.Roots()[0]
	c.Add(Content{Name: "NOTE", Value: "a\r\nEND:VCARD\x00\x7f\tb"}.With("CN", "x\"\r\nX:\x01"))
	if got := c.First("NOTE").Value; got != "aEND:VCARD\tb" {
		t.Errorf("value %q", got)
	}
	f = mustParse(t, string(f.Bytes()))
	if l := f.Roots()[0].First("NOTE"); f.Flaw != nil || l.Value != "aEND:VCARD\tb" || l.Param("CN")[0] != "x\"\nX:" {
		t.Errorf("flaw %v, line %+v", f.Flaw, l.Content)
	}
}

func TestText(t *testing.T) {
	for _, s := range []string{"", `a,b;c\d`, "one\ntwo", `C:\new\;`, `\:`, "a:b"} {
		if got := Unescape(Escape(s)); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	}
	for in, want := range map[string]string{`a\nb\Nc`: "a\nb\nc", `\,\;\\\:`: `,;\:`, `C:\temp`: `C:\temp`, `end\`: `end\`, "a,b": "a,b"} {
		if got := Unescape(in); got != want {
			t.Errorf("Unescape(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Split(`a\;b;c,d;;`, ';'); !slices.Equal(got, []string{`a\;b`, "c,d", "", ""}) {
		t.Errorf("Split: %q", got)
	}
	if got := WithPart(`a\,b,c;d`, 3, "x;y"); got != `a\,b,c;d;;x\;y` {
		t.Errorf("WithPart: %q", got)
	}
	if got := WithPart(`C:\`, 1, "x"); got != `C:\\;x` {
		t.Errorf("behind a backslash: %q", got)
	}
	if got := DecodeQuotedPrintable("=4"); got != "=4" {
		t.Errorf("broken quoted-printable: %q", got)
	}
}

// Each of these took quadratic time in one parser or another. A test that hangs is its failure.
func TestHugeLinesTakeLinearTime(t *testing.T) {
	const n = 400_000
	for name, s := range map[string]string{
		"quoted":       card(`X;A="` + strings.Repeat("b;", n) + `":v`),
		"open quotes":  card("X" + strings.Repeat(`;A="`, n) + ":v"),
		"unquoted":     card("X;A=" + strings.Repeat("b,", n) + ":v"),
		"params":       card("X" + strings.Repeat(";A=b", n) + ":v"),
		"folds":        card("X:" + strings.Repeat("\r\n a", n/4)),
		"equal signs":  card("X" + strings.Repeat("\r\n =", n/4)),
		"soft breaks":  card("X;QUOTED-PRINTABLE:" + strings.Repeat("a=\r\n", n/4)),
		"backslashes":  card("X:" + strings.Repeat(`\`, n)),
		"stray ends":   card(strings.Repeat("END:A\r\n", n/4)),
		"siblings":     card(strings.Repeat("BEGIN:A\r\nEND:A\r\n", n/8)),
		"blank header": strings.Repeat(" ", n) + card("FN:x"),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			f := mustParse(t, s)
			for l := range f.Lines() {
				Unescape(l.Value)
				Split(l.Value, ';')
			}
			t.Logf("%d bytes in %v", len(s), time.Since(start))
		})
	}
}
