package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"zohosync/assets"
	"zohosync/sync/auth"
	"zohosync/sync/engine"
	"zohosync/sync/local"
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
	"zohosync/sync/state"
)

// exit is what the program tells its caller. A command that has printed its result returns one as its error.
type exit int

// The exit codes.
const (
	inStep    exit = iota // in step
	attention             // some items failed, or something waits for a person
	failed                // could not run
	guarded               // stopped by a guard
	overtaken             // the plan that was confirmed is another one by now
)

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// usageError is a command line that cannot be understood.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// badInput makes a usageError.
func badInput(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// Why there is no icon: the program was built without, or the computer has no display.
var (
	errNoTray    = errors.New("no tray")
	errNoDisplay = errors.New("no display")
)

// explained is an error in the words of the person who reads it.
type explained struct {
	Code     string     `json:"code"`
	Sentence string     `json:"sentence"`
	Next     string     `json:"next"`
	Detail   string     `json:"detail,omitempty"`
	Retry    *time.Time `json:"retry,omitempty"` // the service wants to be left alone until then
	exit     exit
}

// fail prints an error as a sentence, the next step and the raw words, and returns the exit code. It is the only place
// that does.
func (t *terminal) fail(err error) exit {
	var told exit
	switch {
	case err == nil:
		return inStep
	case errors.As(err, &told):
		return told
	}
	e := t.explain(err)
	t.tell(e)
	if t.json {
		_ = t.show(map[string]any{"error": e})
	}
	return e.exit
}

// tell prints what happened, what to do next, and the raw words.
func (t *terminal) tell(e explained) {
	fmt.Fprintf(t.err, "zohosync: %s\n%s\n(%s: %s)\n", e.Sentence, e.Next, e.Code, e.Detail)
}

// explain is explain with the time from which on trying again may help, where the service told it (C-47).
func (t *terminal) explain(err error) explained {
	e := explain(err, t.words)
	var later *provider.RetryError
	if errors.As(err, &later) && later.After > 0 {
		at := t.now().Add(later.After).Truncate(time.Second)
		e.Retry = &at
		local := at.Local()
		e.Next += " " + t.words.T("Not before {{.date}}, {{.time}}.", "date", t.words.Day(local), "time", t.words.Clock(local))
	}
	return e
}

// now reads the clock.
func (t *terminal) now() time.Time {
	if t.clock != nil {
		return t.clock()
	}
	return time.Now()
}

// explain finds the code of an error and its sentences.
func explain(err error, w *assets.Words) explained {
	e := explained{Code: codeOf(err), exit: failed, Detail: strings.Join(oneLine([]string{err.Error()}), "")}
	e.Sentence, e.Next = reason(e.Code, w)
	var known *appPassword
	if errors.As(err, &known) {
		e.Next += " " + w.T("Programs need an app password there. Make one here: {{.address}}", "address", known.page)
	}
	return e
}

// reason puts the code of a problem into a sentence and the next step.
func reason(code string, w *assets.Words) (sentence, next string) {
	sentence, next = assets.Problem(code)
	return w.T(sentence), w.T(next)
}

// cause is an error that has a code of its own.
type cause struct {
	err  error
	code string
}

// causes are the errors that have a code of their own, the most particular first.
func causes() []cause {
	return append(conflictCauses(), []cause{
		{errLocked, "locked-home"},
		{errNoTray, "no-tray"},
		{errNoDisplay, "no-display"},
		{errNoSuch, "no-such"},
		{engine.ErrNoQuestion, "no-question"},
		{errTaken, "name-taken"},
		{errInUse, "in-use"},
		{errOther, "other-account"},
		{errPassword, "password"},
		{errNotRevoked, "not-revoked"},
		{errNoClient, "no-client"},
		{errNeedsYes, "needs-yes"},
		{errUndoStopped, "undo-stopped"},
		{errUnsent, "unsent"},
		{errShared, "shared"},
		{engine.ErrMoved, "plan-moved"},
		{engine.ErrNoRun, "no-run"},
		{engine.ErrNoMarks, "no-marks"},
		{state.ErrNewer, "newer-state"},
		{local.ErrNewer, "newer-state"},
		{local.ErrFull, "disk-full"},
		{local.ErrDamaged, "damaged-calendars"},
		{state.ErrFull, "disk-full"},
		{syscall.ENOSPC, "disk-full"},
		{state.ErrDamaged, "damaged-state"},
		{state.ErrNoCopy, "no-copy"},
		{state.ErrNotEmpty, "settings-there"},
		{auth.ErrNoKeychain, "no-keychain"},
		{auth.ErrPassphrase, "passphrase"},
		{auth.ErrDamaged, "damaged-vault"},
		{auth.ErrUnknownDataCentre, "unknown-data-centre"},
		{auth.ErrOtherHost, "host"},
		{dav.ErrNoService, "no-service"},
		{auth.ErrCredits, "few-credits"},
		{provider.ErrAuth, "auth"},
		{provider.ErrGone, "gone"},
		{provider.ErrReadOnly, "read-only"},
		{context.Canceled, "stopped"},
	}...)
}

// codeOf goes from the most particular cause to the most general one: a server that cannot be reached because its
// certificate does not fit is a matter of the certificate.
func codeOf(err error) string {
	var usage *usageError
	var signIn *auth.Error
	var item *provider.ItemError
	var later *provider.RetryError
	var elsewhere *dav.HostError
	var choice *engine.ChoiceError
	var past *engine.PastError
	switch {
	case errors.As(err, &past):
		return past.Code
	case errors.As(err, &choice):
		return "no-answer"
	case errors.As(err, &usage):
		return "bad-input"
	case errors.As(err, &elsewhere):
		return "host"
	case errors.As(err, &signIn):
		return signIn.Code
	case isCertificate(err):
		return "certificate"
	}
	for _, c := range causes() {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	switch {
	case isNetwork(err):
		return "unreachable"
	case errors.As(err, &later):
		return "retry-later"
	case errors.As(err, &item):
		return item.Code
	}
	return "failed"
}

func isCertificate(err error) bool {
	var verify *tls.CertificateVerificationError
	var host x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var other *auth.CertificateError
	var server *dav.CertificateError
	return errors.As(err, &other) || errors.As(err, &server) || errors.As(err, &verify) || errors.As(err, &host) || errors.As(err, &authority) || errors.As(err, &invalid)
}

func isNetwork(err error) bool {
	var op *net.OpError
	var name *net.DNSError
	var timeout net.Error
	return errors.As(err, &op) || errors.As(err, &name) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, os.ErrDeadlineExceeded)
}
