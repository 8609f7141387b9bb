package record

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// C-46: what a person reads, with the links.
func TestTextOfHTML(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain, a < b & c > d", "plain, a < b & c > d"},
		{"two\nlines", "two\nlines"},
		{"<p>One</p><p>Two</p>", "One\nTwo"},
		{"<div>One<div>Two</div></div>Three", "One\nTwo\nThree"},
		{"One<br>Two<br/><br />Four", "One\nTwo\n\nFour"},
		{"<ul>\n  <li>One\n  <li>Two</li>\n</ul>", "- One\n- Two"},
		{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"<P>Caps &amp; &lt;b&gt; &#8364; &eacute;</P>", "Caps & <b> € é"},
		{"Agenda:\n<b>1.</b> <a href=\"https://x.example/a?b=1&amp;c=2\">Join</a>\nend", "Agenda:\n1. Join <https://x.example/a?b=1&c=2>\nend"},
		{"<a href='https://x.example/'>https://x.example/</a>", "https://x.example/"},
		{"<a href=https://x.example/><img src=\"data:image/png;base64,a>b\"></a>", "<https://x.example/>"},
		{"<a href=\"mailto:a@x.example\">write</a> <a name=x>here</a>", "write here"},
		{"<html><head><title>No</title><style>p {}</style></head><body>\n\n <p>Yes\n indeed</p>\n</body></html>", "Yes indeed"},
		{"a<!-- no > -->b<script>if (a<b) {}</script>c", "abc"},
		{"<!DOCTYPE HTML PUBLIC \"x\"><html>x</html>", "x"},
		{"<https://teams.example/j> and <ann@x.example> and <c:out>", "<https://teams.example/j> and <ann@x.example> and <c:out>"},
		{"<p>never closed", "never closed"},
		{"<p title=\"open>x", "x"},
		{"<p", "<p"},
		{"<br", "<br"},
		{"<!--", ""},
		{"<head><p>x", "x"},
		{"<p>&nbsp;</p>", ""},
	} {
		if got := TextOfHTML(c.in); got != c.want {
			t.Errorf("%q reads as %q, want %q", c.in, got, c.want)
		}
	}
}

func TestIsHTML(t *testing.T) {
	for in, want := range map[string]bool{
		"": false, "a < b": false, "a <b> c": false, "see <https://x.example/>": false, "<ann@x.example>": false, "AT&amp;T": false, "if a<b and c>d": false,
		"<b>x</b>": true, "a<br>b": true, "<P>": true, "<a href=\"https://x.example\">x</a>": true, "<div class='x'>": true, "</o:p>": true,
	} {
		if got := IsHTML(in); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

func TestLinksOfHTML(t *testing.T) {
	got := LinksOfHTML(`<link href="https://no.example/"><a class=x href="https://a.example/?b=1&amp;c">x</a><A HREF=http://b.example/>y</A><a href="mailto:x@y">z</a><a href='https://a.example/?b=1&c'>`)
	if want := "https://a.example/?b=1&c http://b.example/"; strings.Join(got, " ") != want {
		t.Errorf("got %q", got)
	}
}

// Text that is kept as HTML comes back as it was.
func TestTextSurvivesHTML(t *testing.T) {
	piece := rapid.SampledFrom([]string{"<", ">", "&", "&amp;", "<p>", "</p>", "<br>", "&lt;", "\"", "'", "<!--", "<a href=\"https://x.example\">", "</a>", "<script>", "\n", "  ", "\t", " \n "})
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.OneOf(piece, texts()), 0, 8).Draw(t, "parts")
		want := Canonical(Text, strings.Join(parts, ""))
		if got := TextOfHTML(HTMLOfText(want)); got != want {
			t.Fatalf("%q came back as %q by %q", want, got, HTMLOfText(want))
		}
	})
}

// Each of these takes quadratic time where what is missing is looked for again and again. A test that hangs is its failure.
func TestHTMLTakesLinearTime(t *testing.T) {
	const n = 1 << 20
	for _, s := range []string{"<", "<p", "<p \"", "<p '", "<!--", "<!d", "<a href=", "<a href=x>", "<head>", "<script>", "</a>", " \n", "&", "&lt;", "<li>", "<td> ", "<a href=\"https://x.example\">y"} {
		in := "<p>" + strings.Repeat(s, n/len(s))
		TextOfHTML(in)
		IsHTML(in)
		LinksOfHTML(in)
	}
}

func FuzzHTML(f *testing.F) {
	f.Add("<p>a<br>b <a href='https://x.example'>c</a><!-- d --><head>e")
	f.Fuzz(func(t *testing.T, in string) {
		text := TextOfHTML(in)
		if Canonical(Text, text) != text {
			t.Errorf("%q is not canonical", text)
		}
		if got := TextOfHTML(HTMLOfText(text)); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
		IsHTML(in)
		LinksOfHTML(in)
	})
}
