package ui

import (
	"fmt"
	"strings"
	"testing"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// asks is a question about a number of items of which so many are linked.
func asks(g plan.Guard, linked int, choices ...plan.Choice) engine.Question {
	q := stopped(g)
	q.Linked, q.Choices = linked, append(choices, plan.ChoiceLater)
	return q
}

func TestQuestions(t *testing.T) {
	const back, del, keep, on, put = plan.ChoiceBringBack, plan.ChoiceDelete, plan.ChoiceKeep, plan.ChoiceGoOn, plan.ChoicePutBack
	cases := []struct {
		name     string
		question engine.Question
		change   func(*syncFake)
		title    string
		ways     string // each answer and what it means
	}{
		{"gone from the server", asks(plan.Guard{Code: plan.CodeMany, Side: plan.Left, Number: 212}, 816, back, del), nil,
			"212 contacts are gone from Nextcloud: “Zoho CRM Contacts” lists 604 instead of 816.",
			"Bring 212 back to Nextcloud: Writes them again from Zoho CRM.; Delete 212 in Zoho CRM: Moves them to Zoho CRM’s recycle bin."},
		{"gone from the CRM", asks(plan.Guard{Code: plan.CodeMany, Side: plan.Right, Number: 1212}, 1212, del), nil,
			"1,212 contacts are gone from Zoho CRM: “My contacts” no longer lists them.", "Delete 1,212 in Nextcloud: Removes them from “Zoho CRM Contacts”."},
		{"all changed on the server", asks(plan.Guard{Code: plan.CodeAll, Side: plan.Right, Number: 816}, 816, put, on), nil,
			"All 816 contacts changed at once in Nextcloud: Where nobody edited them, a wrong clock, another time zone or another program is the likely cause.",
			"Put 816 back in Nextcloud: Writes there what Zoho CRM holds. The changed values stay in the history.; Write 816 changes to Zoho CRM: Replaces the values there by those of Nextcloud."},
		{"an empty server", asks(plan.Guard{Code: plan.CodeEmptied, Side: plan.Right, Number: 212}, 212, back, del), nil,
			"Nextcloud suddenly lists no contacts: “Zoho CRM Contacts” held 212 at the last sync.",
			"Bring 212 back to Nextcloud: Writes them again from Zoho CRM.; Delete 212 in Zoho CRM: Moves them to Zoho CRM’s recycle bin."},
		{"an empty CRM whose copies are kept", asks(plan.Guard{Code: plan.CodeEmptied, Side: plan.Left, Number: 212}, 212, keep), nil,
			"Zoho CRM suddenly lists no contacts: “My contacts” held 212 at the last sync.", "Keep 212 in Nextcloud: They stay there on their own."},
		{"first", asks(plan.Guard{Code: plan.CodeFirst, Side: plan.Right, Number: 90}, 9, on), nil,
			"The first sync would create 90 contacts, most of them in Nextcloud: Both sides hold items already, and 9 were recognised on both. If more of them are the same, or this is the wrong folder, decide later.",
			"Create 90: Each side gets what only the other one holds."},
		{"refused", asks(plan.Guard{Code: plan.CodeFailing, Side: plan.Right, Number: 3}, 0, on), nil,
			"Nextcloud refused the first 3 new contacts: All of them for the same reason.", "Leave 3 out, go on in Nextcloud: They stay listed under Problems, with the reason."},
		{"tasks", asks(plan.Guard{Code: plan.CodeMany, Side: plan.Left, Number: 7}, 7, del), func(f *syncFake) { f.pairs[0].Kind = record.Task },
			"7 tasks are gone from Nextcloud: “Zoho CRM Contacts” no longer lists them.", "Delete 7 in Zoho CRM: Moves them to Zoho CRM’s recycle bin."},
		{"meetings", asks(plan.Guard{Code: plan.CodeMany, Side: plan.Left, Number: 7}, 7, del), func(f *syncFake) { f.pairs[0].Kind = record.Event },
			"7 meetings are gone from Nextcloud: “Zoho CRM Contacts” no longer lists them.", "Delete 7 in Zoho CRM: Moves them to Zoho CRM’s recycle bin."},
		{"tomorrow's", asks(plan.Guard{Code: "guard-new", Side: plan.Right, Number: 9}, 0, on), nil,
			"This pair is stopped: ", "Go on with 9 in Nextcloud: Carries out what this pair was stopped for."},
	}
	for _, c := range cases {
		f := syncOffice()
		if c.change != nil {
			c.change(f)
		}
		q := f.tells(t, "en").question(f.pairs[0], c.question)
		var ways []string
		for _, way := range q.ways {
			ways = append(ways, way.label+": "+way.meaning)
		}
		last := q.ways[len(q.ways)-1]
		got := strings.Join(ways[:len(ways)-1], "; ")
		if q.title+": "+q.words != c.title || got != c.ways || q.number != c.question.Number || last.choice != plan.ChoiceLater || last.label != "Decide later" {
			t.Errorf("%s: got\n%s: %s\n%s", c.name, q.title, q.words, got)
		}
	}
}

// TestQuestionsSayThatNothingHappenedYet: for every kind of item and every guard, in every language something is said.
func TestQuestionsSayThatNothingHappenedYet(t *testing.T) {
	for _, language := range []string{"en", "fr", "pt-BR"} {
		for _, kind := range record.Kinds {
			for _, code := range []string{plan.CodeMany, plan.CodeAll, plan.CodeEmptied, plan.CodeFailing, plan.CodeFirst} {
				f := syncOffice()
				f.pairs[0].Kind = kind
				question := asks(plan.Guard{Code: code, Side: plan.Right, Number: 12}, 40, plan.ChoiceBringBack, plan.ChoiceDelete, plan.ChoiceKeep, plan.ChoiceGoOn, plan.ChoicePutBack)
				q := f.tells(t, language).question(f.pairs[0], question)
				if q.title == "" || q.words == "" || q.calm == "" || len(q.ways) != 6 {
					t.Errorf("%s %s %s: %+v", language, kind, code, q)
				}
				for _, way := range q.ways {
					if way.label == "" || way.meaning == "" || !strings.Contains(way.label, "12") && way.choice != plan.ChoiceLater {
						t.Errorf("%s %s %s: %s", language, kind, code, fmt.Sprint(way))
					}
				}
			}
		}
	}
}
