package object

import (
	"net/url"
	"strings"

	"zohosync/sync/contentline"
)

// Part is what the owner of a calendar is in a meeting, as far as a scheduling server acts on it (RFC 6638 section 3.1).
type Part int

const (
	Bystander Part = iota // the server sends nothing because of this object
	Guest                 // the server tells the organizer of an answer and of a deletion
	Host                  // the server tells the guests of every change
)

// PartOf returns the part of somebody with these addresses, as calendar-user-address-set lists them (RFC 6638 section
// 2.4.1). Without any the owner may be anybody, and what cannot be read is taken for a host's. Guests whom the client looks
// after, and organizers too, hear nothing from the server (section 7.1).
func PartOf(body []byte, addresses []string) Part {
	f, err := contentline.Parse(body)
	if err != nil || f.Flaw != nil {
		return Host
	}
	known := map[string]bool{}
	for _, a := range addresses {
		if a = calendarUser(a); a != "" {
			known[a] = true
		}
	}
	part := Bystander
	for _, root := range f.Roots() {
		for _, c := range root.Children("") {
			part = max(part, partIn(c, known))
		}
	}
	return part
}

func partIn(c *contentline.Component, known map[string]bool) Part {
	organizer, guests := c.First("ORGANIZER"), c.All("ATTENDEE")
	if organizer == nil {
		return Bystander
	}
	mine := func(l *contentline.Line) bool {
		a := calendarUser(l.Value)
		// An address that is no mail address may be a second name for one that is.
		return len(known) == 0 || known[a] || !strings.Contains(a, "@")
	}
	if mine(organizer) {
		for _, g := range guests {
			if !leftToClient(g) {
				return Host
			}
		}
	}
	if known[calendarUser(organizer.Value)] || leftToClient(organizer) {
		return Bystander
	}
	for _, g := range guests {
		if mine(g) {
			return Guest
		}
	}
	return Bystander
}

func leftToClient(l *contentline.Line) bool {
	agent := strings.ToUpper(strings.Join(l.Param("SCHEDULE-AGENT"), ""))
	return agent == "CLIENT" || agent == "NONE"
}

// calendarUser spells the address of a calendar user so that two spellings of one mail address are equal.
func calendarUser(v string) string {
	v = strings.ToLower(strings.TrimSpace(v))
	if mail, ok := strings.CutPrefix(v, "mailto:"); ok {
		if plain, err := url.PathUnescape(mail); err == nil {
			mail = plain
		}
		return strings.TrimSpace(mail)
	}
	return v
}

// Quiet says that two versions of a guest's object differ in nothing of which its organizer is told: they have the same
// people, answers, times and occurrences (RFC 6638 section 3.2.2).
func Quiet(before, after []byte) bool {
	a, err := contentline.Parse(before)
	b, err2 := contentline.Parse(after)
	if err != nil || err2 != nil || a.Flaw != nil || b.Flaw != nil {
		return false
	}
	return loud(a.Roots()) == loud(b.Roots())
}

// loud writes down all of these components of which somebody may be told.
func loud(list []*contentline.Component) string {
	var b strings.Builder
	for _, c := range list {
		if strings.EqualFold(c.Name, "VALARM") {
			continue
		}
		b.WriteString("{" + strings.ToUpper(c.Name) + "\n")
		for l := range c.Lines() {
			if !ownWords(l.Name) {
				b.WriteString(l.Raw() + "\n")
			}
		}
		b.WriteString(loud(c.Children("")) + "}\n")
	}
	return b.String()
}

// ownWords says of a property that everybody has it for himself.
func ownWords(name string) bool {
	switch name = strings.ToUpper(name); name {
	case "SUMMARY", "LOCATION", "DESCRIPTION", "CATEGORIES", "LAST-MODIFIED", "DTSTAMP":
		return true
	}
	return strings.HasPrefix(name, "X-")
}
