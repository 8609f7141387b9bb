package object

import (
	"errors"
	"slices"
	"strings"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// separator stands between an object and the slot of one occurrence in it. Names of objects are escaped as in a URL, so
// that it never occurs in them.
const separator = "#"

// GroupOf returns the object that an item lives in: the item itself unless it is an occurrence.
func GroupOf(id record.ID) record.ID {
	group, _, _ := strings.Cut(string(id), separator)
	return record.ID(group)
}

// Listing is what one object holds of the items of a slice of time.
type Listing struct {
	Items   []record.Item
	Skipped []provider.Skip
	Whole   bool // what Items and Skipped do not name is not there
	Series  bool

	// Of a series, the occurrences next to the slice; zero: there are none.
	Earlier, Later time.Time
}

// maxListed is how many occurrences of one series are listed for one slice.
const maxListed = 5_000

// List returns the items of an object. Of a series these are the occurrences whose place in it lies in the slice, and
// those that take place in it, with all exceptions; the end of the slice must be set then.
func (c Codec) List(group record.ID, body []byte, slice record.Window) Listing {
	o, refusal := c.open(body)
	if !repeats(refusal) {
		item, skip := single(group, o, refusal)
		if skip != nil {
			return Listing{Skipped: []provider.Skip{*skip}}
		}
		return Listing{Items: []record.Item{item}, Whole: true}
	}
	out := Listing{Series: true}
	s, refusal := o.openSeries()
	if refusal == nil {
		refusal = s.list(group, slice, &out)
	}
	if refusal != nil {
		out.Items, out.Whole = nil, false
		out.Skipped = []provider.Skip{{ID: group, Group: group, Title: o.title(), Err: refusal}}
	}
	return out
}

// list fills a listing. With a refusal nothing is known of the occurrences.
func (s *series) list(group record.ID, slice record.Window, out *Listing) *provider.ItemError {
	if err := s.expand(slice.Until.Add(skew)); err != nil {
		return problem(err)
	}
	if len(s.known) == 0 && len(s.overrides) == 0 {
		return problem(errNoInstance)
	}
	listed := s.inSlice(slice, out)
	if len(listed) > maxListed {
		return problem(errTooOften)
	}
	for _, i := range listed {
		if it, skip := s.occurrence(group, i); skip != nil {
			out.Skipped = append(out.Skipped, *skip)
		} else {
			out.Items = append(out.Items, it)
		}
	}
	out.Whole = true
	return nil
}

// inSlice returns the instances to list, in order, and finds those next to them.
func (s *series) inSlice(slice record.Window, out *Listing) []instance {
	var listed []instance
	for _, i := range s.known {
		if s.overrides[i.slot] != nil || s.out(i) {
			continue
		}
		from, to := s.reach(i)
		switch {
		case !i.at.Before(slice.From) && i.at.Before(slice.Until), slice.Holds(from, to):
			listed = append(listed, i)
		case i.at.Before(slice.From):
			out.Earlier = last(out.Earlier, i.at, to)
		case out.Later.IsZero():
			out.Later = first(i.at, from)
		default:
			out.Later = first(out.Later, i.at, from)
		}
	}
	for _, v := range s.overrides {
		listed = append(listed, v.instance)
	}
	slices.SortFunc(listed, func(a, b instance) int { return strings.Compare(a.slot, b.slot) })
	return listed
}

func last(t ...time.Time) time.Time  { return slices.MaxFunc(t, time.Time.Compare) }
func first(t ...time.Time) time.Time { return slices.MinFunc(t, time.Time.Compare) }

// reach says when an occurrence without a component of its own takes place, give or take the change of clocks.
func (s *series) reach(i instance) (from, to time.Time) {
	t, err := s.inherits(i)
	if err != nil {
		return i.at, i.at
	}
	from = i.at.Add(t.offset)
	return from, from.Add(t.length)
}

// Group is one open object for several writes to its items.
type Group struct {
	codec   Codec
	id      record.ID
	object  *object
	series  *series // nil: a single
	refusal *provider.ItemError
	cut     bool // an item was deleted
}

// Open reads an object for writing. The skip says why it cannot be.
func (c Codec) Open(id record.ID, body []byte) (*Group, *provider.Skip) {
	o, refusal := c.open(body)
	g := &Group{codec: c, id: id, object: o}
	if repeats(refusal) {
		g.series, refusal = o.openSeries()
	}
	if refusal != nil {
		_, skip := single(id, o, refusal)
		return nil, skip
	}
	return g, nil
}

// Item returns an item of the group as it is after the writes so far. provider.ErrNotFound: the group has none of this
// name; *provider.ItemError: it cannot be read.
func (g *Group) Item(id record.ID) (record.Item, error) {
	if g.series == nil {
		if id != g.id || g.cut {
			return record.Item{}, provider.ErrNotFound
		}
		it, skip := single(id, g.object, nil)
		if skip != nil {
			return it, skip.Err
		}
		return it, nil
	}
	i, err := g.instance(id)
	if err != nil {
		return record.Item{}, err
	}
	it, skip := g.series.occurrence(g.id, i)
	if skip != nil {
		return it, skip.Err
	}
	return it, nil
}

// instance finds the occurrence that an ID names.
func (g *Group) instance(id record.ID) (instance, error) {
	group, slot, _ := strings.Cut(string(id), separator)
	if record.ID(group) != g.id {
		return instance{}, provider.ErrNotFound
	}
	i, ok, err := g.series.find(slot)
	switch {
	case err != nil:
		return instance{}, problem(err)
	case !ok:
		return instance{}, provider.ErrNotFound
	case g.series.overrides[slot] != nil && g.series.overrides[slot].twice:
		return instance{}, problem(errTwice)
	}
	return i, nil
}

// Edit carries out a patch. An occurrence gets a component of its own for it, unless it has one; the lines of the series
// stay as they are. The mark of the partner is written along, never by itself. Errors are those of Item, and nothing is
// different after one.
func (g *Group) Edit(id record.ID, p record.Patch, mark record.Mark) error {
	if g.series == nil {
		if _, err := g.Item(id); err != nil {
			return err
		}
		if _, err := g.object.trial(p); err != nil {
			return err
		}
		_, err := g.object.edit(p)
		return err
	}
	i, err := g.instance(id)
	if err != nil {
		return err
	}
	return g.series.edit(i, p, mark)
}

// edit changes one occurrence.
func (s *series) edit(i instance, p record.Patch, mark record.Mark) error {
	o, own, err := s.view(i)
	if err != nil {
		return asItem(err)
	}
	if changed, err := o.trial(p); err != nil || !changed {
		return err
	}
	if !own {
		if o, err = s.detach(i); err != nil {
			return asItem(err)
		}
	}
	if _, err := o.edit(p); err != nil {
		return err
	}
	if mark != "" {
		o.put(markLine, contentline.Escape(string(mark)))
	}
	return nil
}

// trial carries out a patch on a copy and says whether it would change anything.
func (o *object) trial(p record.Patch) (bool, error) {
	t := *o
	t.file, t.slots = o.file.Empty(o.root.Name), map[string]slots{}
	t.main = t.file.Roots()[0].AddCopy(o.main)
	return t.edit(p)
}

func asItem(err error) error {
	var item *provider.ItemError
	if errors.As(err, &item) || errors.Is(err, provider.ErrNotFound) {
		return err
	}
	return problem(err)
}

func (c Codec) readOccurrence(group, id record.ID, body []byte) (record.Item, *provider.Skip) {
	g, skip := c.Open(group, body)
	if skip != nil {
		return record.Item{}, skip
	}
	it, err := g.Item(id)
	var item *provider.ItemError
	switch {
	case err == nil:
		return it, nil
	case !errors.As(err, &item):
		item = &provider.ItemError{Code: provider.CodeNoOccurrence, Err: err}
	}
	return record.Item{}, &provider.Skip{ID: id, Group: group, Err: item}
}

// repeats says whether an object is left alone only because it is a series.
func repeats(refusal *provider.ItemError) bool {
	return refusal != nil && refusal.Code == provider.CodeRecurring
}
