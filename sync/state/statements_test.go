package state

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"zohosync/sync/record"
)

// known returns the statements that the connection remembers.
func known(t *testing.T, s *State) map[string]ableStmt {
	t.Helper()
	c, err := s.db.Conn(t.Context())
	must(t, err)
	defer c.Close()
	out := map[string]ableStmt{}
	must(t, c.Raw(func(inner any) error {
		for text, stmt := range inner.(*conn).known {
			out[text] = stmt
		}
		return nil
	}))
	return out
}

func opened(t *testing.T) *State {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "state.db"), Options{})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestAQueryIsUnderstoodOnce(t *testing.T) {
	s, ctx := opened(t), context.Background()
	must(t, s.StoreAccount(ctx, Account{Name: "crm"}))
	list := s.queries["list-accounts"]
	var first ableStmt
	for i := range 3 {
		all, err := s.ListAccounts(ctx)
		must(t, err)
		if len(all) != 1 {
			t.Fatalf("%d accounts", len(all))
		}
		now := known(t, s)[list]
		if first == nil {
			first = now
		}
		if now == nil || now != first {
			t.Fatalf("the statement was prepared again at call %d", i+1)
		}
	}
	must(t, s.Check(ctx))
	for text := range known(t, s) {
		if text == s.queries["quick-check"] {
			t.Error("a pragma is remembered, which may act while it is read")
		}
	}
}

// A statement that failed, or whose reader gave up, is as good as new for the next one.
func TestAStatementThatFailedIsUsedAgain(t *testing.T) {
	s, ctx := opened(t), context.Background()
	must(t, s.StoreAccount(ctx, Account{Name: "crm"}))
	must(t, s.StorePair(ctx, Pair{ID: "p", Kind: record.Contact}))
	for range 2 {
		err := s.write(ctx, func(x *tx) {
			x.run("insert-pair", "q", 7, "{}")
			x.run("insert-pair", "p", 8, "{}") // is there already
		})
		if err == nil {
			t.Fatal("the same pair was stored twice")
		}
	}
	must(t, s.write(ctx, func(x *tx) { x.run("insert-pair", "q", 7, "{}") }))
	gaveUp := errors.New("gave up")
	for range 2 {
		err := s.each(ctx, "list-pairs", nil, func(func(...any) error) error { return gaveUp })
		if !errors.Is(err, gaveUp) {
			t.Fatal(err)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := s.ListPairs(ended); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	pairs, err := s.ListPairs(ctx)
	must(t, err)
	if len(pairs) != 2 || pairs[0].ID != "p" {
		t.Fatalf("%d pairs", len(pairs))
	}
}
