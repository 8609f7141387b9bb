package dav

import (
	"slices"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Expect implements provider.Expecter: sync-collection may leave out what came and went between two tokens (RFC 6578
// section 3.5), as Xandikos does, and a list of ETags was never asked about it.
func (c *collection) Expect(since provider.Cursor, made []record.ID) (provider.Cursor, error) {
	p, err := decode(since)
	if err != nil {
		return "", err
	}
	for _, id := range made {
		_, known := p.Known[id]
		switch {
		case p.Mode == byETag && !known:
			if p.Known == nil {
				p.Known = map[record.ID]string{}
			}
			p.Known[id] = ""
			p.Token = "" // What came and went may have left the ctag as it was.
		case p.Mode == bySync && !slices.Contains(p.Retry, id):
			p.Retry = append(p.Retry, id)
		}
	}
	return p.encode()
}
