package dav

import (
	"testing"

	"zohosync/sync/record"
)

// The UID of an object tells by what key it was made; a copy has another, and an occurrence has its slot in it.
func TestMadeIsToldByTheUID(t *testing.T) {
	c := &collection{}
	for name, one := range map[string]struct {
		it   record.Item
		made bool
	}{
		"made":          {record.Item{Self: record.Mark(uidOf("key")), Mark: "m"}, true},
		"mark wiped":    {record.Item{Self: record.Mark(uidOf("key"))}, true},
		"a copy":        {record.Item{Self: "another", Mark: "m"}, false},
		"another key":   {record.Item{Self: record.Mark(uidOf("other")), Mark: "m"}, false},
		"an occurrence": {record.Item{Self: record.Mark(uidOf("key")), Slot: "2026-01-05"}, false},
	} {
		if got := c.Made(one.it, "key"); got != one.made {
			t.Errorf("%s: %v", name, got)
		}
	}
	if c.Made(record.Item{Self: record.Mark(uidOf(""))}, "") || !c.Marks() {
		t.Error("something was made without a key, or objects bear no marks")
	}
}
