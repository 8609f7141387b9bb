package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"zohosync/assets"
	"zohosync/sync/auth"
	"zohosync/sync/engine"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
	"zohosync/sync/state"
)

// C-43: who is refused by a server that wants an app password is told where to make one, when the account is added and when it
// stops working.
func TestKnownServersNameTheirAppPasswordPage(t *testing.T) {
	for address, want := range map[string]string{
		"https://caldav.icloud.com/": "https://account.apple.com", "someone@icloud.com": "https://account.apple.com",
		"https://P52-caldav.iCloud.com:443/1/": "https://account.apple.com", "caldav.fastmail.com": "https://www.fastmail.com/help/clients/apppassword.html",
		"https://calendar.zoho.eu/caldav/x/": "https://accounts.zoho.eu/home#security", "https://calendar.zoho.com.au/": "https://accounts.zoho.com.au/home#security",
		"https://caldav.calendar.yahoo.com": "https://login.yahoo.com/account/security",
		"https://cloud.example.org/":        "", "https://noticloud.com": "", "https://icloud.com.evil.example/": "", "https://calendar.zoho./": "", "": "",
	} {
		refused := fmt.Errorf("%w: %w", errPassword, provider.ErrAuth)
		e := explain(withPage(refused, address), assets.Speak("en"))
		if e.Code != "password" || want == "" && strings.Contains(e.Next, "https://") || want != "" && !strings.HasSuffix(e.Next, " Make one here: "+want) {
			t.Errorf("%q: %s: %s", address, e.Code, e.Next)
		}
		if err := withPage(errors.New("no network"), address); explain(err, assets.Speak("en")).Next != explain(errors.New("x"), assets.Speak("en")).Next {
			t.Errorf("%q: what is no refusal names a page", address)
		}
	}
	h := ownHome(t)
	cloud := state.Account{Name: "apple", Service: serviceDAV, Settings: map[string]string{dav.SettingURL: "https://caldav.icloud.com"}}
	if err := h.state.StoreAccount(t.Context(), cloud); err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]bool{"apple": true, "cloud": false, "crm": false, "nobody": false} {
		e := explain(h.helped(t.Context(), &engine.EndError{Account: account, Err: provider.ErrAuth}), assets.Speak("en"))
		if e.Code != "auth" || strings.Contains(e.Next, "account.apple.com") != want {
			t.Errorf("%s: %s: %s", account, e.Code, e.Next)
		}
	}
}

// C-47: who has to wait is told until when: for the credits of the day, and for whatever a service asks. It is no failure that
// anybody has to heal.
func TestAPauseTellsWhenItEnds(t *testing.T) {
	began := time.Date(2026, time.May, 4, 9, 30, 0, 0, time.Local)
	for code, err := range map[string]error{
		"few-credits": &provider.RetryError{After: time.Hour, Err: auth.ErrCredits},
		"retry-later": &engine.EndError{Account: "crm", Err: &provider.RetryError{After: time.Hour, Err: errors.New("429")}},
	} {
		term, _, _ := testTerminal("")
		term.clock = func() time.Time { return began }
		r := term.judge(somePair(), engine.Report{}, err)
		if r.Error.Code != code || !strings.HasSuffix(r.Error.Next, "Not before 4 May, 10:30.") || r.Error.Retry == nil || !r.Error.Retry.Equal(began.Add(time.Hour)) {
			t.Errorf("%s: %+v", code, r.Error)
		}
	}
	term, _, _ := testTerminal("")
	if e := term.explain(&provider.RetryError{Err: errors.New("no network")}); e.Retry != nil || strings.Contains(e.Next, "Not before") {
		t.Errorf("nobody said how long, and yet: %+v", e)
	}
}
