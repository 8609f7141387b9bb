package ui

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
)

// TestEveryCodeHasATitle reads the codes from the contract and the planner.
func TestEveryCodeHasATitle(t *testing.T) {
	titles := reasonTitles()
	for _, file := range []string{"../../sync/provider/errors.go", "../../sync/plan/problem.go", "../../sync/plan/rules.go"} {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			name := spec.Names[0].Name
			literal, ok := spec.Values[0].(*ast.BasicLit)
			if !ok || !strings.HasPrefix(name, "Code") && !strings.HasPrefix(name, "Out") {
				return true
			}
			code, _ := strconv.Unquote(literal.Value)
			if titles[code] == "" && !strings.HasPrefix(code, "guard-") {
				t.Errorf("%s %q has no title", name, code)
			}
			return true
		})
	}
}

func TestIssuesAreGroupedByReason(t *testing.T) {
	f := syncOffice().failing().excluded()
	tell := f.tells(t, "en")
	groups, listed, unlisted := tell.issues(problemFilter{})
	if got := grouped(groups); listed != 3 || unlisted != 0 ||
		got != "Value too long: Carla Dias, Eva Nunes; Mandatory field missing: (no name)" {
		t.Errorf("failing: %d, %d, %s", listed, unlisted, got)
	}
	one := groups[0].issues[0]
	if one.pairName != "Contacts – Nextcloud" || one.side != "Nextcloud" || one.folder != "Zoho CRM Contacts" || one.field != "Mobile" ||
		!strings.HasPrefix(one.reason.sentence, "A value is longer") || one.reason.next == "" {
		t.Errorf("got %+v", one)
	}
	groups, listed, unlisted = tell.issues(problemFilter{excluded: true})
	if got := grouped(groups); listed != 2 || unlisted != 84+25 || !strings.HasPrefix(got, "Outside the time range: Lunch; Repeats: Weekly") {
		t.Errorf("excluded: %d, %d, %s", listed, unlisted, got)
	}
	if _, listed, unlisted = tell.issues(problemFilter{pair: "tasks-1"}); listed != 0 || unlisted != 0 {
		t.Errorf("another pair: %d, %d", listed, unlisted)
	}
	if _, listed, unlisted = tell.issues(problemFilter{pair: "meetings-1", excluded: true}); listed != 2 || unlisted != 25 {
		t.Errorf("one pair: %d, %d", listed, unlisted)
	}
}

func grouped(groups []issueGroup) string {
	var said []string
	for _, g := range groups {
		var names []string
		for _, one := range g.issues {
			names = append(names, one.Title)
		}
		said = append(said, g.title+": "+strings.Join(names, ", "))
	}
	return strings.Join(said, "; ")
}

func TestACodeOfTomorrowIsListedToo(t *testing.T) {
	f := syncOffice()
	f.items["tasks-1"] = []engine.Item{{ID: "7", Title: "Call", Code: "brand-new", Side: "left"}}
	groups, _, _ := f.tells(t, "en").issues(problemFilter{})
	if got := grouped(groups); got != "Refused: Call" {
		t.Errorf("got %s", got)
	}
}

func TestCustomFieldsAreNamedAsInTheCRM(t *testing.T) {
	f := syncOffice()
	f.items["tasks-1"] = []engine.Item{{ID: "7", Code: provider.CodeTooLong, Side: "left", Field: "zoho:Region"}}
	groups, _, _ := f.tells(t, "en").issues(problemFilter{})
	if got := groups[0].issues[0].field; got != "Region" {
		t.Errorf("got %q", got)
	}
}

func TestFilters(t *testing.T) {
	labels := func(f *syncFake, chosen problemFilter) []string {
		var said []string
		for _, one := range f.tells(t, "en").filters(chosen) {
			said = append(said, one.label)
		}
		return said
	}
	want := []string{"All pairs: 3 failing", "All pairs: 111 excluded", "Contacts – Nextcloud: 3 failing",
		"Contacts – Nextcloud: 84 excluded", "Meetings – This computer: 27 excluded"}
	if got := labels(syncOffice().failing(), problemFilter{}); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	got := labels(syncOffice().failing(), problemFilter{pair: "tasks-1"})
	if !slices.Contains(got, "Tasks – Nextcloud: 0 failing") {
		t.Errorf("the chosen filter is not among %q", got)
	}
	f := syncOffice().failing()
	f.pairs = f.pairs[:1]
	f.counts = map[string]Counts{"contacts-1": {Failing: 3}}
	if got := labels(f, problemFilter{}); !slices.Equal(got, []string{"All pairs: 3 failing", "All pairs: 0 excluded"}) {
		t.Errorf("one pair needs no filters of its own: %q", got)
	}
}

// TestDetailsHoldNothingThatSomebodyWrote: they are copied into mails and forums.
func TestDetailsHoldNothingThatSomebodyWrote(t *testing.T) {
	groups, _, _ := syncOffice().failing().tells(t, "en").issues(problemFilter{})
	for _, g := range groups {
		for _, one := range g.issues {
			if strings.Contains(one.raw(), one.Title) || one.raw() == "" {
				t.Errorf("got %q", one.raw())
			}
		}
	}
	if got, want := groups[0].issues[0].raw(), fmt.Sprintf("%s contacts-1 right 1 mobile", provider.CodeTooLong); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestKeysTellProblemsApart(t *testing.T) {
	base := issue{Item: engine.Item{ID: "1", Code: plan.CodeTooLong, Side: "left", Field: "a"}, pair: "p"}
	seen := map[string]bool{}
	for _, change := range []func(*issue){
		func(*issue) {}, func(i *issue) { i.ID = "2" }, func(i *issue) { i.Code = plan.CodeMandatory },
		func(i *issue) { i.Item.Side = "right" }, func(i *issue) { i.Field = "b" }, func(i *issue) { i.pair = "q" },
	} {
		one := base
		change(&one)
		if seen[one.key()] {
			t.Errorf("%+v has the key of another", one)
		}
		seen[one.key()] = true
	}
}
