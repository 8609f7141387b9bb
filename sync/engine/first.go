package engine

import (
	"context"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// First tells how the items of both sides were recognised in a run that began without a link: the first one of a pair, or
// the first after its state was lost (S2-27).
type First struct {
	Matched   int          `json:"matched"`   // on both sides, and one item from now on
	New       [2]int       `json:"new"`       // on the left only, on the right only: what the other side is given
	Ambiguous int          `json:"ambiguous"` // neither: they wait for a person
	Listed    [2]int       `json:"listed"`    // what each side holds at all, whether or not it belongs to the pair
	Items     []Recognised `json:"items,omitempty"`
}

// Recognised is one item of a First. By says why: by what it was matched, Unmatched, or the code of the problem that keeps it
// from being either.
type Recognised struct {
	Title string      `json:"title"`
	Left  record.ID   `json:"left,omitempty"`
	Right record.ID   `json:"right,omitempty"`
	By    plan.Reason `json:"by"`
}

// Unmatched is the reason of an item that has no partner and gets one.
const Unmatched plan.Reason = "new"

// counts is a First without its items, for the history.
func (f *First) counts() *First {
	if f == nil {
		return nil
	}
	short := *f
	short.Items = nil
	return &short
}

// recognised reports what Match found, and whether another installation was at work.
func (r *run) recognised(ctx context.Context, m plan.Matched) error {
	if r.first && r.report.First == nil {
		r.report.First = r.acquaint(m)
		for _, side := range plan.Sides {
			n, _, err := r.e.state.CountItems(ctx, r.pair.ID, side, 0)
			if err != nil {
				return err
			}
			r.report.First.Listed[side] = n
		}
	}
	for _, t := range m.Triples {
		if r.elsewhere(t) {
			r.report.Others++
		}
	}
	if r.report.Others == 0 || r.opt.DryRun {
		return nil
	}
	return r.e.state.StoreSetting(ctx, othersSetting(r.pair.ID), r.began.UTC().Format(time.RFC3339))
}

// acquaint makes the report of a first run.
func (r *run) acquaint(m plan.Matched) *First {
	f := &First{}
	for _, t := range m.Triples {
		st := plan.Make(r.refuse(t), r.rules)
		switch {
		case t.By != "":
			f.Matched++
			f.add(t, r.pair.Kind, t.By)
		case st.Acts[plan.Right] != nil:
			f.New[plan.Left]++
			f.add(t, r.pair.Kind, Unmatched)
		case st.Acts[plan.Left] != nil:
			f.New[plan.Right]++
			f.add(t, r.pair.Kind, Unmatched)
		}
	}
	for _, st := range m.Asked {
		if len(st.Problems) == 0 {
			continue // A person decided what is to become of it.
		}
		f.Ambiguous++
		f.add(st.Triple, r.pair.Kind, plan.Reason(st.Problems[0].Code))
	}
	return f
}

func (f *First) add(t plan.Triple, k record.Kind, by plan.Reason) {
	row := Recognised{By: by}
	for _, side := range plan.Sides {
		it := t.Items[side]
		if it == nil {
			continue
		}
		if row.Title == "" {
			row.Title = it.Record.Name(k)
		}
		*[2]*record.ID{&row.Left, &row.Right}[side] = it.ID
	}
	f.Items = append(f.Items, row)
}

// elsewhere says whether another installation made one of two items from the other: it names its partner, it came after
// this installation knew both sides, and no intent of ours made it.
func (r *run) elsewhere(t plan.Triple) bool {
	if !t.Adopted || !r.known[plan.Left] || !r.known[plan.Right] {
		return false
	}
	for _, it := range t.Items {
		if it.Mark != "" && !it.FirstSeen.Before(r.began) {
			return true
		}
	}
	return false
}

func othersSetting(pair string) string { return "others:" + pair }

// alarm is how long people are told of another installation after it was last seen at work.
const alarm = 7 * 24 * time.Hour

// otherInstallation returns when another installation was last seen keeping the same pair in step; the zero time when that
// is longer ago than a week, or never was. One after the other they make no duplicates; what they make at the same moment
// is not promised.
func (e *Engine) otherInstallation(ctx context.Context, p state.Pair) (time.Time, error) {
	text, err := e.state.GetSetting(ctx, othersSetting(p.ID))
	if err != nil || text == "" {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || e.opt.Clock().Sub(at) > alarm {
		return time.Time{}, nil
	}
	return at, nil
}
