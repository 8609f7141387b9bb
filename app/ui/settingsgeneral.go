package ui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"zohosync/assets"
)

// generalPage shows what concerns the whole application.
func (s *settings) generalPage() fyne.CanvasObject {
	return s.kit.page(heading(s.words.T("General")),
		section(s.words.T("APPLICATION")), s.languageRow(), s.intervalRow(), s.closingRow(), s.panelRow(),
		section(s.words.T("SECRETS")), s.wide(s.words.T("Passwords and tokens"), s.vault()),
		section(s.words.T("OWN CLIENT FOR ZOHO CRM")), s.clientRows())
}

// setting edits the settings of the application.
func (s *settings) setting(edit func(*Settings)) {
	edit(&s.draft.settings)
	s.marked()
}

func (s *settings) languageRow() fyne.CanvasObject {
	tags := append([]string{""}, assets.Languages()...)
	labels := []string{s.words.T("As the system: {{.language}}", "language", language(assets.Speak("").Language()))}
	for _, tag := range tags[1:] {
		labels = append(labels, language(tag))
	}
	choice := place(s, "language", s.choice(labels, slices.Index(tags, s.draft.settings.Language), func(i int) {
		s.setting(func(to *Settings) { to.Language = tags[i] })
	}))
	return s.wide(s.words.T("Language"), choice, caption(s.words.T("For windows that are opened from then on.")))
}

func (s *settings) intervalRow() fyne.CanvasObject {
	every := []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}
	if now := s.draft.settings.Interval; now > 0 && !slices.Contains(every, now) {
		every = append(every, now)
		slices.Sort(every)
	}
	var labels []string
	for _, d := range every {
		labels = append(labels, s.speech().interval(d))
	}
	choice := place(s, "interval", s.choice(labels, slices.Index(every, s.draft.settings.Interval), func(i int) {
		s.setting(func(to *Settings) { to.Interval = every[i] })
	}))
	return s.wide(s.words.T("Check for changes"), choice, caption(s.words.T("Each check uses API credits of your organisation in Zoho CRM.")))
}

func (s *settings) closingRow() fyne.CanvasObject {
	at := 1
	if s.draft.settings.CloseKeeps {
		at = 0
	}
	choice := place(s, "closing", s.choice([]string{s.words.T("Keep running in the tray"), s.words.T("Quit ZohoSync then")}, at, func(i int) {
		s.setting(func(to *Settings) { to.CloseKeeps = i == 0 })
	}))
	return s.wide(s.words.T("Closing a window"), choice)
}

func (s *settings) panelRow() fyne.CanvasObject {
	panels := []string{"", "light", "dark"}
	labels := []string{s.words.T("Automatic"), s.words.T("For a light panel"), s.words.T("For a dark panel")}
	choice := place(s, "panel", s.choice(labels, slices.Index(panels, s.draft.settings.Panel), func(i int) {
		s.setting(func(to *Settings) { to.Panel = panels[i] })
	}))
	return s.wide(s.words.T("Tray icon"), choice)
}

// vault says where secrets lie and whether that works.
func (s *settings) vault() fyne.CanvasObject {
	where := s.words.T("In the keychain of this computer")
	switch s.draft.settings.Vault {
	case "file":
		where = s.words.T("In a file protected by a passphrase")
	case "memory":
		where = s.words.T("In memory, forgotten when ZohoSync quits")
	}
	if s.draft.settings.VaultWorks {
		return value(where, s.words.T("It works."))
	}
	return stack(2, body(where), newText(s.words.T("It cannot be used now. Unlock it, or you sign in again after each start."), warned()))
}

// clientRows are the client that a person registered with Zoho.
func (s *settings) clientRows() fyne.CanvasObject {
	set := s.draft.settings
	id := place(s, "client", s.entry(set.ClientID, "1000.ABCDEFGHIJ", func(t string) {
		s.setting(func(to *Settings) { to.ClientID = strings.TrimSpace(t) })
	}))
	secret := place(s, "secret", s.secret(func(t string) {
		s.setting(func(to *Settings) { to.ClientSecret = strings.TrimSpace(t) })
	}))
	secret.Text = set.ClientSecret
	why := s.words.T("This program was built without a client, so it needs yours: see Log In.")
	if set.BuiltIn {
		why = s.words.T("Empty: the built-in client is used.")
	}
	kept := s.words.T("It is kept where passwords are, and never shown.")
	if set.HasSecret {
		kept = s.words.T("One is stored. Leave this empty to keep it.")
	}
	return stack(0, s.wide(s.words.T("Client ID"), id, caption(why)), s.wide(s.words.T("Client secret"), secret, caption(kept)))
}

// help explains the page in front of the person.
func (s *settings) help() {
	title, sentences := s.words.T("Accounts"), []string{
		s.words.T("An account is where contacts, tasks and meetings are: Zoho CRM on one side, a server or this computer on the other."),
		s.words.T("Signing in and out, adding and removing happen at once. Removing an account ends its pairs and deletes nothing."),
	}
	switch s.at {
	case pageAccounts:
	case pageGeneral:
		title, sentences = s.words.T("General"), []string{
			s.words.T("These settings are for the whole application. They are stored by OK or Apply; Cancel leaves everything as it was."),
			s.words.T("An own client is needed only if this program has none built in, or if your organisation wants its own."),
		}
	default:
		title, sentences = s.words.T("Folders and rules"), []string{
			s.words.T("A pair keeps two folders in step. Nothing outside them is read or written."),
			s.words.T("If both sides change different fields of an item, both edits are kept. If they change the same field, the side chosen here wins; the other value stays in the history."),
			s.words.T("Before many items are deleted at once, ZohoSync always stops and asks."),
		}
	}
	ask := s.sheet()
	page := stack(8)
	for _, sentence := range sentences {
		page.Add(body(sentence))
	}
	ask.open(520, nil, title, page, nil, ask.primary(s.words.T("Close"), ask.hide))
}
