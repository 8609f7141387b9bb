package provider

import "zohosync/sync/record"

// Expecter is implemented by collections whose service tells only how two points in time differ. It may be silent of an
// object that was made after the first and deleted before the second, and so of a deletion of what this program just made.
type Expecter interface {
	// Expect returns the cursor from which Changes also tells of these objects, even that they are gone. ErrCursor: it is
	// no longer good.
	Expect(since Cursor, made []record.ID) (Cursor, error)
}
