package record

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// Elements of HTML that tell it from text: each side of a word such as "<b>" may stand in a text for itself.
const (
	inlineElements = "a|abbr|b|big|center|cite|code|del|em|font|i|ins|kbd|label|mark|o:p|q|s|small|span|strike|strong|sub|sup|tt|u|var"
	blockElements  = "address|article|aside|blockquote|body|dd|div|dl|dt|footer|form|h1|h2|h3|h4|h5|h6|header|html|li|main|nav|ol|p|pre|section|table|tbody|thead|tr|ul"
	otherElements  = "br|hr|img|td|th|meta|link|base|colgroup|col|caption|head|style|script|title"
)

var (
	elementName = regexp.MustCompile(`^/?[A-Za-z0-9:]+`)
	anyTag      = regexp.MustCompile(`(?i)^/?(?:` + inlineElements + `|` + blockElements + `|` + otherElements + `)(?:[\s/]|$)`)
	blockTag    = regexp.MustCompile(`(?i)^/?(?:` + blockElements + `|hr|head|title)(?:[\s/]|$)`)
	openBlock   = regexp.MustCompile(`(?i)<(?:html|body|p|div|br|hr|table|ul|ol)(?:\s[^<>]*)?/?>`)
	closeOfAny  = regexp.MustCompile(`(?i)</(?:` + inlineElements + `|` + blockElements + `|td|th)\s*>`)
	hrefOf      = regexp.MustCompile(`(?is)\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)
	linkTag     = regexp.MustCompile(`(?is)<a(?:\s[^<>]*)?` + hrefOf.String()[len("(?is)"):])
)

// IsHTML says whether a text is HTML rather than words that somebody typed: it has a line break, a paragraph or another
// block of HTML, or an element with its end.
func IsHTML(s string) bool {
	return strings.Contains(s, "<") && (openBlock.MatchString(s) || closeOfAny.MatchString(s))
}

// TextOfHTML returns what a person reads in HTML, as canonical Text: blocks and line breaks divide lines, an entry of a
// list begins with "- ", and a link stands in angle brackets behind its words. It takes text without any HTML as it is,
// but for its entities, and time in proportion to its length.
func TextOfHTML(s string) string {
	r := htmlReader{s: s, blocks: openBlock.MatchString(s)}
	r.read()
	return Canonical(Text, r.out.String())
}

// HTMLOfText writes text so that TextOfHTML gives it back.
func HTMLOfText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "<br>").Replace(Canonical(Text, s))
}

// LinksOfHTML lists the web addresses that HTML links to, each once.
func LinksOfHTML(s string) []string {
	var out []string
	for _, m := range linkTag.FindAllStringSubmatch(s, -1) {
		if to := webAddress(m); to != "" && !slices.Contains(out, to) && len(out) < maxLinks {
			out = append(out, to)
		}
	}
	return out
}

// maxLinks is how many links of one text are looked after.
const maxLinks = 100

// webAddress returns the address of a match, or "" where it is none of the web.
func webAddress(m []string) string {
	if m == nil {
		return ""
	}
	to := strings.TrimSpace(html.UnescapeString(m[1] + m[2] + m[3]))
	if low := strings.ToLower(to); !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "http://") {
		return ""
	}
	return to
}

// htmlReader turns HTML into text.
type htmlReader struct {
	s      string
	pos    int
	blocks bool // line ends of the source mean nothing

	out       strings.Builder
	last      byte // written
	pending   bool // white space that counts only before more text of the same line
	link      string
	linkFrom  int
	unmatched [256]bool // characters that no longer occur in the rest
}

func (r *htmlReader) read() {
	for r.pos < len(r.s) {
		i := strings.IndexByte(r.s[r.pos:], '<')
		if i < 0 {
			i = len(r.s) - r.pos
		}
		r.text(r.s[r.pos : r.pos+i])
		if r.pos += i; r.pos == len(r.s) {
			break
		}
		if !r.comment() && !r.tag() {
			r.text("<")
			r.pos++
		}
	}
}

// find returns where c is next, seen from i; -1 where it is no more. It never looks twice for what is not there.
func (r *htmlReader) find(c byte, i int) int {
	if r.unmatched[c] || i >= len(r.s) {
		return -1
	}
	n := strings.IndexByte(r.s[i:], c)
	if n < 0 {
		r.unmatched[c] = true
		return -1
	}
	return i + n
}

// comment skips what is no element: comments, declarations and instructions.
func (r *htmlReader) comment() bool {
	rest := r.s[r.pos:]
	if strings.HasPrefix(rest, "<!--") {
		if end := strings.Index(rest, "-->"); end >= 0 {
			r.pos += end + len("-->")
		} else {
			r.pos = len(r.s)
		}
		return true
	}
	if len(rest) < 3 || rest[1] != '!' && rest[1] != '?' || !letter(rest[2]) && rest[2] != '[' {
		return false
	}
	end := r.find('>', r.pos)
	if end >= 0 {
		r.pos = end + 1
	}
	return end >= 0
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// tag reads one tag of a known element.
func (r *htmlReader) tag() bool {
	from := r.pos + 1
	if from >= len(r.s) || !letter(r.s[from]) && r.s[from] != '/' {
		return false
	}
	end := r.endOfTag(from)
	if end < 0 {
		return false
	}
	inside := r.s[from:end]
	if !anyTag.MatchString(inside) {
		return false
	}
	r.pos = end + 1
	r.element(inside)
	return true
}

// endOfTag finds the ">" of a tag. One in quotes is none, where the quotes are closed.
func (r *htmlReader) endOfTag(i int) int {
	for {
		end := r.find('>', i)
		if end < 0 {
			return -1
		}
		q := strings.IndexAny(r.s[i:end], `"'`)
		if q < 0 {
			return end
		}
		closing := r.find(r.s[i+q], i+q+1)
		if closing < 0 {
			return end
		}
		i = closing + 1
	}
}

// element does what a tag says.
func (r *htmlReader) element(inside string) {
	name := elementName.FindString(inside)
	switch name = strings.ToLower(name); name {
	case "br":
		r.pending = false
		r.write("\n")
	case "script", "style", "head", "title":
		r.skipTo("</" + name)
	case "td", "th":
		r.pending = r.out.Len() > 0 && r.last != '\n'
	case "a":
		r.link, r.linkFrom = webAddress(hrefOf.FindStringSubmatch(inside)), r.out.Len()
	case "/a":
		r.endLink()
	}
	if !blockTag.MatchString(inside) {
		return
	}
	r.pending = false
	if r.out.Len() > 0 && r.last != '\n' {
		r.write("\n")
	}
	if name == "li" {
		r.write("- ")
	}
}

// endLink writes where a link leads, unless its words say so.
func (r *htmlReader) endLink() {
	if to := r.link; to != "" && !strings.Contains(r.out.String()[r.linkFrom:], to) {
		r.pending = r.out.Len() > r.linkFrom
		r.text("&lt;" + html.EscapeString(to) + "&gt;")
	}
	r.link = ""
}

// skipTo leaves out the content of an element that shows none; one without an end is no such element.
func (r *htmlReader) skipTo(end string) {
	for i := r.find('<', r.pos); i >= 0; i = r.find('<', i+1) {
		if rest := r.s[i:]; len(rest) > len(end) && strings.EqualFold(rest[:len(end)], end) && !letter(rest[len(end)]) {
			r.pos = i
			return
		}
	}
}

// text writes words. White space with a line end in it is what the source looks like and counts as one space, and none
// at the borders of a line.
func (r *htmlReader) text(s string) {
	s = html.UnescapeString(s)
	if !r.blocks {
		r.flush(s)
		return
	}
	for s != "" {
		n := strings.IndexFunc(s, sourceSpace)
		if n < 0 {
			n = len(s)
		}
		r.flush(s[:n])
		rest := strings.TrimLeftFunc(s[n:], sourceSpace)
		switch space := s[n : len(s)-len(rest)]; {
		case space == "" || r.out.Len() == 0 || r.last == '\n' && strings.Contains(space, "\n"):
		case strings.ContainsAny(space, "\r\n"):
			r.pending = true
		default:
			r.flush(space)
		}
		s = rest
	}
}

func sourceSpace(c rune) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func (r *htmlReader) flush(s string) {
	if s == "" {
		return
	}
	if r.pending {
		r.write(" ")
	}
	r.pending = false
	r.write(s)
}

func (r *htmlReader) write(s string) {
	r.out.WriteString(s)
	r.last = s[len(s)-1]
}
