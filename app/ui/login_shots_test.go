package ui

import (
	"context"

	"zohosync/sync/auth"
)

const signInPage = "https://accounts.zoho.eu/oauth/v2/auth?client_id=1000.ABCDEFGHIJKLMNOPQRSTUVWXYZ012345&response_type=code"

func ann() Account {
	return Account{Name: "crm", Service: zoho, Title: "Zoho CRM", Who: "ann@example.com", Organisation: "Lima & Costa", SignedIn: true}
}

// logInShots are the states of the Log In window.
func logInShots() []shot {
	form := func() Program { return ready() }
	return []shot{
		{"login", form, (*stage).form},
		{"login-again", func() Program {
			p := ready()
			p.accounts = []Account{{Name: "crm", Service: zoho, Title: "Zoho CRM", Who: "ann@example.com", Problem: "revoked"}}
			return p
		}, (*stage).form},
		{"login-no-keychain", func() Program {
			p := ready()
			p.settings.VaultWorks = false
			return p
		}, (*stage).form},
		{"login-vault-file", func() Program {
			p := ready()
			p.settings.Vault = "file"
			return p
		}, (*stage).form},
		{"login-waiting", func() Program { return waiting(ready()) }, func(s *stage) *opened {
			o := s.form()
			s.press(o, s.say("Sign In"))
			s.until("the address is shown", func() bool { return says(o, signInPage) })
			return o
		}},
		{"login-signed-in", func() Program { return answering(ann(), nil) }, after("Sign In", "Signed in")},
		{"login-too-many", func() Program {
			p := answering(Account{}, coded(auth.CodeTooManyTokens))
			p.accounts = []Account{{Service: zoho, Who: "ann@example.com"}}
			return p
		}, after("Sign In", "Zoho refused this sign-in")},
		{"login-throttled", func() Program { return answering(Account{}, coded(auth.CodeThrottled)) }, after("Sign In", "Zoho refused this sign-in")},
		{"login-denied", func() Program { return answering(Account{}, coded(auth.CodeDenied)) }, after("Sign In", "You chose Reject on Zoho’s page")},
		{"login-offline", func() Program { return answering(Account{}, coded("unreachable")) }, after("Sign In", "Zoho did not answer")},
		{"login-details", func() Program { return answering(Account{}, coded("unreachable")) }, func(s *stage) *opened {
			o := after("Sign In", "Zoho did not answer")(s)
			s.press(o, s.windows.words.T("Details (code {{.code}})", "code", "unreachable"))
			return o
		}},
		{"login-ways", form, (*stage).otherWays},
		{"login-ways-device", func() Program { return waiting(ready()) }, func(s *stage) *opened {
			o := s.otherWays()
			s.press(o, s.say("Continue"))
			s.until("the code is shown", func() bool { return says(o, "WDJB-MJHT") })
			return o
		}},
		{"login-ways-self-client", form, way("With a self-client code")},
		{"login-ways-own-client", form, way("With your own OAuth client")},
		{"login-register", func() Program {
			p := ready()
			p.settings.BuiltIn = false
			return p
		}, func(s *stage) *opened {
			s.windows.LogIn()
			o := s.open(nameLogIn)
			s.until("the steps are shown", func() bool { return says(o, s.say("Register ZohoSync with Zoho")) })
			return o
		}},
	}
}

// say says a sentence in the language of the stage.
func (s *stage) say(sentence string) string { return s.windows.words.T(sentence) }

// form opens Log In and waits for its form.
func (s *stage) form() *opened {
	s.windows.LogIn()
	o := s.open(nameLogIn)
	s.until("the form is shown", func() bool { return says(o, s.say("E-mail (optional)")) })
	return o
}

func (s *stage) otherWays() *opened {
	o := s.form()
	s.press(o, s.say("Other ways to sign in…"))
	return o
}

// way chooses one of the other ways.
func way(label string) func(*stage) *opened {
	return func(s *stage) *opened {
		o := s.otherWays()
		s.press(o, s.say(label))
		return o
	}
}

// after presses a button of the form and waits for words.
func after(button, then string) func(*stage) *opened {
	return func(s *stage) *opened {
		o := s.form()
		s.press(o, s.say(button))
		s.until(then, func() bool { return says(o, s.say(then)) })
		return o
	}
}

// waiting has sign-ins show their page or code, and then wait for the person.
func waiting(p *fake) *fake {
	p.signIn = func(ctx context.Context, s SignIn) (Account, error) {
		if s.Waiting != nil {
			s.Waiting(signInPage)
		}
		if s.DeviceWaiting != nil {
			s.DeviceWaiting("https://accounts.zoho.eu/oauth/v3/device", "WDJB-MJHT")
		}
		<-ctx.Done()
		return Account{}, ctx.Err()
	}
	return p
}

// answering has sign-ins end at once.
func answering(a Account, err error) *fake {
	p := ready()
	p.signIn = func(context.Context, SignIn) (Account, error) { return a, err }
	return p
}
