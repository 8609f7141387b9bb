package providertest

import (
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// inMemory is the set-up of the suite for a service in memory.
func inMemory(s *memory.Service, k record.Kind, can Can) Setup {
	ref := string(k)
	series := func(_ testing.TB, r record.Record, n int) func() {
		group := s.PutSeries(ref, r, 1, n)
		return func() { s.RemoveSeries(ref, group) }
	}
	if k == record.Contact {
		series = nil
	}
	return Setup{
		Series: series,
		Kind:   k,
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

// person works on a service in memory past its provider.
type person struct {
	s   *memory.Service
	ref string
}

func (p person) Put(_ testing.TB, r record.Record) record.ID         { return p.s.Put(p.ref, r) }
func (p person) Edit(_ testing.TB, id record.ID, patch record.Patch) { p.s.Edit(p.ref, id, patch) }
func (p person) Delete(_ testing.TB, id record.ID)                   { p.s.Remove(p.ref, id) }

// narrow are limits as a CRM has them.
func narrow() map[record.Kind]map[record.Field]record.Limit {
	out := map[record.Kind]map[record.Field]record.Limit{}
	for _, d := range record.Fields {
		if out[d.Kind] == nil {
			out[d.Kind] = map[record.Field]record.Limit{}
		}
		l := record.Limit{ReadOnly: d.Filter}
		switch d.Type {
		case record.Line:
			l.Max = 255
		case record.Text:
			l.Max = 2000
		case record.Address:
			l.Parts = []int{250, 100, 100, 30, 100}
		case record.Span, record.Instant:
			l.Unit = time.Minute
		}
		out[d.Kind][d.Field] = l
	}
	out[record.Contact][record.LastName] = record.Limit{Max: 80, Mandatory: true}
	out[record.Contact][record.Salutation] = record.Limit{Choices: []string{"Mr.", "Mrs.", "Dr."}}
	out[record.Contact][record.Account] = record.Limit{Choices: []string{"Acme", "Zoë & Söhne"}}
	out[record.Contact][record.Fax] = record.Limit{ReadOnly: true}
	out[record.Task][record.Subject] = record.Limit{Max: 255, Mandatory: true}
	delete(out[record.Task], record.Reminder)
	out[record.Event][record.Title] = record.Limit{Max: 255, Mandatory: true}
	out[record.Event][record.When] = record.Limit{Unit: time.Minute, Mandatory: true}
	return out
}

func TestMemoryConforms(t *testing.T) {
	flavours := map[string]struct {
		opts memory.Options
		can  Can
	}{
		"kind": {memory.Options{}, Can{Make: true, Restore: true, Idle: 1}},
		"server": {
			memory.Options{Marks: true, AbsentIsDeleted: true, PageSize: 4, Chances: map[memory.Fault]float64{memory.OtherOrder: 1}},
			Can{Marks: true, Keys: true, Make: true, Restore: true, Many: 9},
		},
		"CRM": {
			memory.Options{Limits: narrow(), Lag: 30 * time.Second, Owner: "user-1", NoMake: true, NoRestore: true, PageSize: 50},
			Can{Many: 60},
		},
		// What the contract allows a service to do, however unpleasant.
		"unpleasant": {
			memory.Options{NoTimes: true, Chances: map[memory.Fault]float64{memory.NoResult: 1, memory.Repeats: 0.5}},
			Can{Make: true, Restore: true, Repeats: true},
		},
	}
	for name, fl := range flavours {
		for _, k := range record.Kinds {
			t.Run(name+"/"+string(k), func(t *testing.T) {
				s := memory.New(fl.opts)
				s.Put(string(k), record.Record{record.Title: "Somebody else’s"})
				Run(t, inMemory(s, k, fl.can))
				if n := len(s.Items(string(k))); n != 1 && fl.opts.Chances[memory.NoResult] == 0 {
					t.Errorf("the suite left %d items, want only the one that was there", n)
				}
			})
		}
	}
}

// A value that the set-up names as spoilt is not tried, and what is left still is.
func TestSpoiltValuesAreLeftOut(t *testing.T) {
	setup := inMemory(memory.New(memory.Options{}), record.Event, Can{})
	setup.Spoils = func(f record.Field, v string) bool { return strings.Contains(v, `\`) }
	s := newSuite(t, setup)
	for _, f := range s.writable() {
		for _, v := range append(s.values(f), s.rare(f)...) {
			if strings.Contains(v, `\`) {
				t.Errorf("field %s is tried with %q", f, v)
			}
		}
		if len(s.values(f)) == 0 {
			t.Errorf("field %s is not tried at all", f)
		}
	}
}
