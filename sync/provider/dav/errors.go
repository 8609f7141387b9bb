package dav

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"zohosync/sync/provider"
)

// ErrNoService means that nothing at the given address speaks CalDAV or CardDAV.
var ErrNoService = errors.New("no CalDAV or CardDAV service at this address")

// errNotDAV means that something answered, but not with a multistatus.
var errNotDAV = errors.New("the answer is not a multistatus")

// errNoObject means that something else was sent instead of an object, most likely by somebody on the way: ask again.
var errNoObject = errors.New("the answer is no calendar object and no card")

// errUntrue means that a write was answered by a yes, and that the object is as it was before.
var errUntrue = errors.New("the answer said that the object was written, but it was not")

// errBrokeOff means that an answer began and that its connection ended, or went silent, before it was whole.
var errBrokeOff = errors.New("the answer broke off")

// errTooBig means that one object, or a whole answer, is larger than we read.
var errTooBig = errors.New("the answer is too large")

// StatusError is an answer that says no. It holds no address and no content.
type StatusError struct {
	Method    string
	Status    int
	Condition string        // the precondition of RFC 4918 section 16 that the answer names, such as valid-sync-token
	After     time.Duration // Retry-After
}

func (e *StatusError) Error() string {
	s := e.Method + " answered " + strconv.Itoa(e.Status)
	if e.Condition != "" {
		s += " (" + e.Condition + ")"
	}
	return s
}

// CertificateError means that the server's certificate does not fit. Its cause is one of the errors of crypto/x509.
type CertificateError struct {
	Host string
	Err  error
}

func (e *CertificateError) Error() string { return "certificate of " + e.Host + ": " + e.Err.Error() }
func (e *CertificateError) Unwrap() error { return e.Err }

// HostError means that the service lives on a host to which the password may not go unless the person gives its
// address (RFC 6764 section 8).
type HostError struct{ Host string }

func (e *HostError) Error() string {
	return "the service is on another host, " + e.Host + ": give its address if you trust it"
}

// transportError turns what http.Client.Do returned into one of the provider's errors. What the authorised client says
// itself goes through, except that a certificate that does not fit is no reason to try again.
func transportError(ctx context.Context, host string, err error) error {
	err = stripURL(err)
	var known *provider.RetryError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case isCertificate(err):
		return &CertificateError{Host: host, Err: err}
	case errors.As(err, &known), errors.Is(err, provider.ErrAuth):
		return err
	}
	return &provider.RetryError{Sent: !neverSent(err), Err: err}
}

// stripURL takes away net/http's wrapper, which spells out the address and with it the person's name.
func stripURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func isCertificate(err error) bool {
	var verify *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verify) || errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &invalid)
}

// neverSent says that a request surely did not reach the server: no connection came about.
func neverSent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var record tls.RecordHeaderError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial" || errors.As(err, &record)
}

// status returns the status that an error tells, 0 when it tells none.
func status(err error) int {
	var s *StatusError
	if errors.As(err, &s) {
		return s.Status
	}
	return 0
}

// general turns a refusal that does not depend on the item into the provider's error, and nil for any other one.
func general(err error) error {
	var s *StatusError
	if !errors.As(err, &s) {
		return err
	}
	switch s.Status {
	case http.StatusUnauthorized, http.StatusProxyAuthRequired:
		return fmt.Errorf("%w: %w", provider.ErrAuth, err)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusRequestTimeout:
		return &provider.RetryError{After: s.After, Err: err}
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return &provider.RetryError{After: s.After, Sent: true, Err: err}
	}
	return nil
}

// collectionError turns what a request to a collection itself returned into the provider's errors. A collection that
// may no longer be read is as missing as one that is not there: a state of the container, never a deletion of items.
func collectionError(err error) error {
	if err == nil {
		return nil
	}
	if g := general(err); g != nil {
		if broken(err) {
			return &provider.RetryError{Err: err}
		}
		return g
	}
	switch s := status(err); {
	case s == http.StatusNotFound, s == http.StatusGone, s == http.StatusForbidden:
		return fmt.Errorf("%w: %w", provider.ErrGone, err)
	case s >= 500:
		return &provider.RetryError{Err: err}
	}
	return err
}

// broken says that an answer could not be read to its end as what it should be: control characters in the XML, or cut.
func broken(err error) bool {
	var syntax *xml.SyntaxError
	return errors.As(err, &syntax) || errors.Is(err, errTooBig) || errors.Is(err, errNotDAV)
}

// brokeOff says that an answer broke off while somebody still waits for it.
func brokeOff(ctx context.Context, err error) bool {
	return ctx.Err() == nil && errors.Is(err, errBrokeOff)
}

// retryAfter reads the header in both of its forms (RFC 9110 section 10.2.3).
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
