package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"

	"zohosync/assets"
	"zohosync/sync/auth"
	"zohosync/sync/engine"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

// testTerminal returns a terminal that speaks English and what it prints.
func testTerminal(input string) (t *terminal, out, err *bytes.Buffer) {
	out, err = &bytes.Buffer{}, &bytes.Buffer{}
	env := func(string) string { return "" }
	return &terminal{in: strings.NewReader(input), out: out, err: err, env: env, words: assets.Speak("en")}, out, err
}

func TestEveryErrorHasItsCode(t *testing.T) {
	dead := httptest.NewServer(http.NotFoundHandler())
	dead.Close()
	_, refused := http.Get(dead.URL)
	selfSigned := httptest.NewTLSServer(http.NotFoundHandler())
	defer selfSigned.Close()
	_, untrusted := http.Get(selfSigned.URL)
	for want, err := range map[string]error{
		"bad-input":           badInput("--from is no number"),
		"locked-home":         fmt.Errorf("open: %w", errLocked),
		"no-tray":             errNoTray,
		"disk-full":           fmt.Errorf("write: %w", syscall.ENOSPC),
		"certificate":         &provider.RetryError{Err: untrusted},
		"unreachable":         &provider.RetryError{Err: refused},
		"auth":                fmt.Errorf("list: %w", provider.ErrAuth),
		"gone":                provider.ErrGone,
		"read-only":           provider.ErrReadOnly,
		"retry-later":         &provider.RetryError{Err: errors.New("429")},
		"mandatory":           &provider.ItemError{Code: provider.CodeMandatory},
		"stopped":             fmt.Errorf("list: %w", context.Canceled),
		"no-such":             errNoSuch,
		"name-taken":          errTaken,
		"in-use":              errInUse,
		"other-account":       errOther,
		"newer-state":         state.ErrNewer,
		"damaged-state":       state.ErrDamaged,
		"no-copy":             state.ErrNoCopy,
		"settings-there":      state.ErrNotEmpty,
		"no-keychain":         auth.ErrNoKeychain,
		"passphrase":          auth.ErrPassphrase,
		"damaged-vault":       auth.ErrDamaged,
		"unknown-data-centre": fmt.Errorf("sign in: %w", auth.ErrUnknownDataCentre),
		"few-credits":         &provider.RetryError{Err: auth.ErrCredits},
		"too-many-tokens":     &engine.EndError{Account: "crm", Err: &auth.Error{Code: auth.CodeTooManyTokens}},
		"failed":              errors.New("something else"),
	} {
		if got := codeOf(err); got != want {
			t.Errorf("%v: got %s, want %s", err, got, want)
		}
	}
	for _, err := range []error{x509.HostnameError{Certificate: &x509.Certificate{}, Host: "h"}, x509.CertificateInvalidError{}} {
		if got := codeOf(err); got != "certificate" {
			t.Errorf("%T: got %s", err, got)
		}
	}
	if got := codeOf(&net.DNSError{Err: "no such host", Name: "nowhere.invalid"}); got != "unreachable" {
		t.Errorf("no such host: got %s", got)
	}
}

// C-41: every error of a command has a code with a sentence of its own.
func TestEveryCodeIsExplained(t *testing.T) {
	known := assets.ProblemCodes()
	codes := []string{"bad-input", "certificate", "unreachable", "retry-later", "failed", "no-display"}
	for _, c := range causes() {
		codes = append(codes, c.code)
	}
	for _, code := range codes {
		if !slices.Contains(known, code) {
			t.Errorf("%s has no sentence of its own", code)
		}
	}
}

func TestFailPrintsSentenceNextStepAndCause(t *testing.T) {
	term, out, errOut := testTerminal("")
	if got := term.fail(provider.ErrGone); got != failed {
		t.Errorf("exit code %d", got)
	}
	for _, want := range []string{"zohosync: The folder is missing.", "Restore the folder", "(gone: collection is missing)"} {
		if !strings.Contains(errOut.String(), want) {
			t.Errorf("%q lacks %q", errOut, want)
		}
	}
	if out.Len() > 0 {
		t.Errorf("printed %q", out)
	}
}

func TestFailSpeaksJSONToo(t *testing.T) {
	term, out, _ := testTerminal("")
	term.json = true
	term.fail(provider.ErrAuth)
	var got struct {
		Error struct{ Code, Sentence, Next string }
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.Error.Code != "auth" || got.Error.Next == "" {
		t.Errorf("got %s: %v", out, err)
	}
}

func TestACommandThatHasPrintedItsResultOnlyExits(t *testing.T) {
	for _, want := range []exit{inStep, attention, guarded} {
		term, out, errOut := testTerminal("")
		if got := term.fail(want); got != want || out.Len()+errOut.Len() > 0 {
			t.Errorf("%d: got %d, printed %q %q", want, got, out, errOut)
		}
	}
	term, _, _ := testTerminal("")
	if got := term.fail(nil); got != inStep {
		t.Errorf("no error: got %d", got)
	}
}
