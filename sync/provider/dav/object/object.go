// Package object reads calendar objects and cards as items and edits only the lines that a patch names. See RFC 5545
// (iCalendar), RFC 2426 and RFC 6350 (vCard).
package object

import (
	"errors"
	"time"

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

var errUnfinished = errors.New("not yet written")

// Read returns the item that the object holds, or why it is none: exactly one of the two.
func (c Codec) Read(id record.ID, body []byte) (record.Item, *provider.Skip) {
	return record.Item{}, &provider.Skip{ID: id, Group: id, Err: &provider.ItemError{Code: provider.CodeUnreadable, Err: errUnfinished}}
}

// Compose makes a new object of a create. *provider.ItemError when there can be none.
func (c Codec) Compose(uid string, w record.Write) ([]byte, error) {
	return nil, &provider.ItemError{Code: provider.CodeInvalid, Err: errUnfinished}
}

// Edit returns the object with the patch carried out: only lines that it names and the stamps change.
func (c Codec) Edit(body []byte, p record.Patch) ([]byte, error) {
	return nil, &provider.ItemError{Code: provider.CodeUnreadable, Err: errUnfinished}
}

// Put returns what restores before where body is now.
func (c Codec) Put(body []byte, before []byte) ([]byte, error) { return before, nil }

// Limits says what CalDAV and CardDAV hold of the fields of a kind. A field that is absent is not held at all.
func Limits(k record.Kind) map[record.Field]record.Limit {
	out := map[record.Field]record.Limit{}
	for _, f := range record.FieldsOf(k) {
		out[f] = record.Limit{Mandatory: k == record.Event && f == record.When}
	}
	return out
}
