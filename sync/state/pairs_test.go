package state

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"testing"

	"zohosync/sync/plan"
)

// C-51: pairs are stored all together or not at all, and none takes the rules of another.
func TestStorePairsIsAllOrNothing(t *testing.T) {
	s, p := withPair(t)
	second := p
	second.ID, second.Ends[plan.Right].Ref = "q", "/others/"
	if err := s.StorePairs(ctx, []Pair{second}, []string{"p", "nobody"}); !errors.Is(err, ErrNotFound) {
		t.Fatalf("got %v", err)
	}
	all, err := s.ListPairs(ctx)
	must(t, err)
	if len(all) != 1 || all[0].ID != "p" {
		t.Fatalf("half of it was stored: %v", all)
	}
	must(t, s.StorePairs(ctx, []Pair{second}, []string{"p"}))
	if all, err = s.ListPairs(ctx); err != nil || len(all) != 1 || all[0].ID != "q" {
		t.Errorf("got %v, %v", all, err)
	}
}

func TestAPairOfOtherCollectionsBeginsAnew(t *testing.T) {
	s, p := withPair(t)
	second := p
	second.ID, second.Ends[plan.Right].Ref = "q", "/others/"
	must(t, s.StorePair(ctx, second))
	must(t, s.Discovered(ctx, found(plan.Right, 1, card("/people/a", "A"))))
	known := func() int {
		n, _, err := s.CountItems(ctx, "p", plan.Right, 1)
		must(t, err)
		return n
	}
	// Another rule or another title is no other collection.
	p.Direction, p.Ends[plan.Right].Title = plan.ToRight, "New name"
	must(t, s.StorePairs(ctx, []Pair{p}, nil))
	if known() != 1 {
		t.Fatal("a change of the rules forgot the items")
	}
	p.Ends[plan.Right].Ref = "/new/"
	must(t, s.StorePairs(ctx, []Pair{p}, nil))
	if known() != 0 {
		t.Error("items of the old folder are taken for those of the new one")
	}
	if c, err := s.GetCursor(ctx, "p", plan.Right, nil); err != nil || c.Value != "" || c.Generation != 0 {
		t.Errorf("the cursor of the old folder stayed: %+v, %v", c, err)
	}
	all, err := s.ListPairs(ctx)
	if err != nil || len(all) != 2 || all[0].ID != "p" || all[0].Ends[plan.Right].Ref != "/new/" {
		t.Errorf("the pair lost its place: %v, %v", all, err)
	}
}

// What was known of a pair is not told of another one that is given its name: pairs are named by their kind.
func TestNothingOfAPairOutlivesIt(t *testing.T) {
	names := []string{"deep:p", "compared:p", "others:p", "held:p", "heard:p:left", "heard:p:right", "window:p", "rules:p"}
	others := []string{"others:p-2", "heard:p-2:left", "later:p", "others:crm", "later:crm", "pause"}
	for _, c := range []struct {
		what string
		end  func(s *State, p Pair) error
		gone []string
	}{
		{"removed", func(s *State, p Pair) error { return s.DeletePair(ctx, p.ID) }, names},
		{"removed with others", func(s *State, p Pair) error { return s.StorePairs(ctx, nil, []string{p.ID}) }, names},
		{"of other folders", func(s *State, p Pair) error {
			p.Ends[plan.Left].Ref = "Leads"
			return s.StorePair(ctx, p)
		}, names},
		{"removed with its account", func(s *State, p Pair) error { return s.DeleteAccount(ctx, "home") }, append([]string{"later:home"}, names...)},
		{"of other rules", func(s *State, p Pair) error {
			p.Direction = plan.ToRight
			return s.StorePair(ctx, p)
		}, nil},
	} {
		s, p := withPair(t)
		for _, name := range slices.Concat(names, others, []string{"later:home"}) {
			must(t, s.StoreSetting(ctx, name, "x"))
		}
		must(t, c.end(s, p))
		for _, name := range slices.Concat(names, others, []string{"later:home"}) {
			value, err := s.GetSetting(ctx, name)
			must(t, err)
			if gone := value == ""; gone != slices.Contains(c.gone, name) {
				t.Errorf("a pair is %s: %s is gone: %v", c.what, name, gone)
			}
		}
	}
}

func TestCheckSeesADamagedFile(t *testing.T) {
	path := file(t)
	s, err := Open(path, Options{})
	must(t, err)
	for i := range 300 {
		must(t, s.StoreSetting(ctx, string(rune('a'+i%26))+string(rune('a'+i/26)), string(bytes.Repeat([]byte("x"), 500))))
	}
	must(t, s.Check(ctx))
	must(t, s.Close())
	data, err := os.ReadFile(path)
	must(t, err)
	// The middle of the file is that of its rows.
	copy(data[len(data)/2:], bytes.Repeat([]byte{0xff}, 8192))
	must(t, os.WriteFile(path, data, 0o600))
	s = open(t, path)
	if err := s.Check(ctx); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}
