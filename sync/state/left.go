package state

import (
	"context"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// Left returns how the writes that the journal holds left each item of a side, as long as each of them found the item as the
// one before it had left it: what stands after an edit by somebody else is not ours, although we wrote to the item since. What
// is not known from its creation on has no revision.
func (s *State) Left(ctx context.Context, pair string, side plan.Side) (map[record.ID]plan.Trace, error) {
	out := map[record.ID]plan.Trace{}
	edited := map[record.ID]bool{}
	err := s.each(ctx, "list-left", []any{pair, side}, func(scan func(...any) error) error {
		var id record.ID
		var op record.Op
		var left, found record.Revision
		var undo bool
		if err := scan(&id, &op, &left, &found, &undo); err != nil {
			return err
		}
		last, known := out[id]
		switch {
		case op == record.Create:
			edited[id] = false
			out[id] = plan.Trace{Revision: left}
			if undo {
				// It holds what was there before, whoever had written that.
				out[id] = plan.Trace{Undone: true}
			}
		case !known || last.Revision == "":
			out[id] = plan.Trace{Undone: last.Undone || undo}
		case edited[id]:
		case found != last.Revision:
			edited[id] = true
		case op == record.Delete:
		default:
			out[id] = plan.Trace{Revision: left, Undone: last.Undone || undo}
		}
		return nil
	})
	return out, err
}
