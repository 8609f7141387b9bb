package provider

import (
	"errors"
	"fmt"
	"time"

	"zohosync/sync/record"
)

// What a service can say; test with errors.Is.
var (
	ErrAuth     = errors.New("not signed in")
	ErrConflict = errors.New("changed since it was read")
	ErrCursor   = errors.New("cursor is no longer valid")
	ErrGone     = errors.New("collection is missing")
	ErrNotFound = errors.New("item is missing")
	ErrReadOnly = errors.New("read only")
)

// RetryError says that trying later may help. After is how long to wait at least, 0 when the service did not say.
// Sent: the service may have carried it out.
type RetryError struct {
	After time.Duration
	Sent  bool
	Err   error
}

func (e *RetryError) Error() string { return fmt.Sprintf("try again later: %v", e.Err) }
func (e *RetryError) Unwrap() error { return e.Err }

// ItemError says that a service refuses one item for sure, or that an object cannot be an item. Code is one of the
// codes below and never changes; Field names the field at fault, where there is one.
type ItemError struct {
	Code  string
	Field record.Field
	Err   error // for the log; may hold no content of the item
}

func (e *ItemError) Error() string {
	s := e.Code
	if e.Field != "" {
		s += " (" + string(e.Field) + ")"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}
func (e *ItemError) Unwrap() error { return e.Err }

// Codes of problems that services report. The sentences that people read for them are in package assets.
const (
	CodeUnreadable     = "unreadable"      // the object cannot be read as what it claims to be
	CodeRecurring      = "recurring"       // a series: left alone, not a failure
	CodeNoOccurrence   = "no-occurrence"   // a series whose rule makes no occurrence at all
	CodeTooOften       = "too-often"       // a series that repeats too often to be followed
	CodeOtherKind      = "other-kind"      // an object of another kind in the same place: left alone, not a failure
	CodeTooLong        = "too-long"        // the value is longer than the service holds
	CodeNoChoice       = "no-choice"       // the service has no such choice
	CodeMandatory      = "mandatory"       // the service wants a value here
	CodeUnknownAccount = "unknown-account" // no CRM account has exactly this name
	CodeUnknownContact = "unknown-contact" // no CRM contact has exactly this name
	CodeInvalid        = "invalid"         // the service refuses this value
	CodeDuplicate      = "duplicate"       // the service has an item with this unique value
	CodeLocked         = "locked"          // locked, in approval or in a blueprint
	CodeForbidden      = "forbidden"       // the signed-in person may not do this
	CodeWouldMail      = "would-mail"      // the server would send mail to guests, so nothing was written
	CodeRefused        = "refused"         // refused for another reason
)
