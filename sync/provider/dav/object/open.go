package object

import (
	"slices"
	"strings"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// open finds the item in an object. With a refusal the object may be there all the same, to name the item for people.
func (c Codec) open(body []byte) (*object, *provider.ItemError) {
	f, err := contentline.Parse(body)
	if err != nil {
		return nil, &provider.ItemError{Code: provider.CodeUnreadable, Err: err}
	}
	if f.Flaw != nil {
		return nil, &provider.ItemError{Code: provider.CodeUnreadable, Err: f.Flaw}
	}
	if len(f.Roots()) != 1 {
		return nil, refuse(provider.CodeUnreadable, "", "more than one object in one file")
	}
	o := &object{codec: c, file: f, root: f.Roots()[0], slots: map[string]slots{}}
	if (o.root.Name == "VCARD") != (c.Kind == record.Contact) {
		return nil, refuse(provider.CodeOtherKind, "", "an object of another kind")
	}
	if c.Kind == record.Contact {
		return o, o.openCard()
	}
	return o.openCalendar()
}

func (o *object) openCard() *provider.ItemError {
	o.main = o.root
	o.version = o.line("VERSION")
	kind := o.line("KIND") + o.line("X-ADDRESSBOOKSERVER-KIND")
	if kind != "" && !strings.EqualFold(kind, "individual") && !strings.EqualFold(kind, "org") {
		return refuse(provider.CodeOtherKind, "", "a card of a group or a thing")
	}
	return nil
}

func (o *object) openCalendar() (*object, *provider.ItemError) {
	name := "VEVENT"
	if o.codec.Kind == record.Task {
		name = "VTODO"
	}
	items := o.root.Children(name)
	others := slices.DeleteFunc(o.root.Children(""), func(c *contentline.Component) bool {
		return c.Name == name || c.Name == "VTIMEZONE"
	})
	switch {
	case len(items) == 0 && len(others) > 0:
		return nil, refuse(provider.CodeOtherKind, "", "an object of another kind")
	case len(items) == 0:
		return nil, refuse(provider.CodeUnreadable, "", "no "+name+" in it")
	}
	o.main = items[0]
	uid := o.uid()
	recurring := false
	for _, c := range items {
		o.main = c
		if o.uid() != uid {
			return nil, refuse(provider.CodeUnreadable, "", "items with different UIDs in one object")
		}
		recurring = recurring || recurs(c)
	}
	o.main = items[0]
	switch {
	case o.file.Legacy():
		return o, refuse(provider.CodeUnreadable, "", "vCalendar 1.0")
	case recurring:
		return o, refuse(provider.CodeRecurring, "", "a series")
	case len(items) > 1:
		return o, refuse(provider.CodeUnreadable, "", "one item twice in one object")
	}
	return o, nil
}

// recurs says whether a component is a series or one occurrence of it.
func recurs(c *contentline.Component) bool {
	for l := range c.Lines() {
		switch strings.ToUpper(l.Name) {
		case "RRULE", "RDATE", "EXRULE", "RECURRENCE-ID":
			return true
		}
	}
	return false
}

// own lists what else the item says, for its revision. It is the same after a server has re-ordered, re-folded or
// re-escaped the lines; stamps are not in it.
func (o *object) own() []string {
	return normal(o, o.main, nil)
}

func normal(o *object, c *contentline.Component, out []string) []string {
	for l := range c.Lines() {
		switch strings.ToUpper(l.Name) {
		case "DTSTAMP", "LAST-MODIFIED", "REV", "PRODID", "VERSION":
		case "":
			if junk := strings.TrimSpace(l.Raw()); junk != "" {
				out = append(out, junk)
			}
		default:
			out = append(out, o.normalLine(l))
		}
	}
	for _, k := range c.Children("") {
		inner := normal(o, k, nil)
		slices.Sort(inner)
		out = append(out, k.Name+"\x01"+strings.Join(inner, "\x01"))
	}
	return out
}

func (o *object) normalLine(l *contentline.Line) string {
	var params []string
	value := o.text(l)
	for _, p := range l.Params {
		name, values := strings.ToUpper(p.Name), slices.Clone(p.Values)
		if name == "" {
			name = "TYPE"
		}
		switch {
		case name == "CHARSET" || strings.HasPrefix(name, "X-VOBJ-"):
			continue // one says how the value was written, the others are notes of Radicale to itself
		case name == "TYPE":
			for _, v := range values {
				params = append(params, "TYPE="+strings.ToUpper(v))
			}
		case name == "ENCODING" && binary(values):
			value = strings.Join(strings.Fields(l.Value), "")
			params = append(params, "ENCODING=B")
		default:
			params = append(params, name+"="+strings.Join(values, ","))
		}
	}
	slices.Sort(params)
	return strings.ToUpper(l.Group+"."+l.Name) + ";" + strings.Join(slices.Compact(params), ";") + ":" + strings.TrimSpace(value)
}

func binary(encoding []string) bool {
	e := strings.ToUpper(strings.Join(encoding, ""))
	return e == "B" || e == "BASE64"
}
