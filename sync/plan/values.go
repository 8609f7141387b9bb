package plan

import "zohosync/sync/record"

// translate turns a value of one side into the other side's words; of categories each word by itself.
func (r Row) translate(v string, from Side) string {
	if len(r.Values) == 0 || v == "" {
		return v
	}
	if r.Left != record.Categories {
		return r.word(v, from)
	}
	words := record.Split(v)
	for i, w := range words {
		words[i] = r.word(w, from)
	}
	return record.Canonical(record.List, record.Join(words...))
}

// word translates one word; one that stands in no row is taken as it is. Of several words with one translation the first
// by the alphabet is the way back, or a sync would choose another one each time (C-28).
func (r Row) word(w string, from Side) string {
	if from == Left {
		if to, ok := r.Values[w]; ok {
			return to
		}
		return w
	}
	found := ""
	for left, right := range r.Values {
		if right == w && (found == "" || left < found) {
			found = left
		}
	}
	if found == "" {
		return w
	}
	return found
}
