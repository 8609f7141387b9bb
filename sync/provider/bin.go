package provider

import (
	"context"
	"time"

	"zohosync/sync/record"
)

// Bin is implemented by collections that can tell what is deleted from what is out of sight.
type Bin interface {
	// Deleted says which of the items are deleted now, among all that was deleted since then. An item that it does not name
	// may be there, where the account cannot see it.
	Deleted(ctx context.Context, ids []record.ID, since time.Time) (map[record.ID]bool, error)
}
