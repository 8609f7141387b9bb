package engine

import (
	"context"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// What people do. Every item has a name of its own, its family, that nobody changes; every value that is written holds a
// token of its own, by which it is found again wherever it went.

// nameOf is the field that holds the family of an item.
var nameOf = map[record.Kind]record.Field{record.Contact: record.LastName, record.Task: record.Subject, record.Event: record.Title}

// contentOf lists the fields that people edit.
var contentOf = map[record.Kind][]record.Field{
	record.Contact: {record.Phone, record.Mobile, record.Details},
	record.Task:    {record.Details, record.Due},
	record.Event:   {record.Venue, record.Details, record.When},
}

// token makes a value that nobody wrote before, and the text by which it is found again.
func (h *history) token(f record.Field) (text, found string) {
	h.n++
	switch f {
	case record.When:
		start := time.Date(2026, 1, 6, 8, 0, 0, 0, time.UTC).Add(time.Duration(h.n) * 61 * time.Minute)
		text = record.FormatSpan(start, start.Add(time.Hour))
		return text, text[:16]
	case record.Due:
		text = time.Date(2026, 1, 6, 0, 0, 0, 0, time.UTC).AddDate(0, 0, h.n).Format(record.DateLayout)
		return text, text
	}
	found = fmt.Sprintf("v%04dx", h.n)
	if rapid.IntRange(0, 4).Draw(h.rt, "long") == 0 {
		return found + " that goes on for long", found
	}
	return found, found
}

func familyName(n int) string { return fmt.Sprintf("f%04dx", n) }

// deed is something that a person does to an item.
type deed struct {
	side plan.Side
	s    *memory.Service
	it   record.Item
}

func (d deed) family(k record.Kind) string { return d.it.Record[nameOf[k]] }

// act lets a person do something on a side.
func (h *history) act() {
	side := plan.Side(rapid.IntRange(0, 1).Draw(h.rt, "side"))
	s := h.services()[side]
	items := h.met(side)
	op := rapid.IntRange(0, 11).Draw(h.rt, "op")
	if len(items) == 0 || op <= 2 {
		h.put(side)
		return
	}
	if h.plain && op > 3 && op < 7 || h.keeping && op == 3 {
		op = 8
	}
	d := deed{side, s, items[rapid.IntRange(0, len(items)-1).Draw(h.rt, "item")]}
	h.tell("deed %d on the %s to %s %s", op, side, d.it.ID, d.family(h.pair.Kind))
	switch op {
	case 3:
		h.remove(d)
	case 4:
		s.Spoil(h.ref(), d.it.ID, rapid.SampledFrom([]string{"", "", provider.CodeUnreadable}).Draw(h.rt, "spoil"))
	case 5:
		// Where what is absent counts as deleted, nobody loses access to a single item.
		if h.hidden[d.it.ID] = side == plan.Left && rapid.Bool().Draw(h.rt, "hide"); h.hidden[d.it.ID] {
			s.Hide(h.ref(), d.it.ID)
		} else {
			s.Show(h.ref(), d.it.ID)
		}
	case 6:
		s.Adorn(h.ref(), d.it.ID, fmt.Sprint("extra ", h.n))
	case 7:
		// Two versions of which a person clears what they differ in are the same.
		if h.versions(d.family(h.pair.Kind)); h.keepsBoth {
			h.edit(d)
		} else {
			h.clear(d)
		}
	case 8:
		if h.scoped {
			h.move(d)
		} else {
			h.edit(d)
		}
	default:
		h.edit(d)
	}
}

// met lists the items of a side that people may lay hands on: their own and those that have a partner. What the program made
// without hearing the answer is not among them: where no mark can be kept, it is recognised by what it holds.
func (h *history) met(side plan.Side) (out []record.Item) {
	for _, it := range h.services()[side].Items(h.ref()) {
		link, err := h.state.LinkOf(context.Background(), h.pair.ID, side, it.ID)
		h.must(err)
		seen, err := h.state.GetItem(context.Background(), h.pair.ID, side, it.ID)
		h.must(err)
		if seen != nil && seen.Presence == plan.Gone {
			continue // An undo brought it back, and did not hear the answer yet.
		}
		if link != 0 || h.own[it.ID] || it.Slot != "" {
			out = append(out, it)
		}
	}
	return out
}

// choose lets a person answer what is asked about fields that both sides changed differently.
func (h *history) choose() {
	all, err := h.engine().Questions(context.Background())
	h.must(err)
	for _, q := range all {
		if q.Code != plan.CodeConflict || q.Pair != h.pair.ID {
			continue
		}
		c := rapid.SampledFrom(append(q.Choices, "")).Draw(h.rt, "choice")
		if c == "" {
			continue
		}
		h.keepsBoth = h.keepsBoth || c == plan.ChoiceBoth
		h.tell("answer %s about %v: %s", q.ID, q.Items, c)
		h.must(h.engine().Answer(context.Background(), q.ID, c))
	}
}

// settle lets a person decide everything that is asked about such fields.
func (h *history) settle() {
	all, err := h.engine().Questions(context.Background())
	h.must(err)
	for _, q := range all {
		if q.Code == plan.CodeConflict && q.Pair == h.pair.ID {
			h.tell("answer %s about %v: the left", q.ID, q.Items)
			h.must(h.engine().Answer(context.Background(), q.ID, plan.ChoiceLeft))
		}
	}
}

func (h *history) put(side plan.Side) {
	s := h.services()[side]
	h.n++
	family := familyName(h.n)
	h.fromRight[family] = side == plan.Right
	k := h.pair.Kind
	r := record.Record{nameOf[k]: family}
	if k == record.Contact {
		r[record.EmailMain], r[record.FirstName] = family+"@example.com", "Ada"
	}
	for _, f := range contentOf[k] {
		if f != record.When && rapid.Bool().Draw(h.rt, "empty") {
			continue
		}
		var token string
		r[f], token = h.token(f)
		h.values[token] = &value{family: family}
	}
	id := s.Put(h.ref(), r)
	h.own[id] = true
	h.tell("put %s %v", id, r)
}

// tokens marks what an item held in a field as replaced by a person.
func (h *history) replaced(text string) {
	for token, v := range h.values {
		if contains(text, token) {
			v.replaced = true
		}
	}
}

func (h *history) edit(d deed) {
	f := rapid.SampledFrom(contentOf[h.pair.Kind]).Draw(h.rt, "field")
	text, token := h.token(f)
	h.replaced(d.it.Record[f])
	h.tell("edit %s %s: %s", d.it.ID, f, text)
	d.s.Edit(h.ref(), d.it.ID, record.Patch{f: text})
	h.values[token] = &value{family: d.family(h.pair.Kind)}
	h.another(d)
}

// another counts an edit that may become a version of its own.
func (h *history) another(d deed) {
	if d.side == plan.Right {
		h.versed[d.family(h.pair.Kind)]++
	}
}

func (h *history) clear(d deed) {
	f := contentOf[h.pair.Kind][0]
	h.replaced(d.it.Record[f])
	d.s.Edit(h.ref(), d.it.ID, record.Patch{f: ""})
	h.another(d)
}

func (h *history) remove(d deed) {
	for _, v := range d.it.Record {
		h.replaced(v)
	}
	d.s.Remove(h.ref(), d.it.ID)
	h.removed[d.family(h.pair.Kind)] = true
}
