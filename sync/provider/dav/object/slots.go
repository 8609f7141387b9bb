package object

import (
	"net/url"
	"slices"
	"strings"

	"zohosync/sync/contentline"
	"zohosync/sync/record"
)

// slots says which EMAIL, TEL or ADR line of a card holds which field. Lines without a field are left alone.
type slots map[record.Field]*contentline.Line

func slotField(f record.Field, name string) field {
	return field{f,
		func(o *object) (string, error) { return o.slotsOf(name).text(o, f), nil },
		func(o *object, v string) error { o.setSlot(f, name, v); return nil },
	}
}

// text returns what the line of a field says.
func (s slots) text(o *object, f record.Field) string {
	l := s[f]
	switch {
	case l == nil:
		return ""
	case l.Is("ADR"):
		p := o.parts(l)
		return record.Join(part(p, streetPart), part(p, streetPart+1), part(p, streetPart+2), part(p, streetPart+3), part(p, streetPart+4))
	case l.Is("TEL") && strings.EqualFold(strings.Join(l.Param("VALUE"), ""), "uri"):
		return telephone(o.text(l))
	}
	return strings.TrimSpace(o.text(l))
}

// telephone returns the number of a tel: URI (RFC 3966).
func telephone(uri string) string {
	v := strings.TrimSpace(uri)
	if len(v) > 4 && strings.EqualFold(v[:4], "tel:") {
		v = v[4:]
	}
	if plain, err := url.PathUnescape(v); err == nil {
		v = plain
	}
	return v
}

// slotsOf returns the slots of the lines of one name: as they were edited, else as they stand.
func (o *object) slotsOf(name string) slots {
	if s, ok := o.slots[name]; ok {
		return s
	}
	return o.assign(name)
}

// assign gives lines to fields: first those that name their field, then by type and order.
func (o *object) assign(name string) slots {
	s := slots{}
	var free []*contentline.Line
	for _, l := range o.main.All(name) {
		own := record.Field(strings.ToLower(strings.Join(l.Param(fieldParam), "")))
		switch {
		case strings.Trim(l.Value, "; \t") == "":
		case own == "":
			free = append(free, l)
		case s[own] == nil:
			s[own] = l
		}
	}
	slices.SortStableFunc(free, func(a, b *contentline.Line) int { return preference(a) - preference(b) })
	switch name {
	case "EMAIL":
		free = s.take(record.EmailMain, free, anyLine)
		s.take(record.EmailOther, free, anyLine)
	case "TEL":
		o.assignPhones(s, free)
	case "ADR":
		free = s.take(record.MailingAddress, free, typed("work"))
		free = s.take(record.MailingAddress, free, preferred)
		free = s.take(record.MailingAddress, free, anyLine)
		free = s.take(record.OtherAddress, free, typed("other"))
		free = s.take(record.OtherAddress, free, typed("home"))
		s.take(record.OtherAddress, free, anyLine)
	}
	return s
}

// take gives the first line that fits to a field that has none, and returns the lines that are left.
func (s slots) take(f record.Field, lines []*contentline.Line, fits func(*contentline.Line) bool) []*contentline.Line {
	if s[f] != nil {
		return lines
	}
	i := slices.IndexFunc(lines, fits)
	if i < 0 {
		return lines
	}
	s[f] = lines[i]
	return slices.Delete(slices.Clone(lines), i, i+1)
}

func (o *object) assignPhones(s slots, free []*contentline.Line) {
	byUse := map[record.Field][]*contentline.Line{}
	for _, l := range free {
		f := phoneUse(l)
		byUse[f] = append(byUse[f], l)
	}
	for _, f := range []record.Field{record.AssistantPhone, record.Fax, record.Mobile, record.HomePhone, record.Phone, record.OtherPhone} {
		s.take(f, byUse[f], anyLine)
	}
	general := s.take(record.Phone, byUse[generalPhone], anyLine)
	s.take(record.OtherPhone, general, anyLine)
}

// Uses of a telephone that are no fields.
const (
	generalPhone record.Field = "general" // says nothing of the place
	alienPhone   record.Field = "alien"   // a pager, a modem, a car
)

// phoneUse tells from its types what a telephone is for.
func phoneUse(l *contentline.Line) record.Field {
	t := types(l)
	for _, use := range []struct {
		field record.Field
		types []string
	}{
		{record.AssistantPhone, []string{"x-assistant", "assistant", "x-evolution-assistant"}},
		{record.Fax, []string{"fax"}},
		{alienPhone, []string{"pager", "modem", "isdn", "bbs", "car", "x-evolution-telex", "x-evolution-tty", "textphone"}},
		{record.Mobile, []string{"cell", "mobile", "iphone"}},
		{record.HomePhone, []string{"home"}},
		{record.OtherPhone, []string{"other"}},
		{record.Phone, []string{"work"}},
	} {
		if slices.ContainsFunc(use.types, func(w string) bool { return slices.Contains(t, w) }) {
			return use.field
		}
	}
	return generalPhone
}

// types returns the TYPE words of a line in lower case; in vCard 2.1 they stand bare.
func types(l *contentline.Line) []string {
	var out []string
	for _, p := range slices.Concat(l.Param("TYPE"), l.Param("")) {
		for _, w := range strings.Split(p, ",") {
			out = append(out, strings.ToLower(strings.TrimSpace(w)))
		}
	}
	return out
}

func anyLine(*contentline.Line) bool { return true }

func typed(word string) func(*contentline.Line) bool {
	return func(l *contentline.Line) bool { return slices.Contains(types(l), word) }
}

func preferred(l *contentline.Line) bool { return preference(l) < noPreference }

const noPreference = 1000

// preference orders lines: PREF=1 to 100 of vCard 4.0, TYPE=pref of 3.0, then the rest.
func preference(l *contentline.Line) int {
	n := 0
	for _, r := range strings.Join(l.Param("PREF"), "") {
		if r < '0' || r > '9' || n > 99 {
			n = 0
			break
		}
		n = n*10 + int(r-'0')
	}
	if n >= 1 && n <= 100 {
		return n
	}
	if slices.Contains(types(l), "pref") {
		return 1
	}
	return noPreference
}

// setSlot writes the line of one field. Which line is whose afterwards is settled at the end of the edit.
func (o *object) setSlot(f record.Field, name, v string) {
	s := o.slotsOf(name)
	o.slots[name] = s
	l := s[f]
	switch {
	case l == nil && v == "":
	case l == nil:
		n := o.newSlot(f, name)
		if main := s[record.EmailOther]; f == record.EmailMain && main != nil {
			s[f] = o.main.AddBefore(main, o.saySlot(n, v))
			return
		}
		if all := o.main.All(name); len(all) > 0 {
			s[f] = o.main.AddAfter(all[len(all)-1], o.saySlot(n, v))
			return
		}
		s[f] = o.main.Add(o.saySlot(n, v))
	case v == "" && !o.keepsMore(l):
		o.removeLabelled(l)
		delete(s, f)
	default:
		s[f] = o.main.Replace(l, o.saySlot(l.Content, v))
	}
}

// newSlot begins the line of a field with the types that its version has.
func (o *object) newSlot(f record.Field, name string) contentline.Content {
	words := map[record.Field][]string{
		record.EmailMain: {"INTERNET"}, record.EmailOther: {"INTERNET"},
		record.Phone: {"WORK", "VOICE"}, record.Mobile: {"CELL"}, record.HomePhone: {"HOME", "VOICE"},
		record.OtherPhone: {"OTHER"}, record.Fax: {"WORK", "FAX"}, record.AssistantPhone: {"X-ASSISTANT"},
		record.MailingAddress: {"WORK"}, record.OtherAddress: {"OTHER"},
	}[f]
	n := contentline.Content{Name: name}
	for _, w := range words {
		switch {
		case o.file.Legacy():
			n = n.With("", w)
		case o.version == "4.0" && w == "INTERNET": // vCard 4.0 knows no such type
		case o.version == "4.0":
			n = n.With("TYPE", strings.ToLower(w))
		default:
			n = n.With("TYPE", w)
		}
	}
	return n
}

func (o *object) saySlot(n contentline.Content, v string) contentline.Content {
	if !n.Is("ADR") {
		return o.say(n.Without("VALUE"), v)
	}
	address := record.Split(v)
	for i := range 5 {
		n = o.sayPart(n, streetPart+i, part(address, i))
	}
	return n
}

// keepsMore says whether a line holds something besides its field: the post box of an address.
func (o *object) keepsMore(l *contentline.Line) bool {
	return l.Is("ADR") && (part(o.parts(l), boxPart) != "" || part(o.parts(l), extendedPart) != "")
}

// removeLabelled takes a line away, and the lines that only describe it: the label of its group.
func (o *object) removeLabelled(l *contentline.Line) {
	o.main.Remove(l)
	if l.Group == "" {
		return
	}
	var labels []*contentline.Line
	for m := range o.main.Lines() {
		switch {
		case !strings.EqualFold(m.Group, l.Group):
		case m.Is("X-ABLabel"), m.Is("X-ABADR"):
			labels = append(labels, m)
		default:
			return // the group has another member
		}
	}
	for _, m := range labels {
		o.main.Remove(m)
	}
}

// unclaimed marks a line that holds no field.
const unclaimed = "none"

// settleSlots marks lines whose type and order would give them to another field than the edit meant: a second e-mail
// address without a first one, say.
func (o *object) settleSlots() {
	for _, name := range []string{"EMAIL", "TEL", "ADR"} {
		meant, edited := o.slots[name]
		if !edited {
			continue
		}
		delete(o.slots, name)
		for _, f := range record.FieldsOf(record.Contact) {
			if l := meant[f]; l != nil && o.assign(name)[f] != l {
				meant[f] = o.markSlot(l, string(f))
			}
		}
		for _, f := range record.FieldsOf(record.Contact) {
			if l := o.assign(name)[f]; l != nil && meant[f] == nil {
				o.hide(name, f, l)
			}
		}
	}
}

// hide keeps further lines from moving up into a field that was cleared.
func (o *object) hide(name string, f record.Field, l *contentline.Line) {
	const most = 20 // a card with more spare lines than that shows one of them
	for range most {
		o.markSlot(l, unclaimed)
		if l = o.assign(name)[f]; l == nil {
			return
		}
	}
}

func (o *object) markSlot(l *contentline.Line, what string) *contentline.Line {
	n := l.Without(fieldParam).With(fieldParam, what)
	if quoted(n) {
		n = o.say(n, o.text(l))
	}
	return o.main.Replace(l, n)
}
