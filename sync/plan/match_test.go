package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/record"
)

// contact writes a contact as "name, mail, phone"; a fourth part is the mark of its partner.
func contact(id, text string) *Seen {
	parts := append(strings.Split(text, ","), "", "", "", "")
	it := item(id, record.Record{}.With(record.Patch{record.LastName: parts[0], record.EmailMain: parts[1], record.Phone: parts[2]}))
	it.Mark = record.Mark(parts[3])
	return it
}

// outline writes what Match found: "l1=r1" for a link, "l1" for an item that stays alone, "l1?code" for one asked about.
func outline(m Matched) string {
	var out []string
	for _, t := range m.Triples {
		var ids []string
		for _, s := range Sides {
			if t.Items[s] != nil {
				ids = append(ids, string(t.Items[s].ID))
			}
		}
		out = append(out, strings.Join(ids, "="))
	}
	for _, st := range m.Asked {
		for _, s := range Sides {
			if it := st.Triple.Items[s]; it != nil {
				out = append(out, string(it.ID)+"?"+st.Problems[0].Code)
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestMatch(t *testing.T) {
	cases := []struct {
		name        string
		left, right []string
		want        string
	}{
		{"nothing in common", []string{"A,a@x,"}, []string{"B,b@x,"}, "l1 r1"},
		{"the same e-mail", []string{"A,a@x,"}, []string{"A,a@x,"}, "l1=r1"},
		{"the same e-mail, an empty field", []string{"A,a@x,1"}, []string{"A,a@x,"}, "l1=r1"},
		{"the same e-mail, another value", []string{"A,a@x,1"}, []string{"A,a@x,2"}, "l1?ambiguous r1?ambiguous"},
		{"the same name", []string{"A,,1"}, []string{"A,,"}, "l1=r1"},
		{"the same name in other letters", []string{"ann,a@x,"}, []string{"Ann,a@x,"}, "l1?ambiguous r1?ambiguous"},
		{"the same name, other e-mails", []string{"A,a@x,"}, []string{"A,b@x,"}, "l1?ambiguous r1?ambiguous"},
		{"two on one side that fit", []string{"A,a@x,"}, []string{"A,a@x,1", "A,a@x,2"}, "l1?ambiguous r1?ambiguous r2?ambiguous"},
		{"an exact one among two", []string{"A,a@x,1"}, []string{"A,a@x,1", "A,a@x,2"}, "l1=r1 r2?ambiguous"},
		{"twins on both sides", []string{"A,a@x,", "A,a@x,"}, []string{"A,a@x,", "A,a@x,"}, "l1?ambiguous l2?ambiguous r1?ambiguous r2?ambiguous"},
		{"twins on one side only", []string{"A,a@x,", "A,a@x,"}, nil, "l1 l2"},
		{"the mark decides, whatever changed", []string{"A,a@x,1"}, []string{"B,b@x,2,l1"}, "l1=r1"},
		{"a mark on the left", []string{"A,a@x,1,r1"}, []string{"B,b@x,2"}, "l1=r1"},
		{"two claim the same partner", []string{"A,a@x,"}, []string{"A,a@x,,l1", "A,a@x,,l1"}, "l1?ambiguous r1?ambiguous r2?ambiguous"},
		{"its partner is missing", nil, []string{"A,a@x,,lost"}, "r1?orphan"},
		{"its partner is linked to another: a copy", nil, []string{"A,a@x,,linked"}, "r1"},
		{"its partner cannot be an item now", nil, []string{"A,a@x,,there"}, "r1?out-of-scope"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := outline(Match([2][]*Seen{contacts("l", c.left), contacts("r", c.right)}, rules(), standing))
			if got != c.want {
				t.Fatalf("%s, want %s", got, c.want)
			}
		})
	}
}

func contacts(side string, texts []string) (out []*Seen) {
	for i, text := range texts {
		out = append(out, contact(fmt.Sprint(side, i+1), text))
	}
	return out
}

func TestAMarkTooLongForItsFieldIsFoundByItsHash(t *testing.T) {
	left, right := contacts("l", []string{"A,a@x,"}), contacts("r", []string{"B,b@x,"})
	right[0].Self = record.Mark(strings.Repeat("uid", 200))
	left[0].Mark = right[0].Self.Short()
	if got := outline(Match([2][]*Seen{left, right}, rules(), standing)); got != "l1=r1" {
		t.Fatal(got)
	}
}

func standing(_ Side, self record.Mark) Standing {
	return map[record.Mark]Standing{"linked": Linked, "there": There}[self]
}

func TestFitWithSomethingOutsideThePairKeepsBothAsTheyAre(t *testing.T) {
	r := rules()
	r.Owner = "me"
	left, right := contacts("l", []string{"A,a@x,"}), contacts("r", []string{"A,a@x,"})
	left[0].Record[record.Owner] = "you"
	if got := outline(Match([2][]*Seen{left, right}, r, standing)); got != "l1?out-of-scope r1?out-of-scope" {
		t.Fatal(got)
	}
	left[0].Record[record.Owner] = "me"
	if got := outline(Match([2][]*Seen{left, right}, r, standing)); got != "l1=r1" {
		t.Fatal(got)
	}
}

func TestGoneItemsAreNoPartners(t *testing.T) {
	left, right := contacts("l", []string{"A,a@x,"}), contacts("r", []string{"A,a@x,"})
	left[0].Presence = Gone
	if got := outline(Match([2][]*Seen{left, right}, rules(), standing)); got != "l1 r1" {
		t.Fatal(got)
	}
}

func TestEventsAndTasksMatchByNameAndTime(t *testing.T) {
	cases := []struct {
		kind        record.Kind
		left, right record.Record
		want        string
	}{
		{record.Event, record.Record{record.Title: "M", record.When: "2026-01-05T09:00:00Z/2026-01-05T10:00:00Z"}, record.Record{record.Title: "M", record.When: "2026-01-05T09:00:00Z/2026-01-05T10:00:00Z"}, "l=r"},
		{record.Event, record.Record{record.Title: "M", record.When: "2026-01-05T09:00:00Z/2026-01-05T10:00:00Z"}, record.Record{record.Title: "M", record.When: "2026-01-06T09:00:00Z/2026-01-06T10:00:00Z"}, "l r"},
		{record.Task, record.Record{record.Subject: "T", record.Due: "2026-01-05"}, record.Record{record.Subject: "T", record.Due: "2026-01-05"}, "l=r"},
		{record.Task, record.Record{record.Subject: "T", record.Due: "2026-01-05"}, record.Record{record.Subject: "T"}, "l r"},
	}
	for _, c := range cases {
		r := rules()
		r.Kind, r.Mapping = c.kind, DefaultMapping(c.kind, false)
		limits := map[record.Field]record.Limit{}
		for _, f := range record.FieldsOf(c.kind) {
			limits[f] = record.Limit{}
		}
		r.Limits = [2]map[record.Field]record.Limit{limits, limits}
		got := outline(Match([2][]*Seen{{item("l", c.left)}, {item("r", c.right)}}, r, standing))
		if got != c.want {
			t.Errorf("%s %v: %s, want %s", c.kind, c.left, got, c.want)
		}
	}
}

// Copies that all claim one partner leave it alone too: it is not missing a partner, it has too many.
func TestAPartnerThatSeveralClaimIsNotCreatedOnceMore(t *testing.T) {
	left := contacts("l", []string{"A,a@x,"})
	right := contacts("r", []string{"B,b@x,,l1", "C,c@x,,l1"})
	if got := outline(Match([2][]*Seen{left, right}, rules(), standing)); got != "l1?ambiguous r1?ambiguous r2?ambiguous" {
		t.Fatal(got)
	}
	right[0].Self, right[1].Self, right[0].Mark, right[1].Mark = "uid", "uid", "", ""
	left[0].Mark = "uid"
	if got := outline(Match([2][]*Seen{left, right}, rules(), standing)); got != "l1?ambiguous r1?ambiguous r2?ambiguous" {
		t.Fatal(got)
	}
}

// What the program itself wrote for a missing name, and what a service rounded, is recognised when the state is lost.
func TestWhatWasCutOrNamedByUsIsRecognised(t *testing.T) {
	limits := map[record.Field]record.Limit{}
	for _, f := range record.FieldsOf(record.Event) {
		limits[f] = record.Limit{}
	}
	r := rules()
	r.Kind, r.Mapping, r.Limits = record.Event, DefaultMapping(record.Event, false), [2]map[record.Field]record.Limit{limits, limits}
	r.limit(Left, record.Title, record.Limit{Mandatory: true})
	r.limit(Left, record.When, record.Limit{Unit: time.Minute})
	left := item("l", record.Record{record.Title: Untitled, record.When: "2026-01-05T09:00:00Z/2026-01-05T10:00:00Z"})
	right := item("r", record.Record{record.When: "2026-01-05T09:00:30Z/2026-01-05T10:00:30Z"})
	if got := outline(Match([2][]*Seen{{left}, {right}}, r, standing)); got != "l=r" {
		t.Fatal(got)
	}
	right.Record[record.Title] = "M"
	if got := outline(Match([2][]*Seen{{left}, {right}}, r, standing)); got != "l r" {
		t.Fatal(got)
	}
}
