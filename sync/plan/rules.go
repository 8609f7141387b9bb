package plan

import (
	"slices"
	"strings"

	"zohosync/sync/record"
)

// Direction says which sides of a pair are written.
type Direction string

// The directions.
const (
	Both    Direction = "both"
	ToLeft  Direction = "to-left"
	ToRight Direction = "to-right"
)

// Policy decides fields that both sides changed differently.
type Policy string

// The policies. What none of them can decide is asked.
const (
	LeftWins  Policy = "left"
	RightWins Policy = "right"
	Newest    Policy = "newest" // the side that was edited later, see Triple.newer
	AskMe     Policy = "ask"
	KeepBoth  Policy = "both" // the version of the right becomes an item of its own, and the left wins
)

// Policies lists them in the order in which people meet them.
var Policies = []Policy{LeftWins, RightWins, Newest, AskMe, KeepBoth}

// Deletion says what happens on a side when the other side deleted.
type Deletion string

// The delete policies.
const (
	Never     Deletion = "never"
	Ask       Deletion = "ask"
	Propagate Deletion = "propagate"
)

// Row maps a field of the left to a field of the right. Values, where there are any, turns left values into right ones;
// a value that stands in no row of it is taken as it is.
type Row struct {
	Left   record.Field      `json:"left"`
	Right  record.Field      `json:"right"`
	Values map[string]string `json:"values,omitempty"`
}

// Rules is all that decides about a pair.
type Rules struct {
	Kind          record.Kind
	Scope         [2]string // where items of each side come from; part of every Key
	Mapping       []Row
	Direction     Direction
	Conflict      Policy
	Delete        [2]Deletion // by the side on which it would be carried out
	Guests        Deletion    `json:",omitempty"` // whether meetings with participants are deleted without asking: Propagate, or not
	Categories    []string    // of the right side; empty: all, including uncategorised
	Uncategorised bool        // with Categories: what has no category at all belongs to the pair, too
	Owner         string      // of the left side; "": anybody's
	View          string      // id of a view of the left side; "": all of it
	Window        record.Window
	Limits        [2]map[record.Field]record.Limit
	ReadOnly      [2]bool
	Pair          string  `json:"-"` // names the pair in questions
	Answers       Answers `json:"-"` // what persons decided
}

// DefaultMapping maps every field of a kind to its namesake. A pair that filters by category leaves categories out of
// it: there they say what belongs to the pair and are not content.
func DefaultMapping(k record.Kind, filtered bool) []Row {
	var rows []Row
	for _, f := range record.FieldsOf(k) {
		if f == record.Categories && filtered {
			continue
		}
		rows = append(rows, Row{Left: f, Right: f})
	}
	return rows
}

// Fields lists what the collection of one side has to be opened with: mapped, filtered and matched fields. view is the id
// of the left side's view by which the pair filters, or "".
func Fields(k record.Kind, rows []Row, view string, s Side) []record.Field {
	var out []record.Field
	add := func(f record.Field) {
		if f != "" && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	for _, r := range rows {
		add(r.field(s))
	}
	if s == Left {
		add(record.Owner)
		if view != "" {
			add(record.View(view))
		}
	}
	add(record.Categories)
	if s == Right {
		add(record.Extra)
	}
	for _, f := range matchFields(k) {
		add(f)
	}
	slices.Sort(out)
	return out
}

func (r Row) field(s Side) record.Field {
	if s == Left {
		return r.Left
	}
	return r.Right
}

// rows lists the rows of the mapping that both services hold.
func (r Rules) rows() []Row {
	var out []Row
	for _, row := range r.Mapping {
		_, left := r.Limits[Left][row.Left]
		_, right := r.Limits[Right][row.Right]
		if left && right {
			out = append(out, row)
		}
	}
	return out
}

// writes says whether the rules let us write on a side.
func (r Rules) writes(s Side) bool {
	if r.ReadOnly[s] {
		return false
	}
	return r.Direction == Both || (r.Direction == ToLeft) == (s == Left)
}

// oneWay says whether only one side is a source.
func (r Rules) oneWay() bool { return !r.writes(Left) || !r.writes(Right) }

// Reasons for which an item does not belong to a pair. They are no problems.
const (
	OutOwner    = "other-owner"
	OutCategory = "other-category"
	OutWindow   = "out-of-window"
	OutForeign  = "other-pair"
	OutView     = "other-view"
)

// outside says why an item does not belong to the pair, or "". A linked item is followed wherever its time moves.
func (r Rules) outside(it *Seen, s Side, linked bool) string {
	switch {
	case it.Foreign:
		return OutForeign
	case s == Left && r.Owner != "" && it.Record[record.Owner] != "" && it.Record[record.Owner] != r.Owner:
		return OutOwner
	case s == Left && r.View != "" && it.Record[record.View(r.View)] == "":
		return OutView
	case s == Right && !r.inCategory(it.Record):
		return OutCategory
	}
	if start, end := it.Record.Times(r.Kind); !linked && !r.Window.Holds(start, end) {
		return OutWindow
	}
	return ""
}

func (r Rules) inCategory(rec record.Record) bool {
	if len(r.Categories) == 0 {
		return true
	}
	own := record.Split(rec[record.Categories])
	if r.Uncategorised && len(own) == 0 {
		return true
	}
	for _, have := range own {
		if slices.ContainsFunc(r.Categories, func(want string) bool { return strings.EqualFold(have, want) }) {
			return true
		}
	}
	return false
}

// same says whether a left and a right value of a row are one value.
func (r Rules) same(row Row, left, right string) bool {
	t := record.Lookup(r.Kind, row.Left).Type
	return record.Same(t, row.translate(left, Left), r.Limits[Left][row.Left], right, r.Limits[Right][row.Right])
}
