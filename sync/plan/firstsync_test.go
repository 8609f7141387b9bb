package plan

import (
	"fmt"
	"testing"

	"zohosync/sync/record"
)

// C-58: what a side holds is counted as what it would be given is: in objects. A few series of many days are few.
func TestAFirstSyncCountsSeriesAsOne(t *testing.T) {
	for _, c := range []struct {
		what  string
		group func(i int) record.ID
		asks  bool
	}{
		{"three series", func(i int) record.ID { return record.ID(fmt.Sprint("series", i%3)) }, true},
		{"as many singles", func(i int) record.ID { return record.ID(fmt.Sprint("single", i)) }, false},
	} {
		var steps []Step
		for i := range 210 {
			left, right := record.ID(fmt.Sprint("l", i)), record.ID(fmt.Sprint("r", i))
			steps = append(steps, Step{Triple: Triple{Items: [2]*Seen{
				{Item: record.Item{ID: left, Group: left}, Presence: Present},
				{Item: record.Item{ID: right, Group: c.group(i)}, Presence: Present},
			}}})
		}
		for i := range 20 {
			id := record.ID(fmt.Sprint("new", i))
			st := Step{Triple: Triple{Items: [2]*Seen{{Item: record.Item{ID: id, Group: id}, Presence: Present}, nil}}}
			st.Acts[Right] = &Act{Write: record.Write{Op: record.Create}}
			steps = append(steps, st)
		}
		q, asks := FirstSync(steps, Rules{Pair: "p", Kind: record.Event})
		if asks != c.asks || asks && (q.Number != 20 || q.Side != Right) {
			t.Errorf("%s: asks %v, %+v", c.what, asks, q)
		}
	}
}
