package dav

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"zohosync/sync/provider"
)

const (
	maxObject    = 16 << 20 // bytes of one object, or of one response inside a multistatus
	maxRedirects = 5
)

// client sends requests of RFC 4918 and its extensions. It keeps no state and is safe for concurrent use.
type client struct {
	http   *http.Client
	target target
}

func newClient(c *http.Client, t target) *client {
	own := http.Client{}
	if c != nil {
		own = *c
	}
	// net/http turns a redirected PROPFIND into a GET and may carry credentials along: we follow by hand.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{http: &own, target: t}
}

// request is one request; its body can be sent again after a redirect.
type request struct {
	method string
	url    *url.URL
	header map[string]string
	body   []byte
}

// answer is what came back, read to its end.
type answer struct {
	status int
	header http.Header
	url    *url.URL // where it came from, after redirects
	body   []byte
}

// send sends r, and again wherever the server redirects to, and returns the answer of the last. Every error is one of
// the provider's.
func (c *client) send(ctx context.Context, r request) (*http.Response, error) {
	at := r.url
	for range maxRedirects {
		if err := c.target.trusts(at); err != nil {
			return nil, err
		}
		req, err := http.NewRequestWithContext(ctx, r.method, at.String(), bytes.NewReader(r.body))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.method, stripURL(err))
		}
		for name, value := range r.header {
			req.Header.Set(name, value)
		}
		provider.MeterOf(ctx).Request(0)
		resp, err := c.http.Do(req)
		if err != nil {
			return nil, transportError(ctx, at.Hostname(), err)
		}
		next, err := redirect(resp)
		if err != nil || next == nil {
			return resp, err
		}
		resp.Body.Close()
		at = next
	}
	return nil, &StatusError{Method: r.method, Status: http.StatusLoopDetected}
}

// redirect returns where an answer sends us, nil when it is a final one.
func redirect(resp *http.Response) (*url.URL, error) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	next, err := resp.Location()
	if err != nil {
		resp.Body.Close()
		return nil, &StatusError{Method: resp.Request.Method, Status: resp.StatusCode}
	}
	return next, nil
}

// do sends r and reads the answer to its end. An answer other than 2xx is a *StatusError. What only reads is sent once more
// when its answer breaks off, which by then is on another connection (RFC 9112 section 9.6); a write never is.
func (c *client) do(ctx context.Context, r request) (answer, error) {
	got, err := c.once(ctx, r)
	if reads(r.method) && brokeOff(ctx, err) {
		return c.once(ctx, r)
	}
	return got, err
}

func (c *client) once(ctx context.Context, r request) (answer, error) {
	resp, err := c.send(ctx, r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return answer{}, refusal(resp)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxObject+1))
	switch {
	case ctx.Err() != nil:
		return answer{}, ctx.Err()
	case err != nil:
		return answer{}, &provider.RetryError{Sent: !reads(r.method), Err: fmt.Errorf("%w: %w", errBrokeOff, err)}
	case len(body) > maxObject:
		return answer{}, errTooBig
	}
	return answer{resp.StatusCode, resp.Header, resp.Request.URL, body}, nil
}

// reads tells the methods that change nothing (RFC 9110 section 9.2.1, RFC 4918, RFC 3253).
func reads(method string) bool {
	switch method {
	case http.MethodGet, http.MethodOptions, "PROPFIND", "REPORT":
		return true
	}
	return false
}

// multistatus sends r and hands over each response as it arrives, so that an answer of any length takes little memory.
// It returns the sync token of the answer. An answer that does not end as XML must is an error, whatever came before. One
// that breaks off is asked for once more, and each then gets what it had already.
func (c *client) multistatus(ctx context.Context, r request, each func(response) error) (string, error) {
	token, err := c.streamed(ctx, r, each)
	if brokeOff(ctx, err) {
		return c.streamed(ctx, r, each)
	}
	return token, err
}

func (c *client) streamed(ctx context.Context, r request, each func(response) error) (string, error) {
	resp, err := c.send(ctx, r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return "", refusal(resp)
	}
	if resp.StatusCode != http.StatusMultiStatus {
		return "", errNotDAV
	}
	token, err := readMultistatus(resp.Body, resp.Request.URL, each)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	return token, err
}

// refusal reads what an answer other than 2xx says.
func refusal(resp *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	return &StatusError{
		Method:    resp.Request.Method,
		Status:    resp.StatusCode,
		Condition: condition(body),
		After:     retryAfter(resp.Header, time.Now()),
	}
}

// condition returns the name of the first element inside DAV:error (RFC 4918 section 16), "" when there is none.
// SabreDAV puts elements of its own beside it, which do not count.
func condition(body []byte) string {
	d := xml.NewDecoder(bytes.NewReader(body))
	depth := 0
	for {
		t, err := d.Token()
		if err != nil {
			return ""
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			if depth == 1 && (t.Name.Space != nsDAV || t.Name.Local != "error") {
				return ""
			}
			if depth == 2 && !strings.Contains(t.Name.Space, "sabre") {
				return t.Name.Local
			}
		case xml.EndElement:
			depth--
		}
	}
}
