package dav

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider"
)

func clientFor(t testing.TB, url string, c *http.Client) *client {
	t.Helper()
	tgt, err := parseTarget(url)
	if err != nil {
		t.Fatal(err)
	}
	return newClient(c, tgt)
}

// A redirect keeps the method and the body: net/http would turn a PROPFIND into a GET.
func TestRedirectKeepsMethodAndBody(t *testing.T) {
	for _, code := range []int{301, 302, 307, 308} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/there" {
				http.Redirect(w, r, "/there", code)
				return
			}
			b, _ := io.ReadAll(r.Body)
			io.WriteString(w, r.Method+r.Header.Get("Depth")+string(b))
		}))
		defer s.Close()
		var m provider.Meter
		got, err := clientFor(t, s.URL, s.Client()).do(provider.WithMeter(t.Context(), &m),
			request{method: "PROPFIND", url: mustParse(t, s.URL+"/here"), header: map[string]string{"Depth": "1"}, body: []byte("body")})
		if err != nil || string(got.body) != "PROPFIND1body" || got.url.Path != "/there" || m.Requests() != 2 {
			t.Errorf("%d: %q from %v after %d requests, %v", code, got.body, got.url, m.Requests(), err)
		}
	}
}

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	foreign := 0
	handler := func(location string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if location != "" {
				w.Header().Set("Location", location)
			}
			w.WriteHeader(http.StatusFound)
		}
	}
	for name, c := range map[string]struct {
		location string
		check    func(error) bool
	}{
		"to another host": {"https://evil.example/", func(err error) bool { var h *HostError; return errors.As(err, &h) }},
		"in a circle":     {"/", func(err error) bool { return status(err) == http.StatusLoopDetected }},
		"to nowhere":      {"", func(err error) bool { return status(err) == http.StatusFound }},
	} {
		s := httptest.NewServer(handler(c.location))
		transport := basic{user: "a", password: "b", seen: func(r *http.Request) {
			if r.URL.Hostname() == "evil.example" {
				foreign++
			}
		}}
		_, err := clientFor(t, s.URL, &http.Client{Transport: transport}).do(t.Context(), request{method: "PUT", url: mustParse(t, s.URL+"/")})
		if !c.check(err) {
			t.Errorf("%s: %v", name, err)
		}
		s.Close()
	}
	if foreign > 0 {
		t.Error("the password went to another host")
	}
}

func TestStatusErrorTellsAll(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `<error xmlns="DAV:"><valid-sync-token/></error>`)
	}))
	defer s.Close()
	_, err := clientFor(t, s.URL, nil).multistatus(t.Context(), propfind(mustParse(t, s.URL+"/secret-name/"), "0", ""), nil)
	var e *StatusError
	if !errors.As(err, &e) || e.Status != 403 || e.Condition != "valid-sync-token" || e.After != 2*time.Minute || e.Method != "PROPFIND" {
		t.Errorf("got %+v", err)
	}
	if strings.Contains(err.Error(), "secret-name") {
		t.Error("the error spells out the address")
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for v, want := range map[string]time.Duration{
		"90": 90 * time.Second, "": 0, "-5": 0, "soon": 0,
		"Fri, 02 Jan 2026 03:05:05 GMT": time.Minute, "Fri, 02 Jan 2026 03:00:00 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {v}}, now); got != want {
			t.Errorf("%q: %v, want %v", v, got, want)
		}
	}
}

func TestGeneralRefusals(t *testing.T) {
	for code, want := range map[int]string{401: "auth", 407: "auth", 429: "retry", 503: "retry", 502: "unsure", 504: "unsure", 403: "", 404: "", 500: "", 507: ""} {
		err := general(&StatusError{Status: code, After: time.Minute})
		var retry *provider.RetryError
		got := ""
		switch {
		case errors.Is(err, provider.ErrAuth):
			got = "auth"
		case errors.As(err, &retry) && retry.After == time.Minute && retry.Sent:
			got = "unsure"
		case errors.As(err, &retry) && retry.After == time.Minute:
			got = "retry"
		}
		if got != want {
			t.Errorf("%d: %v", code, err)
		}
	}
}

func TestUnreachableHostWasSentNothing(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	_, err = clientFor(t, addr, nil).do(t.Context(), request{method: "PUT", url: mustParse(t, "http://"+addr+"/secret-name")})
	var retry *provider.RetryError
	if !errors.As(err, &retry) || retry.Sent || strings.Contains(err.Error(), "secret-name") {
		t.Errorf("got %v, want a RetryError that was not sent, without the address", err)
	}
}

func TestLostAnswerMayHaveBeenSent(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }))
	defer s.Close()
	_, err := clientFor(t, s.URL, nil).do(t.Context(), request{method: "PUT", url: mustParse(t, s.URL+"/")})
	var retry *provider.RetryError
	if !errors.As(err, &retry) || !retry.Sent {
		t.Errorf("got %v, want a RetryError that may have been sent", err)
	}
}

func TestCertificateErrorTellsItsCause(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	_, err := clientFor(t, s.URL, &http.Client{}).do(t.Context(), request{method: "GET", url: mustParse(t, s.URL+"/secret-name")})
	var cert *CertificateError
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &cert) || cert.Host != "127.0.0.1" || !errors.As(err, &unknown) || strings.Contains(err.Error(), "secret-name") {
		t.Errorf("got %v, want a CertificateError that leads to x509", err)
	}
}

// What the authorised client itself says goes through: a pacer that refuses, a sign-in that ended.
type saying struct{ err error }

func (s saying) RoundTrip(*http.Request) (*http.Response, error) { return nil, s.err }

func TestErrorsOfTheTransportGoThrough(t *testing.T) {
	pace := &provider.RetryError{After: time.Hour, Err: errors.New("floor")}
	for _, want := range []error{provider.ErrAuth, pace} {
		_, err := clientFor(t, "https://example.com", &http.Client{Transport: saying{want}}).do(t.Context(),
			request{method: "GET", url: mustParse(t, "https://example.com/")})
		if !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	// A certificate that does not fit stays one, even if the transport would try again.
	wrapped := &provider.RetryError{Err: x509.UnknownAuthorityError{}}
	_, err := clientFor(t, "https://example.com", &http.Client{Transport: saying{wrapped}}).do(t.Context(),
		request{method: "GET", url: mustParse(t, "https://example.com/")})
	var certificate *CertificateError
	if !errors.As(err, &certificate) {
		t.Errorf("got %v, want a CertificateError", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wrapped = &provider.RetryError{Err: context.Canceled}
	_, err = clientFor(t, "https://example.com", &http.Client{Transport: saying{wrapped}}).do(ctx,
		request{method: "GET", url: mustParse(t, "https://example.com/")})
	var retry *provider.RetryError
	if !errors.Is(err, context.Canceled) || errors.As(err, &retry) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestBodiesHaveALimit(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range maxObject/(64<<10) + 1 {
			w.Write(make([]byte, 64<<10))
		}
	}))
	defer s.Close()
	if _, err := clientFor(t, s.URL, nil).do(t.Context(), request{method: "GET", url: mustParse(t, s.URL)}); !errors.Is(err, errTooBig) {
		t.Errorf("got %v", err)
	}
}
