package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"zohosync/sync/record"
)

// Choice is one answer that a question takes: a stable word. The sentences that people read for it are in package assets.
type Choice string

// The choices. ChoiceLater fits every question: it is the answer of who saw it and waits.
const (
	ChoiceLater     Choice = "later"      // nothing happens, and nothing is asked again until something changes
	ChoiceDelete    Choice = "delete"     // delete exactly these items
	ChoiceBringBack Choice = "bring-back" // make anew what vanished, from the copies that are left
	ChoiceKeep      Choice = "keep"       // keep what is left, on its own
	ChoiceGoOn      Choice = "go-on"      // it is meant
	ChoicePutBack   Choice = "put-back"   // write what the other side holds
	ChoiceLeft      Choice = "left"       // the left side's values count
	ChoiceRight     Choice = "right"      // the right side's values count
	ChoiceBoth      Choice = "both"       // keep both versions
	ChoiceNew       Choice = "new"        // it is an item of its own: make its partner
	ChoiceLeave     Choice = "leave"      // leave it alone
	ChoiceAgain     Choice = "again"      // send it once more
	ChoiceLook      Choice = "look-again" // look whether the folder is back
	ChoiceRemove    Choice = "remove"     // forget the pair; both sides keep their items
)

const linking = "link:"

// Linking is the choice of one item as the partner.
func Linking(id record.ID) Choice { return Choice(linking + string(id)) }

// Partner returns the item that a choice made by Linking names.
func (c Choice) Partner() (record.ID, bool) {
	id, ok := strings.CutPrefix(string(c), linking)
	return record.ID(id), ok
}

// Question is what only a person can decide. It holds ids and counts, nothing that a person wrote.
type Question struct {
	ID      string               `json:"id"`
	Code    string               `json:"code"`
	Side    Side                 `json:"side"`   // where what it is about can be seen, or was seen last
	Number  int                  `json:"number"` // of objects that it concerns
	Linked  int                  `json:"linked,omitempty"`
	Items   [2][]record.ID       `json:"items"`          // by side: what is planned again when it is answered
	Seen    map[record.ID]string `json:"seen,omitempty"` // what they were when it was asked, where the answer holds for that alone
	Fields  []record.Field       `json:"fields,omitempty"`
	Choices []Choice             `json:"choices"`
}

// Named returns the question with its ID: a short hash of the pair, of what is asked about which items, and of the values
// that the answer depends on. So the same question is the same whenever it comes up, and an answer holds for exactly what
// was asked.
func (q Question) Named(pair string, values ...string) Question {
	h := sha256.New()
	write := func(s string) { fmt.Fprintf(h, "%d:%s", len(s), s) }
	write(pair)
	write(q.Code)
	write(q.Side.String())
	for _, s := range Sides {
		for _, id := range slices.Sorted(slices.Values(q.Items[s])) {
			write(string(id))
		}
		h.Write([]byte("/"))
	}
	for _, f := range slices.Sorted(slices.Values(q.Fields)) {
		write(string(f))
	}
	h.Write([]byte("/"))
	for _, v := range values {
		write(v)
	}
	q.ID = hex.EncodeToString(h.Sum(nil)[:5])
	return q
}

// Takes says whether the question can be answered so.
func (q Question) Takes(c Choice) bool { return slices.Contains(q.Choices, c) }

// Answer is what a person decided about a question that is open still; an empty Choice is that nobody did.
type Answer struct {
	Question string
	Code     string
	Choice   Choice
	Twin     bool        // of an ambiguous item: all partners that it could have had are linked to others by now
	Partners []record.ID // of an ambiguous item: those that it may have, unless a person said that it has none
	At       time.Time
	Items    [2][]record.ID // of the question's items those that it still has to be carried out for
	Seen     map[record.ID]string
}

// Answers are all that persons decided and that is not carried out yet. The zero Answers know of none.
type Answers struct {
	byID   map[string]Answer
	items  [2]map[record.ID][]Answer
	doubts [2]map[record.ID][]string // the questions about items that may belong together: a person said so, or nobody decided
}

// NewAnswers makes answers findable.
func NewAnswers(all []Answer) Answers {
	out := Answers{byID: map[string]Answer{}, items: [2]map[record.ID][]Answer{{}, {}}, doubts: [2]map[record.ID][]string{{}, {}}}
	for _, a := range all {
		out.byID[a.Question] = a
		for _, s := range Sides {
			for _, id := range a.Items[s] {
				out.items[s][id] = append(out.items[s][id], a)
				if len(a.Partners) == 0 {
					continue
				}
				out.doubts[s][id] = append(out.doubts[s][id], a.Question)
				for _, p := range a.Partners {
					out.doubts[s.Other()][p] = append(out.doubts[s.Other()][p], a.Question)
				}
			}
		}
	}
	return out
}

// None says whether nobody decided anything.
func (a Answers) None() bool { return len(a.byID) == 0 }

// To returns what was answered to a question, "" when nothing was.
func (a Answers) To(question string) Choice { return a.byID[question].Choice }

// about returns the last decision that concerns an item and comes from a question of one of the codes. Who wants to decide
// later decided nothing.
func (a Answers) about(s Side, id record.ID, codes ...string) (last Answer, decided bool) {
	for _, one := range a.items[s][id] {
		if one.Choice != "" && one.Choice != ChoiceLater && slices.Contains(codes, one.Code) && !(decided && one.At.Before(last.At)) {
			last, decided = one, true
		}
	}
	return last, decided
}

// twin says whether an item waits, known by the same as when it was asked about, although its partners are linked to others.
func (a Answers) twin(s Side, id record.ID, known string) bool {
	return slices.ContainsFunc(a.items[s][id], func(one Answer) bool { return one.Twin && one.Seen[id] == known })
}

// ask puts a question about the items of the step. It returns what a person answered to exactly this; "" and ChoiceLater
// mean that it waits.
func (st *Step) ask(r Rules, q Question, values ...string) Choice {
	q = q.Named(r.Pair, values...)
	st.Questions = append(st.Questions, q)
	return r.Answers.To(q.ID)
}

// about is a question with the items of the step on both sides.
func (st *Step) about(code string, side Side, choices ...Choice) Question {
	q := Question{Code: code, Side: side, Number: 1, Choices: choices}
	for _, s := range Sides {
		if it := st.Triple.Items[s]; it != nil {
			q.Items[s] = []record.ID{it.ID}
		}
	}
	return q
}
