package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// R8: a service that cannot be reached is a warning twice, an error the third time in a row, and nothing once it answers.
func TestTheThirdFailureInARowIsAnError(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	e := w.engine()
	run := func(fail bool) string {
		w.now = w.now.Add(10 * time.Minute)
		if fail {
			w.left.Fail(memory.RateLimited, 1)
		}
		if _, err := e.Sync(context.Background(), w.pair.ID, RunOptions{}); (err != nil) != fail {
			t.Fatalf("error %v", err)
		}
		s, err := e.Status(context.Background())
		w.must(err)
		if (s.Pairs[0].Err != nil) != fail {
			t.Fatalf("the status tells %v", s.Pairs[0].Err)
		}
		return s.State
	}
	for round := range 2 {
		for n, want := range []string{StateOffline, StateOffline, StateAttention, StateAttention} {
			if got := run(true); got != want {
				t.Errorf("round %d, failure %d: %s, want %s", round, n+1, got, want)
			}
		}
		if got := run(false); got != StateInStep {
			t.Errorf("round %d, after a success: %s", round, got)
		}
	}
}

// C-24: no success for a day, or for three intervals where these are longer, is a warning that stays, whatever the last run
// says; it goes with the next success.
func TestNoSuccessForADayIsAWarning(t *testing.T) {
	for _, c := range []struct {
		interval, quiet, warns time.Duration
	}{{0, 23 * time.Hour, 25 * time.Hour}, {12 * time.Hour, 35 * time.Hour, 37 * time.Hour}} {
		w := newWorld(t, record.Contact, nil)
		w.sync()
		began := w.now
		e := New(w.state, w.dial, Options{Clock: func() time.Time { return w.now }, Interval: c.interval})
		after := func(d time.Duration) Status {
			t.Helper()
			w.now = began.Add(d)
			s, err := e.Status(context.Background())
			w.must(err)
			return s
		}
		if s := after(c.quiet); s.State != StateInStep {
			t.Errorf("interval %v, after %v: %s", c.interval, c.quiet, s.State)
		}
		if s := after(c.warns); s.State != StateAttention || s.LastSuccess.IsZero() {
			t.Errorf("interval %v, after %v: %s, last success %v", c.interval, c.warns, s.State, s.LastSuccess)
		}
		// Being merely offline does not take it away.
		w.left.Fail(memory.RateLimited, 1)
		_, _ = e.Sync(context.Background(), w.pair.ID, RunOptions{})
		if s := after(c.warns + time.Minute); s.State != StateAttention {
			t.Errorf("interval %v, offline for days: %s", c.interval, s.State)
		}
		w.now = w.now.Add(time.Hour)
		if _, err := e.Sync(context.Background(), w.pair.ID, RunOptions{}); err != nil {
			t.Fatal(err)
		}
		if s := after(c.warns + 2*time.Hour); s.State != StateInStep {
			t.Errorf("interval %v, after a success: %s", c.interval, s.State)
		}
	}
}

// C-42: of a thousand items some cannot be read, some are refused and some do not fit; all others are brought over, and each of
// those is listed.
func TestOneBadItemStopsNoOther(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	const all, each = 1000, 7
	for n := range all {
		p := person(fmt.Sprint(n))
		switch n % (all / each) {
		case 1: // the CRM takes no contact with such a name
			p[record.LastName] = strings.Repeat("x", 81)
		case 2: // nor one without any
			p = record.Record{record.EmailMain: fmt.Sprintf("n%d@example.com", n)}
		}
		id := w.right.Put(w.ref(), p)
		if n%(all/each) == 3 {
			w.right.Spoil(w.ref(), id, provider.CodeUnreadable)
		}
	}
	bad := 0
	for n := range all {
		if m := n % (all / each); m >= 1 && m <= 3 {
			bad++
		}
	}
	w.left.Fail(memory.Refused, 1)
	r := w.sync()
	if got := len(w.left.Items(w.ref())); got != all-bad-1 || len(r.Items) != bad+1 {
		t.Fatalf("%d were brought over and %d are listed, want %d and %d: %v", got, len(r.Items), all-bad-1, bad+1, codes(r))
	}
	wantCode(t, r, provider.CodeUnreadable, bad/3)
	if got := len(w.right.Items(w.ref())); got+bad/3 != all && got != all {
		t.Errorf("the right holds %d", got)
	}
}

// C-66: what was equal on both sides is known to be in step, so that a deletion right after the first sync is one.
func TestADeletionRightAfterTheFirstSyncCounts(t *testing.T) {
	for _, side := range plan.Sides {
		w := newWorld(t, record.Contact, nil)
		for n := range 3 {
			w.left.Put(w.ref(), person(fmt.Sprint(n)))
			w.right.Put(w.ref(), person(fmt.Sprint(n)))
		}
		w.sync()
		s := w.service(side)
		s.Remove(w.ref(), s.Items(w.ref())[1].ID)
		w.sync()
		w.count(2, 2)
		w.same()
		w.quiet()
	}
}

// R9: too many requests end the run; what was done until then is kept and not done again, and nothing is sent before the time
// that the service named.
func TestTooManyRequestsPostponeAndKeepWhatWasDone(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for n := range 40 {
		w.right.Put(w.ref(), person(fmt.Sprint(n)))
	}
	sent := 0
	w.hook = func(side plan.Side, _ record.Write) {
		if sent++; sent == 15 {
			w.left.Fail(memory.RateLimited, 1)
		}
	}
	var retry *provider.RetryError
	if _, err := w.try(RunOptions{}); !errors.As(err, &retry) || retry.After == 0 {
		t.Fatalf("error %v", err)
	}
	done := len(w.left.Items(w.ref()))
	if done == 0 || done == 40 {
		t.Fatalf("%d of 40 were made before the pause", done)
	}
	calls := len(w.left.Log())
	w.now = w.now.Add(-50 * time.Second)
	if _, err := w.try(RunOptions{}); !errors.As(err, &retry) {
		t.Fatalf("error %v", err)
	}
	if len(w.left.Log()) != calls {
		t.Error("the service was asked before its time")
	}
	w.sync()
	w.count(40, 40)
	w.same()
	w.quiet()
}

// R11: a cursor that is no longer good leads to a complete listing, never to deletions; what was really deleted meanwhile is seen
// where a complete listing tells it.
func TestAnExpiredCursorDeletesNothing(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for n := range 8 {
		w.left.Put(w.ref(), person(fmt.Sprint(n)))
	}
	w.sync()
	w.sync()
	for _, s := range []*memory.Service{w.left, w.right} {
		s.ExpireCursors(w.ref())
		w.quiet()
		w.count(8, 8)
	}
	w.right.Remove(w.ref(), w.right.Items(w.ref())[0].ID)
	w.right.ExpireCursors(w.ref())
	w.sync()
	w.count(7, 7)
	w.left.Remove(w.ref(), w.left.Items(w.ref())[0].ID)
	w.left.ExpireCursors(w.ref())
	if r := w.sync(); r.Right.Deleted != 0 {
		t.Errorf("absence from the CRM's listing counted as a deletion: %+v", r)
	}
}

// C-59: of a CRM module only what belongs to the person is synced unless the pair says otherwise, and how much is left out is
// told before anything is written.
func TestHowMuchOfOthersIsLeftOutIsKnownBefore(t *testing.T) {
	w := newWorld(t, record.Task, nil)
	for n := range 9 {
		r := record.Record{record.Subject: fmt.Sprint("task ", n), record.Owner: owner}
		if n > 1 {
			r[record.Owner] = "a colleague"
		}
		w.left.Put(w.ref(), r)
	}
	r, err := w.try(RunOptions{DryRun: true})
	w.must(err)
	if r.Left.Skipped != 7 || r.Right.Created != 2 || len(r.Items) != 0 {
		t.Fatalf("the preview tells %+v, %+v and %d items", r.Left, r.Right, len(r.Items))
	}
	w.count(9, 0)
	if r := w.sync(); r.Left.Skipped != 7 || r.Waits() {
		t.Errorf("the run tells %+v", r.Left)
	}
	w.count(9, 2)
	w.pair.AnyOwner = true
	w.must(w.state.StorePair(context.Background(), w.pair))
	if r, err := w.try(RunOptions{DryRun: true}); err != nil || r.Left.Skipped != 0 || r.Right.Created != 7 {
		t.Errorf("with everybody's the preview tells %+v, %+v, %v", r.Left, r.Right, err)
	}
}

// C-40: a meeting that reached the calendar by mail and the CRM by hand is one meeting: it is recognised before anything is
// created, on whichever side it is seen first.
func TestAMeetingThatCameByMailIsNotDoubled(t *testing.T) {
	for _, first := range plan.Sides {
		w := newWorld(t, record.Event, func(p *state.Pair) { p.FromDays, p.UntilDays = 5, 30 })
		invited := meeting(3, 0).With(record.Patch{record.Participants: "boss@example.com;me@example.com"})
		w.service(first).Put(w.ref(), meeting(3, 0))
		w.service(first.Other()).Put(w.ref(), invited)
		w.left.Put(w.ref(), meeting(4, 0))
		w.sync()
		w.count(2, 2)
		w.sync()
		w.quiet()
		w.count(2, 2)
	}
}
