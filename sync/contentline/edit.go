package contentline

import (
	"strings"
	"unicode/utf8"
)

// foldAt is the longest line of text in octets, its line end not counted (RFC 5545 section 3.1).
const foldAt = 75

// Replace puts a line that says n in the place of l and returns it. A content that is l's own leaves l as it is.
func (c *Component) Replace(l *Line, n Content) *Line {
	fresh := c.file.render(n)
	if fresh.Content.head() == l.head() && n.Value == l.Value {
		return l
	}
	fresh.owner = l.owner
	c.file.link(fresh, l)
	c.file.unlink(l)
	return fresh
}

// Remove takes a line away.
func (c *Component) Remove(l *Line) { c.file.unlink(l) }

// Add inserts a line behind the component's last own line that stands before any inner component.
func (c *Component) Add(n Content) *Line {
	at := c.begin
	for l := c.begin.next; l != nil && l.owner == c; l = l.next {
		if l.Name != "" {
			at = l
		}
	}
	return c.insert(n, at)
}

// AddAfter inserts a line behind l, one of the component's own.
func (c *Component) AddAfter(l *Line, n Content) *Line { return c.insert(n, l) }

// AddBefore inserts a line before l, one of the component's own.
func (c *Component) AddBefore(l *Line, n Content) *Line { return c.insert(n, l.prev) }

func (c *Component) insert(n Content, at *Line) *Line {
	l := c.file.render(n)
	l.owner = c
	c.file.link(l, at)
	return l
}

// AddComponent inserts a component of these lines as the last one inside c. A component without an end takes none: nil.
func (c *Component) AddComponent(name string, lines ...Content) *Component {
	if c.end == nil {
		return nil
	}
	k := &Component{Name: strings.ToUpper(name), file: c.file}
	k.begin = c.file.render(Content{Name: "BEGIN", Value: k.Name})
	k.end = c.file.render(Content{Name: "END", Value: k.Name})
	c.file.link(k.begin, c.end.prev)
	c.file.link(k.end, k.begin)
	at := k.begin
	for _, n := range lines {
		at = k.insert(n, at)
	}
	c.children = append(c.children, k)
	return k
}

// RemoveComponent takes an inner component away with all its lines.
func (c *Component) RemoveComponent(k *Component) {
	if k.removed || k.end == nil {
		return
	}
	k.removed = true
	for l := k.begin; l != nil; l = l.next {
		c.file.unlink(l)
		if l == k.end {
			return
		}
	}
}

// render makes a new line in the file's own way: its line end, folded unless the format forbids it.
func (f *File) render(n Content) *Line {
	text := clean(n.head() + ":" + n.Value)
	l := &Line{Content: n}
	l.Value = clean(n.Value)
	if f.legacy {
		l.raw = text + f.eol // a fold of vCard 2.1 would add white space to the value
	} else {
		l.raw = fold(text, f.eol) + f.eol
	}
	return l
}

// head is the line before the colon of its value. Parameters of the file keep their spelling.
func (c Content) head() string {
	var b strings.Builder
	if c.Group != "" {
		b.WriteString(c.Group + ".")
	}
	b.WriteString(c.Name)
	for _, p := range c.Params {
		b.WriteByte(';')
		if p.text != "" {
			b.WriteString(p.text)
			continue
		}
		if p.Name != "" {
			b.WriteString(p.Name + "=")
		}
		for i, v := range p.Values {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(encodeParam(v))
		}
	}
	return b.String()
}

// clean drops the control characters that no content line may hold. A line end in a value would let it pass for
// lines of its own. Every other byte stays, also one that is no UTF-8: it may stand in a parameter that nobody edited.
func clean(s string) string {
	control := func(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }
	for i := 0; i < len(s); i++ {
		if !control(s[i]) {
			continue
		}
		out := append(make([]byte, 0, len(s)), s[:i]...)
		for ; i < len(s); i++ {
			if !control(s[i]) {
				out = append(out, s[i])
			}
		}
		return string(out)
	}
	return s
}

func fold(text, eol string) string {
	if len(text) <= foldAt {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + len(text)/foldAt*(len(eol)+1) + 4)
	room := foldAt
	for len(text) > room {
		n := room
		for n > room-utf8.UTFMax && !utf8.RuneStart(text[n]) {
			n--
		}
		b.WriteString(text[:n])
		b.WriteString(eol)
		b.WriteByte(' ')
		text = text[n:]
		room = foldAt - 1
	}
	b.WriteString(text)
	return b.String()
}
