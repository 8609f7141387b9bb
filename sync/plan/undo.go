package plan

import (
	"maps"
	"slices"

	"zohosync/sync/record"
)

// Done is one write of a run as its journal tells it. A Restore brought back what was gone.
type Done struct {
	Side     Side
	Op       record.Op
	Item     record.ID // as it is called since; "" for a create that nobody knows the outcome of
	Before   record.Record
	Patch    record.Patch
	After    record.Record   // what the item held then; nil where it is not known
	Revision record.Revision // of it; "" where it is not known
	Raw      []byte          // the object before the write
	Was      [2]record.Item  // both items before the write, the written one without its record
}

// Place is an item of a side.
type Place struct {
	Side Side
	ID   record.ID
}

// Around tells how an item stands now: the triple of its link, or one without a link. What is not known is nil in it.
type Around func(Place) Triple

// Undoing is what an undo has to know besides the journal.
type Undoing struct {
	Around Around
	Lost   map[Place]bool    // its service can no longer bring it back: it is created anew
	Barred map[Place]Problem // its service refused to take the write back
}

// Undo returns the steps that take a run back. A field goes back only where it still holds what the run wrote, what the run
// created is deleted only if nobody touched it since, and what it deleted is restored. What stays as it is has its reason
// in the step's problems. What is back already needs no step.
func Undo(run []Done, r Rules, u Undoing) []Step {
	var out []Step
	for _, n := range sum(run) {
		st := n.back(r, u)
		if b, barred := u.Barred[n.place]; barred && !st.Idle() {
			st.Acts, st.Problems = [2]*Act{}, []Problem{b}
		}
		if !st.Idle() && !r.writes(n.place.Side) {
			st.Acts, st.Problems = [2]*Act{}, []Problem{{Code: CodeReadOnly, Side: n.place.Side}}
		}
		if !st.Idle() || len(st.Problems) > 0 {
			out = append(out, st)
		}
	}
	return out
}

// CheckUndo returns what the steps of an undo have to be confirmed for: it deletes what the run created.
func CheckUndo(steps []Step, r Rules, linked [2]int) []Question {
	return slices.DeleteFunc(Check(steps, r, linked), func(q Question) bool { return q.Code != CodeMany })
}

// net is what a run did to one item, all its writes together.
type net struct {
	place      Place
	made, gone bool          // it began with this run; it ended with it
	before     record.Record // the whole item before the run
	fields     record.Patch  // what the run changed: as it was before
	wrote      record.Record // and as it left it
	revision   record.Revision
	raw        []byte
	was        [2]record.Item
}

// sum adds up the writes of a run by item, in the order in which they began.
func sum(run []Done) []*net {
	var out []*net
	known := map[Place]*net{}
	for _, d := range run {
		p := Place{d.Side, d.Item}
		n := known[p]
		if n == nil || d.Item == "" {
			n = &net{place: p, made: d.Op == record.Create || d.Op == record.Restore, before: d.Before, raw: d.Raw, was: d.Was,
				fields: record.Patch{}, wrote: record.Record{}}
			known[p] = n
			out = append(out, n)
		}
		n.add(d)
	}
	return out
}

func (n *net) add(d Done) {
	n.gone, n.revision = d.Op == record.Delete, d.Revision
	if d.Op != record.Update {
		return
	}
	for f, sent := range d.Patch {
		if _, changed := n.fields[f]; !changed {
			n.fields[f] = d.Before[f]
		}
		if n.wrote[f] = sent; d.After != nil {
			n.wrote[f] = d.After[f]
		}
	}
}

// back returns the step that takes back what was done to one item.
func (n *net) back(r Rules, u Undoing) Step {
	st := Step{Triple: u.Around(n.place)}
	s, now := n.place.Side, st.Triple.Items[n.place.Side]
	switch {
	case n.place.ID == "":
		st.Triple.Items[s.Other()] = &Seen{Item: n.was[s.Other()]}
		st.problem(CodeUnsure, s.Other(), "")
	case now != nil && frozen(now):
		st.problem(CodeLostAccess, s, "")
	case n.made && n.gone:
	case n.made && now.Here():
		n.unmake(r, &st)
	case n.made:
	case n.gone && !now.Here():
		n.restore(r, u, &st)
	case n.gone:
	case now.Here():
		n.putBack(r, &st)
	default:
		st.Triple.Items[s] = &Seen{Item: n.item(), Presence: Gone}
		st.problem(CodeGoneSince, s, "")
	}
	return st
}

// item is the item as it was before the run.
func (n *net) item() record.Item {
	it := n.was[n.place.Side]
	it.Record = n.before
	if it.ID == "" {
		it.ID = n.place.ID
	}
	return it
}

// unmake deletes what the run created, if nobody touched it since.
func (n *net) unmake(r Rules, st *Step) {
	s := n.place.Side
	now, other := st.Triple.Items[s], st.Triple.Items[s.Other()]
	if n.revision == "" || now.Revision != n.revision {
		st.problem(CodeEdited, s, "")
		return
	}
	act := &Act{Write: record.Write{Op: record.Delete, ID: now.ID, Revision: now.Revision, Seen: now.Record}}
	if other.Here() {
		// What is left is taken for agreed on as it is now, so that only a later edit brings the other one back.
		act.Agree[s.Other()] = r.mapped(other.Record, s.Other())
	}
	st.Acts[s] = act
}

// restore brings back what the run deleted.
func (n *net) restore(r Rules, u Undoing, st *Step) {
	s, o := n.place.Side, n.place.Side.Other()
	it := n.item()
	if st.Triple.Link == 0 && n.was[o].ID != "" {
		partner := u.Around(Place{o, n.was[o].ID})
		if now := partner.Items[s]; partner.Link != 0 && now != nil && now.Presence != Gone {
			// Its partner has another one by now, seen or out of sight, so that this one would be there twice.
			st.Triple.Items[s] = &Seen{Item: it, Presence: Gone}
			st.problem(CodeReplaced, s, "")
			return
		}
		// Where the one that took its place is gone too, it takes its place again.
		st.Triple = partner
		if partner.Items[o] == nil {
			st.Triple.Items[o] = &Seen{Item: n.was[o], Presence: Gone}
		}
	}
	st.Triple.Items[s] = &Seen{Item: it, Presence: Gone}
	w := record.Write{Op: record.Restore, ID: n.place.ID, Patch: record.Patch(n.before), Mark: it.Mark, Raw: n.raw}
	if u.Lost[n.place] {
		w = record.Write{Op: record.Create, Key: Key(r.Scope[o], n.was[o].Self), Mark: n.was[o].Self, Patch: record.Patch{}}
		for f, v := range n.before {
			if l, held := r.Limits[s][f]; held && !l.ReadOnly && v != "" {
				w.Patch[f] = v
			}
		}
	}
	act := &Act{Write: w}
	act.Agree[s] = r.mapped(n.before, s)
	st.Acts[s] = act
}

// putBack sets fields back to what they were, where they still hold what the run wrote. Where nobody touched the item since,
// the object comes back with every line that it had.
func (n *net) putBack(r Rules, st *Step) {
	s := n.place.Side
	now := st.Triple.Items[s]
	patch := record.Patch{}
	for _, f := range slices.Sorted(maps.Keys(n.fields)) {
		has, l := now.Record[f], r.Limits[s][f]
		switch {
		case has == n.fields[f] || l.ReadOnly:
		case has == n.wrote[f], has == l.Held(record.Lookup(r.Kind, f).Type, n.wrote[f]):
			patch[f] = n.fields[f]
		default:
			st.problem(CodeEdited, s, f)
		}
	}
	if len(patch) == 0 {
		return
	}
	w := record.Write{Op: record.Update, ID: now.ID, Revision: now.Revision, Seen: now.Record, Patch: patch}
	if len(n.raw) > 0 && n.revision != "" && now.Revision == n.revision {
		w.Op, w.Raw = record.Restore, n.raw
	}
	st.Acts[s] = &Act{Write: w}
	st.Acts[s].Agree[s] = maps.Clone(patch)
}

// mapped returns the mapped fields of a side's record, the empty ones too.
func (r Rules) mapped(rec record.Record, s Side) record.Patch {
	out := record.Patch{}
	for _, row := range r.rows() {
		out[row.field(s)] = rec[row.field(s)]
	}
	return out
}
