package engine

import (
	"context"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// hand is a person who deletes an item, and who may bring it back.
type hand struct{ raw []byte }

func (h *hand) Before(_ int, raw []byte) error      { h.raw = raw; return nil }
func (h *hand) Done(_ int, r provider.Result) error { return r.Err }

// A person brings one of two deleted items back, under the name it had, and an undo the other one: they are in step. C-8
func TestUndoMeetsWhatAPersonBroughtBack(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	it := w.one(w.right)
	people, err := w.right.Provider().Open(context.Background(), w.ref(), record.Contact, record.FieldsOf(record.Contact))
	w.must(err)
	h := &hand{}
	w.must(people.Apply(context.Background(), []record.Write{{Op: record.Delete, ID: it.ID, Revision: it.Revision}}, h))
	r := w.sync()
	w.count(0, 0)
	w.must(people.Apply(context.Background(), []record.Write{{Op: record.Restore, ID: it.ID, Patch: record.Patch(it.Record), Raw: h.raw}}, h))
	w.count(0, 1)
	w.undo(r.Run)
	w.count(1, 1)
	w.stays()
	w.same()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "9"})
	w.sync()
	w.count(1, 1)
	w.same()
}
