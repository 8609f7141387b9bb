package memory

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// item is one version of an item. A version is never changed: a change makes another one.
type item struct {
	id, group record.ID
	slot      string
	kind      record.Kind
	record    record.Record // everything the service holds
	extra     string        // content that no field maps
	mark      record.Mark
	key       string
	revision  record.Revision
	first     record.Revision // that it began with
	modified  time.Time
	own       bool                // an occurrence that was changed by itself
	hidden    bool                // the account may not see it any more
	bad       *provider.ItemError // it cannot be read as an item
}

// change is a line of the feed.
type change struct {
	at        time.Time
	id, group record.ID
	item      *item // nil: it is gone
	deleted   bool  // it was deleted, and not only hidden
}

// collection holds the items as they are and, apart from them, as listings show them: a change waits in the feed until
// the lag has passed.
type collection struct {
	ref, title string
	kinds      []record.Kind
	readOnly   bool
	dropped    bool
	epoch      int // cursors of another epoch are no longer good
	listings   int
	items      map[record.ID]*item
	waiting    []change
	shown      map[record.ID]map[record.ID]*item // by group
	moved      map[record.ID]int                 // group -> number of its last shown change
	told       map[record.ID]bool                // groups that a listing showed: their end is told, too
	deleted    map[record.ID]bool                // groups whose last item was deleted
	seq        int                               // number of the last shown change
}

func newCollection(ref string, kinds []record.Kind) *collection {
	return &collection{
		ref: ref, title: ref, kinds: kinds,
		items:   map[record.ID]*item{},
		shown:   map[record.ID]map[record.ID]*item{},
		moved:   map[record.ID]int{},
		told:    map[record.ID]bool{},
		deleted: map[record.ID]bool{},
	}
}

// store makes it the current version of its item. The lock is held.
func (s *Service) store(c *collection, it *item) {
	s.now = s.now.Add(time.Second)
	old := c.items[it.id]
	it.modified = s.time()
	it.record = it.record.With(nil)
	it.revision = record.Revise(it.record, it.extra, string(it.mark))
	switch {
	case old == nil:
		it.first = it.revision
	case s.happens(SameRevision):
		it.revision = old.revision
	case s.happens(OldRevision):
		it.revision = it.first
	}
	if old != nil && s.happens(SameSecond) {
		it.modified = old.modified
	}
	c.items[it.id] = it
	c.waiting = append(c.waiting, change{at: s.time(), id: it.id, group: it.group, item: it})
	if it.hidden {
		c.waiting[len(c.waiting)-1].item = nil
	}
}

// erase deletes an item. The lock is held.
func (s *Service) erase(c *collection, it *item) {
	s.now = s.now.Add(time.Second)
	delete(c.items, it.id)
	c.waiting = append(c.waiting, change{at: s.time(), id: it.id, group: it.group, deleted: true})
}

// show moves what has waited long enough from the feed to the listings. The lock is held.
func (s *Service) show(c *collection) {
	for len(c.waiting) > 0 && !c.waiting[0].at.Add(s.opts.Lag).After(s.time()) {
		ch := c.waiting[0]
		c.waiting = c.waiting[1:]
		members := c.shown[ch.group]
		if ch.item != nil {
			if members == nil {
				members = map[record.ID]*item{}
				c.shown[ch.group] = members
			}
			members[ch.id] = ch.item
			delete(c.deleted, ch.group)
		} else {
			delete(members, ch.id)
		}
		c.seq++
		c.moved[ch.group] = c.seq
		// Lost access is not told as a deletion.
		if ch.deleted && len(members) == 0 {
			c.deleted[ch.group] = true
		}
	}
}

// present returns the current version of an item, nil for one that the account cannot see. The lock is held.
func (c *collection) present(id record.ID) *item {
	if it := c.items[id]; it != nil && !it.hidden {
		return it
	}
	return nil
}

// byKey returns the item that this key made. The lock is held.
func (c *collection) byKey(key string) *item {
	for _, it := range c.items {
		if key != "" && it.key == key && !it.hidden {
			return it
		}
	}
	return nil
}

// out returns an item with these fields, as listings and results give it.
func (s *Service) out(it *item, fields []record.Field) record.Item {
	out := record.Item{
		ID: it.id, Group: it.group, Slot: it.slot, Revision: it.revision, Self: record.Mark(it.id), Mark: it.mark,
		Modified: it.modified, Record: it.record.Only(fields),
	}
	if s.opts.NoTimes {
		out.Modified = time.Time{}
	}
	return out
}

func (c *collection) sorted() []*item {
	return slices.SortedFunc(maps.Values(c.items), func(a, b *item) int { return cmp.Compare(a.id, b.id) })
}

// image is the before-image of an item.
type image struct {
	Group  record.ID
	Slot   string
	Kind   record.Kind
	Record record.Record
	Extra  string
	Mark   record.Mark
	Key    string
}

func (it *item) raw() ([]byte, error) {
	raw, err := json.Marshal(image{it.group, it.slot, it.kind, it.record, it.extra, it.mark, it.key})
	if err != nil {
		return nil, fmt.Errorf("write a before-image: %w", err)
	}
	return raw, nil
}
