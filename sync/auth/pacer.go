package auth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"zohosync/sync/provider"
)

// Sleep waits, or returns the context's error.
type Sleep func(ctx context.Context, d time.Duration) error

func (s Sleep) orReal() Sleep {
	if s != nil {
		return s
	}
	return func(ctx context.Context, d time.Duration) error {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
			return nil
		}
	}
}

const (
	// ZohoParallel is far below the 10 calls that every edition allows for the dear ones (API limits, sub-concurrency).
	ZohoParallel = 3
	// DAVParallel is what small servers bear.
	DAVParallel = 4
	// ZohoFloor leaves API credits to the other programs of an organisation.
	ZohoFloor = 250

	repeats     = 3                      // of a request that only reads
	firstPause  = 500 * time.Millisecond // doubled each time, plus or minus half
	longestWait = time.Minute            // a longer Retry-After is for the caller
	creditsWait = time.Hour              // credits come back over 24 hours, hour by hour
)

// ErrCredits says that the API credits of the organisation are nearly used up.
var ErrCredits = errors.New("few API credits are left")

// PacerOptions set how hard a Pacer drives; the zero value is one request at a time, real time, no floor.
type PacerOptions struct {
	Parallel int
	Floor    int // API credits that are left alone
	Now      func() time.Time
	Sleep    Sleep
	Jitter   func() float64 // in [0, 1)
}

// Pacer is a RoundTripper that keeps to what a service bears: few requests at once, pauses when the service asks for
// one, a floor of API credits. Requests that only read are repeated after failures of the network and the server;
// anything that writes is sent once. Failures of the network and refusals of its own are provider.RetryError with the
// truth about Sent; every answer of the server that is no help to repeat is the caller's.
type Pacer struct {
	next  http.RoundTripper
	o     PacerOptions
	slots chan struct{}

	mu    sync.Mutex
	until time.Time // nothing is sent before
	why   error
}

// NewPacer paces what goes to one service.
func NewPacer(next http.RoundTripper, o PacerOptions) *Pacer {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	o.Sleep = o.Sleep.orReal()
	return &Pacer{next: next, o: o, slots: make(chan struct{}, max(1, o.Parallel))}
}

// RoundTrip implements http.RoundTripper.
func (p *Pacer) RoundTrip(r *http.Request) (*http.Response, error) {
	repeatable := reads(r.Method) && (r.Body == nil || r.Body == http.NoBody || r.GetBody != nil)
	for try := 0; ; try++ {
		resp, err := p.once(r)
		if !repeatable || try == repeats {
			return resp, err
		}
		wait, again := p.pause(resp, err, try)
		if !again {
			return resp, err
		}
		if resp != nil {
			drain(resp.Body)
		}
		if err := p.o.Sleep(r.Context(), wait); err != nil {
			return nil, err
		}
		if r, err = rewound(r); err != nil {
			return nil, err
		}
		provider.MeterOf(r.Context()).Request(0)
	}
}

// CloseIdleConnections is called by http.Client's method of that name.
func (p *Pacer) CloseIdleConnections() { closeIdle(p.next) }

// pause decides whether a reading request is repeated, and after what pause.
func (p *Pacer) pause(resp *http.Response, err error, try int) (time.Duration, bool) {
	backOff := time.Duration((0.5 + p.o.Jitter()) * float64(firstPause<<try))
	if err != nil {
		var later *provider.RetryError
		return backOff, errors.As(err, &later) && later.After == 0 && !hopeless(err)
	}
	asked := retryAfter(resp.Header, p.o.Now())
	switch {
	case asked > longestWait:
		return 0, false
	case resp.StatusCode == http.StatusTooManyRequests:
		return asked, asked > 0 // Zoho says nothing; then the run is put off
	case resp.StatusCode == http.StatusInternalServerError && resp.Request != nil && resp.Request.Method == "REPORT":
		// DAV servers answer so when they cannot make this report: asking again brings nothing.
		return 0, false
	case resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented &&
		resp.StatusCode != http.StatusInsufficientStorage:
		return max(asked, backOff), true
	}
	return 0, false
}

// once sends a request as soon as there is a slot.
func (p *Pacer) once(r *http.Request) (*http.Response, error) {
	select {
	case p.slots <- struct{}{}:
	case <-r.Context().Done():
		closeBody(r)
		return nil, lost(r, r.Context().Err(), false)
	}
	defer func() { <-p.slots }()
	if err := p.open(); err != nil {
		closeBody(r)
		return nil, err
	}
	// From a connection on, bytes may leave while an error is on its way here.
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	resp, err := p.next.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil {
		return nil, lost(r, err, connected.Load())
	}
	p.heed(resp)
	return resp, nil
}

// open refuses while a pause lasts.
func (p *Pacer) open() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wait := p.until.Sub(p.o.Now()); wait > 0 {
		return &provider.RetryError{After: wait, Err: p.why}
	}
	return nil
}

// heed looks for pauses that an answer asks for. A short one is for the request itself; others go on meanwhile.
func (p *Pacer) heed(resp *http.Response) {
	now := p.o.Now()
	asked := retryAfter(resp.Header, now)
	p.mu.Lock()
	defer p.mu.Unlock()
	if asked > longestWait && (resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable) {
		p.until, p.why = now.Add(asked), fmt.Errorf("the service asked for a pause (HTTP %d)", resp.StatusCode)
	}
	// Sent by Zoho once half of the day's credits are used.
	left, err := strconv.Atoi(resp.Header.Get("X-API-CREDITS-REMAINING"))
	if err == nil && left < p.o.Floor {
		p.until, p.why = now.Add(creditsWait), ErrCredits
	}
}

// lost tells a request that cannot have arrived from one that may have been carried out.
func lost(r *http.Request, err error, connected bool) error {
	if ctxErr := r.Context().Err(); ctxErr != nil {
		err = ctxErr
	}
	return &provider.RetryError{Sent: connected && !reads(r.Method), Err: err}
}

// hopeless tells failures that the next second does not heal.
func hopeless(err error) bool {
	var cert *tls.CertificateVerificationError
	var pinned *CertificateError
	var name *net.DNSError
	return errors.As(err, &cert) || errors.As(err, &pinned) || errors.As(err, &name) && name.IsNotFound ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// reads tells methods that change nothing (RFC 9110 9.2.1, RFC 4918, RFC 3253).
func reads(method string) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, "PROPFIND", "REPORT":
		return true
	}
	return false
}

// rewound returns the request with its body from the beginning.
func rewound(r *http.Request) (*http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return r, nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, fmt.Errorf("repeat request: %w", err)
	}
	again := r.Clone(r.Context())
	again.Body = body
	return again, nil
}

// retryAfter reads Retry-After in both its forms (RFC 9110 10.2.3); 0 when there is none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(n, 0), 7*24*3600)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), 7*24*time.Hour)
	}
	return 0
}

// drain lets the connection be used again.
func drain(body io.ReadCloser) {
	_, _ = io.Copy(io.Discard, io.LimitReader(body, 1<<16))
	_ = body.Close()
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}
