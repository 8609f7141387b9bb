package auth

import (
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func tlsServer(t *testing.T) *httptest.Server {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "fine") }))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are the point
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv
}

func get(t *testing.T, rt http.RoundTripper, u string) (string, error) {
	t.Helper()
	_, body, err := call(t, &http.Client{Transport: rt}, "GET", u, "")
	return body, err
}

// C-44: an unknown certificate is refused with its cause and its fingerprint, which then is all that trust needs.
func TestTrustOneCertificate(t *testing.T) {
	srv := tlsServer(t)
	_, err := get(t, NewPacer(Transport(nil), PacerOptions{}), srv.URL)
	var cause x509.UnknownAuthorityError
	if !errors.As(err, &cause) {
		t.Fatalf("%v: the cause is out of reach", err)
	}
	print, ok := Fingerprint(err)
	if !ok || print != fingerprint(srv.Certificate()) {
		t.Fatalf("fingerprint %q", print)
	}
	host := strings.TrimPrefix(srv.URL, "https://")
	for _, trust := range []Trust{{host: print}, {"127.0.0.1": strings.ToUpper(print[:2]) + ":" + print[2:]}} {
		if body, err := get(t, Transport(trust), srv.URL); err != nil || body != "fine" {
			t.Errorf("trusted: %q, %v", body, err)
		}
	}
}

// C-44: trust is for one certificate of one host, and no other.
func TestTrustNothingElse(t *testing.T) {
	srv := tlsServer(t)
	right := fingerprint(srv.Certificate())
	wrong := strings.Repeat("0", 64)
	_, err := get(t, Transport(Trust{"127.0.0.1": wrong}), srv.URL)
	var other *CertificateError
	if !errors.As(err, &other) || other.Host != "127.0.0.1" {
		t.Errorf("%v, want a CertificateError", err)
	}
	if print, ok := Fingerprint(err); !ok || print != right {
		t.Errorf("fingerprint %q", print)
	}
	_, err = get(t, Transport(Trust{"dav.example.com": right, "127.0.0.1:1": right}), srv.URL)
	var cause x509.UnknownAuthorityError
	if !errors.As(err, &cause) {
		t.Errorf("%v: the trust in one host reached another", err)
	}
	if _, ok := Fingerprint(errors.New("x")); ok {
		t.Error("a fingerprint from nowhere")
	}
}

func TestNoProxyForThisComputer(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		t.Setenv(name, "http://proxy.example.com:3128")
	}
	for _, u := range []string{"http://127.0.0.1:1/", "http://localhost/", "https://[::1]:2/", "http://127.8.8.8/"} {
		target, _ := url.Parse(u)
		if p, err := newTransport(UsualLimits()).Proxy(&http.Request{URL: target}); p != nil || err != nil {
			t.Errorf("%s: proxy %v, %v", u, p, err)
		}
	}
}

// A server that falls silent in the middle of a body does not hold a sync for ever.
func TestStalledBody(t *testing.T) {
	goOn := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		<-goOn
	}))
	defer srv.Close()
	defer close(goOn)
	rt := Transport(nil).(*transport)
	rt.stall = 50 * time.Millisecond
	body, err := get(t, rt, srv.URL)
	if !errors.Is(err, errStalled) || body != "half" {
		t.Errorf("%q, %v, want errStalled", body, err)
	}
}
