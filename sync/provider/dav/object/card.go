package object

import (
	"strings"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Parts of structured values (RFC 6350 sections 6.2.2, 6.3.1, 6.6.4).
const (
	familyPart, givenPart, additionalPart, prefixPart, suffixPart = 0, 1, 2, 3, 4
	boxPart, extendedPart, streetPart                             = 0, 1, 2 // then city, state, zip, country
	organisationPart, unitPart                                    = 0, 1
)

func contactFields() []field {
	out := []field{
		nameField(record.Salutation, prefixPart),
		nameField(record.FirstName, givenPart),
		nameField(record.LastName, familyPart),
		textField(record.Title, "TITLE"),
		orgField(record.Account, organisationPart),
		orgField(record.Department, unitPart),
		slotField(record.EmailMain, "EMAIL"),
		slotField(record.EmailOther, "EMAIL"),
		slotField(record.Phone, "TEL"),
		slotField(record.Mobile, "TEL"),
		slotField(record.HomePhone, "TEL"),
		slotField(record.OtherPhone, "TEL"),
		slotField(record.Fax, "TEL"),
		aliasField(record.Assistant, "X-MS-ASSISTANT", "X-ASSISTANT", "X-EVOLUTION-ASSISTANT", "X-KADDRESSBOOK-X-AssistantsName"),
		slotField(record.AssistantPhone, "TEL"),
		aliasField(record.ReportsTo, "X-MS-MANAGER", "X-MANAGER", "X-EVOLUTION-MANAGER", "X-KADDRESSBOOK-X-ManagersName"),
		slotField(record.MailingAddress, "ADR"),
		slotField(record.OtherAddress, "ADR"),
		{record.Birthday, getBirthday, setBirthday},
		textField(record.Details, "NOTE"),
		categoriesField(),
	}
	return out
}

// aliasField is a field that programs write under different names; we write the first.
func aliasField(f record.Field, names ...string) field {
	get := func(o *object) (string, error) {
		for _, name := range names {
			if v := o.line(name); v != "" {
				return v, nil
			}
		}
		return "", nil
	}
	return field{f, get, func(o *object, v string) error { return o.setText(v, names...) }}
}

func orgField(f record.Field, i int) field {
	get := func(o *object) (string, error) {
		return part(o.org(), i), nil
	}
	set := func(o *object, v string) error {
		l := o.main.First("ORG")
		if l == nil {
			o.main.Add(o.sayPart(contentline.Content{Name: "ORG"}, i, v))
			return nil
		}
		n := o.sayPart(l.Content, i, v)
		if strings.Trim(n.Value, "; ") == "" {
			o.removeLabelled(l)
			return nil
		}
		o.main.Replace(l, n)
		return nil
	}
	return field{f, get, set}
}

func nameField(f record.Field, i int) field {
	return field{f,
		func(o *object) (string, error) { return part(o.name(), i), nil },
		func(o *object, v string) error { o.setName(i, v); return nil },
	}
}

// name returns the parts of N. A card without a name in N has one in FN: its last word is the family name. Where FN
// only repeats the company or an e-mail address, there is no name.
func (o *object) name() []string {
	if l := o.main.First("N"); l != nil {
		if parts := o.parts(l); o.named || strings.TrimSpace(strings.Join(parts, "")) != "" {
			return parts
		}
	}
	full := strings.Join(strings.Fields(o.line("FN")), " ")
	ofCompany := full == o.source(fromCompany) || full == o.source(fromUnits)
	company := strings.EqualFold(o.line("KIND"), "org") || strings.EqualFold(o.line("X-ABShowAs"), "COMPANY")
	if full == "" || company || ofCompany || strings.Contains(full, "@") {
		return nil
	}
	given, family := "", full
	if i := strings.LastIndexByte(full, ' '); i > 0 {
		given, family = full[:i], full[i+1:]
	}
	return []string{family, given}
}

// setName changes one part of N, which is made from FN where there is none.
func (o *object) setName(i int, v string) {
	l := o.main.First("N")
	was := o.name()
	if l == nil {
		l = o.main.Add(contentline.Content{Name: "N", Value: ";;;;"})
	}
	if !o.named && strings.TrimSpace(strings.Join(o.parts(l), "")) == "" {
		l = o.sayName(l, was)
	}
	o.named = true
	o.main.Replace(l, o.sayPart(l.Content, i, v))
}

func (o *object) sayName(l *contentline.Line, parts []string) *contentline.Line {
	for i, text := range parts {
		l = o.main.Replace(l, o.sayPart(l.Content, i, text))
	}
	return l
}

// nameStyle is how FN was made from the rest of the card: a number of fullName, or one of those below.
type nameStyle int

const (
	chosen      nameStyle = -iota - 1 // by a person: it stays
	fromEmail                         // of a card without a name
	fromCompany                       // likewise: the first part of ORG
	fromUnits                         // likewise: all of ORG
)

const nameStyles = 24

// fullName composes a full name in one of nameStyles ways: with or without suffix, additional names and prefix; given
// name first, or family name first, with a comma or without.
func fullName(parts []string, style int) string {
	words := func(indexes ...int) string {
		var out []string
		for _, i := range indexes {
			if p := part(parts, i); p != "" {
				out = append(out, p)
			}
		}
		return strings.Join(out, " ")
	}
	given := []int{givenPart}
	if style&1 == 0 {
		given = append(given, additionalPart)
	}
	if style&4 != 0 {
		given = append([]int{prefixPart}, given...)
	}
	suffix := []int{}
	if style&2 == 0 {
		suffix = []int{suffixPart}
	}
	switch style / 8 {
	case 0:
		return words(append(append(given, familyPart), suffix...)...)
	case 1:
		return words(append(append([]int{familyPart}, given...), suffix...)...)
	}
	family, rest := words(familyPart), words(append(given, suffix...)...)
	if family == "" || rest == "" {
		return family + rest
	}
	return family + ", " + rest
}

// nameStyle finds out how FN was composed, before anything is edited.
func (o *object) nameStyle() nameStyle {
	full := strings.Join(strings.Fields(o.line("FN")), " ")
	parts := o.name()
	if full == "" {
		return 0
	}
	for _, style := range []nameStyle{fromEmail, fromCompany, fromUnits} {
		if len(parts) == 0 && full == o.source(style) {
			return style
		}
	}
	for style := range nameStyles {
		if fullName(parts, style) == full {
			return nameStyle(style)
		}
	}
	return chosen
}

// source returns the text that takes the place of a name, or "".
func (o *object) source(style nameStyle) string {
	v := ""
	switch style {
	case fromEmail:
		v = o.slotsOf("EMAIL").text(o, record.EmailMain)
	case fromCompany, fromUnits:
		parts := o.org()
		if v = part(parts, organisationPart); style == fromUnits {
			v = strings.Join(parts, " ")
		}
	}
	return strings.Join(strings.Fields(v), " ")
}

// org returns the parts of ORG.
func (o *object) org() []string {
	if l := o.main.First("ORG"); l != nil {
		return o.parts(l)
	}
	return nil
}

// settleName composes FN anew where it was composed of what changed; a display name that a person chose stays.
// names are the parts of the name before the edit: where they stood in FN alone, another field must not take them away.
func (o *object) settleName(was nameStyle, names []string) error {
	if !o.named && len(names) > 0 && len(o.name()) == 0 {
		for i, text := range names {
			o.setName(i, text)
		}
	}
	if was == chosen || !o.named && o.main.First("FN") == nil {
		return nil // a card that lives without FN goes on so until it gets a name
	}
	full := ""
	if was >= 0 || o.named {
		full = fullName(o.name(), max(0, int(was)))
	}
	for _, style := range []nameStyle{was, fromEmail, fromCompany} {
		if full == "" {
			full = o.source(style)
		}
	}
	switch full {
	case "":
		return refuse(provider.CodeMandatory, record.LastName, "a card needs a name or an e-mail address")
	case strings.Join(strings.Fields(o.line("FN")), " "):
		return nil
	}
	return o.setText(full, "FN")
}

// getBirthday reads the date and nothing else of BDAY: a time of day or a zone would move it to another day.
func getBirthday(o *object) (string, error) {
	l := o.main.First("BDAY")
	if l == nil || strings.EqualFold(strings.Join(l.Param("VALUE"), ""), "text") {
		return "", nil
	}
	v, _, _ := strings.Cut(strings.ToUpper(o.text(l)), "T")
	v, _, _ = strings.Cut(strings.TrimSpace(v), " ")
	if rest, ok := strings.CutPrefix(v, "--"); ok {
		v = "2000" + strings.ReplaceAll(rest, "-", "") // a leap year
		if t, err := time.Parse(dayLayout, v); err == nil {
			return t.Format("--01-02"), nil
		}
		return "", nil
	}
	omit := strings.Join(l.Param("X-APPLE-OMIT-YEAR"), "")
	for _, layout := range []string{record.DateLayout, dayLayout} {
		t, err := time.Parse(layout, v)
		switch {
		case err != nil:
		case strings.HasPrefix(v, appleNoYear), omit != "" && strings.HasPrefix(v, omit):
			return t.Format("--01-02"), nil
		default:
			return t.Format(record.DateLayout), nil
		}
	}
	return "", nil
}

// appleNoYear is the year by which Apple's programs mean none in vCard 3.0, which cannot leave it out.
const appleNoYear = "1604"

func setBirthday(o *object, v string) error {
	if v == "" {
		o.drop("BDAY")
		return nil
	}
	digits := v
	noYear := strings.HasPrefix(v, "--")
	if noYear {
		digits = "2000-" + v[2:]
	}
	if _, err := time.Parse(record.DateLayout, digits); err != nil {
		return refuse(provider.CodeInvalid, record.Birthday, "not a date")
	}
	n := contentline.Content{Name: "BDAY"}
	l := o.main.First("BDAY")
	if l != nil {
		n = plain(l.Content).Without("VALUE", "X-APPLE-OMIT-YEAR", "CALSCALE")
	}
	switch {
	case o.version == "4.0":
		v = strings.Replace(v, "--", "\x00", 1)
		v = strings.Replace(strings.ReplaceAll(v, "-", ""), "\x00", "--", 1)
	case noYear:
		n = n.With("X-APPLE-OMIT-YEAR", appleNoYear)
		v = appleNoYear + "-" + v[2:]
	}
	if l == nil {
		o.main.Add(n.WithValue(v))
	} else {
		o.main.Replace(l, n.WithValue(v))
	}
	return nil
}
