package ui

import (
	"strings"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

func TestQuestions(t *testing.T) {
	cases := []struct {
		name               string
		guard              plan.Guard
		change             func(*syncFake)
		title, goOn, meant string
	}{
		{"gone from the server", plan.Guard{Code: plan.CodeMany, Side: plan.Left, Number: 212}, nil,
			"212 contacts are gone from Nextcloud", "Delete 212 in Zoho CRM", "Moves them to Zoho CRM’s recycle bin."},
		{"gone from the CRM", plan.Guard{Code: plan.CodeMany, Side: plan.Right, Number: 1212}, nil,
			"1,212 contacts are gone from Zoho CRM", "Delete 1,212 in Nextcloud", "Removes them from “Zoho CRM Contacts”."},
		{"all changed on the server", plan.Guard{Code: plan.CodeAll, Side: plan.Right, Number: 816}, nil,
			"All 816 contacts changed at once in Nextcloud", "Write 816 changes to Zoho CRM", "Replaces the values there by those of Nextcloud."},
		{"all changed in the CRM", plan.Guard{Code: plan.CodeAll, Side: plan.Left, Number: 816}, nil,
			"All 816 contacts changed at once in Zoho CRM", "Write 816 changes to Nextcloud", "Replaces the values there by those of Zoho CRM."},
		{"an empty server", plan.Guard{Code: plan.CodeEmptied, Side: plan.Right, Number: 212}, nil,
			"Nextcloud suddenly lists no contacts", "Delete up to 212 in Zoho CRM", "Takes the empty folder as meant. Moves them to Zoho CRM’s recycle bin."},
		{"an empty server, nothing is deleted in the CRM", plan.Guard{Code: plan.CodeEmptied, Side: plan.Right, Number: 212},
			func(f *syncFake) { f.pairs[0].Delete[plan.Left] = plan.Never },
			"Nextcloud suddenly lists no contacts", "Keep 212 in Zoho CRM", "Takes the empty folder as it is. The rules of this pair delete nothing in Zoho CRM."},
		{"an empty server, deletions ask", plan.Guard{Code: plan.CodeEmptied, Side: plan.Right, Number: 212},
			func(f *syncFake) { f.pairs[0].Delete[plan.Left] = plan.Ask },
			"Nextcloud suddenly lists no contacts", "Keep 212 in Zoho CRM", "Takes the empty folder as it is. The rules of this pair delete nothing in Zoho CRM."},
		{"an empty server that is only written", plan.Guard{Code: plan.CodeEmptied, Side: plan.Right, Number: 212},
			func(f *syncFake) { f.pairs[0].Direction = plan.ToRight },
			"Nextcloud suddenly lists no contacts", "Keep 212 in Zoho CRM", "Takes the empty folder as it is. The rules of this pair delete nothing in Zoho CRM."},
		{"an empty CRM", plan.Guard{Code: plan.CodeEmptied, Side: plan.Left, Number: 212}, nil,
			"Zoho CRM suddenly lists no contacts", "Keep 212 in Nextcloud", "Takes the empty folder as it is. The rules of this pair delete nothing in Nextcloud."},
		{"refused", plan.Guard{Code: plan.CodeFailing, Side: plan.Right, Number: 3}, nil,
			"Nextcloud refused the first 3 new contacts", "Leave 3 out, go on in Nextcloud", "They stay listed under Problems, with the reason."},
		{"tasks", plan.Guard{Code: plan.CodeMany, Side: plan.Left, Number: 7}, func(f *syncFake) { f.pairs[0].Kind = record.Task },
			"7 tasks are gone from Nextcloud", "Delete 7 in Zoho CRM", "Moves them to Zoho CRM’s recycle bin."},
		{"meetings", plan.Guard{Code: plan.CodeMany, Side: plan.Left, Number: 7}, func(f *syncFake) { f.pairs[0].Kind = record.Event },
			"7 meetings are gone from Nextcloud", "Delete 7 in Zoho CRM", "Moves them to Zoho CRM’s recycle bin."},
		{"tomorrow's", plan.Guard{Code: "guard-new", Side: plan.Right, Number: 9}, nil,
			"This pair is stopped", "Go on with 9 in Nextcloud", "Carries out what this pair was stopped for."},
	}
	for _, c := range cases {
		f := syncOffice()
		if c.change != nil {
			c.change(f)
		}
		q := f.tells(t, "en").question(f.pairs[0], c.guard)
		if q.title != c.title || q.goOn != c.goOn || q.meant != c.meant || q.number != c.guard.Number {
			t.Errorf("%s: got %q, %q, %q, %d", c.name, q.title, q.goOn, q.meant, q.number)
		}
	}
}

// TestQuestionsSayThatNothingHappenedYet: for every kind of item and every guard, in every language something is said.
func TestQuestionsSayThatNothingHappenedYet(t *testing.T) {
	for _, language := range []string{"en", "fr", "pt-BR"} {
		for _, kind := range record.Kinds {
			for _, code := range []string{plan.CodeMany, plan.CodeAll, plan.CodeEmptied, plan.CodeFailing} {
				f := syncOffice()
				f.pairs[0].Kind = kind
				q := f.tells(t, language).question(f.pairs[0], plan.Guard{Code: code, Side: plan.Right, Number: 12})
				if q.title == "" || q.words == "" || q.calm == "" || q.goOn == "" || q.meant == "" || q.later == "" {
					t.Errorf("%s %s %s: %+v", language, kind, code, q)
				}
				if !strings.Contains(q.goOn, "12") {
					t.Errorf("%s %s %s: %q does not name the number", language, kind, code, q.goOn)
				}
			}
		}
	}
}
