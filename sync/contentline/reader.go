package contentline

import "strings"

// reader cuts text into logical lines: folded lines joined, quoted-printable lines with soft line breaks joined.
type reader struct {
	s      string
	end    byte // '\n', or '\r' in a file without any '\n'
	pos    int
	number int // of the next line of text
	legacy bool
	torn   bool // the line just read ends with a soft line break that nothing may follow
}

// physical returns the next line of text without its line end.
func (r *reader) physical() string {
	rest := r.s[r.pos:]
	i := strings.IndexByte(rest, r.end)
	if i < 0 {
		i = len(rest) - 1
	}
	r.pos += i + 1
	r.number++
	return strings.TrimRight(rest[:i+1], "\r\n")
}

// logical returns the next content line unfolded, and its bytes.
func (r *reader) logical() (text, raw string) {
	start := r.pos
	text = r.physical()
	var b strings.Builder
	join := func(more string) {
		if b.Len() == 0 {
			b.WriteString(text)
		}
		b.WriteString(more)
		text = b.String()
	}
	r.torn = false
	asked, soft := false, false
	for r.pos < len(r.s) {
		if strings.HasSuffix(text, "=") && !asked {
			asked, soft = true, quotedPrintable(text) // once a line, or a long one would take quadratic time
		}
		switch c := r.s[r.pos]; {
		case soft && strings.HasSuffix(text, "=") && boundary(r.s[r.pos:]):
			r.torn = true
			return text, r.s[start:r.pos]
		case soft && strings.HasSuffix(text, "="):
			// The "=" at the end of the line is a soft line break (RFC 2045 section 6.7) and stays for the decoder,
			// which takes "=\n" for nothing.
			join("\n" + r.physical())
		case c != ' ' && c != '\t':
			return text, r.s[start:r.pos]
		case r.legacy:
			join(r.physical()) // vCard 2.1 folds at white space that belongs to the value
		default:
			join(r.physical()[1:])
		}
	}
	return text, r.s[start:r.pos]
}

func quotedPrintable(text string) bool {
	head, _, found := strings.Cut(text, ":")
	const word = "QUOTED-PRINTABLE"
	return found && len(head) > len(word) && strings.Contains(strings.ToUpper(head), word)
}

// boundary says whether text begins with BEGIN: or END:. A soft line break before it is a mistake of the writer, and
// joining would lose the end of the component.
func boundary(text string) bool {
	return len(text) >= 4 && strings.EqualFold(text[:4], "END:") || len(text) >= 6 && strings.EqualFold(text[:6], "BEGIN:")
}

// ParseContent takes an unfolded line apart. Text without a colon outside of quotes, or without a name, gives an empty
// Content.
func ParseContent(text string) Content {
	i := strings.IndexAny(text, ";:")
	if i <= 0 {
		return Content{}
	}
	c := Content{Name: strings.TrimSpace(text[:i])}
	if dot := strings.LastIndexByte(c.Name, '.'); dot > 0 {
		c.Group, c.Name = c.Name[:dot], c.Name[dot+1:]
	}
	if c.Name == "" || strings.ContainsAny(c.Name, " \t\"=,") {
		return Content{}
	}
	if i < len(text) && text[i] == ';' {
		head, _, _ := strings.Cut(text, ":")
		c.Params = make([]Param, 0, strings.Count(head, ";"))
	}
	for i < len(text) && text[i] == ';' {
		p, n := parseParam(text[i+1:])
		if p.text != "" {
			c.Params = append(c.Params, p)
		}
		i += 1 + n
	}
	if i >= len(text) {
		return Content{}
	}
	c.Value = text[i+1:]
	return c
}

// parseParam reads one parameter up to the semicolon or colon that ends it, and returns its length.
func parseParam(s string) (Param, int) {
	var p Param
	i := strings.IndexAny(s, "=;:\"")
	if i < 0 {
		return p, len(s)
	}
	if s[i] == '=' {
		p.Name = strings.TrimSpace(s[:i])
		i++
	} else {
		i = 0
	}
	for {
		v, n := parseParamValue(s[i:])
		p.Values = append(p.Values, v)
		i += n
		if i >= len(s) || s[i] != ',' {
			break
		}
		i++
	}
	p.text = s[:i]
	return p, i
}

// parseParamValue reads up to the comma, semicolon or colon that ends the value. What stands in quotes ends nothing; a
// quote that is never closed is a character like any other.
func parseParamValue(s string) (string, int) {
	var b strings.Builder
	v, i := "", 0 // v is enough until there are quotes
	for i < len(s) {
		n := strings.IndexAny(s[i:], ",;:\"")
		if n < 0 {
			n = len(s) - i
		}
		v = s[i : i+n]
		i += n
		quote := i < len(s) && s[i] == '"'
		if !quote && b.Len() == 0 {
			break
		}
		b.WriteString(v)
		v = ""
		if !quote {
			break
		}
		closing := strings.IndexByte(s[i+1:], '"')
		if closing < 0 {
			n = strings.IndexAny(s[i:], ",;:")
			if n < 0 {
				n = len(s) - i
			}
			b.WriteString(s[i : i+n])
			i += n
			break
		}
		b.WriteString(s[i+1 : i+1+closing])
		i += closing + 2
	}
	return decodeParam(strings.TrimSpace(b.String() + v)), i
}
