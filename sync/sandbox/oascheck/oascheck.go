// Package oascheck holds requests and answers of tests against the published description of the CRM API (OpenAPI 3.0).
// Only tests import it; where the description is not on the machine it says so and lets everything pass.
package oascheck

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

const bundle = "specs/zoho-crm/zoho-crm-v8.bundle.openapi.json"

// leftOut are parts of the API that the description does not hold.
var leftOut = []string{"/settings/custom_views", "/settings/recycle_bin", "/actions/change_owner", "/actions/add_tags", "/actions/remove_tags"}

// Shared finds a file of the folder "shared" beside the project, or of the folder that ZOHOSYNC_SHARED names.
func Shared(name string) (string, bool) {
	if dir := os.Getenv("ZOHOSYNC_SHARED"); dir != "" {
		path := filepath.Join(dir, name)
		_, err := os.Stat(path)
		return path, err == nil
	}
	dir, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			path := filepath.Join(filepath.Dir(dir), "shared", name)
			_, err = os.Stat(path)
			return path, err == nil
		}
		if filepath.Dir(dir) == dir {
			break
		}
		dir = filepath.Dir(dir)
	}
	return "", false
}

// Checker compares exchanges with the description.
type Checker struct{ router routers.Router }

// New reads the description, once in a process; nil without an error when it is not there.
func New() (*Checker, error) { return once() }

var once = sync.OnceValues(read)

func read() (*Checker, error) {
	path, found := Shared(bundle)
	if !found {
		return nil, nil
	}
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	router, err := gorillamux.NewRouter(doc)
	return &Checker{router: router}, err
}

// must makes a checker for a test, or nil with a log line.
func must(t testing.TB) *Checker {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatalf("oascheck: %v", err)
	}
	if c == nil {
		t.Log("oascheck: the description of the CRM API is not here, nothing is checked against it")
	}
	return c
}

// Covers tells whether the description is about a request at all.
func Covers(r *http.Request) bool {
	if !strings.HasPrefix(r.URL.Path, "/crm/v8/") {
		return false
	}
	for _, part := range leftOut {
		if strings.Contains(r.URL.Path, part) {
			return false
		}
	}
	return true
}

// Exchange is one request with its answer.
type Exchange struct {
	Request     *http.Request
	RequestBody []byte
	Status      int
	Header      http.Header
	Body        []byte
}

// Check returns what is wrong with the request, and what is wrong with the answer.
func (c *Checker) Check(x Exchange) (request, response error) {
	r := x.Request.Clone(context.Background())
	r.Body = io.NopCloser(bytes.NewReader(x.RequestBody))
	if len(x.RequestBody) == 0 {
		r.Body, r.ContentLength = http.NoBody, 0
	} else if r.Header.Get("Content-Type") == "" {
		// Zoho takes JSON without a media type, and its own clients send none.
		r.Header.Set("Content-Type", "application/json")
	}
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		return err, nil
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true, AuthenticationFunc: zohoToken}
	// The values stay out of the message: they may be somebody's.
	options.WithCustomSchemaErrorFunc(func(e *openapi3.SchemaError) string {
		return "/" + strings.Join(e.JSONPointer(), "/") + ": does not fit " + e.SchemaField
	})
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: options}
	request = openapi3filter.ValidateRequest(context.Background(), in)
	switch {
	case (x.Status == http.StatusNoContent || x.Status == http.StatusNotModified) && len(x.Body) > 0:
		response = errors.New("a body under 204 or 304")
	case x.Status == http.StatusNotModified && x.Request.Header.Get("If-Modified-Since") == "":
		response = errors.New("304 without If-Modified-Since")
	default:
		response = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: in, Status: x.Status, Header: x.Header, Body: io.NopCloser(bytes.NewReader(x.Body)), Options: options,
		})
	}
	return request, response
}

func zohoToken(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	if !strings.HasPrefix(in.RequestValidationInput.Request.Header.Get("Authorization"), "Zoho-oauthtoken ") {
		return errors.New("no Zoho-oauthtoken")
	}
	return nil
}

// report fails the test for an exchange that does not fit. A request that was refused may be wrong: that is why it was.
func (c *Checker) report(t testing.TB, x Exchange) {
	t.Helper()
	request, response := c.Check(x)
	if request != nil && x.Status < 400 {
		t.Errorf("oascheck: %s %s was accepted, but the request is wrong: %v", x.Request.Method, x.Request.URL.Path, request)
	}
	if response != nil {
		t.Errorf("oascheck: %s %s: the answer %d is wrong: %v", x.Request.Method, x.Request.URL.Path, x.Status, response)
	}
}

// Handler checks every exchange that passes through a server, for tests of the sandbox.
func Handler(t testing.TB, next http.Handler) http.Handler {
	t.Helper()
	c := must(t)
	if c == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !Covers(r) {
			next.ServeHTTP(w, r)
			return
		}
		x := Exchange{Request: r, Header: http.Header{}}
		x.RequestBody, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(x.RequestBody))
		tee := &teeWriter{ResponseWriter: w}
		next.ServeHTTP(tee, r)
		if tee.cut {
			return
		}
		x.Status, x.Header, x.Body = tee.status, w.Header().Clone(), tee.body.Bytes()
		c.report(t, x)
	})
}

// teeWriter keeps a copy of an answer. It hands on the connection itself, which an injected fault may want to close.
type teeWriter struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
	cut    bool
}

func (w *teeWriter) WriteHeader(code int) {
	w.status = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *teeWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.body.Write(p)
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *teeWriter) Unwrap() http.ResponseWriter {
	w.cut = true
	return w.ResponseWriter
}

// Transport checks every exchange of a client, for tests of what talks to the sandbox. An answer that breaks off is not checked.
func Transport(t testing.TB, next http.RoundTripper) http.RoundTripper {
	t.Helper()
	c := must(t)
	if c == nil {
		return next
	}
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if !Covers(r) {
			return next.RoundTrip(r)
		}
		x := Exchange{Request: r}
		if r.Body != nil {
			var err error
			if x.RequestBody, err = io.ReadAll(r.Body); err != nil {
				return nil, err
			}
			r.Body.Close()
			r = r.Clone(r.Context())
			r.Body = io.NopCloser(bytes.NewReader(x.RequestBody))
		}
		resp, err := next.RoundTrip(r)
		if err != nil {
			return resp, err
		}
		body, broken := io.ReadAll(resp.Body)
		resp.Body.Close()
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{broken}))
		if broken == nil {
			x.Status, x.Header, x.Body = resp.StatusCode, resp.Header, body
			c.report(t, x)
		}
		return resp, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// failing repeats the error at which a body broke off.
type failing struct{ err error }

// Read implements io.Reader.
func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}
