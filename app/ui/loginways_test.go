package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"zohosync/sync/auth"
)

// fields returns the fields that can be seen, from top to bottom.
func fields(o *opened) []*entry {
	var all []*entry
	each(o.kit.window.Canvas().Content(), func(n node) {
		if e, ok := n.object.(*entry); ok {
			all = append(all, e)
		}
	})
	return all
}

func TestADeviceCodeIsShown(t *testing.T) {
	p := waiting(ready())
	s := english(t, p)
	o := logInShot(t, s, "login-ways-device")
	only1(t, s.signIns(p), SignIn{Device: true, Keep: true})
	s.press(o, "Copy")
	if s.app.Clipboard().Content() != "WDJB-MJHT" {
		t.Errorf("copied %q", s.app.Clipboard().Content())
	}
	if !says(o, "On the other device open accounts.zoho.eu/oauth/v3/device and type") {
		t.Errorf("it says %q", words(o))
	}
	if o.kit.keys.primary != nil {
		t.Error("there is a primary button while it waits")
	}
	key(o, fyne.KeyEscape)
	if says(o, "WDJB-MJHT") {
		t.Error("Escape did not end it")
	}
	s.press(o, "Back")
	if !says(o, "E-mail (optional)") {
		t.Errorf("Back leads to %q", words(o))
	}
}

func TestASelfClientCodeNeedsItsClient(t *testing.T) {
	p := waiting(ready())
	s := english(t, p)
	o := way("With a self-client code")(s)
	next, _ := find[*button](o, "Continue")
	if !next.Disabled() {
		t.Error("Continue works with nothing typed")
	}
	typed := fields(o)
	typed[0].SetText(" 1000.code ")
	typed[1].SetText("1000.ID")
	typed[2].SetText("secret")
	if next.Disabled() {
		t.Fatal("Continue does not work")
	}
	centre, _ := find[*choice](o, "")
	centre.SetSelected("zoho.eu – Europe")
	s.press(o, "Continue")
	only1(t, s.signIns(p), SignIn{SelfCode: "1000.code", ClientID: "1000.ID", ClientSecret: "secret", AccountsURL: "https://accounts.zoho.eu", Keep: true})
	s.press(o, "Cancel")
	if again := fields(o); len(again) != 3 || again[0].Text != "1000.code" {
		t.Error("what was typed is lost")
	}
}

// TestTryAgainGoesTheSameWay: a code that was refused is sent once more as a code, not through the browser.
func TestTryAgainGoesTheSameWay(t *testing.T) {
	p := answering(Account{}, coded(auth.CodeExpired))
	s := english(t, p)
	o := way("With a self-client code")(s)
	fields(o)[0].SetText("1000.code")
	fields(o)[1].SetText("1000.ID")
	s.press(o, "Continue")
	s.until("it failed", func() bool { return says(o, "Zoho refused this sign-in") })
	s.press(o, "Try again")
	s.until("it was asked again", func() bool { return len(p.copyAsked()) == 2 })
	p.Lock()
	defer p.Unlock()
	if !same(p.asked[0], p.asked[1]) || p.asked[1].Waiting != nil {
		t.Errorf("asked %+v", p.asked)
	}
}

func TestAClientOfOnesOwn(t *testing.T) {
	p := waiting(ready())
	s := english(t, p)
	o := way("With your own OAuth client")(s)
	fields(o)[0].SetText("1000.OWN")
	s.press(o, "Continue")
	only1(t, s.signIns(p), SignIn{ClientID: "1000.OWN", Keep: true})
	s.until("the address is shown", func() bool { return says(o, signInPage) })
}

func TestEveryDataCentreHasAName(t *testing.T) {
	s := english(t, ready())
	o := s.otherWays()
	centre, _ := find[*choice](o, "")
	if len(centre.Options) != len(auth.DataCentres())+1 || centre.Selected != "Found automatically" {
		t.Errorf("the list is %q", centre.Options)
	}
	for _, name := range centre.Options[1:] {
		if _, place, ok := strings.Cut(name, " – "); !ok || place == "" {
			t.Errorf("%q has no place", name)
		}
	}
}

// TestWithoutAClientTheStepsComeFirst: the addresses are those that the sign-in listens on, and what is typed is kept.
func TestWithoutAClientTheStepsComeFirst(t *testing.T) {
	p := waiting(ready())
	p.settings.BuiltIn = false
	s := english(t, p)
	o := logInShot(t, s, "login-register")
	s.press(o, "Copy")
	if got := s.app.Clipboard().Content(); got != strings.Join(auth.RedirectURIs(), "\n") || !says(o, got) {
		t.Errorf("copied %q", got)
	}
	next, _ := find[*button](o, "Continue")
	if !next.Disabled() {
		t.Error("Continue works without a client ID")
	}
	fields(o)[0].SetText("1000.ID")
	fields(o)[1].SetText("secret")
	s.press(o, "Continue")
	s.until("the form is shown", func() bool { return says(o, "E-mail (optional)") })
	if len(p.stored) != 1 || p.stored[0].ClientID != "1000.ID" || p.stored[0].ClientSecret != "secret" || p.stored[0].Vault != "keychain" {
		t.Errorf("stored %+v", p.stored)
	}
	s.press(o, "Other ways to sign in…")
	s.press(o, "Back")
	s.press(o, "Sign In")
	only1(t, s.signIns(p), SignIn{Keep: true})
}

func TestAClientThatIsNotStoredIsTold(t *testing.T) {
	p := ready()
	p.settings.BuiltIn = false
	s := english(t, p)
	o := logInShot(t, s, "login-register")
	fields(o)[0].SetText("1000.ID")
	p.err = coded("disk-full")
	s.press(o, "Continue")
	s.until("it is told", func() bool { return says(o, "Details (code disk-full)") })
	s.press(o, "Cancel")
	if got := fields(o); len(got) != 2 || got[0].Text != "1000.ID" {
		t.Error("what was typed is lost")
	}
}

// TestAClientThatZohoRefusesIsLookedAt: where the person registered it.
func TestAClientThatZohoRefusesIsLookedAt(t *testing.T) {
	p := answering(Account{}, coded(auth.CodeClient))
	p.settings.BuiltIn, p.settings.ClientID = false, "1000.WRONG"
	s := english(t, p)
	o := after("Sign In", "Zoho refused this sign-in")(s)
	s.press(o, "Check the client…")
	if got := fields(o); len(got) != 2 || got[0].Text != "1000.WRONG" {
		t.Errorf("it says %q", words(o))
	}
}

// TestADeviceNeedsAClientToo: with neither a built-in client nor one in the settings, it is asked for.
func TestADeviceNeedsAClientToo(t *testing.T) {
	p := waiting(ready())
	p.settings.BuiltIn = false
	s := english(t, p)
	o := logInShot(t, s, "login-register")
	s.press(o, "Other ways to sign in…")
	next, _ := find[*button](o, "Continue")
	if !next.Disabled() {
		t.Error("Continue works without a client ID")
	}
	fields(o)[0].SetText("1000.ID")
	s.press(o, "Continue")
	only1(t, s.signIns(p), SignIn{Device: true, ClientID: "1000.ID", Keep: true})
}
