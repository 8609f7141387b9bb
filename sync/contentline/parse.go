package contentline

import (
	"bytes"
	"fmt"
	"strings"
)

// Limits bounds what Parse takes, so that no answer of a server can exhaust memory or stack.
type Limits struct {
	Size  int // bytes
	Lines int // lines of text, folds included
	Depth int // of components
}

// DefaultLimits holds a card with a large photo and a calendar with thousands of events.
func DefaultLimits() Limits { return Limits{Size: 32 << 20, Lines: 500_000, Depth: 64} }

const bom = "\ufeff"

// Parse reads a file within DefaultLimits.
func Parse(b []byte) (*File, error) { return DefaultLimits().Parse(b) }

// Parse reads a file. It takes every file with a whole envelope: after a byte order mark and white space it begins with
// BEGIN:VCALENDAR or BEGIN:VCARD, and it ends with its END and white space. Anything else, and what is beyond the limits,
// is refused with an *Error.
func (lim Limits) Parse(b []byte) (*File, error) {
	if len(b) > lim.Size {
		n := 1 + bytes.Count(b[:lim.Size], []byte("\n"))
		return nil, &Error{n, fmt.Sprintf("longer than %d bytes", lim.Size)}
	}
	s := string(b)
	if err := checkEnvelope(s); err != nil {
		return nil, err
	}
	p := parser{
		reader: reader{s: s, end: '\n', number: 1},
		file:   &File{eol: "\r\n"},
		limits: lim,
	}
	if !strings.Contains(s, "\n") && strings.Contains(s, "\r") {
		p.end = '\r'
	}
	return p.parse()
}

func checkEnvelope(s string) error {
	rest := strings.TrimPrefix(s, bom)
	lead := len(rest) - len(strings.TrimLeft(rest, " \t\r\n"))
	t := strings.Trim(rest, " \t\r\n")
	name := ""
	for _, n := range []string{"VCALENDAR", "VCARD"} {
		if word := firstWord(t); strings.EqualFold(word, "BEGIN:"+n) {
			name = n
		}
	}
	if name == "" {
		return &Error{lineOf(rest[:lead]), "does not begin with BEGIN:VCALENDAR or BEGIN:VCARD"}
	}
	if i := strings.LastIndexAny(t, " \t\r\n"); i < 0 || !strings.EqualFold(t[i+1:], "END:"+name) {
		return &Error{lineOf(strings.TrimRight(rest, " \t\r\n")), "does not end with END:" + name}
	}
	return nil
}

func firstWord(s string) string {
	if i := strings.IndexAny(s, " \t\r\n"); i >= 0 {
		return s[:i]
	}
	return s
}

// lineOf returns the number of the line that follows text.
func lineOf(text string) int {
	if n := strings.Count(text, "\n"); n > 0 {
		return n + 1
	}
	return strings.Count(text, "\r") + 1
}

type parser struct {
	reader
	file   *File
	limits Limits
	stack  []*Component
}

func (p *parser) parse() (*File, error) {
	for p.pos < len(p.s) {
		number := p.number
		text, raw := p.logical()
		if p.number-1 > p.limits.Lines {
			return nil, &Error{number, fmt.Sprintf("more than %d lines", p.limits.Lines)}
		}
		l := &Line{Number: number, raw: raw}
		if p.file.first == nil {
			text = strings.TrimPrefix(text, bom)
			p.file.eol = lineEnd(raw)
		}
		if len(p.stack) == 0 {
			text = strings.TrimLeft(text, " \t")
		}
		l.Content = ParseContent(text)
		p.file.link(l, p.file.last)
		if p.torn {
			p.flaw(l, "soft line break before the end of a component")
		}
		if err := p.place(l, text); err != nil {
			return nil, err
		}
	}
	if n := len(p.stack); n > 0 {
		p.flaw(p.stack[n-1].begin, "component without an end")
	}
	return p.file, nil
}

func lineEnd(raw string) string {
	switch {
	case strings.HasSuffix(raw, "\n") && !strings.HasSuffix(raw, "\r\n"):
		return "\n"
	case strings.HasSuffix(raw, "\r"):
		return "\r"
	}
	return "\r\n"
}

// place puts a line into the tree of components.
func (p *parser) place(l *Line, text string) error {
	var open *Component
	if n := len(p.stack); n > 0 {
		open = p.stack[n-1]
	}
	switch {
	case l.Is("BEGIN") && l.Group == "":
		return p.begin(l, open)
	case l.Is("END") && l.Group == "":
		p.finish(l)
	case open != nil:
		l.owner = open
		if l.Is("VERSION") && len(p.stack) == 1 {
			v := strings.TrimSpace(l.Value)
			p.legacy = v == "2.1" || v == "1.0"
			p.file.legacy = p.file.legacy || p.legacy
		}
	case strings.TrimSpace(text) != "":
		p.flaw(l, "text outside of any component")
	}
	return nil
}

func (p *parser) begin(l *Line, parent *Component) error {
	if len(p.stack) >= p.limits.Depth {
		return &Error{l.Number, fmt.Sprintf("more than %d components inside each other", p.limits.Depth)}
	}
	c := &Component{Name: componentName(l), file: p.file, begin: l}
	if parent == nil {
		p.file.roots = append(p.file.roots, c)
		p.legacy = false
	} else {
		parent.children = append(parent.children, c)
	}
	p.stack = append(p.stack, c)
	return nil
}

// finish closes the innermost open component of that name, and with it those inside that were left open.
func (p *parser) finish(l *Line) {
	name := componentName(l)
	for i := len(p.stack) - 1; i >= 0; i-- {
		if p.stack[i].Name != name {
			continue
		}
		if i < len(p.stack)-1 {
			p.flaw(l, "end of a component inside another one")
		}
		for _, c := range p.stack[i:] {
			c.end = l
		}
		p.stack = p.stack[:i]
		return
	}
	p.flaw(l, "end of a component that did not begin")
}

func componentName(l *Line) string { return strings.ToUpper(strings.TrimSpace(l.Value)) }

func (p *parser) flaw(l *Line, reason string) {
	if p.file.Flaw == nil {
		p.file.Flaw = &Error{l.Number, reason}
	}
}

// link puts l behind after, or first when after is nil.
func (f *File) link(l, after *Line) {
	l.prev = after
	if after == nil {
		l.next, f.first = f.first, l
	} else {
		l.next, after.next = after.next, l
	}
	if l.next == nil {
		f.last = l
	} else {
		l.next.prev = l
	}
}

func (f *File) unlink(l *Line) {
	if l.prev == nil {
		f.first = l.next
	} else {
		l.prev.next = l.next
	}
	if l.next == nil {
		f.last = l.prev
	} else {
		l.next.prev = l.prev
	}
}
