package zoho

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

// What is deleted is told from what is out of sight and from what was brought back, however many others were deleted since.
func TestDeletedIsToldFromOutOfSight(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	put := func(name string) record.ID { return record.ID(p.s.Put("Contacts", map[string]any{"Last_Name": name})) }
	deleted, purged, back, hidden, living := put("deleted"), put("purged"), put("back"), put("hidden"), put("living")
	for _, id := range []record.ID{deleted, purged, back} {
		p.s.Delete("Contacts", string(id))
	}
	p.s.Purge("Contacts", string(purged))
	p.s.Restore(string(back))
	p.s.Edit("Contacts", string(hidden), map[string]any{"$hidden": true})
	for n := range pageSize + 1 {
		p.s.Delete("Contacts", string(put(fmt.Sprint(n))))
	}
	c := p.open(t, record.Contact, nil)
	got, err := c.(provider.Bin).Deleted(t.Context(), []record.ID{deleted, purged, back, hidden, living}, p.now().Add(-time.Hour))
	if want := (map[record.ID]bool{deleted: true, purged: true}); err != nil || !maps.Equal(got, want) {
		t.Errorf("deleted are %v, %v; want %v", got, err, want)
	}
	p.tick()
	got, err = c.(provider.Bin).Deleted(t.Context(), []record.ID{deleted}, p.now().Add(time.Hour))
	if err != nil || len(got) != 0 {
		t.Errorf("since then %v, %v", got, err)
	}
}
