package contentline

import "strings"

// AddCopy inserts a copy of another component, of this file or of another one, as the last component inside c. Every line
// keeps its bytes. A component without an end has no copy, and one without an end takes none: nil.
func (c *Component) AddCopy(k *Component) *Component {
	if c.end == nil || k.end == nil {
		return nil
	}
	owners, lines := map[*Component]*Component{}, map[*Line]*Line{}
	at := c.end.prev
	k.copyTree(c.file, owners)
	for l := k.begin; ; l = l.next {
		fresh := &Line{Content: l.Content, raw: l.raw, owner: owners[l.owner]}
		c.file.link(fresh, at)
		lines[l], at = fresh, fresh
		if l == k.end {
			break
		}
	}
	for old, made := range owners {
		made.begin, made.end = lines[old.begin], lines[old.end]
	}
	c.children = append(c.children, owners[k])
	return owners[k]
}

// copyTree makes the components of a copy, still without lines.
func (c *Component) copyTree(f *File, owners map[*Component]*Component) *Component {
	out := &Component{Name: c.Name, file: f}
	owners[c] = out
	for _, k := range c.Children("") {
		out.children = append(out.children, k.copyTree(f, owners))
	}
	return out
}

// Empty makes a file with one component that holds nothing, with the line ends of f.
func (f *File) Empty(name string) *File {
	out := &File{eol: f.eol}
	c := &Component{Name: strings.ToUpper(name), file: out}
	c.begin = out.render(Content{Name: "BEGIN", Value: c.Name})
	c.end = out.render(Content{Name: "END", Value: c.Name})
	out.link(c.begin, nil)
	out.link(c.end, c.begin)
	out.roots = []*Component{c}
	return out
}
