package engine

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// TestHostileHistories plays random histories between two services that lose answers, break off listings and expire
// cursors. Afterwards, once they are calm: nothing that a person wrote and nobody overwrote is lost, nothing is doubled,
// both sides are alike, and a further run writes nothing.
//
// With -rapid.checks=N it plays N of them.
func TestHostileHistories(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		n := histories
		if os.Getenv("ZOHOSYNC_SOAK") != "" {
			n = "20000"
		}
		if err := f.Value.Set(n); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		h := &history{world: newWorld(t, record.Contact, nil), rt: rt, alive: map[string]bool{}}
		defer h.state.Close()
		for range rapid.IntRange(3, 12).Draw(rt, "rounds") {
			for range rapid.IntRange(0, 4).Draw(rt, "edits") {
				h.act()
			}
			h.spoil()
			_, _ = h.try(RunOptions{Confirm: confirmAll})
			h.now = h.now.Add(time.Hour)
		}
		h.left.Calm()
		h.right.Calm()
		for range 3 {
			h.now = h.now.Add(time.Hour)
			_, _ = h.try(RunOptions{Confirm: confirmAll, Retry: true})
		}
		h.check()
	})
}

var confirmAll = func() (all []int) {
	for n := range 200 {
		all = append(all, n)
	}
	return all
}()

// history is one random history. Everything a person adds has a last name of its own, by which it is found again.
type history struct {
	*world
	rt    *rapid.T
	names int
	alive map[string]bool // by last name: must still be there in the end
}

func (h *history) services() [2]*memory.Service { return [2]*memory.Service{h.left, h.right} }

func (h *history) act() {
	s := h.services()[rapid.IntRange(0, 1).Draw(h.rt, "side")]
	items := s.Items(h.ref())
	switch op := rapid.IntRange(0, 5).Draw(h.rt, "op"); {
	case op <= 1 || len(items) == 0:
		h.names++
		name := strconv.Itoa(h.names)
		s.Put(h.ref(), person(name))
		h.alive["L"+name] = true
	case op == 2:
		it := items[rapid.IntRange(0, len(items)-1).Draw(h.rt, "item")]
		s.Remove(h.ref(), it.ID)
		// Whether it stays away depends on edits of its partner; so nothing is expected of it.
		delete(h.alive, it.Record[record.LastName])
	default:
		it := items[rapid.IntRange(0, len(items)-1).Draw(h.rt, "item")]
		f := rapid.SampledFrom([]record.Field{record.Phone, record.Mobile, record.Title}).Draw(h.rt, "field")
		s.Edit(h.ref(), it.ID, record.Patch{f: fmt.Sprint("v", rapid.IntRange(0, 999).Draw(h.rt, "value"))})
	}
}

// spoil lets up to two faults happen during the next run.
func (h *history) spoil() {
	faults := []memory.Fault{memory.LostAnswer, memory.LostConnection, memory.LostRequest, memory.Unsent, memory.FalseConflict,
		memory.NoResult, memory.RateLimited, memory.BrokenListing, memory.OtherOrder, memory.Repeats, memory.FlakyRevisions}
	for i, s := range h.services() {
		s.Calm()
		if plan.Side(i) == plan.Right {
			// Where absence proves nothing, a deletion that a lost cursor hides stays unknown: that is no fault of ours.
			faults = append(faults, memory.ExpiredCursor)
		}
		for range rapid.IntRange(0, 2).Draw(h.rt, "faults") {
			s.Fail(rapid.SampledFrom(faults).Draw(h.rt, "fault"), rapid.IntRange(1, 3).Draw(h.rt, "times"))
		}
	}
	if rapid.IntRange(0, 9).Draw(h.rt, "restart") == 0 {
		h.must(h.state.Close())
		h.open()
	}
}

func (h *history) check() {
	for _, side := range plan.Sides {
		seen := map[string]int{}
		for _, it := range h.services()[side].Items(h.ref()) {
			seen[it.Record[record.LastName]]++
		}
		for name, n := range seen {
			if n > 1 {
				h.rt.Fatalf("%s is %d times on the %s\n%s", name, n, side, h.logs())
			}
		}
		for name := range h.alive {
			if seen[name] == 0 {
				h.rt.Fatalf("%s is lost on the %s\n%s", name, side, h.logs())
			}
		}
	}
	left, right := contents(h.left.Items(h.ref())), contents(h.right.Items(h.ref()))
	if fmt.Sprint(left) != fmt.Sprint(right) {
		h.rt.Fatalf("the sides differ:\nleft  %v\nright %v\n%s", left, right, h.logs())
	}
	before := h.left.Writes() + h.right.Writes()
	if r, err := h.try(RunOptions{}); err != nil || h.left.Writes()+h.right.Writes() != before {
		h.rt.Fatalf("a further run wrote: %+v, error %v\n%s", r, err, h.logs())
	}
	open, err := h.state.OpenIntents(context.Background(), h.pair.ID)
	if err != nil || len(open) != 0 {
		h.rt.Fatalf("%d intents stay open, error %v\n%s", len(open), err, h.logs())
	}
}

func (h *history) logs() string {
	if os.Getenv("ZOHOSYNC_VERBOSE") == "" {
		return ""
	}
	return fmt.Sprintf("left:\n%s\nright:\n%s", join(h.left.Log()), join(h.right.Log()))
}

func join(lines []string) (out string) {
	for _, l := range lines {
		out += "  " + l + "\n"
	}
	return out
}
