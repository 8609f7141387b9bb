package memory

import (
	"context"
	"time"

	"zohosync/sync/record"
)

// Deleted implements provider.Bin. With Options.NoBin it knows of nothing.
func (o *opened) Deleted(ctx context.Context, ids []record.ID, _ time.Time) (map[record.ID]bool, error) {
	if err := o.s.call(ctx, "deleted "+o.ref); err != nil {
		return nil, err
	}
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	out := map[record.ID]bool{}
	for _, id := range ids {
		if !o.s.opts.NoBin && o.s.colls[o.ref].items[id] == nil {
			out[id] = true
		}
	}
	return out, nil
}
