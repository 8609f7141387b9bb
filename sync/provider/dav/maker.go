package dav

import "zohosync/sync/record"

// Marks implements provider.Maker: every object has room for a line of ours.
func (c *collection) Marks() bool { return true }

// Made implements provider.Maker. The UID of a new object is made from its key (see create), and nobody else makes such a one:
// what copies an object gives it another (RFC 5545 section 3.8.4.7, RFC 6350 section 6.7.6), and occurrences of what became a
// series since have their slot in it.
func (c *collection) Made(it record.Item, key string) bool {
	return key != "" && it.Slot == "" && it.Self == record.Mark(uidOf(key))
}
