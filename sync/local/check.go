package local

import (
	"slices"
	"strings"
	"unicode/utf8"

	"zohosync/sync/contentline"
)

// card is the one component of an address book.
const card = "VCARD"

// components that a calendar can take.
func components() []string { return []string{"VEVENT", "VTODO", "VJOURNAL"} }

// check says what a body is, or by which precondition of RFC 4791 section 5.3.2.1 or RFC 6352 section 6.3.2.1 it cannot be
// stored in the collection.
func check(body []byte, c collection) (object, error) {
	space, invalid := nsCal, "valid-calendar-data"
	if c.home == contacts {
		space, invalid = nsCard, "valid-address-data"
	}
	if len(body) > maxObject {
		return object{}, forbidden(space, "max-resource-size")
	}
	if !clean(body) {
		return object{}, forbidden(space, invalid)
	}
	f, err := contentline.Parse(body)
	if err != nil || f.Flaw != nil || len(f.Roots()) != 1 {
		return object{}, forbidden(space, invalid)
	}
	root := f.Roots()[0]
	if c.home == contacts {
		uid := uidOf(root)
		if root.Name != card || uid == "" || len(root.All("UID")) > 1 {
			return object{}, forbidden(space, invalid)
		}
		return object{uid: uid, component: card, body: body}, nil
	}
	if root.Name != "VCALENDAR" {
		return object{}, forbidden(space, invalid)
	}
	o, err := checkCalendar(root, c)
	o.body = body
	return o, err
}

// checkCalendar wants components of one kind with one UID between them (RFC 4791 section 4.1).
func checkCalendar(root *contentline.Component, c collection) (o object, err error) {
	shape := forbidden(nsCal, "valid-calendar-object-resource")
	for _, k := range root.Children("") {
		if k.Name == "VTIMEZONE" || strings.HasPrefix(k.Name, "X-") {
			continue
		}
		uid := uidOf(k)
		if uid == "" || len(k.All("UID")) > 1 || o.uid != "" && (uid != o.uid || k.Name != o.component) {
			return object{}, shape
		}
		o.uid, o.component = uid, k.Name
	}
	switch {
	case o.uid == "", root.First("METHOD") != nil:
		return object{}, shape
	case !slices.Contains(c.components, o.component):
		return object{}, forbidden(nsCal, "supported-calendar-component")
	}
	return o, nil
}

func uidOf(c *contentline.Component) string {
	if l := c.First("UID"); l != nil {
		return strings.TrimSpace(contentline.Unescape(l.Value))
	}
	return ""
}

// clean says that a body is text: UTF-8 without control characters. Only such a body can stand in XML, and neither
// format allows anything else.
func clean(body []byte) bool {
	for len(body) > 0 {
		r, n := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && n == 1, r == 0xfffe, r == 0xffff:
			return false
		case r < ' ' && r != '\t' && r != '\r' && r != '\n':
			return false
		}
		body = body[n:]
	}
	return true
}
