package tray

import (
	"errors"
	"strings"
	"time"

	"zohosync/assets"
	"zohosync/sync/engine"
	"zohosync/sync/provider"
)

// stale is how long without a success is worth saying.
const stale = 24 * time.Hour

// stateLine is the first line of the menu: the most urgent thing, and the last success.
func stateLine(s Status, w *assets.Words, now time.Time) string {
	var head string
	switch {
	case s.State == starting:
		return w.T("Starting…")
	case s.State == signedOut:
		return w.T("Signed out – log in to use these")
	case s.State == inStep && len(s.Pairs) == 0:
		return w.T("No pairs yet")
	case s.State == syncing && s.Total > 0:
		return w.T("Syncing – {{.percent}}% ({{.done}} of {{.total}})", "percent", percent(s), "done", s.Done, "total", s.Total)
	case s.State == syncing:
		head = w.T("Syncing")
	case s.State == inStep:
		head = w.T("In step")
	case s.State == paused:
		head = w.T("Paused")
		if until := ends(s, w, now); until != "" {
			head = w.T("Paused until {{.time}}", "time", until)
		}
	case s.State == offline:
		head = w.T("Offline")
	case refusedAt(s) != "" && s.Waiting == 0:
		head = w.T("Sign in again to {{.name}}", "name", refusedAt(s))
	default:
		if head = counts(s, w); head == "" {
			head = w.T("Needs attention")
		}
	}
	if last := lastSync(s, w, now); last != "" {
		return head + " – " + last
	}
	return head
}

// Tooltip is the text of the icon itself: its tooltip and its name for screen readers.
func Tooltip(s Status, w *assets.Words, now time.Time) string {
	said := word(s.State, w)
	switch {
	case s.State == syncing && s.Total > 0:
		said = w.T("syncing, {{.percent}}%", "percent", percent(s))
	case s.State == paused && ends(s, w, now) != "":
		said = w.T("paused until {{.time}}", "time", ends(s, w, now))
	case s.State == attention && counts(s, w) != "":
		said = counts(s, w)
	}
	if s.State != syncing && s.State != starting && s.State != signedOut {
		last := lastSync(s, w, now)
		if s.State != paused && !s.LastSuccess.IsZero() && now.Sub(s.LastSuccess) > stale {
			last = w.T("no success since {{.date}}", "date", w.Day(s.LastSuccess.In(now.Location())))
		}
		if last != "" {
			said += ", " + last
		}
	}
	return w.T("{{.title}}: {{.state}}", "title", "ZohoSync", "state", said)
}

// ends tells when the pause ends, with its day when that is not today; "" for a pause that does not end by itself.
func ends(s Status, w *assets.Words, now time.Time) string {
	until := s.PausedUntil.In(now.Location())
	if s.PausedUntil.IsZero() || until.Sub(now) > 366*24*time.Hour {
		return ""
	}
	if sameDay(until, now) {
		return w.Clock(until)
	}
	return w.T("{{.date}}, {{.time}}", "date", w.Day(until), "time", w.Clock(until))
}

// refusedAt names the account that a person has to sign in to again, "" when there is none.
func refusedAt(s Status) string {
	for _, p := range s.Pairs {
		var end *engine.EndError
		if errors.Is(p.Err, provider.ErrAuth) && errors.As(p.Err, &end) {
			return end.Account
		}
	}
	return ""
}

// counts names what waits for a person: questions first, then problems.
func counts(s Status, w *assets.Words) string {
	var said []string
	if s.Waiting > 0 {
		said = append(said, w.N("{{.n}} questions", s.Waiting))
	}
	if s.Problems > 0 {
		said = append(said, w.N("{{.n}} problems", s.Problems))
	}
	return strings.Join(said, ", ")
}

// lastSync tells the last success by its time, and by its day when that was not today.
func lastSync(s Status, w *assets.Words, now time.Time) string {
	if s.LastSuccess.IsZero() {
		return ""
	}
	last := s.LastSuccess.In(now.Location())
	if sameDay(last, now) {
		return w.T("last sync {{.time}}", "time", w.Clock(last))
	}
	return w.T("last sync {{.date}}, {{.time}}", "date", w.Day(last), "time", w.Clock(last))
}

func sameDay(a, b time.Time) bool {
	year, month, day := a.Date()
	y, m, d := b.Date()
	return y == year && m == month && d == day
}

// word is a state inside a sentence. A state that this version does not know needs a person's attention.
func word(state string, w *assets.Words) string {
	switch state {
	case starting:
		return w.T("starting")
	case signedOut:
		return w.T("signed out")
	case inStep:
		return w.T("in step")
	case syncing:
		return w.T("syncing")
	case paused:
		return w.T("paused")
	case offline:
		return w.T("offline")
	}
	return w.T("needs attention")
}

// percent is rounded down: 100 means done.
func percent(s Status) int { return max(0, min(100, s.Done*100/s.Total)) }

// shape is the silhouette of a state.
func shape(state string) assets.Shape {
	switch state {
	case signedOut:
		return assets.SignedOut
	case inStep:
		return assets.InStep
	case starting, syncing:
		return assets.Syncing
	case paused, offline:
		return assets.Paused
	}
	return assets.Attention
}
