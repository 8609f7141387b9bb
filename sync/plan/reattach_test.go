package plan

import (
	"testing"

	"zohosync/sync/record"
)

func TestAnObjectUnderANewNameIsTheOldOne(t *testing.T) {
	base := record.Record{record.LastName: "A"}
	heir := func(id, mark, self string) *Seen {
		it := item(id, base.With(record.Patch{record.Phone: "2"}))
		it.Mark, it.Self = record.Mark(mark), record.Mark(self)
		return it
	}
	cases := []struct {
		name  string
		right []*Seen
		want  string
	}{
		{"by its mark", []*Seen{heir("n", "l", "n")}, "update left map[phone:2]; "},
		{"by its own name", []*Seen{heir("n", "", "r")}, "update left map[phone:2]; "},
		{"another one", []*Seen{heir("n", "", "n")}, "delete left; "},
		{"with the mark of somebody else", []*Seen{heir("n", "m", "n")}, "delete left; "},
		{"nobody", nil, "delete left; "},
		{"two claim the place", []*Seen{heir("n", "l", "n"), heir("m", "l", "m")}, "ambiguous on the left; "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			links, rest := Reattach([]Triple{linked(base, base, nil)}, [2][]*Seen{nil, c.right})
			st := Make(links[0], rules())
			if got := sketch(st); got != c.want {
				t.Fatalf("%q, want %q", got, c.want)
			}
			if moved := links[0].Was[Right] == "r"; moved != (len(rest[Right]) < len(c.right)) {
				t.Fatalf("moved %v, %d of %d stay without a link", moved, len(rest[Right]), len(c.right))
			}
		})
	}
}

// Both partners gone, or one that nobody can see: nothing takes a place.
func TestOnlyALivingPartnerKeepsAPlace(t *testing.T) {
	base := record.Record{record.LastName: "A"}
	heir := item("n", base)
	heir.Mark = "l"
	for _, p := range []Presence{Gone, Missing, Skipped} {
		tr := linked(base, base, nil)
		tr.Items[Left].Presence = p
		if links, rest := Reattach([]Triple{tr}, [2][]*Seen{nil, {heir}}); links[0].Was[Right] != "" || len(rest[Right]) != 1 {
			t.Fatalf("%s: %+v", p, links[0].Was)
		}
	}
}

// What is there keeps its place, whoever bears its mark besides: somebody duplicated it.
func TestACopyTakesNoPlaceOfWhatIsThere(t *testing.T) {
	base := record.Record{record.LastName: "A"}
	twin := item("n", base)
	twin.Mark = "l"
	links, rest := Reattach([]Triple{linked(base, base, base.With(record.Patch{record.Phone: "1"}))}, [2][]*Seen{nil, {twin}})
	if links[0].Was[Right] != "" || links[0].Contested || len(rest[Right]) != 1 {
		t.Fatalf("%+v", links[0])
	}
}
