package object

import (
	"slices"
	"strconv"
	"strings"

	"zohosync/sync/contentline"
	"zohosync/sync/record"
)

// extraField tells how many values of an object no field stands for. They stay where they are, whatever is written.
func extraField() field {
	get := func(o *object) (string, error) {
		n := 0
		if o.codec.Kind == record.Contact {
			n = o.extraOfCard()
		} else {
			n = o.extraAlarms() + o.extraGuests()
		}
		if n == 0 {
			return "", nil
		}
		return strconv.Itoa(n), nil
	}
	return field{record.Extra, get, func(*object, string) error { return nil }}
}

// extraOfCard counts addresses, numbers and parts of names that only the card has room for.
func (o *object) extraOfCard() int {
	n := 0
	for _, name := range []string{"EMAIL", "TEL", "ADR"} {
		held := map[*contentline.Line]bool{}
		for f, l := range o.slotsOf(name) {
			held[l] = slices.Contains(record.FieldsOf(record.Contact), f) // a line that is none's stands for no field
		}
		for _, l := range o.main.All(name) {
			if !held[l] && strings.Trim(l.Value, "; \t") != "" {
				n++
			}
		}
	}
	more := o.org()
	names := o.name()
	for i, p := range more {
		if i > unitPart && strings.TrimSpace(p) != "" {
			n++
		}
	}
	for _, i := range []int{additionalPart, suffixPart} {
		if part(names, i) != "" {
			n++
		}
	}
	return n
}

// extraAlarms counts alarms that a reminder cannot be: of an event those at a place, after its start or at a set time, of
// a task all but one.
func (o *object) extraAlarms() int {
	if o.codec.Kind == record.Task {
		held, _ := o.reminder()
		n := len(o.main.Children("VALARM"))
		if held != nil {
			n--
		}
		return n
	}
	n := len(o.main.Children("VALARM"))
	for _, c := range o.alarms() {
		if _, ok := minutesBefore(c); ok {
			n--
		}
	}
	return n
}

// extraGuests counts those who take part without an address.
func (o *object) extraGuests() int {
	n := 0
	for _, l := range o.main.All("ATTENDEE") {
		if attendee(l) == "" {
			n++
		}
	}
	return n
}
