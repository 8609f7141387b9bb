package plan

import (
	"fmt"
	"testing"
	"time"

	"zohosync/sync/record"
)

// states are the nine states of an item against the last common state (table C.11); changed and changed counts twice.
var states = []string{
	"unchanged, unchanged", "unchanged, changed", "unchanged, deleted",
	"changed, unchanged", "changed alike", "changed differently", "changed, deleted",
	"deleted, unchanged", "deleted, changed", "deleted, deleted",
}

// inState returns a triple in one of the states. The right was edited an hour after the left.
func inState(name string) Triple {
	base := record.Record{record.LastName: "A", record.Phone: "1"}
	two, three := base.With(record.Patch{record.Phone: "2"}), base.With(record.Patch{record.Phone: "3"})
	sides := map[string][2]record.Record{
		"unchanged, unchanged": {base, base}, "unchanged, changed": {base, two}, "unchanged, deleted": {base, nil},
		"changed, unchanged": {two, base}, "changed alike": {two, two}, "changed differently": {two, three}, "changed, deleted": {two, nil},
		"deleted, unchanged": {nil, base}, "deleted, changed": {nil, two}, "deleted, deleted": {nil, nil},
	}[name]
	t := linked(base, sides[Left], sides[Right])
	for i, it := range t.Items {
		it.Edited = time.Date(2026, 1, 5, 9+i, 0, 0, 0, time.UTC)
		it.Noticed = it.Edited.Add(time.Hour)
	}
	return t
}

// C-6, C-60, R4, R5: modified beats deleted both ways under every policy; one way the source counts, and what was deleted on
// the target on purpose stays deleted; a policy decides nothing but a field that both sides changed differently.
func TestNineStatesUnderEveryPolicyAndDirection(t *testing.T) {
	want := map[Direction]map[string]string{
		Both: {
			"unchanged, changed": "update left map[phone:2]; ", "unchanged, deleted": "delete left; ",
			"changed, unchanged": "update right map[phone:2]; ", "changed, deleted": "create right map[last_name:A phone:2]; ",
			"deleted, unchanged": "delete right; ", "deleted, changed": "create left map[last_name:A phone:2]; ", "deleted, deleted": "drop; ",
		},
		ToRight: {
			"unchanged, deleted": "keep; held on the left; ", "changed, unchanged": "update right map[phone:2]; ",
			"changed differently": `update right map[phone:2]; left wins phone over "3"; `, "changed, deleted": "keep; held on the left; ",
			"deleted, unchanged": "delete right; ", "deleted, changed": "keep; held on the right; ", "deleted, deleted": "drop; ",
		},
		ToLeft: {
			"unchanged, changed": "update left map[phone:2]; ", "unchanged, deleted": "delete left; ",
			"changed differently": `update left map[phone:3]; right wins phone over "2"; `, "changed, deleted": "keep; held on the left; ",
			"deleted, unchanged": "keep; held on the right; ", "deleted, changed": "keep; held on the right; ", "deleted, deleted": "drop; ",
		},
	}
	differently := map[Policy]string{
		LeftWins: `update right map[phone:2]; left wins phone over "3"; `, RightWins: `update left map[phone:3]; right wins phone over "2"; `,
		Newest: `update left map[phone:3]; right wins phone over "2"; `, AskMe: "conflict on the left; asks phone; ",
		KeepBoth: "keeps-both on the left; makes map[last_name:A phone:3]; ",
	}
	for direction, rows := range want {
		for _, policy := range Policies {
			for _, name := range states {
				t.Run(fmt.Sprint(direction, "/", policy, "/", name), func(t *testing.T) {
					r := rules()
					r.Direction, r.Conflict = direction, policy
					want := rows[name]
					if direction == Both && name == "changed differently" {
						want = differently[policy]
					}
					if got := whole(Make(inState(name), r)); got != want {
						t.Fatalf("%q, want %q", got, want)
					}
				})
			}
		}
	}
}

// whole is a sketch with what is asked and which version is made.
func whole(st Step) string {
	out := sketch(st)
	for _, q := range st.Questions {
		for _, f := range q.Fields {
			out += "asks " + string(f) + "; "
		}
	}
	if st.Copy != nil && st.Copy.Act != nil {
		out += fmt.Sprintf("makes %v; ", map[record.Field]string(st.Copy.Act.Write.Patch))
	}
	return out
}

func TestNewer(t *testing.T) {
	at := func(hour int) time.Time {
		if hour == 0 {
			return time.Time{}
		}
		return time.Date(2026, 1, 5, hour, 0, 0, 0, time.UTC)
	}
	cases := []struct {
		name             string
		edited, noticed  [2]int // the hour; 0: not told
		winner           Side
		known            bool
		fractionsOfRight time.Duration
	}{
		{"both told, the left later", [2]int{9, 8}, [2]int{10, 10}, Left, true, 0},
		{"both told, the right later", [2]int{8, 9}, [2]int{10, 10}, Right, true, 0},
		{"the same second", [2]int{9, 9}, [2]int{10, 11}, Left, false, 900 * time.Millisecond},
		{"one does not tell: when we saw it", [2]int{9, 0}, [2]int{10, 11}, Right, true, 0},
		{"neither tells, one run saw both", [2]int{0, 0}, [2]int{10, 10}, Left, false, 0},
		{"a clock that is ahead does not win by that", [2]int{20, 12}, [2]int{10, 13}, Right, true, 0},
		{"one was seen before times were kept", [2]int{0, 0}, [2]int{0, 10}, Left, false, 0},
		{"the other one was", [2]int{0, 0}, [2]int{10, 0}, Left, false, 0},
		{"nothing is known", [2]int{0, 0}, [2]int{0, 0}, Left, false, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tr := Triple{Items: [2]*Seen{{}, {}}}
			for _, s := range Sides {
				tr.Items[s].Edited, tr.Items[s].Noticed = at(c.edited[s]), at(c.noticed[s])
			}
			tr.Items[Right].Edited = tr.Items[Right].Edited.Add(c.fractionsOfRight)
			if winner, known := tr.newer(); known != c.known || known && winner != c.winner {
				t.Fatalf("%s, known %v", winner, known)
			}
		})
	}
}

// Values that make sense only together are one field: no start of one side with the end of the other, no street with
// another town, no reminders or guests of both.
func TestValuesThatBelongTogetherAreNeverMixed(t *testing.T) {
	cases := []struct {
		field             record.Field
		kind              record.Kind
		base, left, right string
	}{
		{record.When, record.Event, "2026-01-05T09:00:00Z/2026-01-05T10:00:00Z", "2026-01-05T08:00:00Z/2026-01-05T10:00:00Z", "2026-01-05T09:00:00Z/2026-01-05T11:00:00Z"},
		{record.MailingAddress, record.Contact, record.Join("Road 1", "Town", "", "1", ""), record.Join("Road 2", "Town", "", "1", ""), record.Join("Road 1", "City", "", "1", "")},
		{record.Reminders, record.Event, "15", "15;60", "5;15"},
		{record.Participants, record.Event, "a@example.com", "a@example.com;b@example.com", "a@example.com;c@example.com"},
	}
	for _, c := range cases {
		for _, policy := range Policies {
			r := rules()
			limits := map[record.Field]record.Limit{c.field: {}}
			r.Kind, r.Mapping, r.Conflict = c.kind, []Row{{Left: c.field, Right: c.field}}, policy
			r.Limits = [2]map[record.Field]record.Limit{limits, limits}
			st := Make(linked(record.Record{c.field: c.base}, record.Record{c.field: c.left}, record.Record{c.field: c.right}), r)
			for _, s := range Sides {
				if st.Acts[s] == nil {
					continue
				}
				if got := st.Acts[s].Write.Patch[c.field]; got != c.left && got != c.right {
					t.Fatalf("%s under %s: %q was made of both", c.field, policy, got)
				}
			}
		}
	}
}

// Categories are labels: what either side added or took away holds, whatever the policy.
func TestCategoriesOfBothSidesAreJoined(t *testing.T) {
	cases := []struct{ base, left, right, want string }{
		{"A", "A;B", "A;C", "A;B;C"},
		{"A", "B", "A;C", "B;C"},
		{"A;B", "A", "B", ""},
		{"", "A", "B", "A;B"},
		{"A;B", "", "A;B;C", "C"},
		{"A", "A;B", "A;B;C", "A;B;C"},
	}
	for _, c := range cases {
		if got := joinLabels(c.base, c.left, c.right); got != c.want {
			t.Errorf("%q, %q, %q: %q, want %q", c.base, c.left, c.right, got, c.want)
		}
		if joinLabels(c.base, c.left, c.right) != joinLabels(c.base, c.right, c.left) {
			t.Errorf("%+v: it matters which side is which", c)
		}
	}
	r := rules()
	r.Conflict = AskMe
	lists := [3]record.Record{}
	for i, v := range []string{"A", "A;B", "A;C"} {
		lists[i] = record.Record{record.Categories: v}
	}
	if got, want := whole(Make(linked(lists[0], lists[1], lists[2]), r)), "update right map[categories:A;B;C]; "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	r.limit(Left, record.Categories, record.Limit{Choices: []string{"A", "B"}})
	if got, want := whole(Make(linked(lists[0], lists[1], lists[2]), r)), "conflict on the left; asks categories; "; got != want {
		t.Errorf("what one side cannot hold is not joined: %q, want %q", got, want)
	}
}

// What won has to stand on both sides still: a value that could not go over yet is an edit, too.
func TestGiveBackLooksAtBothSides(t *testing.T) {
	won := record.Record{record.LastName: "A", record.Phone: "1"}
	edited := won.With(record.Patch{record.Phone: "2"})
	for _, c := range []struct {
		left, right record.Record
		want        error
	}{{won, won, nil}, {edited, won, ErrEdited}, {won, edited, ErrEdited}, {won, nil, ErrApart}, {nil, won, ErrApart}} {
		st, err := GiveBack(linked(won, c.left, c.right), rules(), record.Phone, Right, "9", "1")
		if err != c.want {
			t.Errorf("%v and %v: error %v, want %v", c.left, c.right, err, c.want)
		}
		if want := "update right map[phone:9]; "; err == nil && sketch(st) != want {
			t.Errorf("%q, want %q", sketch(st), want)
		}
	}
	if _, err := GiveBack(linked(won, won, won), rules(), record.Owner, Right, "9", "1"); err != ErrApart {
		t.Errorf("a field that is not mapped: %v", err)
	}
	unlinked := linked(won, won, won)
	unlinked.Link = 0
	for _, tr := range []Triple{unlinked, {}} {
		if _, err := GiveBack(tr, rules(), record.Phone, Right, "9", "1"); err != ErrApart {
			t.Errorf("what is not linked: %v", err)
		}
	}
}

// A version that loses is kept also where the two sides have words of their own for what wins.
func TestKeepBothKnowsTheWordsOfBothSides(t *testing.T) {
	r := rules()
	r.Conflict, r.Mapping = KeepBoth, []Row{{Left: record.Phone, Right: record.Phone, Values: map[string]string{"one": "eins", "two": "zwei"}}}
	r.limit(Right, record.Phone, record.Limit{Choices: []string{"eins", "zwei", "drei"}})
	tr := linked(nil, record.Record{record.Phone: "one"}, record.Record{record.Phone: "drei"})
	if st := Make(tr, r); st.Copy == nil || st.Copy.Act == nil || st.Copy.Act.Write.Patch[record.Phone] != "drei" {
		t.Fatalf("%+v", st)
	}
}

// Categories on whose former value the sides never agreed are not joined: nobody knows who added what.
func TestCategoriesWithoutACommonPastAreNotJoined(t *testing.T) {
	r := rules()
	r.Conflict = AskMe
	tr := linked(nil, record.Record{record.Categories: "A"}, record.Record{record.Categories: "B"})
	tr.Base = [2]record.Record{{record.Categories: "A;B"}, {record.Categories: "A"}}
	if got, want := whole(Make(tr, r)), "conflict on the left; asks categories; "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
