package plan

import (
	"time"

	"zohosync/sync/record"
)

// Unrestored asks what became of an item that was to be brought back at a moment: no answer came, and it cannot be seen.
// partner is the item of the other side, "" where there is none. ChoiceAgain says that it is not there.
func Unrestored(r Rules, s Side, item, partner record.ID, sent time.Time) Question {
	q := Question{Code: CodeUnsure, Side: s.Other(), Number: 1, Choices: []Choice{ChoiceAgain, ChoiceLater}}
	q.Items[s] = []record.ID{item}
	if partner != "" {
		q.Items[s.Other()] = []record.ID{partner}
	}
	return q.Named(r.Pair, sent.UTC().Format(time.RFC3339Nano))
}
