package auth

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"zohosync/sync/provider"
)

// pace is a Pacer on a clock of its own that notes how long it slept.
type pace struct {
	*Pacer
	clock *clock
	slept []time.Duration
}

func newPace(next http.RoundTripper, parallel, floor int) *pace {
	p := &pace{clock: newClock()}
	p.Pacer = NewPacer(next, PacerOptions{
		Parallel: parallel, Floor: floor, Now: p.clock.Now, Jitter: func() float64 { return 0.5 },
		Sleep: func(_ context.Context, d time.Duration) error {
			p.slept = append(p.slept, d)
			p.clock.Add(d)
			return nil
		},
	})
	return p
}

// reply is a scripted answer; status 0 is a failed connection.
type reply struct {
	status int
	header string // "Name: value"
}

// script answers in turn, the last reply again and again, and notes the bodies that arrived.
type script struct {
	mu      sync.Mutex
	replies []reply
	bodies  []string
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body := ""
	if r.Body != nil {
		b, _ := io.ReadAll(r.Body)
		body = string(b)
		r.Body.Close()
	}
	s.bodies = append(s.bodies, body)
	next := s.replies[0]
	if len(s.replies) > 1 {
		s.replies = s.replies[1:]
	}
	if next.status == 0 {
		return nil, &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}
	}
	resp := &http.Response{StatusCode: next.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}")), Request: r}
	if name, value, ok := strings.Cut(next.header, ": "); ok {
		resp.Header.Set(name, value)
	}
	return resp, nil
}

func send(t *testing.T, rt http.RoundTripper, method, body string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://127.0.0.1/x", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := rt.RoundTrip(r)
	if resp != nil {
		resp.Body.Close()
	}
	return resp, err
}

func TestPacerRepeatsOnlyReads(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name    string
		methods string
		replies []reply
		sent    int
		status  int // 0 is an error
		slept   []time.Duration
	}{
		{"503 heals", "GET HEAD PROPFIND REPORT OPTIONS", []reply{{503, ""}, {502, ""}, {200, ""}}, 3, 200, []time.Duration{500 * ms, 1000 * ms}},
		{"503 stays", "GET REPORT", []reply{{503, ""}}, 4, 503, []time.Duration{500 * ms, 1000 * ms, 2000 * ms}},
		{"503 on a write", "POST PUT PATCH DELETE MKCALENDAR MKCOL PROPPATCH MOVE", []reply{{503, ""}, {200, ""}}, 1, 503, nil},
		{"connection lost", "GET PROPFIND", []reply{{0, ""}, {207, ""}}, 2, 207, []time.Duration{500 * ms}},
		{"connection stays lost", "GET", []reply{{0, ""}}, 4, 0, []time.Duration{500 * ms, 1000 * ms, 2000 * ms}},
		{"connection lost on a write", "PUT POST DELETE", []reply{{0, ""}, {200, ""}}, 1, 0, nil},
		{"429 with a short pause", "GET", []reply{{429, "Retry-After: 7"}, {200, ""}}, 2, 200, []time.Duration{7 * time.Second}},
		{"429 with a date", "GET", []reply{{429, "Retry-After: Sun, 22 Nov 2026 12:00:09 GMT"}, {200, ""}}, 2, 200, []time.Duration{9 * time.Second}},
		{"429 with a long pause", "GET", []reply{{429, "Retry-After: 61"}, {200, ""}}, 1, 429, nil},
		{"429 without a word", "GET", []reply{{429, ""}, {200, ""}}, 1, 429, nil},
		{"429 on a write", "POST", []reply{{429, "Retry-After: 1"}, {200, ""}}, 1, 429, nil},
		{"503 with a pause", "GET", []reply{{503, "Retry-After: 30"}, {200, ""}}, 2, 200, []time.Duration{30 * time.Second}},
		{"not built", "GET", []reply{{501, ""}, {200, ""}}, 1, 501, nil},
		{"disk full", "PROPFIND", []reply{{507, ""}, {200, ""}}, 1, 507, nil},
		{"500 heals", "GET PROPFIND", []reply{{500, ""}, {200, ""}}, 2, 200, []time.Duration{500 * ms}},
		{"500 of a report that the server cannot make", "REPORT", []reply{{500, ""}, {207, ""}}, 1, 500, nil},
		{"404", "GET", []reply{{404, ""}, {200, ""}}, 1, 404, nil},
	} {
		for _, method := range strings.Fields(c.methods) {
			t.Run(c.name+" "+method, func(t *testing.T) {
				s := &script{replies: c.replies}
				p := newPace(s, 1, 0)
				resp, err := send(t, p, method, "the body")
				if (err != nil) != (c.status == 0) || resp != nil && resp.StatusCode != c.status {
					t.Errorf("%v, %v, want %d", resp, err, c.status)
				}
				if len(s.bodies) != c.sent || len(p.slept) != len(c.slept) {
					t.Fatalf("sent %d times, slept %v", len(s.bodies), p.slept)
				}
				for i, d := range c.slept {
					if p.slept[i] != d {
						t.Errorf("slept %v, want %v", p.slept, c.slept)
					}
				}
				for _, b := range s.bodies {
					if b != "the body" {
						t.Errorf("a body arrived as %q", b)
					}
				}
			})
		}
	}
}

// A body that cannot be read twice is sent once.
func TestPacerUnrepeatableBody(t *testing.T) {
	s := &script{replies: []reply{{503, ""}, {200, ""}}}
	r, _ := http.NewRequest("REPORT", "http://127.0.0.1/", io.NopCloser(strings.NewReader("x")))
	resp, err := newPace(s, 1, 0).RoundTrip(r)
	if err != nil || resp.StatusCode != 503 || len(s.bodies) != 1 {
		t.Errorf("%v, %v, sent %d times", resp, err, len(s.bodies))
	}
}

func TestPacerKeepsALongPause(t *testing.T) {
	s := &script{replies: []reply{{429, "Retry-After: 600"}, {200, ""}}}
	p := newPace(s, 1, 0)
	if resp, err := send(t, p, "POST", ""); err != nil || resp.StatusCode != 429 {
		t.Fatalf("%v, %v: the answer is the caller's", resp, err)
	}
	p.clock.Add(4 * time.Minute)
	for _, method := range []string{"GET", "PUT"} {
		_, err := send(t, p, method, "")
		wantRetry(t, err, 6*time.Minute, false)
	}
	if len(s.bodies) != 1 {
		t.Error("something was sent during the pause")
	}
	p.clock.Add(6 * time.Minute)
	if _, err := send(t, p, "GET", ""); err != nil {
		t.Errorf("after the pause: %v", err)
	}
}

// C-47: API credits that other programs need are left alone; the sync goes on when there are more.
func TestPacerCreditFloor(t *testing.T) {
	s := &script{replies: []reply{{200, "X-API-CREDITS-REMAINING: 250"}, {200, "X-API-CREDITS-REMAINING: 249"}, {200, ""}}}
	p := newPace(s, 1, 250)
	for range 2 {
		if resp, err := send(t, p, "GET", ""); err != nil || resp.StatusCode != 200 {
			t.Fatalf("%v, %v: the answer itself is good", resp, err)
		}
	}
	_, err := send(t, p, "POST", "")
	wantRetry(t, err, time.Hour, false)
	if !errors.Is(err, ErrCredits) {
		t.Errorf("%v, want ErrCredits", err)
	}
	p.clock.Add(time.Hour)
	if _, err := send(t, p, "GET", ""); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestPacerParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int32
		goOn := make(chan struct{})
		p := NewPacer(roundTrip(func(*http.Request) (*http.Response, error) {
			sent.Add(1)
			<-goOn
			return &http.Response{StatusCode: 204, Body: http.NoBody}, nil
		}), PacerOptions{Parallel: 2})
		for range 5 {
			go func() {
				if _, err := send(t, p, "GET", ""); err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		if n := sent.Load(); n != 2 {
			t.Errorf("%d at once, want 2", n)
		}
		// Both slots are taken: a caller who gives up was never sent.
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		r, _ := http.NewRequestWithContext(ctx, "PUT", "http://127.0.0.1/", nil)
		_, err := p.RoundTrip(r)
		wantRetry(t, err, 0, false)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
		close(goOn)
		synctest.Wait()
		if n := sent.Load(); n != 5 {
			t.Errorf("%d in all, want 5", n)
		}
	})
}

// Sent tells the truth: nothing leaves without a connection, and on a connection something may have.
func TestPacerSaysWhetherItWasSent(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			panic(http.ErrAbortHandler) // carried out, and the answer is lost
		}))
		srv.EnableHTTP2 = http2
		srv.StartTLS()
		t.Cleanup(srv.Close)
		p := newPace(srv.Client().Transport, 1, 0)
		put := func(method string) error {
			r, _ := http.NewRequestWithContext(t.Context(), method, srv.URL, strings.NewReader("x"))
			_, err := p.RoundTrip(r)
			return err
		}
		wantRetry(t, put("PUT"), 0, true)
		wantRetry(t, put("GET"), 0, false)
		srv.Close()
		wantRetry(t, put("PUT"), 0, false)
	}
}

func TestPacerGivesUpOnHopelessFailures(t *testing.T) {
	for name, err := range map[string]error{
		"no such host": &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}},
		"certificate":  &CertificateError{Host: "h"},
		"cancelled":    context.Canceled,
	} {
		n := 0
		p := newPace(roundTrip(func(*http.Request) (*http.Response, error) { n++; return nil, err }), 1, 0)
		if _, got := send(t, p, "GET", ""); !errors.Is(got, err) || n != 1 {
			t.Errorf("%s: %v after %d tries", name, got, n)
		}
	}
}

func TestPacerStopsSleepingWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := NewPacer(roundTrip(func(*http.Request) (*http.Response, error) {
		cancel()
		return &http.Response{StatusCode: 503, Header: http.Header{"Retry-After": {"60"}}, Body: http.NoBody}, nil
	}), PacerOptions{}) // real time: a minute would fail the test
	r, _ := http.NewRequestWithContext(ctx, "GET", "http://127.0.0.1/", nil)
	if _, err := p.RoundTrip(r); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

func TestPacerCountsRepeats(t *testing.T) {
	var m provider.Meter
	r, _ := http.NewRequestWithContext(provider.WithMeter(t.Context(), &m), "GET", "http://127.0.0.1/", nil)
	if _, err := newPace(&script{replies: []reply{{503, ""}, {503, ""}, {200, ""}}}, 1, 0).RoundTrip(r); err != nil {
		t.Fatal(err)
	}
	if m.Requests() != 2 {
		t.Errorf("%d repeats counted, want 2", m.Requests())
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "5": 5 * time.Second, "-5": 0, "soon": 0, "9999999": 7 * 24 * time.Hour,
		"Sun, 22 Nov 2026 12:01:00 GMT": time.Minute, "Sun, 22 Nov 2026 11:00:00 GMT": 0,
		"Sun, 22 Nov 2036 11:00:00 GMT": 7 * 24 * time.Hour,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
