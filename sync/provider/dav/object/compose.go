package object

import (
	"strings"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Compose makes the new object of a create: iCalendar 2.0 or vCard 3.0. The error is an *provider.ItemError where the
// write does not hold enough for one.
func (c Codec) Compose(uid string, w record.Write) ([]byte, error) {
	if strings.TrimSpace(uid) == "" {
		return nil, refuse(provider.CodeInvalid, "", "no UID")
	}
	if c.Kind == record.Event && w.Patch[record.When] == "" {
		return nil, refuse(provider.CodeMandatory, record.When, "an event has a time")
	}
	o, refusal := c.open([]byte(c.skeleton()))
	if refusal != nil {
		return nil, refusal
	}
	o.put("UID", contentline.Escape(uid))
	if c.Kind != record.Contact {
		o.put("DTSTAMP", o.now().Format(utcLayout))
	}
	if w.Mark != "" {
		o.put(markLine, contentline.Escape(string(w.Mark)))
	}
	changed, err := o.edit(w.Patch)
	switch {
	case err != nil:
		return nil, err
	case !changed && c.Kind == record.Contact:
		return nil, refuse(provider.CodeMandatory, record.LastName, "a card needs a name or an e-mail address")
	case !changed:
		o.stamp()
	}
	o.drop("SEQUENCE") // nothing moved yet
	o.hushOld()
	return o.file.Bytes(), nil
}

// skeleton is an object that says nothing.
func (c Codec) skeleton() string {
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:" + prodID, "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR", ""}
	switch c.Kind {
	case record.Task:
		lines[3], lines[4] = "BEGIN:VTODO", "END:VTODO"
	case record.Contact:
		lines = []string{"BEGIN:VCARD", "VERSION:3.0", "PRODID:" + prodID, "N:;;;;", "FN:", "END:VCARD", ""}
	}
	return strings.Join(lines, "\r\n")
}

// hushOld tells Thunderbird that alarms in the past were seen; it does not know the ACKNOWLEDGED of RFC 9074.
func (o *object) hushOld() {
	for _, c := range o.main.Children("VALARM") {
		if c.First("ACKNOWLEDGED") != nil {
			o.put("X-MOZ-LASTACK", o.now().Format(utcLayout))
			return
		}
	}
}
