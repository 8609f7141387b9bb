package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"zohosync/assets"
	"zohosync/sync/auth"
	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// thisComputer is the service of the account that stands for the server of this computer.
const thisComputer = "local"

// speech puts accounts, pairs and their rules into words.
type speech struct {
	words    *assets.Words
	accounts []Account
}

func (s speech) kind(k record.Kind) string {
	switch k {
	case record.Contact:
		return s.words.T("Contacts")
	case record.Task:
		return s.words.T("Tasks")
	}
	return s.words.T("Meetings")
}

func (s speech) count(k record.Kind, n int) string {
	switch k {
	case record.Contact:
		return s.words.N("{{.n}} contacts", n)
	case record.Task:
		return s.words.N("{{.n}} tasks", n)
	}
	return s.words.N("{{.n}} meetings", n)
}

// holds says how many items a folder holds.
func (s speech) holds(k record.Kind, l Sample) string {
	if l.More {
		return s.words.T("more than {{.count}}", "count", s.count(k, l.Count))
	}
	return s.count(k, l.Count)
}

// holder is what a folder of a kind is called.
func (s speech) holder(k record.Kind) string {
	switch k {
	case record.Contact:
		return s.words.T("Address book")
	case record.Task:
		return s.words.T("Task list")
	}
	return s.words.T("Calendar")
}

func (s speech) find(name string) (Account, bool) {
	for _, a := range s.accounts {
		if a.Name == name {
			return a, true
		}
	}
	return Account{}, false
}

// of lists the accounts that a side can use.
func (s speech) of(side plan.Side) []Account {
	var out []Account
	for _, a := range s.accounts {
		if (a.Service == zoho) == (side == plan.Left) {
			out = append(out, a)
		}
	}
	return out
}

// account is what people call an account.
func (s speech) account(a Account) string {
	switch {
	case a.Service == thisComputer:
		return s.words.T("This computer")
	case a.Service != zoho:
		return a.Name
	}
	for _, o := range s.accounts {
		if o.Service == zoho && o.Name != a.Name {
			return "Zoho CRM (" + a.Name + ")"
		}
	}
	return "Zoho CRM"
}

// side is what people call one side of a pair.
func (s speech) side(p state.Pair, side plan.Side) string {
	if a, ok := s.find(p.Ends[side].Account); ok {
		return s.account(a)
	}
	return p.Ends[side].Account
}

// pair names a pair where no icon can be shown.
func (s speech) pair(p state.Pair) string { return s.kind(p.Kind) + " – " + s.side(p, plan.Right) }

// who says who an account belongs to and where it is.
func (s speech) who(a Account) string {
	out := []string{}
	for _, part := range []string{a.Who, a.Where} {
		if part != "" {
			out = append(out, part)
		}
	}
	if a.Organisation != "" {
		out = append(out, s.words.T("organisation {{.name}}", "name", a.Organisation))
	}
	if a.Service != zoho {
		out = append(out, "CalDAV, CardDAV")
	}
	return strings.Join(out, " · ")
}

// use says how many pairs use an account.
func (s speech) use(a Account) string {
	out := s.words.T("Not used by any pair")
	if a.Pairs > 0 {
		out = s.words.N("Used by {{.n}} pairs", a.Pairs)
	}
	if !a.SignedIn || a.Service == thisComputer {
		return out
	}
	if a.KeptSignedIn {
		return out + " · " + s.words.T("kept signed in")
	}
	return out + " · " + s.words.T("until ZohoSync quits")
}

// standing is the state of an account: a word, a shape and a colour.
func (s speech) standing(a Account) (word string, icon fyne.Resource, token fyne.ThemeColorName) {
	switch {
	case !a.SignedIn && (a.Problem == "" || a.Problem == auth.CodeSignedOut):
		return s.words.T("Off"), theme.RadioButtonIcon(), theme.ColorNamePlaceHolder
	case a.Problem != "" || !a.SignedIn:
		return s.words.T("Needs attention"), iconWarning(), theme.ColorNameWarning
	}
	return s.words.T("Active"), theme.ConfirmIcon(), theme.ColorNameSuccess
}

func (s speech) direction(p state.Pair, d plan.Direction) string {
	switch d {
	case plan.ToLeft:
		return s.words.T("To {{.name}}", "name", s.side(p, plan.Left))
	case plan.ToRight:
		return s.words.T("To {{.name}}", "name", s.side(p, plan.Right))
	}
	return s.words.T("Both ways")
}

func (s speech) policy(p state.Pair, c plan.Policy) string {
	switch c {
	case plan.RightWins:
		return s.words.T("{{.name}} wins", "name", s.side(p, plan.Right))
	case plan.Newest:
		return s.words.T("Newest wins")
	case plan.AskMe:
		return s.words.T("Merge; ask me about the same field")
	case plan.KeepBoth:
		return s.words.T("Keep both")
	}
	if a, ok := s.find(p.Ends[plan.Left].Account); ok && a.Service != zoho {
		return s.words.T("{{.name}} wins", "name", s.side(p, plan.Left))
	}
	return s.words.T("Zoho wins")
}

// forUpdates says what the conflict policy is not used for.
func (s speech) forUpdates(k record.Kind) string {
	switch k {
	case record.Contact:
		return s.words.T("Used for updates only, never for new contacts. Edits of different fields are merged.")
	case record.Task:
		return s.words.T("Used for updates only, never for new tasks. Edits of different fields are merged.")
	}
	return s.words.T("Used for updates only, never for new meetings. Edits of different fields are merged.")
}

// deletion says what happens on a side.
func (s speech) deletion(p state.Pair, on plan.Side, d plan.Deletion) string {
	switch d {
	case plan.Never:
		return s.words.T("Keep it in {{.name}}", "name", s.side(p, on))
	case plan.Propagate:
		return s.words.T("Delete it there too")
	}
	return s.words.T("Ask me first")
}

func (s speech) categories(p state.Pair) string {
	switch {
	case len(p.Categories) == 0:
		return s.words.T("All, including uncategorised")
	case len(p.Categories) == 1 && strings.EqualFold(p.Categories[0], ourCategory):
		return s.words.T("Zoho Category: {{.name}}", "name", p.Categories[0])
	}
	return strings.Join(p.Categories, ", ")
}

// hitch says why a pair cannot be stored.
func (s speech) hitch(p state.Pair, why hitch) string {
	switch why {
	case hitchLeft:
		return s.words.T("Choose a folder in {{.name}}.", "name", s.side(p, plan.Left))
	case hitchRight:
		return s.words.T("Choose a folder in {{.name}}.", "name", s.side(p, plan.Right))
	case hitchTwice:
		return s.words.T("Another pair already has these two folders.")
	case hitchToLeft:
		return s.readOnly(p, plan.Right)
	case hitchToRight:
		return s.readOnly(p, plan.Left)
	case hitchUnwritten:
		return s.words.T("Both folders can only be read, so there is nothing to sync.")
	}
	return ""
}

// readOnly says what a folder that can only be read means for the direction.
func (s speech) readOnly(p state.Pair, side plan.Side) string {
	return s.words.T("“{{.folder}}” can only be read, so the direction is “{{.direction}}”.",
		"folder", p.Ends[side].Title, "direction", s.direction(p, away(side)))
}

func (s speech) interval(d time.Duration) string {
	switch {
	case d == time.Minute:
		return s.words.T("Every minute")
	case d == time.Hour:
		return s.words.T("Every hour")
	case d%time.Hour == 0:
		return s.words.N("Every {{.n}} hours", int(d/time.Hour))
	}
	return s.words.N("Every {{.n}} minutes", int(d/time.Minute))
}

func (s speech) back(days int) string {
	switch {
	case days < 0:
		return s.words.T("Everything")
	case days == 0:
		return s.words.T("From today")
	}
	return s.words.N("{{.n}} days back", days)
}

func (s speech) ahead(days int) string {
	if days == 0 {
		return s.words.T("Until today")
	}
	return s.words.N("{{.n}} days ahead", days)
}

// language is what a language calls itself.
func language(tag string) string {
	return map[string]string{"en": "English", "fr": "Français", "pt-BR": "Português (Brasil)"}[tag]
}

// fingerprint writes the SHA-256 of a certificate in pairs of digits, eight to a group.
func fingerprint(sum string) string {
	var out strings.Builder
	for i, c := range strings.ToUpper(sum) {
		switch {
		case i == 0 || i%2 != 0:
		case i%16 == 0:
			out.WriteByte(' ')
		default:
			out.WriteByte(':')
		}
		out.WriteRune(c)
	}
	return out.String()
}
