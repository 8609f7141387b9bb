package engine

import (
	"context"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// serving runs Serve in the background and returns a channel that hears each end of a run.
func serving(t *testing.T, w *world, e *Engine) <-chan Status {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	heard := make(chan Status, 1000)
	e.Notify(func() {
		s, err := e.Status(ctx)
		if err == nil {
			heard <- s
		}
	})
	done := make(chan error, 1)
	go func() { done <- e.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return heard
}

// until waits for a status that is not of a run under way.
func until(t *testing.T, heard <-chan Status, want string) Status {
	t.Helper()
	for s := range heard {
		if s.State == want {
			return s
		}
	}
	t.Fatalf("never %s", want)
	return Status{}
}

func TestServeRunsAtTheStartAndWhenKicked(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	e := w.engine()
	heard := serving(t, w, e)
	until(t, heard, StateSyncing)
	if s := until(t, heard, StateInStep); s.LastSuccess.IsZero() || len(s.Pairs) != 1 || s.Pairs[0].Title != "CRM – Home" {
		t.Fatalf("status %+v", s)
	}
	w.count(1, 1)
	w.left.Put(w.ref(), person("2"))
	e.SyncNow()
	e.SyncNow()
	until(t, heard, StateSyncing)
	until(t, heard, StateInStep)
	w.count(2, 2)
}

func TestPausedEngineRunsNothingByItself(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	e, clock := w.clocked()
	e.Pause(w.now.Add(time.Hour))
	serving(t, w, e)
	w.left.Put(w.ref(), person("1"))
	clock.pass(10 * time.Minute)
	s, err := e.Status(context.Background())
	w.must(err)
	if s.State != StatePaused {
		t.Fatalf("state %s", s.State)
	}
	w.count(1, 0)
	e.Pause(time.Time{})
	clock.pass(0)
	w.count(1, 1)
}

func TestStatusNamesTheMostUrgent(t *testing.T) {
	status := func(w *world, e *Engine) Status {
		s, err := e.Status(context.Background())
		w.must(err)
		return s
	}
	t.Run("nobody is signed in", func(t *testing.T) {
		s, err := state.Open(":memory:", state.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		got, err := New(s, nil, Options{}).Status(context.Background())
		if err != nil || got.State != StateSignedOut {
			t.Fatalf("%+v, %v", got, err)
		}
	})
	t.Run("never synchronised", func(t *testing.T) {
		w := newWorld(t, record.Contact, nil)
		if s := status(w, w.engine()); s.State != StateStarting {
			t.Fatalf("%+v", s)
		}
	})
	t.Run("a problem", func(t *testing.T) {
		w := newWorld(t, record.Contact, nil)
		w.right.Put(w.ref(), record.Record{record.EmailMain: "a@example.com"})
		e := w.engine()
		_, _ = e.Sync(context.Background(), "p", RunOptions{})
		if s := status(w, e); s.State != StateAttention || s.Problems != 1 || s.Pairs[0].Problems != 1 {
			t.Fatalf("%+v", s)
		}
	})
	t.Run("no network", func(t *testing.T) {
		w := newWorld(t, record.Contact, nil)
		w.left.Fail(memory.RateLimited, 1)
		e := w.engine()
		_, _ = e.Sync(context.Background(), "p", RunOptions{})
		if s := status(w, e); s.State != StateOffline {
			t.Fatalf("%+v", s)
		}
	})
	t.Run("signed out by the service", func(t *testing.T) {
		w := newWorld(t, record.Contact, nil)
		w.left.Fail(memory.SignedOut, 1)
		e := w.engine()
		_, _ = e.Sync(context.Background(), "p", RunOptions{})
		if s := status(w, e); s.State != StateAttention {
			t.Fatalf("%+v", s)
		}
	})
	t.Run("a guard waits", func(t *testing.T) {
		w := newWorld(t, record.Contact, nil)
		for _, n := range []string{"1", "2", "3", "4", "5", "6"} {
			w.left.Put(w.ref(), person(n))
		}
		e := w.engine()
		_, _ = e.Sync(context.Background(), "p", RunOptions{})
		for _, it := range w.left.Items(w.ref()) {
			w.left.Remove(w.ref(), it.ID)
		}
		_, _ = e.Sync(context.Background(), "p", RunOptions{})
		if s := status(w, e); s.State != StateAttention || s.Waiting != 1 {
			t.Fatalf("%+v", s)
		}
	})
}

func TestAPairThatFailsDoesNotKeepTheOthersFromRunning(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	broken := w.pair
	broken.ID, broken.Ends[plan.Left].Account = "a", "nobody"
	w.must(w.state.StorePair(context.Background(), broken))
	w.left.Put(w.ref(), person("1"))
	e := w.engine()
	heard := serving(t, w, e)
	for s := range heard {
		if len(s.Pairs) == 2 && s.Pairs[0].State == StateInStep && s.Pairs[1].State == StateAttention {
			break
		}
	}
	w.count(1, 1)
}
