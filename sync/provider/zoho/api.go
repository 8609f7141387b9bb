package zoho

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"zohosync/sync/provider"
)

const (
	apiPath = "/crm/v8"
	// A page of 200 records with every field at its longest stays well below this.
	maxAnswer = 64 << 20
	// timeLayout is how Zoho writes date-times; a numeric offset is always accepted, "Z" by most operations only.
	timeLayout = "2006-01-02T15:04:05-07:00"
)

// client sends requests to one organisation. Authorisation and pacing are the business of its http.Client.
type client struct {
	base *url.URL
	http *http.Client
}

// request is one call. since and unmodified are the ISO 8601 times of the two conditions that Zoho knows.
type request struct {
	method, path      string
	query             url.Values
	since, unmodified string
	body              any
	credits           int
}

func (r request) writes() bool { return r.method != http.MethodGet && r.path != "/coql" }

// answer is what came back; body is empty for "nothing there" (204) and "nothing modified" (304).
type answer struct {
	status int
	date   time.Time // the server's clock; zero when it did not tell
	body   []byte
}

// send sends one request and reads the whole answer. Errors are those of package provider, or a *refusal.
func (c *client) send(ctx context.Context, r request) (answer, error) {
	req, err := c.build(ctx, r)
	if err != nil {
		return answer{}, err
	}
	provider.MeterOf(ctx).Request(r.credits)
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{}, unanswered(ctx, r, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = errors.New("answer too long")
	}
	if err != nil {
		return answer{}, unanswered(ctx, r, err)
	}
	a := answer{status: resp.StatusCode, body: body}
	if t, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		a.date = t.UTC()
	}
	switch a.status {
	case http.StatusNoContent, http.StatusNotModified:
		a.body = nil
		return a, nil
	case http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusMultiStatus:
		return a, nil
	}
	return a, failure(a, r, resp.Header)
}

func (c *client) build(ctx context.Context, r request) (*http.Request, error) {
	u := c.base.JoinPath(apiPath, r.path)
	u.RawQuery = r.query.Encode()
	var body io.Reader
	if r.body != nil {
		b, err := json.Marshal(r.body)
		if err != nil {
			return nil, fmt.Errorf("zoho: write request: %w", err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), body)
	if err != nil {
		return nil, fmt.Errorf("zoho: make request: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.since != "" {
		req.Header.Set("If-Modified-Since", r.since)
	}
	if r.unmodified != "" {
		req.Header.Set("If-Unmodified-Since", r.unmodified)
	}
	return req, nil
}

// read sends a request that changes nothing and decodes its answer into out, which stays as it is when there is none.
func (c *client) read(ctx context.Context, r request, out any) (answer, error) {
	a, err := c.send(ctx, r)
	if err != nil || len(a.body) == 0 {
		return a, err
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		return a, &provider.RetryError{Err: errors.New("zoho: answer is not the JSON that was expected")}
	}
	return a, nil
}

// write sends records and returns one result for each of the n sent, in their order. It outlives ctx by provider.Grace. A *refusal says that nothing at
// all was done. Zoho's status is not to be trusted: only data[] tells what happened to each record.
func (c *client) write(ctx context.Context, r request, n int) ([]result, error) {
	sending, end := provider.Graceful(ctx)
	defer end()
	a, err := c.send(sending, r)
	var refused *refusal
	if err != nil && !errors.As(err, &refused) {
		return nil, err
	}
	var list struct{ Data []result }
	if json.Unmarshal(a.body, &list) == nil && len(list.Data) == n && (err == nil || refused.perRecord()) {
		return list.Data, nil
	}
	if err != nil {
		return nil, err
	}
	// Half an answer, or one for another number of records, leaves open which of them were written.
	return nil, &provider.RetryError{Sent: true, Err: errors.New("zoho: answer does not tell what happened to each record")}
}

// unanswered makes the error of a request that got no whole answer. The URL that net/http adds is left out.
func unanswered(ctx context.Context, r request, err error) error {
	var retry *provider.RetryError
	if errors.Is(err, provider.ErrAuth) || errors.As(err, &retry) {
		return err
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var op *net.OpError
	sent := r.writes() && !(errors.As(err, &op) && op.Op == "dial")
	if ctx.Err() != nil && !sent {
		return ctx.Err()
	}
	return &provider.RetryError{Sent: sent, Err: fmt.Errorf("zoho: no answer: %w", err)}
}

// retryAfter reads the Retry-After header, in seconds or as a date.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	at, err1 := http.ParseTime(v)
	now, err2 := http.ParseTime(h.Get("Date"))
	if err1 == nil && err2 == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
