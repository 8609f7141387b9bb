package plan

import (
	"slices"

	"zohosync/sync/record"
)

// joins settles categories that both sides changed: each is a label of its own, so that what either side added or took away
// holds, and nobody loses anything. Guests and reminders are no labels: who edits them decides about all of them at once.
//
// The left's changes go to the right first, and the bases say that both sides agree on those; the right's own are then an
// edit of the right like any other. So a crash between the two writes leaves nothing behind.
func (st *Step) joins(r Rules, row Row) bool {
	base := [2]string{st.Triple.Base[Left][row.Left], st.Triple.Base[Right][row.Right]}
	if record.Lookup(r.Kind, row.Left).Type != record.List || len(row.Values) > 0 || base[Left] != base[Right] {
		return false
	}
	left, right := st.Triple.Items[Left].Record[row.Left], st.Triple.Items[Right].Record[row.Right]
	joined := joinLabels(base[Left], left, right)
	for _, s := range Sides {
		if limit := r.Limits[s][row.field(s)]; st.Triple.Refused[s][row.field(s)] != "" || !limit.Fits(record.List, joined) {
			return false
		}
	}
	switch joined {
	case left:
		st.send(r, row, Left)
	case right:
		st.send(r, row, Right)
	default:
		act := st.act(Right)
		act.Write.Patch[row.Right] = joined
		act.Agree[Left][row.Left], act.Agree[Right][row.Right] = left, left
	}
	return true
}

// joinLabels returns the labels of base with what both sides added and without what either took away.
func joinLabels(base, left, right string) string {
	was, a, b := record.Split(base), record.Split(left), record.Split(right)
	var out []string
	for _, label := range slices.Concat(a, b) {
		if slices.Contains(was, label) && (!slices.Contains(a, label) || !slices.Contains(b, label)) {
			continue
		}
		out = append(out, label)
	}
	return record.Canonical(record.List, record.Join(out...))
}
