package zoho

import (
	"encoding/json"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

// Only where no two records may hold the same mark does one tell who made its record.
func TestMarksTellWhereTheyAreUnique(t *testing.T) {
	for _, has := range []bool{false, true} {
		p := newPlace(t, sandbox.Options{MarkField: has})
		c := p.open(t, record.Contact, nil).(provider.Maker)
		if c.Marks() != has || c.Made(record.Item{Mark: "m"}, "") != has || c.Made(record.Item{}, "") {
			t.Errorf("with a field %v: marks %v", has, c.Marks())
		}
	}
	for text, unique := range map[string]bool{`{"case_sensitive":false}`: true, `{}`: false, `null`: false, ``: false, `"no"`: false} {
		if got := (fieldMeta{Unique: json.RawMessage(text)}).unique(); got != unique {
			t.Errorf("%s is unique: %v", text, got)
		}
	}
}
