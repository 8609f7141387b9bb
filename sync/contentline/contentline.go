// Package contentline reads iCalendar and vCard objects as a list of content lines and writes them back byte for byte,
// so that an edit changes only the lines that it names. See RFC 5545 section 3.1, RFC 6350 section 3.3 and RFC 6868.
package contentline

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// File is one object as a server holds it: a list of lines, each with its own bytes, and the components that they form.
type File struct {
	// Flaw is the first place where BEGIN and END do not fit together; nil for a sound file. A file with a flaw is kept
	// like any other, but its components are a guess.
	Flaw *Error

	first, last *Line
	roots       []*Component
	eol         string
	legacy      bool
}

// Error says where and why a file was refused, or is flawed. It quotes nothing of the file.
type Error struct {
	Line   int // counted from 1, folds included
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Param is one parameter of a line. A bare word, as in TEL;WORK of vCard 2.1, has no Name.
type Param struct {
	Name   string
	Values []string
	text   string // as spelled in the file; "" for a new one
}

// Content is what a line says, unfolded. Name and Group are as spelled; Value is still escaped.
type Content struct {
	Group, Name string
	Params      []Param
	Value       string
}

// Line is one content line with the bytes that it has in the file: spelling, folds and line end. A line that is no
// content line (blank, or without a colon) has an empty Name.
type Line struct {
	Content
	Number int // of its first line of text; 0 for a new one

	raw        string
	owner      *Component
	prev, next *Line
}

// Component is what stands between a BEGIN and its END.
type Component struct {
	Name string // in capitals

	file     *File
	children []*Component
	begin    *Line
	end      *Line // nil where the END is missing
	removed  bool
}

// Bytes joins the lines: for a file that was not edited, the bytes that it was parsed from.
func (f *File) Bytes() []byte {
	n := 0
	for l := f.first; l != nil; l = l.next {
		n += len(l.raw)
	}
	out := make([]byte, 0, n)
	for l := f.first; l != nil; l = l.next {
		out = append(out, l.raw...)
	}
	return out
}

// Lines yields every line of the file in order. The line at hand may be removed or replaced meanwhile.
func (f *File) Lines() iter.Seq[*Line] {
	return func(yield func(*Line) bool) {
		for l := f.first; l != nil; {
			next := l.next
			if !yield(l) {
				return
			}
			l = next
		}
	}
}

// Roots returns the outermost components.
func (f *File) Roots() []*Component { return f.roots }

// Legacy says that the file is vCard 2.1 or vCalendar 1.0, whose values are escaped and folded in another way.
func (f *File) Legacy() bool { return f.legacy }

// Raw returns the line's own bytes, line end included.
func (l *Line) Raw() string { return l.raw }

// Is says whether the line has this name; case does not matter.
func (c Content) Is(name string) bool { return strings.EqualFold(c.Name, name) }

// Param returns the values of all parameters of this name, or nil.
func (c Content) Param(name string) []string {
	var out []string
	for _, p := range c.Params {
		if strings.EqualFold(p.Name, name) {
			out = append(out, p.Values...)
		}
	}
	return out
}

// Without returns the content without the parameters of these names.
func (c Content) Without(names ...string) Content {
	c.Params = slices.DeleteFunc(slices.Clone(c.Params), func(p Param) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, p.Name) })
	})
	return c
}

// With returns the content with one more parameter. An empty name makes a bare word.
func (c Content) With(name string, values ...string) Content {
	c.Params = append(slices.Clone(c.Params), Param{Name: name, Values: values})
	return c
}

// WithValue returns the content with another value, which must be escaped already.
func (c Content) WithValue(v string) Content {
	c.Value = v
	return c
}

// Lines yields the component's own lines: neither BEGIN and END nor lines of inner components. The line at hand may be
// removed or replaced meanwhile.
func (c *Component) Lines() iter.Seq[*Line] {
	return func(yield func(*Line) bool) {
		for l := c.begin.next; l != nil && l != c.end; {
			next := l.next
			if l.owner == c && !yield(l) {
				return
			}
			l = next
		}
	}
}

// All returns the component's own lines of this name.
func (c *Component) All(name string) []*Line {
	var out []*Line
	for l := range c.Lines() {
		if l.Is(name) {
			out = append(out, l)
		}
	}
	return out
}

// First returns the first of the component's own lines of this name, or nil.
func (c *Component) First(name string) *Line {
	for l := range c.Lines() {
		if l.Is(name) {
			return l
		}
	}
	return nil
}

// Children returns the inner components of this name, or all for "".
func (c *Component) Children(name string) []*Component {
	var out []*Component
	for _, k := range c.children {
		if !k.removed && (name == "" || k.Name == name) {
			out = append(out, k)
		}
	}
	return out
}
