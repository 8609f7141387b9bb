package plan

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"zohosync/sync/record"
)

// conflict settles the fields that both sides changed differently, as the policy of the pair says.
func (st *Step) conflict(r Rules, rows []Row) {
	st.Over = len(rows) == 0 && len(st.Triple.Copies) > 0
	if r.oneWay() {
		// An edit on the target is left alone until the source changes that field; then the source counts.
		source := Left
		if r.writes(Left) {
			source = Right
		}
		st.decide(r, rows, source)
		return
	}
	if rows = st.undecided(r, rows); len(rows) == 0 {
		return
	}
	q, values := st.clash(rows)
	if choice := r.Answers.To(q.Named(r.Pair, values...).ID); choice != "" && choice != ChoiceLater {
		// Whoever decided about exactly this is not overruled by a policy that changed since.
		st.askWho(r, rows)
		return
	}
	switch r.Conflict {
	case LeftWins:
		st.decide(r, rows, Left)
	case RightWins:
		st.decide(r, rows, Right)
	case KeepBoth:
		st.keepBoth(r, rows)
	case Newest:
		if winner, known := st.Triple.newer(); known {
			st.decide(r, rows, winner)
			return
		}
		st.askWho(r, rows)
	default:
		st.askWho(r, rows)
	}
}

// askWho leaves the fields in question as they are on both sides until a person decides: all of the item in one question.
// The answer holds for exactly the values that were asked about.
func (st *Step) askWho(r Rules, rows []Row) {
	q, values := st.clash(rows)
	switch st.ask(r, q, values...) {
	case ChoiceLeft:
		st.decide(r, rows, Left)
	case ChoiceRight:
		st.decide(r, rows, Right)
	case ChoiceBoth:
		st.keepBoth(r, rows)
	default:
		for _, row := range rows {
			st.problem(CodeConflict, Left, row.Left)
		}
	}
}

// clash is the question about the fields that both sides changed, and the values that it is about.
func (st *Step) clash(rows []Row) (Question, []string) {
	q := st.about(CodeConflict, Left, ChoiceLeft, ChoiceRight, ChoiceBoth, ChoiceLater)
	var values []string
	for _, row := range rows {
		q.Fields = append(q.Fields, row.Left)
		for _, s := range Sides {
			values = append(values, st.Triple.Items[s].Record[row.field(s)])
		}
	}
	return q, values
}

// undecided settles what no policy is needed for: a field that a side does not let us write goes one way, and so that side
// counts.
func (st *Step) undecided(r Rules, rows []Row) []Row {
	return slices.DeleteFunc(rows, func(row Row) bool {
		for _, s := range Sides {
			if r.Limits[s][row.field(s)].ReadOnly {
				st.decide(r, []Row{row}, s)
				return true
			}
		}
		return st.joins(r, row)
	})
}

// decide lets one side win the fields of the rows. What the other side loses goes into the journal.
func (st *Step) decide(r Rules, rows []Row, winner Side) {
	loser := winner.Other()
	for _, row := range rows {
		if st.send(r, row, winner) {
			f := row.field(loser)
			st.Conflicts = append(st.Conflicts, Conflict{
				Field: row.Left, Winner: winner, Lost: st.Triple.Items[loser].Record[f], Won: st.Acts[loser].Write.Patch[f],
			})
		}
	}
}

// newer returns the side that was edited later: by the times that both services tell, else by when we first saw the edits.
// It is not known when these are the same second, or when both edits were seen in one run.
func (t Triple) newer() (Side, bool) {
	left, right := t.Items[Left].told(), t.Items[Right].told()
	if left.IsZero() || right.IsZero() {
		left, right = t.Items[Left].Noticed, t.Items[Right].Noticed
	}
	left, right = left.Truncate(time.Second), right.Truncate(time.Second)
	switch {
	case left.IsZero() || right.IsZero() || left.Equal(right):
		return Left, false
	case left.After(right):
		return Left, true
	}
	return Right, true
}

// told is when the service says that the item was edited. A clock that is ahead says it of the time after we saw the edit.
func (s *Seen) told() time.Time {
	if s.Edited.After(s.Noticed) {
		return s.Noticed
	}
	return s.Edited
}

// Copy is a version of an item that would lose under KeepBoth: it becomes an item of its own on both sides, made first on
// the right and from there on the left as any new item is, before it gives way in the old one.
type Copy struct {
	Key  string    // names it: a hash of what it is a version of
	Item record.ID // on the right, once it is there
	Both bool      // it has its partner on the left, or a person deleted it since
	Act  *Act      // what makes it on the right; nil once it is there

	Record record.Record // of the item, as it now is; nil when it is not there
}

// copied says whether all that was edited on the right is in a version that became an item of its own.
func (st *Step) copied(r Rules) bool {
	return slices.ContainsFunc(st.Triple.Copies, func(c Copy) bool { return st.keeps(r, c) })
}

// keeps says whether a version that became an item of its own holds all that is edited on the right now. Other fields than
// then may be in question since.
func (st *Step) keeps(r Rules, c Copy) bool {
	held, base := st.Triple.Items[Right].Record, st.Triple.Base[Right]
	return c.Record != nil && !slices.ContainsFunc(r.rows(), func(row Row) bool {
		return held[row.Right] != base[row.Right] && held[row.Right] != c.Record[row.Right]
	})
}

// keepBoth lets the left win once the version of the right is an item of its own. Until then the fields in question stay as
// they are. It is told by its key whether that item was made already, so that a crash anywhere makes no second one.
func (st *Step) keepBoth(r Rules, rows []Row) {
	rows = slices.DeleteFunc(rows, func(row Row) bool {
		if st.takes(r, row, Right) {
			return false
		}
		// The left cannot win this one: both stay where they are, as listed, and no version gives way.
		st.decide(r, []Row{row}, Left)
		return true
	})
	if len(rows) == 0 {
		return
	}
	c := Copy{Key: st.versionKey(r, rows)}
	if i := slices.IndexFunc(st.Triple.Copies, func(o Copy) bool { return o.Key == c.Key || st.keeps(r, o) }); i >= 0 {
		c = st.Triple.Copies[i]
	}
	if c.Both {
		st.decide(r, rows, Left)
		return
	}
	st.problem(CodeKeepBoth, Left, "")
	if c.Item == "" {
		c.Act = st.version(r, c.Key)
		if c.Act == nil {
			return
		}
	}
	st.Copy, st.Wait = &c, true
}

// takes says whether a side can hold the other side's value of a row.
func (st *Step) takes(r Rules, row Row, to Side) bool {
	f := row.field(to)
	value := row.translate(st.Triple.Items[to.Other()].Record[row.field(to.Other())], to.Other())
	if value == "" && r.Limits[to][f].Mandatory {
		return placeholder(r, to, f) != ""
	}
	return st.Triple.Refused[to][f] == "" && r.Limits[to][f].Fits(record.Lookup(r.Kind, f).Type, value)
}

// version is the create of the right's version of an item; nil when it was refused a moment ago. Half a version is none.
func (st *Step) version(r Rules, key string) *Act {
	patch := record.Patch{}
	for f, v := range st.Triple.Items[Right].Record {
		limit, held := r.Limits[Right][f]
		if !held || limit.ReadOnly || v == "" {
			continue
		}
		if code := st.Triple.Refused[Right][f]; code != "" {
			st.problem(code, Left, f)
			return nil
		}
		patch[f] = v
	}
	if b := st.Triple.Barred[Right]; b != nil && maps.Equal(b.Patch, patch) {
		st.Problems = append(st.Problems, b.Problem)
		return nil
	}
	return &Act{Write: record.Write{Op: record.Create, Key: key, Patch: patch}, Agree: [2]record.Patch{{}, {}}}
}

// versionKey names the version of the right: by its item, by what it holds of the fields in question, and by what both
// sides agreed on before, so that another conflict makes another version.
func (st *Step) versionKey(r Rules, rows []Row) string {
	self := ""
	add := func(s string) { self += fmt.Sprintf("%d:%s", len(s), s) }
	for _, row := range rows {
		add(string(row.Right))
		add(st.Triple.Items[Right].Record[row.Right])
		for _, s := range Sides {
			add(st.Triple.Base[s][row.field(s)])
		}
	}
	return Key(r.Scope[Right]+"\x00version\x00"+string(st.Triple.Items[Right].Self), record.Mark(self))
}
