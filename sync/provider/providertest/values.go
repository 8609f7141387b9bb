package providertest

import (
	"slices"
	"strings"

	"zohosync/sync/record"
)

// ordinary holds values that every service has to hold, by field or else by type. They are what people type, with all
// that formats have to escape or fold.
func ordinary(k record.Kind, f record.Field) []string {
	switch f {
	case record.Phone, record.Mobile, record.HomePhone, record.OtherPhone, record.Fax, record.AssistantPhone:
		return []string{"+33 1 23 45 67 89", "555-010-0199", "(555) 010 0147"}
	case record.Salutation:
		return []string{"Mr.", "Dr."}
	case record.Account, record.ReportsTo:
		return []string{"Zoë & Söhne", "Acme"}
	}
	switch def := record.Lookup(k, f); def.Type {
	case record.Text:
		return []string{
			"One line",
			"First line\nsecond line\n\nfourth line; semicolon, comma: colon",
			"Umlaut äöü, 日本語, emoji 🎉, quote \" and apostrophe '",
			`A back-slash C:\new\table, two \\, an escaped one \; and \,`,
			"  \n outer space is not kept \n ",
			"Line ends of\r\nanother system",
			strings.Repeat("A long text has to be folded, but äöü must not be split. ", 15) + "End",
		}
	case record.Email:
		return []string{"zoe@example.com", "first.last+tag@sub.example.org", "Upper@Example.COM"}
	case record.Date:
		return []string{"1984-02-29", "2026-03-29", "2026-10-25"}
	case record.Instant:
		return []string{"2026-05-04T08:00:00Z", "2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z", "2026-12-31T23:30:00Z"}
	case record.Span:
		return spans
	case record.Address:
		return []string{
			record.Join("12 High Street", "Springfield", "Illinois", "62704", "United States"),
			record.Join("8, rue de l’Église", "Saint-Étienne", "", "42000", "France"),
			record.Join("", "Kraków", "", "", ""),
		}
	case record.List:
		return []string{"Customers", record.Join("Alpha", "Beta"), record.Join("Zulu", "Élan", "Big deal")}
	case record.Emails:
		return []string{"ann@example.com", record.Join("ann@example.com", "bob@example.org"), record.Join("Zed@Example.com", "ann@example.com")}
	case record.Minutes:
		return []string{"15", record.Join("5", "60"), record.Join("1440", "30")}
	case record.Choice:
		return def.Codes
	}
	return []string{
		"Plain words",
		"semicolon; comma, colon: equals= back-slash \\ end",
		"Zoë Ångström 日本語 🎉",
		`quote " and 'apostrophe' and <b>&amp;</b>`,
		"   outer   space   ",
		strings.Repeat("folded äöü ", 12) + "end",
	}
}

// spans are the times of meetings: short ones, around midnight and both changes of the clock, and whole days.
var spans = []string{
	"2026-05-04T08:00:00Z/2026-05-04T09:30:00Z",
	"2026-03-29/2026-03-30",
	"2026-03-29T00:30:00Z/2026-03-29T02:00:00Z",
	"2026-12-30/2027-01-02",
	"2026-10-25T00:30:00Z/2026-10-25T01:30:00Z",
	"2026-11-01T05:30:00Z/2026-11-01T07:00:00Z",
	"2026-12-31T23:00:00Z/2027-01-01T01:00:00Z",
}

// odd are texts that are lost, doubled or turned round where somebody takes bytes, letters and lines for one another:
// control characters, both directions of writing, composed and decomposed letters, letters beyond 16 bits and those that
// are put together from several, blanks at the borders, and line ends of every system.
var odd = []string{
	"null \x00 bell \a escape \x1b delete \x7f",
	"vertical\vform\ffeed",
	"שלום עולם abc مرحبا",
	"\u202eright to left\u202c \u200f\u200e",
	"Zo\u00eb and Zoe\u0308, \u212b and A\u030a, \ufb01",
	"👩\u200d👩\u200d👧 👍🏽 🇫🇷 𝒵 \U0001f4c5",
	"\u00a0no-break\u00a0\u202f",
	"next\u0085line separator\u2028paragraph\u2029end",
	"𠮷野家 \u0378",
	"\ufeffmark \ufffe \uffff \ufffd end",
	"\r\n\r\nCRLF\r\nand\rCR\n",
	"percent %0A %C3%A9 =C3=A9 &#10; &amp; \\n ^n ^' \\u00e9",
}

// rareOf holds values that a service may refuse, but must not spoil.
func rareOf(k record.Kind, f record.Field) []string {
	switch record.Lookup(k, f).Type {
	case record.Text:
		return append([]string{"tab\tinside", "<p>markup</p>\n<script>x</script>", "BEGIN:VEVENT\nEND:VEVENT", strings.Repeat("ä", 5000), strings.Repeat("x", 4096) + "\r\n" + strings.Repeat("😀", 1024)}, odd...)
	case record.Line:
		return append([]string{`ends with a back-slash \`, "; , \\n", strings.Repeat("ö", 255), `\`, strings.Repeat("line ", 800)}, odd...)
	case record.Date:
		return []string{"--05-17", "1899-12-31", "2099-12-31"}
	case record.Instant:
		return []string{"1999-12-31T23:59:59Z"}
	case record.Span:
		return []string{"2026-05-04T08:00:00Z/2026-05-04T08:00:00Z", "1999-12-31T23:59:00Z/2000-01-01T00:00:00Z", "2026-05-04T08:00:07Z/2026-05-06T20:00:13Z"}
	case record.Address:
		return []string{record.Join("1 Main St; Apt, 2\nsecond line", `C:\`, "", "", "x;y"), record.Join("", "", "", "", "Chile")}
	case record.List:
		return []string{record.Join("with, comma", "with; semicolon", `with \ back-slash`)}
	case record.Emails:
		return []string{record.Join("o'brien@example.com", "a@b.example")}
	case record.Minutes:
		return []string{"0", record.Join("0", "7", "40320")}
	}
	return nil
}

// values lists the ordinary values of a field that fit into it.
func (s *suite) values(f record.Field) []string {
	def, limit := record.Lookup(s.Kind, f), s.limits[f]
	list, given := s.Values[f]
	switch {
	case given:
	case len(limit.Choices) > 0:
		list = limit.Choices
	default:
		list = ordinary(s.Kind, f)
	}
	var out []string
	for _, v := range list {
		if limit.Fits(def.Type, record.Canonical(def.Type, v)) && !s.spoilt(f, v) {
			out = append(out, v)
		}
	}
	return out
}

// rare lists the rare values of a field that fit into it. Fields that take only certain words are left out.
func (s *suite) rare(f record.Field) []string {
	_, given := s.Values[f]
	if limit := s.limits[f]; given || len(limit.Choices) > 0 || f == s.name() || f == record.Account || f == record.ReportsTo {
		return nil
	}
	t := record.Lookup(s.Kind, f).Type
	return slices.DeleteFunc(rareOf(s.Kind, f), func(v string) bool { return !s.limits[f].Fits(t, v) || s.spoilt(f, v) })
}

func (s *suite) spoilt(f record.Field, v string) bool { return s.Spoils != nil && s.Spoils(f, v) }
