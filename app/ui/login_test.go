package ui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"zohosync/sync/auth"
	"zohosync/sync/state"
)

// TestNoPasswordIsEverAskedFor: in no state of Log In is there a field that hides what is typed, nor one called a password.
func TestNoPasswordIsEverAskedFor(t *testing.T) {
	for _, one := range logInShots() {
		t.Run(one.name, func(t *testing.T) {
			o := one.take(english(t, one.program()))
			each(o.kit.window.Canvas().Content(), func(n node) {
				if e, ok := n.object.(*entry); ok && e.Password {
					t.Error("a field hides what is typed")
				}
			})
			for _, said := range words(o) {
				if strings.Contains(strings.ToLower(said), "password") && !strings.Contains(said, "never sees your password") &&
					!strings.Contains(said, "password was changed") {
					t.Errorf("it says %q", said)
				}
			}
		})
	}
}

// signIns returns what the program was asked, once it was asked.
func (s *stage) signIns(p *fake) []SignIn {
	s.t.Helper()
	s.until("the program is asked", func() bool { return len(p.copyAsked()) > 0 })
	return p.copyAsked()
}

func (f *fake) copyAsked() []SignIn {
	f.Lock()
	defer f.Unlock()
	asked := slices.Clone(f.asked)
	for i := range asked {
		asked[i].Waiting, asked[i].DeviceWaiting = nil, nil
	}
	return asked
}

func only1(t *testing.T, got []SignIn, want SignIn) {
	t.Helper()
	if len(got) != 1 || !same(got[0], want) {
		t.Errorf("asked %+v, want %+v", got, want)
	}
}

func same(a, b SignIn) bool {
	return a.Account == b.Account && a.Email == b.Email && a.Keep == b.Keep && a.ClientID == b.ClientID && a.ClientSecret == b.ClientSecret &&
		a.AccountsURL == b.AccountsURL && a.SelfCode == b.SelfCode && a.Device == b.Device
}

func TestSignInAsksForWhatWasTyped(t *testing.T) {
	p := waiting(ready())
	s := english(t, p)
	o := s.form()
	field, _ := find[*entry](o, "name@example.com")
	field.SetText(" ann@example.com ")
	keep, _ := find[*check](o, "Keep me signed in")
	if !keep.Checked {
		t.Error("keeping a person signed in is off at first")
	}
	keep.SetChecked(false)
	o.kit.focus(field)
	key(o, fyne.KeyReturn)
	only1(t, s.signIns(p), SignIn{Email: "ann@example.com"})
}

func TestSigningInAgainIsForTheSameAccount(t *testing.T) {
	p := waiting(ready())
	p.accounts = []Account{{Name: "other", Service: "dav"}, {Name: "crm", Service: zoho, Title: "Zoho CRM", Who: "ann@example.com", Problem: "revoked"}}
	s := english(t, p)
	o := s.form()
	if !says(o, "Sign in again to Zoho CRM") || !says(o, "Access was withdrawn, or the password was changed. Nothing was lost.") {
		t.Errorf("it says %q", words(o))
	}
	s.press(o, "Sign In")
	only1(t, s.signIns(p), SignIn{Account: "crm", Email: "ann@example.com", Keep: true})
}

// TestAnotherSignInIsANewAccount: who is signed in already stays so.
func TestAnotherSignInIsANewAccount(t *testing.T) {
	p := waiting(ready())
	p.accounts = []Account{ann()}
	s := english(t, p)
	s.press(s.form(), "Sign In")
	only1(t, s.signIns(p), SignIn{Keep: true})
}

func TestWithoutAKeychainNothingIsKept(t *testing.T) {
	for _, vault := range []string{"keychain", "memory"} {
		p := waiting(ready())
		p.settings.Vault, p.settings.VaultWorks = vault, vault == "memory"
		s := english(t, p)
		o := s.form()
		if box, ok := find[*check](o, "Keep me signed in"); ok && !box.Disabled() {
			t.Errorf("%s: the box can be ticked", vault)
		}
		s.press(o, "Sign In")
		if asked := s.signIns(p); asked[0].Keep {
			t.Errorf("%s: asked to keep it", vault)
		}
	}
}

func TestWaitingShowsTheAddress(t *testing.T) {
	p := waiting(ready())
	s := english(t, p)
	o := logInShot(t, s, "login-waiting")
	if !says(o, "The address works for 10 more minutes.") {
		t.Errorf("it says %q", words(o))
	}
	s.press(o, "Copy")
	if s.app.Clipboard().Content() != signInPage {
		t.Errorf("copied %q", s.app.Clipboard().Content())
	}
	s.press(o, "Open page again")
	s.until("the page is opened", func() bool {
		p.Lock()
		defer p.Unlock()
		return slices.Equal(p.opened, []string{signInPage})
	})
	s.pass(time.Minute)
	s.pass(8 * time.Minute)
	if !says(o, "The address works for 1 more minute.") {
		t.Errorf("after nine minutes it says %q", words(o))
	}
	s.pass(time.Minute)
	if !says(o, "The page was not finished in time. Sign in once more.") {
		t.Errorf("after ten minutes it says %q", words(o))
	}
	s.press(o, "Try again")
	s.until("it waits again", func() bool { return says(o, signInPage) })
}

func logInShot(t *testing.T, s *stage, name string) *opened {
	t.Helper()
	for _, one := range logInShots() {
		if one.name == name {
			return one.take(s)
		}
	}
	t.Fatalf("no state is called %s", name)
	return nil
}

// TestLeavingEndsTheSignIn: by Cancel, Escape, another way, or closing the window.
func TestLeavingEndsTheSignIn(t *testing.T) {
	for name, leave := range map[string]func(s *stage, o *opened){
		"cancel": func(s *stage, o *opened) { s.press(o, "Cancel") },
		"escape": func(_ *stage, o *opened) { key(o, fyne.KeyEscape) },
		"other":  func(s *stage, o *opened) { s.press(o, "Other ways to sign in…") },
		"close":  func(_ *stage, o *opened) { o.kit.close() },
	} {
		t.Run(name, func(t *testing.T) {
			p := ready()
			left := make(chan error, 1)
			p.signIn = func(ctx context.Context, s SignIn) (Account, error) {
				s.Waiting(signInPage)
				<-ctx.Done()
				left <- ctx.Err()
				return Account{}, ctx.Err()
			}
			s := english(t, p)
			o := logInShot(t, s, "login-waiting")
			leave(s, o)
			<-left
			s.drain()
			if says(o, "The sign-in was not finished") {
				t.Error("leaving is shown as a failure")
			}
			if name == "cancel" && !says(o, "E-mail (optional)") {
				t.Errorf("Cancel leads to %q", words(o))
			}
		})
	}
}

func TestAfterTheSignIn(t *testing.T) {
	for _, pairs := range [][]state.Pair{nil, {{}}} {
		p := answering(ann(), nil)
		p.pairs = pairs
		s := english(t, p)
		s.windows.build[nameSettings] = plain
		o := after("Sign In", "Signed in")(s)
		if !says(o, "Signed in: ann@example.com, organisation Lima & Costa") {
			t.Errorf("it says %q", words(o))
		}
		s.pass(time.Second)
		if s.windows.open[nameLogIn] == nil {
			t.Error("it closes too early to be read")
		}
		s.pass(time.Second)
		if s.windows.open[nameLogIn] != nil {
			t.Error("it stays open")
		}
		if opened := s.windows.open[nameSettings] != nil; opened != (len(pairs) == 0) {
			t.Errorf("with %d pairs the settings are open: %v", len(pairs), opened)
		}
	}
}

func TestTheWrongOrganisationIsLeft(t *testing.T) {
	p := answering(ann(), nil)
	s := english(t, p)
	o := after("Sign In", "Signed in")(s)
	s.press(o, "Not this organisation? Log out")
	s.until("the form is back", func() bool { return says(o, "E-mail (optional)") })
	if !slices.Equal(p.out, []string{"crm"}) {
		t.Errorf("signed out %v", p.out)
	}
	s.pass(time.Minute)
	if s.windows.open[nameLogIn] == nil {
		t.Error("the window closed all the same")
	}
}

func TestFailures(t *testing.T) {
	for code, want := range map[string][]string{
		auth.CodeDenied:    {"You chose Reject on Zoho’s page", "Reject was chosen on Zoho’s page. Nothing was changed.", "Try again", "Other ways to sign in…"},
		auth.CodeThrottled: {"Zoho refused this sign-in", "Wait ten minutes, then try again.", "Details (code throttled)"},
		auth.CodeScope:     {"Zoho refused this sign-in", "Zoho does not give this client the permissions it needs."},
		"unreachable":      {"Zoho did not answer", "The server cannot be reached. Nothing was lost.", "Try again"},
		auth.CodePorts:     {"The sign-in was not finished", "Every port on which the browser could return is taken by other programs."},
	} {
		s := english(t, answering(Account{}, coded(code)))
		o := after("Sign In", want[0])(s)
		for _, sentence := range want {
			if !says(o, sentence) {
				t.Errorf("%s: it does not say %q but %q", code, sentence, words(o))
			}
		}
		s.press(o, "Cancel")
		if !says(o, "E-mail (optional)") {
			t.Errorf("%s: Cancel leads to %q", code, words(o))
		}
	}
}

func TestTooManyTokensLeadsToZohosPage(t *testing.T) {
	p := answering(Account{}, coded(auth.CodeTooManyTokens))
	p.accounts = []Account{{Service: zoho, Who: "ann@example.com"}}
	s := english(t, p)
	o := after("Sign In", "Zoho refused this sign-in")(s)
	if !says(o, "Too many sign-ins for ann@example.com") {
		t.Errorf("it says %q", words(o))
	}
	key(o, fyne.KeyReturn)
	s.until("the page is opened", func() bool {
		p.Lock()
		defer p.Unlock()
		return slices.Equal(p.opened, []string{"https://accounts.zoho.com/home#sessions/connectedapps"})
	})
	s.press(o, "Try again")
	s.until("it was tried again", func() bool { return len(p.copyAsked()) == 2 })
}

func TestABrowserThatCannotBeOpenedIsTold(t *testing.T) {
	p := waiting(ready())
	s := english(t, p)
	o := logInShot(t, s, "login-waiting")
	p.Lock()
	p.err = coded(auth.CodeBrowser)
	p.Unlock()
	s.press(o, "Open page again")
	s.until("it is told", func() bool { return says(o, "The browser could not be opened.") })
	key(o, fyne.KeyEscape)
	if !says(o, signInPage) {
		t.Error("the sign-in ended with it")
	}
}

func TestWhatCannotBeLoadedIsToldAndTriedAgain(t *testing.T) {
	p := ready()
	p.err = coded("disk-full")
	s := english(t, p)
	s.windows.LogIn()
	o := s.open(nameLogIn)
	s.until("it is told", func() bool { return says(o, "Details (code disk-full)") })
	p.err = nil
	s.press(o, "Try again")
	s.until("the form is shown", func() bool { return says(o, "E-mail (optional)") })
}
