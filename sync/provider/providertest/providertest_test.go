package providertest_test

import (
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/provider/providertest"
	"zohosync/sync/record"
)

// Setup returns the set-up of the suite for a service in memory.
func setup(s *memory.Service, k record.Kind, can providertest.Can) providertest.Setup {
	ref := string(k)
	return providertest.Setup{
		Kind: k,
		Open: func(t testing.TB, fields []record.Field) provider.Collection {
			c, err := s.Provider().Open(t.Context(), ref, k, fields)
			if err != nil {
				t.Fatal(err)
			}
			return c
		},
		Provider: func(testing.TB) provider.Provider { return s.Provider() },
		Adorn:    func(_ testing.TB, id record.ID) { s.Adorn(ref, id, "X-COLOUR:blue") },
		Extra:    func(_ testing.TB, id record.ID) string { return s.Extra(ref, id) },
		Tick:     func() { s.Advance(time.Minute) },
		Can:      can,
	}
}

func TestMemoryConforms(t *testing.T) {
	kinds := map[string]struct {
		opts memory.Options
		can  providertest.Can
	}{
		"kind":  {memory.Options{}, providertest.Can{Make: true, Restore: true, Idle: 1}},
		"marks": {memory.Options{Marks: true, AbsentIsDeleted: true, PageSize: 4}, providertest.Can{Marks: true, Keys: true, Make: true, Restore: true, Many: 9}},
	}
	for name, c := range kinds {
		for _, k := range record.Kinds {
			t.Run(name+"/"+string(k), func(t *testing.T) {
				providertest.Run(t, setup(memory.New(c.opts), k, c.can))
			})
		}
	}
}
