package plan

import "zohosync/sync/record"

// merge plans for a link of which both sides are there: field by field, against one base per side.
func (st *Step) merge(r Rules) {
	st.Agree = [2]record.Patch{{}, {}}
	var differ []Row
	for _, row := range r.rows() {
		if st.mergeRow(r, row) {
			differ = append(differ, row)
		}
	}
	st.conflict(r, differ)
}

// mergeRow settles a field unless both sides changed it differently, and returns whether they did.
func (st *Step) mergeRow(r Rules, row Row) bool {
	items, base := st.Triple.Items, st.Triple.Base
	left, right := items[Left].Record[row.Left], items[Right].Record[row.Right]
	leftNew, rightNew := left != base[Left][row.Left], right != base[Right][row.Right]
	switch {
	case !leftNew && !rightNew:
	case r.same(row, left, right) || r.untitled(row, left, right):
		// Changed on both sides but now alike: no conflict (R4).
		st.Agree[Left][row.Left], st.Agree[Right][row.Right] = left, right
		st.settled(row, &st.Agree)
	case st.putsBack(r, row, [2]bool{leftNew, rightNew}):
	case leftNew && rightNew:
		return true
	case leftNew:
		st.send(r, row, Left)
	default:
		st.send(r, row, Right)
	}
	return false
}

// putsBack undoes the change of a side of which a person wants what the other side holds. The value that is given up is
// kept like that of a conflict.
func (st *Step) putsBack(r Rules, row Row, anew [2]bool) bool {
	for _, s := range Sides {
		if !anew[s] || !r.putBack(*st, s) {
			continue
		}
		st.decide(r, []Row{row}, s.Other())
		return true
	}
	return false
}

// putBack says whether a person wants a side, as it was then, to hold again what the other side holds.
func (r Rules) putBack(st Step, s Side) bool {
	it := st.Triple.Items[s]
	if it == nil {
		return false
	}
	a, _ := r.Answers.about(s, it.ID, CodeAll)
	return a.Choice == ChoicePutBack && a.Seen[it.ID] == string(record.Revise(it.Record))
}

// send plans to bring a field of side from to the other side. It returns whether it will be sent.
func (st *Step) send(r Rules, row Row, from Side) bool {
	to := from.Other()
	f, have := row.field(to), st.Triple.Items[from].Record[row.field(from)]
	value, limit := row.translate(have, from), r.Limits[to][row.field(to)]
	if !r.writes(to) {
		return false
	}
	if limit.ReadOnly || !st.fits(r, to, f, value, from) {
		st.Agree[from][stays(row.field(from))] = have
		return false
	}
	if value == "" && limit.Mandatory {
		if value = placeholder(r, to, f); value == "" {
			st.problem(CodeMandatory, from, row.field(from))
			return false
		}
	}
	act := st.act(to)
	act.Write.Patch[f] = value
	act.Agree[to][f], act.Agree[from][row.field(from)] = value, have
	st.settled(row, &act.Agree)
	return true
}

// settled: what stayed on a side once is agreed on now.
func (st *Step) settled(row Row, agree *[2]record.Patch) {
	for _, s := range Sides {
		if f := stays(row.field(s)); st.Triple.Base[s][f] != "" {
			agree[s][f] = ""
		}
	}
}

func (st *Step) act(to Side) *Act {
	if st.Acts[to] == nil {
		it := st.Triple.Items[to]
		st.Acts[to] = &Act{
			Write: record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record, Patch: record.Patch{}},
			Agree: [2]record.Patch{{}, {}},
		}
	}
	return st.Acts[to]
}

// untitled: a name that we made up for the CRM stands for none.
func (r Rules) untitled(row Row, left, right string) bool {
	return right == "" && left != "" && left == placeholder(r, Left, row.Left)
}
