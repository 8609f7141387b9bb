package plan

import "zohosync/sync/record"

// Guard is a reason to stop a pair before its first write and to ask (R1, R2). Number is what a person confirms.
type Guard struct {
	Code   string `json:"code"`
	Side   Side   `json:"side"`
	Number int    `json:"number"`
}

// Few is how many objects may always be deleted or changed without asking; above it the guards look.
const Few = 5

// Check returns the guards that the steps of one pair trip. linked counts the objects of each side that have living
// links. Objects are counted, not occurrences.
func Check(steps []Step, linked [2]int) []Guard {
	var out []Guard
	for _, s := range Sides {
		deletes, changed := map[record.ID]bool{}, map[record.ID]bool{}
		for _, st := range steps {
			if a := st.Acts[s]; a != nil && a.Write.Op == record.Delete {
				deletes[object(st, s)] = true
			}
			if st.Triple.Link != 0 && st.Triple.Items[s].Here() && anew(st, s) {
				changed[object(st, s)] = true
			}
		}
		if n := len(deletes); n > Few && n*5 > linked[s.Other()] {
			out = append(out, Guard{Code: CodeMany, Side: s, Number: n})
		}
		if n := len(changed); n > Few && n >= linked[s] {
			out = append(out, Guard{Code: CodeAll, Side: s, Number: n})
		}
	}
	return out
}

// Emptied is guard R1: a side that lists nothing at all although it had more than a few.
func Emptied(s Side, had, has int) (Guard, bool) {
	return Guard{Code: CodeEmptied, Side: s, Number: had}, has == 0 && had > Few
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
