package plan

import "zohosync/sync/record"

// FirstSync is guard C-58: a first sync of two sides that hold items already is expected to recognise most of them. When
// more than a few are on one side only, and the other would grow by more than a tenth, it asks before it makes any: the
// folder may be the wrong one, or hold the same people under other names. The steps are all there are. What a person
// decided already is not counted again.
func FirstSync(steps []Step, r Rules) (Question, bool) {
	held, recognised, made := [2]gathering{}, 0, [2]gathering{}
	for _, st := range steps {
		items := st.Triple.Items
		for _, s := range Sides {
			if items[s].Here() {
				held[s].add(st, s)
			}
			if st.creates(s) && !r.expected(st, s) {
				made[s].add(st, s.Other())
			}
		}
		if items[Left].Here() && items[Right].Here() {
			recognised++
		}
	}
	left, right := len(made[Left].objects), len(made[Right].objects)
	heldLeft, heldRight := len(held[Left].objects), len(held[Right].objects)
	grows := left*10 > heldLeft || right*10 > heldRight
	if heldLeft == 0 || heldRight == 0 || left+right <= Few || !grows {
		return Question{}, false
	}
	q := Question{Code: CodeFirst, Side: Right, Number: left + right, Linked: recognised, Choices: []Choice{ChoiceGoOn, ChoiceLater}}
	if left > right {
		q.Side = Left
	}
	for _, s := range Sides {
		q.Items[s.Other()] = made[s].items[s.Other()]
	}
	return q.Named(r.Pair), true
}

// creates says whether the step makes an item on a side.
func (st *Step) creates(s Side) bool {
	return st.Acts[s] != nil && st.Acts[s].Write.Op == record.Create
}

// expected says whether a person wants this item to be made on the side.
func (r Rules) expected(st Step, s Side) bool {
	_, decided := r.Answers.about(s.Other(), st.Triple.Items[s.Other()].ID, CodeFirst)
	return decided
}
