package plan

import (
	"testing"

	"zohosync/sync/record"
)

// A link that rests may begin to live again by an edit or by an item that comes back, never by a deletion.
func TestAHeldLinkDeletesNothingWhateverTheRulesBecome(t *testing.T) {
	base := record.Record{record.LastName: "A", record.Phone: "1"}
	edited := base.With(record.Patch{record.Phone: "2"})
	cases := []struct {
		name        string
		held        string
		left, right record.Record
		want        string
	}{
		{"kept by never, now propagate", CodeHeld, nil, base, "keep; held on the right; "},
		{"kept on the other side", CodeHeld, base, nil, "keep; held on the left; "},
		{"kept, then edited", CodeHeld, nil, edited, "create left map[last_name:A phone:2]; "},
		{"kept, then deleted too", CodeHeld, nil, nil, "drop; "},
		{"kept, then it came back", CodeHeld, edited, base, "update right map[phone:2]; "},
		{"left the pair, then deleted", CodeOutOfReach, base, nil, "keep; held on the left; "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tr := linked(base, c.left, c.right)
			tr.Held = c.held
			if got := sketch(Make(tr, rules())); got != c.want {
				t.Fatalf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAHeldLinkStaysHeldWhileNothingIsKnownOfAnItem(t *testing.T) {
	base := record.Record{record.LastName: "A"}
	tr := linked(base, base, nil)
	tr.Held, tr.Items[Left].Presence = CodeHeld, Missing
	if st := Make(tr, rules()); st.Fate != Keep || st.Hold != CodeHeld || !st.Idle() {
		t.Fatalf("%q", sketch(st))
	}
}

// Who deletes the copy of an item that belongs to somebody else by now does not delete that item.
func TestWhatLeftThePairIsNotDeleted(t *testing.T) {
	base := record.Record{record.LastName: "A", record.Categories: "Work"}
	r := rules()
	r.Owner, r.Categories, r.Mapping = "me", []string{"Work"}, DefaultMapping(record.Contact, true)
	yours, private := base.With(record.Patch{record.Owner: "you"}), base.With(record.Patch{record.Categories: "Private"})
	cases := []struct {
		name        string
		left, right record.Record
		want        string
	}{
		{"another owner", yours, nil, "keep; other-owner on the left; "},
		{"another owner, and edited", yours.With(record.Patch{record.Phone: "2"}), nil, "keep; other-owner on the left; "},
		{"another category", nil, private, "keep; other-category on the right; "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			st := Make(linked(base, c.left, c.right), r)
			if got := sketch(st); got != c.want || st.Hold != CodeOutOfReach {
				t.Fatalf("%q, want %q; held as %q", got, c.want, st.Hold)
			}
		})
	}
}
