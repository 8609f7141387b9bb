package zoho

import (
	"bytes"
	"context"
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

	"zohosync/sync/sandbox/oascheck"
)

// checking is a transport that lets no request pass that the published description of the API forbids.
type checking struct {
	t       testing.TB
	spec    routers.Router // nil: nothing is checked
	answers *sync.Map      // not nil: the answers too, but metadata, which are large and always the same, once per map
	token   string
}

func (c *checking) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.token != "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Zoho-oauthtoken "+c.token)
	}
	// Whatever is written, no rule goes with it: it would make as many records as it has days.
	if body := bodyOf(r); bytes.Contains(body, []byte("Recurring_Activity")) {
		c.t.Errorf("%s %s sends a rule", r.Method, r.URL.Path)
	}
	if c.spec == nil || !oascheck.Covers(r) {
		return http.DefaultTransport.RoundTrip(r)
	}
	in, err := c.request(r)
	if err != nil {
		c.t.Errorf("%s %s is against the description of the API: %v", r.Method, r.URL.Path, err)
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || in == nil || c.answers == nil {
		return resp, err
	}
	if strings.Contains(r.URL.Path, "/settings/") {
		if _, known := c.answers.LoadOrStore(r.URL.String(), true); known {
			return resp, nil
		}
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{err}))
	if err == nil {
		out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header, Options: in.Options}
		if err := openapi3filter.ValidateResponse(context.Background(), out.SetBodyBytes(body)); err != nil {
			c.t.Errorf("the answer %d to %s %s is against the description of the API: %v", resp.StatusCode, r.Method, r.URL.Path, err)
		}
	}
	return resp, nil
}

// bodyOf reads the body of a request, and leaves it to be sent.
func bodyOf(r *http.Request) []byte {
	if r.Body == nil {
		return nil
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// request checks a request, and leaves its body to be sent.
func (c *checking) request(r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	body := bodyOf(r)
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := c.spec.FindRoute(copied)
	if err != nil {
		return nil, err
	}
	opts := &openapi3filter.Options{MultiError: true, IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	opts.WithCustomSchemaErrorFunc(func(e *openapi3.SchemaError) string {
		return "/" + strings.Join(e.JSONPointer(), "/") + ": " + e.Reason
	})
	in := &openapi3filter.RequestValidationInput{Request: copied, PathParams: params, Route: route, Options: opts}
	return in, openapi3filter.ValidateRequest(context.Background(), in)
}

// failing ends a body with the error that it really ended with.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

var loadSpec = sync.OnceValues(func() (routers.Router, error) {
	file := filepath.Join(shared(), "specs", "zoho-crm", "zoho-crm-v8.bundle.openapi.json")
	if _, err := os.Stat(file); err != nil {
		return nil, nil
	}
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(doc)
})

// specOf returns the published description, nil where this machine has no copy of it.
func specOf(t testing.TB) routers.Router {
	t.Helper()
	spec, err := loadSpec()
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// shared is the folder of reference data beside the project, which is no part of it.
func shared() string {
	if dir := os.Getenv("ZOHOSYNC_SHARED"); dir != "" {
		return dir
	}
	dir, _ := os.Getwd()
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(dir), "shared")
		}
		dir = filepath.Dir(dir)
	}
	return "shared"
}

// TestDescriptionIsThere says whether the requests of the other tests were checked.
func TestDescriptionIsThere(t *testing.T) {
	if specOf(t) == nil {
		t.Skip("no copy of the API's description: requests are not checked against it")
	}
}
