package object

import (
	"mime/quotedprintable"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"

	"zohosync/sync/contentline"
	"zohosync/sync/record"
)

// line returns the text of the first line of that name that says something, or "".
func (o *object) line(name string) string {
	for l := range o.main.Lines() {
		if l.Is(name) {
			if v := strings.TrimSpace(o.text(l)); v != "" {
				return v
			}
		}
	}
	return ""
}

// text reads a line of text.
func (o *object) text(l *contentline.Line) string { return o.unescape(o.decoded(l.Content)) }

// unescape reads text; in vCard 2.1 only what would divide a value is ever escaped.
func (o *object) unescape(v string) string {
	if o.file.Legacy() {
		return strings.NewReplacer(`\;`, ";", `\,`, ",").Replace(v)
	}
	return contentline.Unescape(v)
}

// decoded returns a value as UTF-8 and without quoted-printable, still escaped.
func (o *object) decoded(n contentline.Content) string {
	v := n.Value
	charset := strings.Join(n.Param("CHARSET"), "")
	if quoted(n) {
		v = contentline.DecodeQuotedPrintable(v)
	} else if utf8.ValidString(v) {
		return v // a charset that the text does not have is a left-over of an older version of the card
	}
	if enc, err := htmlindex.Get(charset); err == nil && charset != "" {
		if s, err := enc.NewDecoder().String(v); err == nil {
			return s
		}
	}
	if utf8.ValidString(v) {
		return v
	}
	s, err := charmap.Windows1252.NewDecoder().String(v)
	if err != nil {
		return strings.ToValidUTF8(v, "\ufffd")
	}
	return s
}

func quoted(n contentline.Content) bool {
	return slices.ContainsFunc(slices.Concat(n.Param("ENCODING"), n.Param("")), func(v string) bool {
		return strings.EqualFold(v, "QUOTED-PRINTABLE")
	})
}

// plain returns the content without what tells how its old value was encoded.
func plain(n contentline.Content) contentline.Content {
	n = n.Without("ENCODING", "CHARSET")
	n.Params = slices.DeleteFunc(slices.Clone(n.Params), func(p contentline.Param) bool {
		return p.Name == "" && slices.ContainsFunc(p.Values, func(v string) bool {
			return strings.EqualFold(v, "QUOTED-PRINTABLE") || strings.EqualFold(v, "BASE64")
		})
	})
	return n
}

// say returns the content with another text.
func (o *object) say(n contentline.Content, text string) contentline.Content {
	if o.file.Legacy() {
		return legacy(n, text)
	}
	return plain(n).WithValue(contentline.Escape(text))
}

// legacy writes a value, structured or not, as vCard 2.1 has it: several lines only as quoted-printable, and its
// characters only with their charset.
func legacy(n contentline.Content, v string) contentline.Content {
	n = plain(n)
	if strings.ContainsFunc(v, func(r rune) bool { return r >= utf8.RuneSelf }) {
		n = n.With("CHARSET", "UTF-8")
	}
	if strings.Contains(v, "\n") {
		n = n.With("ENCODING", "QUOTED-PRINTABLE")
		v = quote(v)
	}
	return n.WithValue(v)
}

// quote encodes a value of several lines without soft line breaks, so that it stays one line of the file.
func quote(v string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	w.Binary = true
	w.Write([]byte(strings.ReplaceAll(strings.ReplaceAll(v, "\r", ""), "\n", "\r\n"))) // a strings.Builder never fails
	w.Close()
	return strings.ReplaceAll(b.String(), "=\r\n", "")
}

// parts reads a structured value: N, ORG, ADR.
func (o *object) parts(l *contentline.Line) []string {
	parts := contentline.Split(o.decoded(l.Content), ';')
	for i := range parts {
		parts[i] = o.unescape(parts[i])
	}
	return parts
}

// part returns part i of a structured value, or "".
func part(parts []string, i int) string {
	if i < len(parts) {
		return strings.TrimSpace(parts[i])
	}
	return ""
}

// sayPart returns the content with another part i of its structured value.
func (o *object) sayPart(n contentline.Content, i int, text string) contentline.Content {
	v := o.decoded(n)
	if !o.file.Legacy() {
		return plain(n).WithValue(contentline.WithPart(v, i, text))
	}
	parts := contentline.Split(v, ';')
	for len(parts) <= i {
		parts = append(parts, "")
	}
	// vCard 2.1 has no way to say a backslash at the end of a part.
	parts[i] = strings.ReplaceAll(strings.TrimRight(text, `\`), ";", `\;`)
	return legacy(n, strings.Join(parts, ";"))
}

// put writes a line whose value needs no escaping.
func (o *object) put(name, value string) {
	if l := o.main.First(name); l != nil {
		o.main.Replace(l, l.WithValue(value))
		return
	}
	o.main.Add(contentline.Content{Name: name, Value: value})
}

func (o *object) drop(names ...string) {
	for l := range o.main.Lines() {
		if slices.ContainsFunc(names, l.Is) {
			o.main.Remove(l)
		}
	}
}

// textField is a field that is one line of text.
func textField(f record.Field, name string) field {
	return field{f,
		func(o *object) (string, error) { return o.line(name), nil },
		func(o *object, v string) error { return o.setText(v, name) },
	}
}

// setText writes the first line of these names that says something, or a new one of the first name. Clearing takes all
// of them away.
func (o *object) setText(v string, names ...string) error {
	if v == "" {
		o.drop(names...)
		return nil
	}
	var at *contentline.Line
	for _, name := range names {
		for _, l := range o.main.All(name) {
			if at == nil || strings.TrimSpace(o.text(at)) == "" {
				at = l
			}
		}
	}
	if at == nil {
		o.main.Add(o.say(contentline.Content{Name: names[0]}, v))
		return nil
	}
	o.main.Replace(at, o.say(at.Content, v))
	return nil
}

func categoriesField() field { return field{record.Categories, getCategories, setCategories} }

func getCategories(o *object) (string, error) {
	var all []string
	for _, l := range o.main.All("CATEGORIES") {
		for _, v := range contentline.Split(o.decoded(l.Content), ',') {
			all = append(all, strings.TrimSpace(o.unescape(v)))
		}
	}
	return record.Join(all...), nil
}

// setCategories takes away the words that left and adds those that came to the last line; others keep their spelling,
// also where the other side has the word in another case.
func setCategories(o *object, v string) error {
	key := func(word string) string { return strings.ToLower(strings.TrimSpace(o.unescape(word))) }
	wanted, there := map[string]bool{}, map[string]bool{}
	for _, w := range record.Split(v) {
		wanted[strings.ToLower(w)] = true
	}
	var last *contentline.Line
	lines := o.main.All("CATEGORIES")
	for _, l := range lines {
		words := contentline.Split(o.decoded(l.Content), ',')
		kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !wanted[key(w)] })
		for _, w := range kept {
			there[key(w)] = true
		}
		switch {
		case len(kept) == len(words):
			last = l
		case len(kept) > 0:
			last = o.main.Replace(l, o.sayList(l.Content, kept))
		case last == nil && len(there) < len(wanted) && len(lines) == 1:
			last = o.main.Replace(l, l.WithValue("")) // its place and parameters serve the new words
		default:
			o.main.Remove(l)
		}
	}
	var missing []string
	for _, w := range record.Split(v) {
		if !there[strings.ToLower(w)] {
			missing = append(missing, contentline.Escape(w))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if last == nil {
		o.main.Add(o.sayList(contentline.Content{Name: "CATEGORIES"}, missing))
		return nil
	}
	if old := o.decoded(last.Content); old != "" {
		missing = append([]string{old}, missing...)
	}
	o.main.Replace(last, o.sayList(last.Content, missing))
	return nil
}

// sayList writes words that are escaped already.
func (o *object) sayList(n contentline.Content, words []string) contentline.Content {
	v := contentline.Join(words, ',')
	if o.file.Legacy() {
		return legacy(n, v)
	}
	return plain(n).WithValue(v)
}
