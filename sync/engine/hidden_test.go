package engine

import (
	"context"
	"maps"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// C-26: a field that a service hides for a while, as a CRM does when its fields are given out anew, is not cleared on the
// other side when it is shown again, whoever edited the item meanwhile.
func TestAFieldThatWasHiddenForAWhileIsNotCleared(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1").With(record.Patch{record.Phone: "1", record.Mobile: "2"}))
	w.sync()
	w.wrap = func(p provider.Provider) provider.Provider { return hiding{p, record.Phone} }
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Mobile: "3"})
	w.sync()
	w.wrap = nil
	w.sync()
	for _, s := range []record.Item{w.one(w.left), w.one(w.right)} {
		if s.Record[record.Phone] != "1" || s.Record[record.Mobile] != "3" {
			t.Errorf("record %v", s.Record)
		}
	}
	w.quiet()
}

// hiding is a CRM that does not show a field, and does not say that there is one.
type hiding struct {
	provider.Provider
	field record.Field
}

func (h hiding) Open(ctx context.Context, ref string, k record.Kind, fields []record.Field) (provider.Collection, error) {
	c, err := h.Provider.Open(ctx, ref, k, fields)
	if err != nil || c.Info().Owner == "" {
		return c, err
	}
	var shown []record.Field
	for _, f := range fields {
		if f != h.field {
			shown = append(shown, f)
		}
	}
	c, err = h.Provider.Open(ctx, ref, k, shown)
	return hidden{c, h.field}, err
}

type hidden struct {
	provider.Collection
	field record.Field
}

func (c hidden) Info() provider.Info {
	i := c.Collection.Info()
	i.Limits = maps.Clone(i.Limits)
	for k, limits := range i.Limits {
		i.Limits[k] = maps.Clone(limits)
		delete(i.Limits[k], c.field)
	}
	return i
}
