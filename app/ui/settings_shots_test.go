package ui

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"zohosync/sync/plan"
)

// settings opens Settings and waits for its first page.
func (s *stage) settings() *opened {
	s.t.Helper()
	s.windows.Settings()
	o := s.open(nameSettings)
	s.until("the settings are read", func() bool { return says(o, s.windows.words.T("Add account…")) })
	return o
}

// turn shows another page and waits until nothing is counted any more.
func (s *stage) turn(o *opened, page string) {
	s.t.Helper()
	sideOf(o).choose(page)
	s.settled(o)
}

// settled waits until nothing that is shown turns.
func (s *stage) settled(o *opened) {
	s.t.Helper()
	waits := []string{s.windows.words.T("counting…"), s.windows.words.T("Reading the folders…"), s.windows.words.T("Checking the server…")}
	looks := strings.Split(s.windows.words.T("Looking into “{{.folder}}”…", "folder", "|"), "|")[0]
	s.until("all is read", func() bool {
		for _, said := range words(o) {
			for _, wait := range append(waits, looks) {
				if strings.Contains(said, wait) {
					return false
				}
			}
		}
		return true
	})
}

// onPage is Settings at a page.
func onPage(page string, more ...func(*stage, *opened)) func(*stage) *opened {
	return func(s *stage) *opened {
		o := s.settings()
		s.turn(o, page)
		for _, do := range more {
			do(s, o)
			s.settled(o)
		}
		return o
	}
}

// pressing presses a button or link with a label; nth of those that have it.
func pressing(sentence string, nth int) func(*stage, *opened) {
	return func(s *stage, o *opened) {
		s.t.Helper()
		s.pressNth(o, s.windows.words.T(sentence), nth)
	}
}

func officeWith(edit func(*office)) func() Program {
	return func() Program {
		o := busyOffice()
		if edit != nil {
			edit(o)
		}
		return o
	}
}

func settingsShots() []shot {
	usual := officeWith(nil)
	return []shot{
		{"settings-accounts", officeWith(everyAccount), onPage(pageAccounts)},
		{"settings-accounts-none", func() Program { return fresh() }, onPage(pageAccounts)},
		{"settings-pairs-none", officeWith(func(o *office) { o.pairs = nil }), onPage(pageAccounts)},
		{"settings-unread", officeWith(func(o *office) { o.fail["Pairs"] = errors.New("dial tcp: refused") }), func(s *stage) *opened {
			s.windows.Settings()
			o := s.open(nameSettings)
			s.until("the error is shown", func() bool { return says(o, s.windows.words.T("Try again")) })
			return o
		}},
		{"settings-remove-account", usual, onPage(pageAccounts, pressing("Remove…", 0))},
		{"settings-add-account", usual, onPage(pageAccounts, pressing("Add account…", 0))},
		{"settings-add-refused", officeWith(func(o *office) { o.fail["AddServer"] = errors.New("dial tcp: refused") }),
			onPage(pageAccounts, pressing("Add account…", 0), fillServer, pressing("Add account", 0))},
		{"settings-add-certificate", officeWith(func(o *office) { o.fail["AddServer"] = unknownCertificate() }),
			onPage(pageAccounts, pressing("Add account…", 0), fillServer, pressing("Add account", 0))},
		{"settings-new-password", usual, onPage(pageAccounts, pressing("Edit…", 0))},
		{"settings-pair", usual, onPage("meetings")},
		{"settings-pair-small", usual, onPage("meetings", small)},
		{"settings-general-small", usual, onPage(pageGeneral, small)},
		{"settings-accounts-small", officeWith(everyAccount), onPage(pageAccounts, small)},
		{"settings-add-account-small", usual, onPage(pageAccounts, small, pressing("Add account…", 0))},
		{"settings-pair-contacts", usual, onPage("contacts")},
		{"settings-pair-tasks", usual, onPage("tasks")},
		{"settings-pair-one-way", officeWith(func(o *office) {
			o.pairs[2].Ends[plan.Right].Ref, o.pairs[2].Ends[plan.Right].Title, o.pairs[2].Direction = "/team", "Team", plan.ToLeft
		}), onPage("meetings")},
		{"settings-pair-new", usual, onPage(pageAccounts, newPair, pressing("Apply", 0))},
		{"settings-pair-ask-kind", usual, onPage(pageAccounts, func(s *stage, o *opened) { sideOf(o).choose(pageAdd) })},
		{"settings-pair-no-account", func() Program { return fresh() }, onPage(pageAccounts, func(s *stage, o *opened) { sideOf(o).choose(pageAdd) })},
		{"settings-pair-remove", usual, onPage("meetings", pressing("Remove this pair…", 0))},
		{"settings-folder", usual, onPage("meetings", pressing("Change…", 1))},
		{"settings-folder-new", usual, onPage("contacts", pressing("Change…", 1), pressing("New folder…", 0))},
		{"settings-folder-owner", usual, onPage("meetings", pressing("Change…", 1), func(s *stage, o *opened) { s.press(o, "Team") })},
		{"settings-folder-fails", officeWith(func(o *office) { o.fail["Folders Nextcloud"] = errors.New("dial tcp: refused") }),
			onPage("meetings", pressing("Change…", 1))},
		{"settings-categories", usual, onPage("meetings", pressing("Change…", 2), pressing("Only these:", 0))},
		{"settings-general", usual, onPage(pageGeneral)},
		{"settings-general-memory", officeWith(func(o *office) { o.settings.BuiltIn, o.settings.VaultWorks = false, false }), onPage(pageGeneral)},
		{"settings-discard", usual, onPage("contacts", changeDirection, pressing("Cancel", 0))},
		{"settings-not-stored", officeWith(func(o *office) { o.fail["StorePairs"] = errors.New("disk full") }),
			onPage("contacts", changeDirection, pressing("Apply", 0), func(s *stage, o *opened) {
				s.until("the error is shown", func() bool { return says(o, s.windows.words.T("Not everything could be stored")) })
			})},
		{"settings-help", usual, onPage("contacts", pressing("Help", 0))},
	}
}

// small is the smallest size that the window is made for.
func small(_ *stage, o *opened) { o.kit.window.Resize(fyne.NewSize(760, 520)) }

// everyAccount has an account in each state.
func everyAccount(o *office) {
	in, out := cloud(), cloud()
	in.Name, in.Where, in.Problem = "Work server", "dav.lima-costa.example", "revoked"
	out.Name, out.Where, out.SignedIn = "Old server", "old.example.org", false
	away := cloud()
	away.Name, away.Where, away.Problem = "Club", "club.example.org", "unreachable"
	o.accounts = append(o.accounts, in, out, away, here())
}

func fillServer(s *stage, o *opened) {
	form := front(o)
	form["cloud.example.org"].SetText("dav.example.org")
	form["1"].SetText("ann")
	form["2"].SetText("secret")
}

func changeDirection(s *stage, o *opened) { s.choose(o, s.windows.words.T("Both ways"), 1) }

func newPair(s *stage, o *opened) {
	sideOf(o).choose(pageAdd)
	s.press(o, s.windows.words.T("Meetings"))
	s.press(o, s.windows.words.T("Continue"))
	s.until("the folder of the CRM is chosen", func() bool {
		return !says(o, s.windows.words.T("Choose a folder in {{.name}}.", "name", "Zoho CRM"))
	})
}
