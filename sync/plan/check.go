package plan

import (
	"slices"

	"zohosync/sync/record"
)

// Guard is a reason to stop a pair before its first write and to ask (R1, R2). Question is the ID of what is asked.
type Guard struct {
	Code     string `json:"code"`
	Side     Side   `json:"side"`
	Number   int    `json:"number"`
	Question string `json:"question,omitempty"`
}

// Guard returns the guard that asks this question.
func (q Question) Guard() Guard {
	return Guard{Code: q.Code, Side: q.Side, Number: q.Number, Question: q.ID}
}

// Few is how many objects may always be deleted or changed without asking; above it the guards look.
const Few = 5

// Check returns the questions for which the pair has to wait before its first write: too much would be deleted on one
// side, or everything on one side changed at once. What a person decided already is not counted again. linked counts the
// objects of each side that are linked. Objects are counted, not occurrences.
func Check(steps []Step, r Rules, linked [2]int) []Question {
	var out []Question
	for _, s := range Sides {
		if q, stop := many(steps, r, s, linked[s.Other()]); stop {
			out = append(out, q)
		}
		if q, stop := all(steps, r, s, linked[s]); stop {
			out = append(out, q)
		}
	}
	return out
}

// many asks about deletions on a side. It names those too that wait for a decision of their own: one answer is for all.
func many(steps []Step, r Rules, s Side, linked int) (Question, bool) {
	deletes, asked := gathering{}, gathering{}
	for _, st := range steps {
		switch a := st.Acts[s]; {
		case a != nil && a.Write.Op == record.Delete && !r.decided(st, s):
			deletes.add(st, s)
			asked.add(st, s)
		case st.waits(s):
			asked.add(st, s)
		}
	}
	if n := len(deletes.objects); n <= Few || n*5 <= linked {
		return Question{}, false
	}
	q := Question{Code: CodeMany, Side: s, Number: len(asked.objects), Linked: linked, Items: asked.items, Choices: r.vanished(s.Other())}
	return q.Named(r.Pair), true
}

// all asks about a side on which everything changed at once. What changed once more since somebody wanted it put back is
// not what that answer was about.
func all(steps []Step, r Rules, s Side, linked int) (Question, bool) {
	changed, stale := gathering{}, false
	seen := map[record.ID]string{}
	for _, st := range steps {
		it := st.Triple.Items[s]
		if st.Triple.Link == 0 || !it.Here() || !anew(st, s) || r.putBack(st, s.Other()) {
			continue
		}
		a, decided := r.Answers.about(s, it.ID, CodeAll)
		if decided && a.Choice == ChoiceGoOn {
			continue
		}
		stale = stale || decided
		changed.add(st, s)
		seen[it.ID] = string(record.Revise(it.Record))
	}
	if n := len(changed.objects); !stale && (n <= Few || n < linked) {
		return Question{}, false
	}
	q := Question{Code: CodeAll, Side: s, Number: len(changed.objects), Linked: linked, Seen: seen, Choices: []Choice{ChoiceGoOn, ChoiceLater}}
	q.Items[s] = changed.items[s]
	if r.writes(s) {
		q.Choices = []Choice{ChoicePutBack, ChoiceGoOn, ChoiceLater}
	}
	values := []string{}
	for _, id := range slices.Sorted(slices.Values(q.Items[s])) {
		values = append(values, seen[id])
	}
	return q.Named(r.Pair, values...), true
}

// Emptied is guard R1: a side that lists nothing at all although it had more than a few objects. items are the linked
// items of both sides.
func Emptied(r Rules, s Side, had, has int, items [2][]record.ID) (Question, bool) {
	if has > 0 || had <= Few {
		return Question{}, false
	}
	q := Question{Code: CodeEmptied, Side: s, Number: had, Linked: had, Items: items, Choices: r.vanished(s)}
	return q.Named(r.Pair), true
}

// Failing is guard C-4: creates on a side that failed in a row for the same reason, made from the items of the other side.
func Failing(r Rules, s Side, from []record.ID, code string) Question {
	q := Question{Code: CodeFailing, Side: s, Number: len(from), Choices: []Choice{ChoiceGoOn, ChoiceLater}}
	q.Items[s.Other()] = from
	return q.Named(r.Pair, code)
}

// Accepted says whether a person wants the pair to go on although all these creates on a side failed.
func (r Rules) Accepted(s Side, from []record.ID) bool {
	for _, id := range from {
		if _, decided := r.Answers.about(s.Other(), id, CodeFailing); !decided {
			return false
		}
	}
	return true
}

// Vanished asks what is to become of a pair whose collection on a side is missing (C-3). No item counts as deleted.
func Vanished(pair string, s Side) Question {
	q := Question{Code: CodeGone, Side: s, Choices: []Choice{ChoiceLook, ChoiceRemove, ChoiceLater}}
	return q.Named(pair)
}

// gathering collects items and counts the objects that they live in.
type gathering struct {
	objects map[record.ID]bool
	items   [2][]record.ID
}

func (g *gathering) add(st Step, s Side) {
	if g.objects == nil {
		g.objects = map[record.ID]bool{}
	}
	g.objects[object(st, s)] = true
	for _, side := range Sides {
		if it := st.Triple.Items[side]; it != nil {
			g.items[side] = append(g.items[side], it.ID)
		}
	}
}

// anew: what is to be written to the other side shows that this side changed.
func anew(st Step, s Side) bool {
	a := st.Acts[s.Other()]
	return a != nil && a.Write.Op == record.Update
}

// object is what a person deleted or changed: for a deletion the object that vanished from the other side, so that a series
// is one, however many records its occurrences are in the CRM.
func object(st Step, s Side) record.ID {
	if a := st.Acts[s]; a != nil && a.Write.Op == record.Delete {
		s = s.Other()
	}
	if it := st.Triple.Items[s]; it.Group != "" {
		return it.Group
	}
	return st.Triple.Items[s].ID
}
