package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// wallClock is a clock that only the test moves, and the moments at which Serve looks at it.
type wallClock struct {
	mu   sync.Mutex
	now  time.Time
	tick chan time.Time
}

func (c *wallClock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// pass lets time pass and has Serve look at the clock. It returns once Serve has looked.
func (c *wallClock) pass(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	now := c.now
	c.mu.Unlock()
	c.tick <- now
	c.tick <- now
}

func (w *world) clocked() (*Engine, *wallClock) {
	c := &wallClock{now: w.now, tick: make(chan time.Time)}
	return New(w.state, w.dial, Options{Clock: c.read, Interval: 5 * time.Minute, Tick: c.tick}), c
}

func (w *world) runs() int {
	w.t.Helper()
	runs, err := w.state.ListRuns(context.Background(), 1000)
	w.must(err)
	return len(runs)
}

func TestServeRunsOncePerIntervalAndOnceAfterASleep(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	e, clock := w.clocked()
	serving(t, w, e)
	clock.pass(0)
	if n := w.runs(); n != 1 {
		t.Fatalf("%d runs at the start, want 1", n)
	}
	clock.pass(4 * time.Minute)
	if n := w.runs(); n != 1 {
		t.Fatalf("%d runs before the interval is over, want 1", n)
	}
	clock.pass(time.Minute)
	if n := w.runs(); n != 2 {
		t.Fatalf("%d runs after the interval, want 2", n)
	}
	clock.pass(10 * time.Hour)
	if n := w.runs(); n != 3 {
		t.Fatalf("%d runs after a long sleep, want 3", n)
	}
	clock.pass(-24 * time.Hour)
	if n := w.runs(); n != 4 {
		t.Fatalf("%d runs after the clock was set back, want 4", n)
	}
	e.SetInterval(time.Hour)
	clock.pass(5 * time.Minute)
	if n := w.runs(); n != 4 {
		t.Fatalf("%d runs although the interval is longer now, want 4", n)
	}
}

func TestPauseEndsByItself(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	e, clock := w.clocked()
	until := w.now.Add(time.Hour)
	e.Pause(until)
	if s, err := e.Status(context.Background()); err != nil || !s.PausedUntil.Equal(until) {
		t.Fatalf("status %+v, %v", s, err)
	}
	serving(t, w, e)
	clock.pass(59 * time.Minute)
	if n := w.runs(); n != 0 || e.PausedUntil().IsZero() {
		t.Fatalf("%d runs while paused", n)
	}
	clock.pass(time.Minute)
	if n := w.runs(); n != 1 || !e.PausedUntil().IsZero() {
		t.Fatalf("%d runs after the pause, want 1", n)
	}
}

func TestWhoAsksDuringAPauseGetsOneRun(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	e, clock := w.clocked()
	e.Pause(w.now.Add(time.Hour))
	serving(t, w, e)
	clock.pass(0)
	e.SyncNow()
	clock.pass(30 * time.Minute)
	if n := w.runs(); n != 1 || e.PausedUntil().IsZero() {
		t.Fatalf("%d runs although one was asked for", n)
	}
}

func TestAskedPairRunsWithWhatWasConfirmed(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 8 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	for _, it := range w.left.Items(w.ref())[:7] {
		w.left.Remove(w.ref(), it.ID)
	}
	e, clock := w.clocked()
	serving(t, w, e)
	clock.pass(0)
	w.count(1, 8)
	e.Ask("p", RunOptions{Confirm: []int{7}})
	e.Ask("p", RunOptions{Retry: true})
	clock.pass(0)
	w.count(1, 1)
}

func TestStopEndsTheRunUnderWayAndLosesNothing(t *testing.T) {
	var e *Engine
	w := newWorld(t, record.Contact, nil)
	w.right = memory.New(memory.Options{Name: "dav", Marks: true, AbsentIsDeleted: true, OnApply: func(record.Write) { e.Stop() }})
	for i := range 5 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	e = w.engine()
	_, err := e.Sync(context.Background(), "p", RunOptions{})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if n := len(w.right.Items(w.ref())); n != 1 {
		t.Fatalf("%d items were written after Stop, want the one that was under way", n)
	}
	if s, err := e.Status(context.Background()); err != nil || s.Pairs[0].Err != nil {
		t.Fatalf("stopping is no failure: %+v, %v", s, err)
	}
	for range 6 {
		_, _ = e.Sync(context.Background(), "p", RunOptions{})
	}
	w.count(5, 5)
	w.same()
}

func TestStatusTellsTheQuestion(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	for i := range 6 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	w.sync()
	for _, it := range w.left.Items(w.ref()) {
		w.left.Remove(w.ref(), it.ID)
	}
	e := w.engine()
	_, _ = e.Sync(context.Background(), "p", RunOptions{})
	s, err := e.Status(context.Background())
	w.must(err)
	if g := s.Pairs[0].Stop; g == nil || *g != (plan.Guard{Code: plan.CodeMany, Side: plan.Right, Number: 6, Question: g.Question}) {
		t.Fatalf("stop %+v", g)
	}
}

func TestQuietRunsBetweenRuns(t *testing.T) {
	var e *Engine
	w := newWorld(t, record.Contact, nil)
	written := make(chan int, 1)
	began := sync.Once{}
	w.right = memory.New(memory.Options{Name: "dav", Marks: true, AbsentIsDeleted: true, OnApply: func(record.Write) {
		began.Do(func() {
			go func() {
				_ = e.Quiet(func() error { written <- w.right.Writes(); return nil })
			}()
			for !e.halted() {
				runtime.Gosched()
			}
		})
	}})
	for i := range 5 {
		w.left.Put(w.ref(), person(fmt.Sprint(i)))
	}
	e = w.engine()
	if _, err := e.Sync(context.Background(), "p", RunOptions{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("the run went on: %v", err)
	}
	if n := <-written; n != w.right.Writes() || n != 1 {
		t.Errorf("%d writes were done before, %d after: want the one that was under way", n, w.right.Writes())
	}
	// It leaves nothing locked.
	if err := e.Quiet(func() error { return provider.ErrGone }); !errors.Is(err, provider.ErrGone) {
		t.Errorf("got %v", err)
	}
}

// What is asked for before a run is done by it, whatever else is asked in between, of this pair or of all.
func TestNothingThatWasAskedForIsForgotten(t *testing.T) {
	for name, ask := range map[string]func(*Engine){
		"of the pair, twice":         func(e *Engine) { e.Ask("p", RunOptions{Again: true}); e.Ask("p", RunOptions{}) },
		"of all, twice":              func(e *Engine) { e.Ask("", RunOptions{Again: true}); e.SyncNow() },
		"of all, and then of a pair": func(e *Engine) { e.Ask("", RunOptions{Again: true}); e.Ask("p", RunOptions{}) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, record.Contact, nil)
			w.left.Put(w.ref(), person("1"))
			w.undo(w.sync().Run)
			w.count(1, 0)
			e, clock := w.clocked()
			serving(t, w, e)
			clock.pass(0)
			w.count(1, 0)
			ask(e)
			clock.pass(0)
			w.count(1, 1)
		})
	}
}
