package ui

import (
	"cmp"
	"slices"
	"strings"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// reasonTitles name the codes of problems in a few words; the sentences come from Program.Reason.
func reasonTitles() map[string]string {
	return map[string]string{
		provider.CodeUnreadable:     "Cannot be read",
		provider.CodeRecurring:      "Repeats",
		provider.CodeNoOccurrence:   "No occurrence",
		provider.CodeTooOften:       "Repeats too often",
		provider.CodeOtherKind:      "Of another kind",
		provider.CodeTooLong:        "Value too long",
		provider.CodeNoChoice:       "Choice not offered",
		provider.CodeMandatory:      "Mandatory field missing",
		provider.CodeUnknownAccount: "Account not found",
		provider.CodeUnknownContact: "Contact not found",
		provider.CodeInvalid:        "Value refused",
		provider.CodeDuplicate:      "Unique value taken",
		provider.CodeLocked:         "Locked",
		provider.CodeForbidden:      "Not allowed",
		provider.CodeWouldMail:      "Would mail the guests",
		provider.CodeRefused:        "Refused",
		plan.CodeExtra:              "More values than fields",
		plan.CodeAmbiguous:          "Ambiguous",
		plan.CodeDeletion:           "Deletion waits",
		plan.CodeGuests:             "Deletion of a meeting waits",
		plan.CodeHeld:               "Deleted on one side only",
		plan.CodeUndone:             "Left by an undo",
		plan.CodeEdited:             "Edited since",
		plan.CodeGoneSince:          "Deleted since",
		plan.CodeReplaced:           "Replaced since",
		plan.CodeLastCopy:           "Maybe the only copy",
		plan.CodeCopied:             "Maybe a copy",
		plan.CodeHoldsMore:          "Holds more than its partner",
		plan.CodeUntold:             "Edits not known",
		plan.CodeReadOnly:           "Not written",
		plan.CodeLeft:               "Left alone",
		plan.CodeLoop:               "Changed back again and again",
		plan.CodeReturned:           "Came back",
		plan.CodeGone:               "Folder missing",
		plan.CodeLostAccess:         "Access lost",
		plan.CodeUnseen:             "Deleted, and out of sight",
		plan.CodeConflict:           "Waits for your choice",
		plan.CodeKeepBoth:           "Kept twice",
		plan.CodeUnsure:             "Answer lost",
		plan.CodeOrphan:             "Partner missing",
		plan.CodeOutOfReach:         "Partner outside this pair",
		plan.OutOwner:               "Owned by somebody else",
		plan.OutCategory:            "Outside the chosen categories",
		plan.CodeDrift:              "Different on both sides",
		plan.OutView:                "Not in the chosen view",
		plan.OutWindow:              "Outside the time range",
		plan.OutForeign:             "Belongs to another pair",
	}
}

// problemFilter says which items are listed.
type problemFilter struct {
	pair     string // "": of all pairs
	excluded bool   // what was left out on purpose, else what failed
}

// filterView is a filter with its words.
type filterView struct {
	problemFilter
	label string
}

// filters lists the filters that a person can choose from: of all pairs always, of a pair where it has something to list
// or is the chosen one.
func (t teller) filters(chosen problemFilter) []filterView {
	var all Counts
	for _, c := range t.counts {
		all.Failing, all.Excluded = all.Failing+c.Failing, all.Excluded+c.Excluded
	}
	w, every := t.words, t.words.T("All pairs")
	add := func(list []filterView, f problemFilter, name string, n int) []filterView {
		count := w.N("{{.n}} failing", n)
		if f.excluded {
			count = w.N("{{.n}} excluded", n)
		}
		return append(list, filterView{f, w.T("{{.title}}: {{.state}}", "title", name, "state", count)})
	}
	list := add(nil, problemFilter{}, every, all.Failing)
	list = add(list, problemFilter{excluded: true}, every, all.Excluded)
	if len(t.pairs) < 2 {
		return list
	}
	for _, p := range t.pairs {
		c := t.counts[p.ID]
		for _, f := range []problemFilter{{p.ID, false}, {p.ID, true}} {
			n := c.Failing
			if f.excluded {
				n = c.Excluded
			}
			if n > 0 || f == chosen {
				list = add(list, f, t.pairName(p), n)
			}
		}
	}
	return list
}

// issue is one item that is not in step.
type issue struct {
	engine.Item
	pair, pairName string
	side           string // the service that holds it
	folder         string
	field          string // the field at fault, in words; "": none
	reason         reason
}

// key is the same for the same problem of the same item, whenever it is read.
func (i issue) key() string {
	return strings.Join([]string{i.pair, i.Item.Side, string(i.ID), i.Code, string(i.Field)}, "\x00")
}

// issueGroup is all issues with one reason.
type issueGroup struct {
	title  string
	issues []issue
}

// issues lists what a filter lets through, by reason, the commonest first. unlisted counts what is only counted.
func (t teller) issues(f problemFilter) (groups []issueGroup, listed, unlisted int) {
	by := map[string]int{}
	for _, p := range t.pairs {
		if f.pair != "" && f.pair != p.ID {
			continue
		}
		here := 0
		for _, it := range t.items[p.ID] {
			if plan.Excluded(it.Code) != f.excluded {
				continue
			}
			here++
			title := t.reasonTitle(it.Code)
			at, known := by[title]
			if !known {
				at = len(groups)
				by[title] = at
				groups = append(groups, issueGroup{title: title})
			}
			groups[at].issues = append(groups[at].issues, t.issue(p.ID, it))
		}
		listed += here
		if f.excluded {
			unlisted += max(0, t.counts[p.ID].Excluded-here)
		}
	}
	for _, g := range groups {
		slices.SortStableFunc(g.issues, func(a, b issue) int { return cmp.Compare(a.Title, b.Title) })
	}
	slices.SortStableFunc(groups, func(a, b issueGroup) int {
		return cmp.Or(cmp.Compare(len(b.issues), len(a.issues)), cmp.Compare(a.title, b.title))
	})
	return groups, listed, unlisted
}

func (t teller) reasonTitle(code string) string {
	title := reasonTitles()[code]
	if title == "" {
		title = reasonTitles()[provider.CodeRefused]
	}
	return t.words.T(title)
}

func (t teller) issue(pair string, it engine.Item) issue {
	p, _, _ := t.find(pair)
	i := issue{Item: it, pair: pair, pairName: t.pairName(p), reason: t.reasons[it.Code]}
	for _, s := range plan.Sides {
		if s.String() == it.Side {
			i.side, i.folder = t.side(p, s), p.Ends[s].Title
		}
	}
	if it.Field != "" {
		i.field = strings.TrimPrefix(t.words.T(record.Lookup(p.Kind, it.Field).Label), "zoho:")
	}
	if i.Title = engine.Dated(it.Title, it.Day); i.Title == "" {
		i.Title = t.words.T("(no name)")
	}
	return i
}
