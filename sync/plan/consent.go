package plan

import (
	"maps"
	"slices"

	"zohosync/sync/record"
)

// deletionCodes are those of the questions that decide whether an item is deleted.
func deletionCodes() []string {
	return []string{CodeMany, CodeEmptied, CodeDeletion, CodeGuests, CodeOrphan, CodeReturned}
}

// alike are the codes of questions that are asked once about all items that they concern.
func alike() []string { return []string{CodeDeletion, CodeGuests, CodeOrphan, CodeReturned} }

// vanished lists the choices about items that vanished from a side, what loses nothing first.
func (r Rules) vanished(gone Side) []Choice {
	left := gone.Other()
	var out []Choice
	if r.writes(gone) {
		out = append(out, ChoiceBringBack)
	}
	if r.writes(left) && r.Delete[left] != Never {
		out = append(out, ChoiceDelete)
	}
	if len(out) < 2 {
		out = append(out, ChoiceKeep)
	}
	return append(out, ChoiceLater)
}

// decided says whether a person decided about the deletion of the step's item on a side.
func (r Rules) decided(st Step, s Side) bool {
	_, decided := r.Answers.about(s, st.Triple.Items[s].ID, deletionCodes()...)
	return decided
}

// consent asks whether what is left may be deleted too. Guests of a meeting would be told by some services that it is
// cancelled, so that it is asked about alone (C-39).
func (st *Step) consent(r Rules, left Side) bool {
	code := ""
	switch {
	case r.Delete[left] == Ask:
		code = CodeDeletion
	case r.Guests != Propagate && st.invites():
		code = CodeGuests
	default:
		return false
	}
	st.problem(code, left, "")
	st.ask(r, st.about(code, left, r.vanished(left.Other())...))
	return true
}

// invites says whether the item is known to have participants.
func (st *Step) invites() bool {
	for _, s := range Sides {
		if it := st.Triple.Items[s]; it != nil && it.Record[record.Participants] != "" {
			return true
		}
	}
	return false
}

// waits says whether the item of a side waits for a person to decide whether it is deleted.
func (st Step) waits(s Side) bool {
	return slices.ContainsFunc(st.Problems, func(p Problem) bool {
		return p.Side == s && (p.Code == CodeDeletion || p.Code == CodeGuests)
	})
}

// Join makes one question of many that are alike: more than a few items of one side that wait for a person because of the
// same. Those that were answered stay as they are.
func Join(steps []Step, r Rules) {
	for _, s := range Sides {
		for _, code := range alike() {
			join(steps, r, s, code)
		}
	}
}

func join(steps []Step, r Rules, s Side, code string) {
	all := gathering{}
	var at []int
	for i, st := range steps {
		if len(st.Questions) == 1 && st.Questions[0].Code == code && st.Questions[0].Side == s && r.Answers.To(st.Questions[0].ID) == "" {
			all.add(st, s)
			at = append(at, i)
		}
	}
	if len(at) <= Few {
		return
	}
	q := Question{Code: code, Side: s, Number: len(all.objects), Items: all.items, Choices: steps[at[0]].Questions[0].Choices}
	for _, i := range at {
		if seen := steps[i].Questions[0].Seen; q.Seen == nil {
			q.Seen = maps.Clone(seen)
		} else {
			maps.Copy(q.Seen, seen)
		}
	}
	q = q.Named(r.Pair, slices.Sorted(maps.Values(q.Seen))...)
	for n, i := range at {
		steps[i].Questions, steps[i].Shares = nil, []string{q.ID}
		if n == 0 {
			steps[i].Questions = []Question{q}
		}
	}
}
