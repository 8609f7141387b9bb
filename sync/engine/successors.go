package engine

import (
	"slices"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// waits is the step of an item that waits for an unanswered create.
func waits(side plan.Side, it *plan.Seen) plan.Step {
	t := plan.Triple{}
	t.Items[side] = it
	return plan.Step{Triple: t, Wait: true, Problems: []plan.Problem{{Code: plan.CodeUnsure, Side: side}}}
}

// successors takes out of planning what may have taken the place of an item that is gone and waits for an unanswered create:
// a create for that one would make a second record beside the one that is looked for. Whatever took the place of a linked
// item has its link by now.
func successors(items [2][]*plan.Seen, steps []plan.Step, k record.Kind) ([2][]*plan.Seen, []plan.Step) {
	var free [2][]*plan.Seen
	waiting := steps
	for _, side := range plan.Sides {
		for _, it := range items[side] {
			if it.Here() && it.News && slices.ContainsFunc(waiting, func(st plan.Step) bool { return succeeds(it, st.Triple.Items[side], k) }) {
				steps = append(steps, waits(side, it))
			} else {
				free[side] = append(free[side], it)
			}
		}
	}
	return free, steps
}

// succeeds says whether an item may have taken the place of one that is gone: it lives in the same object, has its name, or is
// of a series that was split off.
func succeeds(it, was *plan.Seen, k record.Kind) bool {
	if was == nil || was.Presence != plan.Gone {
		return false
	}
	return it.Group == was.Group || it.Self != "" && it.Self == was.Self || it.Slot != "" && it.Record.Name(k) == was.Record.Name(k)
}
