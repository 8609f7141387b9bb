package plan

import (
	"fmt"
	"testing"
	"time"

	"zohosync/sync/record"
)

// rules of a pair of contacts between two services that hold everything.
func rules() Rules {
	limits := map[record.Field]record.Limit{}
	for _, f := range record.FieldsOf(record.Contact) {
		limits[f] = record.Limit{}
	}
	return Rules{
		Kind: record.Contact, Mapping: DefaultMapping(record.Contact, false), Direction: Both, Conflict: LeftWins,
		Delete: [2]Deletion{Propagate, Propagate}, Limits: [2]map[record.Field]record.Limit{limits, limits},
	}
}

func item(id string, r record.Record) *Seen {
	return &Seen{Presence: Present, Item: record.Item{ID: record.ID(id), Self: record.Mark(id), Revision: "r", Record: r}}
}

// linked returns a triple of two items that agreed on base and now hold left and right; nil is gone.
func linked(base, left, right record.Record) Triple {
	t := Triple{Link: 1, Items: [2]*Seen{item("l", left), item("r", right)}, Base: [2]record.Record{base, base}}
	for s, r := range []record.Record{left, right} {
		if r == nil {
			t.Items[s].Presence, t.Items[s].Record = Gone, base
		}
	}
	return t
}

// sketch writes a step in one line: what is written on either side, what becomes of the link, which codes are listed.
func sketch(st Step) string {
	out := ""
	for _, s := range Sides {
		if a := st.Acts[s]; a != nil {
			out += fmt.Sprintf("%s %s", a.Write.Op, s)
			if a.Write.Op != record.Delete {
				out += fmt.Sprintf(" %v", map[record.Field]string(a.Write.Patch))
			}
			out += "; "
		}
	}
	if st.Fate != Stay {
		out += string(st.Fate) + "; "
	}
	for _, c := range st.Conflicts {
		out += fmt.Sprintf("%s wins %s over %q; ", c.Winner, c.Field, c.Lost)
	}
	for _, p := range st.Problems {
		out += p.Code + " on the " + p.Side.String() + "; "
	}
	return out
}

// The nine states of one item against the last common state.
func TestNineStates(t *testing.T) {
	base := record.Record{record.LastName: "A", record.Phone: "1"}
	edited := base.With(record.Patch{record.Phone: "2"})
	other := base.With(record.Patch{record.Phone: "3"})
	cases := []struct {
		name        string
		left, right record.Record
		want        string
	}{
		{"unchanged, unchanged", base, base, ""},
		{"unchanged, changed", base, edited, "update left map[phone:2]; "},
		{"unchanged, deleted", base, nil, "delete left; "},
		{"changed, unchanged", edited, base, "update right map[phone:2]; "},
		{"changed alike", edited, edited, ""},
		{"changed differently", edited, other, `update right map[phone:2]; left wins phone over "3"; `},
		{"changed, deleted", edited, nil, "create right map[last_name:A phone:2]; "},
		{"deleted, unchanged", nil, base, "delete right; "},
		{"deleted, changed", nil, edited, "create left map[last_name:A phone:2]; "},
		{"deleted, deleted", nil, nil, "drop; "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := sketch(Make(linked(base, c.left, c.right), rules())); got != c.want {
				t.Fatalf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestRulesOfAPair(t *testing.T) {
	base := record.Record{record.LastName: "A", record.Phone: "1"}
	left, right := base.With(record.Patch{record.Phone: "2"}), base.With(record.Patch{record.Phone: "3"})
	with := func(change func(*Rules)) Rules {
		r := rules()
		change(&r)
		return r
	}
	cases := []struct {
		name  string
		t     Triple
		rules Rules
		want  string
	}{
		{"right wins", linked(base, left, right), with(func(r *Rules) { r.Conflict = RightWins }), `update left map[phone:3]; right wins phone over "2"; `},
		{"to the right: the source counts", linked(base, left, right), with(func(r *Rules) { r.Direction = ToRight; r.Conflict = RightWins }), `update right map[phone:2]; left wins phone over "3"; `},
		{"to the left: the target rests", linked(base, left, base), with(func(r *Rules) { r.Direction = ToLeft }), ""},
		{"read-only right", linked(base, left, base), with(func(r *Rules) { r.ReadOnly[Right] = true }), ""},
		{"deletion asks", linked(base, nil, base), with(func(r *Rules) { r.Delete[Right] = Ask }), "deletion-waits on the right; "},
		{"deletion never", linked(base, nil, base), with(func(r *Rules) { r.Delete[Right] = Never }), "keep; held on the right; "},
		{"deleted on a one-way target", linked(base, base, nil), with(func(r *Rules) { r.Direction = ToRight }), "keep; held on the left; "},
		{"edited there, deleted on a one-way source", linked(base, nil, right), with(func(r *Rules) { r.Direction = ToRight }), "keep; held on the right; "},
		{"choice", linked(base, left, base), with(func(r *Rules) { r.limit(Right, record.Phone, record.Limit{Choices: []string{"1"}}) }), "no-choice on the left; "},
		{"too long", linked(base, base.With(record.Patch{record.Phone: "22", record.Fax: "9"}), base), with(func(r *Rules) { r.limit(Right, record.Phone, record.Limit{Max: 1}) }), "update right map[fax:9]; too-long on the left; "},
		{"read-only field", linked(base, left, base), with(func(r *Rules) { r.limit(Right, record.Phone, record.Limit{ReadOnly: true}) }), ""},
		{"cleared mandatory", linked(base, base, record.Record{record.Phone: "1"}), with(func(r *Rules) { r.limit(Left, record.LastName, record.Limit{Mandatory: true}) }), "mandatory on the right; "},
		{"cut on the right is still the same", linked(record.Record{}, record.Record{record.Phone: "12345"}, record.Record{record.Phone: "123"}), with(func(r *Rules) { r.limit(Right, record.Phone, record.Limit{Max: 3}) }), ""},
		{"value table", linked(base, left, base), with(func(r *Rules) {
			r.Mapping = []Row{{Left: record.Phone, Right: record.Phone, Values: map[string]string{"2": "two"}}}
		}), "update right map[phone:two]; "},
		{"value table, back", linked(base, base, base.With(record.Patch{record.Phone: "two"})), with(func(r *Rules) {
			r.Mapping = []Row{{Left: record.Phone, Right: record.Phone, Values: map[string]string{"2": "two"}}}
		}), "update left map[phone:2]; "},
		{"another owner", linked(base, left.With(record.Patch{record.Owner: "you"}), base), with(func(r *Rules) { r.Owner = "me" }), "keep; other-owner on the left; "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := sketch(Make(c.t, c.rules)); got != c.want {
				t.Fatalf("%q, want %q", got, c.want)
			}
		})
	}
}

// limit sets one limit without touching the other side's.
func (r *Rules) limit(s Side, f record.Field, l record.Limit) {
	own := map[record.Field]record.Limit{}
	for k, v := range r.Limits[s] {
		own[k] = v
	}
	own[f] = l
	r.Limits[s] = own
}

func TestUnknownIsNeverDeleted(t *testing.T) {
	base := record.Record{record.LastName: "A"}
	for _, presence := range []Presence{Missing, Skipped} {
		for _, s := range Sides {
			for _, there := range []record.Record{base, base.With(record.Patch{record.Phone: "2"}), nil} {
				tr := linked(base, base, base)
				tr.Items[s].Presence = presence
				if there == nil {
					tr.Items[s.Other()].Presence = Gone
				} else {
					tr.Items[s.Other()].Record = there
				}
				if st := Make(tr, rules()); !st.Idle() || st.Fate != Stay {
					t.Fatalf("%s on the %s: %q", presence, s, sketch(st))
				}
			}
		}
	}
}

func TestBasesTakeOnlyWhatWasSent(t *testing.T) {
	r := rules()
	r.limit(Right, record.Phone, record.Limit{Max: 3})
	a := &Act{Agree: [2]record.Patch{{record.Phone: "12345", record.Fax: "1"}, {record.Phone: "12345", record.Fax: "1"}}}
	a.Landed(r, Right, record.Record{record.Phone: "123", record.Fax: "somebody's later edit"})
	if a.Agree[Right][record.Phone] != "123" || a.Agree[Right][record.Fax] != "1" || a.Agree[Left][record.Phone] != "12345" {
		t.Fatalf("bases %v", a.Agree)
	}
}

func TestGuardsLookAboveAFew(t *testing.T) {
	base := record.Record{record.LastName: "A"}
	steps := func(n int) (out []Step) {
		for i := range n {
			tr := linked(base, base, nil)
			tr.Items[Left].ID, tr.Items[Right].ID = record.ID(fmt.Sprint(i)), record.ID(fmt.Sprint(i))
			out = append(out, Make(tr, rules()))
		}
		return out
	}
	for _, c := range []struct{ deletes, linked, guards int }{{5, 5, 0}, {6, 10, 1}, {6, 30, 0}, {7, 30, 1}, {200, 1000, 0}, {201, 1000, 1}} {
		got := Check(steps(c.deletes), rules(), [2]int{c.linked, c.linked})
		if len(got) != c.guards {
			t.Errorf("%d of %d: guards %v", c.deletes, c.linked, got)
		}
		if c.guards == 1 && got[0].Guard() != (Guard{Code: CodeMany, Side: Left, Number: c.deletes, Question: got[0].ID}) {
			t.Errorf("guard %+v", got[0])
		}
	}
}

func TestRecoverFindsWhatAnUnansweredCreateMade(t *testing.T) {
	sent := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	at := func(it *Seen, d time.Duration, mark record.Mark) *Seen {
		it.FirstSeen, it.Mark = sent.Add(d), mark
		return it
	}
	patch := record.Patch{record.LastName: "A", record.Phone: "1", record.Fax: "2"}
	in := Intent{ID: 1, Side: Left, Mark: "r1", Patch: patch, Sent: sent}
	near := record.Record{record.LastName: "A", record.Phone: "1", record.Fax: "cut"}
	far := record.Record{record.LastName: "A"}
	other, copied, foreign := record.Record{record.LastName: "Z"}, item("y", near), item("y", near)
	copied.Copy, foreign.Foreign = true, true
	cases := []struct {
		name    string
		items   []*Seen
		intents []Intent
		found   string
		again   bool
	}{
		{"by its mark", []*Seen{at(item("x", far), -time.Hour, "r1"), at(item("y", near), time.Hour, "")}, []Intent{in}, "x", false},
		{"by its mark, under another name", []*Seen{at(item("x", other), time.Hour, "r1")}, []Intent{in}, "x", false},
		{"a version that lost", []*Seen{at(copied, time.Hour, "")}, []Intent{in}, "", true},
		{"what another pair made", []*Seen{at(foreign, time.Hour, "")}, []Intent{in}, "", true},
		{"all fields but one", []*Seen{at(item("y", near), time.Hour, "")}, []Intent{in}, "y", false},
		{"was there before", []*Seen{at(item("y", near), -time.Hour, "")}, []Intent{in}, "", true},
		{"another item", []*Seen{at(item("y", far), time.Hour, "")}, []Intent{in}, "", true},
		{"two that fit", []*Seen{at(item("x", near), time.Hour, ""), at(item("y", near), time.Hour, "")}, []Intent{in}, "", false},
		{"one field, and another", []*Seen{at(item("y", record.Record{record.LastName: "B"}), time.Hour, "")}, []Intent{{ID: 1, Side: Left, Patch: record.Patch{record.LastName: "A"}, Sent: sent}}, "", true},
		{"another name", []*Seen{at(item("y", record.Record{record.LastName: "B", record.Phone: "1", record.Fax: "2"}), time.Hour, "")}, []Intent{in}, "", true},
		{"two intents, one item", []*Seen{at(item("y", near), time.Hour, "")}, []Intent{in, {ID: 2, Side: Left, Patch: patch, Sent: sent}}, "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := Recover(rules(), c.intents, [2][]*Seen{c.items, nil})[0]
			got := ""
			if o.Found != nil {
				got = string(o.Found.ID)
			}
			if got != c.found || o.Again != c.again {
				t.Fatalf("found %q, again %v", got, o.Again)
			}
		})
	}
}

// Creates that were alike may each have made any of the items that are alike: whichever is taken, it is the right one.
func TestTwinsAreRecoveredOneToOne(t *testing.T) {
	sent := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	patch := record.Patch{record.LastName: "A", record.Phone: "1"}
	twin := func(id string) *Seen {
		it := item(id, record.Record(patch))
		it.FirstSeen = sent.Add(time.Minute)
		return it
	}
	for made := range 4 {
		var items []*Seen
		for i := range made {
			items = append(items, twin(fmt.Sprint("l", i)))
		}
		intents := []Intent{{ID: 1, Side: Left, Source: "r1", Patch: patch, Sent: sent}, {ID: 2, Side: Left, Source: "r2", Patch: patch, Sent: sent}}
		found, again := map[*Seen]bool{}, 0
		for _, o := range Recover(rules(), intents, [2][]*Seen{items, nil}) {
			if o.Found != nil {
				found[o.Found] = true
			}
			if o.Again {
				again++
			}
		}
		if len(found) != min(made, 2) || again != 2-len(found) {
			t.Fatalf("%d made: %d found, %d to be sent again", made, len(found), again)
		}
	}
}
