package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"zohosync/sync/provider"
)

// Why a sign-in or a renewal failed. The sentences that people read for them are made elsewhere.
const (
	CodeSignedOut     = "signed-out"      // the vault holds no token or password for the account
	CodeRevoked       = "revoked"         // the refresh token is no longer good: sign in again
	CodeExpired       = "code-expired"    // the code was used, is too old or is not of this client
	CodeClient        = "client"          // client id or secret is wrong
	CodeMultiDC       = "multi-dc"        // the client is not enabled for the person's data centre
	CodeRedirect      = "redirect"        // the redirect URI is not registered for the client
	CodeScope         = "scope"           // the client may not ask for these scopes
	CodeDenied        = "denied"          // the person said no
	CodeTooManyTokens = "too-many-tokens" // the account has as many tokens as it may have
	CodeThrottled     = "throttled"       // too many token requests: wait
	CodePorts         = "ports"           // every port for the redirect is taken
	CodeBrowser       = "browser"         // the browser could not be opened
	CodeAnswer        = "answer"          // the accounts server answered something else
	CodeHost          = "host"            // a host outside the account's wants its password
)

// Error says why signing in or staying signed in failed. It is provider.ErrAuth except for codes that time heals.
type Error struct {
	Code string
	Said string // the server's own error word, cleaned; may be empty
	Err  error  // may be nil
}

// Error never holds a secret: Said is cleaned, and causes come without URL or body.
func (e *Error) Error() string {
	s := "sign-in failed: " + e.Code
	if e.Said != "" && e.Said != e.Code {
		s += " (" + e.Said + ")"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes every error that only the person can heal a provider.ErrAuth.
func (e *Error) Is(target error) bool {
	return target == provider.ErrAuth && e.Code != CodeThrottled && e.Code != CodeAnswer
}

// coolDown is how long Zoho refuses more tokens once it said that there were too many requests.
const coolDown = 10 * time.Minute

// errUnanswered is a failure of the network, not of the account.
var errUnanswered = errors.New("the accounts server did not answer")

// codeOf knows the error words of Zoho's token endpoint (zoho.com/accounts/protocol/oauth, and RFC 6749 5.2).
func codeOf(word string) string {
	switch word {
	case "invalid_code", "invalid_grant", "expired":
		return CodeExpired
	case "invalid_client", "invalid_client_secret", "unauthorized_client":
		return CodeClient
	case "invalid_redirect_uri", "redirect_uri_mismatch":
		return CodeRedirect
	case "invalid_scope", "invalid_oauthscope":
		return CodeScope
	case "access_denied":
		return CodeDenied
	case "invalid_token":
		return CodeRevoked
	}
	return CodeAnswer
}

// refusal turns the error word and description of an accounts server into an Error. The description only helps to tell
// causes apart: it is free text, so it is never shown.
func refusal(word, description string) *Error {
	word = strings.ToLower(strings.TrimSpace(word))
	text := word + " " + strings.ToLower(description)
	e := &Error{Code: codeOf(word), Said: clean(word)}
	many := strings.Contains(text, "too many") || strings.Contains(text, "limit") || strings.Contains(text, "maximum")
	switch {
	// Zoho spells its throttle answer "Access Denied", the refusal of a person "access_denied".
	case word == "access denied", strings.Contains(text, "too many requests"):
		return throttled(coolDown)
	case many && strings.Contains(text, "token"):
		e.Code = CodeTooManyTokens
	}
	return e
}

// throttled says that no token can be had for a while; it is a provider.RetryError and not provider.ErrAuth.
func throttled(after time.Duration) *Error {
	return &Error{Code: CodeThrottled, Err: &provider.RetryError{After: after, Err: errors.New("too many token requests")}}
}

// clean lets an error word pass and nothing that could be a token.
func clean(word string) string {
	if len(word) > 40 || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz_ ") != "" {
		return ""
	}
	return word
}

// tokenError turns what a token request ended with into an Error, a provider.RetryError or the context's error.
func tokenError(ctx context.Context, err error, renewing bool) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		return answered(answer, renewing)
	}
	var sent *url.Error
	if errors.As(err, &sent) {
		// Nothing was asked of the CRM yet, so Sent stays false.
		return &provider.RetryError{Err: fmt.Errorf("%w: %w", errUnanswered, sent.Err)}
	}
	// The cause may quote the answer.
	return &Error{Code: CodeAnswer}
}

func answered(a *oauth2.RetrieveError, renewing bool) error {
	status := a.Response.StatusCode
	if a.ErrorCode == "" && status >= 500 {
		return &provider.RetryError{
			After: retryAfter(a.Response.Header, time.Now()),
			Err:   fmt.Errorf("accounts server: HTTP %d", status),
		}
	}
	if status == http.StatusTooManyRequests {
		return throttled(max(coolDown, retryAfter(a.Response.Header, time.Now())))
	}
	if a.ErrorCode == "" {
		return &Error{Code: CodeAnswer, Err: fmt.Errorf("HTTP %d", status)}
	}
	e := refusal(a.ErrorCode, a.ErrorDescription)
	switch {
	// Nobody can say no at the token endpoint: Zoho answers so when too many codes were made.
	case e.Code == CodeDenied:
		return throttled(coolDown)
	case renewing && e.Code == CodeExpired:
		e.Code = CodeRevoked
	}
	return e
}
