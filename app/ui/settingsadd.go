package ui

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"fyne.io/fyne/v2"

	"zohosync/sync/auth"
)

// The accounts that can be added, in the order in which they are shown.
const (
	addHere = iota
	addServer
	addZoho
)

// accountForm adds an account, or gives one a new password. It acts at once.
type accountForm struct {
	*settings
	ask    *sheet
	way    int
	server Server
	stop   func() // ends the request under way; nil: none is
	under  *fyne.Container
	add    *button
	fields []*entry
	group  *radios
}

// addAccount asks what to add.
func (s *settings) addAccount() {
	f := &accountForm{settings: s, ask: s.sheet(), way: addServer, under: over()}
	address := f.field("", "cloud.example.org", func(t string) { f.server.Address = t })
	user := f.field("", "", func(t string) { f.server.User = t })
	password := f.ask.secret(func(t string) { f.server.Password = t })
	f.fields = append(f.fields, password)
	form := stack(10,
		labelled(s.words.T("Server address or e-mail"), address, ""),
		columnsTop([]float32{rest, rest}, labelled(s.words.T("User name"), user, ""), labelled(s.words.T("Password"), password, "")),
		caption(s.words.T("With two-factor sign-in, servers want an app password. General says where passwords are kept.")))
	here := option{label: s.words.T("This computer"),
		caption: s.words.T("ZohoSync runs a small calendar server on this computer. Calendar and contact programs can use it; no other account is needed.")}
	exists := false
	for _, a := range s.accounts {
		exists = exists || a.Service == thisComputer
	}
	if exists {
		here.caption = s.words.T("It is added already.")
	}
	f.group = f.ask.radios([]option{here,
		{label: "CalDAV / CardDAV", caption: s.words.T("Nextcloud, Radicale, Zoho Calendar, iCloud, Fastmail and many others."), inner: form},
		{label: "Zoho CRM", caption: s.words.T("You sign in on Zoho’s own page, in your browser.")},
	}, f.way, f.choose)
	if exists {
		f.group.rows[addHere].Disable()
	}
	f.open(dialogHeight, s.words.T("Add an account"), f.group, s.words.T("Add account"), f.group.rows[addServer])
}

// newPassword gives an account of a server another password. Elsewhere or with another user it would be another account.
func (s *settings) newPassword(a Account) {
	f := &accountForm{settings: s, ask: s.sheet(), way: addServer, under: over(), server: Server{Name: a.Name}}
	password := f.ask.secret(func(t string) { f.server.Password = t })
	f.fields = []*entry{password}
	page := stack(0, s.row(s.words.T("Server"), body(a.Where), nil), s.row(s.words.T("User name"), body(a.Who), nil), gap(8),
		labelled(s.words.T("Password"), password, s.words.T("For another server or user, add another account.")))
	f.open(dialogHeight-140, s.words.T("Sign in to {{.name}}", "name", a.Name), page, s.words.T("Check and keep"), password)
}

// field is a line of the form.
func (f *accountForm) field(value, example string, changed func(string)) *entry {
	e := f.ask.entry(value, example, func(t string) { changed(strings.TrimSpace(t)) })
	f.fields = append(f.fields, e)
	return e
}

func (f *accountForm) open(height float32, title string, form fyne.CanvasObject, label string, first fyne.Focusable) {
	f.ask.keys.escape = f.leave
	f.add = f.ask.primary(label, f.submit)
	page := sized(0, height, f.ask.pane(form, gap(12), f.under))
	f.ask.open(dialogWidth, first, title, page, nil, f.ask.button(f.words.T("Cancel"), f.leave), f.add)
}

// choose is told what is to be added.
func (f *accountForm) choose(way int) {
	f.way = way
	label := f.words.T("Add account")
	if way == addZoho {
		label = f.words.T("Log In…")
	}
	f.add.SetText(label)
	f.tell(gap(0))
}

// tell shows something below the form.
func (f *accountForm) tell(o fyne.CanvasObject) {
	show(f.under, o)
	f.ask.settle()
	f.ask.keys.focused(f.under)
}

// leave ends the question and the request under way.
func (f *accountForm) leave() {
	if f.stop != nil {
		f.stop()
	}
	f.ask.hide()
	f.redraw()
}

// submit asks the program for what was chosen.
func (f *accountForm) submit() {
	switch {
	case f.stop != nil:
	case f.way == addZoho:
		f.leave()
		f.windows.LogIn()
	case f.way == addHere:
		f.request(f.words.T("Starting the server of this computer…"), func(ctx context.Context) (Account, error) {
			return f.program.AddThisComputer(ctx)
		})
	case f.server.Name == "" && (f.server.Address == "" || f.server.User == "" && !strings.Contains(f.server.Address, "@")) || f.server.Password == "":
		f.tell(newText(f.words.T("Fill in all fields."), warned()))
	default:
		f.check()
	}
}

// check proves the server.
func (f *accountForm) check() {
	server := f.server
	f.request(f.words.T("Checking the server…"), func(ctx context.Context) (Account, error) { return f.program.AddServer(ctx, server) })
}

// request asks, and shows meanwhile what is being done.
func (f *accountForm) request(doing string, ask func(context.Context) (Account, error)) {
	f.enable(false)
	f.tell(busy(doing))
	f.stop = f.run(func(ctx context.Context, tell func(func())) {
		_, err := ask(ctx)
		tell(func() {
			f.stop = nil
			f.enable(true)
			if err != nil {
				f.refused(err)
				return
			}
			f.leave()
			f.forget()
			f.reread()
		})
	})
}

func (f *accountForm) enable(on bool) {
	f.add.enable(on)
	for _, e := range f.fields {
		if on {
			e.Enable()
		} else {
			e.Disable()
		}
	}
	if f.group != nil {
		exists := f.group.rows[addHere].Disabled()
		f.group.enable(on)
		if exists && on {
			f.group.rows[addHere].Disable()
		}
	}
}

// refused shows why the account was not added. Where only the certificate is unknown, the person can decide.
func (f *accountForm) refused(err error) {
	e := f.program.Explain(err)
	if e.Fingerprint == "" || f.way != addServer {
		f.tell(f.ask.problem(e))
		if len(f.fields) > 0 && f.way == addServer {
			f.focus(f.fields[len(f.fields)-1])
		}
		return
	}
	f.tell(gap(0))
	f.trust(e.Fingerprint, err)
}

// trust asks whether a certificate that nothing vouches for is the right one.
func (f *accountForm) trust(sum string, err error) {
	host := hostOf(f.server.Address)
	if host == "" {
		host = f.server.Name
	}
	sentence := f.words.T("Nothing vouches for this certificate. Compare this SHA-256 with the one its administrator gave you.")
	var other *auth.CertificateError
	if errors.As(err, &other) {
		host = other.Host
		sentence = f.words.T("This is another certificate than the one you trusted before. Compare this SHA-256 with the one its administrator gave you.")
	}
	ask := f.ask.sheet()
	page := stack(12, body(sentence),
		over(newArea(&area{fill: "headerBackground"}), inset(12, 10, 12, 10, newText(fingerprint(sum), style{bold: true}))))
	refuse := func() {
		ask.hide()
		f.tell(newText(f.words.T("Not connected. Nothing was stored."), warned()))
	}
	ask.keys.escape = refuse
	ask.open(520, nil, f.words.T("Trust the certificate of {{.host}}?", "host", host), page, nil,
		ask.button(f.words.T("Trust for this server"), func() {
			ask.hide()
			f.server.Trust = sum
			f.check()
		}),
		ask.primary(f.words.T("Do not connect"), refuse))
}

// hostOf is the server in what a person typed: an address, a host or an e-mail address.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	_, after, found := strings.Cut(address, "@")
	if !found {
		after = address
	}
	host, _, _ := strings.Cut(after, "/")
	return host
}
