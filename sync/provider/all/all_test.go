package all

import (
	"slices"
	"testing"

	"zohosync/sync/record"
)

func TestEveryServiceDescribesItself(t *testing.T) {
	names := map[string]bool{}
	for _, s := range Specs() {
		if s.Name == "" || s.Title == "" || s.New == nil || len(s.Kinds) == 0 {
			t.Errorf("%q describes itself by halves", s.Name)
		}
		if names[s.Name] {
			t.Errorf("two services are called %q", s.Name)
		}
		names[s.Name] = true
		for _, k := range s.Kinds {
			if !slices.Contains(record.Kinds, k) {
				t.Errorf("%s holds items of the unknown kind %q", s.Name, k)
			}
		}
	}
	if !names["zoho"] || !names["caldav"] {
		t.Errorf("services %v", names)
	}
}
