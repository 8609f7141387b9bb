// Package object reads calendar objects and cards as items and edits only the lines that a patch names. See RFC 5545
// (iCalendar), RFC 2426 and RFC 6350 (vCard).
package object

import (
	"errors"
	"slices"
	"strings"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Codec reads and writes the objects of one collection.
type Codec struct {
	Kind   record.Kind
	Fields []record.Field   // what Read fills, and no others
	Zone   *time.Location   // for times without a zone; nil: time.Local
	Now    func() time.Time // for the stamps; nil: time.Now
}

// Lines of our own in the objects of others.
const (
	markLine     = "X-ZOHO-CRM-ID"   // the partner of the item
	priorityLine = "X-ZOHO-PRIORITY" // a priority that PRIORITY cannot tell from its neighbour
	statusLine   = "X-ZOHO-STATUS"   // a status that iCalendar does not have
	reminderLine = "X-ZOHO-REMINDER" // in the alarm that is the reminder, where another one rings earlier
	fieldParam   = "X-ZOHO-FIELD"    // on EMAIL, TEL and ADR, where their order does not tell the field
	prodID       = "-//ZohoSync//ZohoSync//EN"
)

// Read returns the item that the object holds, or why it is none: exactly one of the two. An ID with a slot behind it asks
// for one occurrence of a series; one that the series does not have is provider.CodeNoOccurrence.
func (c Codec) Read(id record.ID, body []byte) (record.Item, *provider.Skip) {
	if group := GroupOf(id); group != id {
		return c.readOccurrence(group, id, body)
	}
	o, refusal := c.open(body)
	return single(id, o, refusal)
}

// single reads an object that holds one item.
func single(id record.ID, o *object, refusal *provider.ItemError) (record.Item, *provider.Skip) {
	if refusal == nil {
		item, err := o.item(id)
		if err == nil {
			return item, nil
		}
		refusal = err
	}
	skip := &provider.Skip{ID: id, Group: id, Err: refusal}
	if o != nil {
		skip.Title = o.title()
	}
	return record.Item{}, skip
}

// Edit returns the object with the patch carried out: only lines that it names and the stamps change, and nothing at
// all where the object says so already. Fields that have no place in such an object are passed over. The error is an
// *provider.ItemError.
func (c Codec) Edit(body []byte, p record.Patch) ([]byte, error) {
	o, refusal := c.open(body)
	if refusal != nil {
		return nil, refusal
	}
	changed, err := o.edit(p)
	if err != nil {
		return nil, err
	}
	if !changed {
		return body, nil
	}
	return o.file.Bytes(), nil
}

// Put returns what to write in the place of body so that before is restored. Both must be the same item, or a person's
// undo would replace something else.
func (c Codec) Put(body []byte, before []byte) ([]byte, error) {
	now, refusal := c.open(body)
	if now == nil {
		return nil, refusal
	}
	then, refusal := c.open(before)
	if then == nil {
		return nil, refusal
	}
	if now.uid() != then.uid() {
		return nil, refuse(provider.CodeRefused, "", "the object is another item now")
	}
	return before, nil
}

// Limits says what CalDAV and CardDAV hold of the fields of a kind. A field that is absent is not held at all.
func Limits(k record.Kind) map[record.Field]record.Limit {
	out := map[record.Field]record.Limit{}
	for _, f := range fieldsOf(k) {
		out[f.name] = record.Limit{Mandatory: f.name == record.When, ReadOnly: f.name == record.Extra}
	}
	return out
}

func refuse(code string, f record.Field, reason string) *provider.ItemError {
	return &provider.ItemError{Code: code, Field: f, Err: errors.New(reason)}
}

// object is one open object: the file, and the component in it that is the item.
type object struct {
	codec   Codec
	file    *contentline.File
	root    *contentline.Component // VCALENDAR or VCARD
	main    *contentline.Component // VEVENT, VTODO or VCARD
	version string                 // of a card: 2.1, 3.0 or 4.0
	zones   map[string]zone        // those looked up already, by TZID; nil for one that nobody knows

	slots map[string]slots // of a card: which line holds which field, for EMAIL, TEL and ADR that were edited
	named bool             // of a card: N was edited
}

// field is how one field stands in an object.
type field struct {
	name record.Field
	get  func(*object) (string, error)
	set  func(*object, string) error
}

func fieldsOf(k record.Kind) []field {
	switch k {
	case record.Event:
		return append(eventFields(), extraField())
	case record.Task:
		return append(taskFields(), extraField())
	case record.Contact:
		return append(contactFields(), extraField())
	}
	return nil
}

// record reads the fields that the codec names.
func (o *object) record() (record.Record, *provider.ItemError) {
	rec := record.Record{}
	for _, f := range fieldsOf(o.codec.Kind) {
		if !slices.Contains(o.codec.Fields, f.name) {
			continue
		}
		v, err := o.value(f)
		if err != nil {
			return nil, &provider.ItemError{Code: provider.CodeUnreadable, Field: f.name, Err: err}
		}
		if v != "" {
			rec[f.name] = v
		}
	}
	return rec, nil
}

// item reads a single object.
func (o *object) item(id record.ID) (record.Item, *provider.ItemError) {
	rec, err := o.record()
	if err != nil {
		return record.Item{}, err
	}
	return record.Item{
		ID: id, Group: id,
		Revision: record.Revise(rec, o.own()...),
		Self:     o.self(id),
		Mark:     record.Mark(o.line(markLine)),
		Modified: o.modified(),
		Record:   rec,
	}, nil
}

// self is the UID of an object, or its name where it has none.
func (o *object) self(group record.ID) record.Mark {
	if uid := o.uid(); uid != "" {
		return record.Mark(uid)
	}
	path := strings.TrimRight(string(group), "/")
	return record.Mark(path[strings.LastIndexByte(path, '/')+1:])
}

// value reads one field in its canonical form.
func (o *object) value(f field) (string, error) {
	v, err := f.get(o)
	if err != nil {
		return "", err
	}
	return record.Canonical(record.Lookup(o.codec.Kind, f.name).Type, v), nil
}

// edit carries out a patch and says whether it changed anything.
func (o *object) edit(p record.Patch) (bool, error) {
	changed := false
	var style nameStyle
	var names []string
	if o.codec.Kind == record.Contact {
		style, names = o.nameStyle(), o.name()
	}
	for _, f := range fieldsOf(o.codec.Kind) {
		v, there := p[f.name]
		if !there {
			continue
		}
		v = strings.TrimSpace(record.Canonical(record.Lookup(o.codec.Kind, f.name).Type, v))
		if was, err := o.value(f); err == nil && was == v {
			continue
		}
		if err := f.set(o, v); err != nil {
			return false, err
		}
		changed = true
	}
	if !changed {
		return false, nil
	}
	if o.codec.Kind == record.Contact {
		o.settleSlots()
		if err := o.settleName(style, names); err != nil {
			return false, err
		}
	}
	o.stamp()
	return true, nil
}

// stamp writes when the object changed, in the lines that say so.
func (o *object) stamp() {
	now := o.now().Format(utcLayout)
	if o.codec.Kind == record.Contact {
		if o.version != "4.0" {
			now = o.now().Format(time.RFC3339)
		}
		o.put("REV", now)
		return
	}
	if o.main.First("DTSTAMP") != nil {
		o.put("DTSTAMP", now)
	}
	o.put("LAST-MODIFIED", now)
}

func (o *object) now() time.Time {
	if o.codec.Now == nil {
		return time.Now().UTC().Truncate(time.Second)
	}
	return o.codec.Now().UTC().Truncate(time.Second)
}

func (o *object) zone() *time.Location {
	if o.codec.Zone == nil {
		return time.Local
	}
	return o.codec.Zone
}

func (o *object) uid() string { return o.line("UID") }

func (o *object) title() string {
	if o.codec.Kind == record.Contact {
		return record.Canonical(record.Line, o.line("FN"))
	}
	return record.Canonical(record.Line, o.line("SUMMARY"))
}

// modified returns when the object says that it changed; zero where it does not.
func (o *object) modified() time.Time {
	name := "LAST-MODIFIED"
	if o.codec.Kind == record.Contact {
		name = "REV"
	}
	v := o.line(name)
	for _, layout := range []string{utcLayout, time.RFC3339, "20060102T150405-0700", "20060102T150405", "20060102"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
