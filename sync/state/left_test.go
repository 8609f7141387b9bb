package state

import (
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// How an item was left is known from its creation on, and up to the first write that found it edited. C-8
func TestLeftEndsWhereSomebodyEdited(t *testing.T) {
	type step struct {
		op          record.Op
		undo        bool
		found, left record.Revision
	}
	for name, c := range map[string]struct {
		steps []step
		want  plan.Trace
	}{
		"made":                            {[]step{{record.Create, false, "", "1"}}, plan.Trace{Revision: "1"}},
		"made and written":                {[]step{{record.Create, false, "", "1"}, {record.Update, false, "1", "2"}}, plan.Trace{Revision: "2"}},
		"its creation is forgotten":       {[]step{{record.Update, false, "1", "2"}}, plan.Trace{}},
		"nobody knows how it was made":    {[]step{{record.Create, false, "", ""}, {record.Update, false, "1", "2"}}, plan.Trace{}},
		"neither how it was found":        {[]step{{record.Create, false, "", ""}, {record.Update, false, "", "2"}}, plan.Trace{}},
		"edited in between":               {[]step{{record.Create, false, "", "1"}, {record.Update, false, "x", "2"}}, plan.Trace{Revision: "1"}},
		"edited, and written since":       {[]step{{record.Create, false, "", "1"}, {record.Update, false, "x", "2"}, {record.Update, false, "2", "3"}}, plan.Trace{Revision: "1"}},
		"edited, and written as it was":   {[]step{{record.Create, false, "", "1"}, {record.Update, false, "x", "2"}, {record.Update, false, "1", "3"}}, plan.Trace{Revision: "1"}},
		"taken back":                      {[]step{{record.Create, false, "", "1"}, {record.Update, false, "1", "2"}, {record.Update, true, "2", "1"}}, plan.Trace{Revision: "1", Undone: true}},
		"taken back, and written since":   {[]step{{record.Create, false, "", "1"}, {record.Update, true, "1", "2"}, {record.Update, false, "2", "3"}}, plan.Trace{Revision: "3", Undone: true}},
		"removed and restored":            {[]step{{record.Create, false, "", "1"}, {record.Delete, true, "1", ""}, {record.Restore, true, "1", "1"}}, plan.Trace{Revision: "1", Undone: true}},
		"made anew by an undo":            {[]step{{record.Create, true, "", "1"}}, plan.Trace{Undone: true}},
		"edited, removed and made anew":   {[]step{{record.Create, false, "", "1"}, {record.Update, false, "x", "2"}, {record.Delete, false, "2", ""}, {record.Create, false, "", "3"}, {record.Update, false, "3", "4"}}, plan.Trace{Revision: "4"}},
		"edited before it was taken back": {[]step{{record.Create, false, "", "1"}, {record.Update, false, "x", "2"}, {record.Restore, true, "2", "x"}}, plan.Trace{Revision: "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := withPair(t)
			for _, st := range c.steps {
				undoes := int64(0)
				if st.undo {
					undoes = 1
				}
				link, err := s.LinkOf(ctx, "p", plan.Right, "/a")
				must(t, err)
				run, err := s.BeginUndo(ctx, "p", undoes, noon)
				must(t, err)
				in := []Intent{{Pair: "p", Run: run, Side: plan.Right, Op: st.op, Item: "/a", Source: "1", Link: link, Sent: noon}}
				in[0].Was[plan.Right] = record.Item{ID: "/a", Revision: st.found}
				must(t, s.Intend(ctx, in))
				must(t, s.Wrote(ctx, in[0], record.Item{ID: "/a", Revision: st.left}, noon))
			}
			got, err := s.Left(ctx, "p", plan.Right)
			must(t, err)
			if got["/a"] != c.want {
				t.Fatalf("%+v, want %+v", got["/a"], c.want)
			}
			if other, err := s.Left(ctx, "p", plan.Left); err != nil || len(other) != 0 {
				t.Fatalf("on the other side %v, %v", other, err)
			}
		})
	}
}
