package plan

import (
	"slices"

	"zohosync/sync/record"
)

// candidates is how many partners a question names at most.
const candidates = 10

// doubts settles a group of items of which it is not clear which belong together, as a person decided, and asks about the
// others. Right items are asked about only when all left ones are decided: what is decided about one side decides most
// about the other.
func (m *matcher) doubts(group [2][]*Seen) {
	asked := [2][]Question{}
	for _, s := range Sides {
		for _, it := range group[s] {
			asked[s] = append(asked[s], m.ambiguous(it, s, group[s.Other()]))
		}
	}
	for _, s := range Sides {
		for i, it := range group[s] {
			if partner := m.partner(it, s, asked[s][i], group[s.Other()]); partner != nil {
				pair := [2]*Seen{}
				pair[s], pair[s.Other()] = it, partner
				m.link(pair[Left], pair[Right], ByHand)
			}
		}
	}
	waits, others := false, len(group[Left]) > 0
	for _, s := range Sides {
		for i, it := range group[s] {
			if m.taken[it] {
				others = others && s == Right
				continue
			}
			if s == Right && others {
				// None of those that it could belong to is it.
				m.taken[it] = true
				m.alone(it, s)
				continue
			}
			if choice := m.rules.Answers.To(asked[s][i].ID); choice != ChoiceNew && choice != ChoiceLeave {
				// A candidate that has its partner by now is none any more.
				asked[s][i] = m.ambiguous(it, s, group[s.Other()])
			}
			if waits && s == Right {
				m.ask(CodeAmbiguous, it, s)
				continue
			}
			choice := m.decide(it, s, asked[s][i])
			waits, others = waits || choice == "" || choice == ChoiceLater, others && choice == ChoiceNew
		}
	}
}

// hides keeps the questions about an item that cannot be seen or read now: it is there, and nobody decided whose partner it is.
func (m *matcher) hides(it *Seen, s Side) bool {
	doubts := m.rules.Answers.doubts[s][it.ID]
	if !frozen(it) || len(doubts) == 0 {
		return false
	}
	for _, q := range doubts {
		m.unseen[q] = it.Presence
	}
	st := Step{Shares: doubts}
	st.Triple.Items[s] = it
	m.out.Asked = append(m.out.Asked, st)
	return true
}

// waits leaves an item alone that may belong to one that cannot be seen or read now: it would be made a second time.
func (m *matcher) waits(it *Seen, s Side) bool {
	for _, q := range m.rules.Answers.doubts[s][it.ID] {
		code := CodeAmbiguous
		switch m.unseen[q] {
		case "":
			continue
		case Missing:
			code = CodeLostAccess
		}
		st := Step{Shares: m.rules.Answers.doubts[s][it.ID]}
		st.Triple.Items[s] = it
		st.problem(code, s, "")
		m.out.Asked = append(m.out.Asked, st)
		return true
	}
	return false
}

// ambiguous asks for the partner of an item.
func (m *matcher) ambiguous(it *Seen, s Side, partners []*Seen) Question {
	q := Question{Code: CodeAmbiguous, Side: s, Number: 1, Seen: map[record.ID]string{it.ID: m.rules.known(it)}}
	q.Items[s] = []record.ID{it.ID}
	var names []string
	for _, p := range partners {
		if m.taken[p] || len(q.Choices) == candidates {
			continue
		}
		q.Choices = append(q.Choices, Linking(p.ID))
		names = append(names, string(p.ID))
	}
	slices.Sort(names)
	if m.rules.writes(s.Other()) {
		q.Choices = append(q.Choices, ChoiceNew)
	}
	q.Choices = append(q.Choices, ChoiceLeave, ChoiceLater)
	return q.Named(m.rules.Pair, names...)
}

// partner returns the item that a person chose as the partner, nil when it has another one or none was chosen.
func (m *matcher) partner(it *Seen, s Side, q Question, partners []*Seen) *Seen {
	id, chosen := m.rules.Answers.To(q.ID).Partner()
	if !chosen || m.taken[it] {
		return nil
	}
	for _, p := range partners {
		if p.ID == id && !m.taken[p] {
			return p
		}
	}
	return nil
}

// decide does with an item what a person answered, or asks. It returns the answer. Who wanted it deleted meant it as it was.
func (m *matcher) decide(it *Seen, s Side, q Question) Choice {
	st := Step{Questions: []Question{q}}
	st.Triple.Items[s] = it
	choice := m.rules.Answers.To(q.ID)
	a, decided := m.rules.Answers.about(s, it.ID, q.Code)
	if edited := a.Choice == ChoiceDelete && a.Seen[it.ID] != q.Seen[it.ID]; decided && !edited && choice == "" && slices.Contains(alike(), q.Code) {
		choice, st.Questions, st.Shares = a.Choice, nil, []string{a.Question}
	}
	switch choice {
	case ChoiceNew:
		m.taken[it] = true
		m.alone(it, s)
		return choice
	case ChoiceDelete:
		st.Questions, st.Shares = nil, nil
		st.Acts[s] = &Act{Write: record.Write{Op: record.Delete, ID: it.ID, Revision: it.Revision, Seen: it.Record}}
	case ChoiceLeave:
		st.problem(CodeLeft, s, "")
	default:
		st.problem(q.Code, s, "")
	}
	m.taken[it] = true
	m.out.Asked = append(m.out.Asked, st)
	return choice
}

// again makes the partners of items whose create a person wants to be sent once more, whatever resembles them.
func (m *matcher) again() {
	for _, s := range Sides {
		for _, it := range m.rest(s) {
			if a, _ := m.rules.Answers.about(s, it.ID, CodeUnsure); a.Choice == ChoiceAgain {
				m.taken[it] = true
				m.alone(it, s)
			}
		}
	}
}

// left leaves an item alone of which a person decided so while it could have been the partner of others.
func (m *matcher) left(it *Seen, s Side) bool {
	a, _ := m.rules.Answers.about(s, it.ID, CodeAmbiguous)
	if a.Choice != ChoiceLeave || a.Seen[it.ID] != m.rules.known(it) {
		return false
	}
	st := Step{Shares: []string{a.Question}}
	st.Triple.Items[s] = it
	st.problem(CodeLeft, s, "")
	m.out.Asked = append(m.out.Asked, st)
	return true
}

// orphan asks about an item whose partner is missing.
func (m *matcher) orphan(it *Seen, s Side) {
	now := string(record.Revise(it.Record))
	q := Question{Code: CodeOrphan, Side: s, Number: 1, Seen: map[record.ID]string{it.ID: now}}
	q.Items[s] = []record.ID{it.ID}
	if m.rules.writes(s.Other()) {
		q.Choices = append(q.Choices, ChoiceNew)
	}
	q.Choices = append(q.Choices, ChoiceLeave)
	if m.rules.writes(s) {
		q.Choices = append(q.Choices, ChoiceDelete)
	}
	q.Choices = append(q.Choices, ChoiceLater)
	m.decide(it, s, q.Named(m.rules.Pair, string(it.Mark), now))
}

// returned asks about items that came back after others were made in their place: linked they cannot be, and taken for
// new ones they would be there twice.
func (m *matcher) returned() {
	for _, s := range Sides {
		for _, it := range m.rest(s) {
			if !it.Replaced {
				continue
			}
			now := string(record.Revise(it.Record))
			q := Question{Code: CodeReturned, Side: s, Number: 1, Seen: map[record.ID]string{it.ID: now}}
			q.Items[s] = []record.ID{it.ID}
			if m.rules.writes(s) {
				q.Choices = append(q.Choices, ChoiceDelete)
			}
			q.Choices = append(q.Choices, ChoiceLeave)
			if m.rules.writes(s.Other()) {
				q.Choices = append(q.Choices, ChoiceNew)
			}
			q.Choices = append(q.Choices, ChoiceLater)
			m.decide(it, s, q.Named(m.rules.Pair, now))
		}
	}
}

// twin asks about an item that was ambiguous, that nobody decided about, and whose partner another item has by now: it
// would be made a second time.
func (m *matcher) twin(it *Seen, s Side) bool {
	if !m.rules.Answers.twin(s, it.ID, m.rules.known(it)) {
		return false
	}
	m.decide(it, s, m.ambiguous(it, s, nil))
	return true
}

// known stands for all by which an item can be recognised.
func (r Rules) known(it *Seen) string {
	return string(record.Revise(nil, append(strongKeys(r, it.Record), weakKeys(r, it.Record)...)...))
}
