package plan

import (
	"maps"
	"slices"

	"zohosync/sync/record"
)

// Untitled stands for the missing name of an event or task in a service that wants one (requirement S4-22). It is never
// written back, since each side has a base of its own.
const Untitled = "Not Provided"

// Make returns the step that settles one triple. It needs nothing but what it is given.
func Make(t Triple, r Rules) Step {
	st := Step{Triple: t}
	left, right := t.Items[Left], t.Items[Right]
	switch {
	case left == nil || right == nil:
		st.single(r)
	case frozen(left) || frozen(right):
		st.freeze()
	case left.Presence == Gone && right.Presence == Gone:
		st.Fate = Drop
	case t.Contested:
		st.contest()
	case left.Presence == Gone:
		st.deleted(r, Left)
	case right.Presence == Gone:
		st.deleted(r, Right)
	case st.leaves(r):
		st.Fate, st.Hold = Keep, CodeOutOfReach
	case t.Held == CodeUndone && !st.changed(r, Left) && !st.changed(r, Right):
		// An undo takes one of them away, and a listing that lags still shows it.
		st.Fate, st.Hold = Keep, CodeUndone
	default:
		st.merge(r)
	}
	st.bar()
	st.note()
	return st
}

// note tells of values that only one side can hold (C-27): they stay there.
func (st *Step) note() {
	for _, s := range Sides {
		it, partner := st.Triple.Items[s], st.Triple.Items[s.Other()]
		if it.Here() && it.Record[record.Extra] != "" && (partner.Here() || st.Acts[s.Other()] != nil) {
			st.problem(CodeExtra, s, "")
		}
	}
}

// bar leaves out writes that were refused a moment ago. What else there is to do for the item is done, and a write that
// became another one since is tried.
func (st *Step) bar() {
	for _, s := range Sides {
		b := st.Triple.Barred[s]
		if b == nil || st.Acts[s] == nil || !maps.Equal(b.Patch, st.Acts[s].Write.Patch) {
			continue
		}
		st.Acts[s] = nil
		st.Problems = append(st.Problems, b.Problem)
		st.Conflicts = slices.DeleteFunc(st.Conflicts, func(c Conflict) bool { return c.Winner != s })
	}
}

// frozen: nothing is known of the item, so nothing is done to its partner.
func frozen(it *Seen) bool { return it.Presence == Missing || it.Presence == Skipped }

func (st *Step) freeze() {
	if st.Triple.Held != "" {
		st.Fate, st.Hold = Keep, st.Triple.Held
	}
	for _, s := range Sides {
		switch partner := st.Triple.Items[s.Other()]; {
		case st.Triple.Items[s].Presence != Missing:
		case partner.Presence == Gone:
			// Deleted here and out of sight there: nobody has anything to do about it.
			st.problem(CodeUnseen, s.Other(), "")
		default:
			st.problem(CodeLostAccess, s.Other(), "")
		}
	}
}

// contest asks about the partner of an item whose place several others claim.
func (st *Step) contest() {
	if st.Triple.Held != "" {
		st.Fate, st.Hold = Keep, st.Triple.Held
	}
	for _, s := range Sides {
		if st.Triple.Items[s].Here() {
			st.problem(CodeAmbiguous, s, "")
		}
	}
}

func (st *Step) problem(code string, s Side, f record.Field) {
	st.Problems = append(st.Problems, Problem{Code: code, Side: s, Field: f})
}

// leaves says whether a linked item no longer belongs to the pair: both copies stay and nothing flows between them until it
// belongs to it again (S1-52, R3).
func (st *Step) leaves(r Rules) bool {
	return st.leavesFrom(r, Left) || st.leavesFrom(r, Right)
}

func (st *Step) leavesFrom(r Rules, s Side) bool {
	why := r.outside(st.Triple.Items[s], s, true)
	if why == "" || why == OutForeign {
		return false
	}
	st.problem(why, s, "")
	return true
}

// single plans for an item that has no partner.
func (st *Step) single(r Rules) {
	from := Left
	if st.Triple.Items[Left] == nil {
		from = Right
	}
	it := st.Triple.Items[from]
	switch {
	case it.Presence == Gone:
		st.Fate = Drop
	case !it.Here():
		// A skipped item carries its own reason; a missing one that has no partner concerns nobody.
	default:
		if why := r.outside(it, from, it.Copy); why != "" {
			st.problem(why, from, "")
		} else if r.writes(from.Other()) {
			st.create(r, from)
		}
	}
}

// create plans the new partner of the item on side from.
func (st *Step) create(r Rules, from Side) {
	to, it := from.Other(), st.Triple.Items[from]
	act := &Act{Write: record.Write{Op: record.Create, Key: Key(r.Scope[from], it.Self), Mark: it.Self, Patch: record.Patch{}}}
	act.Agree = [2]record.Patch{{}, {}}
	for _, row := range r.rows() {
		have, field := it.Record[row.field(from)], row.field(to)
		value := row.translate(have, from)
		if value == "" {
			value = placeholder(r, to, field)
		}
		fits := st.fits(r, to, field, value, from)
		switch {
		case !fits && r.Limits[to][field].Mandatory:
			return
		case value == "":
		case !fits || r.Limits[to][field].ReadOnly:
			act.Agree[from][stays(row.field(from))] = have
		default:
			act.Write.Patch[field] = value
			act.Agree[to][field], act.Agree[from][row.field(from)] = value, have
		}
	}
	if !st.complete(r, to, act.Write.Patch, from) {
		return
	}
	if to == Right && len(r.Categories) > 0 && act.Write.Patch[record.Categories] == "" {
		act.Write.Patch[record.Categories] = record.Join(r.Categories[0])
	}
	st.Acts[to] = act
}

// complete: a service that wants a field gets it or is not asked at all.
func (st *Step) complete(r Rules, to Side, p record.Patch, from Side) bool {
	for _, row := range r.rows() {
		if f := row.field(to); r.Limits[to][f].Mandatory && p[f] == "" {
			st.problem(CodeMandatory, from, row.field(from))
			return false
		}
	}
	return true
}

func placeholder(r Rules, to Side, f record.Field) string {
	name := f == record.Subject || (f == record.Title && r.Kind == record.Event)
	if name && r.Limits[to][f].Mandatory {
		return Untitled
	}
	return ""
}

// fits checks a value against what the target holds. We never cut: what does not fit stays where it is and is listed.
func (st *Step) fits(r Rules, to Side, f record.Field, value string, from Side) bool {
	if code := st.Triple.Refused[to][f]; code != "" {
		st.problem(code, from, f)
		return false
	}
	l, t := r.Limits[to][f], record.Lookup(r.Kind, f).Type
	if l.ReadOnly || l.Fits(t, value) {
		return true
	}
	code := CodeTooLong
	if len(l.Choices) > 0 {
		code = CodeNoChoice
	}
	st.problem(code, from, f)
	return false
}

// deleted plans for a link of which one side is gone.
func (st *Step) deleted(r Rules, gone Side) {
	left := gone.Other()
	changed, held := st.changed(r, left), st.Triple.Held
	if left == Right && st.copied(r) {
		changed = false // The edit is an item of its own already. Brought back here, it would be there twice.
	}
	answer, _ := r.Answers.about(left, st.Triple.Items[left].ID, deletionCodes()...)
	switch {
	case st.leavesFrom(r, left):
		// It left the pair as well: what became of its copy is no longer its business.
		st.Fate, st.Hold = Keep, CodeOutOfReach
	case held == CodeOutOfReach || held != "" && !changed:
		// It was kept, or had left the pair, when its copy was deleted: no later rule makes a deletion of that.
		st.hold(left)
	case answer.Choice == ChoiceBringBack && r.writes(gone):
		st.create(r, left)
	case !r.writes(left) && held != CodeUndone:
		// The target lost what the source still has: somebody deleted it there on purpose (C-60). An undo is no such deletion.
		st.hold(left)
	case changed && r.writes(gone):
		// Deleted here and edited there: the edit wins.
		st.create(r, left)
	case changed || answer.Choice == ChoiceKeep || r.Delete[left] == Never:
		st.hold(left)
	case answer.Choice != ChoiceDelete && st.consent(r, left):
	default:
		it := st.Triple.Items[left]
		st.Acts[left] = &Act{Write: record.Write{Op: record.Delete, ID: it.ID, Revision: it.Revision, Seen: it.Record}}
	}
}

func (st *Step) hold(s Side) {
	code := CodeHeld
	if st.Triple.Held == CodeUndone {
		code = CodeUndone
	}
	st.Fate, st.Hold = Keep, code
	st.problem(code, s, "")
}

// changed says whether a side differs from what both agreed on, apart from what the other side never could hold.
func (st *Step) changed(r Rules, s Side) bool {
	have, base := st.Triple.Items[s].Record, st.Triple.Base[s]
	for _, row := range r.rows() {
		if f := row.field(s); have[f] != base[f] && (have[f] == "" || have[f] != base[stays(f)]) {
			return true
		}
	}
	return false
}
