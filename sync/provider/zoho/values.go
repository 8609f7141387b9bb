package zoho

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// object is one record as Zoho sends it. Keys that are not known are of no interest; $ keys are Zoho's own.
type object map[string]json.RawMessage

// text returns a string, a number or a truth value as text; null, absence and anything else are "".
func (o object) text(name string) string {
	raw := o[name]
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null" {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// into decodes a value; null and absence leave out as it is.
func (o object) into(name string, out any) error {
	raw := o[name]
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return json.Unmarshal(raw, out)
}

// time returns a date-time with the offset it was given in, zero for null.
func (o object) time(name string) (time.Time, error) {
	s := o.text(name)
	if s == "" {
		return time.Time{}, nil
	}
	return parseTime(s)
}

var errUnreadable = errors.New("zoho: value has an unknown form")

// parseTime reads a date-time with any offset, with or without its colon.
func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errUnreadable
}

func invalid(cause string) error {
	return &provider.ItemError{Code: provider.CodeInvalid, Err: errors.New("zoho: " + cause)}
}

// readText reads rich text, which Zoho keeps as HTML, as the text that a person sees.
func readText(m *module, o object, names []string) (string, error) {
	if m.fields[names[0]].rich() {
		return record.TextOfHTML(o.text(names[0])), nil
	}
	return o.text(names[0]), nil
}

// writeText sends null for an empty value, which clears the field. The length of a rich text is that of its HTML.
func writeText(d *draft, names []string, v string) error {
	if f := d.m.fields[names[0]]; f.rich() {
		v = record.HTMLOfText(v)
		if f.Length > 0 && utf8.RuneCountInString(v) > f.Length {
			return &provider.ItemError{Code: provider.CodeTooLong}
		}
	}
	if d.out[names[0]] = v; v == "" {
		d.out[names[0]] = nil
	}
	return nil
}

func readChoice(m *module, o object, names []string) (string, error) {
	return m.fields[names[0]].code(o.text(names[0])), nil
}

func writeChoice(d *draft, names []string, v string) error {
	if v != "" {
		v = d.m.fields[names[0]].actual(v)
	}
	return writeText(d, names, v)
}

func readAddress(_ *module, o object, names []string) (string, error) {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = o.text(n)
	}
	return record.Join(parts...), nil
}

func writeAddress(d *draft, names []string, v string) error {
	parts := record.Split(v)
	if len(parts) > len(names) {
		return invalid("address has more parts than street, city, state, zip and country")
	}
	parts = append(parts, make([]string, len(names)-len(parts))...)
	for i, n := range names {
		if err := writeText(d, []string{n}, parts[i]); err != nil {
			return err
		}
	}
	return nil
}

func writeDay(d *draft, names []string, v string) error {
	if _, err := time.Parse(record.DateLayout, v); v != "" && err != nil {
		return invalid("a date needs a year")
	}
	return writeText(d, names, v)
}

func readID(_ *module, o object, names []string) (string, error) {
	var ref struct{ ID string }
	if err := o.into(names[0], &ref); err != nil {
		return "", errUnreadable
	}
	return ref.ID, nil
}

func writeNothing(*draft, []string, string) error {
	return &provider.ItemError{Code: provider.CodeForbidden, Err: provider.ErrReadOnly}
}

// readTags accepts the objects that Zoho sends and the bare words of older answers.
func readTags(_ *module, o object, names []string) (string, error) {
	var list []json.RawMessage
	if err := o.into(names[0], &list); err != nil {
		return "", errUnreadable
	}
	out := make([]string, 0, len(list))
	for _, raw := range list {
		var tag struct{ Name string }
		if json.Unmarshal(raw, &tag) != nil && json.Unmarshal(raw, &tag.Name) != nil {
			return "", errUnreadable
		}
		out = append(out, tag.Name)
	}
	return record.Join(out...), nil
}

func writeTags(d *draft, names []string, v string) error {
	list := []map[string]string{}
	for _, name := range record.Split(v) {
		list = append(list, map[string]string{"name": name})
	}
	d.out[names[0]] = list
	return nil
}

func readList(_ *module, o object, names []string) (string, error) {
	var list []string
	if err := o.into(names[0], &list); err != nil {
		return "", errUnreadable
	}
	return record.Canonical(record.List, record.Join(list...)), nil
}

func writeList(d *draft, names []string, v string) error {
	d.out[names[0]] = append([]string{}, record.Split(v)...)
	return nil
}

func readInstant(_ *module, o object, names []string) (string, error) {
	t, err := o.time(names[0])
	if err != nil || t.IsZero() {
		return "", err
	}
	return record.FormatInstant(t), nil
}

func writeInstant(d *draft, names []string, v string) error {
	if v == "" {
		return writeText(d, names, "")
	}
	t, err := time.Parse(record.InstantLayout, v)
	if err != nil {
		return invalid("no instant")
	}
	return writeText(d, names, stamp(t, d.m.zone))
}

func writeNumber(d *draft, names []string, v string) error {
	if v == "" {
		return writeText(d, names, "")
	}
	if _, err := strconv.ParseFloat(v, 64); err != nil || !json.Valid([]byte(v)) {
		return invalid("no number")
	}
	d.out[names[0]] = json.Number(v)
	return nil
}

// writeBool clears to false: Zoho's truth values are never null.
func writeBool(d *draft, names []string, v string) error {
	if v != "" && !strings.EqualFold(v, "true") && !strings.EqualFold(v, "false") {
		return invalid("no truth value")
	}
	d.out[names[0]] = strings.EqualFold(v, "true")
	return nil
}
