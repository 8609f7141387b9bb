package ui

import (
	"errors"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"zohosync/sync/auth"
)

func TestAnAccountIsRemovedAtOnceWithItsPairs(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	s.turn(o, "contacts")
	s.choose(o, "Both ways", 1)
	s.turn(o, pageAccounts)
	s.press(o, "Remove…")
	if !says(o, "3 pairs end: Contacts – Nextcloud, Tasks – Nextcloud, Meetings – Nextcloud. Contacts, tasks and meetings stay on both sides.") {
		t.Errorf("the pairs are not named: %q", words(o))
	}
	key(o, fyne.KeyReturn) // the safe answer
	if p.stores() > 0 || len(roots(o)) != 1 {
		t.Fatal("Enter removes")
	}
	s.press(o, "Remove…")
	s.press(o, "Remove account")
	s.until("it is gone", func() bool { return says(o, "Help") && !says(o, "Remove…") })
	if len(p.pairs) != 0 || len(p.accounts) != 1 || says(o, "Contacts") {
		t.Errorf("left: %v, %v: %q", p.pairs, p.accounts, words(o))
	}
	s.press(o, "Cancel")
	if !s.closed() {
		t.Error("a change of a pair that is gone is left")
	}
}

func TestAnAccountThatCannotBeRemovedStays(t *testing.T) {
	p := busyOffice()
	p.fail["StorePairs"] = errors.New("disk full")
	s := english(t, p)
	o := s.settings()
	s.press(o, "Remove…")
	s.press(o, "Remove account")
	s.until("the error is shown", func() bool { return says(o, "Nextcloud was not removed") })
	if p.called("RemoveAccount") != 0 || len(p.accounts) != 2 {
		t.Errorf("got %v", p.calls)
	}
}

func TestLoggingOutHappensAtOnce(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	s.press(o, "Log Out")
	s.until("it is shown", func() bool { return says(o, "Off") })
	if p.called("SignOut") != 1 || !says(o, "Sign in again…") || len(p.pairs) != 3 {
		t.Errorf("got %v: %q", p.calls, words(o))
	}
	s.press(o, "Sign in again…")
	if s.windows.open[nameLogIn] == nil {
		t.Error("Log In is not open")
	}
}

func TestTheButtonsOfAnAccountAreWhatHelpsIt(t *testing.T) {
	with := func(a Account, signedIn bool, problem string) Account {
		a.SignedIn, a.Problem = signedIn, problem
		return a
	}
	for _, c := range []struct {
		account Account
		state   string
		buttons []string
	}{
		{crm(), "Active", []string{"Log Out"}},
		{with(crm(), false, auth.CodeSignedOut), "Off", []string{"Remove…", "Sign in again…"}},
		{with(crm(), true, auth.CodeRevoked), "Needs attention", []string{"Remove…", "Sign in again…"}},
		{with(crm(), true, "unreachable"), "Needs attention", []string{"Log Out"}},
		{cloud(), "Active", []string{"Edit…", "Remove…"}},
		{with(cloud(), false, ""), "Off", []string{"Remove…", "Sign in again…"}},
		{with(cloud(), false, "vault"), "Needs attention", []string{"Remove…", "Sign in again…"}},
		{with(cloud(), true, "unreachable"), "Needs attention", []string{"Edit…", "Remove…"}},
		{here(), "Active", []string{"Remove…"}},
	} {
		p := fresh()
		p.accounts = []Account{c.account}
		s := english(t, p)
		o := s.settings()
		var buttons []string
		each(o.content, func(n node) {
			if b, ok := n.object.(*button); ok {
				buttons = append(buttons, b.Text)
			}
		})
		// The first adds an account, the last three are those of the window.
		if buttons = buttons[1 : len(buttons)-3]; !slices.Equal(buttons, c.buttons) || !says(o, c.state) {
			t.Errorf("%s %v %s: got %q: %q", c.account.Service, c.account.SignedIn, c.account.Problem, buttons, words(o))
		}
	}
}

// adding opens the form with all fields filled in.
func (s *stage) adding() *opened {
	o := s.settings()
	s.press(o, "Add account…")
	fillServer(s, o)
	return o
}

func TestAServerIsAddedAtOnce(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.adding()
	s.press(o, "Add account")
	s.until("it is listed", func() bool { return len(roots(o)) == 1 && says(o, "dav.example.org") })
	want := Server{Address: "dav.example.org", User: "ann", Password: "secret"}
	if len(p.servers) != 1 || p.servers[0] != want || p.stores() != 0 {
		t.Errorf("asked %d times, stored %d times", len(p.servers), p.stores())
	}
	if len(roots(o)) != 1 {
		t.Error("the question is still open")
	}
}

func TestAServerIsNotAskedWithoutAllFields(t *testing.T) {
	for _, empty := range []string{"cloud.example.org", "1", "2"} {
		p := busyOffice()
		s := english(t, p)
		o := s.adding()
		front(o)[empty].SetText("")
		s.press(o, "Add account")
		if !says(o, "Fill in all fields.") || len(p.servers) != 0 {
			t.Errorf("without %s: asked %d times", empty, len(p.servers))
		}
	}
}

func TestAnEMailAddressNeedsNoUserName(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.adding()
	front(o)["cloud.example.org"].SetText("ann@example.org")
	front(o)["1"].SetText("")
	s.press(o, "Add account")
	s.until("it is asked", func() bool { return len(roots(o)) == 1 })
}

func TestAServerThatRefusesCanBeTriedAgain(t *testing.T) {
	p := busyOffice()
	p.fail["AddServer"] = errors.New("refused")
	s := english(t, p)
	o := s.adding()
	s.press(o, "Add account")
	s.until("the error is shown", func() bool { return says(o, "Details (code unreachable)") })
	if e := front(o)["2"]; e.Text != "secret" || e.Disabled() || o.kit.window.Canvas().Focused() != fyne.Focusable(e) {
		t.Error("the form lost what was typed, or the focus")
	}
	p.mu.Lock()
	delete(p.fail, "AddServer")
	p.mu.Unlock()
	key(o, fyne.KeyReturn)
	s.until("it is added", func() bool { return len(roots(o)) == 1 })
}

func TestACheckCanBeLeft(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.adding()
	p.hold = make(chan struct{})
	s.press(o, "Add account")
	if !says(o, "Checking the server…") {
		t.Errorf("it does not say what it does: %q", words(o))
	}
	if b, _ := find[*button](o, "Add account"); !b.Disabled() {
		t.Error("it can be asked twice")
	}
	key(o, fyne.KeyEscape)
	if len(roots(o)) != 1 || s.closed() {
		t.Error("Escape does not leave it")
	}
	s.until("the request ends", func() bool { s.drain(); return p.called("left") == 1 })
	if slices.ContainsFunc(p.accounts, func(a Account) bool { return a.Where == "dav.example.org" }) {
		t.Error("it was added")
	}
}

func TestACertificateIsTrustedByChoiceAlone(t *testing.T) {
	p := busyOffice()
	p.fail["AddServer"] = unknownCertificate()
	s := english(t, p)
	o := s.adding()
	asked := func() bool { return says(o, "Trust the certificate of dav.example.org?") }
	s.press(o, "Add account")
	s.until("it asks", asked)
	key(o, fyne.KeyReturn)
	if asked() || len(p.servers) != 1 || !says(o, "Not connected. Nothing was stored.") {
		t.Fatalf("Enter trusts: %q", words(o))
	}
	s.press(o, "Add account")
	s.until("it asks again", asked)
	s.press(o, "Trust for this server")
	s.until("it is added", func() bool { return len(roots(o)) == 1 })
	if got := p.servers[2].Trust; p.servers[1].Trust != "" || len(got) != 64 {
		t.Errorf("trusted %q", got)
	}
}

func TestANewPasswordKeepsServerAndUser(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	s.press(o, "Edit…")
	front(o)["0"].SetText("new")
	key(o, fyne.KeyReturn)
	s.until("it is stored", func() bool { return len(roots(o)) == 1 })
	if want := (Server{Name: "Nextcloud", Password: "new"}); len(p.servers) != 1 || p.servers[0] != want {
		t.Errorf("asked %d times", len(p.servers))
	}
}

func TestThisComputerIsAddedOnce(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	s.press(o, "Add account…")
	s.press(o, "This computer")
	s.press(o, "Add account")
	s.until("it is listed", func() bool { return len(roots(o)) == 1 && says(o, "This computer") })
	s.press(o, "Add account…")
	s.press(o, "This computer")
	if !says(o, "It is added already.") {
		t.Errorf("it does not say why not: %q", words(o))
	}
	if r, _ := find[*radio](o, "This computer"); !r.Disabled() {
		t.Error("it can be added twice")
	}
}

func TestZohoOpensLogIn(t *testing.T) {
	s := english(t, fresh())
	o := s.settings()
	s.press(o, "Add account…")
	s.press(o, "Zoho CRM")
	s.press(o, "Log In…")
	if s.windows.open[nameLogIn] == nil || len(roots(o)) != 1 {
		t.Error("Log In is not open")
	}
}

func TestNewsAreShownWithoutLosingChanges(t *testing.T) {
	p := busyOffice()
	s := english(t, p)
	o := s.settings()
	s.turn(o, "contacts")
	s.choose(o, "Both ways", 1)
	s.turn(o, pageAccounts)
	before := p.called("Accounts")
	p.mu.Lock()
	p.accounts[1].Problem = "revoked"
	p.mu.Unlock()
	for range 5 {
		p.changed()
	}
	s.drain()
	s.pass(time.Second)
	s.until("the problem is shown", func() bool { return says(o, "Needs attention") })
	if got := p.called("Accounts") - before; got != 1 {
		t.Errorf("five news are read %d times", got)
	}
	if !says(o, "Nextcloud ·") {
		t.Error("the change is lost")
	}
}

func TestAPairNeedsTwoAccounts(t *testing.T) {
	s := english(t, fresh())
	o := s.settings()
	sideOf(o).choose(pageAdd)
	if !says(o, "A pair needs two accounts") || sideOf(o).chosen != pageAccounts {
		t.Errorf("got %q", words(o))
	}
}
