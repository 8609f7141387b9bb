package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
)

// logIn signs in to Zoho CRM. No password is typed here: the person signs in on Zoho's own page.
type logIn struct {
	*kit
	root     *fyne.Container
	settings Settings
	again    Account // the account that is signed in again; empty for a new one

	email    string
	keep     bool
	way      int    // of the other ways, as listed there
	selfCode string // what was typed in the other ways
	clientID string
	secret   string
	centre   int // of the data centres; 0: found automatically

	asked SignIn   // the last try
	ends  []func() // end what is under way
}

// zoho is the name of the service in an account.
const zoho = "zoho"

func logInSize() fyne.Size { return fyne.NewSize(500, 424) }

func newLogIn(k *kit, _ string) view {
	l := &logIn{kit: k, root: over(), keep: true}
	l.load()
	return view{title: k.words.T("Log In"), content: l.root, size: logInSize(), fixed: true}
}

// begin starts another state: what was under way ends.
func (l *logIn) begin(escape func()) {
	for _, end := range l.ends {
		end()
	}
	l.ends = nil
	l.fresh(escape)
}

// fresh empties the keyboard for another page of the same state.
func (l *logIn) fresh(escape func()) { l.keys.primary, l.keys.escape = nil, escape }

// until has the state end something.
func (l *logIn) until(end func()) { l.ends = append(l.ends, end) }

// put shows a state. left is the link of the footer; nil: none.
func (l *logIn) put(focus fyne.Focusable, page, left fyne.CanvasObject, buttons ...fyne.CanvasObject) {
	show(l.root, frame(nil, 0, page, footer(left, buttons...)))
	l.kit.settle()
	if focus != nil {
		l.focus(focus)
	} else {
		l.window.Canvas().Unfocus()
	}
}

// load asks what the form depends on.
func (l *logIn) load() {
	l.begin(l.close)
	l.put(nil, fixedPage(heading(l.words.T("Log in to Zoho CRM")), gap(16), busy(l.words.T("One moment…"))), nil,
		l.button(l.words.T("Cancel"), l.close))
	l.until(l.run(func(ctx context.Context, tell func(func())) {
		settings, err := l.program.Settings(ctx)
		var accounts []Account
		if err == nil {
			accounts, err = l.program.Accounts(ctx)
		}
		tell(func() {
			if err != nil {
				l.failed(l.program.Explain(err), l.load)
				return
			}
			l.settings, l.clientID = settings, settings.ClientID
			l.keep = keeps(settings)
			l.recognise(accounts)
			l.start()
		})
	}))
}

// keeps tells whether a token can outlive this run.
func keeps(s Settings) bool { return s.VaultWorks && s.Vault != "memory" }

// recognise finds the account to sign in to again.
func (l *logIn) recognise(accounts []Account) {
	for _, a := range accounts {
		if a.Service == zoho && !a.SignedIn {
			l.again = a
			if strings.Contains(a.Who, "@") {
				l.email = a.Who
			}
			return
		}
	}
}

// start is the first state: the form, or how to register a client where there is none.
func (l *logIn) start() {
	if l.hasClient() {
		l.form()
	} else {
		l.register()
	}
}

func (l *logIn) hasClient() bool { return l.settings.BuiltIn || l.settings.ClientID != "" }

// form is the state in which a person signs in.
func (l *logIn) form() {
	l.begin(l.close)
	email := l.entry(l.email, "name@example.com", func(s string) { l.email = strings.TrimSpace(s) })
	page := stack(0, heading(l.words.T("Log in to Zoho CRM")), gap(16))
	if l.again.Problem != "" {
		sentence, _ := l.program.Reason(l.again.Problem)
		page.Add(note(noteWarning, l.words.T("Sign in again to {{.title}}", "title", l.again.Title), sentence))
		page.Add(gap(12))
	}
	page.Add(quiet(l.words.T("You sign in on Zoho’s own page, in your browser. ZohoSync never sees your password. Google, Microsoft, Apple, Facebook and Yahoo identities and two-factor sign-in work there too.")))
	page.Add(gap(16))
	page.Add(labelled(l.words.T("E-mail (optional)"), email, l.words.T("Filled in for you on Zoho’s page.")))
	page.Add(gap(12))
	page.Add(l.keeping())
	l.put(email, fixedPage(page), l.link(l.words.T("Other ways to sign in…"), l.otherWays),
		l.button(l.words.T("Cancel"), l.close),
		l.primary(l.words.T("Sign In"), func() { l.browse(SignIn{}) }))
}

// keeping is the box that keeps a person signed in, or the reason why that cannot be.
func (l *logIn) keeping() fyne.CanvasObject {
	if !l.settings.VaultWorks {
		return note(noteWarning, l.words.T("The keychain cannot be used on this computer."),
			l.words.T("You stay signed in for this session only: ZohoSync forgets it when it quits."))
	}
	box := l.check(l.words.T("Keep me signed in"), l.keep, func(on bool) { l.keep = on })
	where := l.words.T("Kept in this computer’s keychain. Off: forgotten when ZohoSync quits.")
	switch l.settings.Vault {
	case "file":
		where = l.words.T("Kept in a file protected by your passphrase. Off: forgotten when ZohoSync quits.")
	case "memory":
		box.Disable()
		where = l.words.T("ZohoSync was started to keep nothing: it forgets this when it quits.")
	}
	return ticked(box, where)
}
