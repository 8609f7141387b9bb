package zoho

import "zohosync/sync/record"

// Marks implements provider.Maker: where the organisation has the field for marks, and no two records may hold the same
// (https://www.zoho.com/crm/developer/docs/api/v8/field-meta.html).
func (c *collection) Marks() bool { return c.m.hasMark && c.m.fields[markName].unique() }

// Made implements provider.Maker. As a mark is unique, cloning a record leaves the field empty: only the API writes it.
func (c *collection) Made(it record.Item, _ string) bool { return c.Marks() && it.Mark != "" }
