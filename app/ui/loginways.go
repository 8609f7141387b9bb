package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"zohosync/sync/auth"
)

// The other ways to sign in, in the order in which they are shown.
const (
	wayDevice = iota
	waySelfClient
	wayOwnClient
)

// otherWays lets a person choose another way to sign in.
func (l *logIn) otherWays() {
	l.begin(l.start)
	l.ways(nil)
}

// device signs in with a code on another device.
func (l *logIn) device(s SignIn) {
	l.begin(l.otherWays)
	l.ways(busy(l.words.T("Asking Zoho for a code…")))
	s.DeviceWaiting = func(url, code string) {
		l.fresh(l.otherWays)
		l.ways(l.deviceCode(url, code))
	}
	l.signIn(s)
}

// ways shows the ways. waiting is what stands below the first one while a code for another device is waited for, else nil.
func (l *logIn) ways(waiting fyne.CanvasObject) {
	next := l.primary(l.words.T("Continue"), l.proceed)
	check := func() { next.enable(l.complete()) }
	device := waiting
	if device == nil && !l.hasClient() {
		device = l.clientFields(check)
	}
	group := l.radios([]option{
		{l.words.T("With a code on another device"), l.words.T("For a computer without a browser."), device},
		{l.words.T("With a self-client code"), l.words.T("From Zoho’s API console; valid for a few minutes."), l.selfFields(check)},
		{l.words.T("With your own OAuth client"), l.words.T("Client ID and secret of your organisation."), l.clientFields(check)},
	}, l.way, func(i int) {
		l.way = i
		check()
	})
	var names []string
	for _, d := range l.centres() {
		names = append(names, d.name)
	}
	centre := l.choice(names, l.centre, func(i int) { l.centre = i })
	page := stack(0, heading(l.words.T("Other ways to sign in")), gap(16), group, gap(20),
		columns([]float32{labelWidth, rest}, body(l.words.T("Data centre")), centre))
	if waiting != nil {
		l.keys.primary = nil
		group.enable(false)
		centre.Disable()
		l.put(nil, fixedPage(page), nil, l.button(l.words.T("Back"), l.otherWays))
		return
	}
	check()
	l.put(group.rows[l.way], fixedPage(page), nil, l.button(l.words.T("Back"), l.start), next)
}

// complete tells whether everything is typed that the chosen way needs.
func (l *logIn) complete() bool {
	switch l.way {
	case waySelfClient:
		return l.selfCode != "" && l.clientID != ""
	case wayOwnClient:
		return l.clientID != ""
	}
	return l.hasClient() || l.clientID != ""
}

// proceed signs in the chosen way.
func (l *logIn) proceed() {
	s := SignIn{AccountsURL: l.centres()[l.centre].accounts}
	if l.way != wayDevice || !l.hasClient() {
		s.ClientID, s.ClientSecret = l.clientID, l.secret
	}
	switch l.way {
	case wayDevice:
		s.Device = true
		l.device(s)
	case waySelfClient:
		s.SelfCode = l.selfCode
		l.redeem(s)
	default:
		l.browse(s)
	}
}

// clientFields ask for an OAuth client. Its secret is not the person's password, and Zoho's console shows it openly.
func (l *logIn) clientFields(typed func()) fyne.CanvasObject {
	id := l.entry(l.clientID, "1000.XXXX", func(s string) {
		l.clientID = strings.TrimSpace(s)
		typed()
	})
	secret := l.entry(l.secret, "", func(s string) { l.secret = strings.TrimSpace(s) })
	return stack(8, labelled(l.words.T("Client ID"), id, ""), labelled(l.words.T("Client secret, if there is one"), secret, ""))
}

func (l *logIn) selfFields(typed func()) fyne.CanvasObject {
	code := l.entry(l.selfCode, "", func(s string) {
		l.selfCode = strings.TrimSpace(s)
		typed()
	})
	return stack(8, labelled(l.words.T("Paste the code from Zoho’s API console"), code,
		l.words.T("Such a code works in its own data centre only: choose it below.")), l.clientFields(typed))
}

// deviceCode is what to type on the other device.
func (l *logIn) deviceCode(url, code string) fyne.CanvasObject {
	short := strings.TrimPrefix(url, "https://")
	left := stack(2, caption(l.words.T("On the other device open {{.address}} and type", "address", short)), heading(code))
	inner := columns([]float32{rest, own}, left, l.button(l.words.T("Copy"), func() { l.copyText(code) }))
	plane := newArea(&area{fill: theme.ColorNameHeaderBackground, stroke: theme.ColorNameSeparator, radius: 5})
	return stack(8, over(plane, inset(12, 8, 12, 8, inner)), busy(l.words.T("Waiting for the other device…")))
}

// dataCentre is one entry of the list of data centres.
type dataCentre struct{ accounts, name string }

func (l *logIn) centres() []dataCentre {
	places := map[string]string{
		"us": l.words.T("United States"), "eu": l.words.T("Europe"), "in": l.words.T("India"), "au": l.words.T("Australia"),
		"jp": l.words.T("Japan"), "ca": l.words.T("Canada"), "cn": l.words.T("China"), "sa": l.words.T("Saudi Arabia"),
		"uk": l.words.T("United Kingdom"), "ae": l.words.T("United Arab Emirates"),
	}
	all := []dataCentre{{"", l.words.T("Found automatically")}}
	for _, d := range auth.DataCentres() {
		all = append(all, dataCentre{d.Accounts, strings.TrimPrefix(d.Accounts, "https://accounts.") + " – " + places[d.Location]})
	}
	return all
}

// register says how to get an OAuth client from Zoho, in three steps.
func (l *logIn) register() {
	l.begin(l.close)
	next := l.primary(l.words.T("Continue"), l.storeClient)
	fields := l.clientFields(func() { next.enable(l.clientID != "") })
	next.enable(l.clientID != "")
	addresses := strings.Join(auth.RedirectURIs(), "\n")
	list := over(newArea(&area{fill: theme.ColorNameHeaderBackground, radius: 5}), inset(10, 8, 10, 8,
		columns([]float32{rest, own}, body(addresses), l.button(l.words.T("Copy"), func() { l.copyText(addresses) }))))
	console := l.link(l.words.T("Open Zoho’s API console"), func() { l.openPage("https://api-console.zoho.com") })
	page := stack(0, heading(l.words.T("Register ZohoSync with Zoho")), gap(8),
		quiet(l.words.T("Zoho wants to know every program that signs in. This is done once and takes about three minutes.")), gap(16),
		step("1", body(l.words.T("In Zoho’s API console choose Add Client, then Mobile-based Applications: it stands for desktop ones too.")), console),
		step("2", body(l.words.T("Type any name and home page, and these redirect addresses, exactly:")), list,
			caption(l.words.T("If your organisation is in another data centre than the console, switch on Multi-DC in the client’s settings."))),
		step("3", body(l.words.T("Copy what Zoho then shows:")), fields))
	l.put(console, fixedPage(page), l.link(l.words.T("Other ways to sign in…"), l.otherWays),
		l.button(l.words.T("Cancel"), l.close), next)
	l.window.CenterOnScreen() // the steps are high
}

// step is one of numbered steps.
func step(number string, parts ...fyne.CanvasObject) fyne.CanvasObject {
	return inset(0, 0, 0, 14, columnsTop([]float32{20, rest}, strong(number), stack(8, parts...)))
}

// storeClient keeps the client for this and later sign-ins.
func (l *logIn) storeClient() {
	settings := l.settings
	settings.ClientID, settings.ClientSecret = l.clientID, l.secret
	l.begin(l.register)
	l.put(nil, fixedPage(l.turning(l.words.T("One moment…"))), nil, l.button(l.words.T("Cancel"), l.register))
	l.until(l.run(func(ctx context.Context, tell func(func())) {
		err := l.program.StoreSettings(ctx, settings)
		tell(func() {
			if err != nil {
				l.failed(l.program.Explain(err), l.storeClient)
				return
			}
			settings.ClientSecret, settings.HasSecret = "", l.secret != "" || settings.HasSecret
			l.settings = settings
			l.form()
		})
	}))
}
