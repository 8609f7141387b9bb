package ui

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"zohosync/assets"
	"zohosync/sync/engine"
)

// teller puts an overview into words. All of it is pure: the same overview at the same time reads the same.
type teller struct {
	overview
	names
	words *assets.Words
	now   time.Time
}

// teller prepares the words for an overview.
func (k *kit) teller(o overview) teller {
	return teller{overview: o, names: k.names(o.pairs, o.accounts), words: k.words, now: k.loop.now()}
}

// topView is what stands above the pairs.
type topView struct {
	title, caption string
	warns          bool    // the caption is a warning
	running        bool    // Stop stands in place of Sync Now
	share          float32 // of the run that is done
	paused         bool    // Resume stands in place of Pause
	signedOut      bool    // Log In stands in place of both
	canSync        bool
}

// top tells the state of the whole. stopping: a person has asked the run under way to stop.
func (t teller) top(stopping bool) topView {
	w, s := t.words, t.status
	v := topView{running: s.State == engine.StateSyncing, paused: !t.paused.IsZero(), signedOut: s.State == engine.StateSignedOut}
	v.canSync = !v.running && !v.paused && !v.signedOut && len(t.pairs) > 0
	if v.running && s.Total > 0 {
		v.share = min(1, float32(s.Done)/float32(s.Total))
	}
	v.title = t.stateWord(s.State)
	if s.State == engine.StateInStep && t.allEmpty() {
		v.title = w.T("Nothing found")
	}
	switch {
	case v.signedOut:
		v.caption = w.T("Log in to sync these pairs. What was synced stays as it is.")
	case v.running:
		v.title, v.caption = t.runningTop(stopping)
	case v.paused:
		v.title = t.pausedWord()
		v.caption = joined(w.T("nothing is synced until you resume"), t.lastSuccess(s.LastSuccess))
	default:
		v.caption = joined(t.waiting(), t.lastSuccess(s.LastSuccess))
		if v.caption == "" {
			v.caption = w.T("Nothing written yet")
		}
		if t.stale(s.LastSuccess) {
			v.caption, v.warns = joined(t.waiting(), t.noSuccess(s.LastSuccess)), true
		}
	}
	v.caption = begins(v.caption)
	return v
}

func (t teller) runningTop(stopping bool) (title, caption string) {
	w, s := t.words, t.status
	switch {
	case stopping:
		return w.T("Stopping…"), w.T("The running item is finished first. The rest follows at the next sync.")
	case s.Total > 0:
		return w.T("Syncing – {{.percent}}%", "percent", max(0, min(100, s.Done*100/s.Total))),
			w.N("{{.done}} of {{.n}} items", s.Total, "done", s.Done)
	}
	return w.T("Syncing"), w.T("Reading changes…")
}

// waiting counts what a person has to do: questions first, then problems.
func (t teller) waiting() string {
	var said []string
	if t.status.Waiting > 0 {
		said = append(said, t.words.N("{{.n}} questions", t.status.Waiting))
	}
	if t.status.Problems > 0 {
		said = append(said, t.words.N("{{.n}} problems", t.status.Problems))
	}
	return strings.Join(said, ", ")
}

// stateWord is a state as a title. One that this version does not know needs a person's attention.
func (t teller) stateWord(s string) string {
	w := t.words
	switch s {
	case engine.StateStarting:
		return w.T("Not synced yet")
	case engine.StateSignedOut:
		return w.T("Signed out")
	case engine.StateInStep:
		return w.T("In step")
	case engine.StateSyncing:
		return w.T("Syncing")
	case engine.StatePaused:
		return w.T("Paused")
	case engine.StateOffline:
		return w.T("Offline")
	}
	return w.T("Needs attention")
}

func (t teller) pausedWord() string {
	if t.paused.IsZero() || !t.paused.Before(Forever) {
		return t.words.T("Paused")
	}
	return t.words.T("Paused until {{.time}}", "time", t.moment(t.paused))
}

// moment is a time of day, with its day where that is not today.
func (t teller) moment(at time.Time) string {
	at = at.In(t.now.Location())
	if sameDay(at, t.now) {
		return t.words.Clock(at)
	}
	return t.words.T("{{.date}}, {{.time}}", "date", t.words.Day(at), "time", t.words.Clock(at))
}

func sameDay(a, b time.Time) bool {
	y, m, d := a.Date()
	y2, m2, d2 := b.Date()
	return y == y2 && m == m2 && d == d2
}

// lastSuccess tells when everything was last in step, or "".
func (t teller) lastSuccess(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	if at = at.In(t.now.Location()); sameDay(at, t.now) {
		return t.words.T("last sync {{.time}}", "time", t.words.Clock(at))
	}
	return t.words.T("last sync {{.date}}, {{.time}}", "date", t.words.Day(at), "time", t.words.Clock(at))
}

// stale: days of failures must not go by without a word.
func (t teller) stale(success time.Time) bool {
	return !success.IsZero() && t.now.Sub(success) > max(24*time.Hour, 3*t.interval)
}

func (t teller) noSuccess(success time.Time) string {
	return t.words.T("no success since {{.date}}", "date", t.moment(success))
}

// joined puts two remarks on one line.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

// begins makes a remark begin a line.
func begins(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
