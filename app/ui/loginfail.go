package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"zohosync/sync/auth"
)

// failed says why there was no sign-in, and what to do. again tries once more.
func (l *logIn) failed(e Explained, again func()) {
	l.begin(l.start)
	if e.Code == auth.CodeTooManyTokens {
		l.tooMany(e, again)
		return
	}
	page := stack(12, heading(l.failure(e.Code)), gap(0), note(noteError, e.Sentence, e.Next))
	if e.Code != "" {
		page.Add(l.details(e))
	}
	l.put(nil, fixedPage(page), l.elsewhere(e.Code),
		l.button(l.words.T("Cancel"), l.start), l.primary(l.words.T("Try again"), again))
}

// failure is the heading for a code.
func (l *logIn) failure(code string) string {
	refused := []string{auth.CodeRevoked, auth.CodeExpired, auth.CodeClient, auth.CodeMultiDC, auth.CodeRedirect,
		auth.CodeScope, auth.CodeThrottled, auth.CodeTooManyTokens}
	switch {
	case code == auth.CodeDenied:
		return l.words.T("You chose Reject on Zoho’s page")
	case slices.Contains(refused, code):
		return l.words.T("Zoho refused this sign-in")
	case code == "unreachable":
		return l.words.T("Zoho did not answer")
	}
	return l.words.T("The sign-in was not finished")
}

// elsewhere is the way out that fits a code: a client that Zoho does not accept is looked at, else another way is taken.
func (l *logIn) elsewhere(code string) fyne.CanvasObject {
	client := []string{auth.CodeClient, auth.CodeMultiDC, auth.CodeRedirect}
	if slices.Contains(client, code) && !l.settings.BuiltIn {
		return l.link(l.words.T("Check the client…"), l.register)
	}
	return l.link(l.words.T("Other ways to sign in…"), l.otherWays)
}

// tooMany leads to the page on which a person removes an old token.
func (l *logIn) tooMany(e Explained, again func()) {
	title := l.words.T("Too many sign-ins for this Zoho account")
	if l.email != "" {
		title = l.words.T("Too many sign-ins for {{.who}}", "who", l.email)
	}
	page := stack(16, heading(l.failure(e.Code)),
		note(noteError, title, l.words.T("This Zoho account already has as many active tokens as Zoho allows. Remove one that is no longer needed, then try again.")),
		body(l.words.T("On Zoho’s page: Sessions > Connected Apps, then Remove next to an old entry. ZohoSync uses one token only and gives it back when you log out.")),
		l.details(e))
	l.put(nil, fixedPage(page), nil,
		l.button(l.words.T("Cancel"), l.start), l.button(l.words.T("Try again"), again),
		l.primary(l.words.T("Open Zoho’s page"), func() { l.openPage(l.sessionsPage()) }))
}

// sessionsPage lists the tokens of a Zoho account. Where the data centre is not known, Zoho leads on to the right one.
func (l *logIn) sessionsPage() string {
	accounts := l.asked.AccountsURL
	if accounts == "" {
		accounts = auth.DataCentres()[0].Accounts
	}
	return accounts + "/home#sessions/connectedapps"
}
