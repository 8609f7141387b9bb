package local

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Name spaces, with the prefixes that answers give them.
const (
	nsDAV   = "DAV:"
	nsCal   = "urn:ietf:params:xml:ns:caldav"
	nsCard  = "urn:ietf:params:xml:ns:carddav"
	nsCS    = "http://calendarserver.org/ns/"
	nsApple = "http://apple.com/ns/ical/"

	declarations = ` xmlns:D="` + nsDAV + `" xmlns:C="` + nsCal + `" xmlns:A="` + nsCard + `" xmlns:S="` + nsCS + `" xmlns:I="` + nsApple + `"`
	xmlHead      = `<?xml version="1.0" encoding="utf-8"?>` + "\n"
)

func prefix(space string) string {
	return map[string]string{nsDAV: "D", nsCal: "C", nsCard: "A", nsCS: "S", nsApple: "I"}[space]
}

// escape writes text so that every byte comes back, line ends included.
func escape(s string) string {
	var b strings.Builder
	// The only error of EscapeText is that of the writer, and a Builder has none.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// element writes one element around XML.
func element(p property, inner string) string {
	tag, space := p.name, ` xmlns="`+escape(p.space)+`"`
	if known := prefix(p.space); known != "" {
		tag, space = known+":"+p.name, ""
	}
	if inner == "" {
		return "<" + tag + space + "/>"
	}
	return "<" + tag + space + ">" + inner + "</" + tag + ">"
}

// elements writes empty elements of one name space.
func elements(space string, names ...string) string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString(element(property{space, n}, ""))
	}
	return b.String()
}

func hrefElement(path string) string { return element(property{nsDAV, "href"}, escape(path)) }

// names are the elements inside an element, of which only the names matter.
type names struct {
	Any []struct{ XMLName xml.Name } `xml:",any"`
}

func (n *names) properties() []property {
	var out []property
	if n != nil {
		for _, e := range n.Any {
			out = append(out, property{e.XMLName.Space, e.XMLName.Local})
		}
	}
	return out
}

// content is what stands inside an element: XML that can be written anywhere.
type content struct{ text string }

// UnmarshalXML implements xml.Unmarshaler: every element gets its name space by itself.
func (c *content) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	var b strings.Builder
	for depth := 0; ; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			b.WriteString(`<` + t.Name.Local + ` xmlns="` + escape(t.Name.Space) + `"`)
			for _, a := range t.Attr {
				if a.Name.Space == "" && a.Name.Local != "xmlns" {
					b.WriteString(` ` + a.Name.Local + `="` + escape(a.Value) + `"`)
				}
			}
			b.WriteString(`>`)
		case xml.EndElement:
			if depth--; depth < 0 {
				c.text = b.String()
				return nil
			}
			b.WriteString(`</` + t.Name.Local + `>`)
		case xml.CharData:
			b.WriteString(escape(string(t)))
		}
	}
}

// maxRequest bounds the XML of a request.
const maxRequest = 8 << 20

// readXML reads the body of a request into v. An empty body leaves v as it is.
func readXML(w http.ResponseWriter, r *http.Request, v any) error {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return bodyError(err)
	}
	if len(b) == 0 {
		return nil
	}
	if err := xml.Unmarshal(b, v); err != nil {
		return &refusal{status: http.StatusBadRequest}
	}
	return nil
}

// bodyError tells a body that is too large from a connection that broke.
func bodyError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &refusal{status: http.StatusRequestEntityTooLarge}
	}
	return &refusal{status: http.StatusBadRequest}
}

// refusal is an answer that says no, with the precondition of RFC 4918 section 16 that does not hold.
type refusal struct {
	status int
	cond   property
	inner  string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.status, r.cond.name) }

// forbidden is a refusal by a precondition.
func forbidden(space, name string) error {
	return &refusal{status: http.StatusForbidden, cond: property{space, name}}
}

// value is one property with what stands inside it.
type value struct {
	property
	inner string
}

// multistatus writes the answer of RFC 4918 section 13 as it goes. Its first error is kept by the writer.
type multistatus struct {
	w       *bufio.Writer
	minimal bool // properties that are not there are left out (RFC 8144)
}

func newMultistatus(w http.ResponseWriter, r *http.Request) *multistatus {
	m := &multistatus{w: bufio.NewWriterSize(w, 64<<10)}
	for _, p := range r.Header.Values("Prefer") {
		m.minimal = m.minimal || strings.Contains(p, "return=minimal")
	}
	if m.minimal {
		w.Header().Set("Preference-Applied", "return=minimal")
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.WriteHeader(http.StatusMultiStatus)
	m.write(xmlHead + `<D:multistatus` + declarations + `>`)
	return m
}

func (m *multistatus) write(s string) { _, _ = m.w.WriteString(s) }

// properties writes a response with what was found and what was not.
func (m *multistatus) properties(href string, found []value, missing []property) {
	m.write(`<D:response>` + hrefElement(href))
	if len(found) > 0 || m.minimal || len(missing) == 0 {
		m.write(`<D:propstat><D:prop>`)
		for _, v := range found {
			m.write(element(v.property, v.inner))
		}
		m.write(`</D:prop>` + statusElement(http.StatusOK) + `</D:propstat>`)
	}
	if len(missing) > 0 && !m.minimal {
		m.failed(missing, http.StatusNotFound, "")
	}
	m.write(`</D:response>`)
}

// failed writes the properties that have another status.
func (m *multistatus) failed(list []property, status int, cond string) {
	if len(list) == 0 {
		return
	}
	m.write(`<D:propstat><D:prop>`)
	for _, p := range list {
		m.write(element(p, ""))
	}
	m.write(`</D:prop>` + statusElement(status))
	if cond != "" {
		m.write(`<D:error>` + cond + `</D:error>`)
	}
	m.write(`</D:propstat>`)
}

// status writes a response that is a status alone.
func (m *multistatus) status(href string, status int, cond string) {
	m.write(`<D:response>` + hrefElement(href) + statusElement(status))
	if cond != "" {
		m.write(`<D:error>` + cond + `</D:error>`)
	}
	m.write(`</D:response>`)
}

// end ends the answer, with a sync-token where there is one.
func (m *multistatus) end(token string) {
	if token != "" {
		m.write(element(property{nsDAV, "sync-token"}, escape(token)))
	}
	m.write(`</D:multistatus>`)
	// The client has gone, or got all of it.
	_ = m.w.Flush()
}

func statusElement(status int) string {
	return fmt.Sprintf(`<D:status>HTTP/1.1 %d %s</D:status>`, status, http.StatusText(status))
}
