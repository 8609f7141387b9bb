package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// C-24: why the last run failed is known to the next process too, and so is how often in a row a service was out of reach.
func TestTheNextProcessKnowsWhyTheLastRunFailed(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.sync()
	// Each command line is a process of its own.
	fresh := func() *Engine {
		return New(w.state, w.dial, Options{Clock: func() time.Time { return w.now }, Code: func(error) string { return "unreachable" }})
	}
	status := func() PairStatus {
		s, err := fresh().Status(context.Background())
		w.must(err)
		return s.Pairs[0]
	}
	fail := func() {
		w.now = w.now.Add(time.Minute)
		w.left.Fail(memory.RateLimited, 1)
		if _, err := fresh().Sync(context.Background(), w.pair.ID, RunOptions{}); err == nil {
			t.Fatal("the run did not fail")
		}
	}
	for n, want := range []string{StateOffline, StateOffline, StateAttention} {
		fail()
		p := status()
		var past *PastError
		var end *EndError
		if p.State != want || !errors.As(p.Err, &past) || past.Code != "unreachable" || !errors.As(p.Err, &end) || end.Account != w.pair.Ends[0].Account {
			t.Fatalf("failure %d: %s, %v", n+1, p.State, p.Err)
		}
	}
	w.now = w.now.Add(time.Hour) // the service wants to be left alone for a while
	// A plan that is an old one by now says nothing about the services, and mends nothing.
	if _, err := fresh().Sync(context.Background(), w.pair.ID, RunOptions{Plan: w.pair.ID + "-old"}); !errors.Is(err, ErrMoved) {
		t.Fatalf("an old plan: %v", err)
	}
	if p := status(); p.State != StateAttention || p.Err == nil {
		t.Errorf("after a plan that was not carried out: %s, %v", p.State, p.Err)
	}
	w.sync()
	if p := status(); p.State != StateInStep || p.Err != nil {
		t.Errorf("after a success: %s, %v", p.State, p.Err)
	}
}

// What a service said may hold anything; the history keeps its code.
func TestTheHistoryKeepsNoWordsOfAFailure(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.wrap = func(p provider.Provider) provider.Provider { return talkative{p} }
	if _, err := w.try(RunOptions{}); err == nil {
		t.Fatal("the run did not fail")
	}
	runs, err := w.state.LastRuns(context.Background(), w.pair.ID, 1)
	w.must(err)
	if len(runs) != 1 || strings.Contains(runs[0].Report, "Ada") || !strings.Contains(runs[0].Report, `"failure":{"code":"failed"`) {
		t.Errorf("kept %+v", runs)
	}
}

// talkative tells names in its errors.
type talkative struct{ provider.Provider }

func (talkative) Open(context.Context, string, record.Kind, []record.Field) (provider.Collection, error) {
	return nil, errors.New("no room for Ada")
}
