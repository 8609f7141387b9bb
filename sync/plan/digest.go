package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"zohosync/sync/record"
)

// Digest names a plan: it stands for exactly its writes, the links that it makes, moves or ends, and the guards that it
// trips. The same plan has the same name on every computer; one write more, less or otherwise has another.
func Digest(steps []Step, guards []Guard) string {
	var lines []string
	for _, st := range steps {
		if line := st.line(); line != "" {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	for _, g := range slices.SortedFunc(slices.Values(guards), func(a, b Guard) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Side, b.Side), cmp.Compare(a.Number, b.Number))
	}) {
		lines = append(lines, asText(g))
	}
	h := sha256.Sum256([]byte(asText(lines)))
	return hex.EncodeToString(h[:8])
}

// line is all that a step does, as text; "" when it does nothing.
func (s Step) line() string {
	type write struct {
		Op       record.Op
		Key      string
		ID       record.ID
		Revision record.Revision
		Patch    record.Patch
		Mark     record.Mark
		Raw      []byte
	}
	var l struct {
		Items  [2]record.ID
		Was    [2]record.ID
		Link   bool // one is made
		Fate   Fate
		Writes [2]*write
		Copy   *write // a version that becomes an item of its own
		Agree  [2]record.Patch
	}
	for _, side := range Sides {
		if it := s.Triple.Items[side]; it != nil {
			l.Items[side] = it.ID
		}
		if a := s.Acts[side]; a != nil {
			w := a.Write
			l.Writes[side] = &write{w.Op, w.Key, w.ID, w.Revision, w.Patch, w.Mark, w.Raw}
		}
		if len(s.Agree[side]) > 0 {
			l.Agree[side] = s.Agree[side]
		}
	}
	if c := s.Copy; c != nil && c.Act != nil {
		l.Copy = &write{Op: c.Act.Write.Op, Key: c.Key, Patch: c.Act.Write.Patch}
	}
	l.Was, l.Fate = s.Triple.Was, s.Fate
	l.Link = s.Triple.Link == 0 && l.Items[Left] != "" && l.Items[Right] != ""
	if s.Idle() && l.Copy == nil && !l.Link && l.Fate == Stay && l.Was == [2]record.ID{} {
		return ""
	}
	return asText(l)
}

// asText writes a value that is known to have a JSON form; maps come in the order of their keys.
func asText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
