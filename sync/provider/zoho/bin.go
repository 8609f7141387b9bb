package zoho

import (
	"context"
	"slices"
	"time"

	"zohosync/sync/record"
)

// Deleted implements provider.Bin: it walks the list of deletions, the latest first, until it has met all the ids. A record
// that was restored is no longer in it (https://www.zoho.com/crm/developer/docs/api/v8/get-deleted-records.html).
func (c *collection) Deleted(ctx context.Context, ids []record.ID, since time.Time) (map[record.ID]bool, error) {
	out := map[record.ID]bool{}
	for n, more := 1, true; more && len(out) < len(ids); n++ {
		var gone []removal
		var err error
		if gone, more, err = c.deleted(ctx, since, n); err != nil {
			return nil, err
		}
		for _, r := range gone {
			if id := record.ID(r.ID); slices.Contains(ids, id) {
				out[id] = true
			}
		}
	}
	return out, nil
}
