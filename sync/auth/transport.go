package auth

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Limits say how long to wait for a server.
type Limits struct {
	Connect time.Duration
	Answer  time.Duration // a server may compute for long before it answers
	Stall   time.Duration // between two pieces of one body
}

// UsualLimits suit servers far away and slow ones.
func UsualLimits() Limits {
	return Limits{Connect: 15 * time.Second, Answer: 2 * time.Minute, Stall: time.Minute}
}

// Trust names certificates that are accepted although nothing vouches for them: host ("host" or "host:port") to the
// SHA-256 of the certificate in hex. Any other certificate of such a host is refused.
type Trust map[string]string

// CertificateError says that a host showed another certificate than the one that was trusted.
type CertificateError struct{ Host, Fingerprint string }

func (e *CertificateError) Error() string {
	return "the certificate of " + e.Host + " is not the trusted one"
}

// Fingerprint returns the SHA-256 of the certificate that made a connection fail, as Trust wants it.
func Fingerprint(err error) (string, bool) {
	var other *CertificateError
	if errors.As(err, &other) {
		return other.Fingerprint, true
	}
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) && len(bad.UnverifiedCertificates) > 0 {
		return fingerprint(bad.UnverifiedCertificates[0]), true
	}
	return "", false
}

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// Transport is what all requests end in: time limits for connecting, answering and stalling, the proxy of the
// environment except for this computer, certificates as the system knows them plus those of trust.
func Transport(trust Trust) http.RoundTripper { return TransportWithin(trust, UsualLimits()) }

// TransportWithin is Transport with other limits.
func TransportWithin(trust Trust, l Limits) http.RoundTripper {
	t := &transport{plain: newTransport(l), pinned: map[string]*http.Transport{}, stall: l.Stall}
	for host, want := range trust {
		pinned := newTransport(l)
		pinned.TLSClientConfig = pin(host, want)
		t.pinned[strings.ToLower(host)] = pinned
	}
	return t
}

func newTransport(l Limits) *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment, // which leaves loopback alone
		DialContext:           (&net.Dialer{Timeout: l.Connect}).DialContext,
		TLSHandshakeTimeout:   l.Connect,
		ResponseHeaderTimeout: l.Answer,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   4,
		ForceAttemptHTTP2:     true,
		HTTP2:                 &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second},
	}
}

// pin accepts exactly one certificate. InsecureSkipVerify turns off the usual check, VerifyConnection replaces it.
func pin(host, want string) *tls.Config {
	want = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(want), ":", ""))
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 {
				return &CertificateError{Host: host}
			}
			if got := fingerprint(state.PeerCertificates[0]); got != want {
				return &CertificateError{Host: host, Fingerprint: got}
			}
			return nil
		},
	}
}

type transport struct {
	plain  *http.Transport
	pinned map[string]*http.Transport
	stall  time.Duration
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	resp, err := t.of(r.URL).RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel(nil)
		return nil, err
	}
	resp.Body = &watched{ReadCloser: resp.Body, cancel: cancel, ctx: ctx, limit: t.stall}
	return resp, nil
}

// CloseIdleConnections is called by http.Client's method of that name.
func (t *transport) CloseIdleConnections() {
	t.plain.CloseIdleConnections()
	for _, p := range t.pinned {
		p.CloseIdleConnections()
	}
}

func (t *transport) of(u *url.URL) *http.Transport {
	if p := t.pinned[strings.ToLower(u.Host)]; p != nil {
		return p
	}
	if p := t.pinned[strings.ToLower(u.Hostname())]; p != nil {
		return p
	}
	return t.plain
}

// errStalled ends a body of which nothing arrives any more; a context alone would wait for ever.
var errStalled = errors.New("the server stopped in the middle of its answer")

type watched struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	limit  time.Duration
}

// Read gives up when nothing has arrived for the limit.
func (w *watched) Read(p []byte) (int, error) {
	timer := time.AfterFunc(w.limit, func() { w.cancel(errStalled) })
	n, err := w.ReadCloser.Read(p)
	timer.Stop()
	if err != nil && err != io.EOF && context.Cause(w.ctx) == errStalled {
		err = fmt.Errorf("%w: nothing for %v", errStalled, w.limit)
	}
	return n, err
}

// Close implements io.Closer.
func (w *watched) Close() error {
	err := w.ReadCloser.Close()
	w.cancel(nil)
	return err
}
