package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"zohosync/sync/auth"
	"zohosync/sync/state"
)

// accountsPage lists the accounts. What is done to them is done at once.
func (s *settings) accountsPage() fyne.CanvasObject {
	add := place(s, "add", s.button(s.words.T("Add account…"), s.addAccount))
	if len(s.accounts) == 0 {
		return fullPage(heading(s.words.T("Accounts")), empty(theme.AccountIcon(), theme.ColorNamePrimary, s.words.T("No account yet"),
			s.words.T("A pair needs two: Zoho CRM, and a server or this computer."), add))
	}
	page := []fyne.CanvasObject{
		head(s.words.T("Accounts"), s.words.T("Accounts are added and removed at once, without OK or Apply."), add),
		gap(12), rule(),
	}
	for _, a := range s.accounts {
		page = append(page, s.accountRow(a), rule())
	}
	return s.kit.page(page...)
}

// accountRow is one account: its name and what is known of it, at the right its state over its buttons.
func (s *settings) accountRow(a Account) fyne.CanvasObject {
	word, icon, token := s.speech().standing(a)
	left := stack(2, strong(s.speech().account(a)), caption(s.speech().who(a)), caption(s.speech().use(a)))
	if a.Problem != "" && a.Problem != auth.CodeSignedOut {
		sentence, _ := s.program.Reason(a.Problem)
		left.Add(newText(sentence, style{size: theme.SizeNameCaptionText, token: theme.ColorNameWarning}))
	}
	state := beside(6, picture(icon, token, 18), newText(word, style{line: true, bold: true, token: token}))
	right := stack(6, spread(gap(0), state), spread(gap(0), beside(8, s.accountButtons(a)...)))
	return inset(0, 12, 0, 12, columnsTop([]float32{rest, own}, left, right))
}

// accountButtons are what can be done to an account in its state.
func (s *settings) accountButtons(a Account) []fyne.CanvasObject {
	remove := place(s, "remove "+a.Name, s.button(s.words.T("Remove…"), func() { s.removeAccount(a) }))
	switch {
	case a.Service == thisComputer:
		return []fyne.CanvasObject{remove}
	case a.Service == zoho && !mustSignIn(a):
		return []fyne.CanvasObject{place(s, "log out "+a.Name, s.button(s.words.T("Log Out"), func() { s.logOut(a) }))}
	case a.Service == zoho:
		return []fyne.CanvasObject{remove, place(s, "again "+a.Name, s.button(s.words.T("Sign in again…"), s.windows.LogIn))}
	}
	again := place(s, "again "+a.Name, s.button(s.words.T("Edit…"), func() { s.newPassword(a) }))
	if mustSignIn(a) {
		again.SetText(s.words.T("Sign in again…"))
		return []fyne.CanvasObject{remove, again}
	}
	return []fyne.CanvasObject{again, remove}
}

// mustSignIn tells whether signing in again is what helps an account.
func mustSignIn(a Account) bool {
	return !a.SignedIn || slices.Contains([]string{auth.CodeSignedOut, auth.CodeRevoked, auth.CodeExpired, auth.CodeScope, auth.CodeClient, auth.CodeMultiDC, "password"}, a.Problem)
}

// logOut revokes the token at once: the pairs rest, and nothing is lost.
func (s *settings) logOut(a Account) {
	s.act(s.words.T("Logging out…"), s.words.T("Logging out was not finished"),
		func(ctx context.Context) error { return s.program.SignOut(ctx, a.Name) }, nil)
}

// removeAccount asks before it removes an account and the pairs that use it, which it names.
func (s *settings) removeAccount(a Account) {
	name := s.speech().account(a)
	var ids, names []string
	for _, p := range s.draft.stored {
		if uses(p, a.Name) {
			ids, names = append(ids, p.ID), append(names, s.speech().pair(p))
		}
	}
	sentence := s.words.T("No pair uses this account. Nothing is deleted on the server.")
	if len(names) > 0 {
		sentence = s.words.N("{{.n}} pairs end: {{.names}}. Contacts, tasks and meetings stay on both sides.", len(names),
			"names", strings.Join(names, ", "))
	}
	s.ask(s.words.T("Remove {{.name}} from ZohoSync?", "name", name), sentence,
		answer{label: s.words.T("Keep account")},
		answer{label: s.words.T("Remove account"), do: func() {
			s.act(s.words.T("Removing {{.name}}…", "name", name), s.words.T("{{.name}} was not removed", "name", name),
				func(ctx context.Context) error {
					if len(ids) > 0 {
						if err := s.program.StorePairs(ctx, nil, ids); err != nil {
							return err
						}
					}
					return s.program.RemoveAccount(ctx, a.Name)
				}, func() { s.draft.drop(a.Name) })
		}})
}

// removePair asks before a pair is taken out. That is a change like any other: it is done by OK or Apply.
func (s *settings) removePair(p state.Pair) {
	s.ask(s.words.T("Remove the pair {{.name}}?", "name", s.speech().pair(p)),
		s.words.T("It is no longer synced once you choose OK or Apply. Both copies stay: nothing is deleted on either side."),
		answer{label: s.words.T("Go on syncing")},
		answer{label: s.words.T("Remove, keep both copies"), do: func() {
			s.draft.remove(p.ID)
			s.open(pageAccounts)
			s.redraw()
		}})
}
