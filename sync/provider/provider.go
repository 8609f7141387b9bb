// Package provider is the contract between the engine and a service: one shape for CalDAV and CardDAV servers, Zoho CRM
// and all that come later. A service lists what changed and carries out writes; it never decides.
package provider

import (
	"context"
	"net/http"
	"time"

	"zohosync/sync/record"
)

// Cursor is a point in a collection's history. It is opaque; "" asks for everything.
type Cursor string

// Provider is one account of one service.
type Provider interface {
	// Collections lists what the account can sync. ErrAuth when the service does not let us in.
	Collections(ctx context.Context) ([]Info, error)
	// Make creates a collection with this title for this kind. ErrReadOnly where the service does not let us.
	Make(ctx context.Context, title string, kind record.Kind) (Info, error)
	// Open returns one collection. Items carry the given fields and no others; fields that the service does not hold are
	// left out without an error. ErrGone when there is no such collection.
	Open(ctx context.Context, ref string, kind record.Kind, fields []record.Field) (Collection, error)
}

// Info describes one collection.
type Info struct {
	Ref             string                                        // names the collection to Open; survives a rename
	Title           string                                        // for people
	Kinds           []record.Kind                                 // what it may hold
	ReadOnly        bool                                          // nothing can be written
	Limits          map[record.Kind]map[record.Field]record.Limit // a field that is absent is not held at all
	AbsentIsDeleted bool                                          // missing from a complete listing means deleted
	Lag             time.Duration                                 // how late a write may show up in a listing
	Owner           string                                        // record.Owner of what belongs to the signed-in person; "" where there are no owners
	OwnedBy         string                                        // who owns the collection, as the service names them, for people; "" where it does not tell
	Shared          bool                                          // somebody else than the signed-in person owns it, as far as the service tells
}

// Collection is one open calendar, task list, address book or CRM module.
type Collection interface {
	// Info describes the collection as it was when it was opened.
	Info() Info
	// Changes returns one page of what changed after the cursor; the zero Cursor asks for everything. ErrCursor: the
	// cursor is no longer good, begin again with the zero one. ErrGone: the collection is missing. RetryError: later.
	Changes(ctx context.Context, since Cursor, w record.Window) (Page, error)
	// Apply carries out writes, batched as the service likes best, and tells the sink as it goes. Its own error means
	// that the collection cannot go on (ErrAuth, ErrGone, RetryError, ctx); what happened to a write is told by Done alone.
	// A Restore with a revision sets back an item that lives, with all that its before-image holds, if it still has that
	// revision. One without brings back what is gone, under its own name where that is free: what is there again is left
	// as it is, ErrConflict unless it holds the same already; ErrNotFound when the service cannot bring it back.
	Apply(ctx context.Context, writes []record.Write, sink Sink) error
}

// Page is one answer of Changes.
type Page struct {
	Changed []record.Item
	Deleted []record.ID   // may name a Group
	Skipped []Skip        // there, but not an item now
	Whole   []record.ID   // groups listed completely, within Slice
	Slice   record.Window // what the page speaks for
	Next    Cursor        // to be stored together with the page
	More    bool          // ask again at once with Next
	Full    bool          // on every page of a listing begun at the zero cursor
}

// Skip is an object that is there but cannot be an item now; it counts as present.
type Skip struct {
	ID, Group record.ID
	Title     string // for the screen, never for a log
	Err       *ItemError
}

// Sink hears what happens to each write. Its methods may be called concurrently; an error of theirs stops the sending,
// and Apply returns it.
type Sink interface {
	// Before is called before an update, a delete or a restore of something that exists, with its before-image, or nil
	// when the record says it all.
	Before(i int, raw []byte) error
	// Done is called once per write that ended: carried out (Err nil), refused for sure (ErrConflict, ErrNotFound,
	// *ItemError) or not sent (RetryError{Sent: false}). A write without Done is unsure.
	Done(i int, r Result) error
}

// Result is how one write ended. Item may be empty after a success; with ErrConflict it is the item as it now is.
// Left names the fields that stayed behind although the rest was written: an account that the CRM does not know, say.
type Result struct {
	Item record.Item
	Left []*ItemError
	Err  error
}

// Poller is implemented by providers that can tell with one cheap call which collections need Changes at all.
type Poller interface {
	Poll(ctx context.Context, since map[string]Cursor) (changed map[string]bool, err error)
}

// View is a filter that people keep in a service under a name, such as a custom view of a CRM module.
type View struct{ ID, Title string }

// Viewer is implemented by providers whose collections have views. Opened with the field record.View(id), such a
// collection tells of every item whether it belongs to the view.
type Viewer interface {
	// Views lists the views of a collection that the account may use, in the service's order.
	Views(ctx context.Context, ref string) ([]View, error)
}

// Account is what a provider is made from. Settings hold no secret.
type Account struct {
	Name     string
	Service  string
	Settings map[string]string
	Zone     *time.Location // the person's own zone, for times without one; nil: time.Local
}

// Spec describes a service: one row of the list in package all.
type Spec struct {
	Name     string // "zoho", "caldav"
	Title    string
	Kinds    []record.Kind
	Settings []Setting
	OAuth    bool // signs in by OAuth; otherwise by user and password
	New      func(Account, *http.Client) (Provider, error)
}

// Setting is one row of an account's form.
type Setting struct {
	Name, Label, Default string
	Required             bool
	Choices              []string
}
