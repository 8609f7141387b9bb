package plan

import (
	"maps"
	"slices"
	"strings"
	"time"

	"zohosync/sync/record"
)

// Intent is a create that was sent and never answered.
type Intent struct {
	ID     int64
	Side   Side      // where it was sent
	Source record.ID // the item of the other side that it was made from
	Mark   record.Mark
	Patch  record.Patch
	Sent   time.Time
}

// Outcome is what became of an unanswered create.
type Outcome struct {
	Intent Intent
	Found  *Seen // it was carried out, and made this item
	Again  bool  // it was not; it may be sent again
}

// Recover tells what became of creates whose answer was lost, given the items without a partner that a complete
// discovery later than the sending brought. A mark decides; without one, an item first seen after the sending that
// differs in one field at most and in that not by its name, if that holds one to one over all intents at once, or if
// those that it does not hold for are all alike. What is equal in every field goes before what is not: occurrences of one
// series differ in their time alone. Anything else stays open: an outcome with neither Found nor Again is for
// a person to decide.
func Recover(r Rules, intents []Intent, items [2][]*Seen) []Outcome {
	fits := make([][]*Seen, len(intents))
	claims := map[*Seen]int{}
	for i, in := range intents {
		fits[i] = Candidates(r, in, items[in.Side])
	}
	r.sharpen(intents, fits)
	for _, list := range fits {
		for _, it := range list {
			claims[it]++
		}
	}
	out := make([]Outcome, len(intents))
	for i, in := range intents {
		out[i] = Outcome{Intent: in, Again: len(fits[i]) == 0}
		if len(fits[i]) != 1 || claims[fits[i][0]] != 1 {
			continue
		}
		if it := fits[i][0]; it.Mark != "" || r.sure(in, it.Record) {
			out[i].Found = it
		}
	}
	for i := range out {
		if out[i].Found == nil && !out[i].Again {
			r.twins(out, i, fits, claims)
		}
	}
	return out
}

// Settle takes what a person said about an outcome that is open: which item it made, or that it is to be sent again. What
// nobody decided is asked.
func (o *Outcome) Settle(r Rules, items [2][]*Seen) (q Question, asks bool) {
	if o.Found != nil || o.Again {
		return Question{}, false
	}
	from := o.Intent.Side.Other()
	q = Question{Code: CodeUnsure, Side: from, Number: 1}
	q.Items[from] = []record.ID{o.Intent.Source}
	values := []string{o.Intent.Sent.UTC().Format(time.RFC3339Nano)}
	made := Candidates(r, o.Intent, items[o.Intent.Side])
	for _, it := range made[:min(len(made), candidates)] {
		q.Choices = append(q.Choices, Linking(it.ID))
		values = append(values, string(it.ID))
	}
	q.Choices = append(q.Choices, ChoiceAgain, ChoiceLater)
	q = q.Named(r.Pair, values...)
	choice := r.Answers.To(q.ID)
	o.Again = choice == ChoiceAgain
	if id, chosen := choice.Partner(); chosen {
		o.Found = made[slices.IndexFunc(made, func(it *Seen) bool { return it.ID == id })]
	}
	return q, o.Found == nil && !o.Again
}

// sharpen leaves to a create the items that are just like it, and takes these from the others.
func (r Rules) sharpen(intents []Intent, fits [][]*Seen) {
	claimed := map[*Seen]bool{}
	exact := make([][]*Seen, len(intents))
	for i, in := range intents {
		for _, it := range fits[i] {
			if _, different := r.compare(in.Side, in.Patch, it.Record); different == 0 || in.Mark != "" && it.Mark.Short() == in.Mark.Short() {
				exact[i], claimed[it] = append(exact[i], it), true
			}
		}
	}
	for i := range fits {
		if len(exact[i]) > 0 {
			fits[i] = exact[i]
		} else {
			fits[i] = slices.DeleteFunc(fits[i], func(it *Seen) bool { return claimed[it] })
		}
	}
}

// twins settles creates that were alike in everything and the items that are just like them: each may have made any of
// these, so that whichever is taken is the right one.
func (r Rules) twins(out []Outcome, first int, fits [][]*Seen, claims map[*Seen]int) {
	var alike []int
	in := out[first].Intent
	for i, o := range out {
		if o.Intent.Side == in.Side && maps.Equal(o.Intent.Patch, in.Patch) && slices.Equal(fits[i], fits[first]) {
			alike = append(alike, i)
		}
	}
	for _, it := range fits[first] {
		if _, different := r.compare(in.Side, in.Patch, it.Record); different > 0 || claims[it] != len(alike) {
			return
		}
	}
	for n, i := range alike {
		if out[i].Again = n >= len(fits[first]); !out[i].Again {
			out[i].Found = fits[first][n]
		}
	}
}

// Candidates lists the items without a partner that an unanswered create may have made. What another pair brought in is
// none of them, even where it bears the same name: one meeting may be in two calendars.
func Candidates(r Rules, in Intent, items []*Seen) []*Seen {
	var near []*Seen
	for _, it := range items {
		switch {
		case !it.Here() || it.Copy || it.Foreign:
		case in.Mark != "" && it.Mark.Short() == in.Mark.Short():
			return []*Seen{it}
		case it.Mark == "" && !it.FirstSeen.Before(in.Sent) && r.resembles(in, it.Record):
			near = append(near, it)
		}
	}
	return near
}

// resembles: all fields are equal, or all but one. Then what names the item has to be equal, or enough of the others: a
// task that is nothing but a subject is not every other task.
func (r Rules) resembles(in Intent, rec record.Record) bool {
	equal, different := r.compare(in.Side, in.Patch, rec)
	return different == 0 || different == 1 && (equal >= enough || r.namesakes(in, rec) || r.akin(record.Record(in.Patch), rec))
}

// sure: an item that resembles what was sent is it. With nothing but its name in common it may be another one of that
// name, and a person decides.
func (r Rules) sure(in Intent, rec record.Record) bool {
	equal, different := r.compare(in.Side, in.Patch, rec)
	return different == 0 || equal > 1 || r.akin(record.Record(in.Patch), rec)
}

// namesakes: both have one name. Meetings of one name at two times are two, and so are the occurrences of a series, whose
// marks name their slot.
func (r Rules) namesakes(in Intent, rec record.Record) bool {
	name := record.Record(in.Patch).Name(r.Kind)
	return r.Kind != record.Event && !strings.Contains(string(in.Mark), "#") && name != "" && name == rec.Name(r.Kind)
}

// compare counts the fields of a patch that a record holds as they were sent, or as its service holds them, and the others.
func (r Rules) compare(s Side, p record.Patch, rec record.Record) (equal, different int) {
	for f, v := range p {
		if rec[f] == v || rec[f] != "" && rec[f] == r.Limits[s][f].Held(record.Lookup(r.Kind, f).Type, v) {
			equal++
		} else {
			different++
		}
	}
	return equal, different
}

// enough is how many equal fields outweigh another name.
const enough = 3

// akin: both share a key.
func (r Rules) akin(a, b record.Record) bool {
	for _, keys := range []keyFunc{strongKeys, weakKeys} {
		theirs := keys(r, b)
		if slices.ContainsFunc(keys(r, a), func(k string) bool { return slices.Contains(theirs, k) }) {
			return true
		}
	}
	return false
}
