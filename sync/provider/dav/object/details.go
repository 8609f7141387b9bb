package object

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"zohosync/sync/contentline"
	"zohosync/sync/record"
)

// formatParam stands on a DESCRIPTION that we wrote and that looks like HTML, but is the text as somebody typed it.
const formatParam = "X-ZOHO-FORMAT"

// detailsField is the description of an event or a task. Calendars keep it as text, as HTML, or as both: in DESCRIPTION,
// in its ALTREP (Thunderbird), in X-ALT-DESC (Outlook) and in STYLED-DESCRIPTION (RFC 9073 section 6.5).
func detailsField() field { return field{record.Details, getDetails, setDetails} }

// getDetails returns what a person reads, with the links of the formatted text that the plain one leaves out: by one of
// them people join the meeting.
func getDetails(o *object) (string, error) {
	text := ""
	l := o.description()
	if l != nil {
		if text = o.text(l); record.IsHTML(text) && !strings.EqualFold(strings.Join(l.Param(formatParam), ""), "TEXT") {
			text = record.TextOfHTML(text)
		}
	}
	text = record.Canonical(record.Text, text)
	styled := o.styled()
	if text == "" && styled != "" {
		return record.TextOfHTML(styled), nil
	}
	for _, to := range record.LinksOfHTML(styled) {
		if !strings.Contains(text, to) {
			text += "\n<" + to + ">"
		}
	}
	return text, nil
}

// setDetails writes the text and takes away the formatted ones, which would say what it was before.
func setDetails(o *object, v string) error {
	if err := o.setText(v, "DESCRIPTION"); err != nil {
		return err
	}
	for l := range o.main.Lines() {
		if formatted(l) {
			o.main.Remove(l)
		}
	}
	l := o.description()
	if l == nil {
		return nil
	}
	n := l.Content.Without(formatParam)
	if _, ok := altrep(l); ok {
		n = n.Without("ALTREP")
	}
	if record.IsHTML(v) {
		n = n.With(formatParam, "TEXT")
	}
	o.main.Replace(l, n)
	return nil
}

// description returns the first DESCRIPTION that says something.
func (o *object) description() *contentline.Line {
	i := slices.IndexFunc(o.main.All("DESCRIPTION"), func(l *contentline.Line) bool { return strings.TrimSpace(o.text(l)) != "" })
	if i < 0 {
		return nil
	}
	return o.main.All("DESCRIPTION")[i]
}

// styled returns the formatted description as HTML, or "".
func (o *object) styled() string {
	for l := range o.main.Lines() {
		if v, ok := altrep(l); ok {
			return v
		}
		if formatted(l) && !strings.EqualFold(strings.Join(l.Param("VALUE"), ""), "URI") {
			return o.text(l)
		}
	}
	return ""
}

// formatted says whether a line holds nothing but the description in HTML.
func formatted(l *contentline.Line) bool {
	format := strings.ToLower(strings.Join(l.Param("FMTTYPE"), ""))
	return l.Is("X-ALT-DESC") && (format == "" || format == "text/html") || l.Is("STYLED-DESCRIPTION") && format == "text/html"
}

// altrep returns the HTML that a DESCRIPTION carries in its ALTREP as a data: URL (RFC 2397).
func altrep(l *contentline.Line) (string, bool) {
	if !l.Is("DESCRIPTION") {
		return "", false
	}
	head, data, found := strings.Cut(strings.Join(l.Param("ALTREP"), ","), ",")
	if !found || !strings.HasPrefix(strings.ToLower(head), "data:text/html") {
		return "", false
	}
	if strings.HasSuffix(strings.ToLower(head), ";base64") {
		b, err := base64.StdEncoding.DecodeString(data)
		return string(b), err == nil
	}
	text, err := url.PathUnescape(data)
	if err != nil {
		return data, true
	}
	return text, true
}
