package plan

import (
	"slices"

	"zohosync/sync/record"
)

// Making is what is known of how the items of a side came to be there, besides what the items say themselves.
type Making struct {
	Origins map[int64]string                      // by link: the side that its item came from, "left" or "right"; anything else: not known
	Wrote   map[record.ID]Trace                   // how this program left an item; none: not known
	Made    func(it record.Item, key string) bool // whether an item shows that a create with this key made it; nil: items do not tell
	Open    map[int64]bool                        // links with a write of which no answer came
	Barred  map[Place]Problem                     // a service refused to delete it, or somebody edited it a moment ago
	Edited  bool                                  // a person wants to remove what was edited since, too
}

// Trace is how the writes of this program left an item, up to the first one that found it edited by somebody else.
type Trace struct {
	Revision record.Revision // "": not known
	Undone   bool            // a run was taken back on it: what both sides rest on since is not what both hold
}

// Created returns the steps that remove from a side what this program made there (C-8): items that came from the other side
// as the state knows, or that show it themselves where the state does not. Only an item whose partner is there is removed, so
// that nothing is lost, and the partner stays. What was made and stays, and what bears a mark without being certainly ours,
// has its reason in the step's problems; with CodeUntold it is removed although nobody knows whether it was edited since.
// unknown counts the linked items of which nothing tells who made them.
func Created(links []Triple, unlinked [2][]*Seen, r Rules, s Side, m Making) (steps []Step, unknown int) {
	c := creation{Making: m, rules: r, side: s, bearers: map[record.Mark]int{}, named: map[record.Mark][]Triple{}}
	for _, t := range links {
		c.meet(t)
	}
	for _, side := range Sides {
		for _, it := range unlinked[side] {
			t := Triple{}
			t.Items[side] = it
			c.meet(t)
		}
	}
	for _, t := range links {
		st, known := c.linked(t)
		if !known {
			unknown++
		}
		steps = append(steps, st)
	}
	for _, it := range unlinked[s] {
		steps = append(steps, c.single(it))
	}
	return slices.DeleteFunc(steps, func(st Step) bool { return st.Idle() && len(st.Problems) == 0 }), unknown
}

// creation finds out about the items of a side.
type creation struct {
	Making
	rules   Rules
	side    Side
	bearers map[record.Mark]int      // how many items of the side bear a mark
	named   map[record.Mark][]Triple // what items of the other side have a name
}

func (c *creation) meet(t Triple) {
	if it := t.Items[c.side]; it != nil && it.Presence != Gone && it.Mark != "" {
		c.bearers[it.Mark.Short()]++
	}
	if it := t.Items[c.side.Other()]; it != nil && it.Presence != Gone && it.Self != "" {
		c.named[it.Self.Short()] = append(c.named[it.Self.Short()], t)
	}
}

// linked looks at an item that has a link. It is unknown when nothing tells who made it.
func (c *creation) linked(t Triple) (st Step, known bool) {
	st = Step{Triple: t}
	it, partner := t.Items[c.side], t.Items[c.side.Other()]
	switch origin := c.Origins[t.Link]; {
	case it == nil || it.Presence == Gone || origin == c.side.String():
	case c.Open[t.Link]:
		st.problem(CodeUnsure, c.side, "")
	case origin == c.side.Other().String() && (c.Made == nil || it.Mark == "" || c.made(it, partner)):
		c.remove(&st)
	case origin == c.side.Other().String():
		// A copy took the place of the one that was made, see Reattach.
		st.problem(CodeCopied, c.side, "")
	case it.Mark == "":
		return st, c.Made != nil || !it.Here()
	case c.proven(it, partner):
		c.remove(&st)
	default:
		st.problem(CodeCopied, c.side, "")
	}
	return st, true
}

// single looks at an item that has no link: only its mark tells. What another pair made is that one's business.
func (c *creation) single(it *Seen) Step {
	st := Step{}
	st.Triple.Items[c.side] = it
	if !it.Here() || it.Mark == "" || it.Foreign {
		return st
	}
	named := c.named[it.Mark.Short()]
	switch {
	case len(named) == 0:
		st.problem(CodeLastCopy, c.side, "")
	case len(named) > 1 || named[0].Link != 0 || !c.proven(it, named[0].Items[c.side.Other()]):
		st.problem(CodeCopied, c.side, "")
	default:
		st.Triple.Items[c.side.Other()] = named[0].Items[c.side.Other()]
		c.remove(&st)
	}
	return st
}

// proven says whether an item shows that it was made because of this partner, and is no copy of the one that was.
func (c *creation) proven(it, partner *Seen) bool {
	return c.Made != nil && partner != nil && it.Mark.Short() == partner.Self.Short() && c.bearers[it.Mark.Short()] == 1 && c.made(it, partner)
}

func (c *creation) made(it, partner *Seen) bool {
	return partner != nil && c.Made(it.Item, Key(c.rules.Scope[c.side.Other()], partner.Self))
}

// remove deletes an item that this program made, or says why it stays.
func (c *creation) remove(st *Step) {
	s, o := c.side, c.side.Other()
	it, partner := st.Triple.Items[s], st.Triple.Items[o]
	barred, refused := c.Barred[Place{s, it.ID}]
	switch {
	case frozen(it):
		st.problem(CodeLostAccess, s, "")
	case refused:
		st.Problems = append(st.Problems, barred)
	case !partner.Here():
		st.problem(CodeLastCopy, s, "")
	case len(st.Triple.Copies) > 0:
		st.problem(CodeKeepBoth, s, "")
	case !c.rules.writes(s):
		st.problem(CodeReadOnly, s, "")
	case c.touched(st):
	default:
		st.Acts[s] = &Act{Write: record.Write{Op: record.Delete, ID: it.ID, Revision: it.Revision, Seen: it.Record}}
		st.Acts[s].Agree[o] = c.rules.mapped(partner.Record, o)
	}
}

// touched says whether an item stays because somebody edited it, or because something may be lost that only it holds.
func (c *creation) touched(st *Step) bool {
	it := st.Triple.Items[c.side]
	wrote := c.Wrote[it.ID]
	left := wrote.Revision
	switch {
	case it.Slot != "":
		// A person made a series of it.
		st.problem(CodeEdited, c.side, "")
	case left != "" && left == it.Revision:
		if c.rules.covers(*st, c.side.Other(), !wrote.Undone) {
			return false
		}
		st.problem(CodeHoldsMore, c.side, "")
	case left != "" && !c.Edited:
		st.problem(CodeEdited, c.side, "")
	case it.Record[record.Extra] != "" || !c.rules.covers(*st, c.side.Other(), false):
		st.problem(CodeHoldsMore, c.side, "")
	default:
		if left == "" {
			st.problem(CodeUntold, c.side, "")
		}
		return false
	}
	return true
}

// covers says whether the item of a side holds every value that its partner holds. With agreed it is enough that both sides
// hold what they agreed on: a service may have added to what it was sent.
func (r Rules) covers(st Step, s Side, agreed bool) bool {
	for _, row := range r.rows() {
		left, right := st.Triple.Items[Left].Record[row.Left], st.Triple.Items[Right].Record[row.Right]
		own := [2]string{left, right}[s.Other()]
		rests := agreed && st.Triple.Base[Left][row.Left] == left && st.Triple.Base[Right][row.Right] == right
		if own != "" && !rests && !r.same(row, left, right) && !r.untitled(row, left, right) {
			return false
		}
	}
	return true
}

// CheckCreated returns what removing has to be confirmed for: more than a few deletions, and every one of an item that may
// have been edited.
func CheckCreated(steps []Step, r Rules, s Side) []Question {
	all, untold := gathering{}, gathering{}
	for _, st := range steps {
		if st.Acts[s] == nil {
			continue
		}
		all.add(st, s)
		if slices.ContainsFunc(st.Problems, func(p Problem) bool { return p.Code == CodeUntold }) {
			untold.add(st, s)
		}
	}
	var out []Question
	if n := len(all.objects); n > Few {
		out = append(out, Question{Code: CodeMany, Side: s, Number: n, Items: all.items}.Named(r.Pair))
	}
	if n := len(untold.objects); n > 0 {
		out = append(out, Question{Code: CodeUntoldMany, Side: s, Number: n, Items: untold.items}.Named(r.Pair))
	}
	return out
}
