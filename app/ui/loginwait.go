package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

const (
	pageLife = 10 * time.Minute // how long the browser is waited for
	farewell = 2 * time.Second  // how long the window says who is signed in
)

// browse signs in through the browser.
func (l *logIn) browse(s SignIn) {
	l.begin(l.form)
	s.Waiting = l.address
	l.until(l.after(pageLife, l.tooLate))
	l.waiting()
	l.signIn(s)
}

// redeem signs in with a code of Zoho's API console.
func (l *logIn) redeem(s SignIn) {
	l.begin(l.otherWays)
	l.put(nil, fixedPage(l.turning(l.words.T("Signing in…"))), nil, l.button(l.words.T("Cancel"), l.otherWays))
	l.signIn(s)
}

// signIn asks the program. l.asked is what Try again asks once more.
func (l *logIn) signIn(s SignIn) {
	s.Account, s.Email, s.Keep = l.again.Name, l.email, l.keep
	l.asked = s
	l.until(l.run(func(ctx context.Context, tell func(func())) {
		account, err := l.program.SignIn(ctx, telling(s, tell))
		first := false
		if err == nil {
			// Without a pair there is nothing to sync, so the settings come next. They tell why a list cannot be read.
			pairs, failed := l.program.Pairs(ctx)
			first = failed == nil && len(pairs) == 0
		}
		tell(func() {
			l.window.RequestFocus()
			if err != nil {
				l.failed(l.program.Explain(err), l.repeat)
				return
			}
			l.signedIn(account, first)
		})
	}))
}

// telling has the callbacks arrive on the goroutine of the windows.
func telling(s SignIn, tell func(func())) SignIn {
	if f := s.Waiting; f != nil {
		s.Waiting = func(url string) { tell(func() { f(url) }) }
	}
	if f := s.DeviceWaiting; f != nil {
		s.DeviceWaiting = func(url, code string) { tell(func() { f(url, code) }) }
	}
	return s
}

// repeat tries once more what failed.
func (l *logIn) repeat() {
	switch {
	case l.asked.Device:
		l.device(l.asked)
	case l.asked.SelfCode != "":
		l.redeem(l.asked)
	default:
		l.browse(l.asked)
	}
}

// turning is a heading beside a spinner.
func (l *logIn) turning(title string) fyne.CanvasObject {
	return columns([]float32{own, rest}, newSpinner(22), heading(title))
}

// waiting is the state before the program has an address.
func (l *logIn) waiting() {
	l.put(nil, fixedPage(l.browsing()), l.link(l.words.T("Other ways to sign in…"), l.otherWays),
		l.button(l.words.T("Cancel"), l.form))
}

// browsing says what to do in the browser.
func (l *logIn) browsing() *fyne.Container {
	return stack(0, l.turning(l.words.T("Waiting for your browser…")), gap(16),
		body(l.words.T("Finish signing in on Zoho’s page and choose Accept. This window then goes on by itself.")))
}

// address is the state in which the browser was asked to open a page.
func (l *logIn) address(url string) {
	l.fresh(l.form)
	left := caption("")
	l.countDown(left, l.loop.now().Add(pageLife))
	copied := l.button(l.words.T("Copy"), func() { l.copyText(url) })
	page := stack(0, l.browsing(), gap(24),
		strong(l.words.T("No page opened? Copy this address into a browser on this computer:")), gap(6),
		columns([]float32{rest, own}, boxed(url), copied), gap(6), left)
	l.put(nil, fixedPage(page), l.link(l.words.T("Other ways to sign in…"), l.otherWays),
		l.button(l.words.T("Cancel"), l.form),
		l.button(l.words.T("Open page again"), func() { l.openPage(url) }))
}

// countDown says how many minutes are left.
func (l *logIn) countDown(left *text, end time.Time) {
	minutes := int((end.Sub(l.loop.now()) + time.Minute - 1) / time.Minute)
	left.set(l.words.N("The address works for {{.n}} more minutes.", minutes))
	l.until(l.after(time.Minute, func() { l.countDown(left, end) }))
}

// tooLate ends a sign-in that nobody finished.
func (l *logIn) tooLate() {
	l.failed(Explained{Sentence: l.words.T("The page was not finished in time. Sign in once more.")}, l.repeat)
}

// openPage shows an address in the browser, beside the window: some browsers answer only when they are closed.
func (l *logIn) openPage(url string) {
	l.run(func(_ context.Context, tell func(func())) {
		if err := l.program.Open(url); err != nil {
			tell(func() { l.tellProblem(l.program.Explain(err)) })
		}
	})
}

// tellProblem puts an error in front of a state that goes on.
func (l *logIn) tellProblem(e Explained) {
	s := l.sheet()
	s.open(420, nil, e.Sentence, stack(12, body(e.Next), s.details(e)), nil, s.primary(l.words.T("Close"), s.hide))
}

// signedIn says who is signed in, for a moment.
func (l *logIn) signedIn(a Account, first bool) {
	leave := func() {
		l.close()
		if first {
			l.windows.Settings()
		}
	}
	l.begin(leave)
	who := a.Who
	if who == "" {
		who = a.Name
	}
	sentence := l.words.T("Signed in: {{.who}}", "who", who)
	if a.Organisation != "" {
		sentence = l.words.T("Signed in: {{.who}}, organisation {{.organisation}}", "who", who, "organisation", a.Organisation)
	}
	page := stack(0, columns([]float32{own, rest}, picture(theme.ConfirmIcon(), theme.ColorNameSuccess, 24),
		heading(l.words.T("Signed in"))), gap(16), body(sentence))
	l.put(nil, fixedPage(page), l.link(l.words.T("Not this organisation? Log out"), func() { l.signOut(a) }),
		l.primary(l.words.T("Close"), leave))
	l.until(l.after(farewell, leave))
}

// signOut takes back a sign-in to the wrong organisation.
func (l *logIn) signOut(a Account) {
	l.begin(l.close)
	l.put(nil, fixedPage(l.turning(l.words.T("Logging out…"))), nil, l.button(l.words.T("Close"), l.close))
	l.until(l.run(func(ctx context.Context, tell func(func())) {
		err := l.program.SignOut(ctx, a.Name)
		tell(func() {
			if err != nil {
				l.failed(l.program.Explain(err), func() { l.signOut(a) })
				return
			}
			l.load()
		})
	}))
}
