package state

import (
	"context"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// Account is one signed-in service. Its secrets are in the vault, under its name.
type Account struct {
	Name     string            `json:"name"`
	Service  string            `json:"service"`
	Settings map[string]string `json:"settings,omitempty"`
}

// ListAccounts returns all accounts by name.
func (s *State) ListAccounts(ctx context.Context) ([]Account, error) {
	var out []Account
	err := s.each(ctx, "list-accounts", nil, func(scan func(...any) error) error {
		var a Account
		var settings string
		if err := scan(&a.Name, &a.Service, &settings); err != nil {
			return err
		}
		out = append(out, a)
		return fromJSON(settings, &out[len(out)-1].Settings)
	})
	return out, err
}

// GetAccount returns one account, or ErrNotFound.
func (s *State) GetAccount(ctx context.Context, name string) (Account, error) {
	all, err := s.ListAccounts(ctx)
	if err != nil {
		return Account{}, err
	}
	for _, a := range all {
		if a.Name == name {
			return a, nil
		}
	}
	return Account{}, ErrNotFound
}

// StoreAccount adds an account or replaces it.
func (s *State) StoreAccount(ctx context.Context, a Account) error {
	return s.write(ctx, func(t *tx) { t.run("store-account", a.Name, a.Service, toJSON(a.Settings)) })
}

// DeleteAccount removes an account, the pairs that use it and all that is known of them. Nothing is deleted on either
// side. ErrNotFound when there is none of this name.
func (s *State) DeleteAccount(ctx context.Context, name string) error {
	pairs, err := s.ListPairs(ctx)
	if err != nil {
		return err
	}
	found := 0
	err = s.write(ctx, func(t *tx) {
		for _, p := range pairs {
			if p.Ends[plan.Left].Account == name || p.Ends[plan.Right].Account == name {
				t.deletePair(p.ID)
			}
		}
		t.run("forget-account", name)
		found = t.run("delete-account", name)
	})
	if err == nil && found == 0 {
		return ErrNotFound
	}
	return err
}

// End is one side of a pair: a collection of an account.
type End struct {
	Account string `json:"account"`
	Ref     string `json:"ref"`
	Title   string `json:"title"`
}

// Pair is two collections kept in step, with their rules.
type Pair struct {
	ID            string           `json:"id"`
	Kind          record.Kind      `json:"kind"`
	Ends          [2]End           `json:"ends"`
	Direction     plan.Direction   `json:"direction"`
	Conflict      plan.Policy      `json:"conflict"`
	Delete        [2]plan.Deletion `json:"delete"`
	Categories    []string         `json:"categories,omitempty"`
	Mapping       []plan.Row       `json:"mapping"`
	FromDays      int              `json:"from_days"`  // how far back the window reaches
	UntilDays     int              `json:"until_days"` // and how far ahead; both 0: everything
	AnyOwner      bool             `json:"any_owner,omitempty"`
	Uncategorised bool             `json:"uncategorised,omitempty"` // with Categories: what has none belongs to the pair, too
	View          string           `json:"view,omitempty"`          // id of the left side's view; "": all of it
	ViewTitle     string           `json:"view_title,omitempty"`
	Guests        plan.Deletion    `json:"guests,omitempty"` // meetings with participants: plan.Propagate deletes them like others; "" asks

	Stop    *plan.Guard `json:"-"` // the guard that waits for a person
	Success time.Time   `json:"-"` // end of the last run that ended in step
}

// Fields lists what the collection of one side has to be opened with.
func (p Pair) Fields(s plan.Side) []record.Field { return plan.Fields(p.Kind, p.Mapping, p.View, s) }

// ListPairs returns all pairs in the order in which they were made.
func (s *State) ListPairs(ctx context.Context) ([]Pair, error) {
	var out []Pair
	err := s.each(ctx, "list-pairs", nil, func(scan func(...any) error) error {
		var p Pair
		var body, stop, success string
		if err := scan(&body, &stop, &success); err != nil {
			return err
		}
		if err := fromJSON(body, &p); err != nil {
			return err
		}
		p.Success = unstamp(success)
		if stop != "" {
			p.Stop = &plan.Guard{}
			if err := fromJSON(stop, p.Stop); err != nil {
				return err
			}
		}
		out = append(out, p)
		return nil
	})
	return out, err
}

// GetPair returns one pair, or ErrNotFound.
func (s *State) GetPair(ctx context.Context, id string) (Pair, error) {
	all, err := s.ListPairs(ctx)
	if err != nil {
		return Pair{}, err
	}
	for _, p := range all {
		if p.ID == id {
			return p, nil
		}
	}
	return Pair{}, ErrNotFound
}

// StorePair adds a pair or changes its rules, as StorePairs does. After a change everything is planned anew.
func (s *State) StorePair(ctx context.Context, p Pair) error {
	return s.StorePairs(ctx, []Pair{p}, nil)
}

// StorePairs adds or changes the given pairs and removes the named ones: all of it or nothing. A pair whose collections
// are others than before begins anew, since what is known of the old ones says nothing of the new ones. ErrNotFound when
// a pair to remove is not there.
func (s *State) StorePairs(ctx context.Context, keep []Pair, remove []string) error {
	return s.write(ctx, func(t *tx) {
		for _, id := range remove {
			if t.deletePair(id) == 0 && t.err == nil {
				t.err = ErrNotFound
			}
		}
		for _, p := range keep {
			t.storePair(p)
		}
	})
}

func (t *tx) storePair(p Pair) {
	var body string
	var position int
	if t.one("get-pair", []any{p.ID}, &body, &position) {
		var old Pair
		if err := fromJSON(body, &old); err != nil {
			t.err = err
			return
		}
		if !p.sameAs(old) {
			t.deletePair(p.ID)
			t.run("insert-pair", p.ID, position, toJSON(p))
			return
		}
	}
	t.run("store-pair", p.ID, toJSON(p))
	t.run("dirty-all", p.ID)
}

// deletePair removes a pair with all that is known of it, and returns 0 when there is none. The next one may have its name.
func (t *tx) deletePair(id string) int {
	t.run("forget-pair", id)
	return t.run("delete-pair", id)
}

// sameAs tells whether two pairs are of the same collections, whatever these are called now.
func (p Pair) sameAs(o Pair) bool {
	for side := range p.Ends {
		if p.Ends[side].Account != o.Ends[side].Account || p.Ends[side].Ref != o.Ends[side].Ref {
			return false
		}
	}
	return p.Kind == o.Kind
}

// DeletePair removes a pair and all that is known of it; both sides keep their items. ErrNotFound when there is none.
func (s *State) DeletePair(ctx context.Context, id string) error {
	found := 0
	err := s.write(ctx, func(t *tx) { found = t.deletePair(id) })
	if err == nil && found == 0 {
		return ErrNotFound
	}
	return err
}

// StopPair remembers the guard that waits for a person; nil clears it.
func (s *State) StopPair(ctx context.Context, id string, g *plan.Guard) error {
	text := ""
	if g != nil {
		text = toJSON(g)
	}
	return s.write(ctx, func(t *tx) { t.run("stop-pair", text, id) })
}

// Retry makes everything that has a problem be planned anew.
func (s *State) Retry(ctx context.Context, pair string) error {
	return s.write(ctx, func(t *tx) { t.run("dirty-problems", pair) })
}
