package plan

import (
	"errors"

	"zohosync/sync/record"
)

// Why a value that lost cannot be given back.
var (
	ErrEdited  = errors.New("the field was changed since")
	ErrApart   = errors.New("the items are no longer kept in step")
	ErrOneSide = errors.New("this side is not written")
)

// GiveBack returns the step that writes a value that lost to the side that lost it; from there it goes to the other side as
// any edit does. field is the left side's name. ErrEdited when either side no longer holds what won, ErrApart when the items
// are no longer linked, there and in the pair, or the field no longer mapped, ErrOneSide when the rules or the service do
// not let us write there.
func GiveBack(t Triple, r Rules, field record.Field, loser Side, lost, won string) (Step, error) {
	st := Step{Triple: t}
	if t.Link == 0 || !t.Items[Left].Here() || !t.Items[Right].Here() || st.leaves(r) {
		return st, ErrApart
	}
	for _, row := range r.rows() {
		if row.Left != field {
			continue
		}
		f, it := row.field(loser), t.Items[loser]
		now, limit := it.Record[f], r.Limits[loser][f]
		switch {
		case now != won && limit.Held(record.Lookup(r.Kind, f).Type, won) != now,
			!r.same(row, t.Items[Left].Record[row.Left], t.Items[Right].Record[row.Right]):
			return st, ErrEdited
		case !r.writes(loser) || limit.ReadOnly:
			return st, ErrOneSide
		}
		st.Acts[loser] = &Act{
			Write: record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record, Patch: record.Patch{f: lost}},
			Agree: [2]record.Patch{{}, {}},
		}
		st.Problems = nil
		return st, nil
	}
	return st, ErrApart
}
