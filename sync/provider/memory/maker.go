package memory

import "zohosync/sync/record"

// Marks implements provider.Maker.
func (o *opened) Marks() bool { return o.s.opts.Marks }

// Made implements provider.Maker: what people make has no key.
func (o *opened) Made(it record.Item, key string) bool {
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	known := o.s.colls[o.ref].items[it.ID]
	return key != "" && known != nil && known.key == key
}
