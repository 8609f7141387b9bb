package main

import (
	"path/filepath"
	"slices"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// ownHome is an opened home with two accounts.
func ownHome(t *testing.T) *home {
	t.Helper()
	term, _, _ := testTerminal("")
	h, err := openHome(&commands{Home: filepath.Join(t.TempDir(), "home"), Vault: "memory"}, term)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	for name, service := range map[string]string{"crm": serviceZoho, "cloud": serviceDAV} {
		if err := h.state.StoreAccount(t.Context(), state.Account{Name: name, Service: service}); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func contactsWith(folder string) state.Pair {
	p := defaults(record.Contact)
	p.Ends = [2]state.End{{Account: "crm", Ref: "Contacts", Title: "Contacts"}, {Account: "cloud", Ref: folder, Title: folder}}
	return p
}

func ids(t *testing.T, h *home) (out []string) {
	t.Helper()
	all, err := h.state.ListPairs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		out = append(out, p.ID+" "+p.Ends[plan.Right].Ref)
	}
	return out
}

func TestNewPairsNeverTakeTheNameOfAnother(t *testing.T) {
	h := ownHome(t)
	first := contactsWith("/a/")
	if err := h.storePairs(t.Context(), []state.Pair{first}, nil); err != nil {
		t.Fatal(err)
	}
	first.ID = "contacts"
	first.Direction = plan.ToRight
	// The new one stands before the one that it must not replace.
	if err := h.storePairs(t.Context(), []state.Pair{contactsWith("/b/"), contactsWith("/c/"), first}, nil); err != nil {
		t.Fatal(err)
	}
	got := ids(t, h)
	slices.Sort(got)
	if want := []string{"contacts /a/", "contacts-2 /b/", "contacts-3 /c/"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if p, _ := h.pair(t.Context(), "contacts"); p.Direction != plan.ToRight {
		t.Errorf("the change was lost: %+v", p)
	}
}

func TestPairsThatCannotBeAreRefusedTogether(t *testing.T) {
	h := ownHome(t)
	good, nowhere, self, nobody, strange := contactsWith("/a/"), contactsWith(""), contactsWith("/x/"), contactsWith("/y/"), contactsWith("/z/")
	self.Ends[plan.Right] = self.Ends[plan.Left]
	nobody.Ends[plan.Right].Account = "nobody"
	strange.Kind = "note"
	for name, c := range map[string]struct {
		keep   []state.Pair
		remove []string
		code   string
	}{
		"no folder":          {[]state.Pair{good, nowhere}, nil, "bad-input"},
		"with itself":        {[]state.Pair{good, self}, nil, "bad-input"},
		"no such account":    {[]state.Pair{good, nobody}, nil, "no-such"},
		"no such kind":       {[]state.Pair{good, strange}, nil, "bad-input"},
		"twice":              {[]state.Pair{good, good}, nil, "name-taken"},
		"nothing to remove":  {[]state.Pair{good}, []string{"tasks"}, "no-such"},
		"a range of no days": {[]state.Pair{good, {Kind: record.Contact, Ends: contactsWith("/q/").Ends, FromDays: -1}}, nil, "bad-input"},
	} {
		if err := h.storePairs(t.Context(), c.keep, c.remove); codeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		if got := ids(t, h); len(got) > 0 {
			t.Errorf("%s: stored %v", name, got)
		}
	}
}

func TestCategoriesAreContentOnlyWithoutAFilter(t *testing.T) {
	h := ownHome(t)
	mapped := func() bool {
		p, err := h.pair(t.Context(), "contacts")
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(p.Mapping, ofCategories)
	}
	p := contactsWith("/a/")
	for _, step := range []struct {
		categories []string
		want       bool
	}{{nil, true}, {[]string{"CRM"}, false}, {[]string{"CRM", "VIP"}, false}, {nil, true}} {
		p.Categories = step.categories
		if err := h.storePairs(t.Context(), []state.Pair{p}, nil); err != nil {
			t.Fatal(err)
		}
		if mapped() != step.want {
			t.Errorf("with %v: mapped is %v", step.categories, !step.want)
		}
		stored, _ := h.pair(t.Context(), "contacts")
		p.ID, p.Mapping = stored.ID, stored.Mapping
	}
	// Who took them out of the mapping does not get them back.
	p.Mapping = slices.DeleteFunc(slices.Clone(p.Mapping), ofCategories)
	if err := h.storePairs(t.Context(), []state.Pair{p}, nil); err != nil || mapped() {
		t.Errorf("put back: %v", err)
	}
}

func TestCountsAreOfItems(t *testing.T) {
	h := ownHome(t)
	if err := h.storePairs(t.Context(), []state.Pair{contactsWith("/a/")}, nil); err != nil {
		t.Fatal(err)
	}
	excluded, failing := byItem([]state.Problem{
		{Problem: plan.Problem{Side: plan.Left, Code: plan.OutOwner}, Item: "1"},
		{Problem: plan.Problem{Side: plan.Left, Code: "too-long"}, Item: "2"},
		{Problem: plan.Problem{Side: plan.Left, Code: "mandatory"}, Item: "2"},
		{Problem: plan.Problem{Side: plan.Right, Code: "too-long"}, Item: "2"},
	})
	if len(excluded) != 1 || len(failing) != 2 {
		t.Errorf("excluded %v, failing %v", excluded, failing)
	}
	if c, err := h.count(t.Context(), "contacts"); err != nil || c != (pairCounts{}) {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := h.count(t.Context(), "nobody"); codeOf(err) != "no-such" {
		t.Errorf("got %v", err)
	}
}
