package plan

import (
	"slices"
	"time"

	"zohosync/sync/record"
)

// Returns is how often within a day others may change back what we wrote to an item before it counts as a loop (C-57):
// another program keeps the two sides apart, and writing on would never end.
const Returns = 5

// Day is the time within which Returns is counted.
const Day = 24 * time.Hour

// Written is an update of one side of a link that was carried out.
type Written struct {
	Side  Side
	Patch record.Patch
	At    time.Time // when its run began
}

// Updates says whether the step changes an item that is linked.
func (st Step) Updates() bool {
	for _, a := range st.Acts {
		if st.Triple.Link != 0 && a != nil && a.Write.Op == record.Update {
			return true
		}
	}
	return false
}

// Loop freezes a step that would write once more a field that came back changed too often. What was written is given in
// any order. A person may let it go on, which counts from then, or leave the item alone.
func (st *Step) Loop(r Rules, written []Written, now time.Time) {
	since, decision := now.Add(-Day), Answer{}
	for s, it := range st.Triple.Items {
		if it == nil {
			continue
		}
		a, decided := r.Answers.about(Side(s), it.ID, CodeLoop)
		if decided && (a.Choice == ChoiceLeave || a.At.After(since)) {
			decision = a
		}
	}
	if decision.Question != "" {
		st.Shares = append(st.Shares, decision.Question)
	}
	if !st.Updates() {
		return
	}
	if decision.Choice == ChoiceGoOn {
		since = decision.At
	}
	fields := st.returning(r, written, since)
	switch {
	case decision.Choice == ChoiceLeave:
		st.rest()
		st.problem(CodeLeft, Left, "")
	case len(fields) > 0:
		st.rest()
		for _, f := range fields {
			st.problem(CodeLoop, Left, f)
		}
		q := st.about(CodeLoop, Left, ChoiceGoOn, ChoiceLeave, ChoiceLater)
		q.Fields = fields
		st.ask(r, q)
	}
}

// rest takes all that the step would do out of it.
func (st *Step) rest() {
	st.Acts, st.Agree, st.Conflicts = [2]*Act{}, [2]record.Patch{}, nil
}

// returning lists the fields that came back too often since a moment, by the left side's names.
func (st *Step) returning(r Rules, written []Written, since time.Time) []record.Field {
	written = slices.DeleteFunc(slices.Clone(written), func(w Written) bool { return w.At.Before(since) })
	slices.SortStableFunc(written, func(a, b Written) int { return a.At.Compare(b.At) })
	var out []record.Field
	for _, row := range r.rows() {
		if st.returns(row, written) > Returns {
			out = append(out, row.Left)
		}
	}
	return out
}

// returns counts how often a field that we wrote to a side was to be written back from there, up to the write that is
// planned now; 0 when none is.
func (st *Step) returns(row Row, written []Written) int {
	n, last := 0, -1
	wrote := func(s Side) {
		if last >= 0 && last != int(s) {
			n++
		}
		last = int(s)
	}
	for _, w := range written {
		if _, there := w.Patch[row.field(w.Side)]; there {
			wrote(w.Side)
		}
	}
	for _, s := range Sides {
		if a := st.Acts[s]; a != nil {
			if _, there := a.Write.Patch[row.field(s)]; there {
				wrote(s)
				return n
			}
		}
	}
	return 0
}
